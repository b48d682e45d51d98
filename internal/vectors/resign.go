package vectors

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/verify"
	"golang.org/x/crypto/cryptobyte"
)

// resign signs the file of p again with an envelope of its own: the ranges are
// those that the file states, the CMS object takes the place of the old one.
// subFilter, if not empty, replaces the value of /SubFilter.
func (m *Maker) resign(p placed, subFilter string, change func(e *envelope, signed []byte)) ([]byte, error) {
	id, err := m.Identity(testpki.RSA2048)
	if err != nil {
		return nil, err
	}
	out := bytes.Clone(p.data)
	if subFilter != "" {
		at := testpdf.MustIndex(out, "/SubFilter", 0)
		end := at + len("/SubFilter") + 1 + bytes.IndexAny(out[at+len("/SubFilter")+1:], "/ \n>")
		copy(out[at:end], fmt.Sprintf("%-*s", end-at, "/SubFilter/"+subFilter))
	}
	signed := append(bytes.Clone(out[:p.from]), out[p.to:p.end]...)
	digest := sha256.Sum256(signed)
	e := &envelope{signer: id, digest: digest[:]}
	if change != nil {
		change(e, signed)
	}
	contents, err := e.bytes()
	if err != nil {
		return nil, err
	}
	text := hex.EncodeToString(contents)
	room := p.to - p.from - 2
	if len(text) > room {
		return nil, fmt.Errorf("vectors: a CMS object of %d bytes does not fit into the gap", len(contents))
	}
	copy(out[p.from+1:], text+strings.Repeat("0", room-len(text)))
	return out, nil
}

type envelopeCase struct {
	name, source string
	subFilter    string
	expect       Expect
	change       func(e *envelope, signed []byte)
}

const detached = "adbe.pkcs7.detached"

// envelopes are signatures whose CMS object is unusual or wrong (attacks.md §9).
func envelopes() []*Vector {
	var all []*Vector
	for _, c := range envelopeCases() {
		all = append(all, &Vector{File: "cms-" + c.name + ".pdf", Source: "a signed contract whose CMS object " + c.source, Expect: c.expect,
			build: func(m *Maker) ([]byte, error) {
				data, err := signedContract(testpdf.Table)(m)
				if err != nil {
					return nil, err
				}
				return m.resign(place(data), c.subFilter, c.change)
			}})
	}
	return append(all, &Vector{File: "cms-content-is-attributes.pdf",
		Source: "a signed contract without signed attributes whose signed bytes read as a SET OF Attribute", Expect: failed(Signature{
			Crypto: verify.CryptoInvalid, Structure: verify.StructureSound, Coverage: verify.CoverageFile, Changes: verify.ChangesNone, Indication: verify.TotalFailed}),
		build: contentIsAttributes})
}

// contentIsAttributes puts the head of one signed attribute in front of the
// header, so that the ByteRange bytes are a DER SET OF Attribute: what was
// signed as attributes could be shown as content, and the other way round.
func contentIsAttributes(m *Maker) ([]byte, error) {
	head := func(total int) []byte { // "31 82 .. 30 82 .. 06 .. 31 82 .. 04 82 .." in front of the rest
		id := der(func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidData) })
		length := func(tag byte, n int) []byte { return []byte{tag, 0x82, byte(n >> 8), byte(n)} }
		out := length(0x31, total-4)
		out = append(append(out, length(0x30, total-8)...), id...)
		out = append(out, length(0x31, total-len(out)-4)...)
		return append(out, length(0x04, total-len(out)-4)...)
	}
	data, err := m.Sign(append(head(0x1000), testpdf.Contract(1, testpdf.Table).Bytes()...), testpki.RSA2048, cms.Algorithm{}, nil)
	if err != nil {
		return nil, err
	}
	p := place(data)
	copy(data, head(p.end-(p.to-p.from)))
	return m.resign(p, detached, func(e *envelope, _ []byte) { e.noAttributes = true })
}

