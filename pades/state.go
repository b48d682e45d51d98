package pades

import (
	"bytes"
	"crypto"
	"encoding/asn1"
	"errors"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/algorithm"
)

// stateVersion is the version of the serialised form. A change of meaning gets a
// new number; other numbers are refused.
const stateVersion = 1

// preparedState is the serialised form of Prepared, in DER. It holds no secret.
type preparedState struct {
	Version      int
	Start        int64
	Before       []byte // the update up to the gap
	Room         int    // bytes of the CMS object that fit into the gap
	After        []byte // the update behind the gap
	Hash         asn1.ObjectIdentifier
	Digest       []byte
	Scheme       int
	Certificates [][]byte
	Attributes   []stateAttribute
	Signed       []byte
}

type stateAttribute struct {
	Type   asn1.ObjectIdentifier
	Values [][]byte
}

// MarshalBinary serialises the prepared signature, so that another process can
// complete it. It implements encoding.BinaryMarshaler.
func (p *Prepared) MarshalBinary() ([]byte, error) {
	hash, ok := algorithm.HashOID(algorithm.Hash(p.hash))
	if !ok {
		return nil, failf(ErrOptions, "hash %d has no object identifier", uint(p.hash))
	}
	s := preparedState{
		Version: stateVersion, Start: p.start,
		Before: p.update[:p.gap.start], Room: p.Room(), After: p.update[p.gap.end:],
		Hash: hash, Digest: p.digest, Scheme: int(p.algorithm.Scheme), Signed: p.signed,
	}
	for _, c := range p.chain {
		s.Certificates = append(s.Certificates, c.Raw)
	}
	for _, a := range p.attributes {
		s.Attributes = append(s.Attributes, stateAttribute{a.Type, a.Values})
	}
	b, err := asn1.Marshal(s)
	if err != nil {
		return nil, failf(ErrOptions, "%w", err)
	}
	return b, nil
}

var errState = errors.New("pades: these are not the bytes of a prepared signature")

// UnmarshalBinary reads what MarshalBinary wrote. It checks the form alone;
// Complete and CompleteCMS check the content. It implements
// encoding.BinaryUnmarshaler.
func (p *Prepared) UnmarshalBinary(b []byte) error {
	if len(b) > maxPrepared {
		return failf(ErrOptions, "a prepared signature of %d bytes is longer than %d", len(b), maxPrepared)
	}
	var s preparedState
	if rest, err := asn1.Unmarshal(b, &s); err != nil || len(rest) > 0 {
		return errState
	}
	if s.Version != stateVersion {
		return failf(ErrOptions, "a prepared signature of version %d cannot be read, only version %d", s.Version, stateVersion)
	}
	named, ok := algorithm.HashByOID(s.Hash)
	hash := named.Crypto()
	if !ok || !hash.Available() || len(s.Digest) != hash.Size() {
		return errState
	}
	if s.Start < 0 || s.Room <= 0 || s.Room > maxContentsSize || len(s.Certificates) > maxChain || len(s.Attributes) > maxAttributes || (len(s.Signed) > 0) != (len(s.Certificates) > 0) {
		return errState
	}
	read := Prepared{start: s.Start, hash: hash, digest: s.Digest, algorithm: s.algorithm(hash)}
	for _, der := range s.Certificates {
		c, err := certificate.Parse(der)
		if err != nil {
			return errState
		}
		read.chain = append(read.chain, c)
	}
	for _, a := range s.Attributes {
		read.attributes = append(read.attributes, cms.Attribute{Type: a.Type, Values: a.Values})
	}
	if len(s.Signed) > 0 {
		read.signed = s.Signed
	}
	read.update, read.gap = s.join()
	if again, err := read.MarshalBinary(); err != nil || !bytes.Equal(again, b) {
		return errState // there is one form only
	}
	*p = read
	return nil
}

// join puts the update together again, with zeros in the gap.
func (s *preparedState) join() ([]byte, gap) {
	g := gap{start: len(s.Before), end: len(s.Before) + 2*s.Room + len("<>")}
	b := make([]byte, 0, g.end+len(s.After))
	b = append(append(b, s.Before...), '<')
	b = append(b, bytes.Repeat([]byte{'0'}, 2*s.Room)...)
	b = append(b, '>')
	return append(b, s.After...), g
}

func (s *preparedState) algorithm(hash crypto.Hash) cms.Algorithm {
	return cms.Algorithm{Scheme: cms.Scheme(s.Scheme), Hash: hash}
}
