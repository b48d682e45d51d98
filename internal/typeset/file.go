package typeset

import (
	"bytes"
	"crypto/md5" //nolint:gosec // what the format asks for, not for security
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf16"

	"github.com/inkan-go/inkan/internal/pdf"
)

// File is a file that goes with the document (ISO 32000-2, 7.11.4 and 14.13).
type File struct {
	Name        string // without folders
	Description string
	Type        string // the MIME type, as "application/json"
	// Relationship is what the file is to the document: Source, Data, Alternative,
	// Supplement or Unspecified, which is the default.
	Relationship string
	Modified     time.Time
	Data         []byte
}

// Attach puts a file into the document. Data is kept and must not change before
// Write.
func (d *Document) Attach(f *File) {
	known := f.Relationship == ""
	for _, r := range []string{"Source", "Data", "Alternative", "Supplement", "Unspecified"} {
		known = known || f.Relationship == r
	}
	switch {
	case f.Name == "":
		d.fail(errors.New("an attached file without a name"))
	case d.o.Part < 3:
		d.fail(fmt.Errorf("PDF/A-%d does not allow the attached file %q", d.o.Part, f.Name))
	case !known:
		d.fail(fmt.Errorf("the file %q is %q to the document, which PDF does not know", f.Name, f.Relationship))
	}
	for _, other := range d.files {
		if other.Name == f.Name {
			d.fail(fmt.Errorf("two attached files with the name %q", f.Name))
		}
	}
	d.files = append(d.files, f)
}

// write writes the file and returns the reference to its specification.
func (f *File) write(o *pdf.Adder) string {
	kind, relationship := f.Type, f.Relationship
	setDefault(&kind, "application/octet-stream")
	setDefault(&relationship, "Unspecified")
	sum := md5.Sum(f.Data) //nolint:gosec // see above
	b := pdf.AppendName([]byte("<</Type/EmbeddedFile/Subtype"), pdf.Name(kind))
	b = fmt.Appendf(b, "/Params<</Size %d/CheckSum", len(f.Data))
	b = pdf.AppendHex(b, sum[:])
	if !f.Modified.IsZero() {
		b = fmt.Appendf(b, "/ModDate(%s)", pdf.FormatDate(f.Modified))
	}
	stream := o.AddStream(append(b, ">>>>"...), f.Data)
	name := pdf.EncodeText(f.Name)
	b = fmt.Appendf(nil, "<</Type/Filespec/F%s/UF%s/AFRelationship/%s/EF<</F %s/UF %s>>", name, name, relationship, stream, stream)
	if f.Description != "" {
		b = append(append(b, "/Desc"...), pdf.EncodeText(f.Description)...)
	}
	return o.Add(append(b, ">>"...))
}

// writeFiles writes all files and returns the entries of the catalog for them.
func (d *Document) writeFiles() []byte {
	if len(d.files) == 0 {
		return nil
	}
	sorted := slices.Clone(d.files)
	slices.SortFunc(sorted, func(a, b *File) int {
		return bytes.Compare(key(a.Name), key(b.Name))
	})
	names, related := []byte("/Names<</EmbeddedFiles<</Names["), []byte("/AF[")
	for _, f := range sorted {
		reference := f.write(&d.objects)
		names = append(append(pdf.AppendHex(names, key(f.Name)), reference...), ' ')
		related = append(append(related, reference...), ' ')
	}
	return append(append(append(names, "]>>>>"...), related...), ']')
}

// key is how a name is sorted in the tree of names.
func key(name string) []byte {
	b := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(name)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return b
}
