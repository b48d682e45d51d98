package contract_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verifytest"
)

// TestRefusals calls what the state or the options forbid: nothing is written, and the kind of
// error tells whose turn it is to do something.
func TestRefusals(t *testing.T) {
	d := newDesk(t)
	_, err := d.Create(t.Context(), &contract.Draft{}, d.store)
	require.ErrorIs(t, err, contract.ErrOptions)
	c, err := d.Create(t.Context(), d.draft(), d.store)
	require.NoError(t, err)
	state := string(d.store.state)
	note := func(n contract.Note) error { return d.Note(t.Context(), c, d.store, &n) }
	sign := func(q contract.SignRequest) error { return d.Sign(t.Context(), c, d.store, &q) }
	issue := func() error {
		_, err := d.Issue(t.Context(), c, d.store, nil)
		return err
	}
	for name, tt := range map[string]struct {
		err  error
		want error
	}{
		"signing before preparing": {sign(contract.SignRequest{Participant: "town"}), contract.ErrState},
		"concluding a draft":       {d.Conclude(t.Context(), c, d.store), contract.ErrState},
		"renewing a draft":         {d.Renew(t.Context(), c, d.store), contract.ErrState},
		"certifying a draft":       {issue(), contract.ErrState},
		"a stranger":               {sign(contract.SignRequest{Participant: "nobody"}), contract.ErrOptions},
		"an event of a step":       {note(contract.Note{Type: contract.Concluded}), contract.ErrOptions},
		"identified by nothing":    {note(contract.Note{Type: contract.Authenticated, Actor: "town"}), contract.ErrOptions},
		"reassigned to nobody":     {note(contract.Note{Type: contract.Reassigned, Actor: "town"}), contract.ErrOptions},
		"an event of a stranger":   {note(contract.Note{Type: contract.Viewed, Actor: "nobody"}), contract.ErrRecord},
	} {
		require.ErrorIs(t, tt.err, tt.want, name)
	}
	require.Equal(t, state, string(d.store.state))

	require.NoError(t, d.Prepare(t.Context(), c, d.store, nil))
	require.ErrorIs(t, sign(contract.SignRequest{Participant: "town"}), contract.ErrState, "not identified")
	require.ErrorIs(t, sign(contract.SignRequest{Participant: "town", Signer: d.party}), contract.ErrOptions)
	require.ErrorIs(t, sign(contract.SignRequest{Participant: "town", Level: pades.BLTA}), contract.ErrOptions)
	require.NoError(t, note(contract.Note{Type: contract.Withdrawn, Actor: contract.Creator}))
	require.Equal(t, contract.Ended, c.Phase())
	require.ErrorIs(t, sign(contract.SignRequest{Participant: "town"}), contract.ErrState)
	require.ErrorIs(t, note(contract.Note{Type: contract.Sent}), contract.ErrState)
}

// TestReassigned: somebody else signs in a participant's place, by an address of their own.
func TestReassigned(t *testing.T) {
	d := newDesk(t)
	draft := d.draft()
	draft.Participants = draft.Participants[:1]
	c := d.begun(t, draft)
	d.identify(t, c, "town", "keiyaku@town.example")
	n := &contract.Note{
		Type: contract.Reassigned, Actor: "town", Time: time.Now(),
		To: &contract.ParticipantDraft{Name: "小林一郎", Org: "東神楽町", Contact: "kobayashi@town.example", ContactKind: "email"},
	}
	require.NoError(t, d.Note(t.Context(), c, d.store, n))
	state := string(d.store.state)
	require.NoError(t, d.Note(t.Context(), c, d.store, n))
	require.Equal(t, state, string(d.store.state), "with a given time it is repeated")
	require.ErrorIs(t, d.Sign(t.Context(), c, d.store, &contract.SignRequest{Participant: "town"}), contract.ErrState, "identified was the other one")
	d.identify(t, c, "town", "kobayashi@town.example")
	d.sign(t, c, &contract.SignRequest{Participant: "town"})
	require.NoError(t, d.Conclude(t.Context(), c, d.store))
	require.Equal(t, "小林一郎", d.pki.Verify(t, d.store.documents[0]).Signatures[0].Name)
	certificate, err := d.Issue(t.Context(), c, d.store, &contract.CertificateOptions{Fonts: contract.AnyFonts(t)})
	require.NoError(t, err)
	report := d.audit(t, certificate, c.Disclosure, d.store.documents[0])
	require.Equal(t, contract.Proven, report.Result, report.Claims)
}

// TestReassignedTooLate: who signed one document of a contract is not exchanged for somebody who would
// sign the other.
func TestReassignedTooLate(t *testing.T) {
	d := newDesk(t)
	d.store.documents = append(d.store.documents, verifytest.Document())
	draft := d.draft()
	draft.Documents = append(draft.Documents, contract.DocumentDraft{Title: "仕様書"})
	c := d.begun(t, draft)
	d.identify(t, c, "town", "keiyaku@town.example")
	good := d.store.documents[1]
	d.store.documents[1] = changed(good, "Service contract")
	require.ErrorIs(t, d.Sign(t.Context(), c, d.store, &contract.SignRequest{Participant: "town"}), contract.ErrDocument)
	d.store.documents[1] = good
	require.Len(t, c.Record.Signatures, 1)
	handOver := func(from string) error {
		return d.Note(t.Context(), c, d.store, &contract.Note{Type: contract.Reassigned, Actor: from, To: &contract.ParticipantDraft{Name: "小林一郎"}})
	}
	err := handOver("town")
	require.ErrorIs(t, err, contract.ErrState)
	require.ErrorContains(t, err, "signed one of the documents")
	require.NoError(t, handOver("abc"))
	d.sign(t, c, &contract.SignRequest{Participant: "town"})
	require.ErrorContains(t, handOver("town"), "has signed;")
}

// TestAltered: a document that is not what the last step left is refused.
func TestAltered(t *testing.T) {
	d := newDesk(t)
	c := d.begun(t, d.draft())
	d.identify(t, c, "town", "keiyaku@town.example")
	d.store.documents[0] = changed(d.store.documents[0], "Service contract")
	require.ErrorIs(t, d.Sign(t.Context(), c, d.store, &contract.SignRequest{Participant: "town"}), contract.ErrDocument)
	d.store.documents[0] = append(changed(d.store.documents[0], "Service contract"), "more"...)
	require.ErrorIs(t, d.Sign(t.Context(), c, d.store, &contract.SignRequest{Participant: "town"}), contract.ErrDocument)
}
