package cms

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/ber"
)

// SignedData is a parsed SignedData (RFC 5652 §5.1). It refers to the bytes given to Parse, which must not be changed
// afterwards; it is never changed itself and may be shared between goroutines.
type SignedData struct {
	Raw              []byte // the whole ContentInfo as received
	Version          int
	DigestAlgorithms []pkix.AlgorithmIdentifier
	ContentType      asn1.ObjectIdentifier
	Content          []byte // the encapsulated content octets, joined when they were sent in segments
	HasContent       bool   // content is encapsulated, be it empty; false for a detached signature
	Certificates     []CertificateChoice
	Revocations      []RevocationInfoChoice
	SignerInfos      []*SignerInfo

	contentType []byte // the content octets of ContentType
}

// Parse reads one ContentInfo that holds a SignedData, in BER or DER, from the start of b. rest is what follows it:
// zeros in the /Contents of a PDF. Errors wrap ErrMalformed or ErrLimit.
func Parse(b []byte) (sd *SignedData, rest []byte, err error) { return ParseWith(nil, b) }

// ParseWith is Parse that has the certificates read by a parser, which may know them from elsewhere.
func ParseWith(certificates *certificate.Parser, b []byte) (sd *SignedData, rest []byte, err error) {
	if len(b) > maxSize {
		return nil, nil, fail(ErrLimit, "%d bytes are more than %d", len(b), maxSize)
	}
	info, rest, err := ber.Read(b)
	if err != nil {
		return nil, nil, malformed("ContentInfo", err)
	}
	if !info.IsSequence() {
		return nil, nil, malformed("ContentInfo is no SEQUENCE", nil)
	}
	r := info.Elements()
	id, err := r.Expect(ber.Universal, ber.TagObjectIdentifier)
	if err != nil {
		return nil, nil, malformed("contentType", err)
	}
	p := &parser{certificates: certificates, arcs: make(ber.Arcs, 0, usualArcs)}
	oid, err := id.ObjectIdentifierIn(&p.arcs)
	if err != nil {
		return nil, nil, malformed("contentType", err)
	}
	if !oid.Equal(OIDSignedData) {
		return nil, nil, malformed("contentType is "+oid.String()+", not id-signedData", nil)
	}
	outer, err := r.Expect(ber.ContextSpecific, 0)
	if err != nil || !r.Empty() {
		return nil, nil, malformed("ContentInfo", err)
	}
	inner := outer.Elements()
	body, err := inner.Expect(ber.Universal, ber.TagSequence)
	if err != nil || !inner.Empty() {
		return nil, nil, malformed("SignedData", err)
	}
	sd = &SignedData{Raw: info.Raw}
	if err := p.signedData(sd, body.Elements()); err != nil {
		return nil, nil, err
	}
	return sd, rest, nil
}

// usualArcs is the room for the object identifiers of most values of SignedData.
const usualArcs = 80

// parser is what reading one SignedData shares.
type parser struct {
	certificates *certificate.Parser
	arcs         ber.Arcs
}

func (p *parser) signedData(sd *SignedData, r ber.Reader) error {
	version, err := r.Expect(ber.Universal, ber.TagInteger)
	if err != nil {
		return malformed("version", err)
	}
	if sd.Version, err = version.Int(); err != nil {
		return malformed("version", err)
	}
	digests, err := r.Expect(ber.Universal, ber.TagSet)
	if err != nil {
		return malformed("digestAlgorithms", err)
	}
	if sd.DigestAlgorithms, err = p.algorithms(digests); err != nil {
		return err
	}
	content, err := r.Expect(ber.Universal, ber.TagSequence)
	if err != nil {
		return malformed("encapContentInfo", err)
	}
	if err := p.content(sd, content); err != nil {
		return err
	}
	certificates, present, err := r.Optional(ber.ContextSpecific, 0)
	if err != nil {
		return malformed("certificates", err)
	}
	if present {
		if sd.Certificates, err = p.choices(certificates); err != nil {
			return err
		}
	}
	revocations, present, err := r.Optional(ber.ContextSpecific, 1)
	if err != nil {
		return malformed("crls", err)
	}
	if present {
		if sd.Revocations, err = parseRevocations(revocations); err != nil {
			return err
		}
	}
	signers, err := r.Expect(ber.Universal, ber.TagSet)
	if err != nil || !r.Empty() {
		return malformed("signerInfos", err)
	}
	return p.signers(sd, signers)
}

func (p *parser) signers(sd *SignedData, set ber.Element) error {
	for r := set.Elements(); !r.Empty(); {
		e, err := r.Expect(ber.Universal, ber.TagSequence)
		if err != nil {
			return malformed("SignerInfo", err)
		}
		if len(sd.SignerInfos) == maxSignerInfos {
			return fail(ErrLimit, "more than %d signers", maxSignerInfos)
		}
		si, err := p.signerInfo(e)
		if err != nil {
			return err
		}
		si.data = sd
		sd.SignerInfos = append(sd.SignerInfos, si)
	}
	return nil
}

