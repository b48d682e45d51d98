package report

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/inkan-go/inkan/internal/redact"
	"github.com/inkan-go/inkan/verify"
)

// Names of ETSI TS 119 102-2 V1.4.1, and those that EU DSS uses where it has none: of
// messages, and for a file without a signature.
const (
	namespaceReport    = "http://uri.etsi.org/19102/v1.4.1#"
	namespaceSignature = "http://www.w3.org/2000/09/xmldsig#"
	namespaceXAdES     = "http://uri.etsi.org/01903/v1.3.2#"

	urnMain         = "urn:etsi:019102:mainindication:"
	urnSub          = "urn:etsi:019102:subindication:"
	urnObject       = "urn:etsi:019102:validationObject:"
	urnProof        = "urn:etsi:019102:poetype:validation"
	urnProcess      = "urn:etsi:019102:validationprocess:LTA"
	urnMessage      = "urn:cef:dss:message:"
	urnNoSignature  = "urn:cef:dss:mainindication:noSignatureFound"
	typeCertificate = "certificate"
	typeTimestamp   = "timestamp"
	typeFile        = "signedData"
)

// xmlWriter writes one ValidationReport (ETSI TS 119 102-2, 4.2): a
// SignatureValidationReport for every signature, and at the end the certificates, time
// stamps and files that they refer to, which alone are kept until then.
type xmlWriter struct {
	*printer
	out     io.Writer
	encoder *xml.Encoder
	begun   bool
	files   int
	known   map[string]bool
	objects []xmlObject
}

func newXMLWriter(w io.Writer, o Options) *xmlWriter {
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	return &xmlWriter{printer: newPrinter(o), out: w, encoder: e, known: make(map[string]bool)}
}

func rootName() xml.Name { return xml.Name{Local: "ValidationReport"} }

func (w *xmlWriter) begin() error {
	if w.begun {
		return nil
	}
	w.begun = true
	if _, err := io.WriteString(w.out, xml.Header); err != nil {
		return err
	}
	attribute := func(name, value string) xml.Attr { return xml.Attr{Name: xml.Name{Local: name}, Value: value} }
	return w.encoder.EncodeToken(xml.StartElement{Name: rootName(), Attr: []xml.Attr{
		attribute("xmlns", namespaceReport), attribute("xmlns:ds", namespaceSignature), attribute("xmlns:XAdES", namespaceXAdES),
	}})
}

func (w *xmlWriter) Write(r *verify.Report) error {
	if err := w.begin(); err != nil {
		return err
	}
	w.files++
	file := fmt.Sprintf("F-%d", w.files)
	w.addObject(xmlObject{ID: file, Type: urnObject + typeFile, Representation: xmlRepresentation{URI: (&url.URL{Path: r.File}).String()}})
	written := 0
	for i, s := range r.Signatures {
		id := fmt.Sprintf("S-%d-%d", w.files, i+1)
		part := w.signature(r, s, file, id)
		if t := documentStamp(s); t != nil {
			w.addTimestamp(*t, part)
			continue
		}
		written++
		if err := w.encoder.Encode(part); err != nil {
			return err
		}
	}
	if written == 0 {
		if err := w.encoder.Encode(w.unsigned(r, file)); err != nil {
			return err
		}
	}
	return w.encoder.Flush()
}

// Close writes what the reports refer to.
func (w *xmlWriter) Close() error {
	if err := w.begin(); err != nil {
		return err
	}
	if len(w.objects) > 0 {
		if err := w.encoder.Encode(struct {
			XMLName xml.Name    `xml:"SignatureValidationObjects"`
			Objects []xmlObject `xml:"ValidationObject"`
		}{Objects: w.objects}); err != nil {
			return err
		}
	}
	if err := w.encoder.EncodeToken(xml.EndElement{Name: rootName()}); err != nil {
		return err
	}
	if err := w.encoder.Flush(); err != nil {
		return err
	}
	_, err := io.WriteString(w.out, "\n")
	return err
}

// addObject keeps an object that was not met before.
func (w *xmlWriter) addObject(o xmlObject) {
	if !w.known[o.ID] {
		w.known[o.ID] = true
		w.objects = append(w.objects, o)
	}
}

// addCertificate keeps a certificate, and returns the reference to it.
func (w *xmlWriter) addCertificate(sha256 string) *xmlReference {
	if sha256 == "" {
		return nil
	}
	id := "C-" + sha256
	w.addObject(xmlObject{ID: id, Type: urnObject + typeCertificate, Representation: xmlRepresentation{Digest: newDigest("SHA-256", sha256)}})
	return &xmlReference{id}
}

