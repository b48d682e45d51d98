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
		if data, err = f.applyFilter(step, data, s.Offset, r, note); err != nil {
			return nil, nil, err
		}
		if len(data) > maxStreamBytes {
			return nil, nil, overLimit(s.Offset, "stream is longer than %d bytes when decoded", maxStreamBytes)
		}
	}
	return data, odd, nil
}

// applyFilter decodes data with one filter. Data that end without the mark that
// ends them are noted.
func (f *File) applyFilter(step filterStep, data []byte, offset int64, r resolver, note func(AnomalyCode, string)) (out []byte, err error) {
	ended := true
	switch step.name {
	case "FlateDecode":
		if out, err = inflate(data, offset, note); err == nil {
			out, err = unpredict(out, step.parms, r, note)
		}
	case "LZWDecode":
		early, err := filterParm(step.parms, "EarlyChange", r, 1, 1)
		if err != nil {
			return nil, err
		}
		var valid bool
		if out, ended, valid = decodeLZW(data, int(early), maxStreamBytes); !valid {
			return nil, malformed(offset, "LZW data are damaged")
		}
		if len(out) > maxStreamBytes {
			return out, nil
		}
		if !ended {
			note(FilterEnd, "LZW data break off")
		}
		return unpredict(out, step.parms, r, note)
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
		return nil, &Error{Kind: ErrUnsupportedFilter, Offset: offset, Text: fmt.Sprintf("/%.40s", step.name)}
	}
	if !ended {
		note(FilterEnd, fmt.Sprintf("data of /%s break off", step.name))
	}
	return out, err
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
// checksum, and data that break off, are tolerated and noted.
func inflate(data []byte, offset int64, note func(AnomalyCode, string)) (out []byte, err error) {
	if len(data) < 2 || data[0]&0x0f != 8 || (int(data[0])<<8|int(data[1]))%31 != 0 || data[1]&0x20 != 0 {
		return nil, malformed(offset, "Flate stream without a zlib header")
	}
	i := newInflater(data[2:])
	// Deflate expands at most 1032 times.
	limit := min(int64(maxStreamBytes), 1032*int64(len(data))+1024)
	i.out.Grow(int(min(limit, 4*int64(len(data))+bytes.MinRead)))
	n, err := i.out.ReadFrom(io.LimitReader(i.r, limit+1))
	rest := data[len(data)-i.in.Len():]
	out = i.close()
	switch {
	case n > limit:
		return nil, overLimit(offset, "stream is longer than %d bytes when decoded", limit)
	case errors.Is(err, io.ErrUnexpectedEOF):
		note(FlateTruncated, "Flate data break off")
		return out, nil
	case err != nil:
		return nil, malformed(offset, "Flate data are damaged: %v", err)
	}
	if sum := adler32.Checksum(out); len(rest) < 4 ||
		uint32(rest[0])<<24|uint32(rest[1])<<16|uint32(rest[2])<<8|uint32(rest[3]) != sum {
		note(FlateChecksum, "Flate checksum is missing or wrong")
	}
	return out, nil
}

// inflater is a decompressor with room for what comes out.
type inflater struct {
	r   io.ReadCloser
	in  bytes.Reader
	out bytes.Buffer
}

// inflaters keeps decompressors between streams and files: each holds a window
// of 32 KiB, more than most streams need in all.
var inflaters sync.Pool

// keptOutput is how much room for output, in bytes, an inflater keeps.
const keptOutput = 64 << 10

// newInflater returns a decompressor of data, one that was used before if there
// is any.
func newInflater(data []byte) *inflater {
	i, ok := inflaters.Get().(*inflater)
	if !ok {
		i = new(inflater)
	}
	i.in.Reset(data)
	if i.r == nil {
		i.r = flate.NewReader(&i.in)
	} else {
		i.r.(flate.Resetter).Reset(&i.in, nil) //nolint:errcheck // it has no error to report
	}
	return i
}

// close gives the inflater back and returns what came out. Long output keeps
// the room it has.
func (i *inflater) close() []byte {
	out := i.out.Bytes()
	if i.out.Cap() > keptOutput {
		i.out = bytes.Buffer{}
	} else {
		out = bytes.Clone(out)
		i.out.Reset()
	}
	i.in.Reset(nil)
	inflaters.Put(i)
	return out
}
