package pdf

import (
	"bytes"
	"errors"
)

// objectScan finds what stands in a range of the file without the help of
// cross-reference sections: objects and trailers, in the order of the file.
// Whatever stands inside an object or in a comment is passed over.
type objectScan struct {
	f       *File
	limit   int64 // where the range ends
	window  []byte
	start   int64 // of the window in the file
	words   [2]wordSearch
	work    int64
	allowed int64

	objects    []entry    // all in use, as the file has them
	containers []entry    // those of them that are object streams
	trailers   []*Section // the last maxTrailers: trailer dictionaries, and those of cross-reference streams
	catalog    Reference  // the last object of /Type /Catalog
	word       bool       // "trailer" with a dictionary behind it was found
}

const (
	// scanBefore is how far before "obj" its numbers may begin, and before them
	// the "%" of a comment.
	scanBefore = 256
	// scanOverlap is the length of the longest word that is looked for, less one.
	scanOverlap = len("trailer") - 1
)

// scanObjects goes through the bytes from one offset to another.
func (f *File) scanObjects(from, to int64) (*objectScan, error) {
	s := &objectScan{f: f, limit: min(to, f.Size), start: -1, allowed: workBytes + workFactor*(to-from)}
	for at := from; ; {
		word, offset, err := s.next(at)
		if err != nil {
			return nil, err
		}
		switch word {
		case "obj":
			at, err = s.object(at, offset)
		case "trailer":
			at, err = s.trailer(offset)
		default:
			return s, nil
		}
		if err != nil {
			return nil, err
		}
		if s.work > s.allowed {
			return nil, overLimit(offset, "objects overlap so much that more than %d bytes would have to be parsed", s.allowed)
		}
	}
}

// next returns the first "obj" or "trailer" from an offset on; "" if none.
func (s *objectScan) next(at int64) (word string, offset int64, err error) {
	for at < s.limit {
		if err := s.move(at); err != nil {
			return "", 0, err
		}
		obj := s.words[0].next("obj", s.window, s.start, at)
		trailer := s.words[1].next("trailer", s.window, s.start, at)
		end := s.start + int64(len(s.window))
		switch {
		case trailer < min(obj, end):
			return "trailer", trailer, nil
		case obj < end:
			return "obj", obj, nil
		}
		if end >= s.limit {
			break
		}
		at = max(at+1, end-int64(scanOverlap))
	}
	return "", s.limit, nil
}

// wordSearch remembers where it found a word, so that no byte is searched again
// and again while the other word stands before it.
type wordSearch struct{ from, found, end int64 }

// next returns the first place of a word from an offset on in a window that
// begins at start; the end of the window where there is none.
func (w *wordSearch) next(word string, window []byte, start, at int64) int64 {
	if end := start + int64(len(window)); w.end != end || at < w.from || at > w.found {
		w.from, w.found, w.end = at, end, end
		if i := bytes.Index(window[at-start:], []byte(word)); i >= 0 {
			w.found = at + int64(i)
		}
	}
	return w.found
}

// move makes the window hold an offset, what stands before it, and at least
// one whole word behind it unless the range ends there.
func (s *objectScan) move(at int64) error {
	end := s.start + int64(len(s.window))
	if s.start >= 0 && at >= s.start && (end >= s.limit && at < end || at+int64(scanOverlap) < end) {
		return nil
	}
	start := max(0, at-scanBefore)
	n := int(min(scanWindow, s.limit-start))
	if cap(s.window) < n {
		s.window = make([]byte, n)
	}
	s.start, s.window = start, s.window[:n]
	return s.f.src.read(start, s.window)
}

// object takes in the object whose "obj" stands at an offset, if one does, and
// returns where to go on; nothing before floor is part of it.
func (s *objectScan) object(floor, obj int64) (int64, error) {
	after := obj + int64(len("obj"))
	first := max(floor, s.start) - s.start
	i := headerStart(s.window[first : obj-s.start])
	if i < 0 {
		return after, nil
	}
	start := s.start + first + int64(i)
	o, n, err := s.f.readIndirect(start, nil, func(Anomaly) {})
	s.work += n
	if err != nil || o.Ref.Number < 1 || o.Ref.Number > maxObjectNumber || o.Ref.Generation > 1<<16 || o.End > s.limit {
		return after, passing(err)
	}
	if err := s.f.countEntry(start); err != nil {
		return 0, err
	}
	e := entry{number: uint32(o.Ref.Number), extra: uint32(o.Ref.Generation), offset: start - s.f.Base, kind: InUse}
	s.objects = append(s.objects, e)
	switch v := o.Value.(type) {
	case *Dict:
		if v.Get("Type") == Object(Name("Catalog")) {
			s.catalog = o.Ref
		}
	case *Stream:
		switch v.Dict.Get("Type") {
		case Name("ObjStm"):
			s.containers = append(s.containers, e)
		case Name("XRef"):
			s.addTrailer(&Section{Trailer: v.Dict, TrailerRaw: o.Raw, TrailerOffset: o.Offset})
		}
	}
	return max(after, o.End), nil
}

// passing returns an error that is the reader's; one that the bytes of the
// file cause says that there is no object.
func passing(err error) error {
	var e *Error
	if err == nil || errors.As(err, &e) {
		return nil
	}
	return err
}

// headerStart returns where the numbers begin that b ends with, "12 0 " before
// "obj"; -1 if it does not, or if they stand in a comment.
func headerStart(b []byte) int {
	i := len(b)
	back := func(part uint8) bool {
		end := i
		for i > 0 && (part == space && class[b[i-1]] == space || part == regular && isDigit(b[i-1])) {
			i--
		}
		return i < end
	}
	back(space)
	if !back(regular) || !back(space) || !back(regular) {
		return -1
	}
	if i > 0 && bytes.IndexByte([]byte("+-./"), b[i-1]) >= 0 {
		return -1
	}
	line := b[bytes.LastIndexAny(b[:i], "\r\n")+1 : i]
	if bytes.IndexByte(line, '%') >= 0 && !bytes.HasSuffix(line, []byte("%%EOF")) {
		return -1
	}
	return i
}

// trailer takes in the dictionary behind the word at an offset, if there is
// one, and returns where to go on.
func (s *objectScan) trailer(at int64) (int64, error) {
	after := at + int64(len("trailer"))
	if after >= s.limit {
		return after, nil
	}
	t := &Section{TrailerOffset: after}
	n, err := s.f.readTrailer(t)
	s.work += n
	if err != nil || t.End > s.limit {
		return after, passing(err)
	}
	s.word = true
	s.addTrailer(t)
	return t.End, nil
}

func (s *objectScan) addTrailer(t *Section) {
	switch t.Trailer.Get("Root").(type) {
	case Reference, *Dict:
	default:
		return
	}
	if len(s.trailers) == maxTrailers {
		s.trailers = append(s.trailers[:0], s.trailers[1:]...)
	}
	s.trailers = append(s.trailers, t)
}
