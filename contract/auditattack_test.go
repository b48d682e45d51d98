package contract_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
	"github.com/inkan-go/inkan/verifytest"
)

// forged is a completion certificate over any evidence, signed by anybody. Its page says what the
// evidence does.
func (d *desk) forged(t testing.TB, by *pades.Signer, field string, attached ...pades.Attachment) []byte {
	data := verifytest.Document()
	for i, a := range attached {
		var r contract.Record
		if a.Name != contract.EvidenceName || json.Unmarshal(a.Data, &r) != nil || r.Check() != nil {
			continue
		}
		page, err := contract.Page(&r, nil, a.Data, &contract.CertificateOptions{Fonts: contract.AnyFonts(t)})
		if err == nil { // it was concluded
			data, attached = page, slices.Delete(slices.Clone(attached), i, i+1)
			break
		}
	}
	return d.signedPage(t, data, by, field, attached...)
}

// signedPage certifies a page.
func (d *desk) signedPage(t testing.TB, data []byte, by *pades.Signer, field string, attached ...pades.Attachment) []byte {
	doc, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	if len(attached) > 0 {
		require.NoError(t, doc.Amend(t.Context(), &pades.Amendment{Attachments: attached}))
	}
	require.NoError(t, doc.Sign(t.Context(), by, &pades.SignOptions{Certify: pades.NoChanges, NewField: field}))
	return bytesOf(doc)
}

func bytesOf(doc *pades.Document) []byte {
	var out bytes.Buffer
	_, _ = doc.WriteTo(&out) // a Buffer takes everything
	return out.Bytes()
}

func evidence(t testing.TB, r *contract.Record) pades.Attachment {
	data, err := r.Canonical()
	require.NoError(t, err)
	return pades.Attachment{Name: contract.EvidenceName, Data: data, MIMEType: "application/json"}
}

func (d *desk) copyOf(t testing.TB, r *contract.Record) *contract.Record {
	var out contract.Record
	data, err := json.Marshal(r)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &out))
	return &out
}

