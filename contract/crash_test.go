package contract_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/verifytest"
)

var errCrash = errors.New("the machine stopped")

// advance takes a contract as far as it goes, from whatever state it is in, as a service does
// after a restart.
func (d *desk) advance(t testing.TB, repeat bool) error {
	var c *contract.Contract
	if d.store.state == nil {
		var err error
		if c, err = d.Create(t.Context(), d.draft(), d.store); err != nil {
			return err
		}
	} else {
		c = d.store.load(t)
	}
	if err := d.Prepare(t.Context(), c, d.store, nil); err != nil {
		return err
	}
	for _, who := range []string{"town", "abc"} {
		if len(c.Record.Participant(who).Auth) == 0 {
			if err := d.Note(t.Context(), c, d.store, &contract.Note{
				Type: contract.Authenticated, Actor: who,
				Auth: &contract.Authentication{Type: "email", Result: "success"},
			}); err != nil {
				return err
			}
		}
		if err := d.Sign(t.Context(), c, d.store, &contract.SignRequest{Participant: who, Repeat: repeat}); err != nil {
			return err
		}
	}
	if err := d.Sign(t.Context(), c, d.store, &contract.SignRequest{Participant: "chief", Signer: d.party, Repeat: repeat}); err != nil {
		return err
	}
	return d.Conclude(t.Context(), c, d.store)
}

// TestResume stops the machine at every call of the store, before and after its effect, and
// resumes from what was saved: nothing is lost, and nothing is there twice.
func TestResume(t *testing.T) {
	whole := newDesk(t)
	require.NoError(t, whole.advance(t, false))
	calls := whole.store.saves + whole.store.appends
	require.Greater(t, calls, 10)
	want := whole.store.load(t).Record
	keyUses := 0
	for crash := range calls {
		for _, before := range []bool{true, false} {
			t.Run(fmt.Sprintf("%d/%t", crash, before), func(t *testing.T) {
				d := newDesk(t)
				d.store.crashAt, d.store.crashBefore = crash+1, before
				require.ErrorIs(t, d.advance(t, false), errCrash)
				d.store.crashAt = 0
				prefix := bytes.Clone(d.store.documents[0])
				err := d.advance(t, false)
				if errors.Is(err, contract.ErrKeyUsed) {
					keyUses++
					err = d.advance(t, true)
				}
				require.NoError(t, err)
				require.True(t, bytes.HasPrefix(d.store.documents[0], prefix), "no byte that was written is changed")
				require.NoError(t, d.advance(t, false), "what is done is left alone")
				got := d.store.load(t).Record
				require.Equal(t, kinds(want), kinds(got))
				require.Len(t, got.Signatures, len(want.Signatures))
				report := d.pki.Verify(t, d.store.documents[0])
				verifytest.Passed(t, report)
				require.Len(t, report.Signatures, len(want.Signatures))
			})
		}
	}
	require.Positive(t, keyUses, "a crash while a key is used asks for the caller's word")
}

func kinds(r contract.Record) []string {
	var out []string
	for _, e := range r.Events {
		out = append(out, string(e.Type)+" "+e.Actor)
	}
	slices.Sort(out)
	return out
}
