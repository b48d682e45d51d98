package pades_test

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"slices"

	"github.com/inkan-go/inkan/pades"
)

// blockSize is what a disk of the tests writes at once.
const blockSize = 512

// step is one thing that a disk does.
type step struct {
	kind   string // create, write, truncate, sync, rename, remove, folder
	name   string
	to     string // of a rename
	offset int64  // of a write; the size of a truncate
	data   []byte // of a write, one block at the most
}

// recorder does everything on the real disk, and keeps the steps.
type recorder struct {
	pades.Disk
	steps []step
	// fails, if not nil, is asked before every step whether it fails; of a write,
	// the blocks before the failing one are written.
	fails func(s step) error
}

func (r *recorder) step(s step) error {
	if r.fails != nil {
		if err := r.fails(s); err != nil {
			return err
		}
	}
	r.steps = append(r.steps, s)
	return nil
}

func (r *recorder) Create(name string, mode fs.FileMode) (pades.StoredFile, error) {
	if err := r.step(step{kind: "create", name: name}); err != nil {
		return nil, err
	}
	f, err := r.Disk.Create(name, mode)
	if err != nil {
		r.steps = r.steps[:len(r.steps)-1]
		return nil, err
	}
	return &recordedFile{StoredFile: f, r: r}, nil
}

func (r *recorder) Open(name string) (pades.StoredFile, error) {
	f, err := r.Disk.Open(name)
	if err != nil {
		return nil, err
	}
	return &recordedFile{StoredFile: f, r: r}, nil
}

func (r *recorder) Rename(from, to string) error {
	if err := r.step(step{kind: "rename", name: from, to: to}); err != nil {
		return err
	}
	return r.Disk.Rename(from, to)
}

func (r *recorder) Remove(name string) error {
	if err := r.step(step{kind: "remove", name: name}); err != nil {
		return err
	}
	return r.Disk.Remove(name)
}

func (r *recorder) SyncFolder(name string) error {
	if err := r.step(step{kind: "folder", name: name}); err != nil {
		return err
	}
	return r.Disk.SyncFolder(name)
}

type recordedFile struct {
	pades.StoredFile
	r  *recorder
	at int64
}

func (f *recordedFile) Write(p []byte) (int, error) {
	n, err := f.WriteAt(p, f.at)
	f.at += int64(n)
	return n, err
}

func (f *recordedFile) WriteAt(p []byte, offset int64) (int, error) {
	done := 0
	for block := range slices.Chunk(p, blockSize) {
		at := offset + int64(done)
		if err := f.r.step(step{kind: "write", name: f.Name(), offset: at, data: slices.Clone(block)}); err != nil {
			return done, err
		}
		n, err := f.StoredFile.WriteAt(block, at)
		done += n
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

func (f *recordedFile) Truncate(size int64) error {
	if err := f.r.step(step{kind: "truncate", name: f.Name(), offset: size}); err != nil {
		return err
	}
	return f.StoredFile.Truncate(size)
}

func (f *recordedFile) Sync() error {
	if err := f.r.step(step{kind: "sync", name: f.Name()}); err != nil {
		return err
	}
	return f.StoredFile.Sync()
}

// medium is what a disk without power keeps: what was synchronised, and of the
// rest whatever it pleases. Creating, renaming and removing last once the folder
// was synchronised, content once the file was.
type medium struct {
	names   map[string]*content512 // as they last
	current map[string]*content512 // as they are while there is power
	folder  []func(names map[string]*content512)
}

// content512 is the content of one file, in blocks.
type content512 struct {
	lasting []byte
	pending []step
}

// newMedium holds the given files.
func newMedium(files map[string][]byte) *medium {
	m := &medium{names: make(map[string]*content512), current: make(map[string]*content512)}
	for name, data := range files {
		c := &content512{lasting: slices.Clone(data)}
		m.names[name], m.current[name] = c, c
	}
	return m
}

func (m *medium) do(s step) {
	switch s.kind {
	case "create":
		c := &content512{}
		m.change(func(names map[string]*content512) { names[s.name] = c })
	case "rename":
		c := m.current[s.name]
		m.change(func(names map[string]*content512) { names[s.to] = c; delete(names, s.name) })
	case "remove":
		m.change(func(names map[string]*content512) { delete(names, s.name) })
	case "folder":
		for _, change := range m.folder {
			change(m.names)
		}
		m.folder = nil
	case "sync":
		c := m.current[s.name]
		for _, p := range c.pending {
			c.lasting = p.apply(c.lasting)
		}
		c.pending = nil
	default:
		c := m.current[s.name]
		c.pending = append(c.pending, s)
	}
}

func (m *medium) change(change func(map[string]*content512)) {
	change(m.current)
	m.folder = append(m.folder, change)
}

// apply writes or cuts.
func (s step) apply(data []byte) []byte {
	end := int(s.offset) + len(s.data)
	if s.kind == "truncate" {
		return append(slices.Clone(data[:min(end, len(data))]), make([]byte, max(0, end-len(data)))...)
	}
	if len(data) < end {
		data = append(slices.Clone(data), make([]byte, end-len(data))...)
	}
	copy(data[s.offset:], s.data)
	return data
}

// cut takes the power away and returns the files: of what was not synchronised,
// keep says what lasts.
func (m *medium) cut(keep func() bool) map[string][]byte {
	for _, change := range m.folder {
		if keep() {
			change(m.names)
		}
	}
	files := make(map[string][]byte)
	for name, c := range m.names {
		data := c.lasting
		for _, p := range c.pending {
			if keep() {
				data = p.apply(slices.Clone(data))
			}
		}
		files[name] = data
	}
	return files
}

// cuts yields what is on the disk after a cut before each of the steps, and
// after the last: with nothing kept that was not synchronised, with everything,
// and with some.
func cuts(before map[string][]byte, steps []step, check func(at int, files map[string][]byte)) {
	r := rand.New(rand.NewPCG(1, 2))
	keeps := []func() bool{
		func() bool { return false },
		func() bool { return true },
	}
	for range 4 {
		keeps = append(keeps, func() bool { return r.IntN(2) == 0 })
	}
	for at := range len(steps) + 1 {
		for _, keep := range keeps {
			m := newMedium(before)
			for _, s := range steps[:at] {
				m.do(s)
			}
			check(at, m.cut(keep))
		}
	}
}

var errFull = errors.New("no space left on device")

// failing returns a recorder that fails at the n-th step: only there (a full
// disk), or from there on (a disk that is gone).
func failing(n int, gone bool) *recorder {
	count := 0
	return &recorder{fails: func(step) error {
		count++
		if count-1 == n || gone && count-1 > n {
			return errFull
		}
		return nil
	}}
}
