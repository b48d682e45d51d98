package verify

import (
	"encoding/hex"
	"errors"

	"github.com/inkan-go/inkan/certificate"
)

// validatePath is the building block "X.509 certificate validation" (EN 319
// 102-1, 5.2.6) for the signer at the time of the judgement.
func (f *file) validatePath(c *candidate) conclusion {
	if c.cert == nil {
		return passed // identifySigner has said so
	}
	purpose := certificate.Signing
	if c.isTimestamp() {
		purpose = certificate.TimeStamping
	}
	candidates := append(c.cms.X509Certificates(), f.options.Certificates...)
	built, err := certificate.BuildPath(f.ctx, c.cert, certificate.PathOptions{
		Anchors: f.options.Trust, Purpose: purpose, Time: f.at, Candidates: candidates,
	})
	complete := err == nil
	var path []*certificate.Certificate
	if built != nil {
		path = built.Certificates
	}
	for i, member := range path {
		anchor := complete && i == len(path)-1
		sum := member.Fingerprint()
		c.result.Chain = append(c.result.Chain, Certificate{
			Subject: member.Subject.String(), SHA256: hex.EncodeToString(sum[:]),
			Anchor: anchor, Revocation: revocationOf(member, anchor),
		})
	}
	if err != nil {
		return c.pathFailure(err)
	}
	c.path = built
	for i, member := range path {
		if c.result.Chain[i].Revocation == RevocationNotChecked {
			c.add("path.revocation-unchecked", c.at(), member.Subject.String())
			return conclusion{Indeterminate, TryLater}
		}
	}
	return passed
}

// revocationOf tells whether a certificate needs revocation evidence. Until
// evidence is read, what needs it is not checked.
func revocationOf(c *certificate.Certificate, anchor bool) Revocation {
	if anchor || c.NoRevocationAvailable || c.ShortTerm {
		return RevocationNotNeeded
	}
	return RevocationNotChecked
}

// pathFailure turns the error of the path into a finding and a verdict.
func (c *candidate) pathFailure(err error) conclusion {
	var failure *certificate.PathError
	if !errors.As(err, &failure) {
		c.add("path.none", c.at(), err)
		return conclusion{Indeterminate, NoCertificateChainFound}
	}
	code := "path.failed"
	verdict := conclusion{Indeterminate, ChainGeneralFailure}
	switch failure.Reason {
	case certificate.NoPath:
		code, verdict.reason = "path.none", NoCertificateChainFound
	case certificate.Expired:
		verdict.reason = OutOfBoundsNoPOE
	case certificate.NotYetValid:
		verdict.reason = NotYetValid
	case certificate.KeyUsage, certificate.ExtendedKeyUsage, certificate.NotCA, certificate.PathLength, certificate.UnknownCritical,
		certificate.NameConstraints, certificate.NoValidPolicy:
		verdict.reason = ChainConstraintsFailure
	}
	c.add(code, c.at(), failure)
	return verdict
}
