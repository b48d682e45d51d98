package renew

import "fmt"

// Outcome is what became of one file. The zero value is the worst.
type Outcome int

// The outcomes.
const (
	// Failed: the file could not be read, or not be renewed; it is what it was.
	Failed Outcome = iota
	// Busy: another process is working on the file.
	Busy
	// Unprovable: nothing in the file passes, so there is nothing to be kept.
	Unprovable
	// Unsigned: the file has no signature and no document time stamp.
	Unsigned
	// Futile: the file is due, but time stamps of the authority prove nothing for longer
	// than the file is provable already.
	Futile
	// Due: the file would be renewed, but for Options.DryRun.
	Due
	// Kept: the file is not due.
	Kept
	// Raised: the file was raised to B-LTA.
	Raised
	// Renewed: the file, which had a document time stamp, got a new one.
	Renewed
)

var outcomeNames = [...]string{"failed", "busy", "unprovable", "unsigned", "futile", "due", "kept", "raised", "renewed"}

// String returns the word of the JSON form.
func (o Outcome) String() string {
	if o < 0 || int(o) >= len(outcomeNames) {
		return outcomeNames[Failed]
	}
	return outcomeNames[o]
}

// MarshalText writes the word of the JSON form.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads the word of the JSON form.
func (o *Outcome) UnmarshalText(b []byte) error {
	for i, name := range outcomeNames {
		if name == string(b) {
			*o = Outcome(i)
			return nil
		}
	}
	return fmt.Errorf("renew: %q is no outcome", b)
}
