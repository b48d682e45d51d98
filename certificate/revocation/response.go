package revocation

import (
	"bytes"
	"crypto/sha1" // responders are named by SHA-1 of their key (RFC 6960, 4.2.1)
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/ber"
)

// Response is a signed OCSP response (BasicOCSPResponse, RFC 6960, 4.2.1). It
// refers to the bytes that it was parsed from, is never changed afterwards, and may
// be shared between goroutines.
type Response struct {
	Raw []byte // as received: an OCSPResponse or a BasicOCSPResponse

	// ResponderName or ResponderKeyHash, the SHA-1 digest of its public key, names
	// the responder; the other is nil.
	ResponderName    certificate.Name
	ResponderKeyHash []byte
	ProducedAt       time.Time
	Responses        []SingleResponse
	Extensions       []pkix.Extension
	Nonce            []byte // content of the nonce (RFC 9654); nil when absent
	// Certificates are those that came with it and could be read.
	Certificates []*certificate.Certificate
	// Notes say what could not be read and was passed over.
	Notes []string

	signed  signed
	rawName []byte // of the responder
}

// SignatureAlgorithm returns the algorithm of the signature.
func (r *Response) SignatureAlgorithm() pkix.AlgorithmIdentifier { return r.signed.algorithm }

// ResponseError is an OCSPResponse that says why it answers nothing.
type ResponseError struct {
	Status int // OCSPResponseStatus (RFC 6960, 4.2.1)
}

// Error implements error.
func (e *ResponseError) Error() string {
	names := map[int]string{1: "malformed request", 2: "internal error", 3: "try later", 5: "signature required", 6: "unauthorized"}
	name := names[e.Status]
	if name == "" {
		name = fmt.Sprintf("status %d", e.Status)
	}
	return "revocation: OCSP responder: " + name
}

var (
	oidBasicResponse = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 1}
	oidNonce         = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 2}
	oidArchiveCutoff = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 6}
	oidExtendedRevoc = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 9}
)

// looksLikeOCSP tells an OCSPResponse (a sequence that begins with an enumerated)
// and a BasicOCSPResponse (one whose signed part begins with a tagged element) from
// a CRL.
func looksLikeOCSP(der []byte) bool {
	s := cryptobyte.String(der)
	var body, first cryptobyte.String
	if !s.ReadASN1(&body, cbasn1.SEQUENCE) {
		return false
	}
	if body.PeekASN1Tag(cbasn1.ENUM) {
		return true
	}
	return body.ReadASN1(&first, cbasn1.SEQUENCE) && len(first) > 0 && first[0]&0xc0 == 0x80
}

// ParseResponse reads an OCSPResponse or, as it stands inside signatures, a
// BasicOCSPResponse, in DER. A response without an answer is a [*ResponseError].
func ParseResponse(raw []byte) (*Response, error) {
	if len(raw) > maxOCSPBytes {
		return nil, fmt.Errorf("%w: OCSP response of %d bytes, more than %d", errLimit, len(raw), maxOCSPBytes)
	}
	r := &Response{Raw: raw}
	input := cryptobyte.String(raw)
	var element, body cryptobyte.String
	if !input.ReadASN1Element(&element, cbasn1.SEQUENCE) {
		return nil, errors.New("revocation: OCSP response is not a DER sequence")
	}
	if len(bytes.Trim(input, "\x00\r\n")) > 0 {
		return nil, errors.New("revocation: bytes after an OCSP response")
	}
	if len(input) > 0 {
		r.Notes = append(r.Notes, "padding after the OCSP response")
	}
	basic := element
	element.ReadASN1(&body, cbasn1.SEQUENCE)
	if body.PeekASN1Tag(cbasn1.ENUM) {
		var err error
		if basic, err = unwrap(body); err != nil {
			return nil, err
		}
	}
	if err := r.parseBasic(basic); err != nil {
		return nil, err
	}
	return r, nil
}

// unwrap returns the BasicOCSPResponse in the content of an OCSPResponse.
func unwrap(body cryptobyte.String) (cryptobyte.String, error) {
	status := 0
	if !body.ReadASN1Enum(&status) {
		return nil, errors.New("revocation: malformed status of an OCSP response")
	}
	if status != 0 {
		return nil, &ResponseError{Status: status}
	}
	var explicit, response, basic cryptobyte.String
	var kind asn1.ObjectIdentifier
	if !body.ReadASN1(&explicit, constructed) || !body.Empty() ||
		!explicit.ReadASN1(&response, cbasn1.SEQUENCE) || !explicit.Empty() ||
		!response.ReadASN1ObjectIdentifier(&kind) || !response.ReadASN1(&basic, cbasn1.OCTET_STRING) || !response.Empty() {
		return nil, errors.New("revocation: malformed OCSP response")
	}
	if !kind.Equal(oidBasicResponse) {
		return nil, fmt.Errorf("revocation: OCSP response of type %v is not supported", kind)
	}
	return basic, nil
}

