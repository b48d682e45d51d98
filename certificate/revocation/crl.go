package revocation

import (
	"bytes"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/ber"
)

// CRL is a certificate revocation list (RFC 5280, 5.1). It refers to the bytes
// that it was parsed from, is never changed afterwards, and may be shared between
// goroutines. Its entries are not kept: [CRL.Lookup] and [CRL.Entries] read them.
type CRL struct {
	Raw       []byte // the whole CertificateList in DER
	RawIssuer []byte // Name, with tag and length
	// PEM tells that the list was wrapped in PEM, which no standard foresees.
	PEM bool

	Version    int // 1 or 2
	Issuer     certificate.Name
	ThisUpdate time.Time
	NextUpdate time.Time // zero when absent
	Extensions []pkix.Extension

	Number         *big.Int // cRLNumber (5.2.3); nil when absent
	BaseNumber     *big.Int // deltaCRLIndicator (5.2.4); not nil in a delta CRL
	AuthorityKeyID []byte   // keyIdentifier only; nil when absent
	// Scope is the issuingDistributionPoint (5.2.5); nil when absent.
	Scope *Scope
	// ExpiredSince is expiredCertsOnCRL (X.509, 9.5.2.8): the list also has the
	// revoked certificates that expired at or after that time. Zero when absent.
	ExpiredSince time.Time
	// UnhandledCritical lists the critical extensions that are not processed. Such
	// a list says nothing about any certificate (5.2).
	UnhandledCritical []asn1.ObjectIdentifier

	signed  signed
	entries []byte      // content of revokedCertificates
	sound   atomic.Bool // they were read over, and all can be used
}

// SignatureAlgorithm returns the algorithm of the signature.
func (c *CRL) SignatureAlgorithm() pkix.AlgorithmIdentifier { return c.signed.algorithm }

// IsDelta tells whether the list holds only what has changed since another one.
func (c *CRL) IsDelta() bool { return c.BaseNumber != nil }

// FreshestCRL returns the places where delta CRLs to this list are published (5.2.6).
// Without the extension the result is empty.
func (c *CRL) FreshestCRL() ([]certificate.DistributionPoint, error) {
	for _, e := range c.Extensions {
		if e.Id.Equal(oidFreshestCRL) {
			return certificate.ParseDistributionPoints(e.Value)
		}
	}
	return nil, nil
}

// Extensions of CRLs.
var (
	oidIssuerAltName  = asn1.ObjectIdentifier{2, 5, 29, 18}
	oidCRLNumber      = asn1.ObjectIdentifier{2, 5, 29, 20}
	oidDeltaIndicator = asn1.ObjectIdentifier{2, 5, 29, 27}
	oidIssuingPoint   = asn1.ObjectIdentifier{2, 5, 29, 28}
	oidAuthorityKeyID = asn1.ObjectIdentifier{2, 5, 29, 35}
	oidFreshestCRL    = asn1.ObjectIdentifier{2, 5, 29, 46}
	oidExpiredCerts   = asn1.ObjectIdentifier{2, 5, 29, 60}
	oidAuthorityInfo  = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 1}
)

// noDemand are critical CRL extensions that ask nothing of who uses the list.
var noDemand = []asn1.ObjectIdentifier{oidIssuerAltName, oidFreshestCRL, oidAuthorityInfo}

