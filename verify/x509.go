package verify

import (
	"cmp"
	"errors"
	"strings"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/algorithm"
)

// validateCertificate is the building block "X.509 certificate validation" (EN 319
// 102-1, 5.2.6), with the revocation freshness checker (5.2.5), for one time.
func (f *file) validateCertificate(s *signed, at time.Time) *outcome {
	o := &outcome{conclusion: passed, at: at}
	if s.cert == nil {
		return o // the identification of the signer has said so
	}
	// Many tokens are of one authority. Further proofs of existence can only help.
	var same validation
	if f.several {
		same = validation{s.cert.Fingerprint(), s.purpose, at.UTC().Round(0)}
		if known := f.validated[same]; known != nil {
			return known
		}
	}
	if !f.mayBuild(s) {
		o.fail(s, conclusion{Indeterminate, NoCertificateChainFound}, "path.limit")
		return o
	}
	path, err := certificate.BuildPath(f.ctx, s.cert, certificate.PathOptions{
		Anchors: f.options.Trust, Purpose: s.purpose, Time: at, Candidates: f.candidatesFor(s),
		Policies: f.policy.policyOptions(s.purpose), Checks: f.signatureChecks(),
		Revocation: freshness{file: f, purpose: s.purpose},
	})
	o.path = path
	if err != nil {
		f.explainPath(o, s, err)
	} else {
		f.checkSunset(o, s)
		f.checkChain(o, s)
	}
	if path != nil && f.options.Trust.Contains(path.Anchor(), s.purpose) {
		f.checkWeakPath(o, s)
	}
	if f.several && o.isPassed() {
		if f.validated == nil {
			f.validated = make(map[validation]*outcome)
		}
		f.validated[same] = o
	}
	return o
}

// validation is the question about one certificate at one time.
type validation struct {
	cert    [32]byte
	purpose certificate.Purpose
	at      time.Time
}

// signatureChecks is what remembers the signatures of certificates, where more than
// one path is sought.
func (f *file) signatureChecks() *certificate.SignatureChecks {
	if !f.several {
		return nil
	}
	return &f.checks
}

// mayBuild tells whether there is work left for one more path: what there is to look
// through is looked through for every signature.
func (f *file) mayBuild(s *signed) bool {
	f.pathWork += len(s.others) + len(f.shared) + 4*f.evidence.Len()
	return f.pathWork <= maxPathWork
}

// candidatesFor returns the certificates that a path may run through.
func (f *file) candidatesFor(s *signed) []*certificate.Certificate {
	if len(f.shared) == 0 {
		return s.others
	}
	return append(s.others[:len(s.others):len(s.others)], f.shared...)
}

// explainPath turns the failure of a path into a conclusion.
func (f *file) explainPath(o *outcome, s *signed, err error) {
	var failure *certificate.PathError
	if !errors.As(err, &failure) {
		o.fail(s, conclusion{Indeterminate, NoCertificateChainFound}, "path.none", err.Error())
		return
	}
	code, verdict := "path.failed", conclusion{Indeterminate, ChainGeneralFailure}
	switch failure.Reason {
	case certificate.NoPath:
		code, verdict.reason = "path.none", NoCertificateChainFound
	case certificate.Expired, certificate.NotYetValid:
		code, verdict.reason = f.outOfBounds(o, failure)
	case certificate.Revoked:
		code, verdict.reason = revoked(o, failure.Depth)
	case certificate.RevocationUndetermined:
		code, verdict.reason = undetermined(o, failure.Depth)
	case certificate.KeyUsage, certificate.ExtendedKeyUsage, certificate.NotCA, certificate.PathLength, certificate.UnknownCritical,
		certificate.NameConstraints, certificate.NoValidPolicy:
		verdict.reason = ChainConstraintsFailure
	}
	o.fail(s, verdict, code, strings.TrimPrefix(failure.Error(), "certificate: "))
}

// outOfBounds tells what is known of a certificate outside its validity period: one
// that was revoked is rather that.
func (f *file) outOfBounds(o *outcome, failure *certificate.PathError) (code string, reason SubIndication) {
	if failure.Depth > 0 || len(o.path.Revocation) == 0 {
		return "path.failed", OutOfBoundsNoPOE
	}
	switch o.path.Revocation[0].Status {
	case certificate.RevocationRevoked:
		return revoked(o, 0)
	case certificate.RevocationGood:
		return "path.failed", OutOfBoundsNotRevoked
	}
	return "path.failed", OutOfBoundsNoPOE
}

// revoked tells of a certificate that was revoked at the time: a hold may be lifted,
// and somebody later may know.
func revoked(o *outcome, depth int) (code string, reason SubIndication) {
	answer := o.path.Revocation[depth]
	o.revoked = answer.RevokedAt
	if known, ok := answer.Evidence.(*revocation.Answer); ok && known.Reason == revocation.CertificateHold {
		return "path.on-hold", TryLater
	}
	if depth > 0 {
		return "path.failed", RevokedCANoPOE
	}
	return "path.failed", RevokedNoPOE
}

// undetermined tells of a certificate about which no evidence answers (5.2.6.4): path
// validation fails where there is none, or none that could be used at any time. Where
// it answers for another time than the one that counts, evidence that is issued later
// may settle it; where it was signed with a key that has expired since, a proof that
// it is older helps.
func undetermined(o *outcome, depth int) (code string, reason SubIndication) {
	answer := o.path.Revocation[depth]
	known, ok := answer.Evidence.(*revocation.Answer)
	if answer.Status == certificate.RevocationNotChecked || !ok || known.Status == revocation.NotChecked {
		return "path.revocation-unchecked", ChainGeneralFailure
	}
	reason = ChainGeneralFailure
	for _, r := range known.Rejected {
		switch r.Cause {
		case revocation.SignerExpired:
			return "path.revocation-expired", RevocationOutOfBoundsNoPOE
		case revocation.Stale, revocation.TooOld, revocation.Future, revocation.AfterExpiry, revocation.StatusUnknown, revocation.NoResponse,
			revocation.SignerUntrusted, revocation.SignerRevoked:
			reason = TryLater
		}
	}
	return "path.revocation-unknown", reason
}

