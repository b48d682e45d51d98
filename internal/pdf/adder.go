package pdf

import (
	"bytes"
	"compress/zlib"
)

// Adder adds new objects to an Update or to a NewFile, and compresses streams. It
// is for one goroutine.
type Adder struct {
	To interface {
		New() Reference
		Put(ref Reference, body []byte)
		PutStream(ref Reference, dict, data []byte)
	}
	zlib *zlib.Writer // used again for every stream: a new one is expensive
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
		var b bytes.Buffer
		if a.zlib == nil {
			a.zlib = zlib.NewWriter(&b)
		}
		a.zlib.Reset(&b)
		_, _ = a.zlib.Write(data) // into memory: never fails
		_ = a.zlib.Close()
		if b.Len()+len(filter) < len(data) {
			dict, data = append(append([]byte{}, dict[:len(dict)-len(">>")]...), filter...), b.Bytes()
		}
	}
	ref := a.To.New()
	a.To.PutStream(ref, dict, data)
	return string(AppendReference(nil, ref))
}
