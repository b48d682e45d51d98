package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
)

// Options are the settings of Open; nil means defaults.
type Options struct {
	// Password opens an encrypted file, as its user or as its owner. Where it is
	// empty, the empty user password is tried, which many files have.
	Password string
	// Memory is what the reader reads, where all of it lies in memory and is never
	// written to.
	Memory []byte
	// InMemory returns so many bytes of the reader from an offset on, where they lie in
	// memory and are never written to; nil where they do not. It may be nil.
	InMemory func(offset int64, n int) []byte
	// Before is the file as it was before bytes were appended to it; nil where that is not
	// known. The first bytes must be the same: what was read of them is taken over.
	Before *File
}

// File is an open PDF file. It reads what it needs from the io.ReaderAt when
// it needs it. A File never changes after Open, apart from what it remembers,
// and may be used by several goroutines if the io.ReaderAt may.
type File struct {
	Reader io.ReaderAt
	Size   int64
	// HeaderOffset is where "%PDF-" stands; HeaderVersion is what follows it, such as "1.7".
	HeaderOffset  int64
	HeaderVersion string
	// Base is what offsets written in the file count from: HeaderOffset or 0.
	Base int64
	// Sections are the cross-reference sections in the order of the chain, the oldest first.
	Sections []*Section
	// Revisions are the states that the file went through, the oldest first; there is at least one.
	Revisions []Revision
	// Linearized tells that the first revision is in the form of annex F.
	Linearized bool
	// Damage tells of bytes behind the last revision that no intact cross-reference
	// section explains; nil if there are none.
	Damage *Damage
	// Repaired tells that objects were found by scanning, since no cross-reference
	// section leads to them: in the last revision or below the first, see
	// Revision.Repaired and Section.Repaired.
	Repaired bool

	src   source
	slab  atomic.Pointer[slab]
	cache *cache
	log   anomalyLog

	entryCount   int64
	sectionsRead map[int64]sectionResult
	headerForm   bool // the header is that of PostScript
	lengthsEarly bool // a /Length was resolved before the revisions were known
	choosing     bool // chains are tried: few objects are read of each, so none gets an index

	indexOnce sync.Once
	index     []indexEntry

	password          string
	encryption        *encryption // nil: not encrypted
	encryptionsOpened int
}

// Damage is the part of a file that could not be read as revisions.
type Damage struct {
	Offset int64 // where it begins: the end of the last sound revision
	Text   string
}

// Open reads the header, the cross-reference sections and the catalog of a
// file of that many bytes. Where they are damaged the file is repaired, and
// File.Damage and File.Repaired are set; revisions that are sound stay as they are.
//
// The error is an *Error, of the kind ErrNotPDF, ErrPassword, ErrEncrypted,
// ErrMalformed, ErrLimit or ErrUnsupportedFilter (of a stream that holds the
// structure of the file), or that of the reader.
func Open(r io.ReaderAt, size int64, o *Options) (*File, error) {
	f := &File{Reader: r, Size: size, src: source{r: r, size: size}, cache: newCache(size)}
	if o != nil {
		f.password, f.src.memory, f.src.inMemory = o.Password, o.Memory, o.InMemory
	}
	if f.src.memory == nil {
		f.src.memory = InMemory(r, size)
	}
	if err := f.readHeader(); err != nil {
		return nil, err
	}
	if err := f.readRevisions(); err != nil {
		return nil, err
	}
	f.sectionsRead = nil
	if f.lengthsEarly && len(f.Revisions) > 1 {
		f.cache.forget()
	}
	if o != nil {
		f.takeOver(o.Before)
	}
	return f, nil
}

// readRevisions reads the cross-reference sections and groups them.
func (f *File) readRevisions() error {
	last, err := f.readChain()
	if err != nil {
		return f.repair(err)
	}
	broken := f.Damage != nil
	if err := f.findRevisions(last); err != nil {
		return err
	}
	if broken || f.Damage != nil && last.at < f.Size-startxrefTail {
		return f.repairTail()
	}
	return nil
}

