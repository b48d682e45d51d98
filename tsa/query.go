package tsa

import (
	"crypto"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/ber"
)

// Query is a TimeStampReq (RFC 3161, 2.4.1): what a client sends to a server.
type Query struct {
	// HashAlgorithm of a parsed query stands there as received. It is ignored when
	// marshalling.
	HashAlgorithm pkix.AlgorithmIdentifier
	Hash          crypto.Hash // 0 in what was read when it is not supported
	Imprint       []byte      // digest of the data to be stamped
	Policy        asn1.ObjectIdentifier
	Nonce         *big.Int // nil when absent
	CertReq       bool     // the token shall carry the authority's certificate
	Extensions    []pkix.Extension
}

// Marshal returns the DER of the query.
func (q *Query) Marshal() ([]byte, error) {
	oid, ok := algorithm.HashOID(algorithm.Hash(q.Hash))
	if !ok {
		return nil, fmt.Errorf("tsa: hash function %v cannot be stamped", q.Hash)
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(1)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(oid)
				b.AddASN1NULL() // what most clients send; RFC 5754, 2 has readers take both
			})
			b.AddASN1OctetString(q.Imprint)
		})
		if q.Policy != nil {
			b.AddASN1ObjectIdentifier(q.Policy)
		}
		if q.Nonce != nil {
			b.AddASN1BigInt(q.Nonce)
		}
		if q.CertReq {
			b.AddASN1Boolean(true)
		}
		if len(q.Extensions) > 0 {
			b.AddASN1(cbasn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { addExtensions(b, q.Extensions) })
		}
	})
	der, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("tsa: query: %w", err)
	}
	return der, nil
}

// ParseQuery reads a TimeStampReq in DER, which must be all of b. The error wraps
// cms.ErrMalformed, or cms.ErrUnsupported for another version.
func ParseQuery(b []byte) (*Query, error) {
	input := cryptobyte.String(b)
	var body cryptobyte.String
	if !input.ReadASN1(&body, cbasn1.SEQUENCE) || !input.Empty() {
		return nil, fail(cms.ErrMalformed, "not a TimeStampReq")
	}
	version := 0
	if !body.ReadASN1Integer(&version) {
		return nil, fail(cms.ErrMalformed, "version of the TimeStampReq")
	}
	if version != 1 {
		return nil, fail(cms.ErrUnsupported, "version %d of the TimeStampReq", version)
	}
	q := &Query{}
	var ok bool
	if q.HashAlgorithm, q.Imprint, ok = readImprint(&body, new(ber.Arcs)); !ok {
		return nil, fail(cms.ErrMalformed, "messageImprint of the TimeStampReq")
	}
	if h, ok := algorithm.HashByOID(q.HashAlgorithm.Algorithm); ok {
		q.Hash = h.Crypto()
	}
	if body.PeekASN1Tag(cbasn1.OBJECT_IDENTIFIER) && !body.ReadASN1ObjectIdentifier(&q.Policy) {
		return nil, fail(cms.ErrMalformed, "reqPolicy of the TimeStampReq")
	}
	if body.PeekASN1Tag(cbasn1.INTEGER) {
		if q.Nonce = readNumber(&body, cbasn1.INTEGER); q.Nonce == nil {
			return nil, fail(cms.ErrMalformed, "nonce of the TimeStampReq")
		}
	}
	if body.PeekASN1Tag(cbasn1.BOOLEAN) && !body.ReadASN1Boolean(&q.CertReq) {
		return nil, fail(cms.ErrMalformed, "certReq of the TimeStampReq")
	}
	var list cryptobyte.String
	var present bool
	if !body.ReadOptionalASN1(&list, &present, cbasn1.Tag(0).ContextSpecific().Constructed()) || !body.Empty() {
		return nil, fail(cms.ErrMalformed, "end of the TimeStampReq")
	}
	if present {
		if q.Extensions, ok = readExtensions(list); !ok {
			return nil, fail(cms.ErrMalformed, "extensions of the TimeStampReq")
		}
	}
	return q, nil
}

// addExtensions writes the members of an Extensions.
func addExtensions(b *cryptobyte.Builder, list []pkix.Extension) {
	for _, e := range list {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(e.Id)
			if e.Critical {
				b.AddASN1Boolean(true)
			}
			b.AddASN1OctetString(e.Value)
		})
	}
}
