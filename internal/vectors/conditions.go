package vectors

import (
	"encoding/asn1"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/verify"
)

// The files with the anchors of the vectors.
const (
	FixedRoot = "root.pem"        // of all vectors without conditions
	SignRoot  = "sign-root.pem"   // of the signers of vectors that time decides
	StampRoot = "stamps-root.pem" // of their time-stamping authorities
)

// Conditions are those of a judgement.
type Conditions struct {
	// At is the time of the judgement, and what the clock says.
	At time.Time `json:"at"`
	// Anchors are files with the certificates that are trusted for every purpose.
	Anchors []string `json:"anchors"`
	// AnchorEnds says of an anchor from when on it is not trusted any more.
	AnchorEnds map[string]time.Time `json:"anchor_ends,omitempty"`
	// KnownPolicies, if not nil, are the signature policies of which a signature that
	// names any must name one.
	KnownPolicies []string `json:"known_policies,omitempty"`
}

// Options returns what to judge a vector with. The password is the first that opens
// it.
func (v *Vector) Options(m *Maker) (*verify.Options, error) {
	o := &verify.Options{Trust: m.PKI.Pool(), At: m.Time()}
	if len(v.Passwords) > 0 {
		o.Password = v.Passwords[0]
	}
	c := v.Conditions
	if c == nil {
		return o, nil
	}
	o.At, o.Now, o.Trust = c.At, func() time.Time { return c.At }, certificate.NewPool()
	o.Policy = verify.Default()
	o.Policy.AnchorEnds = make(map[[32]byte]time.Time)
	for _, name := range c.Anchors {
		anchor, err := m.Anchor(name)
		if err != nil {
			return nil, err
		}
		o.Trust.Add(anchor)
		if end, ok := c.AnchorEnds[name]; ok {
			o.Policy.AnchorEnds[anchor.Fingerprint()] = end
		}
	}
	for _, text := range c.KnownPolicies {
		id, err := parseOID(text)
		if err != nil {
			return nil, err
		}
		o.Policy.RequireKnownSignaturePolicy = true
		o.Policy.SignaturePolicies = append(o.Policy.SignaturePolicies, verify.SignaturePolicy{ID: id})
	}
	return o, nil
}

// Anchor returns the certificate that a file of anchors holds.
func (m *Maker) Anchor(name string) (*certificate.Certificate, error) {
	a, err := m.authorities()
	if err != nil {
		return nil, err
	}
	switch name {
	case FixedRoot:
		return m.PKI.Root.Certificate, nil
	case SignRoot:
		return a.pki.Root.Certificate, nil
	case StampRoot:
		return a.stamps.Root.Certificate, nil
	}
	return nil, fmt.Errorf("vectors: there is no file of anchors %s", name)
}

func parseOID(text string) (asn1.ObjectIdentifier, error) {
	var id asn1.ObjectIdentifier
	for arc := range strings.SplitSeq(text, ".") {
		n, err := strconv.Atoi(arc)
		if err != nil {
			return nil, fmt.Errorf("vectors: %q is no object identifier", text)
		}
		id = append(id, n)
	}
	return id, nil
}
