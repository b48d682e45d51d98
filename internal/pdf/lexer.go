package pdf

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
)

// errMore says that a token may go on behind the window; the caller reads a
// longer one and parses again.
var errMore = errors.New("pdf: window too short")

// syntaxError is a violation of the grammar at a position of the window.
type syntaxError struct {
	pos  int
	text string
	kind error
}

func (e *syntaxError) Error() string { return e.text }

// oddity is a tolerated violation at a position of the window.
type oddity struct {
	code      AnomalyCode
	ambiguous bool
	pos       int
	text      string
}

// lexer reads tokens from a window (ISO 32000-2, 7.2).
type lexer struct {
	buf []byte
	pos int
	eof bool // nothing follows buf
	odd []oddity
}

// Classes of characters (7.2.3).
const (
	regular = iota
	space
	delimiter
)

// class holds the class of every byte; it is never written to.
var class = [256]uint8{
	0: space, '\t': space, '\n': space, '\f': space, '\r': space, ' ': space,
	'(': delimiter, ')': delimiter, '<': delimiter, '>': delimiter, '[': delimiter, ']': delimiter,
	'{': delimiter, '}': delimiter, '/': delimiter, '%': delimiter,
}

func isDigit(c byte) bool { return c-'0' <= 9 }

// tooShort is the error for input that ends within a token.
func (l *lexer) tooShort(what string) error {
	if l.eof {
		return &syntaxError{len(l.buf), "file ends within " + what, ErrMalformed}
	}
	return errMore
}

func (l *lexer) fail(pos int, format string, args ...any) error {
	return &syntaxError{pos, fmt.Sprintf(format, args...), ErrMalformed}
}

func (l *lexer) note(code AnomalyCode, ambiguous bool, pos int, text string) {
	if len(l.odd) < 16 {
		l.odd = append(l.odd, oddity{code, ambiguous, pos, text})
	}
}

// skipSpace goes to the next byte that is neither white space nor in a comment.
func (l *lexer) skipSpace() {
	if l.pos < len(l.buf) && l.buf[l.pos] > '%' {
		return // most often; white space and the sign of comments are not above it
	}
	l.skipSpaces()
}

func (l *lexer) skipSpaces() {
	for l.pos < len(l.buf) {
		c := l.buf[l.pos]
		switch {
		case class[c] == space:
			l.pos++
		case c == '%':
			n := bytes.IndexAny(l.buf[l.pos:], "\r\n")
			if n < 0 {
				l.pos = len(l.buf)
				return
			}
			l.pos += n
		default:
			return
		}
	}
}

// word returns the run of regular characters that begins here, which may be
// empty. It is errMore if the run may go on behind the window.
func (l *lexer) word() ([]byte, error) {
	start := l.pos
	i := start
	for i < len(l.buf) && class[l.buf[i]] == regular {
		i++
	}
	if i == len(l.buf) && !l.eof {
		return nil, errMore
	}
	l.pos = i
	return l.buf[start:i], nil
}

// keyword consumes word if it stands here as a whole word.
func (l *lexer) keyword(word string) (bool, error) {
	rest := l.buf[l.pos:]
	if len(rest) < len(word) {
		if !l.eof && string(rest) == word[:len(rest)] {
			return false, errMore
		}
		return false, nil
	}
	if string(rest[:len(word)]) != word {
		return false, nil
	}
	if len(rest) == len(word) {
		if !l.eof {
			return false, errMore
		}
	} else if class[rest[len(word)]] == regular {
		return false, nil
	}
	l.pos += len(word)
	return true, nil
}

// unsigned reads a decimal number without sign of at most 19 digits; ok is
// false, and nothing consumed, where none stands here.
func (l *lexer) unsigned() (n int64, ok bool, err error) {
	i := l.pos
	for i < len(l.buf) && isDigit(l.buf[i]) {
		if i-l.pos >= 18 {
			return 0, false, nil
		}
		n = n*10 + int64(l.buf[i]-'0')
		i++
	}
	if i == len(l.buf) && !l.eof {
		return 0, false, errMore
	}
	if i == l.pos {
		return 0, false, nil
	}
	l.pos = i
	return n, true, nil
}

