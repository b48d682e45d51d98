package pdf

import (
	"crypto/sha256"
	"fmt"
	"strconv"
)

// NewFile gathers the objects of a new document: an update of nothing. It is not
// safe for concurrent use. The zero value is ready.
type NewFile struct {
	// Packed puts the objects that are no streams into object streams, and ends the
	// file in a cross-reference stream (7.5.7, 7.5.8), which is a third of the size
	// where there are many small ones. PDF/A-1 forbids it.
	Packed bool

	objects []newObject // number 1 first
}

// New reserves the next object number.
func (f *NewFile) New() Reference {
	ref := Reference{Number: int64(len(f.objects)) + 1}
	f.objects = append(f.objects, newObject{ref: ref})
	return ref
}

// Put writes the value body as object ref, which New has returned. The last Put
// of a reference counts.
func (f *NewFile) Put(ref Reference, body []byte) {
	f.objects[ref.Number-1] = newObject{ref: ref, body: body}
}

// PutStream writes a stream. The dictionary is given from "<<" to ">>" and
// without /Length, which is added.
func (f *NewFile) PutStream(ref Reference, dict, data []byte) {
	f.objects[ref.Number-1] = newObject{ref: ref, body: dict, data: data, stream: true}
}

// Build writes the file (ISO 32000-2, 7.5) with a header of PDF 1.7. Info is zero where
// there is none. The identifier (14.4) is made from the content, so that equal input
// gives equal bytes. Errors wrap ErrUpdate.
func (f *NewFile) Build(root, info Reference) ([]byte, error) {
	n := 1024
	for _, o := range f.objects {
		if o.body == nil {
			return nil, fmt.Errorf("%w: object %d was reserved and never put", ErrUpdate, o.ref.Number)
		}
		n += len(o.body) + len(o.data) + 80
	}
	if len(f.objects) > maxNewNumber/2 { // object streams are numbered, too
		return nil, fmt.Errorf("%w: %d objects are more than readers number", ErrUpdate, len(f.objects))
	}
	t := &Tail{Bytes: make([]byte, 0, n), places: make([]objectPlace, 0, len(f.objects))}
	t.Bytes = append(t.Bytes, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"...)
	trailer := AppendReference([]byte("/Root "), root)
	if !info.IsZero() {
		trailer = AppendReference(append(trailer, "/Info "...), info)
	}
	if f.Packed {
		return f.packed(t, trailer), nil
	}
	for _, o := range f.objects {
		t.appendObject(o)
	}
	at := len(t.Bytes)
	trailer = t.appendIdentifier(fmt.Appendf(nil, "/Size %d%s", len(f.objects)+1, trailer))
	free := objectPlace{ref: Reference{Generation: maxTableGeneration}, free: true}
	if err := t.appendXrefTable(append([]objectPlace{free}, t.places...), 0, trailer); err != nil {
		return nil, err
	}
	return t.finish(at), nil
}

// appendIdentifier appends the identifier of a file with the content so far.
func (t *Tail) appendIdentifier(trailer []byte) []byte {
	sum := sha256.Sum256(t.Bytes)
	return append(AppendHex(AppendHex(append(trailer, "/ID["...), sum[:16]), sum[:16]), ']')
}

// finish ends a file whose cross-reference section stands there.
func (t *Tail) finish(section int) []byte {
	t.Bytes = strconv.AppendInt(append(t.Bytes, "startxref\n"...), int64(section), 10)
	return append(t.Bytes, "\n%%EOF\n"...)
}

// packed writes the objects, those that are no streams in object streams of a bounded
// size, and the cross-reference stream.
func (f *NewFile) packed(t *Tail, trailer []byte) []byte {
	const together = 200 // objects
	adder := Adder{To: f}
	entries := make([]packedEntry, len(f.objects), len(f.objects)+len(f.objects)/together+3)
	var index, bodies []byte
	var members []int
	flush := func() {
		if len(members) == 0 {
			return
		}
		dict := fmt.Appendf(nil, "<</Type/ObjStm/N %d/First %d>>", len(members), len(index))
		adder.AddStream(dict, append(index, bodies...))
		container := int64(len(f.objects))
		for i, member := range members {
			entries[member] = packedEntry{2, container, int64(i)}
		}
		index, bodies, members = nil, nil, nil
	}
	own := len(f.objects)
	for i := range own {
		o := &f.objects[i]
		if o.stream {
			continue
		}
		index = fmt.Appendf(index, "%d %d ", o.ref.Number, len(bodies))
		bodies = append(append(bodies, o.body...), '\n')
		if members = append(members, i); len(members) == together {
			flush()
		}
	}
	flush()
	entries = append(entries, make([]packedEntry, len(f.objects)-own)...)
	for i := range f.objects {
		if o := f.objects[i]; o.stream {
			entries[i] = packedEntry{kind: 1, a: int64(len(t.Bytes))}
			t.appendObject(o)
		}
	}
	at := len(t.Bytes)
	entries = append([]packedEntry{{b: maxTableGeneration}}, append(entries, packedEntry{kind: 1, a: int64(at)})...)
	width := byteWidth(int64(max(at, len(entries))))
	var rows []byte
	for _, e := range entries {
		rows = appendBigEndian(append(rows, e.kind), e.a, width)
		rows = appendBigEndian(rows, e.b, 2)
	}
	dict := fmt.Appendf(nil, "<</Type/XRef/W[1 %d 2]/Size %d%s", width, len(entries), trailer)
	adder.AddStream(append(t.appendIdentifier(dict), ">>"...), rows)
	t.appendObject(f.objects[len(f.objects)-1])
	return t.finish(at)
}

// packedEntry is a row of a cross-reference stream (ISO 32000-2, Table 18).
type packedEntry struct {
	kind byte
	a, b int64
}
