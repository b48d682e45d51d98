package certificate

import (
	"bytes"
	"hash/maphash"
	"maps"
	"slices"
)

// index finds candidates by their subject. A few are looked through; for more there are
// tables, which are seeded anew each time, so nobody can make many names fall together.
type index struct {
	all   []*Certificate // in the order in which they came
	names nameHashes
	// bySubject and known, by the hash of Raw, are nil while there are few.
	bySubject map[uint64][]*Certificate
	known     map[uint64]*Certificate
	asked     map[*Certificate]error // whose issuers were asked for, and how that failed

	distance map[*Certificate]int // nil until asked for
}

// fewCandidates is up to how many it costs less to try them all than to find out first
// which of them have a name, or lead to an anchor.
const fewCandidates = 8

// nameHashes computes hashes of names under one seed, each once.
type nameHashes struct {
	seed  maphash.Seed
	known map[string]uint64 // by the bytes of the name
}

// of returns the hash of a name; raw is the same name in DER, nil where it is not at hand.
func (h *nameHashes) of(raw []byte, n Name) uint64 {
	if raw == nil {
		return n.Hash(h.seed)
	}
	sum, known := h.known[string(raw)]
	if !known {
		if h.known == nil {
			h.known = map[string]uint64{}
		}
		sum = n.Hash(h.seed)
		h.known[string(raw)] = sum
	}
	return sum
}

// fill takes the certificates that are at hand from the beginning.
func (x *index) fill(anchors *Pool, candidates []*Certificate) {
	x.all = make([]*Certificate, 0, min(len(candidates), fewCandidates))
	if anchors.Len() > 0 {
		x.names.seed = anchors.seed
	} else {
		x.names.seed = maphash.MakeSeed()
	}
	for i, c := range candidates {
		if i == maxPathCandidates {
			break
		}
		if c != nil {
			x.add(c)
		}
	}
}

// with returns an index that holds more certificates.
func (x *index) with(more []*Certificate) *index {
	if len(more) == 0 {
		return x
	}
	y := &index{all: slices.Clone(x.all), names: x.names, known: maps.Clone(x.known), asked: maps.Clone(x.asked)}
	if x.bySubject != nil {
		y.bySubject = make(map[uint64][]*Certificate, len(x.bySubject))
		for key, list := range x.bySubject {
			y.bySubject[key] = list[:len(list):len(list)]
		}
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
	if len(x.all) == maxPathCandidates || x.knows(c) {
		return false
	}
	x.all = append(x.all, c)
	x.distance = nil
	switch {
	case x.bySubject != nil:
		x.enter(c)
	case len(x.all) > fewCandidates:
		x.bySubject, x.known = map[uint64][]*Certificate{}, map[uint64]*Certificate{}
		for _, d := range x.all {
			x.enter(d)
		}
	}
	return true
}

func (x *index) knows(c *Certificate) bool {
	if x.known == nil {
		return containsCertificate(x.all, c)
	}
	d, known := x.known[maphash.Bytes(x.names.seed, c.Raw)]
	return known && d.Equal(c)
}

// enter puts a certificate into the tables.
func (x *index) enter(c *Certificate) {
	x.known[maphash.Bytes(x.names.seed, c.Raw)] = c
	key := x.names.of(c.RawSubject, c.Subject)
	x.bySubject[key] = append(x.bySubject[key], c)
}

// named returns the certificates with that subject, in the order in which they came; raw
// is the same name in DER, nil where it is not at hand.
func (x *index) named(raw []byte, subject Name) []*Certificate {
	list := x.all
	if x.bySubject != nil {
		list = x.bySubject[x.names.of(raw, subject)]
	}
	for i, c := range list {
		if i > 0 && bytes.Equal(c.RawSubject, list[i-1].RawSubject) {
			continue
		}
		if !sameName(raw, subject, c.RawSubject, c.Subject) { // in the tables an accident
			exact := append([]*Certificate(nil), list[:i]...)
			for _, d := range list[i+1:] {
				if sameName(raw, subject, d.RawSubject, d.Subject) {
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
	for _, c := range x.all {
		if len(s.anchorsNamed(c.RawIssuer, c.Issuer)) > 0 {
			x.distance[c] = 1
			level = append(level, c)
			continue
		}
		key := x.names.of(c.RawIssuer, c.Issuer)
		byIssuer[key] = append(byIssuer[key], c)
	}
	for steps := 2; len(level) > 0; steps++ {
		var next []*Certificate
		for _, issuer := range level {
			key := x.names.of(issuer.RawSubject, issuer.Subject)
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
