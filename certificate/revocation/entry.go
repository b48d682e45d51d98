package revocation

import (
	"bytes"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"iter"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/ber"
)

// Entry is one revoked certificate of a CRL (RFC 5280, 5.1.2.6, 5.3).
type Entry struct {
	SerialNumber *big.Int
	RevokedAt    time.Time
	Reason       Reason
	// InvalidityDate is since when the certificate is thought not to be
	// trustworthy (5.3.2); zero when absent.
	InvalidityDate time.Time
	// Issuer is who issued the certificate: the issuer of the CRL, or in an
	// indirect CRL the certificateIssuer of this entry or the last before it that
	// has one (5.3.3).
	Issuer certificate.Name
}

// Errors of entries. A CRL with such an entry says nothing about any certificate.
var (
	errEntry         = errors.New("revocation: malformed entry in a CRL")
	errEntryCritical = errors.New("revocation: a CRL entry has a critical extension that is not processed")
)

// Extensions of entries, in DER without tag and length: 2.5.29.n.
const (
	rawReasonCode        = "\x55\x1d\x15"
	rawHoldInstruction   = "\x55\x1d\x17"
	rawInvalidityDate    = "\x55\x1d\x18"
	rawCertificateIssuer = "\x55\x1d\x1d"
)

var (
	oidReasonCode      = asn1.ObjectIdentifier{2, 5, 29, 21}
	oidHoldInstruction = asn1.ObjectIdentifier{2, 5, 29, 23}
	oidInvalidityDate  = asn1.ObjectIdentifier{2, 5, 29, 24}
)

// scanner reads the entries one after the other.
type scanner struct {
	crl  *CRL
	rest cryptobyte.String

	serial  []byte // content octets of the serial number
	date    cryptobyte.String
	details cryptobyte.String // content of crlEntryExtensions
	issuers []byte            // raw names of the last certificateIssuer; nil: the issuer of the CRL
}

func (c *CRL) scan() scanner { return scanner{crl: c, rest: c.entries} }

// next moves to the next entry; false at the end.
func (s *scanner) next() (bool, error) {
	if s.rest.Empty() {
		return false, nil
	}
	var body, serial, content cryptobyte.String
	if !read(&s.rest, &body, cbasn1.SEQUENCE) || !read(&body, &serial, cbasn1.INTEGER) ||
		len(serial) == 0 || len(serial) > maxSerialBytes {
		return false, errEntry
	}
	date := body
	if !read(&body, &content, cbasn1.UTCTime) && !read(&body, &content, cbasn1.GeneralizedTime) {
		return false, errEntry
	}
	s.serial, s.date, s.details = serial, date[:len(date)-len(body)], nil
	if body.Empty() {
		return true, nil
	}
	if !read(&body, &s.details, cbasn1.SEQUENCE) || !body.Empty() || s.crl.Version < 2 {
		return false, errEntry
	}
	return true, s.checkExtensions()
}

// read reads an element with the tag, as ReadASN1 does, and sooner when it is short:
// lists have millions of entries. With another tag in front s stays as it is.
func read(s, content *cryptobyte.String, tag cbasn1.Tag) bool {
	if b := *s; len(b) >= 2 && b[0] == byte(tag) && b[1] < 0x80 {
		end := 2 + int(b[1])
		if len(b) < end {
			return false
		}
		*content, *s = b[2:end], b[end:]
		return true
	}
	return s.ReadASN1(content, tag)
}

// checkExtensions takes over a certificateIssuer and refuses what is critical and
// not processed. Nothing is allocated for an entry that has nothing special.
func (s *scanner) checkExtensions() error {
	rest := s.details
	for n := 0; !rest.Empty(); n++ {
		var body, id, value cryptobyte.String
		critical := false
		if n == maxExtensions || !read(&rest, &body, cbasn1.SEQUENCE) || !read(&body, &id, cbasn1.OBJECT_IDENTIFIER) ||
			body.PeekASN1Tag(cbasn1.BOOLEAN) && !readBoolean(&body, &critical) ||
			!read(&body, &value, cbasn1.OCTET_STRING) || !body.Empty() {
			return errEntry
		}
		switch string(id) {
		case rawReasonCode, rawHoldInstruction, rawInvalidityDate:
		case rawCertificateIssuer:
			if s.crl.Scope == nil || !s.crl.Scope.Indirect {
				return fmt.Errorf("%w: another issuer in a CRL that is not indirect", errEntry)
			}
			s.issuers = value
		default:
			if critical {
				return fmt.Errorf("%w: %x", errEntryCritical, []byte(id))
			}
		}
	}
	return nil
}

