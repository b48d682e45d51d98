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
					if err := judge(t.Context(), d); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			require.Equal(t, 1, asked)
			require.Len(t, f.calls("credentials/authorize"), 1)
			requests := len(f.calls("signatures/signHash"))
			require.LessOrEqual(t, requests, 8)
			require.Len(t, f.calls("credentials/extendTransaction"), requests-1)
			require.Equal(t, int64(8), key.Client.Counts().Digests)
			require.Zero(t, s.Left())
			_, err = s.Sign(nil, digest("one more"), crypto.SHA256)
			require.ErrorIs(t, err, csc.ErrAuthorization)
			require.Len(t, f.calls("signatures/signHash"), requests)
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

// gate holds back the answers to signHash until it is opened, and tells of each request that came in.
type gate struct {
	inside chan int // digests of the request
	leave  chan struct{}
}

func newGate(t *testing.T, f *fake) *gate {
	t.Helper()
	g := &gate{inside: make(chan int, 100), leave: make(chan struct{}, 100)}
	t.Cleanup(func() { close(g.leave) })
	f.answer = func(_ http.ResponseWriter, _ *http.Request, method string, body map[string]any) bool {
		if method == "signatures/signHash" {
			g.inside <- len(digests("v2", body))
			<-g.leave
		}
		return false
	}
	return g
}

// TestSessionGathers: what is asked for while the service works goes together in the next request; one whose context
// ends leaves without holding up the others, and one wrong signature is nobody else's.
func TestSessionGathers(t *testing.T) {
	for _, scal := range []string{"1", "2"} {
		f := newFake(t, testpki.RSA2048)
		f.scal, f.multisign = scal, 100
		g := newGate(t, f)
		c := f.client()
		s, err := f.key(t, c).Session(t.Context(), 100)
		require.NoError(t, err)
		results := make(chan error, 100)
		ask := func(ctx context.Context, i int) {
			signature, err := s.SignContext(ctx, nil, digest(fmt.Sprint(i)), crypto.SHA256)
			if err == nil {
				err = rsa.VerifyPKCS1v15(s.Public().(*rsa.PublicKey), crypto.SHA256, digest(fmt.Sprint(i)), signature)
			}
			results <- err
		}
		go ask(t.Context(), 0)
		require.Equal(t, 1, <-g.inside)
		for i := 1; i <= 20; i++ {
			go ask(t.Context(), i)
		}
		require.Eventually(t, func() bool { return s.Waiting() == 20 }, 10*time.Second, time.Millisecond)

		waiting, cancel := context.WithCancel(t.Context())
		gone := make(chan error)
		go func() {
			_, err := s.SignContext(waiting, nil, digest("gone"), crypto.SHA256)
			gone <- err
		}()
		require.Eventually(t, func() bool { return s.Waiting() == 21 }, 10*time.Second, time.Millisecond)
		cancel()
		err = <-gone
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, cms.ErrNotSigned)

		g.leave <- struct{}{}
		require.Equal(t, 20, <-g.inside)
		g.leave <- struct{}{}
		for range 21 {
			require.NoError(t, <-results)
		}
		require.Equal(t, 79, s.Left())
		require.Len(t, f.calls("credentials/authorize"), 1)
		require.Len(t, f.calls("credentials/extendTransaction"), 1)
		require.Len(t, f.calls("signatures/signHash"), 2)
		require.Equal(t, int64(21), c.Counts().Signatures)
	}
}

// TestSessionLeaves: a request goes on as long as one of those that it is for waits, and ends with the last.
func TestSessionLeaves(t *testing.T) {
	f := newFake(t, testpki.RSA2048)
	f.multisign = 100
	g := newGate(t, f)
	s, err := f.key(t, f.client()).Session(t.Context(), 100)
	require.NoError(t, err)
	first := make(chan error, 1)
	go func() {
		_, err := s.Sign(nil, digest("first"), crypto.SHA256)
		first <- err
	}()
	<-g.inside
	results := make([]chan error, 3)
	cancels := make([]context.CancelFunc, 3)
	for i := range results {
		var ctx context.Context
		ctx, cancels[i] = context.WithCancel(t.Context())
		defer cancels[i]()
		results[i] = make(chan error, 1)
		go func() {
			_, err := s.SignContext(ctx, nil, digest(fmt.Sprint(i)), crypto.SHA256)
			results[i] <- err
		}()
	}
	require.Eventually(t, func() bool { return s.Waiting() == 3 }, 10*time.Second, time.Millisecond)
	g.leave <- struct{}{}
	require.NoError(t, <-first)
	require.Equal(t, 3, <-g.inside)

	ended := time.Now()
	cancels[0]()
	err = <-results[0]
	require.Less(t, time.Since(ended), 100*time.Millisecond)
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, cms.ErrNotSigned, "the request is under way")
	g.leave <- struct{}{}
	require.NoError(t, <-results[1])
	require.NoError(t, <-results[2])

	last, cancel := context.WithCancel(t.Context())
	alone := make(chan error, 1)
	go func() {
		_, err := s.SignContext(last, nil, digest("last"), crypto.SHA256)
		alone <- err
	}()
	<-g.inside
	ended = time.Now()
	cancel()
	err = <-alone
	require.Less(t, time.Since(ended), 100*time.Millisecond)
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, cms.ErrNotSigned)
	require.Zero(t, s.Left(), "what became of it is not known")
}

// TestSessionFault: a wrong signature among several ends the session, and the others of the request are good.
func TestSessionFault(t *testing.T) {
	f := newFake(t, testpki.RSA2048)
	f.multisign = 100
	g := newGate(t, f)
	f.sign = func(_, signatures [][]byte) [][]byte {
		if len(signatures) > 2 {
			signatures[1] = signatures[1][1:]
		}
		return signatures
	}
	s, err := f.key(t, f.client()).Session(t.Context(), 100)
	require.NoError(t, err)
	results := make(chan error, 10)
	ask := func(i int) {
		_, err := s.Sign(nil, digest(fmt.Sprint(i)), crypto.SHA256)
		results <- err
	}
	go ask(0)
	<-g.inside
	for i := 1; i <= 5; i++ {
		go ask(i)
	}
	require.Eventually(t, func() bool { return s.Waiting() == 5 }, 10*time.Second, time.Millisecond)
	g.leave <- struct{}{}
	g.leave <- struct{}{}
	bad := 0
	for range 6 {
		if err := <-results; err != nil {
			bad++
			require.ErrorIs(t, err, csc.ErrSignatureLength)
			require.NotErrorIs(t, err, cms.ErrNotSigned)
		}
	}
	require.Equal(t, 1, bad)
	require.Zero(t, s.Left())
}
