package cms

import (
	"crypto"
	"crypto/sha1"
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"

	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/ber"
)

// forgeryCase is a forged signature, and what verifying it comes to.
type forgeryCase struct {
	name  string
	forge func(f *forgery)
	want  error
	code  string
}

// TestVerifyRules forges one fault at a time. Digest and signature are right in all of them unless the fault is there.
func TestVerifyRules(t *testing.T) {
	id := newIdentity(t, "P-256")
	sound := []forgeryCase{{"nothing wrong", func(f *forgery) {}, nil, ""}}
	for _, tt := range slices.Concat(sound, forgedAttributes(t), forgedAlgorithms(t), forgedCertificateIDs(t, id), forgedSigners(t, id)) {
		t.Run(tt.name, func(t *testing.T) {
			f := newForgery(t, id, p256)
			tt.forge(f)
			v, err := f.verify(f.der())
			require.ErrorIs(t, err, tt.want)
			if tt.want == nil || tt.want == ErrConstraint {
				require.True(t, v.DigestValid && v.SignatureValid)
			} else {
				require.False(t, v.DigestValid && v.SignatureValid)
			}
			if tt.code == "" {
				require.Empty(t, v.Findings)
			} else {
				require.True(t, slices.ContainsFunc(v.Findings, func(f Finding) bool { return f.Code == tt.code }), "%v", v.Findings)
			}
		})
	}
}

// forgedAttributes are about what every signature has: content-type, message-digest and the value over them.
func forgedAttributes(t *testing.T) []forgeryCase {
	return []forgeryCase{
		{"no content-type", func(f *forgery) { f.replace(OIDContentType) }, ErrMalformed, ""},
		{"content-type of another kind", func(f *forgery) { f.replace(OIDContentType, attr(t, OIDContentType, oidDER(t, OIDTSTInfo))) }, ErrMalformed, ""},
		{"content of another type", func(f *forgery) { f.contentType = OIDTSTInfo }, ErrMalformed, ""},
		{"content-type twice", func(f *forgery) { f.attributes = append(f.attributes, f.attributes[0]) }, ErrMalformed, ""},
		{"content-type with two values", func(f *forgery) {
			f.replace(OIDContentType, attr(t, OIDContentType, oidDER(t, OIDData), oidDER(t, OIDTSTInfo)))
		}, ErrMalformed, ""},
		{"content-type without value", func(f *forgery) { f.replace(OIDContentType, attr(t, OIDContentType)) }, ErrMalformed, ""},
		{"no message-digest", func(f *forgery) { f.replace(OIDMessageDigest) }, ErrMalformed, ""},
		{"message-digest twice", func(f *forgery) { f.attributes = append(f.attributes, f.attributes[1]) }, ErrMalformed, ""},
		{"two message-digests, the second right", func(f *forgery) {
			f.attributes = slices.Insert(f.attributes, 1, attr(t, OIDMessageDigest, tlv(t, 4, make([]byte, 32))))
		}, ErrMalformed, ""},
		{"message-digest with two values", func(f *forgery) {
			d := tlv(t, 4, digestOf(crypto.SHA256, content))
			f.replace(OIDMessageDigest, attr(t, OIDMessageDigest, d, d))
		}, ErrMalformed, ""},
		{"message-digest of another type", func(f *forgery) {
			f.replace(OIDMessageDigest, attr(t, OIDMessageDigest, tlv(t, 0x0c, digestOf(crypto.SHA256, content))))
		}, ErrMalformed, ""},
		{"message-digest of other content", func(f *forgery) {
			f.replace(OIDMessageDigest, attr(t, OIDMessageDigest, tlv(t, 4, digestOf(crypto.SHA256, []byte("x")))))
		}, ErrDigest, ""},
		{"message-digest cut", func(f *forgery) {
			f.replace(OIDMessageDigest, attr(t, OIDMessageDigest, tlv(t, 4, digestOf(crypto.SHA256, content)[:31])))
		}, ErrDigest, ""},
		{"message-digest empty", func(f *forgery) {
			f.replace(OIDMessageDigest, attr(t, OIDMessageDigest, tlv(t, 4)))
		}, ErrDigest, ""},
		{"attributes changed after signing", func(f *forgery) {
			f.signature = f.sign()
			f.attributes = append(f.attributes, attr(t, OIDCommitmentType, tlv(t, 0x30, oidDER(t, OIDData))))
		}, ErrSignature, ""},
		{"signature over the attributes under tag [0]", func(f *forgery) { f.message = tlv(t, 0xa0, f.ordered()...) }, ErrSignature, ""},
		{"signature over the content", func(f *forgery) { f.message = content }, ErrSignature, ""},
		{"empty signature", func(f *forgery) { f.signature = []byte{} }, ErrSignature, ""},
		{"unsorted", func(f *forgery) {
			f.attributes, f.unsorted = f.ordered(), true
			slices.Reverse(f.attributes)
		}, nil, CodeAttributesUnsorted},
	}
}

