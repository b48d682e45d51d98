package pades

import (
	"regexp"
	"time"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/xmp"
)

// Metadata is what a document says about itself. What is empty stays as it is. It is
// written to the document information (ISO 32000-2, 14.3.3), if there is any, and to
// the XMP metadata (14.3.2), so that both say the same.
type Metadata struct {
	Title, Author, Subject, Keywords string
	// Language is that of the text, after BCP 47: "ja", "en-GB".
	Language string
	// PDFAPart raises the part of ISO 19005 that the document claims from 2 to 3,
	// which differs in that files of any kind may be attached; 0 leaves it.
	PDFAPart int
}

// description is an entry of the document information and the XMP property that
// says the same (ISO 19005-1, table 1).
type description struct {
	key      pdf.Name
	property xmp.Name
	kind     xmp.Kind
}

func descriptions() []description {
	return []description{
		{"Title", xmp.Name{Space: xmp.DublinCore, Local: "title"}, xmp.Alternatives},
		{"Author", xmp.Name{Space: xmp.DublinCore, Local: "creator"}, xmp.Sequence},
		{"Subject", xmp.Name{Space: xmp.DublinCore, Local: "description"}, xmp.Alternatives},
		{"Keywords", xmp.Name{Space: xmp.PDF, Local: "Keywords"}, xmp.Text},
		{"ModDate", xmp.Name{Space: xmp.Basic, Local: "ModifyDate"}, xmp.Text},
	}
}

// given returns the entries of the document information that change, as text.
func (m *Metadata) given() map[pdf.Name]string {
	given := make(map[pdf.Name]string)
	for key, text := range map[pdf.Name]string{"Title": m.Title, "Author": m.Author, "Subject": m.Subject, "Keywords": m.Keywords} {
		if text != "" {
			given[key] = text
		}
	}
	return given
}

// language is the form of a language tag (RFC 5646, 2.1), of which the registry is not
// asked.
var language = regexp.MustCompile(`^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$`)

// descriptionEdit is what is changed to describe a document otherwise.
type descriptionEdit struct {
	info   *pdf.Indirect // nil for none
	stream *pdf.Indirect // of the XMP metadata; nil for none
	packet []byte        // the XMP metadata as they will be
}

// readDescription reads the metadata, and makes the new XMP packet.
func (u *amendment) readDescription(m *Metadata) (*descriptionEdit, error) {
	switch {
	case m.Language != "" && !language.MatchString(m.Language):
		return nil, failf(ErrOptions, "%q is no language, as ja or en-GB are", m.Language)
	case m.PDFAPart != 0 && (m.PDFAPart != 3 || u.pdfa != 2 && u.pdfa != 3):
		return nil, failf(ErrOptions, "the claim of PDF/A can be raised from part 2 to part 3 alone, not from %d to %d", u.pdfa, m.PDFAPart)
	}
	e := &descriptionEdit{}
	if ref, ok := u.view.Trailer().Get("Info").(pdf.Reference); ok {
		o, err := u.view.Object(ref)
		if err != nil {
			return nil, failf(ErrNotPDF, "the document information cannot be read: %w", err)
		}
		if _, ok := o.Value.(*pdf.Dict); ok {
			e.info = o
		}
	}
	value, holder, err := follow(u.view, u.form.Catalog.Dict().Get("Metadata"), u.form.Catalog)
	if err != nil {
		return nil, failf(ErrNotPDF, "the XMP metadata cannot be read: %w", err)
	}
	s, ok := value.(*pdf.Stream)
	if !ok {
		e.packet = u.newPacket(m, e.info)
		return e, nil
	}
	e.stream = holder
	old, err := u.view.Stream(s)
	if err != nil {
		return nil, failf(ErrNotPDF, "the XMP metadata cannot be read: %w", err)
	}
	if e.packet, err = xmp.Edit(old, u.properties(m)); err != nil {
		return nil, failf(ErrNotPDF, "the XMP metadata cannot be changed: %w", err)
	}
	return e, nil
}

