package contract_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verifytest"
)

// memory is a Store in memory. After each call that changes it, it may fail. As a folder of Windows, it
// appends nothing to a document that is open.
type memory struct {
	open              int // sources that were not closed
	documents         [][]byte
	certificate       []byte
	state, disclosure []byte
	saves, appends    int
	crashAt           int // the call that fails, from 1; 0 is none
	crashBefore       bool
	calls             int
}

type memorySource struct {
	*bytes.Reader
	store *memory
}

func (s memorySource) Close() error {
	s.store.open--
	return nil
}

func (m *memory) Open(_ context.Context, n int) (contract.Source, error) {
	data := *m.document(n)
	if data == nil {
		return nil, os.ErrNotExist
	}
	m.open++
	return memorySource{bytes.NewReader(data), m}, nil
}

func (m *memory) document(n int) *[]byte {
	if n == contract.CompletionCertificate {
		return &m.certificate
	}
	return &m.documents[n-1]
}

func (m *memory) Append(_ context.Context, n int, at int64, tail []byte) error {
	m.appends++
	if m.crash(true) {
		return errCrash
	}
	if m.open != 0 {
		return fmt.Errorf("%d documents are open", m.open)
	}
	d := m.document(n)
	*d = slices.Concat((*d)[:at], tail)
	return m.crashed()
}

func (m *memory) Save(_ context.Context, c *contract.Contract) error {
	m.saves++
	if m.crash(true) {
		return errCrash
	}
	var err error
	if m.state, err = c.MarshalJSON(); err != nil {
		return err
	}
	if m.disclosure, err = json.Marshal(c.Disclosure); err != nil {
		return err
	}
	return m.crashed()
}

// crash tells whether the machine stops now, before or after the effect of a call.
func (m *memory) crash(before bool) bool {
	if before {
		m.calls++
	}
	return m.calls == m.crashAt && m.crashBefore == before
}

func (m *memory) crashed() error {
	if m.crash(false) {
		return errCrash
	}
	return nil
}

// load reads the state as a new process would.
func (m *memory) load(t testing.TB) *contract.Contract {
	c, err := contract.Read(bytes.NewReader(m.state), bytes.NewReader(m.disclosure))
	require.NoError(t, err)
	return c
}

// desk is a platform with its services, and the keys of the parties.
type desk struct {
	*contract.Platform
	pki   *verifytest.PKI
	store *memory
	party *pades.Signer // of the party who has a certificate
}

func newDesk(t testing.TB) *desk {
	pki := verifytest.NewPKI(t)
	d := &desk{pki: pki, store: &memory{documents: [][]byte{verifytest.Document()}}}
	d.party = pki.NewSigner(t, "岡島花子")
	d.Platform = &contract.Platform{
		Name: "Inkan Sign", Signer: pki.NewSigner(t, "Inkan Sign"),
		TSA: pki.TSA(), Revocation: pki.Revocation(), Trust: pki.Anchors(),
	}
	return d
}

func (d *desk) draft() *contract.Draft {
	return &contract.Draft{
		Documents: []contract.DocumentDraft{{Title: "工事請負契約書", ManagementNo: "R2-015", Creator: "東神楽町", CreatorContact: "keiyaku@town.example"}},
		Deal:      contract.Deal{Date: "2026-11-20", Counterparties: []string{"ABC株式会社"}, Amount: &contract.Amount{Value: "1200000", Currency: "JPY"}},
		Participants: []contract.ParticipantDraft{
			{ID: "town", Order: 1, Name: "山田太郎", Org: "東神楽町", Method: contract.Witness, Contact: "keiyaku@town.example", ContactKind: "email"},
			{ID: "abc", Order: 2, Name: "鈴木一郎", Org: "ABC株式会社", Method: contract.Witness, Contact: "suzuki@abc.example", ContactKind: "email"},
			{ID: "chief", Order: 3, Name: "岡島花子", Org: "ABC株式会社", Method: contract.Party},
		},
		Consents:  []contract.ConsentDraft{{Company: "ABC株式会社", Representative: "髙﨑次郎", Date: "2026-01-01", Contact: "suzuki@abc.example"}},
		Retention: contract.Retention{Profile: "7 years", Until: "2033-11-20"},
	}
}

// identify notes that a participant was identified by e-mail.
func (d *desk) identify(t testing.TB, c *contract.Contract, participant, address string) {
	require.NoError(t, d.Note(t.Context(), c, d.store, &contract.Note{
		Type: contract.Authenticated, Actor: participant, IP: "203.0.113.7",
		Auth: &contract.Authentication{Type: "email", Provider: "Inkan Sign", Result: "success"}, Contact: address,
	}))
}

