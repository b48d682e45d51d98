package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/pades"
)

// knownSeeds are all things that --require and --propose know.
func knownSeeds() []seed {
	return append([]seed{
		{
			name: "reason", usage: "reason=TEXT", help: "the reason for signing", flag: pades.SeedReasons,
			set: func(s *pades.SeedValues, v string) error { return addText(&s.Reasons, v) },
			get: func(s *pades.SeedValues) []string {
				if withoutReason(s) {
					return nil
				}
				return s.Reasons
			},
		},
		{
			name: "no-reason", usage: "no-reason", help: "that no reason is given", flag: pades.SeedReasons, demanded: true,
			set: func(s *pades.SeedValues, v string) error { s.Reasons = []string{"."}; return noValue(v) },
			get: func(s *pades.SeedValues) []string { return given(withoutReason(s)) },
		},
		{
			name: "digest", usage: "digest=NAME", help: "the hash function: SHA256, SHA384, SHA512, SHA3-256 ...", flag: pades.SeedDigestMethod,
			set: func(s *pades.SeedValues, v string) error { return addText(&s.DigestMethod, v) },
			get: func(s *pades.SeedValues) []string { return s.DigestMethod },
		},
		{
			name: "timestamp", usage: "timestamp[=URL]", help: "a time stamp, and from where",
			set: func(s *pades.SeedValues, v string) error { s.TimeStamp = &pades.TimestampSeed{URL: v}; return nil },
			get: func(s *pades.SeedValues) []string {
				if s.TimeStamp == nil {
					return nil
				}
				return []string{s.TimeStamp.URL}
			},
		},
		{
			name: "revocation", usage: "revocation", help: "revocation data: level B-LT or B-LTA", flag: pades.SeedAddRevInfo,
			set: func(s *pades.SeedValues, v string) error { s.AddRevInfo = true; return noValue(v) },
			get: func(s *pades.SeedValues) []string { return given(s.AddRevInfo) },
		},
		{
			name: "certify", usage: "certify=0|1|2|3", help: "a certification, as of inkan sign --certify; 0: none", demanded: true, set: setCertify,
			get: func(s *pades.SeedValues) []string {
				if s.MDP == nil {
					return nil
				}
				return []string{strconv.Itoa(int(*s.MDP))}
			},
		},
		{
			name: "attestation", usage: "attestation=TEXT", help: "the attestation of a certification", flag: pades.SeedLegalAttestation,
			set: func(s *pades.SeedValues, v string) error { return addText(&s.LegalAttestation, v) },
			get: func(s *pades.SeedValues) []string { return s.LegalAttestation },
		},
		{
			name: "locked", usage: "locked=true|false|auto", help: "whether the signature locks the document", flag: pades.SeedLockDocument,
			set: func(s *pades.SeedValues, v string) error { return setText(&s.LockDocument, v) },
			get: func(s *pades.SeedValues) []string { return text(s.LockDocument) },
		},
		{
			name: "appearance", usage: "appearance=NAME", help: "the appearance of this name", flag: pades.SeedAppearanceFilter,
			set: func(s *pades.SeedValues, v string) error { return setText(&s.AppearanceFilter, v) },
			get: func(s *pades.SeedValues) []string { return text(s.AppearanceFilter) },
		},
		{
			name: "encoding", usage: "encoding=NAME", help: "ETSI.CAdES.detached or adbe.pkcs7.detached", flag: pades.SeedSubFilter,
			set: func(s *pades.SeedValues, v string) error { return addText(&s.SubFilter, v) },
			get: func(s *pades.SeedValues) []string { return s.SubFilter },
		},
		{
			name: "handler", usage: "handler=NAME", help: "the signature handler; here Adobe.PPKLite", flag: pades.SeedFilter,
			set: func(s *pades.SeedValues, v string) error { return setText(&s.Filter, v) },
			get: func(s *pades.SeedValues) []string { return text(s.Filter) },
		},
		{
			name: "version", usage: "version=1|2|3", help: "seed values as of PDF 1.5, 1.7 or 2.0", flag: pades.SeedV,
			set: func(s *pades.SeedValues, v string) error { return setNumber(&s.V, v) },
			get: func(s *pades.SeedValues) []string {
				if s.V == 0 {
					return nil
				}
				return []string{strconv.Itoa(s.V)}
			},
		},
	}, certificateSeeds()...)
}

