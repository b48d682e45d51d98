package cms

import (
	"bytes"
	"context"
	"crypto"
	"encoding/asn1"
	"io"
	"slices"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
)

// Template describes a SignedData with one signer, which is made in two steps: SignedAttributes gives the bytes to be
// signed, SignedData puts the signature into place. Equal templates give equal bytes. It is only read and may be
// shared between goroutines.
type Template struct {
	Algorithm     Algorithm
	ContentType   asn1.ObjectIdentifier // nil is id-data
	ContentDigest []byte                // digest of the content under Algorithm.Hash; may be nil when Content is given
	Content       []byte                // to be encapsulated; nil makes a detached signature
	Certificate   *certificate.Certificate
	Chain         []*certificate.Certificate // further certificates to include, in any order; Certificate may be among them
	SigningTime   time.Time                  // becomes the signing-time attribute, in whole seconds; the zero time, which PAdES wants, leaves it out
	Attributes    []Attribute                // further signed attributes; Raw is ignored
	// OmitCertificates leaves out the certificates, for readers who have them (RFC 3161, 2.4.1: certReq).
	OmitCertificates bool
}

// contentType returns the type of the content.
func (t *Template) contentType() asn1.ObjectIdentifier {
	if t.ContentType == nil {
		return OIDData
	}
	return t.ContentType
}

// digest returns the digest of the content.
func (t *Template) digest() ([]byte, error) {
	if err := t.Algorithm.Validate(); err != nil {
		return nil, err
	}
	digest := t.ContentDigest
	if t.Content != nil {
		w := t.Algorithm.Hash.New()
		w.Write(t.Content)
		sum := w.Sum(nil)
		if digest != nil && !bytes.Equal(digest, sum) {
			return nil, fail(ErrDigest, "ContentDigest is not the digest of Content")
		}
		digest = sum
	}
	if len(digest) != t.Algorithm.Hash.Size() {
		return nil, fail(ErrDigest, "ContentDigest has %d bytes, %s needs %d", len(digest), t.Algorithm, t.Algorithm.Hash.Size())
	}
	return digest, nil
}

// SignedAttributes returns the DER SET OF (tag 31) that is to be signed: content-type, message-digest,
// signing-certificate-v2, signing-time if asked for, and Attributes (RFC 5652 §5.3, EN 319 122-1 §5).
func (t *Template) SignedAttributes() ([]byte, error) {
	digest, err := t.digest()
	if err != nil {
		return nil, err
	}
	if t.Certificate == nil {
		return nil, fail(ErrNoCertificate, "the template has none")
	}
	if err := algorithm.CheckRestriction(t.Certificate.PublicKeyInfo.Algorithm, t.Algorithm.signature()); err != nil {
		return nil, fail(ErrKey, "the certificate's key may not sign with this algorithm; choose another one: %w", err)
	}
	if t.Certificate.PublicKey != nil {
		if err := t.Algorithm.CheckKey(t.Certificate.PublicKey); err != nil {
			return nil, err
		}
	}
	e := newEncoder(2 * (256 + len(t.Certificate.RawIssuer)))
	set := make([][]byte, 0, 4+len(t.Attributes))
	add := func(oid asn1.ObjectIdentifier, value func(*encoder)) {
		start := len(e.out)
		e.attribute(oid, value)
		set = append(set, e.out[start:])
	}
	add(OIDContentType, func(e *encoder) { e.oid(t.contentType()) })
	add(OIDMessageDigest, func(e *encoder) { e.octets(digest) })
	add(OIDSigningCertificateV2, func(e *encoder) { e.certificateIDs(t.Certificate, t.Algorithm.Hash) })
	if !t.SigningTime.IsZero() {
		add(OIDSigningTime, func(e *encoder) { e.time(t.SigningTime) })
	}
	for i := range t.Attributes {
		der, err := t.Attributes[i].marshal()
		if err != nil {
			return nil, err
		}
		if t.repeats(i) {
			return nil, fail(ErrMalformed, "signed attribute %v is made from the template's fields or given twice", t.Attributes[i].Type)
		}
		set = append(set, der)
	}
	start := len(e.out)
	e.set(tagSet, set)
	out, err := e.bytes()
	if err != nil {
		return nil, err
	}
	return out[start:len(out):len(out)], nil
}

// repeats tells whether Attributes[i] has a type that another one has, or that the template's fields make.
func (t *Template) repeats(i int) bool {
	oid := t.Attributes[i].Type
	for _, own := range []asn1.ObjectIdentifier{OIDContentType, OIDMessageDigest, OIDSigningCertificate, OIDSigningCertificateV2, OIDSigningTime} {
		if oid.Equal(own) {
			return true
		}
	}
	return Attributes(t.Attributes[:i]).Find(oid) != nil
}