// checkSunset refuses an anchor that was not trusted any more at the time.
func (f *file) checkSunset(o *outcome, s *signed) {
	if len(f.policy.AnchorEnds) == 0 {
		return
	}
	anchor := o.path.Anchor()
	end, ok := f.policy.AnchorEnds[anchor.Fingerprint()]
	if !ok || o.at.Before(end) {
		return
	}
	o.sunset = end
	o.fail(s, conclusion{Indeterminate, NoCertificateChainFoundNoPOE}, "path.sunset", anchor.Subject.String(), end.Format(time.DateOnly))
}

// checkChain applies the constraints on the chain (5.2.6.4, step 5).
func (f *file) checkChain(o *outcome, s *signed) {
	if f.policy.KeyUsage == 0 || s.purpose != certificate.Signing {
		return
	}
	if !s.cert.HasKeyUsage || s.cert.KeyUsage&f.policy.KeyUsage == 0 {
		o.fail(s, conclusion{Indeterminate, ChainConstraintsFailure}, "path.key-usage", s.cert.Subject.String())
	}
}

// checkWeakPath refuses certificates below the anchor, and evidence about them, that
// were signed with what was too weak at the time: others may have made them. The key of the
// signer is a matter of its signature.
func (f *file) checkWeakPath(o *outcome, s *signed) {
	list := o.path.WeaknessesBy(f.policy.Algorithms)
	if _, ok := f.policy.Algorithms.WeakKey(algorithm.SchemeUnknown, o.path.Leaf().PublicKey); ok {
		list = list[1:]
	}
	for _, w := range list {
		if o.at.Before(w.Until) {
			continue
		}
		o.weak = append(o.weak, weakness{w.Until, w.Certificate.Fingerprint()})
		o.fail(s, conclusion{Indeterminate, CryptoConstraintsFailureNoPOE}, "acceptance.weak-path",
			w.Name, w.Certificate.Subject.String(), w.Until.Format(time.DateOnly))
	}
	for i, answer := range o.path.Revocation {
		known := evidenceOf(answer)
		if known == nil {
			continue
		}
		list, id := f.weakEvidence(known)
		for _, w := range list {
			if o.at.Before(w.Until) {
				continue
			}
			o.weak = append(o.weak, weakness{w.Until, id})
			o.fail(s, conclusion{Indeterminate, CryptoConstraintsFailureNoPOE}, "acceptance.weak-evidence",
				w.Name, o.path.Certificates[i].Subject.String(), w.Until.Format(time.DateOnly))
		}
	}
}

// describePath reports a chain with what is known about its certificates.
func (f *file) describePath(s *signed, o *outcome) []Certificate {
	path := o.path
	if s == nil || path == nil {
		return nil
	}
	holds := f.options.Trust.Contains(path.Anchor(), s.purpose)
	list := make([]Certificate, 0, len(path.Certificates))
	for i, member := range path.Certificates {
		c := Certificate{Anchor: holds && i == len(path.Certificates)-1}
		if signer := s.owner.result.Signer; member == s.cert && signer != nil {
			c.Subject, c.SHA256 = signer.Subject, signer.SHA256
		} else {
			name := f.nameOf(member)
			c.Subject, c.SHA256 = name.subject, name.sha256
		}
		c.Revocation = revocationOf(member, c.Anchor, path.Revocation[i].Status)
		if at := path.Revocation[i].RevokedAt; c.Revocation == RevocationRevoked && holds && at.After(o.at) {
			c.Revocation = RevocationGood // at the time that counts
			o.findings = append(o.findings, newFinding("path.revoked-later", s.owner.at(), c.Subject, at.UTC().Format(time.RFC3339)))
		}
		if answer := evidenceOf(path.Revocation[i]); answer != nil {
			c.Source = answer.Evidence.Source.String()
			c.ThisUpdate = Time{cmp.Or(answer.ThisUpdate, answer.ProducedAt).UTC()}
		}
		list = append(list, c)
	}
	return list
}

// certificateName is how reports name a certificate.
type certificateName struct{ subject, sha256 string }

// nameOf returns the name of an authority, which is the same text in the paths of all
// signatures.
func (f *file) nameOf(c *certificate.Certificate) certificateName {
	name, known := f.names[c]
	if !known {
		sum := c.Fingerprint()
		name = certificateName{c.Subject.String(), hexadecimal(sum[:])}
		if f.names == nil {
			f.names = make(map[*certificate.Certificate]certificateName)
		}
		f.names[c] = name
	}
	return name
}

// revocationOf says what is known about the revocation of one certificate.
func revocationOf(c *certificate.Certificate, anchor bool, status certificate.RevocationStatus) Revocation {
	switch status {
	case certificate.RevocationGood:
		return RevocationGood
	case certificate.RevocationRevoked:
		return RevocationRevoked
	case certificate.RevocationNotNeeded:
		return RevocationNotNeeded
	case certificate.RevocationNotChecked:
		if anchor || c.NoRevocationAvailable || c.ShortTerm {
			return RevocationNotNeeded
		}
		return RevocationNotChecked
	}
	return RevocationUnknown
}
