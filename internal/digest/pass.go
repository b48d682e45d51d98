package digest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
)

// ErrRange marks a Result whose ranges do not lie in the file one after the other.
var ErrRange = errors.New("digest: the ranges do not lie in the file one after the other")

// ErrBudget marks a Result that was left undone, because the ranges of all
// requests overlap so much that hashing them would cost many times the file.
var ErrBudget = errors.New("digest: the ranges of the signatures overlap too much to be hashed")

// ErrHash marks a Result whose hash function is not available.
var ErrHash = errors.New("digest: hash function not available")

// Function is a hash function: a crypto.Hash, or anything else that makes one.
// Two that are equal make the same; the type must be comparable.
type Function interface {
	Available() bool // whether New may be called
	New() hash.Hash
}

// Request asks for the digest of two ranges of a file, taken one after the other.
type Request struct {
	Hash Function
	// Ranges is a ByteRange: offset, length, offset, length, in bytes.
	Ranges [4]int64
}

// Result is the answer to one Request: Sum, or the reason why there is none.
type Result struct {
	Sum []byte
	Err error
}

// check tells whether the ranges ascend and lie within size bytes.
func (q Request) check(size int64) error {
	start, end := q.Ranges[0], q.Ranges[2]
	switch {
	case start < 0 || q.Ranges[1] < 0 || end < 0 || q.Ranges[3] < 0,
		start > size || q.Ranges[1] > size-start,
		end > size || q.Ranges[3] > size-end,
		end < start+q.Ranges[1]:
		return ErrRange
	}
	if q.Hash == nil || !q.Hash.Available() {
		return ErrHash
	}
	return nil
}

// Pass reads the file once, from its first to its last byte of interest, and
// answers every request. A request that cannot be answered has its own error;
// the error of Pass itself is one of reading or of ctx. The scan, if not nil,
// sees every byte of the file in order, in blocks that it must not keep.
func Pass(ctx context.Context, r io.ReaderAt, size int64, requests []Request, scan func(offset int64, block []byte)) ([]Result, error) {
	p := &pass{
		size:    size,
		results: make([]Result, len(requests)),
		streams: make([]stream, 0, 2*len(requests)),
		events:  make([]event, 0, 3*len(requests)+2),
	}
	p.plan(requests)
	if err := p.read(ctx, r, scan); err != nil {
		return nil, err
	}
	return p.results, nil
}

// stream is one running hash. The prefix that the requests of one hash function
// share is a stream of its own, from which theirs are cloned at their gaps.
type stream struct {
	hash   *Running
	result int     // index of the request, -1 for a shared prefix
	prefix *stream // that it is cloned from; nil where it is not
}

// prefix is the shared stream of one hash function.
type prefix struct {
	kind   Function
	stream *stream // nil where the state of the hash cannot be kept
	end    int64   // of the longest first range
}

// event is a change of what is hashed at an offset.
type event struct {
	offset int64
	order  int // at one offset: close before fork before open
	do     func(*pass, *stream)
	stream *stream
}

// The order of events that fall on one offset.
const (
	closing = iota
	forking
	opening
)

// pass is the state of one Pass.
type pass struct {
	size     int64
	results  []Result
	streams  []stream // room for two of each request, so that none moves
	prefixes []prefix // one of each hash function, which are few
	events   []event
	active   []*stream
}

func (p *pass) at(offset int64, order int, do func(*pass, *stream), s *stream) {
	p.events = append(p.events, event{offset, order, do, s})
}

func (p *pass) newStream(s stream) *stream {
	p.streams = append(p.streams, s)
	return &p.streams[len(p.streams)-1]
}

// plan turns the requests into events.
func (p *pass) plan(requests []Request) {
	budget := tailBudget(p.size)
	for i, q := range requests {
		if err := q.check(p.size); err != nil {
			p.results[i].Err = err
			continue
		}
		var shared *prefix
		if q.Ranges[0] == 0 {
			shared = p.prefixOf(q.Hash)
		}
		cost := q.Ranges[3]
		if shared == nil {
			cost += q.Ranges[1]
		}
		if cost > budget {
			p.results[i].Err = ErrBudget
			continue
		}
		budget -= cost
		if shared != nil {
			p.planFork(i, q, shared)
		} else {
			p.planAlone(i, q)
		}
	}
	for _, x := range p.prefixes {
		if x.stream != nil {
			p.at(0, opening, (*pass).start, x.stream)
			p.at(x.end, opening, (*pass).stop, x.stream)
		}
	}
	slices.SortStableFunc(p.events, func(a, b event) int {
		return cmp.Or(cmp.Compare(a.offset, b.offset), cmp.Compare(a.order, b.order))
	})
}

// prefixOf returns the prefix that the requests of a hash function share; nil where
// its state cannot be kept, as that of RIPEMD-160.
func (p *pass) prefixOf(kind Function) *prefix {
	i := slices.IndexFunc(p.prefixes, func(x prefix) bool { return x.kind == kind })
	if i < 0 {
		i = len(p.prefixes)
		p.prefixes = append(p.prefixes, prefix{kind: kind})
		running := &Running{kind: kind, h: kind.New()}
		if _, err := running.Clone(); err == nil {
			p.prefixes[i].stream = p.newStream(stream{hash: running, result: -1})
		}
	}
	if p.prefixes[i].stream == nil {
		return nil
	}
	return &p.prefixes[i]
}

