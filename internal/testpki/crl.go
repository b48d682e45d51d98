package testpki

import (
	"crypto"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/internal/algorithm"
)

// CRL is a certificate revocation list before it is signed (RFC 5280, 5.1). Nothing
// in it is checked.
type CRL struct {
	Version    int       // 0 means 2; 1 writes none
	Issuer     []byte    // DER Name; nil means the subject of the signer
	ThisUpdate time.Time // zero means Now
	NextUpdate time.Time // zero means a week after ThisUpdate
	// NoNextUpdate leaves nextUpdate out.
	NoNextUpdate bool
	Entries      []CRLEntry
	// Number is the CRL number; nil leaves it out.
	Number     *big.Int
	Extensions []pkix.Extension    // after the number
	Signature  algorithm.Signature // the zero value means the one that suits the key
	// Change, if not nil, alters the signed part before it is signed.
	Change func(tbs []byte) []byte
}

// CRLEntry is one revoked certificate of a [CRL].
type CRLEntry struct {
	Serial     *big.Int
	Date       time.Time // zero means ThisUpdate
	Reason     int       // CRLReason; 0 leaves it out
	Invalidity time.Time // invalidityDate; zero leaves it out
	// Issuer is the DER Name of a certificateIssuer; nil leaves it out.
	Issuer     []byte
	Extensions []pkix.Extension // after those
}

// SignCRL returns the list in DER, signed by the identity.
func (id *Identity) SignCRL(c *CRL) ([]byte, error) {
	list := *c
	if list.Issuer == nil {
		list.Issuer = id.Certificate.RawSubject
	}
	return list.Sign(id.Key)
}

// Sign returns the list in DER, signed with the key.
func (c *CRL) Sign(key crypto.Signer) ([]byte, error) {
	s := c.Signature
	if s.Scheme == algorithm.SchemeUnknown {
		s = DefaultSignature(key.Public())
	}
	identifier, err := s.Identifier()
	if err != nil {
		return nil, fmt.Errorf("testpki: %w", err)
	}
	tbs, err := c.tbs(identifier)
	if err != nil {
		return nil, fmt.Errorf("testpki: %w", err)
	}
	if c.Change != nil {
		tbs = c.Change(tbs)
	}
	return signTBS(key, s, identifier, tbs, nil)
}

// signTBS returns SEQUENCE { tbs, algorithm, signature, more }.
func signTBS(key crypto.Signer, s algorithm.Signature, identifier pkix.AlgorithmIdentifier, tbs, more []byte) ([]byte, error) {
	signature, err := sign(key, s, tbs)
	if err != nil {
		return nil, fmt.Errorf("testpki: %w", err)
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(tbs)
		addAlgorithm(b, identifier)
		b.AddASN1BitString(signature)
		b.AddBytes(more)
	})
	return b.Bytes()
}

func (c *CRL) tbs(signature pkix.AlgorithmIdentifier) ([]byte, error) {
	this, next := c.ThisUpdate, c.NextUpdate
	if this.IsZero() {
		this = Now()
	}
	if next.IsZero() {
		next = this.AddDate(0, 0, 7)
	}
	extensions := c.Extensions
	if c.Number != nil {
		extensions = append([]pkix.Extension{CRLNumber(c.Number)}, extensions...)
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		if c.Version != 1 {
			b.AddASN1Int64(1)
		}
		addAlgorithm(b, signature)
		b.AddBytes(c.Issuer)
		addTime(b, this)
		if !c.NoNextUpdate {
			addTime(b, next)
		}
		if len(c.Entries) > 0 {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				for i := range c.Entries {
					c.Entries[i].add(b, this)
				}
			})
		}
		if len(extensions) > 0 {
			b.AddASN1(cbasn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { addExtensions(b, extensions) })
			})
		}
	})
	return b.Bytes()
}

func (e *CRLEntry) add(b *cryptobyte.Builder, this time.Time) {
	if !e.Date.IsZero() {
		this = e.Date
	}
	var list []pkix.Extension
	if e.Reason != 0 {
		list = append(list, extension(asn1.ObjectIdentifier{2, 5, 29, 21}, false, func(b *cryptobyte.Builder) { b.AddASN1Enum(int64(e.Reason)) }))
	}
	if !e.Invalidity.IsZero() {
		list = append(list, extension(asn1.ObjectIdentifier{2, 5, 29, 24}, false, func(b *cryptobyte.Builder) { b.AddASN1GeneralizedTime(e.Invalidity.UTC()) }))
	}
	if e.Issuer != nil {
		list = append(list, extension(asn1.ObjectIdentifier{2, 5, 29, 29}, true, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { addDirectoryName(b, e.Issuer) })
		}))
	}
	list = append(list, e.Extensions...)
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1BigInt(e.Serial)
		addTime(b, this)
		if len(list) > 0 {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { addExtensions(b, list) })
		}
	})
}

