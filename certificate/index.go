package certificate

import (
	"bytes"
	"hash/maphash"
	"maps"
)

// index finds candidates by their subject. The hash of a name is seeded anew each
// time, so nobody can make many names fall together.
type index struct {
	seed      maphash.Seed      // that of the anchors, if there are any
	hashes    map[string]uint64 // of names, by their bytes
	bySubject map[uint64][]*Certificate
	known     map[uint64]*Certificate // by the hash of Raw
	asked     map[*Certificate]error  // whose issuers were asked for, and how that failed
	size      int

	distance map[*Certificate]int // nil until asked for
}

func newIndex(anchors *Pool, candidates []*Certificate) *index {
	x := &index{
		hashes: map[string]uint64{}, bySubject: map[uint64][]*Certificate{},
		known: map[uint64]*Certificate{}, asked: map[*Certificate]error{},
	}
	if anchors.Len() > 0 {
		x.seed = anchors.seed
	} else {
		x.seed = maphash.MakeSeed()
	}
	for i, c := range candidates {
		if i == maxPathCandidates {
			break
		}
		if c != nil {
			x.add(c)
		}
	}
	return x
}

// with returns an index that holds more certificates.
func (x *index) with(more []*Certificate) *index {
	if len(more) == 0 {
		return x
	}
	y := &index{
		seed: x.seed, hashes: x.hashes, bySubject: make(map[uint64][]*Certificate, len(x.bySubject)),
		known: maps.Clone(x.known), asked: maps.Clone(x.asked), size: x.size,
	}
	for key, list := range x.bySubject {
		y.bySubject[key] = list[:len(list):len(list)]
	}
	for _, c := range more {
		if c != nil {
			y.add(c)
		}
	}
	return y
}

// add returns false when the certificate is known or too much.
func (x *index) add(c *Certificate) bool {
	sum := maphash.Bytes(x.seed, c.Raw)
	if d, known := x.known[sum]; x.size == maxPathCandidates || known && d.Equal(c) {
		return false
	}
	x.size++
	x.known[sum] = c
	key := x.hash(c.RawSubject, c.Subject)
	x.bySubject[key] = append(x.bySubject[key], c)
	x.distance = nil
	return true
}

// hash returns the hash of a name under the seed; raw is the same name in DER.
func (x *index) hash(raw []byte, n Name) uint64 {
	sum, known := x.hashes[string(raw)]
	if !known {
		sum = n.Hash(x.seed)
		x.hashes[string(raw)] = sum
	}
	return sum
}

// named returns the certificates with that subject, which has the hash, in the order
// in which they came.
func (x *index) named(hash uint64, subject Name) []*Certificate {
	list := x.bySubject[hash]
	for i, c := range list {
		if i > 0 && bytes.Equal(c.RawSubject, list[i-1].RawSubject) {
			continue
		}
		if !subject.Equal(c.Subject) { // an accident
			exact := append([]*Certificate(nil), list[:i]...)
			for _, d := range list[i+1:] {
				if subject.Equal(d.Subject) {
					exact = append(exact, d)
				}
			}
			return exact
		}
	}
	return list
}

// distances returns, for the candidates from which names lead to an anchor, over
// how many certificates they do.
func (x *index) distances(s *search) map[*Certificate]int {
	if x.distance != nil {
		return x.distance
	}
	x.distance = map[*Certificate]int{}
	byIssuer := map[uint64][]*Certificate{}
	var level []*Certificate
	for _, list := range x.bySubject {
		for _, c := range list {
			if len(s.anchorsNamed(x.hash(c.RawIssuer, c.Issuer), c.Issuer)) > 0 {
				x.distance[c] = 1
				level = append(level, c)
				continue
			}
			key := x.hash(c.RawIssuer, c.Issuer)
			byIssuer[key] = append(byIssuer[key], c)
		}
	}
	for steps := 2; len(level) > 0; steps++ {
		var next []*Certificate
		for _, issuer := range level {
			key := x.hash(issuer.RawSubject, issuer.Subject)
			for _, c := range byIssuer[key] {
				x.distance[c] = steps
				next = append(next, c)
			}
			delete(byIssuer, key)
		}
		level = next
	}
	return x.distance
}
