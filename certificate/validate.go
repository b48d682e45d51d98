package certificate

import (
	"crypto/x509"
	"encoding/asn1"
	"time"
)

var (
	oidPurposeTimeStamping = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 8}
	oidPurposeOCSPSigning  = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 9}
)

// validate checks a path whose names and signatures chain and whose last
// certificate is an anchor (RFC 5280, 6.1). What time cannot heal is told before
// what it can. Revocation is not asked here.
func (s *search) validate(path *Path) *PathError {
	if failure := s.inheritParameters(path); failure != nil {
		return failure
	}
	certificates := path.Certificates
	below := certificates[:len(certificates)-1] // the anchor is trusted as it is
	for i, c := range below {
		if failure := checkFormat(c); failure != nil {
			failure.Depth = i
			return failure
		}
	}
	for i := 1; i < len(certificates); i++ {
		if failure := checkIssuer(certificates[i], i == len(below), intermediates(certificates[:i])); failure != nil {
			failure.Depth = i
			return failure
		}
	}
	if len(below) == 0 {
		path.Policies = []asn1.ObjectIdentifier{oidAnyPolicy}
		return nil
	}
	if failure := checkUse(certificates[0], s.Purpose); failure != nil {
		return failure
	}
	if failure := s.checkNames(certificates); failure != nil {
		return failure
	}
	if failure := s.checkPolicies(path); failure != nil {
		return failure
	}
	for i, c := range below {
		if failure := checkTime(c, s.Time); failure != nil {
			failure.Depth = i
			return failure
		}
	}
	return nil
}

// checkTime is RFC 5280, 6.1.3 a 2.
func checkTime(c *Certificate, at time.Time) *PathError {
	switch {
	case at.After(c.NotAfter):
		return &PathError{Reason: Expired, Certificate: c, Detail: "valid until " + c.NotAfter.Format(time.RFC3339)}
	case at.Before(c.NotBefore):
		return &PathError{Reason: NotYetValid, Certificate: c, Detail: "valid from " + c.NotBefore.Format(time.RFC3339)}
	}
	return nil
}

func checkFormat(c *Certificate) *PathError {
	if len(c.Defects) > 0 {
		return &PathError{Reason: Defective, Certificate: c, Detail: c.Defects[0].Text}
	}
	if len(c.UnhandledCritical) > 0 {
		return &PathError{Reason: UnknownCritical, Certificate: c, Detail: c.UnhandledCritical[0].String()}
	}
	return nil
}

// intermediates counts the certificates of the path below an issuer, without the
// leaf and self-issued ones (RFC 5280, 4.2.1.9).
func intermediates(below []*Certificate) int {
	n := 0
	for _, c := range below[1:] {
		if !c.IsSelfIssued() {
			n++
		}
	}
	return n
}

// checkIssuer checks that a certificate above the leaf may have issued the one
// below it (RFC 5280, 6.1.4 k to n).
func checkIssuer(c *Certificate, anchor bool, intermediates int) *PathError {
	fail := func(r Reason, detail string) *PathError {
		return &PathError{Reason: r, Certificate: c, Detail: detail}
	}
	// An anchor of version 1 or 2 has no extension to say that it is a CA.
	if !c.IsCA && !(anchor && c.Version < 3 && !c.HasBasicConstraints) {
		return fail(NotCA, "")
	}
	if c.HasKeyUsage && c.KeyUsage&x509.KeyUsageCertSign == 0 {
		return fail(KeyUsage, "it does not allow to sign certificates")
	}
	if c.MaxPathLength >= 0 && intermediates > c.MaxPathLength {
		return fail(PathLength, "")
	}
	return nil
}

// checkUse checks that the leaf may make signatures of the kind. For signing,
// any extendedKeyUsage is taken but one that is for time stamps or OCSP
// responses alone; a time-stamping certificate must name its purpose (RFC 3161,
// 2.3), and so must the responder's (RFC 6960, 4.2.2.2).
func checkUse(c *Certificate, purpose Purpose) *PathError {
	usage, text := x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment, "it does not allow signatures"
	required := false
	if purpose == CRLSigning { // to say nothing is not enough, RFC 10007
		usage, text, required = x509.KeyUsageCRLSign, "it does not allow to sign CRLs", true
	}
	if (required || c.HasKeyUsage) && c.KeyUsage&usage == 0 {
		return &PathError{Reason: KeyUsage, Certificate: c, Detail: text}
	}
	switch {
	case purpose == TimeStamping && !c.HasPurpose(oidPurposeTimeStamping):
		text = "it does not name time stamping"
	case purpose == OCSPSigning && !c.HasPurpose(oidPurposeOCSPSigning):
		text = "it does not name the signing of OCSP responses"
	case purpose == Signing && !servesSigning(c):
		text = "it is for time stamps or OCSP responses alone"
	default:
		return nil
	}
	return &PathError{Reason: ExtendedKeyUsage, Certificate: c, Detail: text}
}

func servesSigning(c *Certificate) bool {
	for _, id := range c.ExtendedKeyUsage {
		if !id.Equal(oidPurposeTimeStamping) && !id.Equal(oidPurposeOCSPSigning) {
			return true
		}
	}
	return len(c.ExtendedKeyUsage) == 0
}
