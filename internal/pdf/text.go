package pdf

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// docEncoding holds the characters of PDFDocEncoding that are not those of
// Latin-1 (ISO 32000-2, annex D.2); it is never written to.
var docEncoding = map[byte]rune{
	0x18: 0x02d8, 0x19: 0x02c7, 0x1a: 0x02c6, 0x1b: 0x02d9, 0x1c: 0x02dd, 0x1d: 0x02db, 0x1e: 0x02da, 0x1f: 0x02dc,
	0x80: 0x2022, 0x81: 0x2020, 0x82: 0x2021, 0x83: 0x2026, 0x84: 0x2014, 0x85: 0x2013, 0x86: 0x0192, 0x87: 0x2044,
	0x88: 0x2039, 0x89: 0x203a, 0x8a: 0x2212, 0x8b: 0x2030, 0x8c: 0x201e, 0x8d: 0x201c, 0x8e: 0x201d, 0x8f: 0x2018,
	0x90: 0x2019, 0x91: 0x201a, 0x92: 0x2122, 0x93: 0xfb01, 0x94: 0xfb02, 0x95: 0x0141, 0x96: 0x0152, 0x97: 0x0160,
	0x98: 0x0178, 0x99: 0x017d, 0x9a: 0x0131, 0x9b: 0x0142, 0x9c: 0x0153, 0x9d: 0x0161, 0x9e: 0x017e, 0xa0: 0x20ac,
	0x7f: utf8.RuneError, 0x9f: utf8.RuneError, 0xad: utf8.RuneError,
}

// DecodeText decodes a text string (ISO 32000-2, 7.9.2.2): UTF-16 or UTF-8 if
// it begins with a byte order mark, else PDFDocEncoding. UTF-16 in little
// endian order, which the standard does not know but files hold, is read too.
// Language escapes are dropped; what cannot be decoded becomes U+FFFD.
func DecodeText(b []byte) string {
	switch {
	case len(b) >= 2 && b[0] == 0xfe && b[1] == 0xff:
		return dropLanguage(decodeUTF16(b[2:], binary.BigEndian))
	case len(b) >= 2 && b[0] == 0xff && b[1] == 0xfe:
		return dropLanguage(decodeUTF16(b[2:], binary.LittleEndian))
	case len(b) >= 3 && b[0] == 0xef && b[1] == 0xbb && b[2] == 0xbf:
		return dropLanguage(strings.ToValidUTF8(string(b[3:]), "\ufffd"))
	}
	if isPlainText(b) {
		return string(b)
	}
	var s strings.Builder
	s.Grow(len(b))
	for _, c := range b {
		if r, ok := docEncoding[c]; ok {
			s.WriteRune(r)
		} else {
			s.WriteRune(rune(c))
		}
	}
	return s.String()
}

// isPlainText tells whether there is nothing but printable ASCII, which every encoding shares.
func isPlainText[T []byte | string](s T) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// encodeDoc returns s in PDFDocEncoding; ok is false where it has characters
// that the encoding lacks.
func encodeDoc(s string) (b []byte, ok bool) {
	for _, r := range s {
		c, ok := docByte(r)
		if !ok {
			return nil, false
		}
		b = append(b, c)
	}
	return b, true
}

func docByte(r rune) (byte, bool) {
	for c, special := range docEncoding {
		if special == r && r != utf8.RuneError {
			return c, true
		}
	}
	if r > 0xff {
		return 0, false
	}
	_, special := docEncoding[byte(r)]
	return byte(r), !special
}

func decodeUTF16(b []byte, order binary.ByteOrder) string {
	units := make([]uint16, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		units = append(units, order.Uint16(b))
	}
	s := string(utf16.Decode(units))
	if len(b) > 0 {
		s += "\ufffd"
	}
	return s
}

// dropLanguage removes the language codes that stand between two U+001B.
func dropLanguage(s string) string {
	for {
		before, rest, ok := strings.Cut(s, "\x1b")
		if !ok {
			return s
		}
		_, after, ok := strings.Cut(rest, "\x1b")
		if !ok {
			return s
		}
		s = before + after
	}
}

// EncodeText returns the token of a text string: a literal string for
// printable ASCII, which is the same in every encoding, else UTF-16 in
// hexadecimal digits. Invalid UTF-8 becomes U+FFFD.
func EncodeText(s string) []byte {
	if !isPlainText(s) {
		return encodeUTF16(s)
	}
	b := make([]byte, 0, len(s)+2)
	b = append(b, '(')
	for i := range len(s) {
		if c := s[i]; c == '(' || c == ')' || c == '\\' {
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return append(b, ')')
}

func encodeUTF16(s string) []byte {
	const digits = "0123456789ABCDEF"
	b := append(make([]byte, 0, 6+4*len(s)), "<FEFF"...)
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, digits[u>>12], digits[u>>8&15], digits[u>>4&15], digits[u&15])
	}
	return append(b, '>')
}
