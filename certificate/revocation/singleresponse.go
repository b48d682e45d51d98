package revocation

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/internal/ber"
)

// CertificateStatus is what a responder says about one certificate.
type CertificateStatus int

// The statuses. StatusNotKnown, the zero value, is the one that is called unknown
// in RFC 6960, 2.2, and is not good.
const (
	StatusNotKnown CertificateStatus = iota
	StatusRevoked
	StatusGood
)

// SingleResponse is what a response says about one certificate (RFC 6960, 4.2.1).
type SingleResponse struct {
	HashAlgorithm  pkix.AlgorithmIdentifier
	IssuerNameHash []byte
	IssuerKeyHash  []byte
	SerialNumber   *big.Int

	Status     CertificateStatus
	RevokedAt  time.Time // with StatusRevoked
	Reason     Reason    // with StatusRevoked
	ThisUpdate time.Time
	NextUpdate time.Time // zero when absent
	Extensions []pkix.Extension
	// ArchiveCutoff is the time since when the responder keeps the status of
	// expired certificates (4.4.4); zero when absent.
	ArchiveCutoff time.Time
	// InvalidityDate is the entry extension of RFC 5280, 5.3.2; zero when absent.
	InvalidityDate time.Time
	// UnhandledCritical lists the critical extensions that are not processed.
	UnhandledCritical []asn1.ObjectIdentifier
}

func readSingle(list *cryptobyte.String, arcs *ber.Arcs) (one SingleResponse, notes []string, ok bool) {
	var body, id, name, key, next, extensions cryptobyte.String
	var hasNext, hasExtensions bool
	if !list.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadASN1(&id, cbasn1.SEQUENCE) {
		return one, nil, false
	}
	if one.HashAlgorithm, ok = readAlgorithm(&id, arcs); !ok {
		return one, nil, false
	}
	if !id.ReadASN1(&name, cbasn1.OCTET_STRING) || !id.ReadASN1(&key, cbasn1.OCTET_STRING) {
		return one, nil, false
	}
	one.IssuerNameHash, one.IssuerKeyHash = name, key
	if one.SerialNumber, ok = readInteger(&id, maxSerialBytes); !ok || !id.Empty() {
		return one, nil, false
	}
	if !one.readStatus(&body) {
		return one, nil, false
	}
	if one.ThisUpdate, ok = readTime(&body); !ok || !body.ReadOptionalASN1(&next, &hasNext, constructed) ||
		!body.ReadOptionalASN1(&extensions, &hasExtensions, constructed|1) || !body.Empty() {
		return one, nil, false
	}
	if hasNext {
		if one.NextUpdate, ok = readTime(&next); !ok || !next.Empty() {
			return one, nil, false
		}
	}
	if hasExtensions {
		if !extensions.ReadASN1(&extensions, cbasn1.SEQUENCE) {
			return one, nil, false
		}
		if one.Extensions, ok = readExtensions(extensions, arcs); !ok {
			return one, nil, false
		}
		notes = one.readExtensions()
	}
	return one, notes, true
}

func (one *SingleResponse) readStatus(body *cryptobyte.String) bool {
	var content cryptobyte.String
	var tag cbasn1.Tag
	if !body.ReadAnyASN1(&content, &tag) {
		return false
	}
	switch tag {
	case cbasn1.Tag(0).ContextSpecific():
		one.Status = StatusGood
		return content.Empty()
	case constructed | 1:
		one.Status = StatusRevoked
		var reason cryptobyte.String
		var hasReason, ok bool
		if one.RevokedAt, ok = readTime(&content); !ok ||
			!content.ReadOptionalASN1(&reason, &hasReason, constructed) || !content.Empty() {
			return false
		}
		if hasReason {
			one.Reason, ok = readReason(&reason)
			return ok && reason.Empty()
		}
		return true
	case cbasn1.Tag(2).ContextSpecific():
		return content.Empty()
	}
	return false
}

// readExtensions takes over what counts. A malformed archive cut-off is passed over:
// without it the response only says less.
func (one *SingleResponse) readExtensions() (notes []string) {
	for _, e := range one.Extensions {
		value := cryptobyte.String(e.Value)
		switch {
		case e.Id.Equal(oidArchiveCutoff):
			t, ok := readTime(&value)
			if !ok || !value.Empty() {
				notes = append(notes, "malformed archive cut-off, ignored")
				continue
			}
			one.ArchiveCutoff = t
		case e.Id.Equal(oidInvalidityDate):
			t, ok := readTime(&value)
			if !ok || !value.Empty() {
				notes = append(notes, "malformed invalidity date, ignored")
				continue
			}
			one.InvalidityDate = t
		case e.Critical && !e.Id.Equal(oidReasonCode) && !e.Id.Equal(oidHoldInstruction):
			one.UnhandledCritical = append(one.UnhandledCritical, e.Id)
		}
	}
	return notes
}