func (r *Response) parseBasic(element cryptobyte.String) error {
	var body, tbs, certificates cryptobyte.String
	var present bool
	if !element.ReadASN1(&body, cbasn1.SEQUENCE) || !element.Empty() || !body.ReadASN1Element(&tbs, cbasn1.SEQUENCE) {
		return errors.New("revocation: malformed BasicOCSPResponse")
	}
	r.signed.message = tbs
	var ok bool
	var arcs ber.Arcs
	if r.signed.algorithm, ok = readAlgorithm(&body, &arcs); !ok {
		return errors.New("revocation: malformed signature algorithm of an OCSP response")
	}
	var signature asn1.BitString
	if !body.ReadASN1BitString(&signature) || signature.BitLength%8 != 0 ||
		!body.ReadOptionalASN1(&certificates, &present, constructed) || !body.Empty() {
		return errors.New("revocation: malformed end of an OCSP response")
	}
	r.signed.signature = signature.Bytes
	if err := r.parseData(tbs, &arcs); err != nil {
		return err
	}
	if !present {
		return nil
	}
	return r.parseCertificates(certificates)
}

func (r *Response) parseCertificates(explicit cryptobyte.String) error {
	var list cryptobyte.String
	if !explicit.ReadASN1(&list, cbasn1.SEQUENCE) || !explicit.Empty() {
		return errors.New("revocation: malformed certificates of an OCSP response")
	}
	for n := 0; !list.Empty(); n++ {
		var element cryptobyte.String
		var tag cbasn1.Tag
		if n == maxCertificates || !list.ReadAnyASN1Element(&element, &tag) {
			return errors.New("revocation: malformed certificates of an OCSP response, or too many of them")
		}
		c, err := certificate.Parse(element)
		if err != nil {
			r.Notes = append(r.Notes, "certificate in the OCSP response: "+err.Error())
			continue
		}
		r.Certificates = append(r.Certificates, c)
	}
	return nil
}

// parseData reads ResponseData.
func (r *Response) parseData(element cryptobyte.String, arcs *ber.Arcs) error {
	var data, version, responses, extensions cryptobyte.String
	var hasVersion, hasExtensions bool
	element.ReadASN1(&data, cbasn1.SEQUENCE)
	number := 0
	if !data.ReadOptionalASN1(&version, &hasVersion, constructed) ||
		hasVersion && (!version.ReadASN1Integer(&number) || number != 0) {
		return errors.New("revocation: version of an OCSP response is not 1")
	}
	if err := r.parseResponder(&data); err != nil {
		return err
	}
	var ok bool
	if r.ProducedAt, ok = readTime(&data); !ok {
		return errors.New("revocation: malformed producedAt of an OCSP response")
	}
	if !data.ReadASN1(&responses, cbasn1.SEQUENCE) ||
		!data.ReadOptionalASN1(&extensions, &hasExtensions, constructed|1) || !data.Empty() {
		return errors.New("revocation: malformed ResponseData")
	}
	for !responses.Empty() {
		if len(r.Responses) == maxResponses {
			return fmt.Errorf("%w: more than %d responses in one OCSP response", errLimit, maxResponses)
		}
		one, notes, ok := readSingle(&responses, arcs)
		if !ok {
			return errors.New("revocation: malformed SingleResponse")
		}
		r.Notes = append(r.Notes, notes...)
		r.Responses = append(r.Responses, one)
	}
	if hasExtensions && (!extensions.ReadASN1(&extensions, cbasn1.SEQUENCE) || !r.parseExtensions(extensions, arcs)) {
		return errors.New("revocation: malformed extensions of an OCSP response")
	}
	return nil
}

func (r *Response) parseResponder(data *cryptobyte.String) error {
	var name, key cryptobyte.String
	var byName, byKey bool
	if !data.ReadOptionalASN1(&name, &byName, constructed|1) || !data.ReadOptionalASN1(&key, &byKey, constructed|2) || byName == byKey {
		return errors.New("revocation: malformed responderID")
	}
	if byName {
		var err error
		if r.ResponderName, err = certificate.ParseName(name); err != nil {
			return fmt.Errorf("revocation: responderID: %w", err)
		}
		r.rawName = name
		return nil
	}
	var hash cryptobyte.String
	if !key.ReadASN1(&hash, cbasn1.OCTET_STRING) || !key.Empty() || len(hash) != sha1.Size {
		return errors.New("revocation: malformed responderID")
	}
	r.ResponderKeyHash = hash
	return nil
}

func (r *Response) parseExtensions(list cryptobyte.String, arcs *ber.Arcs) (ok bool) {
	if r.Extensions, ok = readExtensions(list, arcs); !ok {
		return false
	}
	for _, e := range r.Extensions {
		if !e.Id.Equal(oidNonce) {
			continue
		}
		// Old responders write the nonce without the OCTET STRING around it.
		value := cryptobyte.String(e.Value)
		var nonce cryptobyte.String
		if !value.ReadASN1(&nonce, cbasn1.OCTET_STRING) || !value.Empty() {
			nonce = e.Value
		}
		if len(nonce) > maxNonceBytes {
			return false
		}
		r.Nonce = nonce
	}
	return true
}

// isBy tells whether the responder named is the certificate.
func (r *Response) isBy(c *certificate.Certificate) bool {
	if r.ResponderName != nil {
		return r.ResponderName.Equal(c.Subject)
	}
	sum := sha1.Sum(c.PublicKeyInfo.Key)
	return bytes.Equal(r.ResponderKeyHash, sum[:])
}