// planFork continues the request from the state that the shared prefix has at its gap.
func (p *pass) planFork(i int, q Request, shared *prefix) {
	shared.end = max(shared.end, q.Ranges[1])
	own := p.newStream(stream{result: i, prefix: shared.stream})
	p.at(q.Ranges[1], forking, (*pass).fork, own)
	p.planTail(own, q)
}

// planAlone hashes both ranges of a request that does not begin at the first
// byte, or whose hash function does not let its state be kept.
func (p *pass) planAlone(i int, q Request) {
	own := p.newStream(stream{hash: &Running{kind: q.Hash, h: q.Hash.New()}, result: i})
	p.at(q.Ranges[0], opening, (*pass).start, own)
	p.at(q.Ranges[0]+q.Ranges[1], opening, (*pass).stop, own)
	p.planTail(own, q)
}

// planTail hashes the second range and ends the request. Both ends of an empty
// range fall on one offset, so it is opened and closed by one event.
func (p *pass) planTail(own *stream, q Request) {
	end := q.Ranges[2] + q.Ranges[3]
	if q.Ranges[3] == 0 {
		p.at(end, opening, (*pass).finish, own)
		return
	}
	p.at(q.Ranges[2], opening, (*pass).start, own)
	p.at(end, closing, (*pass).finish, own)
}

// fork, start, stop and finish are what events do to a stream. A stream whose state
// could not be cloned takes no part.
func (p *pass) fork(s *stream) { s.hash, p.results[s.result].Err = s.prefix.hash.Clone() }

func (p *pass) start(s *stream) {
	if s.hash != nil {
		p.active = append(p.active, s)
	}
}

func (p *pass) stop(s *stream) {
	if i := slices.Index(p.active, s); i >= 0 {
		p.active = slices.Delete(p.active, i, i+1)
	}
}

func (p *pass) finish(s *stream) {
	p.stop(s)
	if s.hash != nil {
		p.results[s.result].Sum = s.hash.Sum()
	}
}

// read goes through the file from event to event, and to its end for the scan.
func (p *pass) read(ctx context.Context, r io.ReaderAt, scan func(int64, []byte)) error {
	reader := &blocks{source: r, size: p.size}
	for _, e := range p.events {
		if err := p.advance(ctx, reader, e.offset, scan); err != nil {
			return err
		}
		e.do(p, e.stream)
	}
	if scan == nil {
		return nil
	}
	return p.advance(ctx, reader, p.size, scan)
}

// advance feeds the bytes up to end to all that is active, or skips them.
func (p *pass) advance(ctx context.Context, reader *blocks, end int64, scan func(int64, []byte)) error {
	if len(p.active) == 0 && scan == nil {
		reader.position = max(reader.position, end)
	}
	for reader.position < end {
		if err := ctx.Err(); err != nil {
			return err
		}
		offset := reader.position
		block, err := reader.next(end)
		if err != nil {
			return err
		}
		for _, s := range p.active {
			if _, err := s.hash.Write(block); err != nil {
				return fmt.Errorf("digest: %w", err)
			}
		}
		if scan != nil {
			scan(offset, block)
		}
	}
	return nil
}

// blocks reads a file forward through one buffer. Events that lie close
// together are served from one read.
type blocks struct {
	source   io.ReaderAt
	size     int64
	position int64
	buffer   []byte
	held     []byte // what of the buffer is read and not yet used; it begins at position
	from     int64  // the position at which held begins
}

// next returns at least one byte from the position on, none of them behind end.
func (b *blocks) next(end int64) ([]byte, error) {
	if b.from != b.position {
		b.held = b.held[min(b.position-b.from, int64(len(b.held))):]
		b.from = b.position
	}
	if len(b.held) == 0 {
		if err := b.fill(); err != nil {
			return nil, err
		}
	}
	n := min(end-b.position, int64(len(b.held)), blockSize)
	block := b.held[:n]
	b.held = b.held[n:]
	b.position += n
	b.from = b.position
	return block, nil
}

// fill makes bytes from the position on be held. A file in memory is read where
// it lies.
func (b *blocks) fill() error {
	if m, ok := b.source.(*bytes.Reader); ok && m.Size() == b.size {
		own := *m // the position of m belongs to others
		if _, err := own.Seek(b.position, io.SeekStart); err != nil {
			return fmt.Errorf("digest: %w", err)
		}
		_, err := own.WriteTo((*holder)(b))
		return err
	}
	if b.buffer == nil {
		b.buffer = make([]byte, min(blockSize, b.size))
	}
	want := b.buffer[:min(int64(len(b.buffer)), b.size-b.position)]
	n, err := b.source.ReadAt(want, b.position)
	if n < len(want) {
		if err == nil || errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return fmt.Errorf("digest: reading at offset %d: %w", b.position+int64(n), err)
	}
	b.held = want
	return nil
}

// holder holds what it is given, which stays in place as long as the file does.
type holder blocks

func (h *holder) Write(p []byte) (int, error) {
	h.held = p
	return len(p), nil
}
