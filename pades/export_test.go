package pades

import (
	"encoding/asn1"

	"github.com/inkan-go/inkan/cms"
)

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

// MaxAttributes is the limit of that name.
const MaxAttributes = maxAttributes

// Padded returns p with so many further signed attributes, as a hostile state may have them.
func Padded(p *Prepared, attributes int) *Prepared {
	c := p.copy()
	c.attributes = nil
	for i := range attributes {
		c.attributes = append(c.attributes, cms.Attribute{Type: asn1.ObjectIdentifier{1, 2, i}, Values: [][]byte{{5, 0}}})
	}
	return c
}
