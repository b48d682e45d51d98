package pdf

import (
	"slices"
	"strconv"
)

// The Append functions write tokens behind dst and return the result, in the
// manner of strconv.AppendInt.

// AppendName appends a name with its slash; bytes that a name cannot hold as
// they are become #xx (ISO 32000-2, 7.3.5).
func AppendName(dst []byte, n Name) []byte {
	dst = append(dst, '/')
	for i := range len(n) {
		switch c := n[i]; {
		case c <= ' ' || c >= 0x7f || c == '#' || isDelimiterByte(c):
			dst = append(dst, '#', upperHex[c>>4], upperHex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// AppendReference appends "12 0 R".
func AppendReference(dst []byte, r Reference) []byte {
	dst = strconv.AppendInt(slices.Grow(dst, 16), r.Number, 10)
	dst = append(dst, ' ')
	dst = strconv.AppendInt(dst, r.Generation, 10)
	return append(dst, " R"...)
}

// AppendHex appends b as a hexadecimal string.
func AppendHex(dst, b []byte) []byte {
	dst = append(dst, '<')
	dst = AppendHexDigits(dst, b)
	return append(dst, '>')
}

// AppendHexDigits appends two upper-case digits for every byte of b, without
// delimiters.
func AppendHexDigits(dst, b []byte) []byte {
	for _, c := range b {
		dst = append(dst, upperHex[c>>4], upperHex[c&15])
	}
	return dst
}

// AppendValue appends a value in clear, written anew: strings in hexadecimal
// digits, references as they are. A stream, which is no value, becomes null. What
// comes from an encrypted file is to be encrypted again, see Update.Within.
func AppendValue(dst []byte, o Object) []byte {
	switch v := o.(type) {
	case Boolean:
		return strconv.AppendBool(dst, bool(v))
	case Integer:
		return strconv.AppendInt(dst, int64(v), 10)
	case Real:
		return strconv.AppendFloat(dst, float64(v), 'f', -1, 64)
	case String:
		return AppendHex(dst, v.Value)
	case Name:
		return AppendName(dst, v)
	case Reference:
		return AppendReference(dst, v)
	case *Array:
		dst = append(dst, '[')
		for i, item := range v.Items {
			if i > 0 {
				dst = append(dst, ' ')
			}
			dst = AppendValue(dst, item)
		}
		return append(dst, ']')
	case *Dict:
		dst = append(dst, "<<"...)
		for _, e := range v.Entries {
			dst = AppendEntry(dst, e.Key, AppendValue(nil, e.Value))
		}
		return append(dst, ">>"...)
	}
	return append(dst, "null"...)
}

// AppendEntry appends a key and its value, which is written already.
func AppendEntry(dst []byte, key Name, value []byte) []byte {
	return appendSeparated(AppendName(dst, key), value)
}

func appendZeros(dst []byte, n int) []byte {
	const zeros = "0000000000000000000000000000000000000000000000000000000000000000"
	for ; n > len(zeros); n -= len(zeros) {
		dst = append(dst, zeros...)
	}
	return append(dst, zeros[:n]...)
}

// appendPadded appends n in decimal digits with leading zeros.
func appendPadded(dst []byte, n int64, width int) []byte {
	at := len(dst)
	dst = appendZeros(dst, width)
	for i := len(dst) - 1; i >= at && n > 0; i-- {
		dst[i] = byte('0' + n%10)
		n /= 10
	}
	return dst
}

const upperHex = "0123456789ABCDEF"

func isDelimiterByte(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}