// TestAuditRewritten rewrites the record consistently. Without the platform's key nothing of it is
// believed. With it, what only the platform can know stays asserted, and whatever cryptography
// shows is contradicted by its name.
func TestAuditRewritten(t *testing.T) {
	d := newDesk(t)
	c := d.run(t)
	document := d.store.documents[0]
	stranger := d.pki.NewSigner(t, "Stranger")
	for _, tt := range []struct {
		name  string
		alter func(*contract.Record)
		code  string // that refutes it; "" is asserted, not proven
	}{
		{"nothing", func(*contract.Record) {}, ""},
		{"an IP address", func(r *contract.Record) { r.Events[3].IP = "198.51.100.1" }, ""},
		{"a detail", func(r *contract.Record) { r.Events[2].Detail = "another" }, ""},
		{"the deal", func(r *contract.Record) { r.Deal.Amount.Value = "9900000" }, ""},
		{"the control number", func(r *contract.Record) { r.Documents[0].ManagementNo = "X" }, ""},
		{"retention", func(r *contract.Record) { r.Retention.Until = "2099-01-01" }, ""},
		{"how somebody was identified", func(r *contract.Record) { r.Participants[0].Auth[0].Type = "passport" }, "record.wrong"},
		{"the ID", func(r *contract.Record) { r.ID[0] ^= 1; r.Documents[0].ID = r.ID }, "document.manifest-differs"},
		{"the ID of a document", func(r *contract.Record) { r.Documents[0].ID[0] ^= 1 }, "document.manifest-differs"},
		{"the issuer", func(r *contract.Record) { r.Issuer = "Other Sign" }, "document.manifest-differs"},
		{"the title", func(r *contract.Record) { r.Documents[0].Title = "売買契約書" }, "document.manifest-differs"},
		{"what was uploaded", func(r *contract.Record) {
			r.Documents[0].Digests.Uploaded[0] ^= 1
			r.Documents[0].Revisions[0].SHA256[0] ^= 1
		}, "document.altered"},
		{"a digest", func(r *contract.Record) { r.Documents[0].Revisions[3].SHA256[0] ^= 1 }, "document.altered"},
		{"a length", func(r *contract.Record) { r.Documents[0].Revisions[5].Length++ }, "document.short"},
		{"a cause", func(r *contract.Record) { r.Documents[0].Revisions[5].Cause = contract.CauseRenewed }, ""},
		{"the order of participants", func(r *contract.Record) { r.Participants[0].Order = 9 }, "participant.order"},
		{"the role", func(r *contract.Record) { r.Participants[0].Role = "boss" }, "document.manifest-differs"},
		{"the name of a witness", func(r *contract.Record) { r.Participants[0].Name = "山田次郎" }, "participant.other-name"},
		{"the name of a party", func(r *contract.Record) { r.Participants[2].Name = "岡島太郎" }, "document.manifest-differs"},
		{"the company", func(r *contract.Record) { r.Participants[2].Org = "XYZ" }, "document.manifest-differs"},
		{"a witness as party", func(r *contract.Record) { r.Participants[0].Method = contract.Party }, "participant.not-own"},
		{"a party as witness", func(r *contract.Record) { r.Participants[2].Method = contract.Witness }, "participant.other-platform"},
		{"the certificate of a party", func(r *contract.Record) { r.Participants[2].Certificate[0] ^= 1 }, "participant.other-certificate"},
		{"the subject of a party", func(r *contract.Record) { r.Participants[2].Subject[0] = "CN=岡島太郎" }, "participant.other-certificate"},
		{"signers exchanged in the revisions", func(r *contract.Record) {
			v := r.Documents[0].Revisions
			v[2].Participant, v[3].Participant = v[3].Participant, v[2].Participant
		}, "record.wrong"},
		{"a participant left out", func(r *contract.Record) { r.Participants = r.Participants[1:] }, "record.wrong"},
		{"a participant added", func(r *contract.Record) {
			q := r.Participants[0]
			q.ID = "more"
			r.Participants = append(r.Participants, q)
		}, "participant.unsigned"},
		{"a signature left out", func(r *contract.Record) { r.Signatures = r.Signatures[:len(r.Signatures)-1] }, "document.extra"},
		{"the value of a signature", func(r *contract.Record) { r.Signatures[1].Value[0] ^= 1 }, "document.exchanged"},
		{"the range of a signature", func(r *contract.Record) { r.Signatures[1].ByteRange[1]-- }, "document.exchanged"},
		{"a field that is not there", func(r *contract.Record) { r.Signatures[4].Field = "Other" }, "document.removed"},
		{"the time of a stamp", func(r *contract.Record) {
			r.Signatures[4].Stamp.Time = contract.At(r.Signatures[4].Stamp.Time.Add(-time.Hour))
		}, "stamp.other"},
		{"the serial number of a stamp", func(r *contract.Record) { r.Signatures[4].Stamp.Serial = "77" }, "stamp.other"},
		{"the policy of a stamp", func(r *contract.Record) { r.Signatures[4].Stamp.Policy = "1.2.3" }, "stamp.other"},
		{"the service of a stamp", func(r *contract.Record) { r.Signatures[2].Stamp.TSA[0] ^= 1 }, "stamp.other"},
		{"events later that name no documents", func(r *contract.Record) { unbind(r); move(r, time.Hour) }, "event.late"},
		{"events earlier that name no documents", func(r *contract.Record) { unbind(r); move(r, -time.Hour) }, "event.early"},
		{"times that no time stamp has", func(r *contract.Record) { r.Events[1].TimeSource = contract.StampTime }, "event.stamp"},
		{"the subject of a party in other parts", func(r *contract.Record) {
			r.Participants[2].Subject = []string{strings.Join(r.Participants[2].Subject, ",")}
		}, "participant.other-certificate"},
		{"events later", func(r *contract.Record) { move(r, time.Hour) }, "event.late"},
		{"events earlier", func(r *contract.Record) { move(r, -time.Hour) }, "event.early"},
		{"a document of an event", func(r *contract.Record) { r.Events[0].Documents[0].SHA256[0] ^= 1 }, "event.document"},
		{"never concluded", func(r *contract.Record) { r.Events = r.Events[:len(r.Events)-1] }, "event.unconcluded"},
		{"withdrawn", func(r *contract.Record) { r.Events[len(r.Events)-1].Type = contract.Withdrawn }, "event.unconcluded"},
		{"signed by the creator", func(r *contract.Record) { r.Events[2].Actor = contract.Creator }, "record.chain-broken"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := d.copyOf(t, &c.Record)
			tt.alter(r)
			contract.Rechain(r)
			report := d.audit(t, d.forged(t, d.Platform.Signer, "Certification", evidence(t, r)), nil, document)
			if tt.code == "" {
				require.Equal(t, contract.Proven, report.Result, report.Claims)
				require.Subset(t, codes(report, contract.Asserted), []string{"event.told", "record.told"})
			} else {
				require.Equal(t, contract.Refuted, report.Result)
				require.Contains(t, codes(report, contract.Refuted), tt.code, report.Claims)
			}
			requireJapanese(t, report)
			report = d.audit(t, d.forged(t, stranger, "Certification", evidence(t, r)), nil, document)
			require.NotEqual(t, contract.Proven, report.Result, "by somebody without the platform's key")
		})
	}
}

