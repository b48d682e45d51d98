package report

import "encoding/xml"

// The types of ETSI TS 119 102-2 V1.4.1 of which the report is made, their elements in
// the order of its schema.

// xmlSignature is a SignatureValidationReportType (4.3).
type xmlSignature struct {
	XMLName    xml.Name
	Identifier *xmlIdentifier `xml:"SignatureIdentifier"`
	Policy     *xmlPolicy     `xml:"ValidationConstraintsEvaluationReport>SignatureValidationPolicy"`
	Times      *xmlTimes      `xml:"ValidationTimeInfo"`
	Document   *xmlDocument   `xml:"SignersDocument"`
	Attributes *xmlAttributes `xml:"SignatureAttributes"`
	Signer     *xmlSigner     `xml:"SignerInformation"`
	Process    string         `xml:"SignatureValidationProcess>SignatureValidationProcessID,omitempty"`
	Status     xmlStatus      `xml:"SignatureValidationStatus"`
}

// xmlIdentifier is a SignatureIdentifierType (4.3.2): the whole document was at hand.
type xmlIdentifier struct {
	ID          string `xml:"id,attr"`
	HashOnly    bool   `xml:"HashOnly"`
	DocHashOnly bool   `xml:"DocHashOnly"`
	Field       string `xml:"DAIdentifier,omitempty"`
}

// xmlPolicy is a SignatureValidationPolicyType (4.3.5): one that is named, without an
// identifier.
type xmlPolicy struct {
	Implied struct{} `xml:"SignaturePolicyIdentifier>XAdES:SignaturePolicyImplied"`
	Name    string   `xml:"PolicyName"`
}

// xmlTimes is a ValidationTimeInfoType (4.3.6).
type xmlTimes struct {
	Validation string   `xml:"ValidationTime"`
	Best       xmlProof `xml:"BestSignatureTime"`
}

// xmlProof is a POEType.
type xmlProof struct {
	Time   string        `xml:"POETime"`
	Type   string        `xml:"TypeOfProof"`
	Object *xmlReference `xml:"POEObject"`
}

// xmlDocument is a SignersDocumentType (4.3.7).
type xmlDocument struct {
	Digest         *xmlDigest    `xml:"DigestAlgAndValue"`
	Representation *xmlReference `xml:"SignersDocumentRepresentation"`
}

// xmlDigest is a DigestAlgAndValueType of XAdES.
type xmlDigest struct {
	Method xmlMethod `xml:"ds:DigestMethod"`
	Value  string    `xml:"ds:DigestValue"`
}

type xmlMethod struct {
	Algorithm string `xml:"Algorithm,attr"`
}

// xmlReference is a VOReferenceType.
type xmlReference struct {
	ID string `xml:"VOReference,attr"`
}

// xmlAttributes is a SignatureAttributesType (annex A).
type xmlAttributes struct{ List []xmlAttribute }

// xmlAttribute is one of several types; a field is set where its element has it.
type xmlAttribute struct {
	XMLName   xml.Name
	Signed    *bool         `xml:"Signed,attr"`
	Object    *xmlReference `xml:"AttributeObject"`
	Time      string        `xml:"Time,omitempty"`
	Stamped   string        `xml:"TimeStampValue,omitempty"`
	Address   string        `xml:"AddressString,omitempty"`
	Reason    string        `xml:"ReasonElement,omitempty"`
	Name      string        `xml:"NameElement,omitempty"`
	Contact   string        `xml:"ContactInfoElement,omitempty"`
	SubFilter string        `xml:"SubFilterElement,omitempty"`
	Text      string        `xml:",chardata"`
}

// xmlSigner is a SignerInformationType (4.3.9).
type xmlSigner struct {
	Certificate xmlReference `xml:"SignerCertificate"`
	Name        string       `xml:"Signer,omitempty"`
}

// xmlStatus is a ValidationStatusType (4.3.4).
type xmlStatus struct {
	Main string   `xml:"MainIndication"`
	Sub  string   `xml:"SubIndication,omitempty"`
	Data *xmlData `xml:"AssociatedValidationReportData"`
}

// xmlData is a ValidationReportDataType (4.3.12).
type xmlData struct {
	Anchor     *xmlReference  `xml:"TrustAnchor"`
	Chain      *xmlChain      `xml:"CertificateChain"`
	Additional *xmlAdditional `xml:"AdditionalValidationReportData"`
}

// xmlChain is a CertificateChainType.
type xmlChain struct {
	Signing       xmlReference   `xml:"SigningCertificate"`
	Intermediates []xmlReference `xml:"IntermediateCertificate"`
	Anchor        *xmlReference  `xml:"TrustAnchor"`
}

// xmlAdditional is an AdditionalValidationReportDataType.
type xmlAdditional struct {
	List []xmlReportData `xml:"ReportData"`
}

// xmlReportData is a TypedDataType.
type xmlReportData struct {
	Type  string `xml:"Type"`
	Value string `xml:"Value"`
}

// xmlObject is a ValidationObjectType (4.4).
type xmlObject struct {
	ID             string            `xml:"id,attr"`
	Type           string            `xml:"ObjectType"`
	Representation xmlRepresentation `xml:"ValidationObjectRepresentation"`
	Proof          *xmlProof         `xml:"POE"`
	Report         *xmlSignature     `xml:"ValidationReport"`
}

// xmlRepresentation is a ValidationObjectRepresentationType.
type xmlRepresentation struct {
	Digest *xmlDigest `xml:"DigestAlgAndValue"`
	URI    string     `xml:"URI,omitempty"`
}
