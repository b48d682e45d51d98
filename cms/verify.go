package cms

import (
	"bytes"
	"crypto"
	"errors"
	"fmt"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/ber"
)

// Verification is what Verify found. Its zero value says that nothing holds.
type Verification struct {
	DigestValid    bool      // the content has the digest that was signed
	SignatureValid bool      // the signature value verifies under the certificate's key
	DigestHash     Hash      // hash function of the content; 0 when not known
	Algorithm      Algorithm // of the signature value
	KeyBits        int       // of the certificate's key; 0 when not known

	// NoSignedAttributes: the signature value is over the content itself. Callers must refuse content that
	// IsAttributeSet says yes to.
	NoSignedAttributes bool
	// SigningCertificateV1 and V2 tell which attributes bind the certificate to the signature (RFC 2634, RFC 5035).
	SigningCertificateV1, SigningCertificateV2 bool

	Findings []Finding
}

func (v *Verification) find(severity Severity, code, clause, format string, args ...any) {
	v.Findings = append(v.Findings, Finding{Code: code, Severity: severity, Clause: clause, Text: fmt.Sprintf(format, args...)})
}

// Verify verifies the signature over a content with this digest, which the caller took with DigestHash, under the key
// of cert (RFC 5652 §5.4, §5.6). The certificate itself is not judged.
//
// The error is nil only when digest and signature are right and no rule is broken. Of several reasons it names the
// gravest: ErrMalformed, ErrLimit, ErrDigest, ErrSignature, ErrUnsupported, ErrNoCertificate, ErrConstraint; with
// ErrConstraint alone digest and signature are right. The Verification is never nil. Without a certificate only the
// digest is compared.
func (si *SignerInfo) Verify(cert *certificate.Certificate, contentDigest []byte) (*Verification, error) {
	v := &Verification{NoSignedAttributes: si.RawSignedAttributes == nil}
	if si.data == nil {
		return v, fail(ErrMalformed, "the SignerInfo does not come from Parse")
	}
	hash, asSignature, err := hashOf(si.DigestAlgorithm)
	if err != nil {
		return v, err
	}
	v.DigestHash = hash
	if asSignature {
		v.find(Violation, CodeDigestIdentifier, "RFC 8933, 4", "the digest algorithm names a signature algorithm")
	}
	if err := si.checkDigest(v, contentDigest); err != nil {
		return v, err
	}
	err = si.checkSignature(v, cert, contentDigest)
	si.checkAttributes(v, cert)
	if si.paddedSerial {
		v.find(Violation, CodeSerialNumber, "X.690, 8.3.2", "the serial number that names the certificate has superfluous octets")
	}
	switch {
	case !v.DigestValid:
		return v, fail(ErrDigest, "the content is not the one that was signed")
	case err != nil:
		return v, err
	}
	for i := range v.Findings {
		if v.Findings[i].Severity == Violation {
			return v, fail(ErrConstraint, "%s", v.Findings[i].Text)
		}
	}
	return v, nil
}

// checkDigest compares the digest with the message-digest attribute, and demands of the attributes what makes them a
// statement about a content (RFC 5652 §5.3, §11.1, §11.2). Its errors leave nothing to verify.
func (si *SignerInfo) checkDigest(v *Verification, digest []byte) error {
	if len(digest) != v.DigestHash.Size() {
		return fail(ErrDigest, "the digest given has %d bytes, %s has %d", len(digest), v.DigestHash, v.DigestHash.Size())
	}
	if v.NoSignedAttributes {
		if !si.data.ContentType.Equal(OIDData) {
			return fail(ErrMalformed, "without signed attributes the content type must be id-data (RFC 5652, 5.3)")
		}
		if c := si.data.Content; si.data.HasContent && IsAttributeSet(c, int64(len(c))) {
			return fail(ErrMalformed, "no signed attributes, and the content itself is a set of attributes")
		}
		v.find(Warning, CodeNoSignedAttributes, "RFC 5652, 5.4", "there are no signed attributes: the signature binds nothing but the content")
		v.DigestValid = true // the signature value itself is over this digest
		return nil
	}
	contentType, ok := si.SignedAttributes.value(OIDContentType)
	if !ok {
		return fail(ErrMalformed, "the signed attributes must hold one content-type with one value")
	}
	if !contentType.Is(ber.Universal, ber.TagObjectIdentifier) || !bytes.Equal(contentType.Content, si.data.contentType) {
		return fail(ErrMalformed, "the content-type attribute differs from the type of the content")
	}
	attribute, ok := si.SignedAttributes.value(OIDMessageDigest)
	if !ok {
		return fail(ErrMalformed, "the signed attributes must hold one message-digest with one value")
	}
	if !attribute.Is(ber.Universal, ber.TagOctetString) {
		return fail(ErrMalformed, "the message-digest attribute is no OCTET STRING")
	}
	signed, err := attribute.OctetString()
	if err != nil {
		return malformed("message-digest", err)
	}
	v.DigestValid = bytes.Equal(signed, digest)
	return nil
}

