package revocation

import (
	"crypto/sha1" // responders are named by SHA-1 of their key (RFC 6960, 4.2.1)
	"hash/maphash"

	"github.com/inkan-go/inkan/certificate"
)

// candidates finds certificates by what names signers of evidence, however many there
// are of both.
type candidates struct {
	seed      maphash.Seed
	bySubject map[uint64][]*certificate.Certificate
	byKey     map[[sha1.Size]byte][]*certificate.Certificate // nil until asked for
	all       []*certificate.Certificate
	named     map[string][]*certificate.Certificate // what was found before, by the name in DER
}

func newCandidates(list []*certificate.Certificate) *candidates {
	c := &candidates{
		seed: maphash.MakeSeed(), bySubject: map[uint64][]*certificate.Certificate{},
		named: map[string][]*certificate.Certificate{},
	}
	seen := map[uint64]bool{}
	for _, d := range list {
		if d == nil || seen[maphash.Bytes(c.seed, d.Raw)] {
			continue
		}
		seen[maphash.Bytes(c.seed, d.Raw)] = true
		key := d.Subject.Hash(c.seed)
		c.bySubject[key] = append(c.bySubject[key], d)
		c.all = append(c.all, d)
	}
	return c
}

// withKey returns the certificates whose key has the digest.
func (c *candidates) withKey(digest []byte) []*certificate.Certificate {
	if c.byKey == nil {
		c.byKey = map[[sha1.Size]byte][]*certificate.Certificate{}
		for _, d := range c.all {
			key := sha1.Sum(d.PublicKeyInfo.Key)
			c.byKey[key] = append(c.byKey[key], d)
		}
	}
	return c.byKey[[sha1.Size]byte(digest)]
}

// atHand returns the candidates, read once.
func (j *judge) atHand() *candidates {
	if j.untrusted == nil {
		j.untrusted = newCandidates(j.Certificates)
	}
	return j.untrusted
}

// withSubject returns the certificates at hand that have the subject, which is given
// in DER, too.
func (j *judge) withSubject(raw []byte, n certificate.Name) []*certificate.Certificate {
	c := j.atHand()
	list, known := c.named[string(raw)]
	if known {
		return list
	}
	if j.query != nil {
		list = append(list, j.query.Named(n)...)
	}
	fromPath := len(list)
	for _, d := range c.bySubject[n.Hash(c.seed)] {
		if d.Subject.Equal(n) && !isIn(list[:fromPath], d) {
			list = append(list, d)
		}
	}
	c.named[string(raw)] = list
	return list
}

func isIn(list []*certificate.Certificate, c *certificate.Certificate) bool {
	for _, d := range list {
		if d.Equal(c) {
			return true
		}
	}
	return false
}