// number reads an integer or real number (7.3.3).
func (l *lexer) number() (Object, error) {
	start := l.pos
	w, err := l.word()
	if err != nil {
		return nil, err
	}
	if n, ok := parseInteger(w); ok {
		return n, nil
	}
	if r, ok := parseReal(w); ok {
		return r, nil
	}
	l.note(NumberForm, true, start, fmt.Sprintf("%.20q is not a number", w))
	return Null{}, nil
}

func parseInteger(w []byte) (Object, bool) {
	digits := w
	if len(w) > 0 && (w[0] == '-' || w[0] == '+') {
		digits = w[1:]
	}
	if len(digits) == 0 || len(digits) > 18 {
		return nil, false
	}
	var n int64
	for _, c := range digits {
		if !isDigit(c) {
			return nil, false
		}
		n = n*10 + int64(c-'0')
	}
	if w[0] == '-' {
		n = -n
	}
	return Integer(n), true
}

func parseReal(w []byte) (Object, bool) {
	digits, points := 0, 0
	for i, c := range w {
		switch {
		case isDigit(c):
			digits++
		case c == '.':
			points++
		case (c == '-' || c == '+') && i == 0:
		default:
			return nil, false
		}
	}
	if digits == 0 || points > 1 {
		return nil, false
	}
	if points == 0 {
		if n, err := strconv.ParseInt(string(w), 10, 64); err == nil {
			return Integer(n), true
		}
	}
	r, err := strconv.ParseFloat(string(w), 64)
	return Real(r), err == nil
}

// name reads a Name; the slash stands here (7.3.5).
func (l *lexer) name() (Object, error) {
	start := l.pos
	l.pos++
	w, err := l.word()
	if err != nil {
		l.pos = start
		return nil, err
	}
	if bytes.IndexByte(w, '#') < 0 {
		return internName(w), nil
	}
	out := make([]byte, 0, len(w))
	for i := 0; i < len(w); i++ {
		if w[i] == '#' {
			if i+2 < len(w) && hexValue[w[i+1]] < 16 && hexValue[w[i+2]] < 16 {
				out = append(out, hexValue[w[i+1]]<<4|hexValue[w[i+2]])
				i += 2
				continue
			}
			l.note(NameForm, true, start, fmt.Sprintf("%.40q has # without two hexadecimal digits", w))
		}
		out = append(out, w[i])
	}
	return internName(out), nil
}

// literal reads a literal string; the parenthesis stands here (7.3.4.2).
func (l *lexer) literal() (String, error) {
	end, plain := l.literalEnd()
	if end < 0 {
		return String{}, l.tooShort("a literal string")
	}
	body := l.buf[l.pos+1 : end]
	l.pos = end + 1
	if plain {
		return String{Value: body[:len(body):len(body)]}, nil
	}
	return String{Value: unescape(body)}, nil
}

// literalEnd finds the closing parenthesis; plain tells that the string holds
// no escape sequence and no carriage return.
func (l *lexer) literalEnd() (end int, plain bool) {
	depth, plain := 0, true
	for i := l.pos; i < len(l.buf); i++ {
		switch l.buf[i] {
		case '\\':
			plain = false
			i++
		case '\r':
			plain = false
		case '(':
			depth++
		case ')':
			depth--
			if depth == 0 {
				return i, plain
			}
		}
	}
	return -1, false
}

// unescape decodes the escape sequences of a literal string (7.3.4.2, table 3).
func unescape(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch {
		case c == '\r':
			if i+1 < len(b) && b[i+1] == '\n' {
				i++
			}
			out = append(out, '\n')
		case c != '\\' || i+1 == len(b):
			out = append(out, c)
		default:
			i++
			switch c = b[i]; c {
			case 'n':
				out = append(out, '\n')
			case 'r':
				out = append(out, '\r')
			case 't':
				out = append(out, '\t')
			case 'b':
				out = append(out, '\b')
			case 'f':
				out = append(out, '\f')
			case '\n':
			case '\r':
				if i+1 < len(b) && b[i+1] == '\n' {
					i++
				}
			case '0', '1', '2', '3', '4', '5', '6', '7':
				v := c - '0'
				for n := 1; n < 3 && i+1 < len(b) && b[i+1]-'0' < 8; n++ {
					i++
					v = v<<3 | (b[i] - '0')
				}
				out = append(out, v)
			default:
				out = append(out, c)
			}
		}
	}
	return out
}

