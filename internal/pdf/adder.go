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
}

// compressor compresses one stream at a time. Making one is expensive, and so is its Reset.
type compressor struct {
	packed bytes.Buffer
	writer *zlib.Writer
}

// compressors holds a few that nobody uses. A sync.Pool would lose them whenever memory is
// collected, and one takes more memory than most documents.
var compressors = make(chan *compressor, 4)

func compress(data []byte) []byte {
	var c *compressor
	select {
	case c = <-compressors:
		c.writer.Reset(&c.packed)
	default:
		c = &compressor{}
		c.writer = zlib.NewWriter(&c.packed)
	}
	_, _ = c.writer.Write(data) // into memory: never fails
	_ = c.writer.Close()
	packed := c.packed.Bytes()
	c.packed = bytes.Buffer{} // it is the caller's
	select {
	case compressors <- c:
	default:
	}
	return packed
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
