package contract_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verifytest"
)

// begun is a contract that is ready for the first signature.
func (d *desk) begun(t testing.TB, draft *contract.Draft) *contract.Contract {
	c, err := d.Create(t.Context(), draft, d.store)
	require.NoError(t, err)
	require.NoError(t, d.Prepare(t.Context(), c, d.store, nil))
	return c
}

func (d *desk) sign(t testing.TB, c *contract.Contract, q *contract.SignRequest) {
	require.NoError(t, d.Sign(t.Context(), c, d.store, q))
}

// Scenario 1: names that break naive writers are read as they were written, in the
// document and in the record.
func TestScenario1Names(t *testing.T) {
	d := newDesk(t)
	draft := &contract.Draft{Documents: []contract.DocumentDraft{{Title: "覚書"}}}
	names := []string{"山田太郎", "小林一郎", "鈴木一郎", "岡島", "𠮷田", "髙﨑"}
	for i, n := range names {
		draft.Participants = append(draft.Participants, contract.ParticipantDraft{ID: "p" + string(rune('1'+i)), Order: i, Name: n, Method: contract.Witness})
	}
	c := d.begun(t, draft)
	for _, p := range c.Record.Participants {
		d.identify(t, c, p.ID, "")
		d.sign(t, c, &contract.SignRequest{Participant: p.ID, Reason: p.Name + "として"})
	}
	require.NoError(t, d.Conclude(t.Context(), c, d.store))
	report := d.pki.Verify(t, d.store.documents[0])
	verifytest.Passed(t, report)
	for i, n := range names {
		require.Equal(t, n, report.Signatures[i].Name)
		require.Equal(t, n+"として", report.Signatures[i].Reason)
		require.Contains(t, report.Signatures[i].Signer.Subject, "Inkan Sign", "the platform's certificate signed")
		require.Equal(t, n, d.store.load(t).Record.Participants[i].Name)
	}
	peerNames(t, d.store.documents[0], names)
}

// Scenario 2: every page of three has the ID lower left, as text, also where the page is
// turned and its CropBox lies elsewhere, before the first signature.
func TestScenario2StampedID(t *testing.T) {
	d := newDesk(t)
	d.store.documents[0] = testpdf.Contract(3, testpdf.Stream).Bytes()
	c := d.begun(t, d.draft())
	id := c.Record.ID.String()
	require.Len(t, id, 32)
	require.Equal(t, []string{id, id, id}, extractIDs(t, d.store.documents[0], id))
	require.Equal(t, c.Record.ID, c.Record.Documents[0].ID, "one document has the ID of its contract")
}

// Scenario 3: two witnesses, then a party with a certificate of their own: three revisions
// hold, each the beginning of the next.
func TestScenario3InOrder(t *testing.T) {
	d := newDesk(t)
	c := d.run(t)
	report := d.pki.Verify(t, d.store.documents[0])
	verifytest.Passed(t, report)
	document := c.Record.Documents[0]
	require.Equal(t, []contract.Cause{"uploaded", "stamped", "signed", "signed", "signed", "concluded"}, causes(document))
	for _, v := range document.Revisions {
		require.Equal(t, v.SHA256, contract.Digest(sha256.Sum256(d.store.documents[0][:v.Length])))
	}
	require.Contains(t, report.Signatures[2].Signer.Subject, "岡島花子")
	require.Equal(t, []string{"CN=岡島花子"}, c.Record.Participant("chief").Subject[:1])
}

func causes(d contract.Document) []contract.Cause {
	var out []contract.Cause
	for _, v := range d.Revisions {
		out = append(out, v.Cause)
	}
	return out
}

// Scenario 4: who acts before their turn is refused, before any key is used.
func TestScenario4Order(t *testing.T) {
	d := newDesk(t)
	c := d.begun(t, d.draft())
	d.identify(t, c, "abc", "suzuki@abc.example")
	before := slices.Clone(d.store.documents[0])
	err := d.Sign(t.Context(), c, d.store, &contract.SignRequest{Participant: "abc"})
	var order *contract.OrderError
	require.ErrorAs(t, err, &order)
	require.ErrorIs(t, err, contract.ErrState)
	require.Equal(t, []string{"山田太郎"}, order.Before)
	require.Equal(t, before, d.store.documents[0])
}

// Scenario 5: without a place a signature is invisible, and as valid as a visible one.
func TestScenario5Invisible(t *testing.T) {
	d := newDesk(t)
	c := d.run(t)
	report := d.pki.Verify(t, d.store.documents[0])
	verifytest.Passed(t, report)
	doc, err := pades.NewDocument(bytes.NewReader(d.store.documents[0]), int64(len(d.store.documents[0])), nil)
	require.NoError(t, err)
	fields, err := doc.Fields()
	require.NoError(t, err)
	for _, f := range fields {
		for _, w := range f.Widgets {
			require.Zero(t, w.Rect.Width*w.Rect.Height, f.Name)
		}
	}
	require.Equal(t, contract.Archived, c.Phase())
}

