package pdf

import (
	"bytes"
	"compress/flate"
	"encoding/ascii85"
	"errors"
	"fmt"
	"hash/adler32"
	"io"
	"sync"
)

// resolver follows references in a stream dictionary.
type resolver interface {
	Resolve(Object) (Object, error)
}

// directOnly refuses references: a cross-reference stream may hold none (7.5.8.2).
type directOnly struct{}

func (directOnly) Resolve(o Object) (Object, error) {
	if r, ok := o.(Reference); ok {
		return nil, malformed(-1, "reference %v where a direct object is required", r)
	}
	return o, nil
}

// filterStep is one filter of a stream with its parameters.
type filterStep struct {
	name  Name
	parms *Dict
}

// decodeStream reads the bytes of a stream and applies its filters (7.4).
// The anomalies lack their place.
func (f *File) decodeStream(s *Stream, r resolver) (data []byte, odd []Anomaly, err error) {
	steps, err := filterSteps(s.Dict, r)
	if err != nil {
		return nil, nil, err
	}
	if s.Length > maxStreamBytes {
		return nil, nil, overLimit(s.Offset, "stream is longer than %d bytes", maxStreamBytes)
	}
	if err := f.cache.countFiltered(s.Offset, 0); err != nil {
		return nil, nil, err // before anything is read
	}
	if s.Length > 0 {
		if data, _, err = f.src.slice(s.Offset, int(s.Length), false); err != nil {
			return nil, nil, err
		}
	}
	note := func(code AnomalyCode, text string) {
		odd = append(odd, Anomaly{Code: code, Offset: s.Offset, Text: text})
	}
	if data, err = f.decryptStream(s, steps, data, note); err != nil {
		return nil, nil, err
	}
	for _, step := range steps {
		if name, ok := abbreviated[step.name]; ok {
			note(FilterName, fmt.Sprintf("/%s instead of /%s", step.name, name))
			step.name = name
		}
		if err := f.cache.countFiltered(s.Offset, len(data)); err != nil {
			return nil, nil, err
		}
		var n int
		data, n, err = applyFilter(step, data, s.Offset, r, note)
		if limit := f.cache.countFiltered(s.Offset, n); limit != nil {
			return nil, nil, limit
		}
		if err != nil {
			return nil, nil, err
		}
		if len(data) > maxStreamBytes {
			return nil, nil, overLimit(s.Offset, "stream is longer than %d bytes when decoded", maxStreamBytes)
		}
	}
	return data, odd, nil
}

// applyFilter decodes data with one filter. Data that end without the mark that
// ends them are noted. n is how many bytes came out, also where there is an error.
func applyFilter(step filterStep, data []byte, offset int64, r resolver, note func(AnomalyCode, string)) (out []byte, n int, err error) {
	ended := true
	switch step.name {
	case "FlateDecode":
		if out, n, err = inflate(data, offset, note); err == nil {
			out, err = unpredict(out, step.parms, r, note)
		}
		return out, n, err
	case "LZWDecode":
		early, err := filterParm(step.parms, "EarlyChange", r, 1, 1)
		if err != nil {
			return nil, 0, err
		}
		var valid bool
		if out, ended, valid = decodeLZW(data, int(early), maxStreamBytes); !valid {
			return nil, len(out), malformed(offset, "LZW data are damaged")
		}
		if n = len(out); n > maxStreamBytes {
			return out, n, nil
		}
		if !ended {
			note(FilterEnd, "LZW data break off")
		}
		out, err = unpredict(out, step.parms, r, note)
		return out, n, err
	case "RunLengthDecode":
		out, ended = decodeRunLength(data, maxStreamBytes)
	case "ASCIIHexDecode":
		i := bytes.IndexByte(data, '>')
		if ended = i >= 0; ended {
			data = data[:i]
		}
		out, _ = decodeHex(data)
	case "ASCII85Decode":
		out, err = decodeASCII85(data, offset)
	case "Crypt": // done by decryptStream
		out = data
	default:
		return nil, 0, &Error{Kind: ErrUnsupportedFilter, Offset: offset, Text: fmt.Sprintf("/%.40s", step.name)}
	}
	if !ended {
		note(FilterEnd, fmt.Sprintf("data of /%s break off", step.name))
	}
	return out, len(out), err
}

// unpredict undoes the prediction that the parameters name.
func unpredict(data []byte, parms *Dict, r resolver, note func(AnomalyCode, string)) ([]byte, error) {
	p, err := readPredictor(parms, r)
	if err != nil {
		return nil, err
	}
	return p.apply(data, note)
}

// abbreviated holds the names that inline images use for the filters that are
// implemented; it is never written to.
var abbreviated = map[Name]Name{
	"Fl": "FlateDecode", "LZW": "LZWDecode", "RL": "RunLengthDecode", "AHx": "ASCIIHexDecode", "A85": "ASCII85Decode",
}

// decodeASCII85 decodes base 85 (7.4.3) up to its end mark.
func decodeASCII85(data []byte, offset int64) ([]byte, error) {
	if i := bytes.Index(data, []byte("~")); i >= 0 {
		data = data[:i]
	}
	out, err := io.ReadAll(io.LimitReader(ascii85.NewDecoder(bytes.NewReader(data)), maxStreamBytes+1))
	if err != nil {
		return nil, malformed(offset, "ASCII85 data are damaged: %v", err)
	}
	if len(out) > maxStreamBytes {
		return nil, overLimit(offset, "stream is longer than %d bytes when decoded", maxStreamBytes)
	}
	return out, nil
}

