package changes

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"

	"github.com/inkan-go/inkan/internal/pdf"
)

// catalog compares the catalogs (ISO 32000-2, 7.7.2) entry by entry.
func (c *comparison) catalog() {
	before, after := trailer(c.before, "Root"), trailer(c.after, "Root")
	old, now := c.open(before), c.open(after)
	if old.dict() == nil || now.dict() == nil {
		c.unread(after.ref(), "the catalog is not a dictionary")
		return
	}
	if before.ref() != after.ref() && !c.isNew(after.ref().Number) {
		c.forbid(after.ref(), "the catalog is another object")
		return
	}
	c.assign(before.ref().Number, catalog)
	c.assign(after.ref().Number, catalog)
	for _, key := range c.differences(old, now) {
		switch key {
		case "AcroForm", "DSS", "Metadata", "StructTreeRoot", "Extensions", "Perms", "Version":
		default:
			c.forbid(after.ref(), "the catalog entry %s", key)
		}
	}
	c.version(old.get("Version"), now.get("Version"))
	c.extensions(old.get("Extensions"), now.get("Extensions"))
	c.permissions(old.get("Perms"), now.get("Perms"))
	c.securityStore(old.get("DSS"), now.get("DSS"))
	c.metadata(old.get("Metadata"), now.get("Metadata"))
	c.form(old.get("AcroForm"), now.get("AcroForm"))
	c.structure(old.get("StructTreeRoot"), now.get("StructTreeRoot"))
}

// version allows another version to be named: it changes nothing that is shown.
func (c *comparison) version(old, now slot) {
	if equal(old.value, now.value) {
		return
	}
	v, ok := now.value.(pdf.Name)
	if !now.absent() && (!ok || len(v) != 3 || v[0] < '1' || v[0] > '2' || v[1] != '.' || v[2] < '0' || v[2] > '9') {
		c.forbid(pdf.Reference{Number: now.holder}, "the catalog entry Version")
		return
	}
	c.explain(Change{What: Declaration})
}

// extensions allows developer extensions to be declared (ISO 32000-2, 7.12), but
// not to be taken back or lowered.
func (c *comparison) extensions(before, after slot) {
	if before.absent() && after.absent() {
		return
	}
	old, now := c.open(before), c.open(after)
	if !now.isDict() || !old.isDict() && !before.absent() {
		c.forbid(after.ref(), "the developer extensions are gone, or no dictionary")
		return
	}
	for _, e := range now.entries() {
		was, is := c.open(old.get(e.Key)), c.open(now.get(e.Key))
		if !was.absent() && !raises(was, is) {
			c.forbid(after.ref(), "the developer extension %s", e.Key)
		}
		c.own(now.get(e.Key), false)
	}
	for _, key := range c.differences(old, now) {
		if old.has(key) && !now.has(key) {
			c.forbid(after.ref(), "the developer extension %s is gone", key)
			return
		}
		c.explain(Change{What: Declaration, Ref: after.ref()})
	}
}

// raises tells whether an extension is the same as before, or declared with a
// higher level of the same base version.
func raises(old, now slot) bool {
	if old.dict() == nil || now.dict() == nil {
		return equal(old.value, now.value)
	}
	keys, _ := differing(old.dict(), now.dict())
	for _, key := range keys {
		was, isNumber := number(old.get(key).value)
		is, isNumberToo := number(now.get(key).value)
		if key != "ExtensionLevel" || !isNumber || !isNumberToo || is < was {
			return false
		}
	}
	return true
}

// permissions allows a certification to be entered where there was none (ISO
// 32000-2, 12.8.6).
func (c *comparison) permissions(before, after slot) {
	if before.absent() && after.absent() {
		return
	}
	old, now := c.open(before), c.open(after)
	if !now.isDict() {
		c.forbid(after.ref(), "the permissions are gone, or no dictionary")
		return
	}
	for _, key := range c.differences(old, now) {
		if key != "DocMDP" || old.has(key) {
			c.forbid(after.ref(), "the entry %s of the permissions", key)
		}
	}
	for _, e := range now.entries() {
		old.get(e.Key).claim()
		now.get(e.Key).claim()
		c.own(now.get(e.Key), false)
	}
}

// metadata explains a changed metadata stream: a description that no page shows
// (ISO 32000-2, 14.3.2).
func (c *comparison) metadata(before, after slot) {
	if before.absent() && after.absent() {
		return
	}
	old, now := c.open(before), c.open(after)
	if before.ref() == after.ref() && !c.changed(now.holder) {
		return
	}
	s, ok := now.value.(*pdf.Stream)
	if !ok || s.Dict.Get("Type") != pdf.Object(pdf.Name("Metadata")) || s.Dict.Get("Subtype") != pdf.Object(pdf.Name("XML")) {
		c.forbid(after.ref(), "the metadata")
		return
	}
	c.differences(old, now)
	text, err := c.after.view.Stream(s)
	if !c.after.spend(len(text) / 8) {
		return
	}
	if err != nil || !isXML(text) {
		c.forbid(after.ref(), "the metadata are not XML")
		return
	}
	c.own(slot{c.after, now.holder, now.place, s.Dict}, false)
	c.explain(Change{What: Description, Ref: after.ref()})
}

// isXML tells whether a text is well-formed XML without entities of its own.
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