// ParseCRL reads a CRL in DER, or in one PEM block. The head, the extensions and
// the frame of the list are read; entries are read when they are asked for.
func ParseCRL(raw []byte) (*CRL, error) {
	if len(raw) > maxCRLBytes {
		return nil, fmt.Errorf("%w: CRL of %d bytes, more than %d", errLimit, len(raw), maxCRLBytes)
	}
	c := &CRL{}
	if text := bytes.TrimLeft(raw, " \t\r\n"); bytes.HasPrefix(text, []byte("-----BEGIN")) {
		block, _ := pem.Decode(text)
		if block == nil || block.Type != "X509 CRL" && block.Type != "CRL" {
			return nil, errors.New("revocation: PEM without an X509 CRL block")
		}
		raw, c.PEM = block.Bytes, true
	}
	input := cryptobyte.String(raw)
	var list, tbs cryptobyte.String
	if !input.ReadASN1Element(&list, cbasn1.SEQUENCE) || !input.Empty() {
		return nil, errors.New("revocation: CRL is not one DER sequence")
	}
	c.Raw = list
	list.ReadASN1(&list, cbasn1.SEQUENCE)
	if !list.ReadASN1Element(&tbs, cbasn1.SEQUENCE) {
		return nil, errors.New("revocation: malformed TBSCertList")
	}
	c.signed.message = tbs
	var ok bool
	var arcs ber.Arcs
	if c.signed.algorithm, ok = readAlgorithm(&list, &arcs); !ok {
		return nil, errors.New("revocation: malformed signature algorithm of a CRL")
	}
	var signature asn1.BitString
	if !list.ReadASN1BitString(&signature) || signature.BitLength%8 != 0 || !list.Empty() {
		return nil, errors.New("revocation: malformed signature value of a CRL")
	}
	c.signed.signature = signature.Bytes
	if err := c.parseTBS(tbs, &arcs); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *CRL) parseTBS(tbs cryptobyte.String, arcs *ber.Arcs) error {
	tbs.ReadASN1(&tbs, cbasn1.SEQUENCE)
	c.Version = 1
	if tbs.PeekASN1Tag(cbasn1.INTEGER) {
		version := 0
		if !tbs.ReadASN1Integer(&version) || version != 1 {
			return errors.New("revocation: version of a CRL is not 2")
		}
		c.Version = 2
	}
	inner, ok := readAlgorithm(&tbs, arcs)
	if !ok {
		return errors.New("revocation: malformed algorithm inside a CRL")
	}
	if !algorithm.SameIdentifier(inner, c.signed.algorithm) { // 5.1.1.2
		return errors.New("revocation: signature algorithms inside and outside the signed part of a CRL differ")
	}
	var issuer cryptobyte.String
	if !tbs.ReadASN1Element(&issuer, cbasn1.SEQUENCE) {
		return errors.New("revocation: malformed issuer of a CRL")
	}
	var err error
	if c.Issuer, err = certificate.ParseName(issuer); err != nil {
		return fmt.Errorf("revocation: issuer of a CRL: %w", err)
	}
	c.RawIssuer = issuer
	if c.ThisUpdate, ok = readTime(&tbs); !ok {
		return errors.New("revocation: malformed thisUpdate of a CRL")
	}
	if tbs.PeekASN1Tag(cbasn1.UTCTime) || tbs.PeekASN1Tag(cbasn1.GeneralizedTime) {
		if c.NextUpdate, ok = readTime(&tbs); !ok {
			return errors.New("revocation: malformed nextUpdate of a CRL")
		}
	}
	if tbs.PeekASN1Tag(cbasn1.SEQUENCE) {
		var entries cryptobyte.String
		if !tbs.ReadASN1(&entries, cbasn1.SEQUENCE) {
			return errors.New("revocation: malformed list of revoked certificates")
		}
		c.entries = entries
	}
	return c.parseExtensions(tbs, arcs)
}

// parseExtensions reads what follows the entries.
func (c *CRL) parseExtensions(rest cryptobyte.String, arcs *ber.Arcs) error {
	if rest.Empty() {
		return nil
	}
	var list cryptobyte.String
	if !rest.ReadASN1(&list, constructed) || !list.ReadASN1(&list, cbasn1.SEQUENCE) || !rest.Empty() {
		return errors.New("revocation: malformed end of a CRL")
	}
	var ok bool
	if c.Extensions, ok = readExtensions(list, arcs); !ok {
		return errors.New("revocation: malformed extensions of a CRL")
	}
	if c.Version < 2 {
		return errors.New("revocation: only a CRL of version 2 has extensions") // 5.1.2.1
	}
	for i, e := range c.Extensions {
		for _, before := range c.Extensions[:i] {
			if before.Id.Equal(e.Id) {
				return fmt.Errorf("revocation: CRL has the extension %v twice", e.Id)
			}
		}
		if !c.readExtension(e) {
			return fmt.Errorf("revocation: malformed extension %v of a CRL", e.Id)
		}
	}
	return nil
}

func (c *CRL) readExtension(e pkix.Extension) (ok bool) {
	value := cryptobyte.String(e.Value)
	switch {
	case e.Id.Equal(oidCRLNumber):
		c.Number, ok = readInteger(&value, maxNumberBytes)
		return ok && value.Empty()
	case e.Id.Equal(oidDeltaIndicator):
		c.BaseNumber, ok = readInteger(&value, maxNumberBytes)
		return ok && value.Empty()
	case e.Id.Equal(oidIssuingPoint):
		c.Scope, ok = readScope(value)
		return ok
	case e.Id.Equal(oidExpiredCerts):
		c.ExpiredSince, ok = readTime(&value)
		return ok && value.Empty()
	case e.Id.Equal(oidAuthorityKeyID):
		// Only a hint: a malformed one is read as absent.
		var body, id cryptobyte.String
		var present bool
		if value.ReadASN1(&body, cbasn1.SEQUENCE) &&
			body.ReadOptionalASN1(&id, &present, cbasn1.Tag(0).ContextSpecific()) && present {
			c.AuthorityKeyID = id
		}
	case e.Critical && !contains(noDemand, e.Id):
		c.UnhandledCritical = append(c.UnhandledCritical, e.Id)
	}
	return true
}