// forgedAlgorithms are about the identifiers of algorithms.
func forgedAlgorithms(t *testing.T) []forgeryCase {
	return []forgeryCase{
		{"digest algorithm unknown", func(f *forgery) { f.digestID = tlv(t, 0x30, oidDER(t, asn1.ObjectIdentifier{1, 2, 3})) }, ErrUnsupported, ""},
		{"signature algorithm unknown", func(f *forgery) { f.signatureID = tlv(t, 0x30, oidDER(t, asn1.ObjectIdentifier{1, 2, 3})) }, ErrUnsupported, ""},
		{"signature algorithm is a kind of key", func(f *forgery) {
			f.signatureID = tlv(t, 0x30, oidDER(t, asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}))
		}, nil, ""},
		{"signature algorithm of another key", func(f *forgery) {
			f.signatureID = newForgery(t, newIdentity(t, "RSA"), Algorithm{RSA, crypto.SHA256}).signatureID
		}, ErrSignature, ""},
		{"signature with another hash than the content", func(f *forgery) {
			f.digestID, f.listed = hashIdentifier(t, crypto.SHA384), hashIdentifier(t, crypto.SHA384)
			f.replace(OIDMessageDigest, attr(t, OIDMessageDigest, tlv(t, 4, digestOf(crypto.SHA384, content))))
		}, ErrConstraint, CodeAlgorithmsDisagree},
		{"signature algorithm names another hash than was used", func(f *forgery) {
			f.signatureID = tlv(t, 0x30, oidDER(t, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 3}))
		}, ErrConstraint, CodeAlgorithmsDisagree},
		{"signature algorithm as digest algorithm", func(f *forgery) { f.digestID, f.listed = f.signatureID, f.signatureID }, ErrConstraint, CodeDigestIdentifier},
		{"digest algorithm not listed", func(f *forgery) { f.listed = hashIdentifier(t, crypto.SHA512) }, nil, CodeDigestNotListed},
		{"no digest algorithm listed", func(f *forgery) { f.listed = nil }, nil, CodeDigestNotListed},
	}
}