// SignedData returns the DER of a ContentInfo with signedAttributes, as SignedAttributes returned them, and the
// signature over them. unsigned are attributes to add to the signer, such as a time-stamp token. The signature is not
// verified; the attributes must belong to this template.
func (t *Template) SignedData(signedAttributes, signature []byte, unsigned ...Attribute) ([]byte, error) {
	own, err := t.SignedAttributes()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(own, signedAttributes) {
		return nil, fail(ErrMalformed, "the signed attributes are not those of this template")
	}
	if len(signature) == 0 {
		return nil, fail(ErrSignature, "the signature is empty")
	}
	return t.contentInfo(signedAttributes, signature, unsigned)
}

// Sign makes the signed attributes, signs them with key as the function Sign does, and returns the DER of the
// ContentInfo. Nothing that a template can be refused for is found after the key was used.
func (t *Template) Sign(ctx context.Context, rand io.Reader, key crypto.Signer) ([]byte, error) {
	attributes, err := t.SignedAttributes()
	if err != nil {
		return nil, unsigned(err)
	}
	signature, err := Sign(ctx, rand, key, t.Algorithm, attributes)
	if err != nil {
		return nil, err
	}
	return t.contentInfo(attributes, signature, nil)
}

// contentInfo encodes a ContentInfo around signed attributes of this template.
func (t *Template) contentInfo(signedAttributes, signature []byte, unsigned []Attribute) ([]byte, error) {
	certificates := t.rawCertificates()
	size := 512 + len(t.Certificate.RawIssuer) + len(signedAttributes) + len(signature) + len(t.Content)
	for _, raw := range certificates {
		size += len(raw)
	}
	for i := range unsigned {
		for _, value := range unsigned[i].Values {
			size += 32 + len(value)
		}
	}
	version := byte(1)
	if !t.contentType().Equal(OIDData) {
		version = 3 // RFC 5652 §5.1
	}
	e := newEncoder(size)
	info := e.begin(tagSequence)
	e.oid(OIDSignedData)
	explicit := e.begin(tagContext)
	signedData := e.begin(tagSequence)
	e.version(version)
	digests := e.begin(tagSet)
	e.digestAlgorithm(t.Algorithm.Hash)
	e.end(digests)
	e.content(t.contentType(), t.Content)
	if len(certificates) > 0 {
		e.set(tagContext, certificates)
	}
	signers := e.begin(tagSet)
	if err := t.signerInfo(e, signedAttributes, signature, unsigned); err != nil {
		return nil, err
	}
	e.end(signers)
	e.end(signedData)
	e.end(explicit)
	e.end(info)
	return e.bytes()
}

// content writes an EncapsulatedContentInfo; nil content makes it a detached one.
func (e *encoder) content(kind asn1.ObjectIdentifier, content []byte) {
	sequence := e.begin(tagSequence)
	e.oid(kind)
	if content != nil {
		explicit := e.begin(tagContext)
		e.octets(content)
		e.end(explicit)
	}
	e.end(sequence)
}

// rawCertificates returns the signer's certificate and the chain, each once; nothing where they are to be left out.
func (t *Template) rawCertificates() [][]byte {
	if t.OmitCertificates {
		return nil
	}
	list := [][]byte{t.Certificate.Raw}
	for _, c := range t.Chain {
		if c != nil && !slices.ContainsFunc(list, func(raw []byte) bool { return bytes.Equal(raw, c.Raw) }) {
			list = append(list, c.Raw)
		}
	}
	return list
}

// signerInfo writes the SignerInfo, version 1: the signer is named by issuer and serial number.
func (t *Template) signerInfo(e *encoder, signedAttributes, signature []byte, unsigned []Attribute) error {
	algorithmID, err := t.Algorithm.identifier().Identifier()
	if err != nil {
		return algorithmError(err)
	}
	info := e.begin(tagSequence)
	e.version(1)
	issuerSerial := e.begin(tagSequence)
	e.raw(t.Certificate.RawIssuer)
	e.integer(t.Certificate.SerialNumber) // in its shortest form, however the certificate has it
	e.end(issuerSerial)
	e.digestAlgorithm(t.Algorithm.Hash)
	e.out = append(e.out, tagContext) // [0] IMPLICIT in place of SET
	e.raw(signedAttributes[1:])
	e.algorithm(algorithmID)
	e.octets(signature)
	if err := e.unsigned(nil, unsigned); err != nil {
		return err
	}
	e.end(info)
	return nil
}
