package cms

import (
	"bytes"
	"crypto"
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/ber"
)

// marshal returns the DER of an attribute from its type and values.
func (a *Attribute) marshal() ([]byte, error) {
	if len(a.Type) < 2 || len(a.Values) == 0 {
		return nil, fail(ErrMalformed, "an attribute needs a type and at least one value")
	}
	size := 32
	for _, value := range a.Values {
		if _, rest, err := ber.Read(value); err != nil || len(rest) > 0 {
			return nil, fail(ErrMalformed, "a value of attribute %v is not one element", a.Type)
		}
		size += len(value)
	}
	e := newEncoder(size)
	sequence := e.begin(tagSequence)
	e.oid(a.Type)
	e.set(tagSet, a.Values)
	e.end(sequence)
	return e.bytes()
}

// attribute writes an attribute with one value.
func (e *encoder) attribute(oid asn1.ObjectIdentifier, value func(*encoder)) {
	sequence := e.begin(tagSequence)
	e.oid(oid)
	set := e.begin(tagSet)
	value(e)
	e.end(set)
	e.end(sequence)
}

// set writes a SET OF in DER: its members in ascending order (X.690 §11.6).
func (e *encoder) set(tag byte, members [][]byte) {
	if !slices.IsSortedFunc(members, bytes.Compare) {
		members = slices.SortedFunc(slices.Values(members), bytes.Compare)
	}
	set := e.begin(tag)
	e.raw(members...)
	e.end(set)
}

// time writes a Time as RFC 5652 §11.3 wants it: UTCTime through 2049.
func (e *encoder) time(t time.Time) {
	t = t.UTC()
	e.leaf(func(b *cryptobyte.Builder) {
		if t.Year() >= 1950 && t.Year() < 2050 {
			b.AddASN1UTCTime(t)
			return
		}
		b.AddASN1GeneralizedTime(t)
	})
}

// certificateIDs writes a SigningCertificateV2 with the one certificate c. The hash algorithm is left out where it is
// the DEFAULT, SHA-256.
func (e *encoder) certificateIDs(c *certificate.Certificate, h crypto.Hash) {
	w := h.New()
	w.Write(c.Raw)
	signingCertificate := e.begin(tagSequence)
	list := e.begin(tagSequence)
	id := e.begin(tagSequence)
	if h != crypto.SHA256 {
		e.digestAlgorithm(h)
	}
	e.octets(w.Sum(nil))
	issuerSerial := e.begin(tagSequence)
	names := e.begin(tagSequence)
	name := e.begin(tagContext + 4)
	e.raw(c.RawIssuer)
	e.end(name)
	e.end(names)
	e.integer(c.SerialNumber)
	e.end(issuerSerial)
	e.end(id)
	e.end(list)
	e.end(signingCertificate)
}

// digestAlgorithm writes the AlgorithmIdentifier of a hash function without parameters (RFC 5754 §2).
func (e *encoder) digestAlgorithm(h crypto.Hash) {
	oid, ok := algorithm.HashOID(Hash(h))
	if !ok {
		e.fail(fail(ErrUnsupported, "hash function %d", h))
		return
	}
	e.algorithm(pkix.AlgorithmIdentifier{Algorithm: oid})
}

// algorithm writes an AlgorithmIdentifier.
func (e *encoder) algorithm(id pkix.AlgorithmIdentifier) {
	sequence := e.begin(tagSequence)
	e.oid(id.Algorithm)
	e.raw(id.Parameters.FullBytes)
	e.end(sequence)
}