// forgedCertificateIDs are about signing-certificate of both versions.
func forgedCertificateIDs(t *testing.T, id *identity) []forgeryCase {
	other := newIdentity(t, "P-384")
	v1 := func(digest []byte) []byte { return tlv(t, 0x30, tlv(t, 0x30, tlv(t, 0x30, tlv(t, 4, digest)))) }
	sum := sha1.Sum(id.cert.Raw)
	return []forgeryCase{
		{"no signing-certificate", func(f *forgery) { f.replace(OIDSigningCertificateV2) }, nil, CodeCertificateIDMissing},
		{"signing-certificate-v2 of another", func(f *forgery) {
			f.replace(OIDSigningCertificateV2, attr(t, OIDSigningCertificateV2, encode(t, func(e *encoder) { e.certificateIDs(other.cert, crypto.SHA256) })))
		}, ErrConstraint, CodeCertificateID},
		{"signing-certificate-v2 with another serial number", func(f *forgery) {
			c := *id.cert
			c.SerialNumber = big.NewInt(1)
			f.replace(OIDSigningCertificateV2, attr(t, OIDSigningCertificateV2, encode(t, func(e *encoder) { e.certificateIDs(&c, crypto.SHA256) })))
		}, ErrConstraint, CodeCertificateID},
		{"signing-certificate-v2 with another issuer", func(f *forgery) {
			c := *id.cert
			c.RawIssuer = id.cert.RawSubject
			f.replace(OIDSigningCertificateV2, attr(t, OIDSigningCertificateV2, encode(t, func(e *encoder) { e.certificateIDs(&c, crypto.SHA256) })))
		}, ErrConstraint, CodeCertificateID},
		{"signing-certificate-v2 with an unknown hash", func(f *forgery) {
			f.replace(OIDSigningCertificateV2, attr(t, OIDSigningCertificateV2,
				tlv(t, 0x30, tlv(t, 0x30, tlv(t, 0x30, tlv(t, 0x30, oidDER(t, asn1.ObjectIdentifier{1, 2, 3})), tlv(t, 4, []byte{1}))))))
		}, ErrConstraint, CodeCertificateID},
		{"signing-certificate-v2 empty", func(f *forgery) {
			f.replace(OIDSigningCertificateV2, attr(t, OIDSigningCertificateV2, tlv(t, 0x30, tlv(t, 0x30))))
		}, ErrConstraint, CodeAttributeMalformed},
		{"signing-certificate-v2 twice", func(f *forgery) { f.attributes = append(f.attributes, f.attributes[2]) }, ErrConstraint, CodeAttributeRepeated},
		{"signing-certificate of version 1", func(f *forgery) {
			f.replace(OIDSigningCertificateV2, attr(t, OIDSigningCertificate, v1(sum[:])))
		}, nil, ""},
		{"signing-certificate of version 1, of another", func(f *forgery) {
			f.replace(OIDSigningCertificateV2, attr(t, OIDSigningCertificate, v1(make([]byte, 20))))
		}, ErrConstraint, CodeCertificateID},
		{"both versions", func(f *forgery) { f.attributes = append(f.attributes, attr(t, OIDSigningCertificate, v1(sum[:]))) }, nil, CodeCertificateIDBoth},
		{"both versions that disagree", func(f *forgery) {
			f.attributes = append(f.attributes, attr(t, OIDSigningCertificate, v1(make([]byte, 20))))
		}, ErrConstraint, CodeCertificateID},
	}
}

// forgedSigners are about the other attributes, and about who the signer is.
func forgedSigners(t *testing.T, id *identity) []forgeryCase {
	return []forgeryCase{
		{"signing-time twice", func(f *forgery) {
			a := attr(t, OIDSigningTime, tlv(t, 23, []byte("261122000000Z")))
			f.attributes = append(f.attributes, a, a)
		}, ErrConstraint, CodeAttributeRepeated},
		{"signing-time with two values", func(f *forgery) {
			v := tlv(t, 23, []byte("261122000000Z"))
			f.attributes = append(f.attributes, attr(t, OIDSigningTime, v, v))
		}, ErrConstraint, CodeAttributeValues},
		{"message-digest unsigned too", func(f *forgery) { f.unsigned = [][]byte{f.attributes[1]} }, nil, CodeSignedInUnsigned},
		{"protected", func(f *forgery) { f.attributes = append(f.attributes, protection(t, f.digestID, f.signatureID)) }, nil, ""},
		{"protected with another digest", func(f *forgery) {
			f.attributes = append(f.attributes, protection(t, hashIdentifier(t, crypto.SHA512), f.signatureID))
		}, ErrConstraint, CodeAlgorithmProtection},
		{"protected with another signature", func(f *forgery) {
			f.attributes = append(f.attributes, protection(t, f.digestID, tlv(t, 0x30, oidDER(t, asn1.ObjectIdentifier{1, 2, 3}))))
		}, ErrConstraint, CodeAlgorithmProtection},
		{"protection unreadable", func(f *forgery) {
			f.attributes = append(f.attributes, attr(t, OIDAlgorithmProtection, tlv(t, 0x30, f.digestID)))
		}, ErrConstraint, CodeAttributeMalformed},
		{"protection twice", func(f *forgery) {
			a := protection(t, f.digestID, f.signatureID)
			f.attributes = append(f.attributes, a, a)
		}, ErrConstraint, CodeAttributeRepeated},
		{"an attribute of unknown type", func(f *forgery) {
			f.attributes = append(f.attributes, tlv(t, 0x30, tlv(t, 6, []byte{0x2a, 0x8f, 0xff, 0xff, 0xff, 0xff, 0x7f}), tlv(t, 0x31, []byte{5, 0})))
		}, nil, ""},
		{"no certificate", func(f *forgery) { f.choices = nil }, ErrNoCertificate, ""},
		{"another signer's serial number", func(f *forgery) {
			f.sid = tlv(t, 0x30, id.cert.RawIssuer, build(t, func(b *cryptobyte.Builder) { b.AddASN1Int64(5) }))
		}, ErrNoCertificate, ""},
		{"signer by key identifier", func(f *forgery) { f.sid = tlv(t, 0x80, id.cert.SubjectKeyID) }, nil, ""},
		{"signer by another key identifier", func(f *forgery) { f.sid = tlv(t, 0x80, []byte{9}) }, ErrNoCertificate, ""},
		{"serial number with more octets than needed", func(f *forgery) {
			f.sid = tlv(t, 0x30, id.cert.RawIssuer, tlv(t, 2, append([]byte{0, 0}, id.cert.SerialNumber.Bytes()...)))
		}, ErrConstraint, CodeSerialNumber},
	}
}