// run takes a contract from the draft to the archive.
func (d *desk) run(t testing.TB) *contract.Contract {
	c, err := d.Create(t.Context(), d.draft(), d.store)
	require.NoError(t, err)
	require.NoError(t, d.Prepare(t.Context(), c, d.store, nil))
	d.identify(t, c, "town", "keiyaku@town.example")
	require.NoError(t, d.Sign(t.Context(), c, d.store, &contract.SignRequest{Participant: "town"}))
	d.identify(t, c, "abc", "suzuki@abc.example")
	require.NoError(t, d.Sign(t.Context(), c, d.store, &contract.SignRequest{Participant: "abc"}))
	require.NoError(t, d.Sign(t.Context(), c, d.store, &contract.SignRequest{Participant: "chief", Signer: d.party, Level: pades.BT}))
	require.Equal(t, contract.Complete, c.Phase())
	require.NoError(t, d.Conclude(t.Context(), c, d.store))
	require.Equal(t, contract.Archived, c.Phase())
	return c
}

func TestWholeContract(t *testing.T) {
	d := newDesk(t)
	c := d.run(t)
	report := d.pki.Verify(t, d.store.documents[0])
	verifytest.Passed(t, report)
	require.NoError(t, c.Record.Check())
	require.Len(t, report.Signatures, 5, "three participants, a time stamp that proves them, and the archive time stamp")
	require.Equal(t, "山田太郎", report.Signatures[0].Name)
	require.Contains(t, string(d.store.documents[0]), "manifest.json")
	require.NotContains(t, string(d.store.state), "suzuki@abc.example", "personal values stand in the disclosure only")
	require.True(t, strings.Contains(string(d.store.disclosure), "suzuki@abc.example"))
	again := d.store.load(t)
	first, err := c.Record.Canonical()
	require.NoError(t, err)
	second, err := again.Record.Canonical()
	require.NoError(t, err)
	require.Equal(t, first, second)
	_, err = contract.ReadRecord(bytes.NewReader(first))
	require.NoError(t, err)
}

// TestLongDocument: a document that is too long to be held in memory goes the same way.
func TestLongDocument(t *testing.T) {
	d := newDesk(t)
	file := testpdf.Contract(1, testpdf.Table)
	file.Objects = append(file.Objects, testpdf.Object{Number: 99, Body: "(" + strings.Repeat("inkan", 4<<20) + ")"})
	d.store.documents[0] = file.Bytes()
	require.Greater(t, len(d.store.documents[0]), 16<<20)
	c := d.run(t)
	verifytest.Passed(t, d.pki.Verify(t, d.store.documents[0]))
	require.NoError(t, c.Record.Check())
	require.Len(t, c.Record.Signatures, 5)
	last := c.Record.Documents[0].Revisions[5]
	require.Equal(t, int64(len(d.store.documents[0])), last.Length)
	require.Equal(t, contract.Digest(sha256.Sum256(d.store.documents[0])), last.SHA256)
}

// TestFailedStepChangesNothing: a step whose state cannot be saved leaves the contract as it was,
// and works when it is taken again.
func TestFailedStepChangesNothing(t *testing.T) {
	d := newDesk(t)
	c, err := d.Create(t.Context(), d.draft(), d.store)
	require.NoError(t, err)
	identify := func(who string) func() error {
		return func() error {
			return d.Note(t.Context(), c, d.store, &contract.Note{
				Type: contract.Authenticated, Actor: who, Contact: who + "@example.com",
				Auth: &contract.Authentication{Type: "email", Result: "success"},
			})
		}
	}
	sign := func(q contract.SignRequest) func() error {
		return func() error { return d.Sign(t.Context(), c, d.store, &q) }
	}
	for i, step := range []func() error{
		func() error { return d.Prepare(t.Context(), c, d.store, nil) },
		identify("town"), sign(contract.SignRequest{Participant: "town"}),
		identify("abc"), sign(contract.SignRequest{Participant: "abc"}),
		sign(contract.SignRequest{Participant: "chief", Signer: d.party, Level: pades.BT}),
		func() error {
			return d.Note(t.Context(), c, d.store, &contract.Note{
				Type: contract.Consented, Actor: "abc", Consent: &contract.ConsentDraft{Company: "ABC", Date: "2026-11-22", Contact: "suzuki@abc.example"},
			})
		},
		func() error { return d.Conclude(t.Context(), c, d.store) },
		func() error { return d.Renew(t.Context(), c, d.store) },
	} {
		state, disclosure := marshalled(t, c)
		d.store.crashAt, d.store.crashBefore = d.store.calls+1, true
		require.ErrorIs(t, step(), errCrash, "step %d", i)
		d.store.crashAt = 0
		after, disclosed := marshalled(t, c)
		require.JSONEq(t, state, after, "step %d", i)
		require.JSONEq(t, disclosure, disclosed, "step %d", i)
		require.NoError(t, step(), "step %d", i)
		after, _ = marshalled(t, c)
		require.NotEqual(t, state, after, "step %d", i)
	}
	require.NoError(t, c.Record.Check())
	verifytest.Passed(t, d.pki.Verify(t, d.store.documents[0]))
}

// marshalled is a contract as JSON, without how often it was saved.
func marshalled(t testing.TB, c *contract.Contract) (state, disclosure string) {
	first, err := json.Marshal(c)
	require.NoError(t, err)
	first = bytes.Replace(first, fmt.Appendf(nil, `"saves":%d,`, c.Saves()), nil, 1)
	second, err := json.Marshal(c.Disclosure)
	require.NoError(t, err)
	return string(first), string(second)
}
