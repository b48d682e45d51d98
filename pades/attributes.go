package pades

import (
	"cmp"
	"encoding/asn1"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/algorithm"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// check refuses options that contradict each other or ask for what is not there.
func (o *SignOptions) check() error {
	switch {
	case o.Field != "" && o.NewField != "":
		return failf(ErrOptions, "Field and NewField exclude each other")
	case o.Field != "" && o.Tooltip != "":
		return failf(ErrOptions, "Tooltip applies to a new field: the field %q has its own", o.Field)
	case o.Reason != "" && len(o.Commitments) > 0:
		return failf(ErrOptions, "a Reason and a commitment type exclude each other (EN 319 142-1, 6.3)")
	case o.Reason != "" && o.Policy != nil:
		return failf(ErrOptions, "a Reason and a signature policy exclude each other (EN 319 142-1, 6.3)")
	case o.ContentsSize < 0 || o.ContentsSize > maxContentsSize:
		return failf(ErrOptions, "ContentsSize %d is not between 0 and %d", o.ContentsSize, maxContentsSize)
	}
	if err := cmp.Or(o.visibility().check(), o.Lock.check(), o.Certify.check("of Certify")); err != nil {
		return err
	}
	return o.services().check()
}

// attributes returns the signed attributes that the options add.
func (o *SignOptions) attributes() ([]cms.Attribute, error) {
	var all []cms.Attribute
	if len(o.Commitments) > 0 {
		a := cms.Attribute{Type: cms.OIDCommitmentType}
		for _, id := range o.Commitments {
			value, err := commitment(id)
			if err != nil {
				return nil, failf(ErrOptions, "commitment type %v: %w", id, err)
			}
			a.Values = append(a.Values, value)
		}
		all = append(all, a)
	}
	if o.Policy != nil {
		value, err := o.Policy.value()
		if err != nil {
			return nil, err
		}
		all = append(all, cms.Attribute{Type: cms.OIDSignaturePolicy, Values: [][]byte{value}})
	}
	return all, nil
}

// commitment is a CommitmentTypeIndication without qualifiers.
func commitment(id asn1.ObjectIdentifier) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(id) })
	return b.Bytes()
}

// value is a SignaturePolicyId without qualifiers.
func (p *Policy) value() ([]byte, error) {
	hash, ok := algorithm.HashOID(algorithm.Hash(p.Hash))
	if !ok {
		return nil, failf(ErrOptions, "the policy's hash %d is not supported", uint(p.Hash))
	}
	if len(p.Digest) != p.Hash.Size() {
		return nil, failf(ErrOptions, "the policy's digest has %d bytes, %v has %d", len(p.Digest), p.Hash, p.Hash.Size())
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(p.ID)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(hash) })
			b.AddASN1OctetString(p.Digest)
		})
	})
	value, err := b.Bytes()
	if err != nil {
		return nil, failf(ErrOptions, "policy %v: %w", p.ID, err)
	}
	return value, nil
}