// properties are the XMP properties that are set.
func (u *amendment) properties(m *Metadata) []xmp.Property {
	given := m.given()
	now := u.now.UTC().Format(time.RFC3339)
	given["ModDate"] = now
	var list []xmp.Property
	for _, d := range descriptions() {
		if text := given[d.key]; text != "" {
			list = append(list, xmp.Property{Name: d.property, Kind: d.kind, Text: text})
		}
	}
	list = append(list, xmp.Property{Name: xmp.Name{Space: xmp.Basic, Local: "MetadataDate"}, Text: now})
	if m.Language != "" {
		list = append(list, xmp.Property{Name: xmp.Name{Space: xmp.DublinCore, Local: "language"}, Kind: xmp.Set, Text: m.Language})
	}
	if m.PDFAPart != 0 {
		list = append(list, xmp.Property{Name: xmp.Name{Space: xmp.PDFA, Local: "part"}, Text: "3"})
	}
	return list
}

// newPacket says what is given, and the rest as the document information does. What
// cannot be read there is left out.
func (u *amendment) newPacket(m *Metadata, info *pdf.Indirect) []byte {
	given := m.given()
	said := func(key pdf.Name) string {
		text := given[key]
		if text == "" {
			text, _ = u.view.Text(info.Dict().Get(key))
		}
		return text
	}
	created, _ := pdf.ParseDate(said("CreationDate"))
	p := xmp.Packet{
		Title: said("Title"), Author: said("Author"), Subject: said("Subject"), Keywords: said("Keywords"), Language: m.Language,
		Tool: said("Creator"), Producer: said("Producer"), Created: created, Modified: u.now.UTC(),
	}
	return p.Bytes()
}

// putDescription writes the metadata.
func (u *amendment) putDescription(m *Metadata) error {
	if err := u.putInfo(m); err != nil {
		return err
	}
	if m.Language != "" {
		if err := u.setInCatalog("Lang", pdf.EncodeText(m.Language)); err != nil {
			return err
		}
	}
	dict := []byte("<</Type/Metadata/Subtype/XML")
	if u.about.stream == nil {
		ref := u.update.New()
		u.update.PutStream(ref, append(dict, ">>"...), u.about.packet)
		return u.setInCatalog("Metadata", pdf.AppendReference(nil, ref))
	}
	for _, e := range entries(u.about.stream.Dict()) {
		switch e.Key {
		case "Type", "Subtype", "Length", "Filter", "DecodeParms", "DL": // written anew, in clear
		default:
			dict = pdf.AppendEntry(dict, e.Key, pdf.AppendValue(nil, e.Value))
		}
	}
	u.update.PutStream(u.about.stream.Ref, append(dict, ">>"...), u.about.packet)
	return nil
}

// putInfo writes the document information. A document of PDF 2.0 without any gets
// none: it is deprecated there.
func (u *amendment) putInfo(m *Metadata) error {
	values := map[pdf.Name][]byte{"ModDate": []byte("(" + pdf.FormatDate(u.now.UTC()) + ")")}
	for key, text := range m.given() {
		values[key] = pdf.EncodeText(text)
	}
	if u.about.info == nil {
		if u.version() >= "2.0" || u.pdfa == 4 {
			return nil
		}
		body := []byte("<<")
		for _, d := range descriptions() {
			if value := values[d.key]; value != nil {
				body = pdf.AppendEntry(body, d.key, value)
			}
		}
		ref := u.update.New()
		u.update.Put(ref, append(body, ">>"...))
		u.update.SetInfo(ref)
		return nil
	}
	edit := pdf.Edit(u.about.info)
	for _, d := range descriptions() {
		if value := values[d.key]; value != nil {
			sealed, err := u.update.Within(u.about.info, value)
			if err != nil {
				return failf(ErrOptions, "%w", err)
			}
			edit.Set(d.key, sealed)
		}
	}
	u.update.Replace(u.about.info, edit.Bytes())
	return nil
}