// Scenario 9: a remote key takes two days. The state is read again by another process, and the
// value fits.
func TestScenario9RemoteSigner(t *testing.T) {
	d := newDesk(t)
	draft := d.draft()
	draft.Participants = draft.Participants[2:]
	c := d.begun(t, draft)
	request := &contract.SignRequest{Participant: "chief", Signer: &pades.Signer{Chain: d.party.Chain}}
	prepared, err := d.Begin(t.Context(), c, d.store, request)
	require.NoError(t, err)
	again, err := d.Begin(t.Context(), d.store.load(t), d.store, request)
	require.NoError(t, err)
	require.Equal(t, prepared[0].SignatureDigest(), again[0].SignatureDigest(), "asked again, it is the same")
	c = d.store.load(t)
	require.ErrorIs(t, d.Sign(t.Context(), c, d.store, &contract.SignRequest{Participant: "chief", Signer: d.party}), contract.ErrState)

	c = d.store.load(t)
	value, err := d.party.Key.Sign(rand.Reader, again[0].SignatureDigest(), crypto.SHA256)
	require.NoError(t, err)
	wrong := bytes.Clone(value)
	wrong[0] ^= 1
	require.Error(t, d.Finish(t.Context(), c, d.store, request, [][]byte{wrong}))
	require.False(t, c.Record.HasSigned("chief"))
	require.NoError(t, d.Finish(t.Context(), c, d.store, request, [][]byte{value}))
	require.NoError(t, d.Finish(t.Context(), d.store.load(t), d.store, request, [][]byte{value}), "done once")
	require.NoError(t, d.Conclude(t.Context(), c, d.store))
	verifytest.Passed(t, d.pki.Verify(t, d.store.documents[0]))
}

// Scenario 10: the first time-stamping authority is down, the second is used and told of; with
// none the contract is not concluded, and not at a lower level.
func TestScenario10FailOver(t *testing.T) {
	d := newDesk(t)
	down := &tsa.Client{URL: "http://127.0.0.1:1/"}
	d.TSA = &tsa.FailOver{Servers: []tsa.Timestamper{down, d.pki.TSA()}}
	c := d.run(t)
	require.NotNil(t, c.Record.Signatures[len(c.Record.Signatures)-1].Stamp)

	d = newDesk(t)
	good := d.TSA
	d.TSA = &tsa.FailOver{Servers: []tsa.Timestamper{down}}
	draft := d.draft()
	draft.Participants = draft.Participants[:1]
	c = d.begun(t, draft)
	d.identify(t, c, "town", "keiyaku@town.example")
	d.sign(t, c, &contract.SignRequest{Participant: "town"})
	before := slices.Clone(d.store.documents[0])
	err := d.Conclude(t.Context(), c, d.store)
	require.ErrorIs(t, err, pades.ErrTimestamp)
	require.ErrorIs(t, err, tsa.ErrNoStamp)
	require.Equal(t, before, d.store.documents[0])
	require.Equal(t, contract.Complete, c.Phase())
	d.TSA = good
	require.NoError(t, d.Conclude(t.Context(), c, d.store))
}

// stamper is the certificate that the desk's time stamps are made with.
func (d *desk) stamper(t testing.TB) *certificate.Certificate {
	digest := sha256.Sum256(nil)
	r, err := d.pki.TSA().Timestamp(t.Context(), &tsa.Request{Digest: digest[:]})
	require.NoError(t, err)
	cert, err := r.Token.Certificate()
	require.NoError(t, err)
	return cert
}

func bundle(regime contract.Regime, from, to string, certs ...*certificate.Certificate) *contract.Bundle {
	b := &contract.Bundle{Version: contract.Version, List: "2026-10"}
	s := contract.Service{Operator: "Stamp Inc.", Service: "Stamp", Regime: regime, From: from, To: to}
	for _, c := range certs {
		s.Certificates = append(s.Certificates, c.Fingerprint())
	}
	b.Services = append(b.Services, s)
	return b
}

