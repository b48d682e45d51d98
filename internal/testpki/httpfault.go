package testpki

import (
	"fmt"
	"slices"
)

// Fault is one way in which a service of a [Server] misbehaves.
type Fault int

// The faults. The first group is in what is served, the second in how, the third in
// what the name of the server resolves to.
const (
	Sound Fault = iota

	Stale                   // nextUpdate, or the end of the certificate, has passed
	Future                  // thisUpdate, or the beginning of the certificate, is to come
	NoNextUpdate            // nextUpdate is left out
	Unknown                 // the responder does not know the certificate
	WrongSerial             // about another certificate
	WrongIssuer             // by an authority of another name
	WrongKey                // under the right name with another key
	Tampered                // the signature does not hold
	SelfIssuedResponder     // the responder vouches for itself
	ExpiredResponder        // the responder's certificate has expired
	ResponderWithoutPurpose // the responder's certificate is not for OCSP
	WrongNonce              // the nonce of another request
	TryLater                // an OCSP error
	Malformed               // half of it
	ErrorPage               // HTML with status 200
	Empty                   // nothing with status 200
	PEM                     // PEM instead of DER
	Bundle                  // PKCS #7 with all certificates of the authority

	NoNonce         // a time stamp without the nonce
	WrongImprint    // a time stamp over another digest
	WrongHash       // a time stamp that names another hash function of the same length
	WrongPolicy     // a time stamp under another policy
	NoToken         // granted, and no time stamp
	NoCertificate   // a time stamp without certificates
	TokenAndRefusal // refused, and a time stamp

	WrongType       // as text/html
	Huge            // a length of a terabyte is announced
	Endless         // bytes without end
	Dripping        // a byte at a time, without end
	Silent          // no answer at all
	CutOff          // the connection ends in the middle
	Unavailable     // status 503
	NotFound        // status 404
	RedirectOnce    // to itself, and then the answer
	RedirectLoop    // for ever
	RedirectPrivate // to a private address
	RedirectLocal   // to localhost
	RedirectMapped  // to an IPv4-mapped address
	RedirectFile    // to a file

	PrivateName    // resolves to loopback addresses
	MappedName     // resolves to an IPv4-mapped private address
	TranslatedName // resolves to a NAT64 address of a loopback address
	RebindingName  // resolves to a public address first, then to loopback

	faultCount
)

// Faults returns all faults, [Sound] included.
func Faults() []Fault {
	list := make([]Fault, faultCount)
	for i := range list {
		list[i] = Fault(i)
	}
	return list
}

// String returns the name of the constant.
func (f Fault) String() string {
	names := [...]string{
		"Sound", "Stale", "Future", "NoNextUpdate", "Unknown", "WrongSerial", "WrongIssuer", "WrongKey", "Tampered",
		"SelfIssuedResponder", "ExpiredResponder", "ResponderWithoutPurpose", "WrongNonce", "TryLater", "Malformed",
		"ErrorPage", "Empty", "PEM", "Bundle",
		"NoNonce", "WrongImprint", "WrongHash", "WrongPolicy", "NoToken", "NoCertificate", "TokenAndRefusal",
		"WrongType", "Huge", "Endless", "Dripping", "Silent", "CutOff",
		"Unavailable", "NotFound", "RedirectOnce", "RedirectLoop", "RedirectPrivate", "RedirectLocal",
		"RedirectMapped", "RedirectFile", "PrivateName", "MappedName", "TranslatedName", "RebindingName",
	}
	if f < 0 || int(f) >= len(names) {
		return fmt.Sprintf("Fault(%d)", int(f))
	}
	return names[f]
}

// Concerns tells whether the fault makes a difference to a service.
func (f Fault) Concerns(s Service) bool {
	if s == TSAService {
		return f == Sound || f >= WrongType && f <= RedirectFile || slices.Contains(tsaFaults(), f)
	}
	if f.onlyTSA() {
		return false
	}
	switch f {
	case NoNextUpdate, Tampered:
		return s != IssuerService
	case Unknown, WrongSerial, SelfIssuedResponder, ExpiredResponder, ResponderWithoutPurpose, WrongNonce, TryLater:
		return s == OCSPService
	case PEM:
		return s != OCSPService
	case Bundle:
		return s == IssuerService
	}
	return true
}
