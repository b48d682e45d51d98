package pdf

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// ErrUpdate says that an update cannot be written in the form that the file asks for.
var ErrUpdate = errors.New("pdf: the update cannot be written")

// Update gathers the objects of one incremental update (ISO 32000-2, 7.5.6):
// what is put into it replaces or joins what the newest revision holds, and
// nothing else is written. An Update is not safe for concurrent use.
type Update struct {
	view *View
	next int64 // the next free object number, unless it is mentioned
	// mentioned are numbers that objects refer to although there is no such
	// object: what is new must not become what these references mean.
	mentioned map[int64]bool
	objects   []newObject
	places    map[Reference]int // in objects, where there are many
	section   Reference         // of the cross-reference stream, once it has a number
	info      Reference         // of the document information, where it is new

	// Random supplies the initialization vectors that AES needs in an encrypted
	// file; nil means crypto/rand.Reader.
	Random io.Reader
	// Room is memory that Build writes to from its beginning, if the update fits.
	Room []byte
}

// newObject is one object to be written: body is the value, data the bytes of a
// stream whose dictionary body is, zeros how many digits are written before the
// last bytes of body.
type newObject struct {
	ref    Reference
	body   []byte
	data   []byte
	stream bool
	sealed bool // the strings of body are as the file must have them
	last   int
	zeros  int
}

// NewUpdate starts an update of the newest revision: v must be File.Latest.
// Numbers of new objects begin at /Size and above every number that some
// section of the file mentions; those that a trailer or one of the objects read so
// far refers to are left out.
func NewUpdate(v *View) *Update {
	f := v.File()
	u := &Update{view: v, next: f.firstFreeNumber(), objects: make([]newObject, 0, 6)}
	f.cache.each(func(o *Indirect) { u.mention(o.Value) })
	for _, s := range f.Sections {
		if s.Trailer != nil {
			u.mention(s.Trailer)
		}
	}
	return u
}

// mention notes the references to objects that do not exist.
func (u *Update) mention(value Object) {
	switch value := value.(type) {
	case Reference:
		if value.Number >= u.next {
			if u.mentioned == nil {
				u.mentioned = make(map[int64]bool)
			}
			u.mentioned[value.Number] = true
		}
	case *Array:
		for _, item := range value.Items {
			u.mention(item)
		}
	case *Dict:
		for _, e := range value.Entries {
			u.mention(e.Value)
		}
	case *Stream:
		u.mention(value.Dict)
	}
}

// firstFreeNumber returns the number that /Size allows next, above every number
// that any section mentions: /Size is wrong in many files. Where it claims more
// objects than readers can number, it is not followed.
func (f *File) firstFreeNumber() int64 {
	next := int64(1)
	for _, s := range f.Sections {
		if n := len(s.entries); n > 0 {
			next = max(next, int64(s.entries[n-1].number)+1)
		}
	}
	size, _ := f.Sections[len(f.Sections)-1].Trailer.Get("Size").(Integer)
	if size <= maxNewNumber {
		next = max(next, int64(size))
	}
	return next
}

// New reserves the next free object number.
func (u *Update) New() Reference {
	for u.mentioned[u.next] {
		u.next++
	}
	r := Reference{Number: u.next}
	u.next++
	return r
}

// Put writes the value body as object ref, which may be new or replace an
// existing object (with its generation). The last Put of a reference counts.
// In an encrypted file the body is given in clear, and its strings are
// encrypted; what is copied from an object of the file goes to Replace.
func (u *Update) Put(ref Reference, body []byte) { u.put(newObject{ref: ref, body: body}) }

// Replace writes body in place of o: o.Raw as an Editor or AppendItems changed
// it. What was copied stays as it is; in an encrypted file, values that hold new
// strings must have gone through Within.
func (u *Update) Replace(o *Indirect, body []byte) {
	u.put(newObject{ref: o.Ref, body: body, sealed: standsInFile(o)})
}

// Within returns a value, written in clear, as it must stand among the bytes of
// o: encrypted where those are. Errors are those of the randomness, or ErrUpdate.
func (u *Update) Within(o *Indirect, value []byte) ([]byte, error) {
	if !standsInFile(o) {
		return value, nil // Build encrypts the whole object
	}
	return u.sealer().body(o.Ref, value)
}

// standsInFile tells whether the strings of o are encrypted by themselves: those
// in an object stream are encrypted with it.
func standsInFile(o *Indirect) bool { return o.Offset >= 0 && o.Container.IsZero() }

func (u *Update) sealer() *sealer {
	s := &sealer{e: u.view.File().encryption, random: u.Random}
	if s.random == nil {
		s.random = rand.Reader
	}
	return s
}

// PutRoom is Put for a body that is to be filled in later: that many digits 0 are
// written before its last bytes. (The place counts from the end because
// encryption lengthens strings before it.)
func (u *Update) PutRoom(ref Reference, body []byte, last, zeros int) {
	u.put(newObject{ref: ref, body: body, last: last, zeros: zeros})
}

