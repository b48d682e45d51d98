package revocation

import (
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
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