// addTimestamp keeps a time stamp with how it was judged, and returns the reference
// to it.
func (w *xmlWriter) addTimestamp(t verify.Timestamp, judged *xmlSignature) *xmlReference {
	if t.SHA256 == "" {
		return nil
	}
	id := "T-" + t.SHA256
	if judged == nil {
		judged = &xmlSignature{Status: xmlStatus{Main: timestampIndication(t.Indication), Sub: subIndication(t.SubIndication)}}
		if c := w.addCertificate(t.TSASHA256); c != nil {
			judged.Signer = &xmlSigner{Certificate: *c, Name: t.TSA}
		}
	}
	judged.XMLName = xml.Name{}
	w.addObject(xmlObject{ID: id, Type: urnObject + typeTimestamp, Representation: xmlRepresentation{Digest: newDigest("SHA-256", t.SHA256)},
		Proof: &xmlProof{Time: t.Time.String(), Type: urnProof}, Report: judged})
	return &xmlReference{id}
}

// unsigned reports a file in which no signature was found, or that was not readable.
func (w *xmlWriter) unsigned(r *verify.Report, file string) *xmlSignature {
	s := &xmlSignature{
		XMLName: xml.Name{Local: "SignatureValidationReport"}, Document: &xmlDocument{Representation: &xmlReference{file}},
		Status: xmlStatus{Main: urnNoSignature},
	}
	findings := r.Findings
	if r.Error != "" {
		s.Status.Main = urnMain + "indeterminate"
		findings = []verify.Finding{{Severity: verify.SeverityError, Text: r.Error, Offset: -1}}
	}
	if data := w.messages(findings); data != nil {
		s.Status.Data = &xmlData{Additional: data}
	}
	return s
}

// signature reports one signature.
func (w *xmlWriter) signature(r *verify.Report, s *verify.Signature, file, id string) *xmlSignature {
	part := &xmlSignature{
		XMLName:    xml.Name{Local: "SignatureValidationReport"},
		Identifier: &xmlIdentifier{ID: id, Field: s.Field},
		Policy:     &xmlPolicy{Name: r.Policy},
		Times: &xmlTimes{Validation: r.ValidationTime.UTC().Format("2006-01-02T15:04:05Z"),
			Best: xmlProof{Time: cmp.Or(s.BestTime.String(), r.ValidationTime.UTC().Format("2006-01-02T15:04:05Z")), Type: urnProof}},
		Attributes: w.attributes(r, s), Process: urnProcess,
		Document: &xmlDocument{Representation: &xmlReference{file}},
		Status:   xmlStatus{Main: urnMain + strings.ToLower(s.Indication.String()), Sub: subIndication(s.SubIndication)},
	}
	if s.Kind == verify.KindTimestamp {
		part.Status.Main = timestampIndication(s.Indication)
	}
	if d := newDigest(s.Digest, s.DocumentDigest); d != nil {
		part.Document.Digest = d
	}
	if !s.BestTime.IsZero() {
		part.Times.Best.Object = w.proving(r, s)
	}
	if s.Signer != nil {
		if c := w.addCertificate(s.Signer.SHA256); c != nil {
			part.Signer = &xmlSigner{Certificate: *c, Name: s.Signer.Subject}
		}
	}
	part.Status.Data = w.data(r, s)
	return part
}

// proving is the time stamp whose time is the proven one.
func (w *xmlWriter) proving(r *verify.Report, s *verify.Signature) *xmlReference {
	for _, t := range s.Timestamps {
		if t.Indication == verify.TotalPassed && t.Time.Equal(s.BestTime.Time) {
			return w.addTimestamp(t, nil)
		}
	}
	for _, other := range r.Signatures {
		if t := documentStamp(other); t != nil && t.Time.Equal(s.BestTime.Time) {
			return &xmlReference{"T-" + t.SHA256}
		}
	}
	return nil
}

// documentStamp returns the token of a document time stamp, which is reported among
// the objects; nil where there is none that could be read.
func documentStamp(s *verify.Signature) *verify.Timestamp {
	if s.Kind != verify.KindTimestamp || len(s.Timestamps) == 0 || s.Timestamps[0].SHA256 == "" {
		return nil
	}
	return &s.Timestamps[0]
}

