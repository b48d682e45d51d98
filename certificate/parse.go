package certificate

import (
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/ber"
)

// usualArcs is the room for the object identifiers of most certificates.
const usualArcs = 96

// Parse reads one certificate in DER. It accepts everything that has the
// structure of a certificate (RFC 5280, 4.1): an unknown or malformed public key,
// unknown algorithms, odd names and malformed extensions are reported in fields
// of the result, not as errors. The result refers to der, which must not be
// changed afterwards.
func Parse(der []byte) (*Certificate, error) {
	if len(der) > maxCertificateBytes {
		return nil, fmt.Errorf("certificate: %d bytes are more than the limit of %d", len(der), maxCertificateBytes)
	}
	c, room := &Certificate{MaxPathLength: -1}, make(ber.Arcs, 0, usualArcs)
	input := cryptobyte.String(der)
	var whole, outer cryptobyte.String
	if !input.ReadASN1Element(&whole, cbasn1.SEQUENCE) {
		return nil, errors.New("certificate: not a DER sequence")
	}
	if !input.Empty() {
		return nil, errors.New("certificate: bytes after the certificate")
	}
	c.Raw, c.fingerprint = whole, sha256.Sum256(whole)
	whole.ReadASN1(&outer, cbasn1.SEQUENCE)

	var tbs, algorithm cryptobyte.String
	if !outer.ReadASN1Element(&tbs, cbasn1.SEQUENCE) {
		return nil, errors.New("certificate: malformed TBSCertificate")
	}
	c.RawTBSCertificate = tbs
	if !outer.ReadASN1Element(&algorithm, cbasn1.SEQUENCE) {
		return nil, errors.New("certificate: malformed signature algorithm")
	}
	var err error
	if c.SignatureAlgorithm, err = parseAlgorithm(algorithm, &room); err != nil {
		return nil, err
	}
	var signature cryptobyte.String
	if !outer.ReadASN1(&signature, cbasn1.BIT_STRING) || len(signature) == 0 || signature[0] > 7 || !outer.Empty() {
		return nil, errors.New("certificate: malformed signature value")
	}
	if signature[0] != 0 {
		c.defect(nil, "the signature value is not made of whole octets")
	}
	c.Signature = signature[1:]
	if err := c.parseTBS(tbs, &room); err != nil {
		return nil, err
	}
	return c, nil
}

// FromX509 reads again what crypto/x509 has read.
func FromX509(c *x509.Certificate) (*Certificate, error) {
	if c == nil {
		return nil, errors.New("certificate: no certificate")
	}
	return Parse(c.Raw)
}

func (c *Certificate) parseTBS(element cryptobyte.String, room *ber.Arcs) error {
	var tbs, part cryptobyte.String
	element.ReadASN1(&tbs, cbasn1.SEQUENCE)
	var err error
	if c.Version, err = parseVersion(&tbs); err != nil {
		return err
	}
	if !tbs.ReadASN1(&part, cbasn1.INTEGER) || len(part) == 0 || len(part) > maxSerialBytes {
		return errors.New("certificate: malformed serial number")
	}
	c.SerialNumber = signedInteger(part)
	if !tbs.ReadASN1Element(&part, cbasn1.SEQUENCE) {
		return errors.New("certificate: malformed algorithm inside the signed part")
	}
	if inner, err := parseAlgorithm(part, room); err != nil || !algorithm.SameIdentifier(inner, c.SignatureAlgorithm) {
		c.defect(nil, "the signature algorithms inside and outside the signed part differ") // RFC 5280, 4.1.1.2
	}

	if c.RawIssuer, c.Issuer, err = readName(&tbs, room); err != nil {
		return fmt.Errorf("certificate: issuer: %w", err)
	}
	if err := c.parseValidity(&tbs); err != nil {
		return err
	}
	if c.RawSubject, c.Subject, err = readName(&tbs, room); err != nil {
		return fmt.Errorf("certificate: subject: %w", err)
	}
	c.selfIssued = sameName(c.RawIssuer, c.Issuer, c.RawSubject, c.Subject)
	if !tbs.ReadASN1Element(&part, cbasn1.SEQUENCE) {
		return errors.New("certificate: malformed public key")
	}
	c.RawSubjectPublicKeyInfo = part
	if err := c.parsePublicKey(part, room); err != nil {
		return err
	}
	// issuerUniqueID and subjectUniqueID are read over.
	if !tbs.SkipOptionalASN1(cbasn1.Tag(1).ContextSpecific()) ||
		!tbs.SkipOptionalASN1(cbasn1.Tag(2).ContextSpecific()) {
		return errors.New("certificate: malformed unique identifier")
	}
	var extensions cryptobyte.String
	var present bool
	if !tbs.ReadOptionalASN1(&extensions, &present, cbasn1.Tag(3).ContextSpecific().Constructed()) {
		return errors.New("certificate: malformed extensions")
	}
	if !tbs.Empty() {
		c.defect(nil, "something follows the last field of the signed part")
	}
	if !present {
		return nil
	}
	if c.Version < 3 {
		c.defect(nil, "only version 3 has extensions") // RFC 5280, 4.1.2.9
	}
	return c.parseExtensions(extensions, room)
}