// Scenario 11: a time stamp of an authority that is not in the list of accredited ones is
// refused; of one that is, the record and the report say by which regime.
func TestScenario11NotAccredited(t *testing.T) {
	d := newDesk(t)
	d.Accredited = bundle(contract.MIC, "2024-01-01", "", d.party.Chain[0])
	draft := d.draft()
	draft.Participants = draft.Participants[:1]
	c := d.begun(t, draft)
	d.identify(t, c, "town", "keiyaku@town.example")
	d.sign(t, c, &contract.SignRequest{Participant: "town"})
	before := slices.Clone(d.store.documents[0])
	require.ErrorIs(t, d.Conclude(t.Context(), c, d.store), contract.ErrNotAccredited)
	require.Equal(t, before, d.store.documents[0])

	d.Accredited = bundle(contract.MIC, "2024-01-01", "", d.stamper(t))
	require.NoError(t, d.Conclude(t.Context(), c, d.store))
	last := c.Record.Signatures[len(c.Record.Signatures)-1]
	require.Equal(t, &contract.Accreditation{Regime: contract.MIC, List: "2026-10"}, last.Stamp.Accredited)
	o := d.pki.Options()
	o.Accreditation = d.Accredited.Regime
	report, err := verify.Reader(t.Context(), bytes.NewReader(d.store.documents[0]), int64(len(d.store.documents[0])), o)
	require.NoError(t, err)
	require.Equal(t, "MIC", report.Signatures[len(report.Signatures)-1].Timestamps[0].Accredited)
}

// Scenario 12: stamps of one operator of 2022 and 2024 are accredited by different regimes.
func TestScenario12Regimes(t *testing.T) {
	d := newDesk(t)
	cert := d.stamper(t)
	b := bundle(contract.JADAC, "2015-04-01", "2023-07-28", cert)
	b.Services = append(b.Services, bundle(contract.MIC, "2023-07-29", "", cert).Services...)
	at := func(year int) *contract.Accreditation {
		return b.At(cert, time.Date(year, 4, 1, 0, 0, 0, 0, time.UTC))
	}
	require.Equal(t, contract.JADAC, at(2022).Regime)
	require.Equal(t, contract.MIC, at(2024).Regime)
	require.Nil(t, at(2014))
	require.Nil(t, b.At(d.party.Chain[0], time.Now()))
}

// Scenario 13: a token with a time attribute certificate is taken, and the contract verified.
func TestScenario13TimeAttributeCertificate(t *testing.T) {
	d := newDesk(t)
	d.TSA = attributed{t, d.pki.TSA()}
	d.run(t)
	verifytest.Passed(t, d.pki.Verify(t, d.store.documents[0]))
}

// Scenario 14: a token that stamps something else, or answers another question, is refused.
func TestScenario14WrongToken(t *testing.T) {
	for _, fault := range []testpki.Fault{testpki.WrongNonce, testpki.WrongImprint, testpki.WrongPolicy} {
		t.Run(fault.String(), func(t *testing.T) {
			d := newDesk(t)
			draft := d.draft()
			draft.Participants = draft.Participants[2:]
			c := d.begun(t, draft)
			d.TSA = faulty(t, fault)
			before := slices.Clone(d.store.documents[0])
			err := d.Sign(t.Context(), c, d.store, &contract.SignRequest{Participant: "chief", Signer: d.party, Level: pades.BT})
			require.ErrorIs(t, err, pades.ErrTimestamp)
			require.Equal(t, before, d.store.documents[0])
			require.ErrorIs(t, d.Sign(t.Context(), d.store.load(t), d.store, &contract.SignRequest{Participant: "chief", Signer: d.party}), contract.ErrKeyUsed,
				"the key has signed; the signature was lost")
		})
	}
}

// Scenario 18: after renewals everything that was recorded still holds.
func TestScenario18Renewal(t *testing.T) {
	d := newDesk(t)
	c := d.run(t)
	before := slices.Clone(d.store.documents[0])
	record := c.Record
	for range 2 {
		require.NoError(t, d.Renew(t.Context(), c, d.store))
	}
	require.True(t, bytes.HasPrefix(d.store.documents[0], before))
	verifytest.Passed(t, d.pki.Verify(t, d.store.documents[0]))
	for _, v := range record.Documents[0].Revisions {
		require.Equal(t, v.SHA256, contract.Digest(sha256.Sum256(d.store.documents[0][:v.Length])))
	}
	require.Equal(t, record.Signatures, c.Record.Signatures[:len(record.Signatures)])
	require.Equal(t, []contract.EventType{contract.Concluded, contract.Renewed, contract.Renewed}, types(c)[len(types(c))-3:])
	require.NoError(t, c.Record.Check())
}

func types(c *contract.Contract) []contract.EventType {
	var out []contract.EventType
	for _, e := range c.Record.Events {
		out = append(out, e.Type)
	}
	return out
}

