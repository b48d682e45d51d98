package certificate

import (
	"bytes"
	"hash/maphash"
)

// Parser reads certificates as [Parse] does, and reads one only once: the signatures,
// the time stamps and the security store of a file hold many copies of a few. What it
// returns may be shared; it may refer to the bytes of an earlier copy. The zero value is
// ready for use, and nil remembers nothing. It keeps every certificate that it has
// read. It is not safe for concurrent use.
type Parser struct {
	seed  maphash.Seed
	known map[uint64]*Certificate // by the hash of their bytes
}

// Parse is [Parse] for a certificate that may have been read before.
func (p *Parser) Parse(der []byte) (*Certificate, error) {
	if p == nil {
		return Parse(der)
	}
	if p.known == nil {
		p.seed, p.known = maphash.MakeSeed(), make(map[uint64]*Certificate)
	}
	sum := maphash.Bytes(p.seed, der)
	if c := p.known[sum]; c != nil && bytes.Equal(c.Raw, der) {
		return c, nil
	}
	c, err := Parse(der)
	if err == nil {
		p.known[sum] = c
	}
	return c, err
}
