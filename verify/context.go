package verify

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/ber"
)

// initContext is the building block "validation context initialization" (EN 319
// 102-1, 5.2.4): the policy that the signature names is one that the verifier knows,
// or may be left aside.
func (f *file) initContext(c *candidate) conclusion {
	if c.signer == nil || c.isTimestamp() {
		return passed
	}
	attribute := c.signer.SignedAttributes.Find(cms.OIDSignaturePolicy)
	if attribute == nil {
		if !f.policy.RequireSignaturePolicy {
			return passed
		}
		c.add("policy.missing", c.at())
		return conclusion{Indeterminate, SigConstraintsFailure}
	}
	named, err := readSignaturePolicy(attribute)
	if err != nil {
		c.add("policy.unreadable", c.at(), err)
		return conclusion{Indeterminate, PolicyProcessingError}
	}
	i := slices.IndexFunc(f.policy.SignaturePolicies, func(p SignaturePolicy) bool { return p.ID.Equal(named.id) })
	if i < 0 {
		if f.policy.RequireKnownSignaturePolicy || f.policy.RequireSignaturePolicy {
			c.add("policy.unknown", c.at(), named)
			return conclusion{Indeterminate, SignaturePolicyNotAvailable}
		}
		c.add("policy.ignored", c.at(), named)
		return passed
	}
	if document := f.policy.SignaturePolicies[i].Document; document != nil && !named.describes(document) {
		c.add("policy.digest", c.at(), named)
		return conclusion{Indeterminate, PolicyProcessingError}
	}
	return passed
}

// namedPolicy is the value of the attribute signature-policy-identifier (EN 319
// 122-1, 5.2.9.1).
type namedPolicy struct {
	id     asn1.ObjectIdentifier // nil where the policy is only implied
	hash   algorithm.Hash
	digest []byte
}

// String names the policy for findings.
func (p *namedPolicy) String() string {
	if p.id == nil {
		return "implied"
	}
	return p.id.String()
}

// describes tells whether the digest is that of a document. One that says nothing,
// which is written as zeros, is of any.
func (p *namedPolicy) describes(document []byte) bool {
	if len(bytes.Trim(p.digest, "\x00")) == 0 {
		return true
	}
	return p.hash.Available() && bytes.Equal(p.hash.Sum(document), p.digest)
}

var errSignaturePolicy = errors.New("malformed signature policy identifier")

// readSignaturePolicy reads SignaturePolicy ::= CHOICE { SignaturePolicyId, NULL }.
func readSignaturePolicy(a *cms.Attribute) (*namedPolicy, error) {
	if len(a.Values) != 1 {
		return nil, errSignaturePolicy
	}
	der, err := ber.ToDER(a.Values[0])
	if err != nil {
		return nil, err
	}
	value := cryptobyte.String(der)
	if value.PeekASN1Tag(cbasn1.NULL) {
		return &namedPolicy{}, nil
	}
	var policy, digest, identifier cryptobyte.String
	p := &namedPolicy{}
	if !value.ReadASN1(&policy, cbasn1.SEQUENCE) || !policy.ReadASN1ObjectIdentifier(&p.id) {
		return nil, errSignaturePolicy
	}
	if policy.Empty() {
		return p, nil
	}
	if !policy.ReadASN1(&digest, cbasn1.SEQUENCE) || !digest.ReadASN1(&identifier, cbasn1.SEQUENCE) {
		return nil, errSignaturePolicy
	}
	var id asn1.ObjectIdentifier
	var sum cryptobyte.String
	if !identifier.ReadASN1ObjectIdentifier(&id) || !digest.ReadASN1(&sum, cbasn1.OCTET_STRING) {
		return nil, errSignaturePolicy
	}
	p.hash, _ = algorithm.HashByOID(id)
	p.digest = sum
	return p, nil
}