func hashIdentifier(t *testing.T, h crypto.Hash) []byte {
	return encode(t, func(e *encoder) { e.digestAlgorithm(h) })
}

// protection is a cmsAlgorithmProtection (RFC 6211).
func protection(t *testing.T, digest, signature []byte) []byte {
	e, _, err := ber.Read(signature)
	require.NoError(t, err)
	return attr(t, OIDAlgorithmProtection, tlv(t, 0x30, digest, tlv(t, 0xa1, e.Content)))
}

// TestSignedAttributesInBER: attributes with indefinite lengths are hashed as their DER, those that are only unsorted as
// received.
func TestSignedAttributesInBER(t *testing.T) {
	id := newIdentity(t, "P-256")
	t.Run("everything but the attributes", func(t *testing.T) {
		f := newForgery(t, id, p256)
		der := f.der()
		inside := func(e ber.Element) bool {
			return string(e.Raw) == string(tlv(t, 0xa0, f.ordered()...))
		}
		v, err := f.verify(toBER(t, der, inside))
		require.NoError(t, err)
		require.Empty(t, v.Findings)
	})
	t.Run("the attributes too, unsorted", func(t *testing.T) {
		f := newForgery(t, id, p256)
		f.signature = f.sign()
		f.attributes, f.unsorted = f.ordered(), true
		slices.Reverse(f.attributes)
		v, err := f.verify(toBER(t, f.der(), nil))
		require.NoError(t, err)
		require.Len(t, v.Findings, 1)
		require.Equal(t, CodeAttributesNotDER, v.Findings[0].Code)
	})
	t.Run("a length of too many octets", func(t *testing.T) {
		f := newForgery(t, id, p256)
		set := slices.Concat(f.ordered()...)
		f.rawSet = append([]byte{0xa0, 0x84, 0, 0, byte(len(set) >> 8), byte(len(set))}, set...)
		v, err := f.verify(f.der())
		require.NoError(t, err)
		require.Equal(t, CodeAttributesNotDER, v.Findings[0].Code)
	})
}

// TestAttributeStripping: a signature made over attributes is offered without them, over the attributes as content.
func TestAttributeStripping(t *testing.T) {
	id := newIdentity(t, "P-256")
	f := newForgery(t, id, p256)
	stripped := tlv(t, 0x31, f.ordered()...)
	f.signature, f.attributes = f.sign(), nil
	sd, si := parse(t, f.der())
	cert, err := sd.SignerCertificate(si)
	require.NoError(t, err)
	v, err := si.Verify(cert, digestOf(crypto.SHA256, stripped))
	require.NoError(t, err, "the mathematics hold")
	require.True(t, v.NoSignedAttributes)
	require.True(t, IsAttributeSet(stripped[:64], int64(len(stripped))), "and the content gives it away")

	f.content = tlv(t, 4, stripped)
	sd, si = parse(t, f.der())
	require.True(t, sd.HasContent)
	_, err = si.Verify(cert, digestOf(crypto.SHA256, stripped))
	require.ErrorIs(t, err, ErrMalformed)
}

