package pdf

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

// source reads windows of the file and keeps the last few, since neighbouring
// objects are read one after the other. Windows are never written to after
// they were read, so that objects may keep parts of them.
type source struct {
	r    io.ReaderAt
	size int64
	// memory is the whole file, where the reader has it in memory.
	memory []byte
	// inMemory is that of the Options.
	inMemory func(offset int64, n int) []byte

	mu     sync.Mutex
	recent [8]window
	next   int
}

type window struct {
	offset int64
	data   []byte
}

// InMemory returns the bytes under a bytes.Reader of that size, nil for another reader.
func InMemory(r io.ReaderAt, size int64) []byte {
	b, ok := r.(*bytes.Reader)
	if !ok || b.Size() != size {
		return nil
	}
	var k keeper
	own := *b // its position belongs to others
	if _, err := own.Seek(0, io.SeekStart); err == nil {
		_, _ = own.WriteTo(&k) // a keeper takes everything
	}
	return k
}

// keeper keeps what is written to it, which a bytes.Reader writes in one piece.
type keeper []byte

func (k *keeper) Write(p []byte) (int, error) {
	*k = p
	return len(p), nil
}

// Range returns n bytes of the file from an offset on: those that lie in memory
// anyway, which are not to be written to, or else those read into room, which is made
// longer where it is too short.
func (f *File) Range(offset int64, n int, room *[]byte) ([]byte, error) {
	if offset < 0 || n < 0 || int64(n) > f.Size-offset {
		return nil, malformed(offset, "%d bytes reach outside the file of %d bytes", n, f.Size)
	}
	if end := offset + int64(n); f.src.memory != nil {
		return f.src.memory[offset:end:end], nil
	}
	if f.src.inMemory != nil {
		if b := f.src.inMemory(offset, n); b != nil {
			return b, nil
		}
	}
	if n > cap(*room) {
		*room = make([]byte, n)
	}
	b := (*room)[:n]
	return b, f.src.read(offset, b)
}

// slice returns up to n bytes from offset on, at least one, and whether they
// reach the end of the file. Fewer than n bytes come back only at the end of
// the file or, if partial is set, where a window that is kept ends.
func (s *source) slice(offset int64, n int, partial bool) (data []byte, end bool, err error) {
	if offset < 0 || offset >= s.size {
		return nil, true, malformed(offset, "offset outside the file of %d bytes", s.size)
	}
	n = int(min(int64(n), s.size-offset))
	if end := offset + int64(n); s.memory != nil {
		return s.memory[offset:end:end], end == s.size, nil
	}
	if s.inMemory != nil {
		if data := s.inMemory(offset, n); data != nil {
			return data, offset+int64(n) == s.size, nil
		}
	}
	if kept := s.kept(offset, n, partial); kept != nil {
		return kept, offset+int64(len(kept)) == s.size, nil
	}
	if n > 4*firstWindow {
		data = make([]byte, n)
		return data, offset+int64(n) == s.size, s.read(offset, data)
	}
	// The byte before comes along, for insideToken.
	lead := min(offset, 1)
	data = make([]byte, lead+int64(n))
	if err := s.read(offset-lead, data); err != nil {
		return nil, false, err
	}
	s.mu.Lock()
	s.recent[s.next] = window{offset - lead, data}
	s.next = (s.next + 1) % len(s.recent)
	s.mu.Unlock()
	data = data[lead : int(lead)+n : int(lead)+n]
	return data, offset+int64(n) == s.size, nil
}

// growing reads longer and longer windows from one offset, until what stands
// there ends within one.
type growing struct {
	size int
	full bool // the longest window was read
}

// next returns a window longer than the one before. The first may be what is
// kept of an earlier window.
func (g *growing) next(s *source, offset int64) (data []byte, end bool, err error) {
	if g.size == 0 {
		g.size = firstWindow
		return s.slice(offset, firstWindow, true)
	}
	if g.full {
		return nil, false, overLimit(offset, "object is longer than %d bytes", maxObjectBytes)
	}
	n := min(g.size, maxObjectBytes+1)
	g.full = n > maxObjectBytes
	g.size *= windowGrowth
	return s.slice(offset, n, false)
}

// kept looks for the bytes in the windows that were read before.
func (s *source) kept(offset int64, n int, partial bool) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.recent {
		w := &s.recent[i]
		skip := offset - w.offset
		if skip < 0 || skip >= int64(len(w.data)) {
			continue
		}
		have := int64(len(w.data)) - skip
		if have >= int64(n) {
			return w.data[skip : skip+int64(n) : skip+int64(n)]
		}
		if partial && have >= 64 {
			return w.data[skip:len(w.data):len(w.data)]
		}
	}
	return nil
}

// read fills data from offset on.
func (s *source) read(offset int64, data []byte) error {
	n, err := s.r.ReadAt(data, offset)
	if n == len(data) {
		return nil
	}
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("pdf: read %d bytes at byte %d: %w", len(data), offset, err)
}
