package fetch

import (
	"container/list"
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"time"
)

// Cache keeps answers. It is used by several goroutines at once. What it returns is
// not trusted more than what comes over the network.
type Cache interface {
	// Get returns the entry that was put under the key, or nil.
	Get(key Key) *Entry
	// Put keeps an entry in place of an earlier one. An error is reported in
	// [Attempt.CacheErr] and has no other effect.
	Put(key Key, e *Entry) error
}

// Key names an answer by its kind, method, URL and request. It is a digest, so a
// hostile URL cannot choose it.
type Key [sha256.Size]byte

func newKey(kind Kind, method, url string, body []byte) Key {
	h := sha256.New()
	for _, part := range [][]byte{[]byte(kind.String()), []byte(method), []byte(url), body} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		h.Write(part)
	}
	return Key(h.Sum(nil))
}

// Entry is a kept answer. Neither a cache nor who asks one changes it. Where a cache
// keeps the very Entry, the client also finds again what it read the answer as.
type Entry struct {
	Raw       []byte
	Retrieved time.Time // when the request was sent
	Expires   time.Time // from then on it is not used

	content *content // Raw as read; nil: not yet
	kind    Kind     // as which it was read
}

// readAs returns the entry with its content, that of the kind.
func (e *Entry) readAs(kind Kind) (*Entry, error) {
	if e.content != nil && e.kind == kind {
		return e, nil
	}
	c, err := read(kind, e.Raw)
	if err != nil {
		return nil, err
	}
	return &Entry{Raw: e.Raw, Retrieved: e.Retrieved, Expires: e.Expires, content: c, kind: kind}, nil
}

// NoCache keeps nothing.
type NoCache struct{}

// Get returns nil.
func (NoCache) Get(Key) *Entry { return nil }

// Put does nothing.
func (NoCache) Put(Key, *Entry) error { return nil }

// Memory is a cache in memory. The entries used least recently make room for new
// ones. The zero value is ready for use, by several goroutines at once.
type Memory struct {
	// MaxBytes is how much is kept; 0 means 64 MiB. It is not changed after the
	// first use.
	MaxBytes int64

	mu      sync.Mutex
	entries map[Key]*list.Element
	order   list.List // most recently used first
	bytes   int64
}

type memoryEntry struct {
	key   Key
	entry *Entry
}

func (m *Memory) limit() int64 {
	if m.MaxBytes > 0 {
		return m.MaxBytes
	}
	return defaultMemoryBytes
}

// cost is how much memory an entry takes. A CRL is kept as its bytes alone.
func cost(e *Entry) int64 {
	if e.content == nil || e.kind == KindCRL {
		return int64(len(e.Raw)) + entryOverhead
	}
	return readCost*int64(len(e.Raw)) + entryOverhead
}

// Get implements [Cache].
func (m *Memory) Get(key Key) *Entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	element := m.entries[key]
	if element == nil {
		return nil
	}
	m.order.MoveToFront(element)
	return element.Value.(memoryEntry).entry
}

// Put implements [Cache]. An entry over the limit is not kept.
func (m *Memory) Put(key Key, e *Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if old := m.entries[key]; old != nil {
		m.remove(old)
	}
	if cost(e) > m.limit() {
		return nil
	}
	if m.entries == nil {
		m.entries = map[Key]*list.Element{}
	}
	m.entries[key] = m.order.PushFront(memoryEntry{key, e})
	m.bytes += cost(e)
	for m.bytes > m.limit() || m.order.Len() > maxMemoryEntries {
		m.remove(m.order.Back())
	}
	return nil
}

func (m *Memory) remove(element *list.Element) {
	old := m.order.Remove(element).(memoryEntry)
	delete(m.entries, old.key)
	m.bytes -= cost(old.entry)
}