// checkSignature verifies the signature value.
func (si *SignerInfo) checkSignature(v *Verification, cert *certificate.Certificate, contentDigest []byte) error {
	s, err := si.signature()
	if err != nil {
		return err
	}
	v.Algorithm = Algorithm{Scheme: s.Scheme, Hash: s.Hash.Crypto()}
	switch {
	case s.Scheme.MLDSA():
		v.Algorithm.Hash = v.DigestHash.Crypto()
		if v.DigestHash.Size() < mldsaDigest(s.Scheme) {
			v.find(Warning, CodeMLDSADigest, "RFC 9882, 3.3", "%s is weaker than %s, which it is used with", v.DigestHash, s.Scheme)
		}
	case s.Scheme.SignsMessage():
		v.Algorithm.Hash = v.DigestHash.Crypto()
		want := algorithm.SHA512
		if s.Scheme == Ed448 {
			want = SHAKE256
		}
		if v.DigestHash != want {
			v.find(Violation, CodeEdDSADigest, "RFC 8419, 2.3", "%s needs %s as digest algorithm, not %s", s.Scheme, want, v.DigestHash)
		}
	case s.Hash != v.DigestHash:
		v.find(Violation, CodeAlgorithmsDisagree, "RFC 8933, 4", "the content was digested with %s, the signature made with %s",
			v.DigestHash, s.Hash)
	}
	if cert == nil {
		return fail(ErrNoCertificate, "%s", si.signerName())
	}
	v.KeyBits = algorithm.KeyBits(cert.PublicKey)
	si.checkStrength(v, s, cert.PublicKey)
	if cert.PublicKey == nil {
		if errors.Is(cert.PublicKeyError, certificate.ErrUnsupportedKey) {
			return fail(ErrUnsupported, "%w", cert.PublicKeyError)
		}
		return fail(ErrMalformed, "%w", cert.PublicKeyError)
	}
	if err := algorithm.CheckRestriction(cert.PublicKeyInfo.Algorithm, s); err != nil {
		v.find(Violation, CodeKeyRestriction, "RFC 4055, 3.3", "the signer's key may not make such a signature: %v", err)
	}
	if v.NoSignedAttributes {
		return si.checkBareSignature(v, cert.PublicKey, s, contentDigest)
	}
	message, rewritten, err := si.signedMessage()
	if err != nil {
		return err
	}
	if rewritten {
		v.find(Warning, CodeAttributesNotDER, "RFC 5652, 5.4", "the signed attributes are not DER; their DER was hashed")
	} else if !sorted(si.SignedAttributes) {
		v.find(Warning, CodeAttributesUnsorted, "X.690, 11.6", "the signed attributes are not in DER order; they were hashed as received")
	}
	err = algorithm.VerifyMessage(cert.PublicKey, s, message, si.Signature)
	if err != nil && s.Hash != v.DigestHash && (s.Scheme == RSA || s.Scheme == ECDSA || s.Scheme == PlainECDSA || s.Scheme == DSA) {
		// Some producers name one hash function in the signature algorithm and sign with that of the digest algorithm.
		// The violation is on record; here only the mathematics is answered.
		s.Hash = v.DigestHash
		if algorithm.VerifyMessage(cert.PublicKey, s, message, si.Signature) == nil {
			err = nil
		}
	}
	if err != nil {
		return algorithmError(err)
	}
	v.SignatureValid = true
	return nil
}

