package verify

import (
	"bytes"
	"slices"
)

// scan looks for the name that begins every dictionary that signs something, in
// the bytes that pass by while the digests are computed. It knows nothing of
// objects and constant memory is enough for it.
type scan struct {
	// found is called with the offset of every occurrence, ascending.
	found func(offset int64)
	// escapes tells to look for the name written with number signs as well. No
	// producer does, so only where nothing else was found is it worth the time.
	escapes bool

	next  int64   // behind the occurrence found last
	carry []byte  // the end of the previous block
	hits  []int64 // of one search; kept for the next
}

// token is the name as it is usually written, and escapedToken how long it is
// when every character is written with a number sign (ISO 32000-2, 7.3.5).
const (
	token        = "/ByteRange"
	escapedToken = 1 + 3*(len(token)-1)
)

// block is called with every block of the file in order; blocks may be shorter
// than the token.
func (s *scan) block(offset int64, b []byte) {
	const overlap = escapedToken - 1
	if s.carry == nil {
		s.carry = make([]byte, 0, 2*overlap)
	}
	joint := append(s.carry, b[:min(len(b), overlap)]...)
	s.search(joint, offset-int64(len(s.carry)))
	s.search(b, offset)
	if len(b) >= overlap {
		joint = b
	}
	s.carry = append(s.carry[:0], joint[max(0, len(joint)-overlap):]...)
}

func (s *scan) search(b []byte, at int64) {
	s.hits = s.hits[:0]
	for from := 0; ; {
		i := bytes.Index(b[from:], []byte(token))
		if i < 0 {
			break
		}
		s.hits = append(s.hits, int64(from+i))
		from += i + len(token)
	}
	plain := len(s.hits)
	for from := 0; s.escapes; {
		i := bytes.IndexByte(b[from:], '#')
		if i < 0 {
			break
		}
		if start := escapedAt(b, from+i); start >= 0 {
			s.hits = append(s.hits, int64(start))
		}
		from += i + 1
	}
	if len(s.hits) > plain {
		slices.Sort(s.hits)
	}
	for _, i := range s.hits {
		if at+i >= s.next {
			s.next = at + i + 1
			s.found(at + i)
		}
	}
}

// escapedAt returns where the token begins whose first number sign stands at
// hash; -1 where it is none of its characters.
func escapedAt(b []byte, hash int) int {
	name := token[1:]
	plain := 0 // how many characters stand before it as they are
	for plain < len(name)-1 && hash-plain > 0 && b[hash-plain-1] != '/' {
		plain++
	}
	start := hash - plain - 1
	if start < 0 || b[start] != '/' || string(b[start+1:hash]) != name[:plain] {
		return -1
	}
	rest := b[hash:]
	for _, want := range []byte(name[plain:]) {
		switch {
		case len(rest) > 0 && rest[0] == want:
			rest = rest[1:]
		case len(rest) > 2 && rest[0] == '#' && hexDigit(rest[1])<<4|hexDigit(rest[2]) == int(want):
			rest = rest[3:]
		default:
			return -1
		}
	}
	return start
}

// hexDigit returns the value of a hexadecimal digit, a negative number for
// anything else.
func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1 << 16
}
