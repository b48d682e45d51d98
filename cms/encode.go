package cms

import (
	"bytes"
	"crypto"
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/ber"
)

// marshal returns the DER of an attribute from its type and values.
func (a *Attribute) marshal() ([]byte, error) {
	if len(a.Type) < 2 || len(a.Values) == 0 {
		return nil, fail(ErrMalformed, "an attribute needs a type and at least one value")
	}
	for _, value := range a.Values {
		if _, rest, err := ber.Read(value); err != nil || len(rest) > 0 {
			return nil, fail(ErrMalformed, "a value of attribute %v is not one element", a.Type)
		}
	}
	values, err := encodeSet(cbasn1.SET, a.Values)
	if err != nil {
		return nil, err
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(a.Type)
		b.AddBytes(values)
	})
	return encoded(&b)
}

// attributeSet collects encoded attributes.
type attributeSet [][]byte

// add encodes an attribute with one value.
func (set *attributeSet) add(oid asn1.ObjectIdentifier, value func(*cryptobyte.Builder)) error {
	b := builder(128)
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		b.AddASN1(cbasn1.SET, value)
	})
	der, err := encoded(b)
	*set = append(*set, der)
	return err
}

// encodeSet writes a SET OF in DER: its members in ascending order (X.690 §11.6).
func encodeSet(tag cbasn1.Tag, members [][]byte) ([]byte, error) {
	members = slices.Clone(members)
	slices.SortFunc(members, bytes.Compare)
	size := 0
	for _, m := range members {
		size += len(m)
	}
	b := builder(size)
	b.AddASN1(tag, func(b *cryptobyte.Builder) {
		for _, m := range members {
			b.AddBytes(m)
		}
	})
	return encoded(b)
}

// builder returns an empty builder with room for content of that size in a few levels of elements.
func builder(size int) *cryptobyte.Builder {
	return cryptobyte.NewBuilder(make([]byte, 0, size+64))
}

func encoded(b *cryptobyte.Builder) ([]byte, error) {
	der, err := b.Bytes()
	if err != nil {
		return nil, fail(ErrMalformed, "encoding: %w", err)
	}
	return der, nil
}

// addTime writes a Time as RFC 5652 §11.3 wants it: UTCTime through 2049.
func addTime(b *cryptobyte.Builder, t time.Time) {
	t = t.UTC()
	if t.Year() >= 1950 && t.Year() < 2050 {
		b.AddASN1UTCTime(t)
		return
	}
	b.AddASN1GeneralizedTime(t)
}

// addCertificateIDs writes a SigningCertificateV2 with the one certificate c. The hash algorithm is left out where it is
// the DEFAULT, SHA-256.
func addCertificateIDs(b *cryptobyte.Builder, c *certificate.Certificate, h crypto.Hash) {
	w := h.New()
	w.Write(c.Raw)
	digest := w.Sum(nil)
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				if h != crypto.SHA256 {
					addDigestAlgorithm(b, h)
				}
				b.AddASN1OctetString(digest)
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddASN1(cbasn1.Tag(4).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { b.AddBytes(c.RawIssuer) })
					})
					b.AddASN1BigInt(c.SerialNumber)
				})
			})
		})
	})
}

// addDigestAlgorithm writes the AlgorithmIdentifier of a hash function without parameters (RFC 5754 §2).
func addDigestAlgorithm(b *cryptobyte.Builder, h crypto.Hash) {
	oid, ok := algorithm.HashOID(Hash(h))
	if !ok {
		b.SetError(fail(ErrUnsupported, "hash function %d", h))
		return
	}
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oid) })
}

// addAlgorithm writes an AlgorithmIdentifier.
func addAlgorithm(b *cryptobyte.Builder, id pkix.AlgorithmIdentifier) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(id.Algorithm)
		b.AddBytes(id.Parameters.FullBytes)
	})
}
