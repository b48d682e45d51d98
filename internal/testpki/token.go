package testpki

import (
	"context"
	"crypto"
	"encoding/asn1"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/algorithm"
)

// Token is a time-stamp token before it is signed (RFC 3161, 2.4.2). The zero
// value of a field but Digest leaves it out or takes what is usual.
type Token struct {
	Digest   []byte                // of the stamped data
	Hash     crypto.Hash           // that made Digest; 0 means SHA-256
	Policy   asn1.ObjectIdentifier // nil means 1.2.3.4.1
	Serial   *big.Int              // nil means 1
	Time     time.Time             // zero means Now
	Accuracy time.Duration         // in whole microseconds
	Ordering bool
	Nonce    *big.Int
	TSA      []byte // DER Name of the tsa field
	// GenTime, if not "", is the content of the genTime field as it is.
	GenTime string
	// OmitCertificates leaves the certificates out.
	OmitCertificates bool
	// ContentType, if not nil, stands in place of id-ct-TSTInfo.
	ContentType asn1.ObjectIdentifier
	// Change, if not nil, alters the DER of the TSTInfo before it is signed.
	Change func(tstInfo []byte) []byte
}

// Stamp returns a time-stamp token in DER, signed by the identity.
func (id *Identity) Stamp(t *Token) ([]byte, error) {
	info, err := t.info()
	if err != nil {
		return nil, fmt.Errorf("testpki: %w", err)
	}
	if t.Change != nil {
		info = t.Change(info)
	}
	a, err := cms.AlgorithmFor(id.Key.Public())
	if err != nil {
		return nil, fmt.Errorf("testpki: %w", err)
	}
	template := &cms.Template{
		Algorithm: a, ContentType: cms.OIDTSTInfo, Content: info,
		Certificate: id.Certificate, Chain: id.Chain, OmitCertificates: t.OmitCertificates,
	}
	if t.ContentType != nil {
		template.ContentType = t.ContentType
	}
	attributes, err := template.SignedAttributes()
	if err != nil {
		return nil, fmt.Errorf("testpki: %w", err)
	}
	signature, err := cms.Sign(context.Background(), nil, id.Key, a, attributes)
	if err != nil {
		return nil, fmt.Errorf("testpki: %w", err)
	}
	return template.SignedData(attributes, signature)
}

func (t *Token) info() ([]byte, error) {
	hash, policy, serial := t.Hash, t.Policy, t.Serial
	if hash == 0 {
		hash = crypto.SHA256
	}
	if policy == nil {
		policy = asn1.ObjectIdentifier{1, 2, 3, 4, 1}
	}
	if serial == nil {
		serial = big.NewInt(1)
	}
	oid, ok := algorithm.HashOID(algorithm.Hash(hash))
	if !ok {
		return nil, fmt.Errorf("hash function %v has no identifier", hash)
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(1)
		b.AddASN1ObjectIdentifier(policy)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oid) })
			b.AddASN1OctetString(t.Digest)
		})
		b.AddASN1BigInt(serial)
		b.AddASN1(cbasn1.GeneralizedTime, func(b *cryptobyte.Builder) { b.AddBytes([]byte(t.genTime())) })
		t.addOptional(b)
	})
	return b.Bytes()
}

func (t *Token) genTime() string {
	if t.GenTime != "" {
		return t.GenTime
	}
	at := t.Time
	if at.IsZero() {
		at = Now()
	}
	return at.UTC().Format("20060102150405Z")
}

func (t *Token) addOptional(b *cryptobyte.Builder) {
	if t.Accuracy > 0 {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			if s := int64(t.Accuracy / time.Second); s > 0 {
				b.AddASN1Int64(s)
			}
			if ms := int64(t.Accuracy % time.Second / time.Millisecond); ms > 0 {
				b.AddASN1Int64WithTag(ms, cbasn1.Tag(0).ContextSpecific())
			}
			if us := int64(t.Accuracy % time.Millisecond / time.Microsecond); us > 0 {
				b.AddASN1Int64WithTag(us, cbasn1.Tag(1).ContextSpecific())
			}
		})
	}
	if t.Ordering {
		b.AddASN1Boolean(true)
	}
	if t.Nonce != nil {
		b.AddASN1BigInt(t.Nonce)
	}
	if t.TSA != nil {
		b.AddASN1(cbasn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.Tag(4).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { b.AddBytes(t.TSA) })
		})
	}
}
