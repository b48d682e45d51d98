package contract

import (
	"encoding/hex"
	"slices"
	"strings"
	"unicode"

	"github.com/inkan-go/inkan/verify"
)

// issuer asks whether the certificate is of the platform: whether it is known by its
// certificate, or the certificate names it, and the documents were signed with the same one.
func (a *auditor) issuer() {
	signer := a.certifier()
	digest, ok := fingerprint(signer)
	if !ok {
		a.claim(Unverifiable, ofContract(), "certificate.issuer-unknown", a.record.Issuer)
		return
	}
	named := names(signer.Subject, a.record.Issuer)
	if len(a.Platform) > 0 {
		if !slices.Contains(a.Platform, digest) {
			a.claim(Refuted, ofContract(), "certificate.issuer-other", a.record.Issuer, signer.Subject)
			return
		}
		named = true
	}
	switch known := a.witnesses(); {
	case !named:
		a.claim(Unverifiable, ofContract(), "certificate.issuer-unnamed", a.record.Issuer, signer.Subject)
	case len(a.Platform) == 0 && len(known) == 0: // an employee's certificate has the same organisation
		a.claim(Unverifiable, ofContract(), "certificate.issuer-alone", a.record.Issuer, signer.Subject)
	case len(a.Platform) == 0 && len(known) > 0 && !slices.Contains(known, digest):
		a.claim(Unverifiable, ofContract(), "certificate.issuer-key", a.record.Issuer, signer.Subject)
	default:
		a.claim(a.certifying(), ofContract(), "certificate.issuer", a.record.Issuer, signer.Subject)
	}
}

// fingerprint is the digest of the certificate of a signer.
func fingerprint(s *verify.Signer) (d Digest, ok bool) {
	return d, s != nil && d.UnmarshalText([]byte(s.SHA256)) == nil && !d.IsZero()
}

// ofPlatform tells whether a certificate is one of the platform.
func (a *auditor) ofPlatform(digest Digest) bool {
	if len(a.Platform) > 0 {
		return slices.Contains(a.Platform, digest)
	}
	own, ok := fingerprint(a.certifier())
	return ok && own == digest
}

// isPerson tells whether a distinguished name (RFC 4514) is that of somebody: by its common name, or
// by its organisation where it has none, since all who work there have that.
func isPerson(subject, name string) bool {
	parts := attributes(subject)
	if slices.ContainsFunc(parts, func(part string) bool { return strings.HasPrefix(part, "CN=") }) {
		return hasAttribute(parts, name, "CN")
	}
	return hasAttribute(parts, name, "O")
}

// names tells whether a distinguished name (RFC 4514) has one of some names as its organisation or
// common name.
func names(subject string, wanted ...string) bool {
	parts := attributes(subject)
	return slices.ContainsFunc(wanted, func(w string) bool { return hasAttribute(parts, w, "O", "CN") })
}

// hasAttribute tells whether the parts of a name hold a value. Spaces do not count, which are written
// in one place and left out in another.
func hasAttribute(parts []string, wanted string, kinds ...string) bool {
	wanted = unspaced(wanted)
	return wanted != "" && slices.ContainsFunc(parts, func(part string) bool {
		kind, value, _ := strings.Cut(part, "=")
		return slices.Contains(kinds, kind) && unspaced(value) == wanted
	})
}

func unspaced(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// relatives are the parts of a name in the form of RFC 4514 as the record has them, with what is
// escaped in them: a comma in a value begins no part.
func relatives(subject string) []string {
	var out []string
	from := 0
	for i := 0; i < len(subject); i++ {
		switch subject[i] {
		case '\\':
			i++
		case ',':
			out, from = append(out, subject[from:i]), i+1
		}
	}
	return append(out, subject[from:])
}

// attributes are the parts "type=value" of a name in the form of RFC 4514, with what is
// escaped in them as it was: a comma in a value begins no part.
func attributes(subject string) []string {
	var out []string
	var part []byte
	for i := 0; i < len(subject); i++ {
		switch c := subject[i]; {
		case c == '\\' && i+2 < len(subject) && isHex(subject[i+1:i+3]):
			b, _ := hex.DecodeString(subject[i+1 : i+3]) // two digits, as was asked
			part, i = append(part, b...), i+2
		case c == '\\' && i+1 < len(subject):
			part, i = append(part, subject[i+1]), i+1
		case c == ',' || c == '+':
			out, part = append(out, string(part)), nil
		default:
			part = append(part, c)
		}
	}
	return append(out, string(part))
}

func isHex(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil
}

// certifying is the grade of the signature of the certificate.
func (a *auditor) certifying() Grade {
	for _, c := range a.report.Claims {
		if c.Code == "certificate.signature" {
			return c.Grade
		}
	}
	return Refuted
}

func (a *auditor) certifier() *verify.Signer {
	if s := a.certification(); s != nil {
		return s.Signer
	}
	return nil
}

// certification is the signature that makes the certificate one; nil where there is none.
func (a *auditor) certification() *verify.Signature {
	for _, s := range a.report.Certificate.Signatures {
		if s.Kind == verify.KindCertification {
			return s
		}
	}
	return nil
}

// witnesses are the certificates that signed for witnesses, by signatures that passed.
func (a *auditor) witnesses() []Digest {
	var out []Digest
	for _, f := range a.files {
		if f == nil {
			continue
		}
		for i, s := range f.recorded {
			p := a.record.Participant(a.record.Signatures[i].Participant)
			if digest, ok := fingerprint(s.Signer); ok && p != nil && p.Method == Witness && gradeOf(s) == Proven {
				out = append(out, digest)
			}
		}
	}
	return out
}
