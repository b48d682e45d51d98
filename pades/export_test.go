package pades

// What tests put in the place of the file system.
type (
	Storage    = storage
	StoredFile = storedFile
	Disk       = disk
)

// SetStorage makes the document write to s.
func (d *Document) SetStorage(s Storage) { d.storage = s }

// The ending of a record's name, and the limit of its length.
const (
	RecordSuffix = recordSuffix
	MaxRecord    = maxRecord
)

// MaxWidgets is the limit of that name.
const MaxWidgets = maxWidgets

// MaxWorkers is the limit of that name.
const MaxWorkers = maxWorkers
