package pdf

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
)

const (
	maxTableOffset     = 9_999_999_999 // ten digits (ISO 32000-2, 7.5.4)
	maxTableGeneration = 65_535
	maxNewNumber       = 8_388_607 // the limit of ISO 32000-1, Annex C, which readers still keep
)

// appendSection writes the cross-reference section, its trailer and startxref.
func (u *Update) appendSection(t *Tail) error {
	f := u.view.File()
	last := f.Sections[len(f.Sections)-1]
	places := slices.Clone(t.places)
	at := len(t.Bytes)
	if last.Stream {
		if u.section.IsZero() {
			u.section = u.New()
		}
		places = append(places, objectPlace{ref: u.section, at: at})
	}
	slices.SortFunc(places, func(a, b objectPlace) int { return cmp.Compare(a.ref.Number, b.ref.Number) })
	for i := 1; i < len(places); i++ {
		if places[i].ref.Number == places[i-1].ref.Number {
			return fmt.Errorf("%w: object %d is written in two generations", ErrUpdate, places[i].ref.Number)
		}
	}
	if u.next > maxNewNumber+1 {
		return fmt.Errorf("%w: object numbers above %d would be needed", ErrUpdate, maxNewNumber)
	}
	trailer, err := u.trailer(last, t)
	if err != nil {
		return err
	}
	shift := t.Start - f.Base
	if last.Stream {
		t.appendXrefStream(u.section, places, shift, trailer)
	} else if err := t.appendXrefTable(places, shift, trailer); err != nil {
		return err
	}
	t.Bytes = append(t.Bytes, "startxref\n"...)
	t.Bytes = strconv.AppendInt(t.Bytes, int64(at)+shift, 10)
	t.Bytes = append(t.Bytes, "\n%%EOF\n"...)
	return nil
}

// runs calls each for every run of consecutive object numbers in sorted places.
func runs(places []objectPlace, each func(run []objectPlace)) {
	for len(places) > 0 {
		n := 1
		for n < len(places) && places[n].ref.Number == places[n-1].ref.Number+1 {
			n++
		}
		each(places[:n])
		places = places[n:]
	}
}

func (t *Tail) appendXrefTable(places []objectPlace, shift int64, trailer []byte) error {
	if end := int64(len(t.Bytes)) + shift; end > maxTableOffset {
		return fmt.Errorf("%w: the file ends in a cross-reference table, whose offsets have ten digits, and would grow to %d bytes; rewritten with cross-reference streams it can grow on", ErrUpdate, end)
	}
	for _, p := range places {
		if p.ref.Generation > maxTableGeneration {
			return fmt.Errorf("%w: object %d has generation %d", ErrUpdate, p.ref.Number, p.ref.Generation)
		}
	}
	b := append(t.Bytes, "xref\n"...)
	runs(places, func(run []objectPlace) {
		b = fmt.Appendf(b, "%d %d\n", run[0].ref.Number, len(run))
		for _, p := range run {
			b = appendPadded(b, int64(p.at)+shift, 10)
			b = appendPadded(append(b, ' '), p.ref.Generation, 5)
			if p.free {
				b = append(b, " f \n"...)
			} else {
				b = append(b, " n \n"...)
			}
		}
	})
	b = append(b, "trailer\n<<"...)
	b = append(b, trailer...)
	t.Bytes = append(b, ">>\n"...)
	return nil
}

func (t *Tail) appendXrefStream(own Reference, places []objectPlace, shift int64, trailer []byte) {
	width := byteWidth(int64(len(t.Bytes)) + shift)
	generation := 1
	for _, p := range places {
		generation = max(generation, byteWidth(p.ref.Generation))
	}
	b := fmt.Appendf(t.Bytes, "%d 0 obj\n<</Type/XRef/W[1 %d %d]/Index[", own.Number, width, generation)
	runs(places, func(run []objectPlace) {
		b = fmt.Appendf(b, "%d %d ", run[0].ref.Number, len(run))
	})
	b = append(b[:len(b)-1], ']')
	b = append(b, trailer...)
	b = fmt.Appendf(b, "/Length %d>>\nstream\n", len(places)*(1+width+generation))
	for _, p := range places {
		b = append(b, 1)
		b = appendBigEndian(b, int64(p.at)+shift, width)
		b = appendBigEndian(b, p.ref.Generation, generation)
	}
	t.Bytes = append(b, "\nendstream\nendobj\n"...)
}

func byteWidth(n int64) int {
	width := 1
	for n >>= 8; n > 0; n >>= 8 {
		width++
	}
	return width
}

func appendBigEndian(dst []byte, n int64, width int) []byte {
	for i := width - 1; i >= 0; i-- {
		dst = append(dst, byte(n>>(8*i)))
	}
	return dst
}

// trailer returns the entries of the new trailer: those of the last one as they
// are (ISO 32000-2, 7.5.6), but for what describes the section itself.
func (u *Update) trailer(last *Section, t *Tail) ([]byte, error) {
	f := u.view.File()
	b := append(make([]byte, 0, 64+len(last.TrailerRaw)), "/Size "...)
	b = strconv.AppendInt(b, u.next, 10)
	b = strconv.AppendInt(append(b, "/Prev "...), last.Offset-f.Base, 10)
	if !last.Trailer.Has("Root") {
		catalog, err := u.view.Catalog()
		if err != nil {
			return nil, err
		}
		b = AppendReference(append(b, "/Root "...), catalog.Ref)
	}
	if !u.info.IsZero() {
		b = AppendReference(append(b, "/Info "...), u.info)
	}
	for i, e := range last.Trailer.Entries {
		if describesSection(e.Key) || repeated(last.Trailer.Entries[i+1:], e.Key) || e.Key == "Info" && !u.info.IsZero() {
			continue
		}
		b = AppendName(b, e.Key)
		value := last.TrailerRaw[e.ValueSpan.Start:e.ValueSpan.End]
		if id, ok := e.Value.(*Array); ok && e.Key == "ID" && len(id.Items) == 2 {
			if first, ok := id.Items[0].(String); ok {
				b = AppendHex(append(b, '['), first.Value)
				b = append(AppendHex(b, t.identifier(value)), ']')
				continue
			}
		}
		b = appendSeparated(b, value)
	}
	return b, nil
}

// describesSection tells which trailer entries belong to one section alone.
func describesSection(key Name) bool {
	switch key {
	case "Size", "Prev", "XRefStm", "Type", "W", "Index",
		"Length", "Filter", "DecodeParms", "F", "FFilter", "FDecodeParms", "DL":
		return true
	}
	return false
}

func repeated(entries []Entry, key Name) bool {
	return slices.ContainsFunc(entries, func(e Entry) bool { return e.Key == key })
}

// identifier returns the changing half of /ID (ISO 32000-2, 14.4): it depends on
// the one before and on the update, so that equal input gives equal bytes. Of a
// long object the beginning is enough: the room for a signature is all zeros.
func (t *Tail) identifier(previous []byte) []byte {
	h := sha256.New()
	h.Write(previous)
	h.Write(strconv.AppendInt(nil, t.Start, 10))
	for _, p := range t.places {
		part := t.Bytes[p.at:]
		h.Write(part[:min(len(part), 256)])
	}
	return h.Sum(nil)[:16]
}
