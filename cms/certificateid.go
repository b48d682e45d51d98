package cms

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"math/big"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/ber"
)

// certificateID is an ESSCertID (RFC 2634 §5.4.1) or ESSCertIDv2 (RFC 5035 §4).
type certificateID struct {
	v2     bool
	hash   Hash // 0 when not supported
	digest []byte
	issuer ber.Element // GeneralNames
	serial *big.Int    // nil without issuerSerial

	err error // why it could not be read; nothing else counts then
}

// certificateID returns what a signing-certificate attribute says of the signer; nil when there is none.
func (list Attributes) certificateID(oid asn1.ObjectIdentifier, v2 bool, arcs *ber.Arcs) *certificateID {
	if list.Find(oid) == nil {
		return nil
	}
	id, err := list.firstCertificateID(oid, v2, arcs)
	id.v2, id.err = v2, err
	return &id
}

// firstCertificateID returns the first identifier of a signing-certificate attribute, which is the signer's.
func (list Attributes) firstCertificateID(oid asn1.ObjectIdentifier, v2 bool, arcs *ber.Arcs) (certificateID, error) {
	e, ok := list.value(oid)
	if !ok || !e.IsSequence() {
		return certificateID{}, errors.New("not one sequence")
	}
	outer := e.Elements()
	ids, err := outer.Expect(ber.Universal, ber.TagSequence)
	if err != nil {
		return certificateID{}, err
	}
	var first certificateID
	count := 0
	for r := ids.Elements(); !r.Empty(); count++ {
		if count == maxCertificateIDs {
			return certificateID{}, errors.New("too many certificates")
		}
		item, err := r.Expect(ber.Universal, ber.TagSequence)
		if err != nil {
			return certificateID{}, err
		}
		id, err := parseCertificateID(item, v2, arcs)
		if err != nil {
			return certificateID{}, err
		}
		if count == 0 {
			first = id
		}
	}
	if count == 0 {
		return certificateID{}, errors.New("no certificate")
	}
	return first, nil
}

func parseCertificateID(e ber.Element, v2 bool, arcs *ber.Arcs) (id certificateID, err error) {
	id.hash = algorithm.SHA1
	r := e.Elements()
	if v2 {
		id.hash = algorithm.SHA256
		alg, present, err := r.Optional(ber.Universal, ber.TagSequence)
		if err != nil {
			return id, err
		}
		if present {
			a, err := parseAlgorithm(alg, arcs)
			if err != nil {
				return id, err
			}
			id.hash, _ = algorithm.ParseHash(a)
		}
	}
	digest, err := r.Expect(ber.Universal, ber.TagOctetString)
	if err != nil {
		return id, err
	}
	if id.digest, err = digest.OctetString(); err != nil {
		return id, err
	}
	issuerSerial, present, err := r.Optional(ber.Universal, ber.TagSequence)
	if err != nil {
		return id, err
	}
	if !r.Empty() {
		return id, errors.New("bytes after a certificate identifier")
	}
	if present {
		err = id.parseIssuerSerial(issuerSerial)
	}
	return id, err
}

func (id *certificateID) parseIssuerSerial(e ber.Element) error {
	r := e.Elements()
	names, err := r.Expect(ber.Universal, ber.TagSequence)
	if err != nil {
		return err
	}
	serial, err := r.Expect(ber.Universal, ber.TagInteger)
	if err != nil {
		return err
	}
	id.issuer = names
	id.serial, err = serial.BigInt()
	return err
}

// hasDigestOf tells whether the digest is that of the whole certificate.
func (id *certificateID) hasDigestOf(c *certificate.Certificate) bool {
	if id.hash == 0 || !id.hash.Available() {
		return false
	}
	if id.hash == algorithm.SHA256 {
		sum := c.Fingerprint()
		return bytes.Equal(sum[:], id.digest)
	}
	return bytes.Equal(id.hash.Sum(c.Raw), id.digest)
}

// hasIssuerAndSerialOf tells whether the issuerSerial, if there is one, is that of the certificate.
func (id *certificateID) hasIssuerAndSerialOf(c *certificate.Certificate) bool {
	if id.serial == nil {
		return true
	}
	if id.serial.Cmp(c.SerialNumber) != 0 {
		return false
	}
	for r := id.issuer.Elements(); !r.Empty(); {
		name, err := r.Next()
		if err != nil {
			return false
		}
		if !name.Is(ber.ContextSpecific, 4) { // directoryName, EXPLICIT since Name is a CHOICE
			continue
		}
		if namesIssuer(name.Content, c) {
			return true
		}
	}
	return false
}

// bindsTo tells whether a signing-certificate attribute names c by its digest.
func (si *SignerInfo) bindsTo(c *certificate.Certificate) bool {
	for _, id := range []*certificateID{si.certificateIDv2, si.certificateID} {
		if id != nil && id.err == nil && id.hasDigestOf(c) {
			return true
		}
	}
	return false
}