// addDirectoryName writes a Name as GeneralName.
func addDirectoryName(b *cryptobyte.Builder, name []byte) {
	b.AddASN1(cbasn1.Tag(4).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { b.AddBytes(name) })
}

// CRLNumber makes the extension of RFC 5280, 5.2.3.
func CRLNumber(n *big.Int) pkix.Extension {
	return extension(asn1.ObjectIdentifier{2, 5, 29, 20}, false, func(b *cryptobyte.Builder) { b.AddASN1BigInt(n) })
}

// DeltaCRL makes the critical extension of RFC 5280, 5.2.4.
func DeltaCRL(base *big.Int) pkix.Extension {
	return extension(asn1.ObjectIdentifier{2, 5, 29, 27}, true, func(b *cryptobyte.Builder) { b.AddASN1BigInt(base) })
}

// ExpiredCertsOnCRL makes the extension of X.509, 9.5.2.8.
func ExpiredCertsOnCRL(since time.Time) pkix.Extension {
	return extension(asn1.ObjectIdentifier{2, 5, 29, 60}, false, func(b *cryptobyte.Builder) { b.AddASN1GeneralizedTime(since.UTC()) })
}

// Point is a distribution point, of a certificate or of a CRL. Zero fields are left
// out.
type Point struct {
	URL      string
	More     []string // further URLs of the same point
	Name     []byte   // DER Name
	Relative []byte   // content of the RDN: attributes as written by [NameOf]
	Reasons  []int    // ReasonFlags, 1 to 8
	Issuer   []byte   // DER Name of cRLIssuer; of certificates alone

	// Of CRLs alone.
	OnlyUsers, OnlyCAs, OnlyAttributes, Indirect bool
}

func (p *Point) addName(b *cryptobyte.Builder) {
	tag := func(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific().Constructed() }
	if p.URL == "" && p.Name == nil && p.Relative == nil {
		return
	}
	b.AddASN1(tag(0), func(b *cryptobyte.Builder) {
		if p.Relative != nil {
			b.AddASN1(tag(1), func(b *cryptobyte.Builder) { b.AddBytes(p.Relative) })
			return
		}
		b.AddASN1(tag(0), func(b *cryptobyte.Builder) {
			if p.URL != "" {
				for _, u := range append([]string{p.URL}, p.More...) {
					b.AddASN1(cbasn1.Tag(6).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes([]byte(u)) })
				}
			}
			if p.Name != nil {
				addDirectoryName(b, p.Name)
			}
		})
	})
}

func (p *Point) addReasons(b *cryptobyte.Builder, tag uint8) {
	if p.Reasons == nil {
		return
	}
	flags := [2]byte{}
	for _, r := range p.Reasons {
		flags[r/8] |= 0x80 >> (r % 8)
	}
	b.AddASN1(cbasn1.Tag(tag).ContextSpecific(), func(b *cryptobyte.Builder) {
		b.AddUint8(7)
		b.AddBytes(flags[:])
	})
}

// IssuingDistributionPoint makes the critical extension of RFC 5280, 5.2.5.
func IssuingDistributionPoint(p *Point) pkix.Extension {
	return extension(asn1.ObjectIdentifier{2, 5, 29, 28}, true, func(b *cryptobyte.Builder) {
		flag := func(b *cryptobyte.Builder, n uint8, set bool) {
			if set {
				b.AddASN1(cbasn1.Tag(n).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddUint8(0xff) })
			}
		}
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			p.addName(b)
			flag(b, 1, p.OnlyUsers)
			flag(b, 2, p.OnlyCAs)
			p.addReasons(b, 3)
			flag(b, 4, p.Indirect)
			flag(b, 5, p.OnlyAttributes)
		})
	})
}

// CRLDistributionPoints makes the extension of RFC 5280, 4.2.1.13.
func CRLDistributionPoints(points ...*Point) pkix.Extension {
	return distributionPoints(asn1.ObjectIdentifier{2, 5, 29, 31}, points)
}

// FreshestCRL makes the extension of RFC 5280, 4.2.1.15, and 5.2.6 in CRLs.
func FreshestCRL(points ...*Point) pkix.Extension {
	return distributionPoints(asn1.ObjectIdentifier{2, 5, 29, 46}, points)
}

func distributionPoints(id asn1.ObjectIdentifier, points []*Point) pkix.Extension {
	return extension(id, false, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			for _, p := range points {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					p.addName(b)
					p.addReasons(b, 1)
					if p.Issuer != nil {
						b.AddASN1(cbasn1.Tag(2).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { addDirectoryName(b, p.Issuer) })
					}
				})
			}
		})
	})
}
