package changes

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"

	"github.com/inkan-go/inkan/internal/pdf"
)

// catalog explains the catalog: it may point at what was explained elsewhere.
func (c *comparison) catalog() *unexplained {
	before, err := c.before.Catalog()
	if err != nil {
		return unknown(pdf.Reference{}, "the catalog cannot be read: %v", err)
	}
	after, err := c.after.Catalog()
	if err != nil {
		return unknown(pdf.Reference{}, "the catalog cannot be read: %v", err)
	}
	if before.Ref != after.Ref {
		return unknown(after.Ref, "the catalog is another object")
	}
	for _, key := range differing(before.Dict(), after.Dict()) {
		if u := c.catalogEntry(key, before.Dict().Get(key), after.Dict().Get(key), after.Ref); u != nil {
			return u
		}
	}
	c.explained[after.Ref.Number] = true
	if u := c.securityStore(before.Dict().Get("DSS"), after.Dict().Get("DSS"), after.Ref.Number); u != nil {
		return u
	}
	return c.metadata(before.Dict().Get("Metadata"), after.Dict().Get("Metadata"), after.Ref)
}

func (c *comparison) catalogEntry(key pdf.Name, before, after pdf.Object, ref pdf.Reference) *unexplained {
	switch key {
	case "AcroForm", "DSS": // compared by themselves
		return nil
	case "Extensions":
		return c.extensions(before, after, ref)
	case "Version":
		old, _ := before.(pdf.Name)
		if now, ok := after.(pdf.Name); ok && now > old {
			return nil
		}
	case "Metadata":
		if _, ok := after.(pdf.Reference); ok {
			return nil // whatever is new there is compared by itself
		}
	case "Perms":
		return c.permissions(before, after, ref)
	}
	return unknown(ref, "the catalog entry %s", key)
}

// extensions allows developer extensions to be declared (ISO 32000-2, 7.12),
// but not those that were declared to change.
func (c *comparison) extensions(before, after pdf.Object, ref pdf.Reference) *unexplained {
	old, now := c.dict(c.before, before), c.dict(c.after, after)
	if now == nil {
		return unknown(ref, "the Extensions of the catalog")
	}
	for _, key := range differing(old, now) {
		if old.Has(key) && !c.raises(old.Get(key), now.Get(key)) {
			return unknown(ref, "the extension %s", key)
		}
	}
	c.closure(after)
	return nil
}

// raises tells whether an extension was declared again with a higher level of
// the same base version.
func (c *comparison) raises(before, after pdf.Object) bool {
	old, now := c.dict(c.before, before), c.dict(c.after, after)
	if old == nil || now == nil {
		return false
	}
	for _, key := range differing(old, now) {
		was, isNumber := number(old.Get(key))
		is, isNumberToo := number(now.Get(key))
		if key != "ExtensionLevel" || !isNumber || !isNumberToo || is < was {
			return false
		}
	}
	return true
}

// permissions allows a certification to be entered where there was none.
func (c *comparison) permissions(before, after pdf.Object, ref pdf.Reference) *unexplained {
	old, now := c.dict(c.before, before), c.dict(c.after, after)
	for _, key := range differing(old, now) {
		if key != "DocMDP" || old.Has(key) {
			return unknown(ref, "the catalog entry Perms")
		}
	}
	c.closure(after)
	return nil
}

// metadata explains a changed metadata stream: a description that no page shows
// (ISO 32000-2, 14.3.2).
func (c *comparison) metadata(before, after pdf.Object, catalog pdf.Reference) *unexplained {
	ref, ok := after.(pdf.Reference)
	if !ok {
		return nil
	}
	ch, changed := c.pending[ref.Number]
	if !changed {
		return nil
	}
	if old, ok := before.(pdf.Reference); ch.before != nil && (!ok || old != ref) {
		return unknown(ref, "the metadata took the place of something else")
	}
	if u := c.sole(ref.Number, catalog.Number); u != nil {
		return u
	}
	s, ok := ch.after.Value.(*pdf.Stream)
	if !ok || s.Dict.Get("Type") != pdf.Object(pdf.Name("Metadata")) || s.Length > maxMetadata {
		return unknown(ref, "the metadata")
	}
	text, err := c.after.Stream(s)
	if err != nil || !isXML(text) {
		return unknown(ref, "the metadata are not XML")
	}
	c.explained[ref.Number] = true
	return nil
}

// isXML tells whether a text is one well-formed XML element, without entities
// of its own.
func isXML(text []byte) bool {
	if len(text) > maxMetadata {
		return false
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	elements := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return elements > 0
		}
		if err != nil {
			return false
		}
		switch token.(type) {
		case xml.StartElement:
			elements++
		case xml.Directive:
			return false
		}
	}
}

func (c *comparison) dict(v *pdf.View, o pdf.Object) *pdf.Dict {
	value, err := v.Resolve(o)
	if err != nil {
		return nil
	}
	d, _ := value.(*pdf.Dict)
	return d
}
