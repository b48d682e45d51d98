package contract

// Rechain makes the chain of events whole again, as who alters a record can.
func Rechain(r *Record) {
	events := r.Events
	r.Events, r.ChainHead = nil, r.origin()
	for _, e := range events {
		e.Sequence, e.Previous = len(r.Events), r.ChainHead
		e.Hash, _ = e.sum() // of a value that was read
		r.Events, r.ChainHead = append(r.Events, e), e.Hash
	}
}

// Attributes splits a name.
func Attributes(subject string) []string { return attributes(subject) }
