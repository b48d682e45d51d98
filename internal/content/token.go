package content

import "strconv"

// kind is the sort of a token.
type kind byte

const (
	number   kind = iota
	text          // a string
	name          // without its slash
	operator      // a word
	bracket       // of an array or dictionary
)

// token is one token of a content stream (ISO 32000-2, 7.8.2).
type token struct {
	kind  kind
	value float64
	bytes []byte
}

// scanner reads tokens; what it does not understand it passes over.
type scanner struct {
	data []byte
	pos  int
	cut  bool // the data ended within a string or an image
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

// next returns the next token; ok is false at the end.
func (s *scanner) next() (t token, ok bool) {
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; {
		case isSpace(c):
			s.pos++
		case c == '%':
			for s.pos < len(s.data) && s.data[s.pos] != '\n' && s.data[s.pos] != '\r' {
				s.pos++
			}
		case c == '(':
			return token{kind: text, bytes: s.literal()}, true
		case c == '<' && s.pos+1 < len(s.data) && s.data[s.pos+1] != '<':
			return token{kind: text, bytes: s.hexadecimal()}, true
		case c == '/':
			s.pos++
			return token{kind: name, bytes: s.word()}, true
		case isDelimiter(c):
			start := s.pos
			if s.pos++; (c == '<' || c == '>') && s.pos < len(s.data) && s.data[s.pos] == c {
				s.pos++ // of a dictionary
			}
			return token{kind: bracket, bytes: s.data[start:s.pos]}, true
		default:
			w := s.word()
			if v, err := strconv.ParseFloat(string(w), 64); err == nil && w[len(w)-1] < 'A' {
				return token{kind: number, value: v}, true
			}
			return token{kind: operator, bytes: w}, true
		}
	}
	return token{}, false
}

func (s *scanner) word() []byte {
	start := s.pos
	for s.pos < len(s.data) && !isSpace(s.data[s.pos]) && !isDelimiter(s.data[s.pos]) {
		s.pos++
	}
	return s.data[start:s.pos]
}

// literal reads a string in parentheses (7.3.4.2).
func (s *scanner) literal() []byte {
	var out []byte
	depth := 0
	for ; s.pos < len(s.data); s.pos++ {
		c := s.data[s.pos]
		switch c {
		case '(':
			if depth++; depth == 1 {
				continue
			}
		case ')':
			if depth--; depth == 0 {
				s.pos++
				return out
			}
		case '\\':
			s.pos++
			out = append(out, s.escaped()...)
			continue
		}
		out = append(out, c)
	}
	s.cut = true
	return out
}

// escaped reads what stands behind a backslash, up to its last byte.
func (s *scanner) escaped() []byte {
	if s.pos >= len(s.data) {
		return nil
	}
	switch c := s.data[s.pos]; c {
	case 'n':
		return []byte{'\n'}
	case 'r':
		return []byte{'\r'}
	case 't':
		return []byte{'\t'}
	case 'b', 'f', '\n':
		return nil
	case '\r':
		if s.pos+1 < len(s.data) && s.data[s.pos+1] == '\n' {
			s.pos++
		}
		return nil
	case '0', '1', '2', '3', '4', '5', '6', '7':
		v := c - '0'
		for range 2 {
			if s.pos+1 >= len(s.data) || s.data[s.pos+1] < '0' || s.data[s.pos+1] > '7' {
				break
			}
			s.pos++
			v = v<<3 | (s.data[s.pos] - '0')
		}
		return []byte{v}
	default:
		return []byte{c}
	}
}

// hexadecimal reads a string in angle brackets (7.3.4.3).
func (s *scanner) hexadecimal() []byte {
	var out []byte
	half, odd := byte(0), false
	for s.pos++; s.pos < len(s.data); s.pos++ {
		c := s.data[s.pos]
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		case c == '>':
			s.pos++
			if odd {
				out = append(out, half<<4)
			}
			return out
		default:
			continue
		}
		if odd {
			out = append(out, half<<4|c)
		}
		half, odd = c, !odd
	}
	s.cut = true
	return out
}

// skipImage goes behind the data of an inline image: to white space and "EI".
func (s *scanner) skipImage() {
	for ; s.pos+2 < len(s.data); s.pos++ {
		if isSpace(s.data[s.pos]) && s.data[s.pos+1] == 'E' && s.data[s.pos+2] == 'I' &&
			(s.pos+3 == len(s.data) || isSpace(s.data[s.pos+3])) {
			s.pos += 3
			return
		}
	}
	s.pos, s.cut = len(s.data), true
}
