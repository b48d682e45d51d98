package csc_test

import (
	"context"
	"crypto"
	"crypto/rsa"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/csc"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

// TestSession: many documents are signed one after the other, and the owner is asked once.
func TestSession(t *testing.T) {
	for _, version := range []string{"v1", "v2"} {
		for _, scal := range []string{"1", "2"} {
			f := newFake(t, testpki.P256)
			f.versions, f.scal = []string{version}, scal
			key := f.key(t, f.client())
			asked := 0
			give := key.Approve
			key.Approve = func(ctx context.Context, p *csc.Approval) (*csc.Grant, error) {
				asked++
				require.Equal(t, 8, p.Signatures)
				return give(ctx, p)
			}
			s, err := key.Session(t.Context(), 8)
			require.NoError(t, err)
			require.Empty(t, f.calls("credentials/authorize"))
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					d := open(t, contract(1))
					if err := d.Sign(t.Context(), &pades.Signer{Key: s, Chain: key.Credential.Chain}, nil); err != nil {
						t.Error(err)
						return
					}
					passes(t, d)
				})
			}
			all.Wait()
			require.Equal(t, 1, asked)
			require.Len(t, f.calls("credentials/authorize"), 1)
			require.Len(t, f.calls("credentials/extendTransaction"), 7)
			require.Len(t, f.calls("signatures/signHash"), 8)
			require.Zero(t, s.Left())
			_, err = s.Sign(nil, digest("one more"), crypto.SHA256)
			require.ErrorIs(t, err, csc.ErrAuthorization)
			require.Len(t, f.calls("signatures/signHash"), 8)
		}
	}
}

// TestSessionWithoutExtension: a service that cannot extend takes the same SAD again, unless it is bound to digests.
func TestSessionWithoutExtension(t *testing.T) {
	f := newFake(t, testpki.RSA2048)
	f.methods, f.scal = []string{"signatures/signHash"}, "1"
	s, err := f.key(t, f.client()).Session(t.Context(), 3)
	require.NoError(t, err)
	for i := range 3 {
		signature, err := s.Sign(nil, digest(fmt.Sprint(i)), crypto.SHA256)
		require.NoError(t, err)
		require.NoError(t, rsa.VerifyPKCS1v15(s.Public().(*rsa.PublicKey), crypto.SHA256, digest(fmt.Sprint(i)), signature))
	}
	require.Empty(t, f.calls("credentials/extendTransaction"))

	f.scal = "2"
	key := f.key(t, f.client())
	_, err = key.Session(t.Context(), 2)
	require.ErrorIs(t, err, csc.ErrCredential)
	_, err = key.Session(t.Context(), 1)
	require.NoError(t, err)
	for _, n := range []int{0, 9} {
		_, err = key.Session(t.Context(), n)
		require.ErrorIs(t, err, csc.ErrCredential)
	}
}

// TestSessionEnds: after a refusal or a lost answer nobody is asked again; what was not sent changes nothing.
func TestSessionEnds(t *testing.T) {
	f := newFake(t, testpki.RSA2048)
	key := f.key(t, f.client())
	key.Approve = approve("wrong", rightOTP)
	s, err := key.Session(t.Context(), 8)
	require.NoError(t, err)
	for range 5 {
		_, err = s.Sign(nil, digest("1"), crypto.SHA256)
		require.ErrorIs(t, err, csc.ErrAuthorization)
	}
	require.Len(t, f.calls("credentials/authorize"), 1, "a wrong PIN is sent once: the third locks it")
	require.Zero(t, s.Left())

	key.Approve = approve(rightPIN, rightOTP)
	s, err = key.Session(t.Context(), 8)
	require.NoError(t, err)
	ended, end := context.WithCancel(t.Context())
	end()
	_, err = s.SignContext(ended, nil, digest("1"), crypto.SHA256)
	require.ErrorIs(t, err, csc.ErrNotSent)
	_, err = s.Sign(nil, digest("1"), crypto.SHA384)
	require.ErrorIs(t, err, csc.ErrCredential)
	require.Equal(t, 8, s.Left())
	_, err = s.Sign(nil, digest("1"), crypto.SHA256)
	require.NoError(t, err)
	f.answer = func(w http.ResponseWriter, _ *http.Request, method string, _ map[string]any) bool {
		if method != "signatures/signHash" {
			return false
		}
		hangUp(w)
		return true
	}
	_, err = s.Sign(nil, digest("2"), crypto.SHA256)
	require.NotErrorIs(t, err, cms.ErrNotSigned)
	f.respond(nil)
	_, err = s.Sign(nil, digest("3"), crypto.SHA256)
	require.ErrorIs(t, err, csc.ErrAuthorization)
	require.Len(t, f.calls("signatures/signHash"), 2)
}

// TestSessionWaits: a signature that waits for another can be cancelled.
func TestSessionWaits(t *testing.T) {
	f := newFake(t, testpki.RSA2048)
	s, err := f.key(t, f.client()).Session(t.Context(), 2)
	require.NoError(t, err)
	inside, leave := make(chan struct{}), make(chan struct{})
	f.answer = func(_ http.ResponseWriter, _ *http.Request, method string, _ map[string]any) bool {
		if method == "signatures/signHash" {
			close(inside)
			<-leave
		}
		return false
	}
	done := make(chan error, 1)
	go func() {
		_, err := s.Sign(nil, digest("1"), crypto.SHA256)
		done <- err
	}()
	<-inside
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	started := time.Now()
	_, err = s.SignContext(ctx, nil, digest("2"), crypto.SHA256)
	require.ErrorIs(t, err, csc.ErrNotSent)
	require.Less(t, time.Since(started), 5*time.Second)
	close(leave)
	require.NoError(t, <-done)
	require.Equal(t, 1, s.Left())
}
