package revocation

import (
	"bytes"
	"encoding/asn1"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/certificate"
)

// Scope is the issuingDistributionPoint of a CRL (RFC 5280, 5.2.5): which
// certificates and reasons it covers.
type Scope struct {
	OnlyUsers      bool // onlyContainsUserCerts
	OnlyCAs        bool // onlyContainsCACerts
	OnlyAttributes bool // onlyContainsAttributeCerts
	Indirect       bool // indirectCRL: also certificates of other issuers

	point   *pointName // nil when the list names no distribution point
	reasons reasons    // onlySomeReasons; all when absent
	raw     []byte
}

// URLs returns the addresses of the distribution point that the scope names.
func (s *Scope) URLs() []string {
	if s == nil || s.point == nil {
		return nil
	}
	return s.point.full.urls()
}

func readScope(value cryptobyte.String) (*Scope, bool) {
	scope := &Scope{reasons: allReasons, raw: value}
	var body, name, flags cryptobyte.String
	var hasName, hasFlags bool
	if !value.ReadASN1(&body, cbasn1.SEQUENCE) || !value.Empty() ||
		!body.ReadOptionalASN1(&name, &hasName, constructed) ||
		!readFlag(&body, 1, &scope.OnlyUsers) || !readFlag(&body, 2, &scope.OnlyCAs) ||
		!body.ReadOptionalASN1(&flags, &hasFlags, cbasn1.Tag(3).ContextSpecific()) ||
		!readFlag(&body, 4, &scope.Indirect) || !readFlag(&body, 5, &scope.OnlyAttributes) || !body.Empty() {
		return nil, false
	}
	ok := true
	if hasName {
		if scope.point, ok = readPointName(name); !ok {
			return nil, false
		}
	}
	if hasFlags {
		scope.reasons, ok = readReasons(flags)
	}
	return scope, ok
}

// readFlag reads an implicitly tagged BOOLEAN DEFAULT FALSE.
func readFlag(s *cryptobyte.String, tag uint8, out *bool) bool {
	var content cryptobyte.String
	var present bool
	if !s.ReadOptionalASN1(&content, &present, cbasn1.Tag(tag).ContextSpecific()) {
		return false
	}
	if present {
		if len(content) != 1 {
			return false
		}
		*out = content[0] != 0
	}
	return true
}

// generalName is one GeneralName as written (RFC 5280, 4.2.1.6).
type generalName struct {
	tag     cbasn1.Tag
	content []byte
	name    certificate.Name // directoryName only
}

const (
	tagDirectoryName = cbasn1.Tag(4) | constructed
	tagURI           = cbasn1.Tag(6 | 0x80)
)

type generalNames []generalName

// parseGeneralNames reads a GeneralNames with its tag and length.
func parseGeneralNames(der []byte) (generalNames, bool) {
	s := cryptobyte.String(der)
	var list cryptobyte.String
	if !s.ReadASN1(&list, cbasn1.SEQUENCE) || !s.Empty() {
		return nil, false
	}
	return readGeneralNames(list)
}

// readGeneralNames reads the content of a GeneralNames.
func readGeneralNames(list cryptobyte.String) (generalNames, bool) {
	var names generalNames
	for !list.Empty() {
		var content cryptobyte.String
		n := generalName{}
		if len(names) == maxGeneralNames || !list.ReadAnyASN1(&content, &n.tag) {
			return nil, false
		}
		n.content = content
		if n.tag == tagDirectoryName {
			var err error
			if n.name, err = certificate.ParseName(content); err != nil {
				return nil, false
			}
		}
		names = append(names, n)
	}
	return names, len(names) > 0
}

func (list generalNames) directory() (names []certificate.Name) {
	for _, n := range list {
		if n.tag == tagDirectoryName {
			names = append(names, n.name)
		}
	}
	return names
}

func (list generalNames) urls() (urls []string) {
	for _, n := range list {
		if n.tag == tagURI {
			urls = append(urls, string(n.content))
		}
	}
	return urls
}

// hasName tells whether the directory name is in the list.
func (list generalNames) hasName(name certificate.Name) bool {
	for _, n := range list {
		if n.tag == tagDirectoryName && n.name.Equal(name) {
			return true
		}
	}
	return false
}

// meets tells whether the lists have a name in common.
func (list generalNames) meets(other generalNames) bool {
	for _, a := range list {
		for _, b := range other {
			if a.equal(b) {
				return true
			}
		}
	}
	return false
}

func (n generalName) equal(o generalName) bool {
	switch {
	case n.tag != o.tag:
		return false
	case n.tag == tagDirectoryName:
		return n.name.Equal(o.name)
	case n.tag == tagURI:
		return bytes.Equal(n.content, o.content) || foldURL(n.content) == foldURL(o.content)
	}
	return bytes.Equal(n.content, o.content)
}

// foldURL lowers scheme and host, whose case does not count (RFC 5280, 7.4).
func foldURL(raw []byte) string {
	text := string(raw)
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		return text
	}
	host, path, _ := strings.Cut(rest, "/")
	return strings.ToLower(scheme) + "://" + strings.ToLower(host) + "/" + path
}

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

// point is a DistributionPoint of a certificate.
type point struct {
	name    *pointName   // nil when absent
	issuers generalNames // cRLIssuer; nil when absent
	reasons reasons      // all when absent
}

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
