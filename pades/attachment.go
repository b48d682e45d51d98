package pades

import (
	"bytes"
	"crypto/md5" //nolint:gosec // what the standard has as a checksum; it protects nothing
	"strings"
	"time"

	"github.com/inkan-go/inkan/internal/attached"
	"github.com/inkan-go/inkan/internal/pdf"
)

// Attachment is a file within the document (ISO 32000-2, 7.11.4), which whoever
// signs later signs as well. It is associated with the document (14.13).
type Attachment struct {
	// Name is the name of the file, without folders. No two files that are attached to
	// a document have the same.
	Name string
	Data []byte
	// MIMEType is for example "application/json"; without one it is
	// "application/octet-stream".
	MIMEType string
	// Description is shown by readers.
	Description string
	// Relationship is what the file is to the document.
	Relationship Relationship
	// Created and Modified are noted where they are not zero; without Modified it is
	// the time of attaching.
	Created, Modified time.Time
}

// Relationship is what an attached file is to the document (ISO 32000-2, table 43).
type Relationship int

// The relationships. The zero value says nothing.
const (
	RelationUnspecified Relationship = iota
	RelationSource                   // the document was made from it
	RelationData                     // data that the document shows
	RelationAlternative              // the same content in another form
	RelationSupplement               // more than the document has
	RelationFormData                 // values of the form of the document
	RelationSchema                   // a schema of another attached file
)

// String returns the name that the file has for it.
func (r Relationship) String() string {
	if r < RelationUnspecified || r > RelationSchema {
		r = RelationUnspecified
	}
	return [...]string{"Unspecified", "Source", "Data", "Alternative", "Supplement", "FormData", "Schema"}[r]
}

// relationshipOf returns the relationship of that name.
func relationshipOf(name string) Relationship {
	for r := RelationSource; r <= RelationSchema; r++ {
		if r.String() == name {
			return r
		}
	}
	return RelationUnspecified
}

// Attachments returns the files that are embedded in the document, in the order of
// their names, whoever attached them. Those whose content cannot be read are an
// error.
func (d *Document) Attachments() ([]Attachment, error) {
	f, err := d.current()
	if err != nil {
		return nil, err
	}
	files, err := attached.List(f.Latest())
	if err != nil {
		return nil, failf(ErrNotPDF, "the attached files cannot be read: %w", err)
	}
	var list []Attachment
	for _, f := range files {
		data, err := f.Data()
		if err != nil {
			return nil, failf(ErrNotPDF, "%w", err)
		}
		list = append(list, Attachment{
			Name: f.Name, Data: data, MIMEType: f.MIMEType, Description: f.Description,
			Relationship: relationshipOf(f.Relationship), Created: f.Created, Modified: f.Modified,
		})
	}
	return list, nil
}

// embeddedFiles is where attachments go.
type embeddedFiles struct {
	names      *pdf.Dict // of the catalog; nil for none
	holder     *pdf.Indirect
	tree       *attached.Tree
	associated *pdf.Array // nil for none
	associator *pdf.Indirect
}

// readFiles reads the list of embedded files, and refuses what cannot be added.
func (u *amendment) readFiles(a *Amendment) (*embeddedFiles, error) {
	part := u.pdfa
	if a.Metadata != nil && a.Metadata.PDFAPart != 0 {
		part = a.Metadata.PDFAPart
	}
	for i := range a.Attachments {
		if err := a.Attachments[i].check(part); err != nil {
			return nil, err
		}
	}
	catalog := u.form.Catalog
	f := &embeddedFiles{}
	var err error
	if f.names, f.holder, err = followDict(u.view, catalog.Dict().Get("Names"), catalog); err != nil {
		return nil, failf(ErrNotPDF, "the names of the document cannot be read: %w", err)
	}
	if f.tree, err = attached.ReadTree(u.view, f.names.Get("EmbeddedFiles")); err != nil {
		return nil, failf(ErrNotPDF, "the names of embedded files cannot be read: %w", err)
	}
	if f.associated, f.associator, err = u.array(catalog.Dict().Get("AF"), catalog); err != nil {
		return nil, failf(ErrNotPDF, "the associated files cannot be read: %w", err)
	}
	taken := make(map[string]bool)
	for name := range f.tree.All() {
		taken[name] = true
	}
	for _, a := range a.Attachments {
		if taken[a.Name] {
			return nil, failf(ErrOptions, "a file with the name %q is attached already", a.Name)
		}
		taken[a.Name] = true
	}
	return f, nil
}