// TestAuditLateEvent: no event is later than the time stamps of the certificate that tells of it.
func TestAuditLateEvent(t *testing.T) {
	d := newDesk(t)
	c := d.run(t)
	r := d.copyOf(t, &c.Record)
	at := contract.At(r.Events[len(r.Events)-1].Time.Add(time.Hour))
	r.Events = append(r.Events, contract.Event{Time: at, TimeSource: contract.ServerTime, Type: contract.Downloaded})
	contract.Rechain(r)
	data := d.forged(t, d.Platform.Signer, "Certification", evidence(t, r))
	require.NotContains(t, codes(d.audit(t, data, nil, d.store.documents[0]), contract.Refuted), "event.late", "nothing tells when it was issued")
	doc, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	require.NoError(t, doc.Extend(t.Context(), &pades.ExtendOptions{Level: pades.BLTA, TSA: d.pki.TSA(), Revocation: d.pki.Revocation(), Trust: d.pki.Anchors()}))
	report := d.audit(t, bytesOf(doc), nil, d.store.documents[0])
	require.Equal(t, contract.Refuted, report.Result)
	require.Contains(t, codes(report, contract.Refuted), "event.late", report.Claims)
}

// unbind has the events name no documents.
func unbind(r *contract.Record) {
	for i := range r.Events {
		r.Events[i].Documents = nil
	}
}

// requireJapanese writes a report for a Japanese clerk: no English stands in it.
func requireJapanese(t testing.TB, r *contract.AuditReport) {
	var out bytes.Buffer
	require.NoError(t, r.WriteText(&out, nil))
	require.NotRegexp(t, `\b(the|is|was|has|of|it|not|another|signed|concluded|stamped|uploaded|participant|email)\b`, out.String())
}

// move sets all events to other times.
func move(r *contract.Record, by time.Duration) {
	for i := range r.Events {
		r.Events[i].Time = contract.At(r.Events[i].Time.Add(by))
	}
}

// TestAuditForgery: what is no completion certificate, though the platform's key signed it or
// a name is close to the platform's.
func TestAuditForgery(t *testing.T) {
	d := newDesk(t)
	c := d.run(t)
	document := d.store.documents[0]
	proof := evidence(t, &c.Record)
	twin := d.pki.NewSigner(t, "x,O=Inkan Sign")
	manifest := pades.Attachment{Name: contract.ManifestName, Data: []byte("{}"), MIMEType: "application/json"}
	other := proof
	other.Name = "other.json"
	spaced := proof
	spaced.Data = append([]byte(" "), proof.Data...)
	for name, tt := range map[string]struct {
		certificate []byte
		code        string
		grade       contract.Grade
	}{
		"a participant's field":      {d.forged(t, d.Platform.Signer, "Signature-town", proof), "certificate.purpose", contract.Refuted},
		"a document of a contract":   {d.forged(t, d.Platform.Signer, "Certification", proof, manifest), "certificate.purpose", contract.Refuted},
		"evidence of another name":   {d.forged(t, d.Platform.Signer, "Certification", other), "record.missing", contract.Refuted},
		"not in canonical form":      {d.forged(t, d.Platform.Signer, "Certification", spaced), "record.wrong", contract.Refuted},
		"a name with a comma in it":  {d.forged(t, twin, "Certification", proof), "certificate.issuer-unnamed", contract.Unverifiable},
		"evidence in a later change": {d.later(t, proof), "record.missing", contract.Refuted},
	} {
		t.Run(name, func(t *testing.T) {
			report := d.audit(t, tt.certificate, nil, document)
			require.Contains(t, codes(report, tt.grade), tt.code, report.Claims)
			require.NotEqual(t, contract.Proven, report.Result)
		})
	}
	require.Equal(t, []string{"CN=x,O=Inkan Sign", "O=山田", "C=JP"}, contract.Attributes(`CN=x\,O=Inkan Sign,O=\E5\B1\B1田+C=JP`))
}

