package changes

import (
	"crypto/sha256"

	"github.com/inkan-go/inkan/internal/pdf"
)

// securityStore explains a document security store (ISO 32000-2, 12.8.4.3; EN
// 319 142-1, 5.4.2): streams of validation data, which no page shows. It may
// grow, and a program may renew what is in it; that it must not go is a rule
// for programs that write, so a loss is told and not forbidden.
func (c *comparison) securityStore(before, after slot) {
	if before.absent() && after.absent() {
		return
	}
	old, now := c.open(before), c.open(after)
	if !now.isDict() {
		c.forbid(before.ref(), "the document security store is gone, or no dictionary")
		return
	}
	c.differences(old, now)
	grew, lost := !equal(before.value, after.value), false
	for _, e := range now.entries() {
		was, is := old.get(e.Key), now.get(e.Key)
		if is.peek().absent() {
			continue // null is no entry
		}
		switch e.Key {
		case "Type":
		case "Certs", "OCSPs", "CRLs":
			g, l := c.storeList(was, is)
			grew, lost = grew || g, lost || l
		case "VRI":
			g, l := c.related(was, is)
			grew, lost = grew || g, lost || l
		default:
			if !old.has(e.Key) || !equal(was.value, is.value) {
				c.forbid(after.ref(), "the entry %s of the document security store", e.Key)
			}
		}
	}
	for _, e := range old.entries() {
		if e.Key != "Type" && now.get(e.Key).peek().absent() && !old.get(e.Key).peek().absent() {
			c.forbid(after.ref(), "the entry %s of the document security store is gone", e.Key)
		}
	}
	switch {
	case lost:
		c.explain(Change{What: ValidationDataLost, Ref: after.ref()})
	case grew || c.changed(now.holder):
		c.explain(Change{What: ValidationData, Ref: after.ref()})
	}
}

// storeList compares two arrays of streams.
func (c *comparison) storeList(before, after slot) (grew, lost bool) {
	old, now := c.open(before), c.open(after)
	if _, array := now.value.(*pdf.Array); !array {
		c.forbid(after.ref(), "a list of the document security store is no array")
		return false, false
	}
	if !c.after.spend(len(old.items()) + len(now.items())) {
		return false, false
	}
	for i := range now.items() {
		item := now.item(i)
		r := item.ref()
		if r.IsZero() {
			c.forbid(after.ref(), "an array of the document security store holds something else than references")
			continue
		}
		if c.isNew(r.Number) {
			grew = true
			stream, ok := item.peek().value.(*pdf.Stream)
			if !ok || stream.Dict.Has("Subtype") || stream.Dict.Has("Type") && stream.Dict.Get("Type") == pdf.Object(pdf.Name("XObject")) {
				c.forbid(r, "validation data that are not a plain stream")
				continue
			}
			c.open(item)
			c.own(slot{side: c.after, holder: r.Number, value: stream.Dict}, false)
		} else {
			item.claim()
		}
	}
	for i := range old.items() {
		old.item(i).claim()
	}
	return grew, c.loses(old, now)
}

// loses tells whether an array has less than before. A program may write all
// data anew under other numbers.
func (c *comparison) loses(old, now slot) bool {
	var contents map[[32]byte]bool
	var have map[pdf.Reference]bool
	for i := range old.items() {
		r := old.item(i).ref()
		if r.IsZero() || i < len(now.items()) && now.item(i).ref() == r {
			continue // most lists only grow
		}
		if have == nil {
			have = make(map[pdf.Reference]bool, len(now.items()))
			for i := range now.items() {
				have[now.item(i).ref()] = true
			}
		}
		if have[r] {
			continue
		}
		if contents == nil {
			contents = make(map[[32]byte]bool, len(have))
			for i := range now.items() {
				contents[c.content(now.item(i))] = true
			}
		}
		if sum := c.content(old.item(i)); sum == [32]byte{} || !contents[sum] {
			return true
		}
	}
	return false
}

// content returns the digest of a stream's decoded bytes; zero where there is none.
func (c *comparison) content(s slot) [32]byte {
	stream, ok := s.peek().value.(*pdf.Stream)
	if !ok || c.compared > maxCompared {
		return [32]byte{}
	}
	data, err := s.side.view.Stream(stream)
	if err != nil {
		return [32]byte{}
	}
	c.compared += int64(len(data))
	return sha256.Sum256(data)
}

// related compares the VRI dictionaries.
func (c *comparison) related(before, after slot) (grew, lost bool) {
	old, now := c.open(before), c.open(after)
	if !now.isDict() {
		c.forbid(after.ref(), "the VRI entry of the document security store")
		return false, false
	}
	for _, key := range c.differences(old, now) {
		had, has := !old.get(key).peek().absent(), !now.get(key).peek().absent()
		grew = grew || !had
		if had && !has && key != "Type" {
			c.forbid(after.ref(), "the validation data of a signature, %s, are gone from the document security store", key)
		}
	}
	for _, e := range now.entries() {
		if e.Key == "Type" || now.get(e.Key).peek().absent() {
			continue
		}
		g, l := c.relatedEntry(old.get(e.Key), now.get(e.Key))
		grew, lost = grew || g, lost || l
	}
	for _, e := range old.entries() {
		old.get(e.Key).claim()
	}
	return grew, lost
}

// relatedEntry compares the validation data of one signature.
func (c *comparison) relatedEntry(before, after slot) (grew, lost bool) {
	old, now := c.open(before), c.open(after)
	if !now.isDict() {
		c.forbid(after.ref(), "an entry of the VRI dictionary is not a dictionary")
		return false, false
	}
	c.differences(old, now)
	for _, e := range now.entries() {
		if now.get(e.Key).peek().absent() {
			continue
		}
		switch e.Key {
		case "Cert", "OCSP", "CRL":
			g, l := c.storeList(old.get(e.Key), now.get(e.Key))
			grew, lost = grew || g, lost || l
		case "TS", "TU", "Type":
			old.get(e.Key).claim()
			c.open(now.get(e.Key))
			c.own(now.get(e.Key), false)
		default:
			c.forbid(after.ref(), "the entry %s of a VRI dictionary", e.Key)
		}
	}
	return grew, lost
}