// certificateSeeds are those that concern the certificate.
func certificateSeeds() []seed {
	return []seed{
		{
			name: "certificate", usage: "certificate=FILE", help: "this certificate, in PEM", certificate: pades.SeedSubject,
			set: func(s *pades.SeedValues, v string) error { return addCertificates(&s.Cert.Subject, v) },
			get: func(s *pades.SeedValues) []string { return subjectsOf(s.Cert.Subject) },
		},
		{
			name: "issuer", usage: "issuer=FILE", help: "a certificate below this one, in PEM", certificate: pades.SeedIssuer,
			set: func(s *pades.SeedValues, v string) error { return addCertificates(&s.Cert.Issuer, v) },
			get: func(s *pades.SeedValues) []string { return subjectsOf(s.Cert.Issuer) },
		},
		{
			name: "subject", usage: "subject=CN=NAME,O=...", help: "a subject with these attributes", certificate: pades.SeedSubjectDN,
			set: setSubject, get: subjectAttributes,
		},
		{
			name: "key-usage", usage: "key-usage=BITS", help: "the key usage: 1 set, 0 not, X either; from digitalSignature on", certificate: pades.SeedKeyUsage,
			set: func(s *pades.SeedValues, v string) error { return addText(&s.Cert.KeyUsage, v) },
			get: func(s *pades.SeedValues) []string { return s.Cert.KeyUsage },
		},
		{
			name: "policy", usage: "policy=OID", help: "this certificate policy, and all others given", certificate: pades.SeedOID,
			set: func(s *pades.SeedValues, v string) error { return addText(&s.Cert.OID, v) },
			get: func(s *pades.SeedValues) []string { return text(strings.Join(s.Cert.OID, " and ")) },
		},
		{
			name: "url", usage: "url=URL", help: "where to get a certificate that will do", certificate: pades.SeedURL,
			set: func(s *pades.SeedValues, v string) error { return setText(&s.Cert.URL, v) },
			get: func(s *pades.SeedValues) []string { return text(s.Cert.URL) },
		},
	}
}

// withoutReason tells whether no reason may be given (ISO 32000-2, Table 237).
func withoutReason(s *pades.SeedValues) bool {
	return s.Required&pades.SeedReasons != 0 && (len(s.Reasons) == 0 || slices.Equal(s.Reasons, []string{"."}))
}

// given lists one value without a text.
func given(is bool) []string {
	if is {
		return []string{""}
	}
	return nil
}

// text lists one value that is not empty.
func text(v string) []string {
	if v == "" {
		return nil
	}
	return []string{v}
}

var (
	errNoValue  = errors.New("the value is missing")
	errHasValue = errors.New("it takes no value")
)

func noValue(v string) error {
	if v != "" {
		return errHasValue
	}
	return nil
}

func setText(to *string, v string) error {
	if v == "" {
		return errNoValue
	}
	*to = v
	return nil
}

func addText(to *[]string, v string) error {
	if v == "" {
		return errNoValue
	}
	*to = append(*to, v)
	return nil
}

// setNumber reads a digit from 0 to 3.
func setNumber(to *int, v string) error {
	n, err := strconv.Atoi(v)
	if err != nil || n < 0 || n > 3 {
		return fmt.Errorf("%q is none of 0, 1, 2 and 3", v)
	}
	*to = n
	return nil
}

func setCertify(s *pades.SeedValues, v string) error {
	n := 0
	if err := setNumber(&n, v); err != nil {
		return err
	}
	s.MDP = new(pades.Permission(n))
	return nil
}

// setSubject reads attributes, as CN=NAME,O=NAME.
func setSubject(s *pades.SeedValues, v string) error {
	attributes := make(map[string]string)
	for _, part := range strings.Split(v, ",") {
		key, value, ok := strings.Cut(part, "=")
		if !ok || strings.TrimSpace(key) == "" || value == "" {
			return fmt.Errorf("%q is no attribute", part)
		}
		attributes[strings.TrimSpace(key)] = value
	}
	s.Cert.SubjectDN = append(s.Cert.SubjectDN, attributes)
	return nil
}

func subjectAttributes(s *pades.SeedValues) []string {
	var all []string
	for _, attributes := range s.Cert.SubjectDN {
		var one []string
		for _, key := range slices.Sorted(maps.Keys(attributes)) {
			one = append(one, key+"="+attributes[key])
		}
		all = append(all, strings.Join(one, ","))
	}
	return all
}

func addCertificates(to *[]*certificate.Certificate, file string) error {
	list, err := readCertificates(file)
	if err != nil {
		return err
	}
	*to = append(*to, list...)
	return nil
}

func subjectsOf(list []*certificate.Certificate) []string {
	var names []string
	for _, c := range list {
		names = append(names, c.Subject.String())
	}
	return names
}