// later is a certificate whose evidence came after the platform's signature.
func (d *desk) later(t testing.TB, a pades.Attachment) []byte {
	data := d.forged(t, d.Platform.Signer, "Certification")
	doc, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	_ = doc.Amend(t.Context(), &pades.Amendment{Attachments: []pades.Attachment{a}}) // it is refused, as it ought to be
	return bytesOf(doc)
}

// TestAuditPlatform pins the platform by its certificates.
func TestAuditPlatform(t *testing.T) {
	d := newDesk(t)
	c := d.run(t)
	certificate := d.forged(t, d.Platform.Signer, "Certification", evidence(t, &c.Record))
	for name, tt := range map[string]struct {
		known  *pades.Signer
		result contract.Grade
		code   string
	}{
		"the platform":  {d.Platform.Signer, contract.Proven, "certificate.issuer"},
		"somebody else": {d.party, contract.Refuted, "certificate.issuer-other"},
	} {
		t.Run(name, func(t *testing.T) {
			in := &contract.AuditInput{
				Certificate: pdfFile("certificate.pdf", certificate), Documents: []contract.File{pdfFile("contract.pdf", d.store.documents[0])},
				Verify: *d.pki.Options(), Platform: []contract.Digest{tt.known.Chain[0].Fingerprint()},
			}
			report, err := contract.Audit(t.Context(), in)
			require.NoError(t, err)
			require.Equal(t, tt.result, report.Result, report.Claims)
			require.Contains(t, codes(report, tt.result), tt.code)
		})
	}
}

// TestAuditLater appends to a concluded document: an honest renewal passes, also by plain
// pades.Extend; a signature or an annotation of somebody else does not.
func TestAuditLater(t *testing.T) {
	d := newDesk(t)
	c := d.run(t)
	certificate := d.forged(t, d.Platform.Signer, "Certification", evidence(t, &c.Record))
	concluded := d.store.documents[0]
	open := func() *pades.Document {
		doc, err := pades.NewDocument(bytes.NewReader(concluded), int64(len(concluded)), nil)
		require.NoError(t, err)
		return doc
	}
	t.Run("extended elsewhere", func(t *testing.T) {
		doc := open()
		require.NoError(t, doc.Extend(t.Context(), &pades.ExtendOptions{Level: pades.BLTA, TSA: d.pki.TSA(), Revocation: d.pki.Revocation(), Trust: d.pki.Anchors()}))
		report := d.audit(t, certificate, nil, bytesOf(doc))
		require.Equal(t, contract.Proven, report.Result, report.Claims)
		require.Contains(t, codes(report, contract.Proven), "document.renewed")
	})
	t.Run("signed once more", func(t *testing.T) {
		doc := open()
		require.NoError(t, doc.Sign(t.Context(), d.pki.NewSigner(t, "Somebody"), nil))
		report := d.audit(t, certificate, nil, bytesOf(doc))
		require.Equal(t, contract.Refuted, report.Result)
		require.Subset(t, codes(report, contract.Refuted), []string{"document.changed", "document.extra"})
	})
	t.Run("a note on a page", func(t *testing.T) {
		report := d.audit(t, certificate, nil, annotated(t, concluded, 1))
		require.Equal(t, contract.Refuted, report.Result, report.Claims)
		require.Contains(t, codes(report, contract.Refuted), "document.changed", report.Claims)
	})
	t.Run("a text behind the end", func(t *testing.T) {
		report := d.audit(t, certificate, nil, append(bytes.Clone(concluded), "\n% more\n"...))
		require.NotEmpty(t, report.Claims)
		t.Log(report.Result)
	})
}

