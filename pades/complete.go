package pades

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/asn1"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/ber"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/tsa"
)

// Complete adds a prepared signature to the document, given its value: the
// signature over ToBeSigned, in the form of Algorithm (ECDSA in DER). Everything
// is derived and verified anew, so p may come from an untrusted place: that the
// document is the one that was prepared, the digest, the attributes, and the
// signature itself; only the certificates beside the signer's own, which no
// signature covers, are taken as they are. Of the options those are used that say
// how to reach the Level; what the signature covers was settled by Prepare, which must
// have been given the same Level, for the room. On an error the document is as it was.
func (d *Document) Complete(ctx context.Context, p *Prepared, signature []byte, o *SignOptions) error {
	s, err := o.completion()
	if err != nil {
		return err
	}
	if p == nil || p.signed == nil {
		return failf(ErrOptions, "the signature was prepared without a certificate: use CompleteCMS")
	}
	if err := d.confirm(ctx, p); err != nil {
		return err
	}
	t := p.template()
	signed, err := t.SignedAttributes()
	if err != nil {
		return failf(ErrSigner, "%w", err)
	}
	if !bytes.Equal(signed, p.signed) {
		return failf(ErrChanged, "the signed attributes are not those of the prepared signature")
	}
	if err := t.Algorithm.VerifySignature(t.Certificate.PublicKey, signed, signature); err != nil {
		return failf(ErrSignature, "%w", err)
	}
	object, err := t.SignedData(signed, signature)
	if err != nil {
		return failf(ErrSignature, "%w", err)
	}
	return d.takeJudged(ctx, p, object, o, s)
}

// completion returns the services that a signature is completed with; what only
// Prepare uses is left out.
func (o *SignOptions) completion() (*services, error) {
	if o == nil {
		return &services{}, nil
	}
	s := o.services()
	if s.stamps && s.level < BT {
		s.stamps, s.tsa, s.hash = false, nil, 0 // the content was stamped by Prepare
	}
	return s, s.check()
}

// CompleteCMS adds a prepared signature to the document, given the whole CMS
// object: a SignedData in DER over DocumentDigest, with one signer, its
// certificate and no content, as PAdES wants it. Everything is verified as by
// Complete, and the options are used as there.
func (d *Document) CompleteCMS(ctx context.Context, p *Prepared, der []byte, o *SignOptions) error {
	s, err := o.completion()
	if err != nil {
		return err
	}
	if p == nil {
		return failf(ErrOptions, "no prepared signature given")
	}
	if len(der) > p.Room() {
		return &RoomError{Need: len(der), Room: p.Room()}
	}
	if err := d.confirm(ctx, p); err != nil {
		return err
	}
	return d.takeJudged(ctx, p, der, o, s)
}

// takeJudged takes a CMS object into the document if it is right. What cannot come to the
// level at this time, which may be days later, is refused before a time stamp is bought.
func (d *Document) takeJudged(ctx context.Context, p *Prepared, object []byte, o *SignOptions, s *services) error {
	leaf, err := p.judge(object)
	if err != nil {
		return err
	}
	if o != nil {
		doubts(leaf, d.now(), o.Warn)
	}
	if err := d.foresee(ctx, leaf, certificatesOf(object), p.field, s); err != nil {
		return err
	}
	return d.finish(ctx, p.copy(), object, s)
}

// confirm checks that p continues this document and that its digest is right.
func (d *Document) confirm(ctx context.Context, p *Prepared) error {
	if p.start != d.Size() {
		return failf(ErrChanged, "the signature was prepared for a document of %d bytes, this one has %d", p.start, d.Size())
	}
	digest, err := d.documentDigest(ctx, p, p.hash)
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(digest, p.digest) != 1 {
		return failf(ErrChanged, "the document is not the one that the signature was prepared for")
	}
	return d.confirmLayout(p)
}

