package pdf

// Codes of LZW (ISO 32000-2, 7.4.4.2).
const (
	lzwClear = 256 // empty the table
	lzwEnd   = 257
	lzwBits  = 12 // of the longest codes
)

// lzwString is a string of the table, by its place in what was decoded so far.
type lzwString struct{ at, n int }

// lzwReader reads codes, high bits first.
type lzwReader struct {
	data  []byte
	bits  uint32
	count uint // of bits
}

func (r *lzwReader) next(width uint) (code int, ok bool) {
	for r.count < width {
		if len(r.data) == 0 {
			return 0, false
		}
		r.bits = r.bits<<8 | uint32(r.data[0])
		r.count += 8
		r.data = r.data[1:]
	}
	r.count -= width
	return int(r.bits>>r.count) & (1<<width - 1), true
}

// decodeLZW decodes LZW data; early is /EarlyChange: by how many codes the
// codes become longer too soon. It tells whether the end mark was there, and
// whether all codes had a meaning. It gives up once there are more than limit
// bytes.
func decodeLZW(data []byte, early, limit int) (out []byte, ended, valid bool) {
	var table [1 << lzwBits]lzwString
	r := lzwReader{data: data}
	next, width := lzwEnd+1, uint(9)
	var previous lzwString
	for len(out) <= limit {
		code, ok := r.next(width)
		if !ok {
			return out, false, true
		}
		at := len(out)
		switch {
		case code == lzwEnd:
			return out, true, true
		case code == lzwClear:
			next, width, previous = lzwEnd+1, 9, lzwString{}
			continue
		case code < lzwClear:
			out = append(out, byte(code))
		case code < next:
			s := table[code]
			out = append(out, out[s.at:s.at+s.n]...)
		case code == next && previous.n > 0 && next < len(table):
			out = append(out, out[previous.at:previous.at+previous.n]...)
			out = append(out, out[previous.at])
		default:
			return out, false, false
		}
		if previous.n > 0 && next < len(table) {
			// The string before and the first byte of this one stand together.
			table[next] = lzwString{previous.at, previous.n + 1}
			next++
		}
		if next+early >= 1<<width && width < lzwBits {
			width++
		}
		previous = lzwString{at, len(out) - at}
	}
	return out, false, true
}

// decodeRunLength decodes run-length data (7.4.5). It tells whether the end
// mark was there, and gives up once there are more than limit bytes.
func decodeRunLength(data []byte, limit int) (out []byte, ended bool) {
	for len(data) > 0 && len(out) <= limit {
		n := int(data[0])
		data = data[1:]
		switch {
		case n == 128:
			return out, true
		case n < 128:
			n = min(n+1, len(data))
			out = append(out, data[:n]...)
			data = data[n:]
		case len(data) > 0:
			for range 257 - n {
				out = append(out, data[0])
			}
			data = data[1:]
		}
	}
	return out, false
}