// Scenario 20: of a certificate like that of an Individual Number Card the name is read from
// its subjectAltName, what it discloses is listed and must be agreed to, and revocation
// that nobody could check is never called good.
func TestScenario20JPKI(t *testing.T) {
	d := newDesk(t)
	draft := d.draft()
	draft.Participants = []contract.ParticipantDraft{{ID: "citizen", Name: "山田太郎", Method: contract.JPKI}}
	c := d.begun(t, draft)
	card, anchors := citizen(t)
	person := contract.PersonOf(card.Chain[0])
	require.Equal(t, &contract.Person{Name: "山田太郎", Sex: "1", BirthDate: "3520101", Address: "北海道上川郡東神楽町南1条西1丁目"}, person)
	err := d.Sign(t.Context(), c, d.store, &contract.SignRequest{Participant: "citizen", Signer: card})
	require.ErrorIs(t, err, contract.ErrConsent)
	require.ErrorContains(t, err, `"name", "sex", "date of birth", "address"`)
	d.sign(t, c, &contract.SignRequest{Participant: "citizen", Signer: card, Disclose: true})
	require.Equal(t, []string{"name", "sex", "date of birth", "address"}, c.Record.Participants[0].Discloses)

	report, err := verify.Reader(t.Context(), bytes.NewReader(d.store.documents[0]), int64(len(d.store.documents[0])), &verify.Options{Trust: anchors})
	require.Error(t, err)
	require.Equal(t, verify.Indeterminate, report.Signatures[0].Indication)
	require.Equal(t, verify.RevocationNotChecked, report.Signatures[0].Chain[0].Revocation)
	require.True(t, report.Signatures[0].Intact)
}

// Scenario 21: a document that another vendor's customer signed is countersigned: what was
// there stays valid, and whose certificates are trusted is told apart.
func TestScenario21Foreign(t *testing.T) {
	d := newDesk(t)
	other := verifytest.NewPKI(t)
	d.store.documents[0] = other.Sign(t, verifytest.Document(), &pades.SignOptions{Level: pades.BT})
	before := slices.Clone(d.store.documents[0])
	c := d.begun(t, d.draft())
	require.True(t, c.Record.Documents[0].Foreign)
	require.Equal(t, before, d.store.documents[0], "it is not stamped")
	require.Len(t, c.Record.Signatures, 1)
	require.Equal(t, "PAdES-B-T", c.Record.Signatures[0].Level)
	d.identify(t, c, "town", "keiyaku@town.example")
	d.sign(t, c, &contract.SignRequest{Participant: "town"})
	require.True(t, bytes.HasPrefix(d.store.documents[0], before))
	report := d.pki.Verify(t, d.store.documents[0])
	require.Len(t, report.Signatures, 2)
	verifytest.Intact(t, report)
	require.Equal(t, verify.Indeterminate, report.Signatures[0].Indication, "its root is unknown here")
	require.Equal(t, "山田太郎", report.Signatures[1].Name)

	broken := newDesk(t)
	broken.store.documents[0] = slices.Clone(before)
	broken.store.documents[0][len(verifytest.Document())/2] ^= 1
	_, err := broken.Create(t.Context(), d.draft(), broken.store)
	require.ErrorIs(t, err, contract.ErrDocument)
}

// Scenario 22: an empty field with a lock and seed values is signed as it asks for.
func TestScenario22SeededField(t *testing.T) {
	d := newDesk(t)
	doc, err := pades.NewDocument(bytes.NewReader(d.store.documents[0]), int64(len(d.store.documents[0])), nil)
	require.NoError(t, err)
	require.NoError(t, doc.AddFields([]*pades.NewField{{
		Name: "Signature-town", Lock: &pades.Lock{Action: pades.LockInclude, Fields: []string{"price"}},
		SeedValues: &pades.SeedValues{Reasons: []string{"承認"}, Required: pades.SeedReasons},
	}}, nil))
	var out bytes.Buffer
	_, err = doc.WriteTo(&out)
	require.NoError(t, err)
	d.store.documents[0] = out.Bytes()
	draft := d.draft()
	draft.Participants = draft.Participants[:1]
	c := d.begun(t, draft)
	d.identify(t, c, "town", "keiyaku@town.example")
	require.Error(t, d.Sign(t.Context(), c, d.store, &contract.SignRequest{Participant: "town", Reason: "閲覧"}))
	require.False(t, c.Record.HasSigned("town"))
	d.sign(t, c, &contract.SignRequest{Participant: "town", Reason: "承認"})
	require.NoError(t, d.Conclude(t.Context(), c, d.store))
	report := d.pki.Verify(t, d.store.documents[0])
	verifytest.Passed(t, report)
	require.Equal(t, []string{"price"}, report.Signatures[0].Locks)
}