// readHeader finds "%PDF-" (ISO 32000-2, 7.5.2).
func (f *File) readHeader() error {
	if f.Size <= 0 {
		return &Error{Kind: ErrNotPDF, Offset: -1, Text: "the file is empty"}
	}
	head, _, err := f.src.slice(0, headerBytes, false)
	if err != nil {
		return err
	}
	i := bytes.Index(head, []byte("%PDF-"))
	version := head[max(0, i):]
	if i < 0 {
		if i = bytes.Index(head, []byte("%!PS-Adobe-")); i >= 0 {
			line, _, _ := bytes.Cut(head[i:], []byte("\n"))
			_, version, f.headerForm = bytes.Cut(line, []byte(" PDF-"))
		}
		if !f.headerForm {
			return &Error{Kind: ErrNotPDF, Offset: -1, Text: fmt.Sprintf(`no "%%PDF-" within the first %d bytes`, headerBytes)}
		}
	}
	f.HeaderOffset = int64(i)
	version = bytes.TrimPrefix(version, []byte("%PDF-"))
	n := 0
	for n < len(version) && n < 8 && (isDigit(version[n]) || version[n] == '.') {
		n++
	}
	f.HeaderVersion = string(version[:n])
	return nil
}

// readChain finds the newest sound chain of sections and returns the
// "startxref" that leads to it.
func (f *File) readChain() (startxref, error) {
	f.choosing = true
	defer func() { f.choosing = false }()
	var first error
	before := f.Size
	for range maxCandidates {
		at, err := f.lastStartxref(before)
		if err != nil {
			return startxref{}, err
		}
		if at < 0 {
			break
		}
		before = at
		sx, err := f.readStartxref(at)
		if err == nil {
			err = f.tryChain(sx)
		}
		if err == nil && f.lacksPages() {
			err = malformed(sx.at, "the page tree is in no cross-reference section that this startxref leads to")
		}
		if err == nil {
			if first != nil {
				f.Damage = &Damage{Text: first.Error()}
			}
			return sx, nil
		}
		var e *Error
		if !errors.As(err, &e) || errors.Is(err, ErrLimit) || errors.Is(err, ErrPassword) || errors.Is(err, ErrEncrypted) {
			return startxref{}, err
		}
		if first == nil {
			first = err
		}
	}
	if first == nil {
		first = malformed(f.Size, `no "startxref" in the file`)
	}
	return startxref{}, first
}

// tryChain reads the sections that a startxref leads to, and the catalog.
func (f *File) tryChain(sx startxref) error {
	if err := f.walk(sx); err != nil {
		return err
	}
	f.resetIndex()
	if err := f.openEncryption(); err != nil {
		return err
	}
	v := &View{f: f, top: len(f.Sections) - 1}
	catalog, err := v.Catalog()
	if err == nil && f.encryption != nil {
		f.encryption.MAC = f.encryption.MAC || namesIntegrityCode(v, catalog.Dict())
	}
	return err
}

// walk reads the sections that a startxref leads to. After an error f.Sections
// holds those that could be reached.
func (f *File) walk(sx startxref) error {
	f.Sections, f.log = nil, anomalyLog{}
	defer func() { slices.Reverse(f.Sections) }()
	offset, err := f.sectionOffset(sx.value)
	if err != nil {
		return err
	}
	visited := make(map[int64]bool)
	for offset >= 0 {
		if visited[offset] {
			return malformed(offset, "the chain of cross-reference sections leads back to this one")
		}
		visited[offset] = true
		s, err := f.readSection(offset)
		if err != nil {
			return err
		}
		f.Sections = append(f.Sections, s)
		if s.Prev >= f.Size {
			return malformed(s.TrailerOffset, "/Prev leads behind the end of the file")
		}
		offset = s.Prev
	}
	return nil
}

// resetIndex forgets what belongs to a chain that was given up.
func (f *File) resetIndex() {
	f.indexOnce, f.index = sync.Once{}, nil
	f.cache.forget()
}

// sectionOffset turns the number after startxref into an offset in the file.
// Where bytes stand before the header, offsets may count from either; the
// first startxref that leads to a section decides for the whole file.
func (f *File) sectionOffset(value int64) (int64, error) {
	if f.HeaderOffset > 0 && f.Base == 0 {
		if at := value + f.HeaderOffset; at < f.Size {
			f.Base = f.HeaderOffset
			_, err := f.readSection(at)
			if err == nil {
				return at, nil
			}
			f.Base = 0
			if !errors.Is(err, ErrMalformed) {
				return 0, err
			}
		}
	}
	if value <= 0 || value+f.Base >= f.Size {
		return 0, malformed(-1, "startxref %d is not an offset in the file", value)
	}
	return value + f.Base, nil
}

// Anomalies returns the departures from the standard that were tolerated so
// far, in the order in which they were met. Reading further objects may add some.
func (f *File) Anomalies() []Anomaly {
	f.log.mu.Lock()
	defer f.log.mu.Unlock()
	return slices.Clone(f.log.list)
}
