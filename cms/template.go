package cms

import (
	"bytes"
	"context"
	"crypto"
	"encoding/asn1"
	"errors"
	"io"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

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
	set := make(attributeSet, 0, 4+len(t.Attributes))
	err = errors.Join(
		set.add(OIDContentType, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(t.contentType()) }),
		set.add(OIDMessageDigest, func(b *cryptobyte.Builder) { b.AddASN1OctetString(digest) }),
		set.add(OIDSigningCertificateV2, func(b *cryptobyte.Builder) { addCertificateIDs(b, t.Certificate, t.Algorithm.Hash) }),
	)
	if err == nil && !t.SigningTime.IsZero() {
		err = set.add(OIDSigningTime, func(b *cryptobyte.Builder) { addTime(b, t.SigningTime) })
	}
	if err != nil {
		return nil, err
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
	return encodeSet(cbasn1.SET, set)
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
		return nil, err
	}
	signature, err := Sign(ctx, rand, key, t.Algorithm, attributes)
	if err != nil {
		return nil, err
	}
	return t.contentInfo(attributes, signature, nil)
}

// contentInfo encodes a ContentInfo around signed attributes of this template.
func (t *Template) contentInfo(signedAttributes, signature []byte, unsigned []Attribute) ([]byte, error) {
	signer, err := t.signerInfo(signedAttributes, signature, unsigned)
	if err != nil {
		return nil, err
	}
	certificates, err := encodeSet(cbasn1.Tag(0).ContextSpecific().Constructed(), t.rawCertificates())
	if err != nil {
		return nil, err
	}
	version := int64(1)
	if !t.contentType().Equal(OIDData) {
		version = 3 // RFC 5652 §5.1
	}
	b := builder(len(certificates) + len(signer) + len(t.Content) + 64)
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(OIDSignedData)
		b.AddASN1(cbasn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(version)
				b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) { addDigestAlgorithm(b, t.Algorithm.Hash) })
				b.AddASN1(cbasn1.SEQUENCE, t.addContent)
				b.AddBytes(certificates)
				b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) { b.AddBytes(signer) })
			})
		})
	})
	return encoded(b)
}

func (t *Template) addContent(b *cryptobyte.Builder) {
	b.AddASN1ObjectIdentifier(t.contentType())
	if t.Content != nil {
		b.AddASN1(cbasn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { b.AddASN1OctetString(t.Content) })
	}
}

// rawCertificates returns the signer's certificate and the chain, each once.
func (t *Template) rawCertificates() [][]byte {
	list := [][]byte{t.Certificate.Raw}
	for _, c := range t.Chain {
		if c != nil && !slices.ContainsFunc(list, func(raw []byte) bool { return bytes.Equal(raw, c.Raw) }) {
			list = append(list, c.Raw)
		}
	}
	return list
}

// signerInfo writes the SignerInfo, version 1: the signer is named by issuer and serial number.
func (t *Template) signerInfo(signedAttributes, signature []byte, unsigned []Attribute) ([]byte, error) {
	algorithmID, err := t.Algorithm.identifier().Identifier()
	if err != nil {
		return nil, algorithmError(err)
	}
	list := make([][]byte, 0, len(unsigned))
	for i := range unsigned {
		der, err := unsigned[i].marshal()
		if err != nil {
			return nil, err
		}
		list = append(list, der)
	}
	unsignedSet, err := encodeSet(cbasn1.Tag(1).ContextSpecific().Constructed(), list)
	if err != nil {
		return nil, err
	}
	b := builder(len(t.Certificate.RawIssuer) + len(signedAttributes) + len(signature) + len(unsignedSet) + 64)
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(1)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(t.Certificate.RawIssuer)
			b.AddASN1BigInt(t.Certificate.SerialNumber) // in its shortest form, however the certificate has it
		})
		addDigestAlgorithm(b, t.Algorithm.Hash)
		b.AddUint8(0xa0) // [0] IMPLICIT in place of SET
		b.AddBytes(signedAttributes[1:])
		addAlgorithm(b, algorithmID)
		b.AddASN1OctetString(signature)
		if len(list) > 0 {
			b.AddBytes(unsignedSet)
		}
	})
	return encoded(b)
}
