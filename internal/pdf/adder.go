package pdf

import (
	"bytes"
	"compress/zlib"
	"io"
	"sync"
)

// Adder adds new objects to an Update or to a NewFile, and compresses streams. It
// is for one goroutine.
type Adder struct {
	To interface {
		New() Reference
		Put(ref Reference, body []byte)
		PutStream(ref Reference, dict, data []byte)
	}
}

// compressors are used again: a new one is expensive.
var compressors = sync.Pool{New: func() any { return zlib.NewWriter(io.Discard) }}

func compress(data []byte) []byte {
	var b bytes.Buffer
	z := compressors.Get().(*zlib.Writer) //nolint:errcheck // there is nothing else in it
	z.Reset(&b)
	_, _ = z.Write(data) // into memory: never fails
	_ = z.Close()
	z.Reset(io.Discard) // keeps nothing of the stream
	compressors.Put(z)
	return b.Bytes()
}

// Add adds an object and returns the reference to it, as "12 0 R".
func (a *Adder) Add(body []byte) string {
	ref := a.To.New()
	a.To.Put(ref, body)
	return string(AppendReference(nil, ref))
}

// AddStream adds a stream, whose dictionary is given from "<<" to ">>" without
// Length. If it names no Filter, the data is compressed where that helps.
func (a *Adder) AddStream(dict, data []byte) string {
	const filter = "/Filter/FlateDecode>>"
	if !bytes.Contains(dict, []byte("/Filter")) {
		if packed := compress(data); len(packed)+len(filter) < len(data) {
			dict, data = append(append([]byte{}, dict[:len(dict)-len(">>")]...), filter...), packed
		}
	}
	ref := a.To.New()
	a.To.PutStream(ref, dict, data)
	return string(AppendReference(nil, ref))
}