func TestIsAttributeSet(t *testing.T) {
	set := tlv(t, 0x31, attr(t, OIDContentType, oidDER(t, OIDData)), attr(t, OIDMessageDigest, tlv(t, 4, make([]byte, 400))))
	size := int64(len(set))
	require.True(t, IsAttributeSet(set, size))
	require.True(t, IsAttributeSet(set[:64], size))
	require.False(t, IsAttributeSet(set, size+1), "followed by something")
	require.False(t, IsAttributeSet(set, size-1))
	require.False(t, IsAttributeSet(content, int64(len(content))))
	require.False(t, IsAttributeSet(nil, 0))
	require.False(t, IsAttributeSet([]byte("1"), 1))
	require.False(t, IsAttributeSet(tlv(t, 0x31, []byte{5, 0}), 4), "a set of something else")
	require.False(t, IsAttributeSet(tlv(t, 0x31, tlv(t, 0x30, []byte{5, 0})), 6))
	require.False(t, IsAttributeSet(append([]byte{0x31, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, set...), size))
	large := []byte{0x31, 0x85, 1, 0, 0, 0, 0, 0x30, 0x05, 0x06, 0x03, 0x2a, 0x03, 0x04}
	require.True(t, IsAttributeSet(large, 1<<32+7), "beyond 4 GiB")
}

func TestNoSignedAttributes(t *testing.T) {
	id := newIdentity(t, "P-256")
	f := newForgery(t, id, p256)
	f.attributes, f.message = nil, content
	v, err := f.verify(f.der())
	require.NoError(t, err)
	require.True(t, v.NoSignedAttributes)
	require.Equal(t, CodeNoSignedAttributes, v.Findings[0].Code)

	f.message, f.signature = []byte("other"), nil
	v, err = f.verify(f.der())
	require.ErrorIs(t, err, ErrSignature)
	require.False(t, v.SignatureValid)

	f.message, f.signature, f.contentType = content, nil, OIDTSTInfo
	_, err = f.verify(f.der())
	require.ErrorIs(t, err, ErrMalformed)

	f = newForgery(t, id, p256)
	f.attributes, f.message = nil, content
	f.digestID = encode(t, func(e *encoder) { e.digestAlgorithm(crypto.SHA384) })
	_, err = f.verify(f.der())
	require.ErrorIs(t, err, ErrUnsupported)

	ed := newForgery(t, newIdentity(t, "Ed25519"), Algorithm{Ed25519, crypto.SHA512})
	ed.attributes, ed.message = nil, content
	_, err = ed.verify(ed.der())
	require.ErrorIs(t, err, ErrUnsupported, "a digest is not enough")
	ed.content = tlv(t, 4, content)
	_, err = ed.verify(ed.der())
	require.NoError(t, err)
}

// TestKeyRestrictedToPSS: a PKCS#1 v1.5 signature under a key for RSA-PSS only.
func TestKeyRestrictedToPSS(t *testing.T) {
	id := newIdentity(t, "RSA")
	_, si := parse(t, id.sign(t, id.template(Algorithm{RSA, crypto.SHA256})))
	restricted := *id.cert
	restricted.PublicKeyInfo.Algorithm.Algorithm = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	v, err := si.Verify(&restricted, digestOf(crypto.SHA256, content))
	require.ErrorIs(t, err, ErrConstraint)
	require.Equal(t, CodeKeyRestriction, v.Findings[0].Code)

	v, err = (&SignerInfo{}).Verify(id.cert, nil)
	require.ErrorIs(t, err, ErrMalformed)
	require.NotNil(t, v)
}

// TestKeyRestrictedToParameters: a key for RSA-PSS that demands a hash function and
// the length of the salt makes no other signatures (RFC 4055, 3.3).
func TestKeyRestrictedToParameters(t *testing.T) {
	id := newIdentity(t, "RSA")
	_, si := parse(t, id.sign(t, id.template(Algorithm{RSAPSS, crypto.SHA256})))
	for _, tt := range []struct {
		hash algorithm.Hash
		mgf  algorithm.Hash
		salt int
		ok   bool
	}{
		{algorithm.SHA256, algorithm.SHA256, 32, true},
		{algorithm.SHA256, algorithm.SHA256, 20, true},
		{algorithm.SHA256, algorithm.SHA256, 33, false},
		{algorithm.SHA256, algorithm.SHA512, 32, false},
		{algorithm.SHA512, algorithm.SHA256, 32, false},
	} {
		restricted := *id.cert
		var err error
		restricted.PublicKeyInfo.Algorithm, err = algorithm.Signature{Scheme: RSAPSS, Hash: tt.hash,
			PSS: &algorithm.PSSParams{MGFHash: tt.mgf, SaltLength: tt.salt, TrailerField: 1}}.Identifier()
		require.NoError(t, err)
		v, err := si.Verify(&restricted, digestOf(crypto.SHA256, content))
		template := id.template(Algorithm{RSAPSS, crypto.SHA256})
		template.Certificate = &restricted
		_, signErr := template.SignedAttributes()
		if tt.ok {
			require.NoError(t, err)
			require.NoError(t, signErr)
			continue
		}
		require.ErrorIs(t, err, ErrConstraint, "%+v", tt)
		require.Equal(t, CodeKeyRestriction, v.Findings[0].Code)
		require.ErrorIs(t, signErr, ErrKey, "what would be refused is not signed")
	}
}

func TestEd25519NeedsSHA512(t *testing.T) {
	id := newIdentity(t, "Ed25519")
	f := newForgery(t, id, Algorithm{Ed25519, crypto.SHA512})
	f.digestID = encode(t, func(e *encoder) { e.digestAlgorithm(crypto.SHA256) })
	f.replace(OIDMessageDigest, attr(t, OIDMessageDigest, tlv(t, 4, digestOf(crypto.SHA256, content))))
	v, err := f.verify(f.der())
	require.ErrorIs(t, err, ErrConstraint)
	require.True(t, slices.ContainsFunc(v.Findings, func(f Finding) bool { return f.Code == CodeEdDSADigest }))
}

// TestWeakAlgorithms: old hash functions are verified, and named.
func TestWeakAlgorithms(t *testing.T) {
	id := newIdentity(t, "RSA")
	for _, h := range []crypto.Hash{crypto.MD5, crypto.SHA1, crypto.SHA224} {
		f := newForgery(t, id, Algorithm{RSA, crypto.SHA256})
		f.digestID = encode(t, func(e *encoder) { e.digestAlgorithm(h) })
		f.listed = f.digestID
		f.replace(OIDMessageDigest, attr(t, OIDMessageDigest, tlv(t, 4, digestOf(h, content))))
		message := tlv(t, 0x31, f.ordered()...)
		var err error
		f.signature, err = crypto.SignMessage(id.key, nil, message, h)
		require.NoError(t, err)
		v, err := f.verify(f.der())
		require.NoError(t, err)
		require.Len(t, v.Findings, 1)
		require.Equal(t, CodeWeakAlgorithm, v.Findings[0].Code)
		require.Equal(t, Warning, v.Findings[0].Severity)
	}
}

// TestSignerCertificateOfSeveral: of certificates with the same issuer and serial number, the bound one is the signer's.
func TestSignerCertificateOfSeveral(t *testing.T) {
	id, twin := newIdentity(t, "P-256"), newIdentityFor(t, "P-256", 11)
	require.NotEqual(t, id.cert.Raw, twin.cert.Raw)
	f := newForgery(t, id, p256)
	f.choices = [][]byte{twin.cert.Raw, id.cert.Raw}
	sd, si := parse(t, f.der())
	cert, err := sd.SignerCertificate(si)
	require.NoError(t, err)
	require.True(t, cert.Equal(id.cert))
	_, err = si.Verify(twin.cert, digestOf(crypto.SHA256, content))
	require.ErrorIs(t, err, ErrConstraint, "same key, another certificate")

	f.choices = nil
	sd, si = parse(t, f.der())
	_, err = sd.SignerCertificate(si)
	require.ErrorIs(t, err, ErrNoCertificate)
	cert, err = sd.SignerCertificate(si, nil, twin.cert, id.cert)
	require.NoError(t, err)
	require.True(t, cert.Equal(id.cert))
}

func TestSigningTime(t *testing.T) {
	id := newIdentity(t, "P-256")
	for text, want := range map[string]int64{"700101000000Z": 0, "19700101000001Z": 1, "491231235959Z": 2524607999, "500101000000Z": -631152000, "261122": -1} {
		f := newForgery(t, id, p256)
		tag := byte(23)
		if len(text) == 15 {
			tag = 24
		}
		f.attributes = append(f.attributes, attr(t, OIDSigningTime, tlv(t, tag, []byte(text))))
		_, si := parse(t, f.der())
		got, ok := si.SigningTime()
		require.Equal(t, want != -1, ok, text)
		if ok {
			require.Equal(t, want, got.Unix(), text)
		}
	}
}
