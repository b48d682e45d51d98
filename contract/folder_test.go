package contract_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/filelock"
	"github.com/inkan-go/inkan/pades"
)

// filed is a contract in a folder, of which the two witnesses sign in any order.
func (d *desk) filed(t testing.TB) (contract.Folder, *contract.Contract) {
	f := contract.Folder(t.TempDir())
	require.NoError(t, os.WriteFile(f.DocumentName(1), d.store.documents[0], 0o600))
	draft := d.draft()
	draft.Participants[1].Order = draft.Participants[0].Order
	c, err := d.Create(t.Context(), draft, f)
	require.NoError(t, err)
	require.NoError(t, d.Prepare(t.Context(), c, f, nil))
	for _, who := range []string{"town", "abc"} {
		require.NoError(t, d.Note(t.Context(), c, f, &contract.Note{
			Type: contract.Authenticated, Actor: who, Auth: &contract.Authentication{Type: "email", Result: "success"},
		}))
	}
	return f, c
}

func loaded(t testing.TB, f contract.Folder) *contract.Contract {
	c, err := f.Load()
	require.NoError(t, err)
	return c
}

// TestFolderStale: a state that is older than the one in the folder is not saved over it, no key is
// used for it, and nothing is appended.
func TestFolderStale(t *testing.T) {
	d := newDesk(t)
	f, c := d.filed(t)
	stale := loaded(t, f)
	require.NoError(t, d.Sign(t.Context(), c, f, &contract.SignRequest{Participant: "town"}))
	document, err := os.ReadFile(f.DocumentName(1))
	require.NoError(t, err)
	for name, step := range map[string]func(*contract.Contract) error{
		"note": func(c *contract.Contract) error {
			return d.Note(t.Context(), c, f, &contract.Note{Type: contract.Viewed, Actor: "abc"})
		},
		"sign": func(c *contract.Contract) error {
			return d.Sign(t.Context(), c, f, &contract.SignRequest{Participant: "abc"})
		},
		"save": func(c *contract.Contract) error { return f.Save(t.Context(), c) },
	} {
		err := step(stale)
		require.True(t, errors.Is(err, contract.ErrState) || errors.Is(err, contract.ErrDocument), "%s: %v", name, err)
		now, err := os.ReadFile(f.DocumentName(1))
		require.NoError(t, err)
		require.Equal(t, document, now, name)
		require.True(t, loaded(t, f).Record.HasSigned("town"), name)
	}
	require.ErrorIs(t, f.Save(t.Context(), stale), contract.ErrState)
	draft := d.draft()
	for i := range draft.Participants {
		draft.Participants[i].ID += "2"
	}
	_, err = d.Create(t.Context(), draft, f)
	require.ErrorIs(t, err, contract.ErrState, "another contract in the same folder")

	c.Disclosure = nil
	require.NoError(t, f.Save(t.Context(), c), "the disclosure is deleted")
	require.Nil(t, loaded(t, f).Disclosure)
}

// TestStateBeforeSaves: a state that was saved before saves were counted is read, and saved again.
func TestStateBeforeSaves(t *testing.T) {
	d := newDesk(t)
	f, c := d.filed(t)
	name := filepath.Join(string(f), contract.StateName)
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	older := bytes.Replace(data, fmt.Appendf(nil, `  "saves": %d,`+"\n", c.Saves()), nil, 1)
	require.Less(t, len(older), len(data))
	require.NoError(t, os.WriteFile(name, older, 0o600))
	require.NoError(t, d.Sign(t.Context(), loaded(t, f), f, &contract.SignRequest{Participant: "town"}))
	require.Positive(t, loaded(t, f).Saves())
}

// TestFolderAtOnce has two processes sign at once: who is refused signs again, and no signature is
// lost.
func TestFolderAtOnce(t *testing.T) {
	d := newDesk(t)
	f, _ := d.filed(t)
	var wait sync.WaitGroup
	failed := make(chan error, 2)
	for _, who := range []string{"town", "abc"} {
		wait.Go(func() {
			for {
				c, err := f.Load()
				if err == nil {
					err = d.Sign(t.Context(), c, f, &contract.SignRequest{Participant: who, Repeat: true})
				}
				if err == nil {
					return
				}
				if !errors.Is(err, contract.ErrState) && !errors.Is(err, contract.ErrDocument) {
					failed <- err
					return
				}
			}
		})
	}
	wait.Wait()
	close(failed)
	require.NoError(t, <-failed)
	c := loaded(t, f)
	require.True(t, c.Record.HasSigned("town"))
	require.True(t, c.Record.HasSigned("abc"))
	data, err := os.ReadFile(f.DocumentName(1))
	require.NoError(t, err)
	report := d.pki.Verify(t, data)
	require.Len(t, report.Signatures, 2)
}

// TestFolderAppend: what follows in a document is never lost.
func TestFolderAppend(t *testing.T) {
	f := contract.Folder(t.TempDir())
	require.NoError(t, os.WriteFile(f.DocumentName(1), []byte("one"), 0o600))
	for _, tt := range []struct {
		at   int64
		tail string
		want string // "" is refused
	}{
		{3, "two", "onetwo"},
		{3, "two", "onetwo"},
		{3, "twothree", "onetwothree"},
		{3, "two", "onetwothree"},
		{0, "one", "onetwothree"},
		{3, "other", ""},
		{0, "x", ""},
		{100, "x", ""},
	} {
		err := f.Append(t.Context(), 1, tt.at, []byte(tt.tail))
		if tt.want == "" {
			require.ErrorIs(t, err, contract.ErrDocument)
			continue
		}
		require.NoError(t, err)
		data, err := os.ReadFile(f.DocumentName(1))
		require.NoError(t, err)
		require.Equal(t, tt.want, string(data))
	}
}

