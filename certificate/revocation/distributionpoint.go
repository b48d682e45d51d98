package revocation

import (
	"encoding/asn1"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/certificate"
)

// pointName is a DistributionPointName (RFC 5280, 4.2.1.13): names in full, or
// what is added to the name of the CRL issuer.
type pointName struct {
	full     generalNames
	relative certificate.RelativeName
}

// readPointName reads the content of the explicit tag around the choice.
func readPointName(s cryptobyte.String) (*pointName, bool) {
	var content cryptobyte.String
	var tag cbasn1.Tag
	if !s.ReadAnyASN1(&content, &tag) || !s.Empty() {
		return nil, false
	}
	p := &pointName{}
	ok := false
	switch tag {
	case constructed:
		p.full, ok = readGeneralNames(content)
	case constructed | 1:
		var b cryptobyte.Builder
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) { b.AddBytes(content) })
		})
		der, err := b.Bytes()
		if err != nil {
			return nil, false
		}
		name, err := certificate.ParseName(der)
		if ok = err == nil && len(name) == 1; ok {
			p.relative = name[0]
		}
	}
	return p, ok
}

// names returns the names in full; a relative one is put under the CRL issuer.
func (p *pointName) names(issuer certificate.Name) generalNames {
	if p.relative == nil {
		return p.full
	}
	name := append(issuer[:len(issuer):len(issuer)], p.relative)
	return generalNames{{tag: tagDirectoryName, name: name}}
}

// work returns what it costs to compare with the names, in comparisons of short ones.
func (p *pointName) work() int {
	switch {
	case p == nil:
		return 0
	case p.relative != nil:
		return 1 + len(p.relative)
	}
	return p.full.work()
}

// point is a DistributionPoint of a certificate.
type point struct {
	name    *pointName   // nil when absent
	issuers generalNames // cRLIssuer; nil when absent
	reasons reasons      // all when absent
}

// work returns what it costs to compare with the names in it.
func (p *point) work() int { return 1 + p.name.work() + p.issuers.work() }

var oidCRLDistribution = asn1.ObjectIdentifier{2, 5, 29, 31}

// distributionPoints reads cRLDistributionPoints (RFC 5280, 4.2.1.13) with what is
// needed to match scopes; false when it is malformed. Without the extension there
// are none.
func distributionPoints(c *certificate.Certificate) ([]point, bool) {
	e := c.Extension(oidCRLDistribution)
	if e == nil {
		return nil, true
	}
	value := cryptobyte.String(e.Value)
	var list cryptobyte.String
	if !value.ReadASN1(&list, cbasn1.SEQUENCE) || !value.Empty() {
		return nil, false
	}
	var points []point
	for !list.Empty() {
		var body cryptobyte.String
		if len(points) == maxPoints || !list.ReadASN1(&body, cbasn1.SEQUENCE) {
			return nil, false
		}
		p, ok := readPoint(body)
		if !ok {
			return nil, false
		}
		points = append(points, p)
	}
	return points, true
}

func readPoint(body cryptobyte.String) (p point, ok bool) {
	p.reasons = allReasons
	var name, flags, issuers cryptobyte.String
	var hasName, hasFlags, hasIssuers bool
	if !body.ReadOptionalASN1(&name, &hasName, constructed) ||
		!body.ReadOptionalASN1(&flags, &hasFlags, cbasn1.Tag(1).ContextSpecific()) ||
		!body.ReadOptionalASN1(&issuers, &hasIssuers, constructed|2) || !body.Empty() {
		return p, false
	}
	ok = true
	if hasName {
		p.name, ok = readPointName(name)
	}
	if ok && hasFlags {
		p.reasons, ok = readReasons(flags)
	}
	if ok && hasIssuers {
		p.issuers, ok = readGeneralNames(issuers)
	}
	return p, ok
}