// confirmLayout reads the document with the update and looks for the signature
// dictionary where the gap is.
func (d *Document) confirmLayout(p *Prepared) error {
	next := d.followed(p.update)
	f, err := next.current()
	if err != nil {
		return err
	}
	form, err := sigdict.Find(f.Latest())
	if err != nil {
		return failf(ErrChanged, "%w", err)
	}
	if err := sound(f, form); err != nil {
		return err
	}
	start, end := p.start+int64(p.gap.start), p.start+int64(p.gap.end)
	want := [4]int64{0, start, end, next.Size() - end}
	for _, field := range form.Fields {
		s := field.Signature
		if s == nil || s.Contents.Start != start || s.Contents.End != end || !s.Contents.Hex {
			continue
		}
		if r, ok := s.ByteRange.Four(); ok && r == want {
			return nil
		}
	}
	return failf(ErrChanged, "the prepared update has no signature field around its gap")
}

// judge verifies a CMS object over the prepared digest, and what PAdES asks of
// it (EN 319 142-1, 6.3). It returns the certificate of the signer.
func (p *Prepared) judge(der []byte) (*certificate.Certificate, error) {
	if ok, err := ber.IsDER(der); err != nil || !ok {
		return nil, failf(ErrSignature, "the CMS object is not in DER")
	}
	sd, rest, err := cms.Parse(der)
	if err != nil {
		return nil, failf(ErrSignature, "%w", err)
	}
	if len(rest) > 0 {
		return nil, failf(ErrSignature, "%d bytes follow the CMS object", len(rest))
	}
	if sd.HasContent {
		return nil, failf(ErrSignature, "the CMS object holds content: it must be detached")
	}
	if len(sd.SignerInfos) != 1 {
		return nil, failf(ErrSignature, "the CMS object has %d signers, it must have one", len(sd.SignerInfos))
	}
	si := sd.SignerInfos[0]
	if si.RawSignedAttributes == nil {
		return nil, failf(ErrSignature, "the CMS object has no signed attributes")
	}
	for _, a := range si.SignedAttributes {
		if a.Type.Equal(cms.OIDSigningTime) {
			return nil, failf(ErrSignature, "the CMS object holds a signing-time attribute, which PAdES forbids: the time belongs to /M")
		}
	}
	return p.judgeSigner(sd, si)
}

func (p *Prepared) judgeSigner(sd *cms.SignedData, si *cms.SignerInfo) (*certificate.Certificate, error) {
	hash, err := si.DigestHash()
	if err != nil {
		return nil, failf(ErrSignature, "%w", err)
	}
	if hash != cms.Hash(p.hash) {
		return nil, failf(ErrSignature, "the CMS object digests with %v, the document was prepared with %v", hash, p.hash)
	}
	c, err := sd.SignerCertificate(si)
	if err != nil {
		return nil, failf(ErrSignature, "the signer's certificate is not in the CMS object: %w", err)
	}
	if len(p.chain) > 0 && !c.Equal(p.chain[0]) {
		return nil, failf(ErrSignature, "the CMS object was signed with the certificate of %v, not that of %v", c.Subject, p.chain[0].Subject)
	}
	v, err := si.Verify(c, p.digest)
	if err != nil {
		return nil, failf(ErrSignature, "%w", err)
	}
	if !v.SigningCertificateV1 && !v.SigningCertificateV2 {
		return nil, failf(ErrSignature, "the CMS object has no signing-certificate attribute")
	}
	return c, judgeUnsigned(sd, si)
}

// judgeUnsigned judges what no signature covers: time stamps over the signature hold, and nobody
// has countersigned, which PAdES forbids (EN 319 142-1, 6.3).
func judgeUnsigned(sd *cms.SignedData, si *cms.SignerInfo) error {
	if len(si.UnsignedAttributes.All(oidCounterSignature)) > 0 {
		return failf(ErrSignature, "the CMS object holds a countersignature, which PAdES forbids")
	}
	for _, value := range si.UnsignedAttributes.All(cms.OIDSignatureTimeStamp) {
		token, rest, err := tsa.ParseToken(value)
		if err != nil || len(rest) > 0 || !token.Hash.Available() {
			return failf(ErrSignature, "the time stamp in the CMS object cannot be read")
		}
		h := token.Hash.New()
		h.Write(si.Signature)
		if _, err := token.Verify(h.Sum(nil), sd.X509Certificates()...); err != nil {
			return failf(ErrSignature, "the time stamp in the CMS object: %w", err)
		}
	}
	return nil
}

var oidCounterSignature = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 6} // RFC 5652, 11.4

// copy returns a copy that may be used up.
func (p *Prepared) copy() *Prepared {
	c := *p
	c.update = bytes.Clone(p.update)
	return &c
}
