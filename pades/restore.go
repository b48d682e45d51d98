package pades

import (
	"github.com/inkan-go/inkan/internal/digest"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// mark is the state of a document before a call that adds several updates.
type mark struct {
	tail     []byte
	parsed   *pdf.File
	fields   *sigdict.Form
	previous *pdf.File
	states   []*digest.Running
	original fingerprint
}

// mark notes the state of the document.
func (d *Document) mark() mark {
	m := mark{tail: d.tail[:len(d.tail):len(d.tail)], parsed: d.parsed, fields: d.fields, previous: d.previous, original: d.original}
	for _, s := range d.states {
		if c, err := s.Clone(); err == nil { // else it is made anew when it is needed
			m.states = append(m.states, c)
		}
	}
	return m
}

// restore undoes what happened since the mark.
func (d *Document) restore(m mark) {
	d.tail, d.states, d.original = m.tail, m.states, m.original
	d.parsed, d.fields, d.previous = m.parsed, m.fields, m.previous
}
