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

// checkPath checks a path whose names and signatures chain and whose last
// certificate is an anchor. What time cannot heal is told before what it can.
func checkPath(path []*Certificate, purpose Purpose, at time.Time) *PathError {
	below := path[:len(path)-1] // the anchor is trusted as it is
	for i, c := range below {
		if failure := checkFormat(c); failure != nil {
			failure.Depth = i
			return failure
		}
	}
	if failure := checkIssuers(path); failure != nil {
		return failure
	}
	if len(below) == 0 {
		return nil
	}
	if failure := checkLeaf(path[0], purpose); failure != nil {
		return failure
	}
	for i, c := range below {
		switch {
		case at.After(c.NotAfter):
			return &PathError{Reason: Expired, Certificate: c, Depth: i, Detail: "valid until " + c.NotAfter.Format(time.RFC3339)}
		case at.Before(c.NotBefore):
			return &PathError{Reason: NotYetValid, Certificate: c, Depth: i, Detail: "valid from " + c.NotBefore.Format(time.RFC3339)}
		}
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

// checkIssuers checks that every certificate above the leaf may have issued the
// one below it (RFC 5280, 6.1.4 k to n).
func checkIssuers(path []*Certificate) *PathError {
	intermediates := 0 // below the issuer, not counting the leaf and self-issued ones
	for i := 1; i < len(path); i++ {
		c := path[i]
		isAnchor := i == len(path)-1
		fail := func(r Reason, detail string) *PathError {
			return &PathError{Reason: r, Certificate: c, Depth: i, Detail: detail}
		}
		// An anchor of version 1 or 2 has no extension to say that it is a CA.
		if !c.IsCA && !(isAnchor && c.Version < 3 && !c.HasBasicConstraints) {
			return fail(NotCA, "")
		}
		if c.HasKeyUsage && c.KeyUsage&x509.KeyUsageCertSign == 0 {
			return fail(KeyUsage, "it does not allow to sign certificates")
		}
		if c.MaxPathLength >= 0 && intermediates > c.MaxPathLength {
			return fail(PathLength, "")
		}
		if !c.IsSelfIssued() {
			intermediates++
		}
	}
	return nil
}

// checkLeaf checks that the leaf may make signatures of the kind. For signing,
// any extendedKeyUsage is taken but one that is for time stamps or OCSP
// responses alone; a time-stamping certificate must name its purpose (RFC 3161, 2.3).
func checkLeaf(c *Certificate, purpose Purpose) *PathError {
	if c.HasKeyUsage && c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		return &PathError{Reason: KeyUsage, Certificate: c, Detail: "it does not allow signatures"}
	}
	if purpose == TimeStamping {
		if !c.HasPurpose(oidPurposeTimeStamping) {
			return &PathError{Reason: ExtendedKeyUsage, Certificate: c, Detail: "it does not name time stamping"}
		}
		return nil
	}
	if len(c.ExtendedKeyUsage) == 0 {
		return nil
	}
	for _, id := range c.ExtendedKeyUsage {
		if !id.Equal(oidPurposeTimeStamping) && !id.Equal(oidPurposeOCSPSigning) {
			return nil
		}
	}
	return &PathError{Reason: ExtendedKeyUsage, Certificate: c, Detail: "it is for time stamps or OCSP responses alone"}
}