// attributes are those that the signature brings with it.
func (w *xmlWriter) attributes(r *verify.Report, s *verify.Signature) *xmlAttributes {
	var list []xmlAttribute
	add := func(name string, a xmlAttribute) {
		a.XMLName = xml.Name{Local: name}
		list = append(list, a)
	}
	signed := true
	if !s.ClaimedTime.IsZero() {
		add("SigningTime", xmlAttribute{Signed: &signed, Time: s.ClaimedTime.String()})
	}
	if s.Location != "" {
		add("SignatureProductionPlace", xmlAttribute{Signed: &signed, Address: s.Location})
	}
	stamp := func(name string, signed bool, t verify.Timestamp) {
		if !t.Time.IsZero() {
			add(name, xmlAttribute{Signed: &signed, Object: w.addTimestamp(t, nil), Stamped: t.Time.String()})
		}
	}
	for _, t := range s.Timestamps {
		switch t.Kind {
		case "content":
			stamp("AllDataObjectsTimeStamp", true, t)
		case "signature":
			stamp("SignatureTimeStamp", false, t)
		}
	}
	for _, other := range r.Signatures {
		if t := documentStamp(other); t != nil && other.Revision > s.Revision && s.Kind != verify.KindTimestamp {
			unsigned := false
			add("DocTimeStamp", xmlAttribute{Signed: &unsigned, Object: &xmlReference{"T-" + t.SHA256}, Stamped: t.Time.String()})
		}
	}
	for _, a := range []struct {
		name  string
		value string
		a     xmlAttribute
	}{
		{"Reason", s.Reason, xmlAttribute{Signed: &signed, Reason: s.Reason}},
		{"Name", s.Name, xmlAttribute{Signed: &signed, Name: s.Name}},
		{"ContactInfo", s.Contact, xmlAttribute{Signed: &signed, Contact: s.Contact}},
		{"SubFilter", s.SubFilter, xmlAttribute{Signed: &signed, SubFilter: s.SubFilter}},
		{"ByteRange", strings.Trim(fmt.Sprint(s.ByteRange), "[]"), xmlAttribute{Text: strings.Trim(fmt.Sprint(s.ByteRange), "[]")}},
	} {
		if a.value != "" {
			add(a.name, a.a)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return &xmlAttributes{list}
}

// data are the chain and the findings of a signature.
func (w *xmlWriter) data(r *verify.Report, s *verify.Signature) *xmlData {
	data := &xmlData{Additional: w.messages(append(append([]verify.Finding(nil), s.Findings...), r.Findings...))}
	for i, c := range s.Chain {
		reference := w.addCertificate(c.SHA256)
		switch {
		case reference == nil:
			continue
		case i == 0:
			data.Chain = &xmlChain{Signing: *reference}
		case data.Chain != nil && !c.Anchor:
			data.Chain.Intermediates = append(data.Chain.Intermediates, *reference)
		}
		if data.Chain != nil && c.Anchor {
			data.Chain.Anchor, data.Anchor = reference, reference
		}
	}
	if data.Chain == nil && data.Additional == nil {
		return nil
	}
	return data
}

// messages are findings in the language of the report.
func (w *xmlWriter) messages(findings []verify.Finding) *xmlAdditional {
	var list []xmlReportData
	for _, f := range findings {
		kind := map[verify.Severity]string{verify.SeverityWarning: "warning", verify.SeverityInfo: "information"}[f.Severity]
		text := redact.Visible(w.finding(f))
		if f.Code != "" {
			text += " (" + redact.Visible(w.where(f)) + ")"
		}
		list = append(list, xmlReportData{Type: urnMessage + cmp.Or(kind, "error"), Value: text})
	}
	if list == nil {
		return nil
	}
	return &xmlAdditional{list}
}

func timestampIndication(i verify.Indication) string {
	return urnMain + strings.TrimPrefix(strings.ToLower(i.String()), "total-")
}

func subIndication(s verify.SubIndication) string {
	if s == "" {
		return ""
	}
	return urnSub + string(s)
}

// newDigest makes a DigestAlgAndValue; nil where the algorithm has no name in XML.
func newDigest(algorithm, hexadecimal string) *xmlDigest {
	name, value := digestNames[algorithm], []byte(nil)
	if value, _ = hex.DecodeString(hexadecimal); name == "" || len(value) == 0 {
		return nil
	}
	return &xmlDigest{Method: xmlMethod{name}, Value: base64.StdEncoding.EncodeToString(value)}
}

// digestNames are the names of digest algorithms in XML (RFC 9231).
var digestNames = map[string]string{
	"MD5":      "http://www.w3.org/2001/04/xmldsig-more#md5",
	"SHA-1":    "http://www.w3.org/2000/09/xmldsig#sha1",
	"SHA-224":  "http://www.w3.org/2001/04/xmldsig-more#sha224",
	"SHA-256":  "http://www.w3.org/2001/04/xmlenc#sha256",
	"SHA-384":  "http://www.w3.org/2001/04/xmldsig-more#sha384",
	"SHA-512":  "http://www.w3.org/2001/04/xmlenc#sha512",
	"SHA3-224": "http://www.w3.org/2007/05/xmldsig-more#sha3-224",
	"SHA3-256": "http://www.w3.org/2007/05/xmldsig-more#sha3-256",
	"SHA3-384": "http://www.w3.org/2007/05/xmldsig-more#sha3-384",
	"SHA3-512": "http://www.w3.org/2007/05/xmldsig-more#sha3-512",
}