// entry reads the present entry in full.
func (s *scanner) entry() (*Entry, error) {
	e := &Entry{SerialNumber: signedInteger(s.serial), Issuer: s.crl.Issuer}
	date, ok := s.date, false
	if e.RevokedAt, ok = readTime(&date); !ok {
		return nil, errEntry
	}
	extensions, ok := readExtensions(s.details, new(ber.Arcs))
	if !ok {
		return nil, errEntry
	}
	for _, x := range extensions {
		if !e.readExtension(x) {
			return nil, fmt.Errorf("%w: extension %v", errEntry, x.Id)
		}
	}
	if s.issuers != nil {
		names, ok := parseGeneralNames(s.issuers)
		if !ok || len(names.directory()) == 0 {
			return nil, fmt.Errorf("%w: certificateIssuer", errEntry)
		}
		e.Issuer = names.directory()[0]
	}
	return e, nil
}

func (e *Entry) readExtension(x pkix.Extension) bool {
	value := cryptobyte.String(x.Value)
	switch {
	case x.Id.Equal(oidReasonCode):
		reason, ok := readReason(&value)
		e.Reason = reason
		return ok && value.Empty()
	case x.Id.Equal(oidInvalidityDate):
		var ok bool
		e.InvalidityDate, ok = readTime(&value)
		return ok && value.Empty()
	}
	return true
}

// readReason reads a CRLReason. Numbers without a meaning are kept.
func readReason(s *cryptobyte.String) (Reason, bool) {
	var content cryptobyte.String
	if !s.ReadASN1(&content, cbasn1.ENUM) || len(content) != 1 || content[0] > 127 {
		return 0, false
	}
	return Reason(content[0]), true
}

// since is from when on the certificate counts as revoked: a hold that is lifted
// has no beginning, and an invalidity date lies before the revocation.
func (e *Entry) since() time.Time {
	if !e.InvalidityDate.IsZero() && e.InvalidityDate.Before(e.RevokedAt) {
		return e.InvalidityDate
	}
	return e.RevokedAt
}

// listed returns the entry as it counts in evidence that was issued at a time: what is
// said to be revoked is so by then, whatever later date stands beside it.
func (e *Entry) listed(at time.Time) *Entry {
	if e == nil || !e.RevokedAt.After(at) {
		return e
	}
	early := *e
	early.RevokedAt = at
	return &early
}

// Lookup returns the entry for the certificate with the given issuer and serial
// number, or nil when there is none. All entries are read over: one that is
// malformed or has a critical extension that is not processed is an error, for
// then the list says nothing about any certificate (RFC 5280, 5.3). Among several
// entries for the certificate the worst is returned.
func (c *CRL) Lookup(issuer certificate.Name, serial *big.Int) (*Entry, error) {
	if serial == nil {
		return nil, errors.New("revocation: no serial number given")
	}
	want := minimal(integerBytes(serial))
	if c.sound.Load() && !bytes.Contains(c.entries, want) {
		return nil, nil // all entries were read over before
	}
	own := issuer.Equal(c.Issuer)
	last, lastMatches := []byte(nil), own
	var found *Entry
	for s := c.scan(); ; {
		more, err := s.next()
		if err != nil {
			return nil, err
		}
		if !more {
			c.sound.Store(true)
			return found, nil
		}
		if !bytes.Equal(minimal(s.serial), want) {
			continue
		}
		if s.issuers != nil && !bytes.Equal(s.issuers, last) {
			names, ok := parseGeneralNames(s.issuers)
			if !ok {
				return nil, errEntry
			}
			last, lastMatches = s.issuers, names.hasName(issuer)
		}
		if s.issuers != nil && !lastMatches || s.issuers == nil && !own {
			continue
		}
		e, err := s.entry()
		if err != nil {
			return nil, err
		}
		e.Issuer = issuer
		if found == nil || worse(e, found) {
			found = e
		}
	}
}

// worse tells whether a says worse about a certificate than b does.
func worse(a, b *Entry) bool {
	rank := func(e *Entry) int {
		switch e.Reason {
		case RemoveFromCRL:
			return 0
		case CertificateHold:
			return 1
		}
		return 2
	}
	if rank(a) != rank(b) {
		return rank(a) > rank(b)
	}
	return a.since().Before(b.since())
}

// Entries reads the entries in their order. It ends after the first error.
func (c *CRL) Entries() iter.Seq2[*Entry, error] {
	return func(yield func(*Entry, error) bool) {
		for s := c.scan(); ; {
			more, err := s.next()
			if err == nil && !more {
				return
			}
			var e *Entry
			if err == nil {
				e, err = s.entry()
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}
