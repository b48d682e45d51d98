// Package testpdf writes small PDF files in every cross-reference form, for the
// project's own tests and test vectors. It shares no code with internal/pdf, so
// that a fault there cannot hide itself, and it writes broken files as readily
// as sound ones. It is not used outside tests and generators.
package testpdf

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/adler32"
	"sort"
)

// Form is the form of a cross-reference section (ISO 32000-2, 7.5.4 and 7.5.8).
type Form int

// The forms.
const (
	Table  Form = iota // classic table
	Stream             // cross-reference stream, objects in an object stream
	Hybrid             // classic table with /XRefStm
)

// Forms lists every form, for table tests.
var Forms = []Form{Table, Stream, Hybrid}

// String returns the name used in file names of vectors.
func (f Form) String() string { return [...]string{"table", "stream", "hybrid"}[f] }

// Object is one indirect object to be written.
type Object struct {
	Number     int
	Generation int
	Body       string // the value; for a stream its dictionary without /Length
	Data       []byte // bytes of a stream; nil: not a stream
	Free       bool   // write a free entry instead of the object
	Plain      bool   // keep out of object streams even where the form would pack it
}

// File describes a whole file or an update.
type File struct {
	Header  string // default "%PDF-1.7\n%âãÏÓ\n" in Latin-1; ignored for an update
	Form    Form
	Objects []Object
	Trailer string // entries besides Size, Prev, W, Index, XRefStm: "/Root 1 0 R ..."
	Size    int    // 0: one above the highest number
	EOL     string // default "\n"; "\r" writes CR-only files
	Tail    string // after %%EOF, default EOL

	Encrypt *Encryption // nil: in clear; an update must have that of the file
}

// Bytes writes a whole file.
func (f File) Bytes() []byte {
	header := f.Header
	if header == "" {
		header = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
		if f.EOL == "\r" {
			header = "%PDF-1.7\r%\xe2\xe3\xcf\xd3\r"
		}
	}
	w := f.writer()
	w.buf.WriteString(header)
	w.write(-1, true)
	return w.buf.Bytes()
}

// Append writes f as an incremental update behind previous. The numbers of the
// previous section (its offset and Size) are read back from the text of
// previous, which must end in a section that this package or a like writer made.
func (f File) Append(previous []byte) []byte {
	w := f.writer()
	w.buf.Write(previous)
	if n := len(previous); n > 0 && previous[n-1] != '\n' && previous[n-1] != '\r' {
		w.buf.WriteByte('\n')
	}
	if w.size == 0 {
		w.size = LastSize(previous)
	}
	w.write(LastStartXRef(previous), false)
	return w.buf.Bytes()
}

func (f File) writer() *writer {
	w := &writer{file: f, eol: f.EOL, size: f.Size}
	if f.Encrypt != nil {
		w.crypt = f.Encrypt.open()
		if n := f.Encrypt.Number; n > 0 {
			w.file.Trailer += fmt.Sprintf("/Encrypt %d 0 R", n)
		} else {
			w.file.Trailer += "/Encrypt" + w.crypt.dictionary
		}
	}
	return w
}

type writer struct {
	file  File
	crypt *crypt
	buf   bytes.Buffer
	eol   string
	size  int
}

type place struct {
	number, generation int
	kind               byte // 'n', 'f', 'c'
	offset             int  // or container
	index              int
}

func (w *writer) write(prev int64, whole bool) {
	if w.eol == "" {
		w.eol = "\n"
	}
	for _, o := range w.file.Objects {
		w.size = max(w.size, o.Number+1)
	}
	var places, packed []place
	if whole {
		places = append(places, place{kind: 'f', generation: 65535})
	}
	if whole && w.crypt != nil && w.crypt.Number > 0 {
		o := Object{Number: w.crypt.Number, Body: w.crypt.dictionary}
		w.size = max(w.size, o.Number+1)
		places = append(places, place{number: o.Number, kind: 'n', offset: w.plainObject(o)})
	}
	var pack []Object
	for _, o := range w.file.Objects {
		switch {
		case o.Free:
			places = append(places, place{number: o.Number, generation: o.Generation, kind: 'f'})
		case w.file.Form != Table && o.Data == nil && !o.Plain && o.Generation == 0 && !w.keepPlain(o):
			pack = append(pack, o)
		default:
			places = append(places, place{number: o.Number, generation: o.Generation, kind: 'n', offset: w.object(o)})
		}
	}
	if len(pack) > 0 {
		number := w.size
		w.size++
		o := packObjects(number, pack)
		places = append(places, place{number: number, kind: 'n', offset: w.object(o)})
		for i, p := range pack {
			packed = append(packed, place{number: p.Number, kind: 'c', offset: number, index: i})
		}
	}
	w.section(places, packed, prev)
}

// keepPlain tells which objects stay outside object streams: in a hybrid file
// everything but what a reader of tables can do without (ISO 32000-2, 7.5.8.4).
func (w *writer) keepPlain(o Object) bool {
	return w.file.Form == Hybrid && !bytes.Contains([]byte(o.Body), []byte("/HybridOnly"))
}

func (w *writer) object(o Object) int {
	if w.crypt != nil {
		o = w.crypt.object(o)
	}
	return w.plainObject(o)
}

