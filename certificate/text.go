package certificate

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
)

// Universal tags of the string types (X.680).
const (
	tagUTF8String      = 12
	tagNumericString   = 18
	tagPrintableString = 19
	tagT61String       = 20
	tagIA5String       = 22
	tagVisibleString   = 26
	tagUniversalString = 28
	tagBMPString       = 30
)

func isString(tag int) bool {
	switch tag {
	case tagUTF8String, tagNumericString, tagPrintableString, tagT61String,
		tagIA5String, tagVisibleString, tagUniversalString, tagBMPString:
		return true
	}
	return false
}

// isBytes tells of the string types whose ASCII characters are their bytes.
func isBytes(tag int) bool {
	return isString(tag) && tag != tagBMPString && tag != tagUniversalString
}

// Text returns the value as text, and whether the encoding had to be guessed
// because the bytes are not what the string type promises. A value that is not a
// string is returned as "#" and its hexadecimal DER (RFC 4514, 2.4).
func (a NameAttribute) Text() (text string, guessed bool) {
	if !isString(a.Tag) {
		return "#" + hex.EncodeToString(a.Raw), false
	}
	return decodeText(a.Tag, a.value)
}

func decodeText(tag int, b []byte) (text string, guessed bool) {
	switch tag {
	case tagBMPString:
		return decodeUTF16(b)
	case tagUniversalString:
		return decodeUTF32(b)
	case tagUTF8String:
		if utf8.Valid(b) {
			return string(b), false
		}
		return decodeLegacy(b), true
	}
	for _, c := range b {
		if c < 0x80 {
			continue
		}
		if utf8.Valid(b) {
			return string(b), true
		}
		return decodeLegacy(b), true
	}
	return string(b), false
}

// decodeLegacy reads bytes that are not UTF-8: as Shift_JIS when they hold bytes
// that ISO 8859-1 reserves for control characters, as the lead bytes of most
// kanji are, and else as ISO 8859-1.
func decodeLegacy(b []byte) string {
	for _, c := range b {
		if c < 0x80 || c > 0x9F {
			continue
		}
		text, err := japanese.ShiftJIS.NewDecoder().Bytes(b)
		if err == nil && !strings.ContainsRune(string(text), utf8.RuneError) {
			return string(text)
		}
		break
	}
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}

func decodeUTF16(b []byte) (text string, guessed bool) {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = binary.BigEndian.Uint16(b[2*i:])
	}
	runes := utf16.Decode(units)
	if len(b)%2 != 0 {
		return string(append(runes, utf8.RuneError)), true
	}
	return string(runes), false
}

func decodeUTF32(b []byte) (text string, guessed bool) {
	var sb strings.Builder
	for ; len(b) >= 4; b = b[4:] {
		r := binary.BigEndian.Uint32(b)
		if r > utf8.MaxRune {
			r = utf8.RuneError
		}
		sb.WriteRune(rune(r))
	}
	if len(b) != 0 {
		sb.WriteRune(utf8.RuneError)
		return sb.String(), true
	}
	return sb.String(), false
}