// check refuses an attachment that cannot be, or that the part of ISO 19005 forbids
// which the document claims to follow.
func (a *Attachment) check(pdfa int) error {
	switch {
	case a.Name == "" || strings.ContainsAny(a.Name, "/\\\x00") || a.Name == "." || a.Name == "..":
		return failf(ErrOptions, "%q is no name for an attached file: it must not be empty or hold a folder", a.Name)
	case a.Relationship < RelationUnspecified || a.Relationship > RelationSchema:
		return failf(ErrOptions, "there is no relationship %d", a.Relationship)
	case a.MIMEType != "" && !isMIMEType(a.MIMEType):
		return failf(ErrOptions, "%q is no MIME type, as application/json is", a.MIMEType)
	case pdfa == 1:
		return failf(ErrNotPermitted, "the document follows PDF/A-1, which knows no attached files (ISO 19005-1, 6.1.11)")
	case pdfa == 2 || pdfa == 4:
		if !claimsArchival(a.Data) {
			return failf(ErrNotPermitted, "the document follows PDF/A-%d, in which attached files are PDF/A themselves, and %q is not; Metadata.PDFAPart can raise part 2 to 3", pdfa, a.Name)
		}
	}
	return nil
}

// isMIMEType tells whether a text has the form of RFC 2046 without parameters.
func isMIMEType(text string) bool {
	kind, subtype, ok := strings.Cut(text, "/")
	token := func(s string) bool {
		return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
			return r <= ' ' || r >= 0x7f || strings.ContainsRune(`()<>@,;:\"/[]?=`, r)
		})
	}
	return ok && token(kind) && token(subtype)
}

// claimsArchival tells whether data are a PDF that claims PDF/A-1, 2 or 4.
func claimsArchival(data []byte) bool {
	f, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		return false
	}
	catalog, err := f.Latest().Catalog()
	if err != nil {
		return false
	}
	part := claimedPDFA(f.Latest(), catalog)
	return part == 1 || part == 2 || part == 4
}

// putFiles writes the files and what leads to them.
func (u *amendment) putFiles(attachments []Attachment) error {
	objects := &pdf.Adder{To: u.update}
	var references [][]byte
	for i := range attachments {
		a := &attachments[i]
		ref := u.update.New()
		u.update.Put(ref, a.specification(objects.AddStream(a.stream(u.now), a.Data)))
		references = append(references, pdf.AppendReference(nil, ref))
		u.files.tree.Insert(a.Name, ref)
	}
	if err := u.putNames(); err != nil {
		return err
	}
	switch f := u.files; {
	case f.associated == nil:
		return u.setInCatalog("AF", newArray(references...))
	case f.associator == u.form.Catalog:
		u.setCatalog("AF", pdf.AppendItems(f.associator.Raw, f.associated, references...))
	default:
		u.update.Replace(f.associator, pdf.AppendItems(f.associator.Raw, f.associated, references...))
	}
	return nil
}

// putNames writes the tree of names and what leads to it.
func (u *amendment) putNames() error {
	f := u.files
	value := f.tree.Put(u.update)
	switch {
	case value == nil: // the root is an object of its own, which is written
		return nil
	case f.names == nil:
		ref := u.update.New()
		u.update.Put(ref, append(append([]byte("<</EmbeddedFiles "), value...), ">>"...))
		return u.setInCatalog("Names", pdf.AppendReference(nil, ref))
	}
	sealed, err := u.update.Within(f.holder, value)
	if err != nil {
		return failf(ErrOptions, "%w", err)
	}
	edited := pdf.EditDict(f.holder.Raw, f.names).Set("EmbeddedFiles", sealed).Bytes()
	if f.holder == u.form.Catalog {
		u.setCatalog("Names", edited)
	} else {
		u.update.Replace(f.holder, edited)
	}
	return nil
}

// stream is the dictionary of the embedded file (ISO 32000-2, tables 44 and 45).
func (a *Attachment) stream(now time.Time) []byte {
	kind := a.MIMEType
	if kind == "" {
		kind = "application/octet-stream"
	}
	b := pdf.AppendName([]byte("<</Type/EmbeddedFile/Subtype"), pdf.Name(kind))
	b = appendInt(append(b, "/Params<</Size "...), int64(len(a.Data)))
	if !a.Created.IsZero() {
		b = append(append(append(b, "/CreationDate("...), pdf.FormatDate(a.Created)...), ')')
	}
	modified := a.Modified
	if modified.IsZero() {
		modified = now.UTC()
	}
	b = append(append(append(b, "/ModDate("...), pdf.FormatDate(modified)...), ')')
	sum := md5.Sum(a.Data) //nolint:gosec // see above
	return append(pdf.AppendHex(append(b, "/CheckSum"...), sum[:]), ">>>>"...)
}

// specification is the file specification (ISO 32000-2, table 43).
func (a *Attachment) specification(stream string) []byte {
	name := pdf.EncodeText(a.Name)
	b := append(append([]byte("<</Type/Filespec/F"), name...), "/UF"...)
	b = append(append(b, name...), "/EF<</F "...)
	b = append(append(append(append(b, stream...), "/UF "...), stream...), ">>/AFRelationship/"...)
	b = append(b, a.Relationship.String()...)
	if a.Description != "" {
		b = append(append(b, "/Desc"...), pdf.EncodeText(a.Description)...)
	}
	return append(b, ">>"...)
}