// content reads the EncapsulatedContentInfo. Content that is no OCTET STRING, as PKCS #7 allowed, counts without
// its tag and length (RFC 5652 §5.2.1).
func (p *parser) content(sd *SignedData, e ber.Element) error {
	r := e.Elements()
	id, err := r.Expect(ber.Universal, ber.TagObjectIdentifier)
	if err != nil {
		return malformed("eContentType", err)
	}
	if sd.ContentType, err = id.ObjectIdentifierIn(&p.arcs); err != nil {
		return malformed("eContentType", err)
	}
	sd.contentType = id.Content
	outer, present, err := r.Optional(ber.ContextSpecific, 0)
	if err != nil || !r.Empty() {
		return malformed("eContent", err)
	}
	if !present {
		return nil
	}
	inner := outer.Elements()
	value, err := inner.Next()
	if err != nil || !inner.Empty() {
		return malformed("eContent", err)
	}
	sd.HasContent, sd.Content = true, value.Content
	if value.Is(ber.Universal, ber.TagOctetString) {
		if sd.Content, err = value.OctetString(); err != nil {
			return malformed("eContent", err)
		}
	}
	return nil
}

// ContentDigest returns the digest of the encapsulated content under h.
func (sd *SignedData) ContentDigest(h Hash) ([]byte, error) {
	if !sd.HasContent {
		return nil, errors.New("cms: no encapsulated content to digest; the signature is detached")
	}
	if !h.Available() {
		return nil, fail(ErrUnsupported, "hash function %d", h)
	}
	return h.Sum(sd.Content), nil
}

// X509Certificates returns the certificates that could be read, in their order.
func (sd *SignedData) X509Certificates() []*certificate.Certificate {
	list := make([]*certificate.Certificate, 0, len(sd.Certificates))
	for i := range sd.Certificates {
		if c := sd.Certificates[i].Certificate; c != nil {
			list = append(list, c)
		}
	}
	return list
}

func (p *parser) algorithms(set ber.Element) ([]pkix.AlgorithmIdentifier, error) {
	var list []pkix.AlgorithmIdentifier
	for r := set.Elements(); !r.Empty(); {
		e, err := r.Next()
		if err != nil {
			return nil, malformed("digestAlgorithms", err)
		}
		if len(list) == maxDigests {
			return nil, fail(ErrLimit, "more than %d digest algorithms", maxDigests)
		}
		id, err := parseAlgorithm(e, &p.arcs)
		if err != nil {
			return nil, err
		}
		list = append(list, id)
	}
	return list, nil
}

// parseAlgorithm reads an AlgorithmIdentifier; the parameters stay as received, or as DER if they were not.
func parseAlgorithm(e ber.Element, arcs *ber.Arcs) (pkix.AlgorithmIdentifier, error) {
	var id pkix.AlgorithmIdentifier
	if !e.IsSequence() {
		return id, malformed("AlgorithmIdentifier", nil)
	}
	r := e.Elements()
	oid, err := r.Expect(ber.Universal, ber.TagObjectIdentifier)
	if err != nil {
		return id, malformed("AlgorithmIdentifier", err)
	}
	if id.Algorithm, err = readOID(oid, arcs); err != nil {
		return id, malformed("AlgorithmIdentifier", err)
	}
	if r.Empty() {
		return id, nil
	}
	p, err := r.Next()
	if err != nil || !r.Empty() {
		return id, malformed("parameters of an algorithm", err)
	}
	raw := p.Raw
	if ok, err := ber.HasDERLengths(raw); err != nil {
		return id, malformed("parameters of an algorithm", err)
	} else if !ok {
		if raw, err = ber.ToDER(raw); err != nil {
			return id, malformed("parameters of an algorithm", err)
		}
		if p, _, err = ber.Read(raw); err != nil {
			return id, malformed("parameters of an algorithm", err)
		}
	}
	id.Parameters = asn1.RawValue{Class: p.Class, Tag: p.Tag, IsCompound: p.Constructed, Bytes: p.Content, FullBytes: raw}
	return id, nil
}

// readOID reads an identifier that need not be known: one with arcs beyond 31 bits comes back as nil.
func readOID(e ber.Element, arcs *ber.Arcs) (asn1.ObjectIdentifier, error) {
	oid, err := e.ObjectIdentifierIn(arcs)
	if errors.Is(err, ber.ErrLimit) {
		return nil, nil
	}
	return oid, err
}

// malformed returns an error about a part of the structure; a limit of the reader stays a limit.
func malformed(part string, err error) error {
	switch {
	case err == nil:
		return fail(ErrMalformed, "%s", part)
	case errors.Is(err, ber.ErrLimit):
		return fail(ErrLimit, "%s: %w", part, err)
	}
	return fail(ErrMalformed, "%s: %w", part, err)
}

// hashOf returns the hash function of a digestAlgorithm. asSignature says that the identifier names a signature
// algorithm instead, which some producers wrote and RFC 8933 §4 forbids.
func hashOf(id pkix.AlgorithmIdentifier) (h Hash, asSignature bool, err error) {
	if h, err := algorithm.ParseHash(id); err == nil {
		return h, false, nil
	}
	if s, err := algorithm.ParseSignature(id); err == nil && s.Hash != 0 {
		return s.Hash, true, nil
	}
	return 0, false, fail(ErrUnsupported, "digest algorithm %v", id.Algorithm)
}
