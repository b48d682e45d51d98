package fetch

import "fmt"

// Kind is what is asked for.
type Kind int

// The kinds.
const (
	KindUnknown      Kind = iota
	KindCertificates      // caIssuers
	KindCRL
	KindOCSP
)

// String returns "certificates", "CRL" or "OCSP response".
func (k Kind) String() string {
	switch k {
	case KindCertificates:
		return "certificates"
	case KindCRL:
		return "CRL"
	case KindOCSP:
		return "OCSP response"
	}
	return fmt.Sprintf("Kind(%d)", int(k))
}

// accept is the Accept header; what comes is read whatever its type.
func (k Kind) accept() string {
	switch k {
	case KindCertificates:
		return "application/pkix-cert, application/pkcs7-mime, */*"
	case KindCRL:
		return "application/pkix-crl, */*"
	}
	return "application/ocsp-response, */*"
}

// Counts is how much a [Client] asked for, of one kind.
type Counts struct {
	Requests int64 // HTTP requests sent, redirects included
	Bytes    int64 // received in bodies
	Cached   int64 // answers from the cache
	Shared   int64 // answers of a request that another caller had sent
	Failed   int64 // places that did not answer usefully, refused ones included
	Skipped  int64 // places of a form that is not asked
}