// PutStream writes a stream. The dictionary is given from "<<" to ">>" and
// without /Length, which is added.
func (u *Update) PutStream(ref Reference, dict, data []byte) {
	u.put(newObject{ref: ref, body: dict, data: data, stream: true})
}

// SetInfo makes the object ref the document information dictionary (14.3.3), which
// the trailer names.
func (u *Update) SetInfo(ref Reference) { u.info = ref }

func (u *Update) put(o newObject) {
	if at := u.find(o.ref); at >= 0 {
		u.objects[at] = o
		return
	}
	if u.places != nil {
		u.places[o.ref] = len(u.objects)
	}
	u.objects = append(u.objects, o)
}

// manyObjects is from how many objects on an index of them is faster than a search.
const manyObjects = 32

// find returns where an object stands among those that were put, or -1.
func (u *Update) find(ref Reference) int {
	if len(u.objects) > manyObjects && u.places == nil {
		u.places = make(map[Reference]int)
		for i := range u.objects {
			u.places[u.objects[i].ref] = i
		}
	}
	if u.places != nil {
		if at, ok := u.places[ref]; ok {
			return at
		}
		return -1
	}
	return slices.IndexFunc(u.objects, func(o newObject) bool { return o.ref == ref })
}

// Tail is a finished update: the bytes to be appended to the file.
type Tail struct {
	Bytes  []byte
	Start  int64 // where Bytes[0] will lie in the file: its size
	places []objectPlace
}

type objectPlace struct {
	ref  Reference
	at   int // of "12 0 obj" in Bytes
	body int // of the value in Bytes
	end  int // of the value
	free bool
}

// Body returns the place in Bytes where the value of the object stands, or -1.
// The value is there as it was put, byte for byte, but for strings that were
// encrypted and for the digits of PutRoom.
func (t *Tail) Body(ref Reference) (start, end int) {
	for _, p := range t.places {
		if p.ref == ref {
			return p.body, p.end
		}
	}
	return -1, -1
}

// Build writes the objects in the order in which they were put, and a
// cross-reference section in the same form as the file's last one: a stream
// behind a stream, a table behind a table. A hybrid file gets a plain table, and
// what its /XRefStm holds stays reachable through /Prev. In an encrypted file
// all that is new is encrypted, with the keys of the file. Errors wrap
// ErrUpdate, or are those of reading the file's last byte or of Random.
func (u *Update) Build() (*Tail, error) {
	f := u.view.File()
	if f.encryption != nil && !f.Sections[len(f.Sections)-1].Trailer.Has("Encrypt") {
		return nil, fmt.Errorf("%w: the newest trailer leaves out the /Encrypt of older ones", ErrUpdate)
	}
	t := &Tail{Start: f.Size, places: make([]objectPlace, 0, len(u.objects)+1)}
	n := 512
	for _, o := range u.objects {
		n += len(o.body) + len(o.data) + o.zeros + 64
	}
	t.Bytes = slices.Grow(u.Room[:0], n)
	if err := u.separate(t); err != nil {
		return nil, err
	}
	s := u.sealer()
	for _, o := range u.objects {
		if err := s.object(&o); err != nil {
			return nil, err
		}
		t.appendObject(o)
	}
	return t, u.appendSection(t)
}

// separate begins the tail with an end-of-line where the file does not end in one.
func (u *Update) separate(t *Tail) error {
	f := u.view.File()
	var last [1]byte
	if n, err := f.Reader.ReadAt(last[:], f.Size-1); n != 1 {
		if err == nil || errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return fmt.Errorf("pdf: reading the last byte: %w", err)
	}
	if last[0] != '\n' && last[0] != '\r' {
		t.Bytes = append(t.Bytes, '\n')
	}
	return nil
}

func (t *Tail) appendObject(o newObject) {
	p := objectPlace{ref: o.ref, at: len(t.Bytes)}
	t.Bytes = strconv.AppendInt(t.Bytes, o.ref.Number, 10)
	t.Bytes = strconv.AppendInt(append(t.Bytes, ' '), o.ref.Generation, 10)
	t.Bytes = append(t.Bytes, " obj\n"...)
	p.body = len(t.Bytes)
	t.places = append(t.places, p)
	if !o.stream {
		end := len(o.body) - o.last
		t.Bytes = appendZeros(append(t.Bytes, o.body[:end]...), o.zeros)
		t.Bytes = append(t.Bytes, o.body[end:]...)
		t.places[len(t.places)-1].end = len(t.Bytes)
		t.Bytes = append(t.Bytes, "\nendobj\n"...)
		return
	}
	t.Bytes = append(t.Bytes, o.body[:len(o.body)-len(">>")]...)
	t.Bytes = fmt.Appendf(t.Bytes, "/Length %d>>", len(o.data))
	t.places[len(t.places)-1].end = len(t.Bytes)
	t.Bytes = append(t.Bytes, "\nstream\n"...)
	t.Bytes = append(t.Bytes, o.data...)
	t.Bytes = append(t.Bytes, "\nendstream\nendobj\n"...)
}
