package certificate

import (
	"encoding/asn1"
	"errors"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/internal/ber"
)

var (
	oidAccessOCSP      = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1}
	oidAccessCAIssuers = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 2}
)

// InfoAccess holds the URLs of an authorityInfoAccess extension (RFC 5280,
// 4.2.2.1). They come from the certificate and are as hostile as it is.
type InfoAccess struct {
	OCSP      []string // responders
	CAIssuers []string // certificates of the issuer
}

// AuthorityInfoAccess reads the URLs where the issuer offers OCSP responses and
// its certificates. Without the extension the result is empty.
func (c *Certificate) AuthorityInfoAccess() (InfoAccess, error) {
	var info InfoAccess
	e := c.Extension(oidAuthorityInfo)
	if e == nil {
		return info, nil
	}
	malformed := errors.New("certificate: malformed authorityInfoAccess")
	value := cryptobyte.String(e.Value)
	var list cryptobyte.String
	if !value.ReadASN1(&list, cbasn1.SEQUENCE) || !value.Empty() {
		return info, malformed
	}
	for n := 0; !list.Empty(); n++ {
		var description, location cryptobyte.String
		var method asn1.ObjectIdentifier
		var tag cbasn1.Tag
		if !list.ReadASN1(&description, cbasn1.SEQUENCE) || !description.ReadASN1ObjectIdentifier(&method) ||
			!description.ReadAnyASN1(&location, &tag) || !description.Empty() {
			return info, malformed
		}
		if n == maxListItems {
			return info, errors.New("certificate: too many items in authorityInfoAccess")
		}
		if tag != generalNameURI {
			continue
		}
		switch {
		case method.Equal(oidAccessOCSP):
			info.OCSP = append(info.OCSP, string(location))
		case method.Equal(oidAccessCAIssuers):
			info.CAIssuers = append(info.CAIssuers, string(location))
		}
	}
	return info, nil
}

// Forms of GeneralName that are read (RFC 5280, 4.2.1.6).
const (
	generalNameDirectory = cbasn1.Tag(4 | 0x80 | 0x20)
	generalNameURI       = cbasn1.Tag(6 | 0x80)
)

// DistributionPoint is one place where CRLs for the certificate are published
// (RFC 5280, 4.2.1.13). National issuers often name a directory entry and no URL.
type DistributionPoint struct {
	URLs      []string // fullName, uniformResourceIdentifier
	Names     []Name   // fullName, directoryName
	Relative  bool     // the place is given relative to the CRL issuer
	Reasons   []byte   // the raw ReasonFlags bit string without tag and length; nil means all reasons
	CRLIssuer []Name   // directoryNames of another issuer; an indirect CRL
}

// CRLDistributionPoints reads the places where CRLs are published. Without the
// extension the result is empty.
func (c *Certificate) CRLDistributionPoints() ([]DistributionPoint, error) {
	return c.distributionPoints(oidCRLDistribution)
}

// FreshestCRL reads the places where delta CRLs are published (RFC 5280, 4.2.1.15).
// Without the extension the result is empty.
func (c *Certificate) FreshestCRL() ([]DistributionPoint, error) {
	return c.distributionPoints(oidFreshestCRL)
}

func (c *Certificate) distributionPoints(id asn1.ObjectIdentifier) ([]DistributionPoint, error) {
	e := c.Extension(id)
	if e == nil {
		return nil, nil
	}
	return ParseDistributionPoints(e.Value)
}

// ParseDistributionPoints reads a CRLDistributionPoints in DER, the value of two
// extensions of certificates and one of CRLs. With an error it returns what came before.
func ParseDistributionPoints(der []byte) ([]DistributionPoint, error) {
	malformed := errors.New("certificate: malformed distribution points of CRLs")
	value := cryptobyte.String(der)
	var list cryptobyte.String
	if !value.ReadASN1(&list, cbasn1.SEQUENCE) || !value.Empty() {
		return nil, malformed
	}
	var points []DistributionPoint
	for !list.Empty() {
		var body cryptobyte.String
		if !list.ReadASN1(&body, cbasn1.SEQUENCE) {
			return points, malformed
		}
		if len(points) == maxListItems {
			return points, errors.New("certificate: too many distribution points of CRLs")
		}
		point, ok := readDistributionPoint(body)
		if !ok {
			return points, malformed
		}
		points = append(points, point)
	}
	return points, nil
}

func readDistributionPoint(body cryptobyte.String) (point DistributionPoint, ok bool) {
	const constructed = cbasn1.Tag(0x80 | 0x20)
	var place, reasons, issuer cryptobyte.String
	var hasPlace, hasReasons, hasIssuer bool
	if !body.ReadOptionalASN1(&place, &hasPlace, constructed) ||
		!body.ReadOptionalASN1(&reasons, &hasReasons, cbasn1.Tag(1).ContextSpecific()) ||
		!body.ReadOptionalASN1(&issuer, &hasIssuer, constructed|2) || !body.Empty() {
		return point, false
	}
	if hasPlace {
		var names cryptobyte.String
		var tag cbasn1.Tag
		if !place.ReadAnyASN1(&names, &tag) || !place.Empty() {
			return point, false
		}
		if point.Relative = tag == constructed|1; !point.Relative {
			if point.URLs, point.Names, ok = readGeneralNames(names); !ok {
				return point, false
			}
		}
	}
	if hasReasons {
		point.Reasons = reasons
	}
	if hasIssuer {
		if _, point.CRLIssuer, ok = readGeneralNames(issuer); !ok {
			return point, false
		}
	}
	return point, true
}

// readGeneralNames keeps the URLs and the directory names.
func readGeneralNames(list cryptobyte.String) (urls []string, names []Name, ok bool) {
	for n := 0; !list.Empty(); n++ {
		var content cryptobyte.String
		var tag cbasn1.Tag
		if n == maxListItems || !list.ReadAnyASN1(&content, &tag) {
			return nil, nil, false
		}
		switch tag {
		case generalNameURI:
			urls = append(urls, string(content))
		case generalNameDirectory:
			name, err := parseName(&content, new(ber.Arcs))
			if err != nil || !content.Empty() {
				return nil, nil, false
			}
			names = append(names, name)
		}
	}
	return urls, names, true
}
