package vectors

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"

	"github.com/inkan-go/inkan/internal/testpdf"
)

var byteRange = regexp.MustCompile(`/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]`)

// placed is a signed file with the place of its last signature. Mutators copy
// data before they change it.
type placed struct {
	data     []byte
	from, to int // the gap: "<" ... ">"
	end      int // of the signed ranges
	rangeAt  int // of the /ByteRange key
	rangeEnd int // after its "]"
}

// place finds the last signature of a file; it panics where there is none, so
// that a vector cannot lose its subject.
func place(data []byte) placed {
	all := byteRange.FindAllSubmatchIndex(data, -1)
	if len(all) == 0 {
		panic("vectors: no ByteRange")
	}
	m := all[len(all)-1]
	n := func(i int) int {
		v, err := strconv.Atoi(string(data[m[2*i]:m[2*i+1]]))
		if err != nil {
			panic(err)
		}
		return v
	}
	p := placed{data: data, from: n(2), to: n(3), end: n(3) + n(4), rangeAt: m[0], rangeEnd: m[1]}
	if data[p.from] != '<' || data[p.to-1] != '>' {
		panic("vectors: the gap is not a hexadecimal string")
	}
	return p
}

// overwrite returns the file with [from, to) replaced by text, padded with
// spaces to the same length, so that no offset moves.
func (p placed) overwrite(from, to int, text string) []byte {
	if len(text) > to-from {
		panic(fmt.Sprintf("vectors: %q does not fit into %d bytes", text, to-from))
	}
	out := bytes.Clone(p.data)
	n := copy(out[from:to], text)
	for i := from + n; i < to; i++ {
		out[i] = ' '
	}
	return out
}

// contentsKey returns where the /Contents key of the signature begins.
func (p placed) contentsKey() int {
	at := bytes.LastIndex(p.data[:p.from], []byte("/Contents"))
	if at < 0 || p.from-at > len("/Contents")+2 {
		panic("vectors: /Contents does not precede the gap")
	}
	return at
}

// dictionary returns the span of the indirect object that holds the signature
// dictionary, from its number to "endobj".
func (p placed) dictionary() (from, to int) {
	at := bytes.LastIndex(p.data[:p.rangeAt], []byte(" 0 obj"))
	if c := bytes.LastIndex(p.data[:p.from], []byte(" 0 obj")); c > at {
		at = c
	}
	for at > 0 && p.data[at-1] >= '0' && p.data[at-1] <= '9' {
		at--
	}
	return at, testpdf.MustIndex(p.data, "endobj", max(p.to, p.rangeEnd)) + len("endobj")
}

// number returns the object number of the signature dictionary.
func (p placed) number() int {
	from, _ := p.dictionary()
	n, err := strconv.Atoi(string(p.data[from : from+bytes.IndexByte(p.data[from:], ' ')]))
	if err != nil {
		panic(err)
	}
	return n
}

// body returns the signature dictionary itself, "<<" ... ">>".
func (p placed) body() string {
	from, to := p.dictionary()
	text := p.data[from:to]
	return string(bytes.TrimSpace(text[bytes.Index(text, []byte("<<")) : len(text)-len("endobj")]))
}
