package certificate

import (
	"encoding/asn1"
	"math"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/internal/ber"
)

var oidAnyPolicy = asn1.ObjectIdentifier{2, 5, 29, 32, 0}

// policyRules are the extensions of a CA certificate about policies.
type policyRules struct {
	mappings []policyMapping // RFC 5280, 4.2.1.5
	// After how many certificates each begins to hold (4.2.1.11, 4.2.1.14); -1 is never.
	requireExplicit, inhibitMapping, inhibitAny int
}

type policyMapping struct{ issuer, subject asn1.ObjectIdentifier }

// rules returns the rules to be filled by one of their extensions.
func (c *Certificate) rules() *policyRules {
	if c.policyRules == nil {
		c.policyRules = &policyRules{requireExplicit: -1, inhibitMapping: -1, inhibitAny: -1}
	}
	return c.policyRules
}

// readPolicies reads RFC 5280, 4.2.1.4. Qualifiers are for people and not read.
func (c *Certificate) readPolicies(value cryptobyte.String, room *ber.Arcs) string {
	const malformed = "malformed certificatePolicies"
	var list cryptobyte.String
	if !value.ReadASN1(&list, cbasn1.SEQUENCE) || !value.Empty() || list.Empty() {
		return malformed
	}
	for !list.Empty() {
		var body cryptobyte.String
		var id asn1.ObjectIdentifier
		if !list.ReadASN1(&body, cbasn1.SEQUENCE) || !room.Read(&body, &id) ||
			!body.SkipOptionalASN1(cbasn1.SEQUENCE) || !body.Empty() {
			return malformed
		}
		if len(c.Policies) == maxPolicies {
			return "too many certificatePolicies"
		}
		c.Policies = append(c.Policies, id)
	}
	return ""
}

// readPolicyMappings reads RFC 5280, 4.2.1.5.
func (c *Certificate) readPolicyMappings(value cryptobyte.String, room *ber.Arcs) string {
	const malformed = "malformed policyMappings"
	rules := c.rules()
	var list cryptobyte.String
	if !value.ReadASN1(&list, cbasn1.SEQUENCE) || !value.Empty() {
		return malformed
	}
	for !list.Empty() {
		var body cryptobyte.String
		var m policyMapping
		if !list.ReadASN1(&body, cbasn1.SEQUENCE) || !room.Read(&body, &m.issuer) ||
			!room.Read(&body, &m.subject) || !body.Empty() {
			return malformed
		}
		if len(rules.mappings) == maxPolicies {
			return "too many policyMappings"
		}
		rules.mappings = append(rules.mappings, m)
	}
	return ""
}

// readPolicyConstraints reads RFC 5280, 4.2.1.11.
func (c *Certificate) readPolicyConstraints(value cryptobyte.String) string {
	const malformed = "malformed policyConstraints"
	rules := c.rules()
	var body cryptobyte.String
	if !value.ReadASN1(&body, cbasn1.SEQUENCE) || !value.Empty() {
		return malformed
	}
	for i, out := range []*int{&rules.requireExplicit, &rules.inhibitMapping} {
		var content cryptobyte.String
		var present bool
		if !body.ReadOptionalASN1(&content, &present, contextClass|cbasn1.Tag(i)) ||
			present && !skipCount(content, out) {
			return malformed
		}
	}
	if !body.Empty() {
		return malformed
	}
	return ""
}

// readInhibitAnyPolicy reads RFC 5280, 4.2.1.14.
func (c *Certificate) readInhibitAnyPolicy(value cryptobyte.String) string {
	var content cryptobyte.String
	if !value.ReadASN1(&content, cbasn1.INTEGER) || !value.Empty() || !skipCount(content, &c.rules().inhibitAny) {
		return "malformed inhibitAnyPolicy"
	}
	return ""
}

// skipCount reads the content of a SkipCerts, of any size.
func skipCount(content []byte, out *int) bool {
	if len(content) == 0 || content[0]&0x80 != 0 {
		return false
	}
	n := 0
	for _, b := range content {
		n = min(n<<8|int(b), math.MaxInt16)
	}
	*out = n
	return true
}
