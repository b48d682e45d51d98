package contract

// Limits of what is read and kept. Going over one is an error that wraps ErrLimit.
const (
	maxStateBytes   = 64 << 20 // of a state, a record, a disclosure or a bundle, as JSON
	maxDocuments    = 1000     // of one contract
	maxRevisions    = 10_000   // of one document
	maxParticipants = 1000     // of one contract
	maxIdentified   = 10_000   // identifications in one contract
	maxEvents       = 100_000  // of one contract
	maxConsents     = 10_000   // of one contract
	maxSignatures   = 100_000  // of one contract
	maxTextBytes    = 64 << 10 // of one text in a record

	// maxHeld is how many bytes of a document are held in memory while a step works on it. Longer
	// ones are read where they are. It is no error to be over it.
	maxHeld = 16 << 20
)