// annotated puts notes on the first page, in an update that breaks no signature.
func annotated(t testing.TB, data []byte, count int) []byte {
	at := bytes.LastIndex(data, []byte("\n10 0 obj"))
	require.Positive(t, at)
	page := data[at+len("\n10 0 obj"):]
	page = page[:bytes.Index(page, []byte("endobj"))]
	n := testpdf.LastSize(data)
	update := testpdf.File{Form: testpdf.Table, Size: n + count, Trailer: "/Root 1 0 R"}
	refs := []byte("/Annots[")
	for i := range count {
		refs = fmt.Appendf(refs, "%d 0 R ", n+i)
		update.Objects = append(update.Objects, testpdf.Object{
			Number: n + i, Body: "<</Type/Annot/Subtype/FreeText/Rect[72 600 300 640]/DA(/F1 12 Tf)/Contents(9,900,000 yen)/F 4/P 10 0 R>>",
		})
	}
	with := bytes.Replace(page, []byte("/Annots["), refs, 1)
	require.NotEqual(t, page, with)
	update.Objects = append(update.Objects, testpdf.Object{Number: 10, Body: string(with)})
	return update.Append(data)
}

// TestCertifyingField: whoever uploads a document cannot have the platform's key certify it.
func TestCertifyingField(t *testing.T) {
	d := newDesk(t)
	doc, err := pades.NewDocument(bytes.NewReader(d.store.documents[0]), int64(len(d.store.documents[0])), nil)
	require.NoError(t, err)
	require.NoError(t, doc.AddFields([]*pades.NewField{{Name: "Signature-town", SeedValues: &pades.SeedValues{MDP: new(pades.NoChanges)}}}, nil))
	d.store.documents[0] = bytesOf(doc)
	c := d.begun(t, d.draft())
	d.identify(t, c, "town", "keiyaku@town.example")
	require.ErrorIs(t, d.Sign(t.Context(), c, d.store, &contract.SignRequest{Participant: "town"}), contract.ErrDocument)
	require.False(t, c.Record.HasSigned("town"))
}

// TestAuditTwoDocuments: two documents are found whatever their order and names; one in place of
// the other, or of another contract, is not.
func TestAuditTwoDocuments(t *testing.T) {
	d := newDesk(t)
	d.store.documents = append(d.store.documents, testpdf.Contract(3, testpdf.Stream).Bytes())
	draft := d.draft()
	draft.Documents = append(draft.Documents, contract.DocumentDraft{Title: "仕様書"})
	c := d.signedBy(t, draft)
	first, second := d.store.documents[0], d.store.documents[1]
	certificate := d.forged(t, d.Platform.Signer, "Certification", evidence(t, &c.Record))
	require.Equal(t, contract.Proven, d.audit(t, certificate, c.Disclosure, second, first).Result)

	report := d.audit(t, certificate, nil, first)
	require.Equal(t, contract.Unverifiable, report.Result)
	require.Contains(t, codes(report, contract.Unverifiable), "document.missing")
	report = d.audit(t, certificate, nil, first, first)
	require.Equal(t, contract.Refuted, report.Result)
	require.Contains(t, codes(report, contract.Refuted), "document.foreign")

	r := d.copyOf(t, &c.Record)
	r.Documents[0].ID, r.Documents[1].ID = r.Documents[1].ID, r.Documents[0].ID
	report = d.audit(t, d.forged(t, d.Platform.Signer, "Certification", evidence(t, r)), nil, first, second)
	require.Contains(t, codes(report, contract.Refuted), "document.manifest-differs")
}

// signedBy takes a contract of the desk's participants from the draft to its conclusion.
func (d *desk) signedBy(t testing.TB, draft *contract.Draft) *contract.Contract {
	c := d.begun(t, draft)
	d.identify(t, c, "town", "keiyaku@town.example")
	d.sign(t, c, &contract.SignRequest{Participant: "town"})
	d.identify(t, c, "abc", "suzuki@abc.example")
	d.sign(t, c, &contract.SignRequest{Participant: "abc"})
	d.sign(t, c, &contract.SignRequest{Participant: "chief", Signer: d.party, Level: pades.BT})
	require.NoError(t, d.Conclude(t.Context(), c, d.store))
	return c
}