// checkBareSignature verifies a signature value over the content itself (RFC 5652 §5.4). v.DigestValid follows it.
func (si *SignerInfo) checkBareSignature(v *Verification, pub crypto.PublicKey, s algorithm.Signature, digest []byte) (err error) {
	switch {
	case s.Scheme.SignsMessage() && si.data.HasContent:
		err = algorithm.VerifyMessage(pub, s, si.data.Content, si.Signature)
	case s.Scheme.SignsMessage():
		return fail(ErrUnsupported, "%s without signed attributes needs the content itself, not its digest", s.Scheme)
	case s.Hash != v.DigestHash:
		return fail(ErrUnsupported, "the signature was made with %s, the content digested with %s",
			s.Hash, v.DigestHash)
	default:
		err = algorithm.VerifyDigest(pub, s, digest, si.Signature)
	}
	if err != nil {
		return algorithmError(err)
	}
	v.SignatureValid = true
	return nil
}

// SignedMessage returns the bytes that the signature value is over: the signed attributes under the tag SET OF, as they
// were received. Where they were sent with indefinite lengths or with tags or lengths of too many octets, it is their
// DER (RFC 5652 §5.4). Without signed attributes it is an error.
func (si *SignerInfo) SignedMessage() ([]byte, error) {
	message, _, err := si.signedMessage()
	return message, err
}

func (si *SignerInfo) signedMessage() (message []byte, rewritten bool, err error) {
	if si.RawSignedAttributes == nil {
		return nil, false, errors.New("cms: no signed attributes; the signature is over the content")
	}
	ok, err := ber.HasDERLengths(si.RawSignedAttributes)
	if err != nil {
		return nil, false, malformed("signedAttrs", err)
	}
	if ok {
		message = bytes.Clone(si.RawSignedAttributes)
		message[0] = setTag
		return message, false, nil
	}
	set, _, err := ber.Read(si.RawSignedAttributes)
	if err != nil {
		return nil, false, malformed("signedAttrs", err)
	}
	message, err = ber.ToDER(append(ber.AppendLength([]byte{setTag}, len(set.Content)), set.Content...))
	if err != nil {
		return nil, false, malformed("signedAttrs", err)
	}
	return message, true, nil
}

// setTag is the identifier octet of a SET or SET OF.
const setTag = 0x31

// sorted tells whether the attributes stand in the order of their encodings (X.690 §11.6).
func sorted(list Attributes) bool {
	for i := 1; i < len(list); i++ {
		if bytes.Compare(list[i-1].Raw, list[i].Raw) > 0 {
			return false
		}
	}
	return true
}

// checkStrength names what no new signature should use. Whether it still counted when the signature was made is for the caller.
func (si *SignerInfo) checkStrength(v *Verification, s algorithm.Signature, pub crypto.PublicKey) {
	weak := func(w algorithm.Weakness) {
		if w.Named {
			v.find(Warning, CodeWeakAlgorithm, "ETSI TS 119 312", "%s is weak", w.Name)
		}
	}
	if s.Hash != v.DigestHash {
		if w, ok := algorithm.WeakHash(v.DigestHash); ok {
			weak(w)
		}
	}
	for _, w := range algorithm.Weak(s, pub) {
		weak(w)
	}
}

// algorithmError turns an error of internal/algorithm into one of this package.
func algorithmError(err error) error {
	kind := ErrUnsupported
	switch {
	case errors.Is(err, algorithm.ErrSignature), errors.Is(err, algorithm.ErrKeyMismatch):
		kind = ErrSignature
	case errors.Is(err, algorithm.ErrMalformed):
		kind = ErrMalformed
	}
	return fail(kind, "%w", err)
}
