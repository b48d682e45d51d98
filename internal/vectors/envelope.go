package vectors

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"encoding/asn1"
	"fmt"
	"math/big"
	"slices"

	"github.com/inkan-go/inkan/internal/testpki"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningCertV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidSHA384        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	oidRSA           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidRSASHA384     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 12}
)

// envelope writes a SignedData by hand (RFC 5652, 5.1), sharing no code with
// package cms, so that every rule of it can be broken. The zero value with a
// signer and a digest is a sound detached signature with RSA and SHA-256.
type envelope struct {
	signer *testpki.Identity
	digest []byte // SHA-256 of the signed bytes

	contentType      asn1.ObjectIdentifier // of the content-type attribute; nil: id-data
	messageDigests   [][]byte              // nil: one, digest
	signingCert      *testpki.Identity     // nil: signer
	dropSigningCert  bool
	repeatAttribute  bool // write message-digest as two attributes
	noAttributes     bool // sign the content itself
	strip            bool // sign attributes, then leave them out
	unsorted         bool // attributes not in DER order
	content          []byte
	digestAlgorithm  asn1.ObjectIdentifier // nil: SHA-256
	signature        asn1.ObjectIdentifier // nil: rsaEncryption
	signers          int                   // SignerInfos; 0: one
	noCertificates   bool
	bySubjectKeyID   bool
	indefinite       bool // BER with indefinite lengths outside the signed attributes
	breakSignature   bool
	otherCertificate []byte // a further CertificateChoice, raw
}

func (e *envelope) attributes() []byte {
	digests := e.messageDigests
	if digests == nil {
		digests = [][]byte{e.digest}
	}
	contentType := e.contentType
	if contentType == nil {
		contentType = oidData
	}
	octets := func(b *cryptobyte.Builder) {
		for _, d := range digests {
			b.AddASN1OctetString(d)
		}
	}
	all := [][]byte{
		attribute(oidContentType, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(contentType) }),
		attribute(oidMessageDigest, octets),
	}
	if e.repeatAttribute {
		all = append(all, attribute(oidMessageDigest, octets))
	}
	if !e.dropSigningCert {
		id := e.signingCert
		if id == nil {
			id = e.signer
		}
		hash := sha256.Sum256(id.Certificate.Raw)
		all = append(all, attribute(oidSigningCertV2, func(b *cryptobyte.Builder) {
			sequences(b, 3, func(b *cryptobyte.Builder) { b.AddASN1OctetString(hash[:]) })
		}))
	}
	slices.SortFunc(all, bytes.Compare)
	if e.unsorted {
		slices.Reverse(all)
	}
	return bytes.Join(all, nil)
}

// sequences nests n SEQUENCEs around f.
func sequences(b *cryptobyte.Builder, n int, f func(b *cryptobyte.Builder)) {
	if n == 0 {
		f(b)
		return
	}
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { sequences(b, n-1, f) })
}

func attribute(id asn1.ObjectIdentifier, values func(b *cryptobyte.Builder)) []byte {
	var b cryptobyte.Builder
	sequences(&b, 1, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(id)
		b.AddASN1(cbasn1.SET, values)
	})
	return b.BytesOrPanic()
}

func algorithmID(b *cryptobyte.Builder, id asn1.ObjectIdentifier, null bool) {
	sequences(b, 1, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(id)
		if null {
			b.AddASN1NULL()
		}
	})
}

// bytes returns the ContentInfo.
func (e *envelope) bytes() ([]byte, error) {
	attributes := e.attributes()
	signed := sha256.Sum256(tlv(0x31, attributes))
	if e.noAttributes {
		signed = [32]byte(e.digest)
	}
	value, err := e.signer.Key.Sign(nil, signed[:], crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("vectors: %w", err)
	}
	if e.breakSignature {
		value = bytes.Clone(value)
		value[len(value)/2] ^= 1
	}
	info := e.signerInfo(attributes, value)
	infos := bytes.Repeat(info, max(1, e.signers))

	digestAlgorithm := e.digestAlgorithm
	if digestAlgorithm == nil {
		digestAlgorithm = oidSHA256
	}
	content := der(func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidData) })
	if e.content != nil {
		content = append(content, tlv(0xa0, tlv(0x04, e.content))...)
	}
	certificates := slices.Concat(e.signer.Certificate.Raw, e.otherCertificate)
	if e.noCertificates {
		certificates = nil
	}
	version := byte(1)
	if e.bySubjectKeyID {
		version = 3
	}
	wrap := tlv
	if e.indefinite {
		wrap = indefinite
	}
	parts := [][]byte{
		tlv(0x02, []byte{version}),
		wrap(0x31, der(func(b *cryptobyte.Builder) { algorithmID(b, digestAlgorithm, false) })),
		wrap(0x30, content),
	}
	if certificates != nil {
		parts = append(parts, wrap(0xa0, certificates))
	}
	parts = append(parts, wrap(0x31, infos))
	return wrap(0x30, append(der(func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidSignedData) }),
		wrap(0xa0, wrap(0x30, bytes.Join(parts, nil)))...)), nil
}

func (e *envelope) signerInfo(attributes, value []byte) []byte {
	return der(func(b *cryptobyte.Builder) {
		sequences(b, 1, func(b *cryptobyte.Builder) {
			if e.bySubjectKeyID {
				b.AddASN1Int64(3)
				b.AddBytes(tlv(0x80, e.signer.Certificate.SubjectKeyID))
			} else {
				b.AddASN1Int64(1)
				sequences(b, 1, func(b *cryptobyte.Builder) {
					b.AddBytes(e.signer.Certificate.RawIssuer)
					b.AddASN1BigInt(new(big.Int).Set(e.signer.Certificate.SerialNumber))
				})
			}
			digest, signature := e.digestAlgorithm, e.signature
			if digest == nil {
				digest = oidSHA256
			}
			if signature == nil {
				signature = oidRSA
			}
			algorithmID(b, digest, false)
			if !e.noAttributes && !e.strip {
				b.AddBytes(tlv(0xa0, attributes))
			}
			algorithmID(b, signature, true)
			b.AddASN1OctetString(value)
		})
	})
}

func der(f func(b *cryptobyte.Builder)) []byte {
	var b cryptobyte.Builder
	f(&b)
	return b.BytesOrPanic()
}

// tlv writes a definite length.
func tlv(tag byte, content []byte) []byte {
	n := len(content)
	switch {
	case n < 0x80:
		return append([]byte{tag, byte(n)}, content...)
	case n < 0x100:
		return append([]byte{tag, 0x81, byte(n)}, content...)
	case n < 0x10000:
		return append([]byte{tag, 0x82, byte(n >> 8), byte(n)}, content...)
	}
	return append([]byte{tag, 0x83, byte(n >> 16), byte(n >> 8), byte(n)}, content...)
}

// indefinite writes the indefinite length of BER.
func indefinite(tag byte, content []byte) []byte {
	return append(append([]byte{tag, 0x80}, content...), 0, 0)
}