func parseVersion(tbs *cryptobyte.String) (int, error) {
	var explicit cryptobyte.String
	var present bool
	if !tbs.ReadOptionalASN1(&explicit, &present, cbasn1.Tag(0).ContextSpecific().Constructed()) {
		return 0, errors.New("certificate: malformed version")
	}
	version := 0
	if present && (!explicit.ReadASN1Integer(&version) || !explicit.Empty()) {
		return 0, errors.New("certificate: malformed version")
	}
	if version < 0 || version > 2 {
		return 0, fmt.Errorf("certificate: version %d is not known", version)
	}
	return version + 1, nil
}

// signedInteger reads two's complement of any length, minimal or not.
func signedInteger(b []byte) *big.Int {
	n := new(big.Int).SetBytes(b)
	if b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(len(b))*8))
	}
	return n
}

func readName(s *cryptobyte.String, room *ber.Arcs) (raw []byte, name Name, err error) {
	var element cryptobyte.String
	if !s.ReadASN1Element(&element, cbasn1.SEQUENCE) {
		return nil, nil, errors.New("malformed name")
	}
	raw = element
	name, err = parseName(&element, room)
	return raw, name, err
}

func (c *Certificate) parseValidity(tbs *cryptobyte.String) error {
	var validity cryptobyte.String
	if !tbs.ReadASN1(&validity, cbasn1.SEQUENCE) {
		return errors.New("certificate: malformed validity")
	}
	var err error
	if c.NotBefore, err = readTime(&validity); err != nil {
		return err
	}
	if c.NotAfter, err = readTime(&validity); err != nil {
		return err
	}
	if !validity.Empty() {
		return errors.New("certificate: malformed validity")
	}
	return nil
}

// parseAlgorithm reads an AlgorithmIdentifier (RFC 5280, 4.1.1.2). The parameters
// stay raw; absent ones leave FullBytes empty.
func parseAlgorithm(element cryptobyte.String, room *ber.Arcs) (pkix.AlgorithmIdentifier, error) {
	var id pkix.AlgorithmIdentifier
	var body, parameters cryptobyte.String
	var tag cbasn1.Tag
	if !element.ReadASN1(&body, cbasn1.SEQUENCE) || !room.Read(&body, &id.Algorithm) {
		return id, errors.New("certificate: malformed algorithm identifier")
	}
	if body.Empty() {
		return id, nil
	}
	if !body.ReadAnyASN1Element(&parameters, &tag) || !body.Empty() {
		return id, errors.New("certificate: malformed algorithm parameters")
	}
	id.Parameters = rawValue(parameters, tag)
	return id, nil
}

// rawValue describes an element in the terms of encoding/asn1.
func rawValue(element cryptobyte.String, tag cbasn1.Tag) asn1.RawValue {
	value := asn1.RawValue{
		Class:      int(tag >> 6),
		Tag:        int(tag & 0x1f),
		IsCompound: tag&0x20 != 0,
		FullBytes:  element,
	}
	var content cryptobyte.String
	element.ReadAnyASN1(&content, &tag)
	value.Bytes = content
	return value
}
