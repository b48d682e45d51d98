package pdf

import (
	"bytes"
	"context"
)

// Scan calls found with the offset of every occurrence of pattern in the file,
// ascending, until found returns false. It reads the file once, in constant
// memory, and knows nothing of objects: it also finds what stands in streams,
// strings and comments.
func (f *File) Scan(ctx context.Context, pattern []byte, found func(offset int64) bool) error {
	s := newScanner(pattern, found)
	buf := make([]byte, scanWindow)
	for offset := int64(0); offset < f.Size; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(int64(len(buf)), f.Size-offset)
		if err := f.src.read(offset, buf[:n]); err != nil {
			return err
		}
		if !s.scan(buf[:n]) {
			return nil
		}
		offset += n
	}
	return nil
}

// scanner looks for a pattern in a file that it gets piece by piece, in order.
type scanner struct {
	pattern []byte
	found   func(offset int64) bool
	offset  int64  // of the next byte
	carry   []byte // the last bytes before it, fewer than the pattern has
	stopped bool
}

// newScanner returns a scanner for a pattern that is not empty.
func newScanner(pattern []byte, found func(offset int64) bool) *scanner {
	return &scanner{pattern: bytes.Clone(pattern), found: found}
}

// scan looks for the pattern in the next bytes of the file, and returns false once found
// did.
func (s *scanner) scan(p []byte) bool {
	keep := len(s.pattern) - 1
	if s.stopped || keep < 0 {
		return false
	}
	// What straddles the border begins in carry.
	if len(s.carry) > 0 {
		border := append(bytes.Clone(s.carry), p[:min(keep, len(p))]...)
		s.search(border, s.offset-int64(len(s.carry)))
	}
	s.search(p, s.offset)
	s.offset += int64(len(p))
	if len(p) >= keep {
		s.carry = append(s.carry[:0], p[len(p)-keep:]...)
	} else {
		s.carry = append(s.carry, p...)
		s.carry = s.carry[max(0, len(s.carry)-keep):]
	}
	return !s.stopped
}

func (s *scanner) search(b []byte, offset int64) {
	for i := 0; !s.stopped; {
		k := bytes.Index(b[i:], s.pattern)
		if k < 0 {
			return
		}
		i += k
		s.stopped = !s.found(offset + int64(i))
		i++
	}
}

// find returns the first offset from start on at which word stands, within
// limit; -1 if none.
func (f *File) find(start int64, word string, limit int64) (int64, error) {
	at, _, err := f.findAnyWithin(start, limit, word)
	return at, err
}

// findAny returns the first offset from start on at which one of the words stands; -1 if none.
func (f *File) findAny(start int64, words ...string) (int64, string, error) {
	return f.findAnyWithin(start, f.Size, words...)
}

func (f *File) findAnyWithin(start, limit int64, words ...string) (int64, string, error) {
	overlap := int64(0)
	for _, w := range words {
		overlap = max(overlap, int64(len(w))-1)
	}
	size := int64(firstWindow)
	for start < limit {
		buf, _, err := f.src.slice(start, int(min(size, limit-start)), false)
		if err != nil {
			return -1, "", err
		}
		best, word := -1, ""
		for _, w := range words {
			if i := bytes.Index(buf, []byte(w)); i >= 0 && (best < 0 || i < best) {
				best, word = i, w
			}
		}
		if best >= 0 {
			return start + int64(best), word, nil
		}
		if start+int64(len(buf)) >= limit {
			break
		}
		start += int64(len(buf)) - overlap
		size = min(size*4, scanWindow)
	}
	return -1, "", nil
}

// firstNonSpace returns the first offset from start on that holds no white
// space; -1 if none.
func (f *File) firstNonSpace(start int64) (int64, error) {
	for start < f.Size {
		buf, _, err := f.src.slice(start, scanWindow/4, false)
		if err != nil {
			return -1, err
		}
		for i, c := range buf {
			if class[c] != space {
				return start + int64(i), nil
			}
		}
		start += int64(len(buf))
	}
	return -1, nil
}
