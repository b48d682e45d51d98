package pades

import (
	"context"
	"slices"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
)

// foresee refuses, before the key is used or a time stamp is bought, what could not come
// to B-LT: it gathers what the signer needs, whose certificates are at hand. What was
// asked for is remembered for later in the same call.
func (d *Document) foresee(ctx context.Context, leaf *certificate.Certificate, chain []*certificate.Certificate, field string, s *services) error {
	if s.level < BLT || s.foreseen {
		return nil
	}
	s.foreseen = true
	v, err := d.newValidation(s, nil)
	if err != nil {
		return err
	}
	v.candidates = unique(slices.Concat(v.candidates, chain))
	if _, err := v.prove(ctx, &subject{leaf: leaf, purpose: certificate.Signing, proof: proof{at: v.now}, field: field}, &material{}); err != nil {
		return err
	}
	if err := v.foreseeStamp(ctx, field); err != nil {
		return err
	}
	return v.decide(func(*Gap) GapAction { return GapFails })
}

// certificatesOf returns the certificates that came with a signature.
func certificatesOf(object []byte) []*certificate.Certificate {
	data, _, err := cms.Parse(object)
	if err != nil {
		return nil
	}
	return data.X509Certificates()
}

// foreseeStamp gathers what a time stamp will need, where the authority is known. What is
// wrong with its certificate is no reason to refuse: by now it may have another one.
func (v *validation) foreseeStamp(ctx context.Context, field string) error {
	known, ok := v.services.tsa.(interface {
		Authority() *certificate.Certificate
	}) // tsa.Client, for one
	if !ok {
		return nil
	}
	stamper := known.Authority()
	if stamper == nil || !stamper.ValidAt(v.now) {
		return nil
	}
	before := v.gaps
	v.gaps = nil
	_, err := v.prove(ctx, &subject{
		leaf: stamper, purpose: certificate.TimeStamping, proof: proof{at: v.now}, field: field, timestamp: true,
	}, &material{})
	v.gaps = append(before, slices.DeleteFunc(v.gaps, func(g Gap) bool { return !g.transient() })...)
	return err
}