// TestReadPending: a state cannot have anything appended but what makes the newest revision.
func TestReadPending(t *testing.T) {
	d := newDesk(t)
	d.begun(t, d.draft())
	for _, pending := range []string{
		`{"n":1,"at":0,"tail":"AAAA"}`, `{"n":1,"at":10,"tail":"AAAA"}`, `{"n":0,"at":0,"tail":"AAAA"}`, `{"n":2,"at":0,"tail":""}`,
		`{"n":-1,"at":0,"tail":""}`, `{"n":1,"at":9223372036854775807,"tail":"AAAA"}`,
	} {
		state := strings.Replace(string(d.store.state), `"record":`, `"pending":[`+pending+`],"record":`, 1)
		_, err := contract.Read(strings.NewReader(state), bytes.NewReader(d.store.disclosure))
		require.ErrorIs(t, err, contract.ErrRecord, pending)
	}
}

// waitingFor is a contract of which the last participant's signature was begun, and its value.
func (d *desk) waitingFor(t testing.TB) (*contract.Contract, []byte) {
	c := d.begun(t, d.draft())
	d.identify(t, c, "town", "keiyaku@town.example")
	d.sign(t, c, &contract.SignRequest{Participant: "town"})
	d.identify(t, c, "abc", "suzuki@abc.example")
	d.sign(t, c, &contract.SignRequest{Participant: "abc"})
	prepared, err := d.Begin(t.Context(), c, d.store, &contract.SignRequest{Participant: "chief", Signer: &pades.Signer{Chain: d.party.Chain}})
	require.NoError(t, err)
	value, err := d.party.Key.Sign(rand.Reader, prepared[0].SignatureDigest(), crypto.SHA256)
	require.NoError(t, err)
	return c, value
}

// TestFinishOther: what was begun for one certificate is not finished, and recorded, as another's.
func TestFinishOther(t *testing.T) {
	d := newDesk(t)
	c, value := d.waitingFor(t)
	before := bytes.Clone(d.store.documents[0])
	other := d.pki.NewSigner(t, "岡島花子")
	err := d.Finish(t.Context(), c, d.store, &contract.SignRequest{Participant: "chief", Signer: &pades.Signer{Chain: other.Chain}}, [][]byte{value})
	require.ErrorIs(t, err, contract.ErrOptions)
	require.Equal(t, before, d.store.documents[0])
	require.NoError(t, d.Finish(t.Context(), c, d.store, &contract.SignRequest{Participant: "chief", Signer: &pades.Signer{Chain: d.party.Chain}}, [][]byte{value}))
}

// TestReassignedWhileWaiting: a signature that was begun in the name of one person does not become
// that of another.
func TestReassignedWhileWaiting(t *testing.T) {
	d := newDesk(t)
	c, value := d.waitingFor(t)
	require.NoError(t, d.Note(t.Context(), c, d.store, &contract.Note{
		Type: contract.Reassigned, Actor: "chief", To: &contract.ParticipantDraft{Name: "高橋三郎"},
	}))
	q := &contract.SignRequest{Participant: "chief", Signer: d.party}
	require.ErrorIs(t, d.Finish(t.Context(), c, d.store, q, [][]byte{value}), contract.ErrState)
	require.NoError(t, d.Sign(t.Context(), c, d.store, q))
}

// TestFolderUnfinished: what a crash left of a file is gone with the next one, and with the personal values
// that are deleted.
func TestFolderUnfinished(t *testing.T) {
	d := newDesk(t)
	f, c := d.filed(t)
	left := filepath.Join(string(f), "."+contract.DisclosureName+".new")
	for range 2 {
		require.NoError(t, os.WriteFile(left, []byte("keiyaku@town.example, and more than the whole file is going to be"+strings.Repeat(" ", 1<<16)), 0o600))
		require.NoError(t, d.Note(t.Context(), c, f, &contract.Note{Type: contract.Viewed}))
		require.NoFileExists(t, left)
		require.Equal(t, c.Disclosure, loaded(t, f).Disclosure)
		c.Disclosure = nil
	}
	require.NoFileExists(t, filepath.Join(string(f), contract.DisclosureName))
}

// TestFolderInUse: a process waits for the one that has the folder, as long as it may, and then writes
// nothing.
func TestFolderInUse(t *testing.T) {
	f := contract.Folder(t.TempDir())
	other, err := os.Create(filepath.Join(string(f), contract.LockName))
	require.NoError(t, err)
	if err := filelock.Lock(other); errors.Is(err, errors.ErrUnsupported) {
		t.Skip("no locks here")
	} else {
		require.NoError(t, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, f.Append(ctx, 1, 0, []byte("%PDF-")), context.DeadlineExceeded)
	require.NoFileExists(t, f.DocumentName(1))
	require.NoError(t, other.Close())
	require.NoError(t, f.Append(t.Context(), 1, 0, []byte("%PDF-")))
	require.FileExists(t, f.DocumentName(1))
}