func envelopeCases() []envelopeCase {
	bad := func(sub verify.SubIndication, i verify.Indication, c verify.Crypto, open ...string) Expect {
		s := passed
		s.Crypto, s.Indication, s.SubIndication, s.Any = c, i, sub, open
		return Expect{Indication: i, Signatures: []Signature{s}}
	}
	invalid := func(sub verify.SubIndication) Expect {
		return bad(sub, verify.TotalFailed, verify.CryptoInvalid)
	}
	intact := func(e Expect) Expect {
		e.Intact = true
		return e
	}
	return []envelopeCase{
		{"plain", "was written by hand", "", allPassed(passed), nil},
		{"indefinite-length", "uses indefinite lengths", "", allPassed(passed), func(e *envelope, _ []byte) { e.indefinite = true }},
		{"subject-key-id", "names its signer by key identifier", "", allPassed(passed), func(e *envelope, _ []byte) { e.bySubjectKeyID = true }},
		{"unsorted-attributes", "has signed attributes out of DER order", "", allPassed(passed), func(e *envelope, _ []byte) { e.unsorted = true }},
		{"unknown-certificate-choice", "holds a certificate of a kind that nobody knows", "", allPassed(passed),
			func(e *envelope, _ []byte) { e.otherCertificate = tlv(0xa3, tlv(0x06, []byte{42, 3})) }},
		{"no-attributes", "has no signed attributes", detached, allPassed(passed), func(e *envelope, _ []byte) { e.noAttributes = true }},
		{"broken-signature", "has a wrong signature value", "", invalid(verify.SigCryptoFailure), func(e *envelope, _ []byte) { e.breakSignature = true }},
		{"wrong-digest", "names another digest", "", invalid(verify.HashFailure), func(e *envelope, _ []byte) { e.messageDigests = [][]byte{make([]byte, 32)} }},
		{"two-digests", "has two values in message-digest", "", bad("", verify.TotalFailed, verify.CryptoInvalid),
			func(e *envelope, _ []byte) { e.messageDigests = [][]byte{e.digest, make([]byte, 32)} }},
		{"repeated-digest", "has message-digest twice", "", bad("", verify.TotalFailed, verify.CryptoInvalid), func(e *envelope, _ []byte) { e.repeatAttribute = true }},
		{"no-digest", "has an empty message-digest", "", bad("", verify.TotalFailed, verify.CryptoInvalid), func(e *envelope, _ []byte) { e.messageDigests = [][]byte{} }},
		{"content-type", "claims another content type", "", bad("", verify.TotalFailed, verify.CryptoInvalid), func(e *envelope, _ []byte) { e.contentType = oidSignedData }},
		{"stripped", "had signed attributes that were left out", detached, bad("", verify.TotalFailed, verify.CryptoInvalid), func(e *envelope, _ []byte) { e.strip = true }},
		{"digest-algorithm", "signs with another hash function than it digests with", "", bad("", verify.TotalFailed, verify.CryptoInvalid),
			func(e *envelope, _ []byte) { e.digestAlgorithm = oidSHA384 }},
		{"signature-algorithm", "names a signature algorithm with another hash function", "", bad("", verify.TotalFailed, verify.CryptoInvalid),
			func(e *envelope, _ []byte) { e.signature = oidRSASHA384 }},
		{"encapsulated-content", "encapsulates content", "", bad("", verify.TotalFailed, verify.CryptoInvalid),
			func(e *envelope, _ []byte) { e.content = []byte("something else") }},
		{"two-signers", "has two SignerInfos", "", bad("", verify.TotalFailed, verify.CryptoInvalid), func(e *envelope, _ []byte) { e.signers = 2 }},
		{"no-certificates", "holds no certificate", "", bad(verify.NoSigningCertificateFound, verify.Indeterminate, verify.CryptoUnsupported),
			func(e *envelope, _ []byte) { e.noCertificates = true }},
		{"no-signing-certificate", "has no signing-certificate attribute", "", intact(bad(verify.SigConstraintsFailure, verify.Indeterminate, verify.CryptoValid)),
			func(e *envelope, _ []byte) { e.dropSigningCert = true }},
	}
}

// uncovered are signed files with bytes that no signature covers.
func uncovered() []*Vector {
	base := signedContract(testpdf.Table)
	eol := earlier
	eol.Changes = verify.ChangesNone
	eol.Any = []string{"changes"}
	tail := eol
	tail.Changes, tail.Indication, tail.SubIndication = verify.ChangesUnknown, verify.Indeterminate, verify.SigConstraintsFailure
	tail.Any = []string{"structure", "changes"}
	unread := Expect{Indication: verify.Indeterminate, Signatures: []Signature{tail}}
	inside := violated
	inside.Any = []string{"crypto", "changes"}
	hash := passed
	hash.Crypto, hash.Indication, hash.SubIndication = verify.CryptoInvalid, verify.TotalFailed, verify.HashFailure
	return []*Vector{
		mutant("coverage-eol-added.pdf", "a signed contract with one end-of-line appended", Expect{Indication: verify.TotalPassed, Intact: true, Signatures: []Signature{eol}}, base,
			func(p placed) []byte { return append(bytes.Clone(p.data), '\n') }),
		mutant("coverage-bytes-added.pdf", "a signed contract with text appended", unread, base,
			func(p placed) []byte { return append(bytes.Clone(p.data), "more, with nothing that explains it\n"...) }),
		mutant("coverage-byte-changed.pdf", "a signed contract with one byte of the page changed", failed(hash), base, func(p placed) []byte {
			out := bytes.Clone(p.data)
			out[testpdf.MustIndex(out, "100 yen", 0)] = '9'
			return out
		}),
		mutant("coverage-letter-case.pdf", "a signed contract with the digits of Contents in capital letters", allPassed(passed), base, func(p placed) []byte {
			out := bytes.Clone(p.data)
			copy(out[p.from:p.to], bytes.ToUpper(out[p.from:p.to]))
			return out
		}),
		mutant("coverage-truncated-range.pdf", "a signed contract whose ranges end before the trailer", failed(inside), base, func(p placed) []byte {
			return p.overwrite(p.rangeAt, p.rangeEnd, fmt.Sprintf("/ByteRange[0 %d %d %d]", p.from, p.to, p.end-p.to-40))
		}),
	}
}
