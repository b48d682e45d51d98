package certificate

import (
	"context"
	"encoding/asn1"
	"errors"
	"time"
)

// PathOptions are the conditions of a path.
type PathOptions struct {
	// Anchors are trusted; nil trusts nobody.
	Anchors *Pool
	// Purpose chooses among the anchors and is what the leaf must be fit for.
	Purpose Purpose
	// Time is when the path must hold. The zero value is refused.
	Time time.Time
	// Candidates are untrusted certificates to find issuers among, in any order;
	// the leaf and duplicates may be among them. At most 8192 are looked at.
	Candidates []*Certificate
	// Issuers is asked for further candidates where those lead nowhere; nil asks nobody.
	Issuers IssuerSource
	// Policies are what is demanded of certificate policies; the zero value
	// demands nothing.
	Policies PolicyOptions
	// Revocation is asked about the certificates of a path that otherwise holds,
	// and a path fails unless every answer lets it hold; another one is tried then.
	// With nil nobody is asked, and no path fails for it.
	Revocation RevocationChecker
	// Checks remembers signatures that were verified, for the next search; nil
	// remembers nothing.
	Checks *SignatureChecks
	// Accept is the caller's own demand on a path that otherwise holds, its
	// algorithms for example; an error makes the search go on. nil accepts.
	Accept func(*Path) error
}

// PolicyOptions are the inputs of policy processing (RFC 5280, 6.1.1 c, e, f, g).
type PolicyOptions struct {
	// Acceptable are the policies of which the path must assert one, if anything
	// demands a policy; none means any policy.
	Acceptable []asn1.ObjectIdentifier
	// RequireExplicit demands that the path asserts an acceptable policy.
	RequireExplicit bool
	InhibitMapping  bool // policies are not mapped
	InhibitAny      bool // anyPolicy in certificates stands for nothing
}

// IssuerSource finds certificates that may have issued another one, for example
// where its authorityInfoAccess extension points. What it returns is not trusted.
type IssuerSource interface {
	Issuers(ctx context.Context, c *Certificate) ([]*Certificate, error)
}

// Path is a certification path with what was found out about it.
type Path struct {
	// Certificates begin with the leaf and end with the anchor. Where a DSA key
	// takes its parameters from its issuer (RFC 3279, 2.3.2) the certificate is a
	// copy whose PublicKey has them.
	Certificates []*Certificate
	// Revocation holds the answer about each of the Certificates. It is as long
	// as they are; RevocationNotChecked stands where nobody was asked.
	Revocation []Revocation
	// Policies are the policies under which the path is valid: the
	// user-constrained-policy-set of RFC 9618, 5.5. It is empty where no
	// policy holds, and holds anyPolicy, 2.5.29.32.0, where every one does.
	Policies []asn1.ObjectIdentifier
}

// Leaf returns the first certificate.
func (p *Path) Leaf() *Certificate { return p.Certificates[0] }

// Anchor returns the last certificate; in a path that failed it is not always
// an anchor.
func (p *Path) Anchor() *Certificate { return p.Certificates[len(p.Certificates)-1] }

// RevokedAt returns when the first certificate of the path was revoked, zero when none
// was. In a path that holds, that lies after the time at which it holds.
func (p *Path) RevokedAt() time.Time { return firstRevocation(p.Revocation) }

// BuildPath looks for a path from the leaf to an anchor that holds at a time
// (RFC 5280, 6.1, policies as in RFC 9618): names and signatures chain, every
// certificate below the anchor is valid at the time and has no critical extension
// that is not processed, every issuer is a CA that may sign certificates within its
// path length, name constraints and policies are kept, and the leaf is fit for the
// purpose. The anchor itself is asked neither for its validity period nor for its
// signature, but it must not say that it is no CA, and what it limits is limited:
// path length and names. A leaf that is an anchor is a path by itself.
//
// Several paths are tried. When none holds the error is a [*PathError] about the
// path that came closest, and that path, complete or not, is returned with it.
// Algorithms are not judged; see [Path.Weaknesses].
func BuildPath(ctx context.Context, leaf *Certificate, o PathOptions) (*Path, error) {
	if leaf == nil {
		return nil, errors.New("certificate: no leaf given")
	}
	if o.Time.IsZero() {
		return nil, errors.New("certificate: no time given to build a path at")
	}
	return newSearch(o).find(ctx, leaf)
}
