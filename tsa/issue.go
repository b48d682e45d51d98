package tsa

import (
	"fmt"
	"time"

	"encoding/asn1"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// info returns the DER of the TSTInfo for a query (RFC 3161, 2.4.2).
func (r *Responder) info(q *Query, policy asn1.ObjectIdentifier, d *Decision) ([]byte, error) {
	b := cryptobyte.NewBuilder(make([]byte, 0, infoRoom))
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(1)
		b.AddASN1ObjectIdentifier(policy)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // the messageImprint of the query
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(q.HashAlgorithm.Algorithm)
				b.AddBytes(q.HashAlgorithm.Parameters.FullBytes)
			})
			b.AddASN1OctetString(q.Imprint)
		})
		b.AddASN1BigInt(d.SerialNumber)
		// Fractions without zeros at the end (RFC 3161, 2.4.2).
		b.AddASN1(cbasn1.GeneralizedTime, func(b *cryptobyte.Builder) {
			b.AddBytes([]byte(d.Time.Format("20060102150405.999999Z")))
		})
		if r.Accuracy > 0 {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { addAccuracy(b, r.Accuracy) })
		}
		if r.Ordering {
			b.AddASN1Boolean(true)
		}
		if q.Nonce != nil {
			b.AddASN1BigInt(q.Nonce)
		}
		if r.Name {
			b.AddASN1(cbasn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.Tag(4).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { b.AddBytes(r.Certificate.RawSubject) })
			})
		}
	})
	der, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("tsa: TSTInfo: %w", err)
	}
	return der, nil
}

// addAccuracy writes seconds, millis and micros, those that are not 0.
func addAccuracy(b *cryptobyte.Builder, d time.Duration) {
	if s := int64(d / time.Second); s > 0 {
		b.AddASN1Int64(s)
	}
	if ms := int64(d % time.Second / time.Millisecond); ms > 0 {
		b.AddASN1Int64WithTag(ms, cbasn1.Tag(0).ContextSpecific())
	}
	if us := int64(d % time.Millisecond / time.Microsecond); us > 0 {
		b.AddASN1Int64WithTag(us, cbasn1.Tag(1).ContextSpecific())
	}
}
