package changes

import "github.com/inkan-go/inkan/internal/pdf"

// securityStore explains a document security store that grew (ISO 32000-2,
// 12.8.4.3; EN 319 142-1, 5.4.2).
func (c *comparison) securityStore(before, after pdf.Object) *unexplained {
	old, now := c.dict(c.before, before), c.dict(c.after, after)
	if now == nil {
		if old != nil {
			return unknown(pdf.Reference{}, "the document security store is gone")
		}
		return nil
	}
	if ref, ok := after.(pdf.Reference); ok {
		c.storePart(ref)
	}
	for _, e := range now.Entries {
		switch e.Key {
		case "Type":
		case "Certs", "OCSPs", "CRLs":
			if u := c.storeList(old.Get(e.Key), e.Value, e.Key); u != nil {
				return u
			}
		case "VRI":
			if u := c.related(old.Get(e.Key), e.Value); u != nil {
				return u
			}
		default:
			if !equal(old.Get(e.Key), e.Value, 0) {
				return unknown(pdf.Reference{}, "the entry %s of the document security store", e.Key)
			}
		}
	}
	for _, key := range []pdf.Name{"Certs", "OCSPs", "CRLs", "VRI"} {
		if old.Has(key) && !now.Has(key) && len(c.items(c.before, old.Get(key))) > 0 {
			return unknown(pdf.Reference{}, "the document security store lost its entry %s", key)
		}
	}
	return nil
}

// storePart explains a changed object of the store itself.
func (c *comparison) storePart(ref pdf.Reference) {
	if _, changed := c.pending[ref.Number]; changed {
		c.explained[ref.Number] = true
		c.store = true
	}
}

// storeList explains an array of streams that only grew.
func (c *comparison) storeList(before, after pdf.Object, key pdf.Name) *unexplained {
	old, now := c.items(c.before, before), c.items(c.after, after)
	have := make(map[pdf.Reference]bool, len(now))
	for _, item := range now {
		r, ok := item.(pdf.Reference)
		if !ok {
			return unknown(pdf.Reference{}, "the array %s of the document security store holds something else than references", key)
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
	for _, item := range old {
		if r, ok := item.(pdf.Reference); ok && !have[r] {
			return unknown(r, "the document security store lost validation data")
		}
	}
	if ref, ok := after.(pdf.Reference); ok {
		c.storePart(ref)
	}
	return nil
}

// related explains the VRI dictionary: entries may be added and may grow.
func (c *comparison) related(before, after pdf.Object) *unexplained {
	old, now := c.dict(c.before, before), c.dict(c.after, after)
	if now == nil {
		return unknown(pdf.Reference{}, "the VRI entry of the document security store")
	}
	if ref, ok := after.(pdf.Reference); ok {
		c.storePart(ref)
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
		if ref, ok := e.Value.(pdf.Reference); ok {
			c.storePart(ref)
		}
		was, is := c.dict(c.before, old.Get(e.Key)), c.dict(c.after, e.Value)
		if is == nil {
			return unknown(pdf.Reference{}, "an entry of the VRI dictionary is not a dictionary")
		}
		for _, part := range is.Entries {
			switch part.Key {
			case "Cert", "OCSP", "CRL":
				if u := c.storeList(was.Get(part.Key), part.Value, part.Key); u != nil {
					return u
				}
			case "TS", "TU", "Type":
				c.closure(part.Value)
			default:
				return unknown(pdf.Reference{}, "the entry %s of a VRI dictionary", part.Key)
			}
		}
	}
	return nil
}
