package revocation

import "fmt"

// Reason says why a certificate was revoked (CRLReason, RFC 5280, 5.3.1).
type Reason int

// The reasons. Unspecified stands also where no reason is given.
const (
	Unspecified          Reason = 0
	KeyCompromise        Reason = 1
	CACompromise         Reason = 2
	AffiliationChanged   Reason = 3
	Superseded           Reason = 4
	CessationOfOperation Reason = 5
	CertificateHold      Reason = 6 // may be lifted again
	RemoveFromCRL        Reason = 8 // only in delta CRLs: a hold was lifted
	PrivilegeWithdrawn   Reason = 9
	AACompromise         Reason = 10
)

var reasonText = map[Reason]string{
	Unspecified:          "unspecified",
	KeyCompromise:        "keyCompromise",
	CACompromise:         "cACompromise",
	AffiliationChanged:   "affiliationChanged",
	Superseded:           "superseded",
	CessationOfOperation: "cessationOfOperation",
	CertificateHold:      "certificateHold",
	RemoveFromCRL:        "removeFromCRL",
	PrivilegeWithdrawn:   "privilegeWithdrawn",
	AACompromise:         "aACompromise",
}

// String returns the name of RFC 5280, for example "keyCompromise".
func (r Reason) String() string {
	if text, ok := reasonText[r]; ok {
		return text
	}
	return fmt.Sprintf("reason %d", int(r))
}

// reasons is a set of ReasonFlags (RFC 5280, 4.2.1.13): bit i of the bit string is
// bit i here. Bit 0 is unused.
type reasons uint16

const allReasons reasons = 0x1fe

// holdReason is the flag of certificateHold.
const holdReason reasons = 1 << 6

// readReasons reads the content of a ReasonFlags bit string; false when malformed.
func readReasons(content []byte) (reasons, bool) {
	if len(content) == 0 || content[0] > 7 || len(content) == 1 && content[0] != 0 {
		return 0, false
	}
	var set reasons
	for i := range 9 {
		if octet := 1 + i/8; octet < len(content) && content[octet]&(0x80>>(i%8)) != 0 {
			set |= 1 << i
		}
	}
	return set & allReasons, true
}
