package pades

import (
	"context"
	"crypto"
	"errors"
	"fmt"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/tsa"
)

// tokenRoom is how many bytes are reserved for a time-stamp token: with long
// chains and RSA-4096 they have come to more than 14,000.
const tokenRoom = 16 << 10

// leastToken is a room that no time-stamp token with its certificate fits into.
const leastToken = 1 << 10

// stamp is a time-stamp token that was checked, and who made it.
type stamp struct {
	token  *tsa.Token
	signer *certificate.Certificate
}

// stamp asks for a time stamp over a digest, once, and checks what comes back: the
// authority may be anybody's implementation. That another server stamped than the one
// that was asked first is told to warn.
func (d *Document) stamp(ctx context.Context, authority tsa.Timestamper, h crypto.Hash, digest []byte, warn func(string)) (*stamp, error) {
	r, err := authority.Timestamp(ctx, &tsa.Request{Hash: h, Digest: digest})
	if err != nil {
		if cause := ctx.Err(); cause != nil {
			err = errors.Join(cause, err)
		}
		return nil, failf(ErrTimestamp, "%w", err)
	}
	if r == nil || r.Token == nil {
		return nil, failf(ErrTimestamp, "the time-stamping authority returned no token")
	}
	d.largestToken = max(d.largestToken, len(r.Token.Raw))
	if r.Token.Hash != h {
		return nil, failf(ErrTimestamp, "the token stamps a digest of another hash function than %v", h)
	}
	var extra []*certificate.Certificate
	if r.Verification != nil && r.Verification.Certificate != nil {
		extra = append(extra, r.Verification.Certificate)
	}
	v, err := r.Token.Verify(digest, extra...)
	if err != nil {
		return nil, failf(ErrTimestamp, "%w", err)
	}
	for i := range r.Attempts {
		if a := &r.Attempts[i]; a.Err != nil && warn != nil {
			warn(fmt.Sprintf("the time stamp comes from %s: %v", r.Server, a))
		}
	}
	return &stamp{token: r.Token, signer: v.Certificate}, nil
}

// roomForToken is the room to be reserved for a token: the usual one, or more where
// a larger one was seen with this document.
func (d *Document) roomForToken() int {
	return max(tokenRoom, d.largestToken+d.largestToken/4)
}

// stampSignature puts a time stamp over the signature value into a CMS object, as
// an unsigned attribute (EN 319 142-1, 5.3).
func (d *Document) stampSignature(ctx context.Context, object []byte, h crypto.Hash, services *services) ([]byte, *stamp, error) {
	sd, _, err := cms.ParseWith(&d.certificates, object)
	if err != nil {
		return nil, nil, failf(ErrSignature, "%w", err)
	}
	w := h.New()
	w.Write(sd.SignerInfos[0].Signature)
	s, err := d.stamp(ctx, services.tsa, h, w.Sum(nil), services.warn)
	if err != nil {
		return nil, nil, err
	}
	stamped, err := sd.AddUnsigned(cms.Attribute{Type: cms.OIDSignatureTimeStamp, Values: [][]byte{s.token.Raw}})
	if err != nil {
		return nil, nil, failf(ErrTimestamp, "%w", err)
	}
	return stamped, s, nil
}

// stampContent puts a time stamp over the document into the signed attributes of a
// signature that is to be made (EN 319 122-1, 5.2.8).
func (d *Document) stampContent(ctx context.Context, p *Prepared, s *services) error {
	h := s.stampHash(p.hash)
	digest := p.digest
	if h != p.hash {
		var err error
		if digest, err = d.documentDigest(ctx, p, h); err != nil {
			return err
		}
	}
	made, err := d.stamp(ctx, s.tsa, h, digest, s.warn)
	if err != nil {
		return err
	}
	p.attributes = append(p.attributes, cms.Attribute{Type: cms.OIDContentTimeStamp, Values: [][]byte{made.token.Raw}})
	return nil
}

// contentsSize is the room for a signature of these options.
func (d *Document) contentsSize(o *SignOptions, chain []*certificate.Certificate) int {
	size := o.contentsSize(chain)
	if o.ContentsSize > 0 {
		return size
	}
	if o.Level >= BT {
		size += d.roomForToken()
	}
	if o.ContentTimestamp {
		size += d.roomForToken()
	}
	return size
}