// notHex marks, in hexValue, what is neither a digit nor white space.
const (
	hexSpace = 0xfe
	notHex   = 0xff
)

// hexValue holds the value of every hexadecimal digit; it is never written to.
var hexValue = func() (t [256]byte) {
	for i := range t {
		t[i] = notHex
		if class[i] == space {
			t[i] = hexSpace
		}
	}
	for i := range 10 {
		t['0'+i] = byte(i)
	}
	for i := range 6 {
		t['a'+i], t['A'+i] = byte(10+i), byte(10+i)
	}
	return t
}()

// hexString reads a hexadecimal string; the "<" stands here (7.3.4.3).
func (l *lexer) hexString() (String, error) {
	start := l.pos
	n := bytes.IndexByte(l.buf[start:], '>')
	if n < 0 {
		return String{}, l.tooShort("a hexadecimal string")
	}
	body := l.buf[start+1 : start+n]
	l.pos = start + n + 1
	value, form := decodeHex(body)
	if form == hexImpure {
		l.note(StringForm, true, start, "hexadecimal string holds other characters")
	}
	return String{Value: value, Hex: true, Exact: form == hexExact}, nil
}

// hexForm tells what stands in a hexadecimal string.
type hexForm uint8

const (
	hexExact  hexForm = iota // digits alone
	hexSpaced                // digits and white space
	hexImpure                // other characters too
)

// zeroDigits is a block of what signatures are padded with by the thousand.
const zeroDigits = "0000000000000000000000000000000000000000000000000000000000000000"

// decodeHex decodes hexadecimal digits; white space is skipped, an odd last
// digit counts as if 0 followed.
func decodeHex(b []byte) (value []byte, form hexForm) {
	out := make([]byte, (len(b)+1)/2)
	zeros := 0 // that b ends with; out has them already
	for len(b) >= len(zeroDigits) && string(b[len(b)-len(zeroDigits):]) == zeroDigits {
		b = b[:len(b)-len(zeroDigits)]
		zeros += len(zeroDigits)
	}
	n := decodeDigits(out, b)
	half := -1
	for _, c := range b[2*n:] {
		switch v := hexValue[c]; {
		case v == hexSpace:
			form = max(form, hexSpaced)
		case v == notHex:
			form = hexImpure
		case half < 0:
			half = int(v)
		default:
			out[n] = byte(half)<<4 | v
			n++
			half = -1
		}
	}
	if half >= 0 {
		out[n] = byte(half) << 4
		n++
		zeros = max(0, zeros-1)
	}
	n += (zeros + 1) / 2
	return out[:n:n], form
}

// decodeDigits decodes digits, eight at a time, up to the first eight bytes that are not
// all digits. It returns how many bytes it wrote.
func decodeDigits(to, b []byte) int {
	const ones = 0x0101010101010101 // what follows works on all bytes of a word at once
	n := len(to)
	for len(b) >= 8 && len(to) >= 4 {
		x := binary.LittleEndian.Uint64(b)
		letter := x >> 6 & ones                           // 1 in the bytes of letters
		v := x&(0x0f*ones) + 9*letter                     // the values, if all are digits
		over := (v + (0x80-10)*ones) >> 7 & ones          // 1 in those of ten and more
		written := v + '0'*ones + over*('a'-'0'-10)       // as digits again
		if written != x|letter<<5 || v&(0xf0*ones) != 0 { // in lower case
			break
		}
		v = (v<<4 | v>>8) & 0x00ff00ff00ff00ff
		v = (v | v>>8) & 0x0000ffff0000ffff
		binary.LittleEndian.PutUint32(to, uint32(v|v>>16))
		to, b = to[4:], b[8:]
	}
	return n - len(to)
}
