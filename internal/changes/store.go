package changes

import (
	"crypto/sha256"

	"github.com/inkan-go/inkan/internal/pdf"
)

// securityStore explains a document security store that grew (ISO 32000-2,
// 12.8.4.3; EN 319 142-1, 5.4.2). Holder is the number of the catalog.
func (c *comparison) securityStore(before, after pdf.Object, holder int64) *unexplained {
	old, now := c.dict(c.before, before), c.dict(c.after, after)
	if now == nil {
		if old != nil {
			return unknown(pdf.Reference{}, "the document security store is gone")
		}
		return nil
	}
	holder, u := c.part(before, after, holder)
	if u != nil {
		return u
	}
	for _, e := range now.Entries {
		switch e.Key {
		case "Type":
		case "Certs", "OCSPs", "CRLs":
			u = c.storeList(old.Get(e.Key), e.Value, holder)
		case "VRI":
			u = c.related(old.Get(e.Key), e.Value, holder)
		default:
			if !equal(old.Get(e.Key), e.Value, 0) {
				u = unknown(pdf.Reference{}, "the entry %s of the document security store", e.Key)
			}
		}
		if u != nil {
			return u
		}
	}
	for _, key := range []pdf.Name{"Certs", "OCSPs", "CRLs"} {
		if len(c.items(c.before, old.Get(key))) > 0 && !now.Has(key) {
			return unknown(pdf.Reference{}, "the document security store lost its entry %s", key)
		}
	}
	if old.Has("VRI") && !now.Has("VRI") {
		return unknown(pdf.Reference{}, "the document security store lost its entry VRI")
	}
	return nil
}

// part explains a changed object of the store itself: a dictionary or an array
// that had the same place in the store before, or that is new. It returns the
// number of the object that holds what is inside.
func (c *comparison) part(before, after pdf.Object, holder int64) (int64, *unexplained) {
	ref, ok := after.(pdf.Reference)
	if !ok {
		return holder, nil
	}
	ch, changed := c.pending[ref.Number]
	if !changed {
		return ref.Number, nil
	}
	if old, ok := before.(pdf.Reference); ch.before != nil && (!ok || old != ref) {
		return 0, unknown(ref, "validation data took the place of something else")
	}
	if u := c.sole(ref.Number, holder); u != nil {
		return 0, u
	}
	c.explained[ref.Number] = true
	c.store = true
	return ref.Number, nil
}

// storeList explains an array of streams that only grew.
func (c *comparison) storeList(before, after pdf.Object, holder int64) *unexplained {
	if _, u := c.part(before, after, holder); u != nil {
		return u
	}
	now := c.items(c.after, after)
	have := make(map[pdf.Reference]bool, len(now))
	for _, item := range now {
		r, ok := item.(pdf.Reference)
		if !ok {
			return unknown(pdf.Reference{}, "an array of the document security store holds something else than references")
		}
		have[r] = true
		if ch, changed := c.pending[r.Number]; changed && ch.before == nil {
			if _, ok := ch.after.Value.(*pdf.Stream); !ok {
				return unknown(r, "validation data that are not a stream")
			}
			c.store = true
			c.closure(r)
		}
	}
	var contents map[[32]byte]bool
	for _, item := range c.items(c.before, before) {
		r, ok := item.(pdf.Reference)
		if !ok || have[r] {
			continue
		}
		// A program may write all data anew under other numbers.
		if contents == nil {
			contents = make(map[[32]byte]bool, len(now))
			for r := range have {
				contents[c.content(c.after, r)] = true
			}
		}
		if sum := c.content(c.before, r); sum == [32]byte{} || !contents[sum] {
			return unknown(r, "the document security store lost validation data")
		}
	}
	return nil
}

// content returns the digest of a stream's decoded bytes; zero where there is none.
func (c *comparison) content(v *pdf.View, ref pdf.Reference) [32]byte {
	o, err := v.Object(ref)
	if err != nil {
		return [32]byte{}
	}
	s, ok := o.Value.(*pdf.Stream)
	if !ok || c.storeBytes > maxStoreBytes {
		return [32]byte{}
	}
	data, err := v.Stream(s)
	if err != nil {
		return [32]byte{}
	}
	c.storeBytes += int64(len(data))
	return sha256.Sum256(data)
}

// related explains the VRI dictionary: entries may be added and may grow.
func (c *comparison) related(before, after pdf.Object, holder int64) *unexplained {
	old, now := c.dict(c.before, before), c.dict(c.after, after)
	if now == nil {
		return unknown(pdf.Reference{}, "the VRI entry of the document security store")
	}
	holder, u := c.part(before, after, holder)
	if u != nil {
		return u
	}
	if old != nil {
		for _, e := range old.Entries {
			if !now.Has(e.Key) {
				return unknown(pdf.Reference{}, "the document security store lost the validation data of a signature")
			}
		}
	}
	for _, e := range now.Entries {
		if e.Key == "Type" {
			continue
		}
		if u := c.relatedEntry(old.Get(e.Key), e.Value, holder); u != nil {
			return u
		}
	}
	return nil
}

// relatedEntry explains the validation data of one signature.
func (c *comparison) relatedEntry(before, after pdf.Object, holder int64) *unexplained {
	was, is := c.dict(c.before, before), c.dict(c.after, after)
	if is == nil {
		return unknown(pdf.Reference{}, "an entry of the VRI dictionary is not a dictionary")
	}
	holder, u := c.part(before, after, holder)
	if u != nil {
		return u
	}
	for _, e := range is.Entries {
		switch e.Key {
		case "Cert", "OCSP", "CRL":
			if u := c.storeList(was.Get(e.Key), e.Value, holder); u != nil {
				return u
			}
		case "TS", "TU", "Type":
			c.closure(e.Value)
		default:
			return unknown(pdf.Reference{}, "the entry %s of a VRI dictionary", e.Key)
		}
	}
	return nil
}
