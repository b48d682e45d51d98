package pdf

import (
	"fmt"
	"math"
	"slices"
)

// readXRefStream reads the cross-reference stream at s.Offset (ISO 32000-2, 7.5.8).
func (f *File) readXRefStream(s *Section) error {
	o, n, err := f.readIndirect(s.Offset, nil, func(a Anomaly) { s.note(a.Code, a.Ambiguous, a.Offset, a.Text) })
	if err != nil {
		return err
	}
	stream, ok := o.Value.(*Stream)
	if !ok {
		return malformed(s.Offset, "no cross-reference section here: object %v is not a stream", o.Ref)
	}
	if stream.Dict.Get("Type") != Name("XRef") {
		return malformed(s.Offset, "no cross-reference section here: stream %v is not of /Type /XRef", o.Ref)
	}
	s.Ref, s.Offset, s.End = o.Ref, o.Offset, o.End
	s.Trailer, s.TrailerRaw, s.TrailerOffset = stream.Dict, o.Raw, o.Offset
	// Streams whose end had to be searched may overlap: the search counts too.
	if err := f.cache.countDecoded(s.Offset, n); err != nil {
		return err
	}
	data, odd, err := f.decodeStream(stream, directOnly{})
	if err != nil {
		return withRef(err, o.Ref)
	}
	for _, a := range odd {
		s.note(a.Code, a.Ambiguous, o.Offset, a.Text)
	}
	if err := f.cache.countDecoded(stream.Offset, int64(len(data))); err != nil {
		return err
	}
	return withRef(f.streamEntries(s, data), o.Ref)
}

// streamEntries decodes the entries of a cross-reference stream (7.5.8.3).
func (f *File) streamEntries(s *Section, data []byte) error {
	w, err := s.widths()
	if err != nil {
		return err
	}
	row := w[0] + w[1] + w[2]
	index, err := s.subsections()
	if err != nil {
		return err
	}
	for i := 0; i < len(index); i += 2 {
		first, count := index[i], index[i+1]
		if count > int64(len(data)/row) {
			return malformed(s.TrailerOffset, "cross-reference stream holds %d bytes too few", count*int64(row)-int64(len(data)))
		}
		s.entries = slices.Grow(s.entries, int(count))
		for k := range count {
			if err := f.countEntry(s.Offset); err != nil {
				return err
			}
			s.addStreamEntry(first+k, w, data[:row])
			data = data[row:]
		}
	}
	if len(data) > 0 {
		s.note(XRefStreamLength, false, s.Offset, fmt.Sprintf("cross-reference stream holds %d bytes more than /Index announces", len(data)))
	}
	return nil
}

// widths reads /W: three field widths of up to 8 bytes.
func (s *Section) widths() (w [3]int, err error) {
	a, ok := s.Trailer.Get("W").(*Array)
	if !ok || a.Len() < 3 {
		return w, malformed(s.TrailerOffset, "cross-reference stream without /W")
	}
	for i := range w {
		n, ok := a.Items[i].(Integer)
		if !ok || n < 0 || n > 8 {
			return w, malformed(s.TrailerOffset, "cross-reference stream with a wrong /W")
		}
		w[i] = int(n)
	}
	if w[1] == 0 || a.Len() > 3 {
		return w, malformed(s.TrailerOffset, "cross-reference stream with a wrong /W")
	}
	return w, nil
}

// subsections reads /Index: pairs of first number and count.
func (s *Section) subsections() ([]int64, error) {
	size, ok := s.Trailer.Get("Size").(Integer)
	if !ok || size < 0 {
		return nil, malformed(s.TrailerOffset, "cross-reference stream without /Size")
	}
	if !s.Trailer.Has("Index") {
		return []int64{0, int64(size)}, nil
	}
	a, ok := s.Trailer.Get("Index").(*Array)
	if !ok || a.Len()%2 != 0 {
		return nil, malformed(s.TrailerOffset, "cross-reference stream with a wrong /Index")
	}
	index := make([]int64, a.Len())
	for i, item := range a.Items {
		n, ok := item.(Integer)
		if !ok || n < 0 || n > maxObjectNumber || i%2 == 1 && int64(n) > maxObjectNumber-index[i-1] {
			return nil, malformed(s.TrailerOffset, "cross-reference stream with a wrong /Index")
		}
		index[i] = int64(n)
	}
	return index, nil
}

// addStreamEntry decodes one row of a cross-reference stream.
func (s *Section) addStreamEntry(number int64, w [3]int, row []byte) {
	field := func(width int) (v uint64) {
		for _, b := range row[:width] {
			v = v<<8 | uint64(b)
		}
		row = row[width:]
		return v
	}
	kind := uint64(1)
	if w[0] > 0 {
		kind = field(w[0])
	}
	second, third := field(w[1]), field(w[2])
	if number > maxObjectNumber || kind != 0 && (second > math.MaxInt64 || third > math.MaxUint32) {
		s.note(EntryNumber, true, s.Offset, fmt.Sprintf("entry of object %d is out of range; ignored", number))
		return
	}
	e := entry{number: uint32(number), offset: int64(second & math.MaxInt64), extra: uint32(min(third, math.MaxUint32))}
	switch kind {
	case 0:
	case 1:
		e.kind = InUse
	case 2:
		e.kind = Compressed
		if third > math.MaxInt32 {
			s.note(EntryNumber, true, s.Offset, fmt.Sprintf("entry of object %d is out of range; ignored", number))
			return
		}
	default:
		s.note(EntryType, true, s.Offset, fmt.Sprintf("entry of object %d has the unknown type %d", number, kind))
	}
	s.entries = append(s.entries, e)
}
