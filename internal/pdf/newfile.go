package pdf

import (
	"crypto/sha256"
	"fmt"
	"strconv"
)

// NewFile gathers the objects of a new document: an update of nothing. It is not
// safe for concurrent use. The zero value is ready.
type NewFile struct {
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

// Build writes the file (ISO 32000-2, 7.5), with a header of PDF 1.7 and a
// cross-reference table. Info is zero where there is none. The identifier (14.4)
// is made from the content, so that equal input gives equal bytes. Errors wrap
// ErrUpdate.
func (f *NewFile) Build(root, info Reference) ([]byte, error) {
	n := 1024
	for _, o := range f.objects {
		n += len(o.body) + len(o.data) + 80
	}
	t := &Tail{Bytes: make([]byte, 0, n), places: make([]objectPlace, 0, len(f.objects))}
	t.Bytes = append(t.Bytes, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"...)
	for _, o := range f.objects {
		if o.body == nil {
			return nil, fmt.Errorf("%w: object %d was reserved and never put", ErrUpdate, o.ref.Number)
		}
		t.appendObject(o)
	}
	sum := sha256.Sum256(t.Bytes)
	at := len(t.Bytes)
	b := fmt.Appendf(nil, "/Size %d/Root ", len(f.objects)+1)
	b = AppendReference(b, root)
	if !info.IsZero() {
		b = AppendReference(append(b, "/Info "...), info)
	}
	b = AppendHex(AppendHex(append(b, "/ID["...), sum[:16]), sum[:16])
	free := objectPlace{ref: Reference{Generation: maxTableGeneration}, at: 0, free: true}
	if err := t.appendXrefTable(append([]objectPlace{free}, t.places...), 0, append(b, ']')); err != nil {
		return nil, err
	}
	t.Bytes = strconv.AppendInt(append(t.Bytes, "startxref\n"...), int64(at), 10)
	return append(t.Bytes, "\n%%EOF\n"...), nil
}
