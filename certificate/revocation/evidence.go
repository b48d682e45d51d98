package revocation

import (
	"bytes"
	"time"
)

// Kind is the format of a piece of evidence.
type Kind int

// The kinds. KindUnknown is found out from the bytes.
const (
	KindUnknown Kind = iota
	KindCRL          // a CertificateList (RFC 5280, 5.1), DER or PEM
	KindOCSP         // an OCSPResponse or a BasicOCSPResponse (RFC 6960, 4.2.1)
)

// String returns "CRL", "OCSP" or "unknown".
func (k Kind) String() string {
	switch k {
	case KindCRL:
		return "CRL"
	case KindOCSP:
		return "OCSP"
	}
	return "unknown"
}

// Source is where a piece of evidence was found.
type Source int

// The sources.
const (
	SourceUnknown Source = iota
	SourceDSS            // document security store of a PDF (ISO 32000-2, 12.8.4.3)
	SourceCMS            // inside a signature or a time-stamp token
	SourceCache          // kept from an earlier fetch
	SourceURL            // just fetched
	SourceGiven          // handed over by the caller
)

// String returns "dss", "cms", "cache", "url", "given" or "".
func (s Source) String() string {
	switch s {
	case SourceDSS:
		return "dss"
	case SourceCMS:
		return "cms"
	case SourceCache:
		return "cache"
	case SourceURL:
		return "url"
	case SourceGiven:
		return "given"
	}
	return ""
}

// Evidence is one CRL or OCSP response as it was found. It is not changed once it
// is in a [Set].
type Evidence struct {
	Raw    []byte // as found, PEM not removed
	Kind   Kind   // KindUnknown: found out from Raw
	Source Source
	Where  string // URL, object or file; for reports
	// Retrieved is when it was fetched or read; zero when not known.
	Retrieved time.Time
	// Proven is the earliest time at which it is proven to have existed. The zero
	// value proves nothing but that it exists now. The certificate of its signer
	// must not have expired before that time (EN 319 102-1, 5.2.6.4).
	Proven time.Time
	// Nonce is the one of the OCSP request that it answers; nil when not known.
	Nonce []byte

	read *reading // nil before Read
}

// kind returns Kind, or what the bytes look like. A CRL begins with the sequence
// of its signed part, an OCSPResponse with an enumerated status, a
// BasicOCSPResponse with a sequence in which a version or a responder stands first.
func (e *Evidence) kind() Kind {
	switch {
	case e.Kind != KindUnknown:
		return e.Kind
	case bytes.HasPrefix(bytes.TrimSpace(e.Raw), []byte("-----BEGIN")):
		return KindCRL
	case looksLikeOCSP(e.Raw):
		return KindOCSP
	}
	return KindCRL
}
