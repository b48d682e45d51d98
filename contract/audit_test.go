package contract_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/contract"
)

// certified runs a contract and issues its certificate.
func (d *desk) certified(t testing.TB) (*contract.Contract, []byte) {
	c := d.run(t)
	data, err := d.Issue(t.Context(), c, d.store, &contract.CertificateOptions{Fonts: contract.AnyFonts(t)})
	require.NoError(t, err)
	return c, data
}

func pdfFile(name string, data []byte) contract.File {
	return contract.File{Name: name, Reader: bytes.NewReader(data), Size: int64(len(data))}
}

// audit audits what is given, trusting the anchors of the desk.
func (d *desk) audit(t testing.TB, certificate []byte, disclosure *contract.Disclosure, documents ...[]byte) *contract.AuditReport {
	in := &contract.AuditInput{
		Certificate: pdfFile("certificate.pdf", certificate), Disclosure: disclosure, Verify: *d.pki.Options(),
		Accredited: bundle(contract.MIC, "2024-01-01", "", d.stamper(t)),
	}
	for _, data := range documents {
		in.Documents = append(in.Documents, pdfFile("contract.pdf", data))
	}
	report, err := contract.Audit(t.Context(), in)
	require.NoError(t, err)
	return report
}

func codes(r *contract.AuditReport, grade contract.Grade) []string {
	var out []string
	for _, c := range r.Claims {
		if c.Grade == grade {
			out = append(out, c.Code)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestAudit(t *testing.T) {
	d := newDesk(t)
	c, certificate := d.certified(t)
	report := d.audit(t, certificate, c.Disclosure, d.store.documents[0])
	require.Equal(t, contract.Proven, report.Result, report.Claims)
	require.Empty(t, codes(report, contract.Refuted))
	require.Empty(t, codes(report, contract.Unverifiable))
	require.Subset(t, codes(report, contract.Proven), []string{
		"certificate.issuer", "certificate.signature", "document.manifest", "document.revisions", "document.signature",
		"participant.certificate", "participant.in-order", "record.chain", "stamp.accredited",
	})
	require.Equal(t, []string{"certificate.page-text", "document.id", "event.told", "participant.consent", "participant.contact", "participant.identified", "participant.witnessed", "record.told"},
		codes(report, contract.Asserted), "an address, or who a witness was, is never proven")
	_, err := json.Marshal(report)
	require.NoError(t, err)

	require.NoError(t, d.Renew(t.Context(), c, d.store))
	renewed := d.audit(t, d.store.certificate, c.Disclosure, d.store.documents[0])
	require.Equal(t, contract.Proven, renewed.Result, "honest renewals pass")
	require.Contains(t, codes(renewed, contract.Proven), "document.renewed")

	withheld := d.audit(t, certificate, nil, d.store.documents[0])
	require.Equal(t, contract.Proven, withheld.Result)
	require.Equal(t, []string{"disclosure.missing"}, codes(withheld, contract.Unverifiable))
}

// Scenario 24: one altered event, address or name in the certificate, even where everything is
// signed anew by somebody else, is found with its number.
func TestScenario24AlteredCertificate(t *testing.T) {
	d := newDesk(t)
	c, certificate := d.certified(t)
	flipped := bytes.Clone(certificate)
	flipped[len(flipped)/3] ^= 1
	require.Equal(t, contract.Refuted, d.audit(t, flipped, nil, d.store.documents[0]).Result)

	for name, alter := range map[string]func(*contract.Record) int{
		"address of an event": func(r *contract.Record) int { r.Events[1].IP = "203.0.113.8"; return 1 },
		"name in an event":    func(r *contract.Record) int { r.Events[3].Actor = "chief"; return 3 },
		"time of an event": func(r *contract.Record) int {
			r.Events[2].Time = contract.At(r.Events[2].Time.Add(time.Millisecond))
			return 2
		},
		"event left out":      func(r *contract.Record) int { r.Events = slices.Delete(r.Events, 2, 3); return 2 },
		"events exchanged":    func(r *contract.Record) int { r.Events[1], r.Events[2] = r.Events[2], r.Events[1]; return 1 },
		"last event left out": func(r *contract.Record) int { r.Events = r.Events[:len(r.Events)-1]; return len(r.Events) },
	} {
		t.Run(name, func(t *testing.T) {
			altered := d.store.load(t)
			sequence := alter(&altered.Record)
			var chain *contract.ChainError
			require.ErrorAs(t, altered.Record.Check(), &chain)
			require.Equal(t, sequence, chain.Sequence)
		})
	}
	require.NoError(t, c.Record.Check())
}

// TestAuditTampering hands the audit something else than what was issued.
func TestAuditTampering(t *testing.T) {
	d := newDesk(t)
	c, certificate := d.certified(t)
	document := d.store.documents[0]
	other := newDesk(t)
	_, otherCertificate := other.certified(t)
	same := newDesk(t)
	same.Platform, same.pki, same.party = d.Platform, d.pki, d.party
	_, sameCertificate := same.certified(t)
	revisions := c.Record.Documents[0].Revisions

	for _, tt := range []struct {
		name                  string
		certificate, document []byte
		want                  contract.Grade
		code                  string
	}{
		{"another platform's certificate", otherCertificate, document, contract.Refuted, "document.altered"},
		{"another contract's certificate", sameCertificate, document, contract.Refuted, "document.altered"},
		{"another contract's document", certificate, same.store.documents[0], contract.Refuted, "document.altered"},
		{"a contract as certificate", document, document, contract.Refuted, "certificate.uncertified"},
		{"the last signature removed", certificate, document[:revisions[4].Length], contract.Refuted, "document.short"},
		{"cut off", certificate, document[:revisions[5].Length-500], contract.Refuted, "document.short"},
		{"a byte of the first page", certificate, changed(document, "Service contract"), contract.Refuted, "document.altered"},
		{"a byte of the certificate", changed(certificate, "/StructTreeRoot"), document, contract.Refuted, "certificate.signature"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			report := d.audit(t, tt.certificate, nil, tt.document)
			require.Equal(t, tt.want, report.Result)
			require.Contains(t, codes(report, tt.want), tt.code, report.Claims)
		})
	}
	t.Run("nothing given", func(t *testing.T) {
		report := d.audit(t, certificate, nil)
		require.Equal(t, contract.Unverifiable, report.Result)
		require.Contains(t, codes(report, contract.Unverifiable), "document.missing")
	})
	t.Run("disclosure", func(t *testing.T) {
		lie := *c.Disclosure
		lie.Values = slices.Clone(lie.Values)
		lie.Values[0].Value = strings.ToUpper(lie.Values[0].Value)
		report := d.audit(t, certificate, &lie, document)
		require.Equal(t, contract.Refuted, report.Result)
		require.Contains(t, codes(report, contract.Refuted), "disclosure.other")
	})
}

// changed alters the first byte of a text.
func changed(data []byte, text string) []byte {
	out := bytes.Clone(data)
	i := bytes.Index(out, []byte(text))
	if i < 0 {
		i = len(out) / 4
	}
	out[i] ^= 1
	return out
}

// TestAuditPage writes the page of the certificate again: it is what the record says, in either
// language, and nothing is claimed where fonts or addresses are missing.
func TestAuditPage(t *testing.T) {
	d := newDesk(t)
	c := d.run(t)
	state := bytes.Clone(d.store.state)
	for _, language := range []contract.Language{contract.Japanese, contract.English} {
		issued, err := contract.Read(bytes.NewReader(state), bytes.NewReader(d.store.disclosure))
		require.NoError(t, err)
		fonts := contract.AnyFonts(t)
		certificate, err := d.Issue(t.Context(), issued, d.store, &contract.CertificateOptions{Language: language, Fonts: fonts})
		require.NoError(t, err)
		in := &contract.AuditInput{
			Certificate: pdfFile("certificate.pdf", certificate), Documents: []contract.File{pdfFile("contract.pdf", d.store.documents[0])},
			Verify: *d.pki.Options(), Disclosure: c.Disclosure, Fonts: fonts,
		}
		report, err := contract.Audit(t.Context(), in)
		require.NoError(t, err)
		require.Contains(t, codes(report, contract.Proven), "certificate.page", language)
		in.Disclosure = nil
		report, err = contract.Audit(t.Context(), in)
		require.NoError(t, err)
		require.Contains(t, codes(report, contract.Asserted), "certificate.page-text-withheld", language)
		require.Equal(t, contract.Proven, report.Result)
	}
}