// filterSteps reads /Filter and /DecodeParms.
func filterSteps(d *Dict, r resolver) ([]filterStep, error) {
	if d.Has("F") {
		return nil, &Error{Kind: ErrUnsupportedFilter, Offset: -1, Text: "stream data in another file (/F)"}
	}
	filter, err := r.Resolve(d.Get("Filter"))
	if err != nil {
		return nil, err
	}
	parms, err := r.Resolve(d.Get("DecodeParms"))
	if err != nil {
		return nil, err
	}
	filters, parmsList := []Object{filter}, []Object{parms}
	switch v := filter.(type) {
	case Null:
		return nil, nil
	case *Array:
		filters = v.Items
		parmsList = nil
		if a, ok := parms.(*Array); ok {
			parmsList = a.Items
		} else if len(filters) == 1 {
			parmsList = []Object{parms}
		}
	}
	if len(filters) > maxFilters {
		return nil, overLimit(-1, "stream with more than %d filters", maxFilters)
	}
	steps := make([]filterStep, len(filters))
	for i, o := range filters {
		if o, err = r.Resolve(o); err != nil {
			return nil, err
		}
		name, ok := o.(Name)
		if !ok {
			return nil, malformed(-1, "/Filter is not a name")
		}
		steps[i].name = name
		if i >= len(parmsList) {
			continue
		}
		p, err := r.Resolve(parmsList[i])
		if err != nil {
			return nil, err
		}
		steps[i].parms, _ = p.(*Dict)
	}
	return steps, nil
}

// inflate decodes zlib data (RFC 1950). As in qpdf, a missing or wrong
// checksum, and data that break off, are tolerated and noted. n is how many
// bytes came out, also where there is an error.
func inflate(data []byte, offset int64, note func(AnomalyCode, string)) (out []byte, n int, err error) {
	if len(data) < 2 || data[0]&0x0f != 8 || (int(data[0])<<8|int(data[1]))%31 != 0 || data[1]&0x20 != 0 {
		return nil, 0, malformed(offset, "Flate stream without a zlib header")
	}
	i := newInflater(data[2:])
	defer i.close()
	// Deflate expands at most 1032 times.
	limit := min(maxStreamBytes, 1032*int64(len(data))+1024)
	n, err = i.read(int(limit) + 1)
	switch {
	case n > int(limit):
		return nil, n, overLimit(offset, "stream is longer than %d bytes when decoded", limit)
	case errors.Is(err, io.ErrUnexpectedEOF):
		note(FlateTruncated, "Flate data break off")
		return i.output(n), n, nil
	case !errors.Is(err, io.EOF):
		return nil, n, malformed(offset, "Flate data are damaged: %v", err)
	}
	rest := data[len(data)-i.in.Len():]
	out = i.output(n)
	if sum := adler32.Checksum(out); len(rest) < 4 ||
		uint32(rest[0])<<24|uint32(rest[1])<<16|uint32(rest[2])<<8|uint32(rest[3]) != sum {
		note(FlateChecksum, "Flate checksum is missing or wrong")
	}
	return out, n, nil
}

// inflater is a decompressor with room for what comes out.
type inflater struct {
	r      io.ReadCloser
	data   []byte
	in     bytes.Reader
	room   []byte   // for the first bytes; kept from use to use
	pieces [][]byte // further ones
}

// inflaters keeps decompressors between streams and files: each holds a window
// of 32 KiB, more than most streams need in all.
var inflaters sync.Pool

const (
	// keptOutput is how much room for output, in bytes, an inflater keeps.
	keptOutput = 64 << 10
	// maxPiece is how long the pieces of long output are at most, and maxPieces how
	// many are kept: longer output is decompressed twice, first to count it.
	maxPiece  = 2 << 20
	maxPieces = 12
)

// newInflater returns a decompressor of data, one that was used before if there
// is any.
func newInflater(data []byte) *inflater {
	i, ok := inflaters.Get().(*inflater)
	if !ok {
		i = &inflater{room: make([]byte, keptOutput)}
	}
	i.data = data
	i.rewind()
	return i
}

// rewind goes back to the beginning of the data.
func (i *inflater) rewind() {
	i.in.Reset(i.data)
	if i.r == nil {
		i.r = flate.NewReader(&i.in)
	} else {
		i.r.(flate.Resetter).Reset(&i.in, nil) //nolint:errcheck // it has no error to report
	}
}

// read decompresses up to limit bytes and counts them. The error is never nil
// unless the limit is reached. What comes out is kept in pieces, which are not
// copied as it grows, and not at all when it is long: it may end with damage.
func (i *inflater) read(limit int) (n int, err error) {
	for piece, size := i.room, 2*keptOutput; ; size = min(2*size, maxPiece) {
		k, err := readFull(i.r, piece[:min(len(piece), limit-n)])
		n += k
		if err != nil || n == limit {
			return n, err
		}
		if len(i.pieces) < maxPieces {
			piece = make([]byte, size)
			i.pieces = append(i.pieces, piece)
		} else if len(i.pieces) == maxPieces {
			i.pieces = append(i.pieces, nil) // too long to be kept
		}
	}
}

// readFull fills b, but for an error.
func readFull(r io.Reader, b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var k int
		k, err = r.Read(b[n:])
		n += k
	}
	return n, err
}

// output returns the n bytes that were read.
func (i *inflater) output(n int) []byte {
	out := make([]byte, n)
	if len(i.pieces) > maxPieces {
		i.pieces = nil
		i.rewind()
		k, _ := readFull(i.r, out) // as before
		return out[:k]
	}
	k := copy(out, i.room)
	for _, p := range i.pieces {
		k += copy(out[k:], p)
	}
	return out
}

// close gives the inflater back.
func (i *inflater) close() {
	i.data, i.pieces = nil, nil
	i.in.Reset(nil)
	inflaters.Put(i)
}
