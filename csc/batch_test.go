package csc_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/csc"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

// jobs yields n documents, which are judged when they are written.
func jobs(t *testing.T, n int) func(func(pades.BatchJob) bool) {
	return func(yield func(pades.BatchJob) bool) {
		for range n {
			if !yield(pades.BatchJob{
				Open:  func() (*pades.Document, error) { return open(t, contract(1)), nil },
				Write: func(d *pades.Document) error { return judge(t.Context(), d) },
			}) {
				return
			}
		}
	}
}

// TestBatchInSession: a batch of documents is one authorization, and few requests where the service is far away.
func TestBatchInSession(t *testing.T) {
	const n = 100
	f := newFake(t, testpki.P256)
	f.multisign = n
	f.answer = func(http.ResponseWriter, *http.Request, string, map[string]any) bool {
		time.Sleep(20 * time.Millisecond)
		return false
	}
	c := f.client()
	key := f.key(t, c)
	s, err := key.Session(t.Context(), n)
	require.NoError(t, err)
	batch := &pades.Batch{Signer: &pades.Signer{Key: s, Chain: key.Credential.Chain}, Workers: 32}
	counts, err := batch.Sign(t.Context(), jobs(t, n), func(r pades.BatchResult) error { return r.Err })
	require.NoError(t, err)
	require.EqualValues(t, n, counts.Signed)
	require.EqualValues(t, n, counts.Signatures)
	require.Len(t, f.calls("credentials/authorize"), 1)
	asked := c.Counts()
	require.EqualValues(t, n, asked.Digests)
	require.Less(t, asked.SignCalls, int64(n/2))
}

// TestBatchWithWrongPIN: the owner of a hundred documents is asked once, the service once, and no PIN is locked.
func TestBatchWithWrongPIN(t *testing.T) {
	for _, session := range []bool{true, false} {
		f := newFake(t, testpki.P256)
		f.multisign = 100
		key := f.key(t, f.client())
		key.Approve = approve("pin-wrong", rightOTP)
		signer := &pades.Signer{Key: key, Chain: key.Credential.Chain}
		if session {
			s, err := key.Session(t.Context(), 100)
			require.NoError(t, err)
			signer.Key = s
		}
		batch := &pades.Batch{Signer: signer, Workers: 1}
		counts, err := batch.Sign(t.Context(), jobs(t, 100), func(r pades.BatchResult) error {
			require.ErrorIs(t, r.Err, csc.ErrAuthorization)
			require.ErrorIs(t, r.Err, cms.ErrNotSigned)
			return nil
		})
		require.NoError(t, err)
		require.EqualValues(t, 100, counts.Failed)
		require.Len(t, f.calls("credentials/authorize"), 1)
		require.Empty(t, f.calls("signatures/signHash"))
	}
}