// TestAuditForeign audits a contract over a document that came with a signature and a time
// stamp of somebody else: that stamp is older than the contract, and no event was late by that.
func TestAuditForeign(t *testing.T) {
	d := newDesk(t)
	d.store.documents[0] = d.pki.SignBy(t, d.pki.NewSigner(t, "Other vendor"), verifytest.Document(), &pades.SignOptions{Level: pades.BLTA})
	c := d.signedBy(t, d.draft())
	require.True(t, c.Record.Documents[0].Foreign)
	certificate := d.forged(t, d.Platform.Signer, "Certification", evidence(t, &c.Record))
	report := d.audit(t, certificate, nil, d.store.documents[0])
	require.Equal(t, contract.Proven, report.Result, report.Claims)
	require.Subset(t, codes(report, contract.Asserted), []string{"document.came-signed", "participant.in-order"}, "no signature covers a manifest")

	r := d.copyOf(t, &c.Record)
	r.Documents[0].Foreign = false
	report = d.audit(t, d.forged(t, d.Platform.Signer, "Certification", evidence(t, r)), nil, d.store.documents[0])
	require.Contains(t, codes(report, contract.Refuted), "record.wrong")
}

// TestAuditBetween: a form field that was filled in between two signatures breaks neither, and the
// record of who holds the platform's key may call it part of the second. Who signed first did not see
// it.
func TestAuditBetween(t *testing.T) {
	d := newDesk(t)
	c := d.begun(t, d.draft())
	d.identify(t, c, "town", "keiyaku@town.example")
	d.sign(t, c, &contract.SignRequest{Participant: "town"})
	d.identify(t, c, "abc", "suzuki@abc.example")
	data := filled(d.store.documents[0])
	doc, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	require.NoError(t, doc.Sign(t.Context(), d.Platform.Signer, &pades.SignOptions{Field: "Signature-abc", Name: "鈴木一郎"}))
	d.store.documents[0] = bytesOf(doc)
	verifytest.Passed(t, d.pki.Verify(t, d.store.documents[0]))
	require.NoError(t, contract.Grow(c, "abc", d.store.documents[0], d.Platform.Signer.Chain[0]))
	d.sign(t, c, &contract.SignRequest{Participant: "chief", Signer: d.party, Level: pades.BT})
	require.NoError(t, d.Conclude(t.Context(), c, d.store))
	report := d.audit(t, d.forged(t, d.Platform.Signer, "Certification", evidence(t, &c.Record)), nil, d.store.documents[0])
	require.Equal(t, contract.Refuted, report.Result)
	require.Equal(t, []string{"document.between"}, codes(report, contract.Refuted), report.Claims)
}

// TestAuditCrowded: a file that came with more additions than a report lists hides none between the
// signatures of a contract.
func TestAuditCrowded(t *testing.T) {
	d := newDesk(t)
	d.store.documents[0] = annotated(t, d.pki.SignBy(t, d.pki.NewSigner(t, "Other vendor"), verifytest.Document(), &pades.SignOptions{Certify: pades.Annotate}), 20_001)
	c := d.signedBy(t, d.draft())
	report := d.audit(t, d.forged(t, d.Platform.Signer, "Certification", evidence(t, &c.Record)), nil, d.store.documents[0])
	require.Equal(t, contract.Unverifiable, report.Result)
	require.Contains(t, codes(report, contract.Unverifiable), "document.between-unread", report.Claims)
}

// filled gives the text field of the document another value.
func filled(data []byte) []byte {
	return testpdf.File{Form: testpdf.Table, Size: testpdf.LastSize(data), Trailer: "/Root 1 0 R", Objects: []testpdf.Object{
		{Number: 5, Body: "<</Type/Annot/Subtype/Widget/FT/Tx/Parent 4 0 R/T(name)/V(Biei Town)/DA(/Helv 11 Tf 0 g)/Rect[72 640 340 660]/F 4/P 10 0 R/AP<</N 6 0 R>>>>"},
		{
			Number: 6, Body: "<</Type/XObject/Subtype/Form/BBox[0 0 268 20]/Resources<</Font<</Helv 7 0 R>>>>>>",
			Data: []byte("/Tx BMC q BT /Helv 11 Tf 0 g 2 6 Td (Biei Town) Tj ET Q EMC"),
		},
	}}.Append(data)
}