func (w *writer) plainObject(o Object) int {
	at := w.buf.Len()
	fmt.Fprintf(&w.buf, "%d %d obj%s", o.Number, o.Generation, w.eol)
	if o.Data == nil {
		w.buf.WriteString(o.Body)
	} else {
		body := o.Body
		if body == "" {
			body = "<<>>"
		}
		fmt.Fprintf(&w.buf, "%s/Length %d>>%sstream\r\n", body[:len(body)-2], len(o.Data), w.eol)
		w.buf.Write(o.Data)
		fmt.Fprintf(&w.buf, "%sendstream", w.eol)
	}
	fmt.Fprintf(&w.buf, "%sendobj%s", w.eol, w.eol)
	return at
}

func packObjects(number int, pack []Object) Object {
	var index, bodies bytes.Buffer
	for _, o := range pack {
		fmt.Fprintf(&index, "%d %d ", o.Number, bodies.Len())
		bodies.WriteString(o.Body)
		bodies.WriteByte('\n')
	}
	data := append(index.Bytes(), bodies.Bytes()...)
	return Object{
		Number: number,
		Body:   fmt.Sprintf("<</Type/ObjStm/N %d/First %d/Filter/FlateDecode>>", len(pack), index.Len()),
		Data:   Deflate(data),
	}
}

// Deflate wraps data for a FlateDecode stream (RFC 1950) in stored blocks: the
// bytes that compress/zlib writes differ between releases of Go, and files made
// here must not.
func Deflate(data []byte) []byte {
	const most = 1<<16 - 1 // bytes of one stored block (RFC 1951, 3.2.4)
	out := []byte{0x78, 0x01}
	for rest := data; ; {
		n := min(len(rest), most)
		final := byte(0)
		if n == len(rest) {
			final = 1
		}
		out = append(out, final, byte(n), byte(n>>8), ^byte(n), ^byte(n>>8))
		out = append(out, rest[:n]...)
		if rest = rest[n:]; final == 1 {
			break
		}
	}
	return binary.BigEndian.AppendUint32(out, adler32.Checksum(data))
}

func (w *writer) section(places, packed []place, prev int64) {
	trailer := w.file.Trailer
	if prev >= 0 {
		trailer += fmt.Sprintf("/Prev %d", prev)
	}
	var start int
	switch {
	case w.file.Form == Stream:
		start = w.xrefStream(append(places, packed...), trailer, w.size, true)
	case w.file.Form == Hybrid && len(packed) > 0:
		number := w.size
		w.size++
		at := w.xrefStream(packed, fmt.Sprintf("/Type/XRef/Size %d", w.size), number, false)
		places = append(places, place{number: number, kind: 'n', offset: at})
		start = w.table(places, fmt.Sprintf("/XRefStm %d%s", at, trailer))
	default:
		start = w.table(places, trailer)
	}
	tail := w.file.Tail
	if tail == "" {
		tail = w.eol
	}
	fmt.Fprintf(&w.buf, "startxref%s%d%s%%%%EOF%s", w.eol, start, w.eol, tail)
}

func runs(places []place) [][]place {
	sort.Slice(places, func(i, j int) bool { return places[i].number < places[j].number })
	var out [][]place
	for _, p := range places {
		if n := len(out); n > 0 && out[n-1][len(out[n-1])-1].number+1 == p.number {
			out[n-1] = append(out[n-1], p)
			continue
		}
		out = append(out, []place{p})
	}
	return out
}

func (w *writer) table(places []place, trailer string) int {
	start := w.buf.Len()
	fmt.Fprintf(&w.buf, "xref%s", w.eol)
	eol := w.eol
	if len(eol) == 1 {
		eol = " " + eol // entries are 20 bytes
	}
	for _, run := range runs(places) {
		fmt.Fprintf(&w.buf, "%d %d%s", run[0].number, len(run), w.eol)
		for _, p := range run {
			fmt.Fprintf(&w.buf, "%010d %05d %c%s", p.offset, p.generation, p.kind, eol)
		}
	}
	fmt.Fprintf(&w.buf, "trailer%s<</Size %d%s>>%s", w.eol, w.size, trailer, w.eol)
	return start
}

func (w *writer) xrefStream(places []place, trailer string, number int, own bool) int {
	start := w.buf.Len()
	if own {
		w.size = max(w.size, number+1)
		places = append(places, place{number: number, kind: 'n', offset: start})
		trailer = fmt.Sprintf("/Type/XRef/Size %d%s", w.size, trailer)
	}
	var data bytes.Buffer
	index := ""
	for _, run := range runs(places) {
		index += fmt.Sprintf("%d %d ", run[0].number, len(run))
		for _, p := range run {
			kind, last := byte(1), p.generation
			switch p.kind {
			case 'f':
				kind = 0
			case 'c':
				kind, last = 2, p.index
			}
			data.Write([]byte{kind, byte(p.offset >> 24), byte(p.offset >> 16), byte(p.offset >> 8), byte(p.offset), byte(last >> 8), byte(last)})
		}
	}
	w.plainObject(Object{Number: number, Data: Deflate(data.Bytes()),
		Body: fmt.Sprintf("<<%s/W[1 4 2]/Index[%s]/Filter/FlateDecode>>", trailer, index[:len(index)-1])})
	return start
}
