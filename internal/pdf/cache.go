package pdf

import "sync"

// place says where an object lies. The number belongs to it, since an entry may
// point at an object of another number.
type place struct {
	offset int64 // as the entry has it; below zero the complement of where the object stream lies
	number uint32
	extra  uint32 // generation, or index in the object stream
}

// inFile is the place that an entry gives of an object that stands in the file.
func inFile(e entry) place { return place{e.offset, e.number, e.extra} }

// inStream is the place of an object in the object stream at an offset.
func inStream(offset int64, number uint32, index int) place {
	return place{^offset, number, uint32(index)}
}

// cache keeps parsed objects and decoded object streams by place, so that all
// views share them. It also counts how many bytes were parsed for the first
// time, and says when a file makes the reader work more than its size explains.
type cache struct {
	mu           sync.Mutex
	objects      map[place]*Indirect // nil where it was dropped, or could not be read: its work is counted
	failed       map[place]error     // why it could not be
	streams      map[int64]*objectStream
	cost         int64 // of what is kept
	work         int64 // bytes parsed, each place counted once
	allowed      int64
	decoded      int64 // bytes decoded, each stream counted once
	counted      map[int64]bool
	filtered     int64 // bytes that filters took and gave, each time
	allowedBytes int64
}

func newCache(size int64) *cache {
	return &cache{
		objects:      make(map[place]*Indirect),
		allowed:      workBytes + workFactor*size,
		allowedBytes: decodingBytes + decodingFactor*size,
	}
}

// object returns what is known of a place; ok is false if nothing is.
func (c *cache) object(p place) (o *Indirect, err error, ok bool) { //nolint:revive // err is the remembered result
	c.mu.Lock()
	defer c.mu.Unlock()
	if o, known := c.objects[p]; o != nil || !known {
		return o, nil, known
	}
	err = c.failed[p]
	return nil, err, err != nil
}

// each calls do with every object that is kept, in no order.
func (c *cache) each(do func(o *Indirect)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, o := range c.objects {
		if o != nil {
			do(o)
		}
	}
}

// put remembers an object or why it cannot be read; n is how many bytes were
// parsed. It fails when the file asks for too much work.
func (c *cache) put(p place, o *Indirect, err error, n int64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, counted := c.objects[p]; !counted {
		if c.work += n; c.work > c.allowed {
			c.objects[p] = nil
			return c.tooMuch(max(p.offset, ^p.offset))
		}
	}
	c.objects[p] = o
	if err != nil {
		if c.failed == nil {
			c.failed = make(map[place]error)
		}
		c.failed[p] = err
	}
	c.keep(16 * n)
	return nil
}

// countWork counts bytes that were parsed and are not kept.
func (c *cache) countWork(offset, n int64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.work += n; c.work > c.allowed {
		return c.tooMuch(offset)
	}
	return nil
}

func (c *cache) tooMuch(offset int64) error {
	return overLimit(offset, "objects overlap so much that more than %d bytes would have to be parsed", c.allowed)
}

// countFiltered counts bytes that a filter took or gave, whatever came of it.
func (c *cache) countFiltered(offset int64, n int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.filtered += int64(n); c.filtered > c.allowedBytes {
		return overLimit(offset, "streams are decoded so often that their filters would have to take and give more than %d bytes", c.allowedBytes)
	}
	return nil
}

// keep adds to the cost, and drops everything when it is too much. An object
// takes up to about 16 times its bytes.
func (c *cache) keep(cost int64) {
	c.cost += cost
	if c.cost <= 16*maxCacheBytes {
		return
	}
	for p := range c.objects {
		c.objects[p] = nil
	}
	clear(c.streams)
	c.cost = 0
}

func (c *cache) stream(offset int64) *objectStream {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.streams[offset]
}

func (c *cache) putStream(offset int64, s *objectStream) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.streams == nil {
		c.streams = make(map[int64]*objectStream)
	}
	if c.streams[offset] == nil {
		c.streams[offset] = s
		c.keep(4 * int64(len(s.data)))
	}
}

// countDecoded counts the decoded bytes of the stream at offset, once, and
// fails when all streams together are too long.
func (c *cache) countDecoded(offset, n int64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counted[offset] {
		return nil
	}
	if c.counted == nil {
		c.counted = make(map[int64]bool)
	}
	c.counted[offset] = true
	c.decoded += n
	c.allowed += workFactor * n
	if c.decoded > maxDecodedBytes {
		return overLimit(offset, "object and cross-reference streams are longer than %d bytes together", int64(maxDecodedBytes))
	}
	return nil
}

// forget drops everything that was kept. What is parsed again counts again, so
// that a file whose chains fail one after the other stays within its budget.
func (c *cache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.objects)
	clear(c.failed)
	clear(c.streams)
	c.cost = 0
}