// TestAuditTwins: two documents of a contract that began as the same file are told apart.
func TestAuditTwins(t *testing.T) {
	d := newDesk(t)
	d.store.documents = append(d.store.documents, bytes.Clone(d.store.documents[0]))
	draft := d.draft()
	draft.Documents = append(draft.Documents, contract.DocumentDraft{Title: "写し"})
	c := d.signedBy(t, draft)
	first, second := d.store.documents[0], d.store.documents[1]
	certificate := d.forged(t, d.Platform.Signer, "Certification", evidence(t, &c.Record))
	require.Equal(t, contract.Proven, d.audit(t, certificate, nil, first, second).Result)
	require.Equal(t, contract.Proven, d.audit(t, certificate, nil, second, first).Result)
	report := d.audit(t, certificate, nil, second)
	require.Equal(t, contract.Unverifiable, report.Result, "the first is missing, and the second is not taken for it: %v", report.Claims)
	require.Equal(t, contract.Refuted, d.audit(t, certificate, nil, first, changed(second, "/Contents<30")).Result)
}

// TestAuditOverwrittenPage: the platform's key signs a certificate that begins as the page of the
// evidence, and shows another one by an update before the signature.
func TestAuditOverwrittenPage(t *testing.T) {
	d := newDesk(t)
	c, certificate := d.certified(t)
	fonts := contract.AnyFonts(t)
	page := certificate[:bytes.Index(certificate, []byte("%%EOF"))+len("%%EOF\n")]
	sign := func(data []byte, o *pades.SignOptions) []byte {
		doc, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), nil)
		require.NoError(t, err)
		o.Certify, o.NewField = pades.NoChanges, "Certification"
		require.NoError(t, doc.Sign(t.Context(), d.Platform.Signer, o))
		return bytesOf(doc)
	}
	amended := func() []byte {
		doc, err := pades.NewDocument(bytes.NewReader(page), int64(len(page)), nil)
		require.NoError(t, err)
		latin, err := appearance.Latin()
		require.NoError(t, err)
		require.NoError(t, doc.Amend(t.Context(), &pades.Amendment{Stamps: []pades.Stamp{{
			Appearance: &appearance.Text{Text: "9,900,000 yen", Fonts: []*appearance.Font{latin}, Size: 40}, Rect: pades.Rect{X: 100, Y: 400, Width: 400, Height: 60},
		}}}))
		return bytesOf(doc)
	}
	latin, err := appearance.Latin()
	require.NoError(t, err)
	behind := testpdf.Contract(1, testpdf.Table)
	behind.Header = string(page)
	other, err := pades.NewDocument(bytes.NewReader(behind.Bytes()), int64(len(behind.Bytes())), nil)
	require.NoError(t, err)
	require.NoError(t, other.Amend(t.Context(), &pades.Amendment{Attachments: []pades.Attachment{evidence(t, &c.Record)}}))
	for name, tt := range map[string]struct {
		certificate []byte
		code        string
	}{
		"as it is": {sign(page, &pades.SignOptions{}), "certificate.page"},
		"a stamp":  {sign(amended(), &pades.SignOptions{}), "certificate.page-changed"},
		"a signature that shows something": {sign(page, &pades.SignOptions{
			Page: 1, Rect: pades.Rect{X: 100, Y: 400, Width: 400, Height: 60}, Appearance: &appearance.Text{Text: "9,900,000 yen", Fonts: []*appearance.Font{latin}},
		}), "certificate.page-changed"},
		"another document behind it": {sign(bytesOf(other), &pades.SignOptions{}), "certificate.page-changed"},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := contract.Audit(t.Context(), &contract.AuditInput{
				Certificate: pdfFile("certificate.pdf", tt.certificate), Documents: []contract.File{pdfFile("contract.pdf", d.store.documents[0])},
				Verify: *d.pki.Options(), Disclosure: c.Disclosure, Fonts: fonts,
			})
			require.NoError(t, err)
			grade := contract.Proven
			if tt.code != "certificate.page" {
				grade = contract.Refuted
			}
			require.Equal(t, grade, report.Result, report.Claims)
			require.Contains(t, codes(report, grade), tt.code, report.Claims)
		})
	}
}
