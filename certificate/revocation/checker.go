package revocation

import (
	"context"
	"time"

	"github.com/inkan-go/inkan/certificate"
)

// Checker answers the questions of [certificate.BuildPath] from a set of evidence.
// The paths of signers of evidence are validated under the conditions of the path
// in question. It may be used by several goroutines at once.
type Checker struct {
	Set *Set // nil holds nothing
	// Now, MaxAge and ProvenBy are those of [Options].
	Now      time.Time
	MaxAge   time.Duration
	ProvenBy time.Time
	// Certificates are looked at beside the candidates of the path: signers that
	// were found with the evidence.
	Certificates []*certificate.Certificate
}

// CheckRevocation implements [certificate.RevocationChecker]. Evidence in the
// result is the [*Answer].
func (c *Checker) CheckRevocation(ctx context.Context, q *certificate.RevocationQuery) certificate.Revocation {
	a := c.Answer(ctx, q)
	r := certificate.Revocation{Detail: a.Detail, Evidence: a}
	switch a.Status {
	case Good:
		r.Status = certificate.RevocationGood
		if since := a.Since(); !since.IsZero() {
			r.Status, r.RevokedAt = certificate.RevocationRevoked, since // after q.Time
		}
	case Revoked:
		r.Status, r.RevokedAt = certificate.RevocationRevoked, a.Since()
	case NotNeeded:
		r.Status = certificate.RevocationNotNeeded
	case NotChecked:
		r.Status = certificate.RevocationNotChecked
	}
	return r
}

// Answer judges the certificate in question.
func (c *Checker) Answer(ctx context.Context, q *certificate.RevocationQuery) *Answer {
	if q.Purpose == certificate.OCSPSigning && q.Leaf && q.Certificate.OCSPNoCheck {
		return &Answer{Status: NotNeeded, Detail: "the responder need not be checked (RFC 6960, 4.2.2.2.1)"}
	}
	return c.Set.Judge(q.Certificate, q.Issuer(), Options{
		Time: q.Time, Now: c.Now, MaxAge: c.MaxAge, ProvenBy: c.ProvenBy, Certificates: c.Certificates,
		IssuerIsAnchor: len(q.Path) == 1, IssuerRevokedAt: q.RevokedAt(), query: q,
		Trusted: func(signer *certificate.Certificate, at time.Time) (*certificate.Path, error) {
			// A CRL signer that is not the issuer may say in its CRL that it was not
			// revoked itself: nobody else may be there to say so.
			if q.Purpose == certificate.CRLSigning && q.Leaf && signer.Equal(q.Certificate) {
				return &certificate.Path{Certificates: append([]*certificate.Certificate{signer}, q.Path...)}, nil
			}
			return q.SignerPath(ctx, signer, certificate.CRLSigning, at)
		},
	})
}
