package tsa_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/tsa"
)

// nobody returns the URL of a server that does not exist.
func nobody(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return "http://" + listener.Addr().String()
}

// The primary server is down: the second one is asked, and that is on record.
func TestFailOver(t *testing.T) {
	second := newServer(t)
	f := &tsa.FailOver{Servers: []tsa.Timestamper{&tsa.Client{URL: nobody(t)}, client(second)}}
	response, err := f.Timestamp(t.Context(), request())
	require.NoError(t, err)
	require.Equal(t, second.URL(testpki.TSAService), response.Server)
	require.Len(t, response.Attempts, 2)
	require.ErrorIs(t, response.Attempts[0].Err, tsa.ErrNotSent)
	require.Equal(t, tsa.OutcomeStamp, response.Attempts[1].Outcome)

	f.Servers[1] = &tsa.Client{URL: nobody(t)}
	_, err = f.Timestamp(t.Context(), request())
	require.ErrorIs(t, err, tsa.ErrNoStamp)
	var all *tsa.Error
	require.ErrorAs(t, err, &all)
	require.Len(t, all.Attempts, 2)

	_, err = (&tsa.FailOver{}).Timestamp(t.Context(), request())
	require.Error(t, err)
	_, err = f.Timestamp(t.Context(), &tsa.Request{Digest: []byte{1}})
	require.ErrorContains(t, err, "the digest has 1 bytes")
}

// No fault of a server makes two stamps, unless the caller says that this may be; then
// every fault is got over.
func TestFailOverNeverPaysTwice(t *testing.T) {
	for fault, want := range outcomes {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			first, second := newServer(t), newServer(t)
			first.Break(testpki.TSAService, fault)
			c := client(first)
			c.Timeout = time.Second
			f := &tsa.FailOver{Servers: []tsa.Timestamper{c, client(second)}, Rest: -1}
			_, err := f.Timestamp(t.Context(), request())
			require.Equal(t, want.outcome != tsa.OutcomeUncertain, err == nil, "%v", err)
			asked := 0
			if want.outcome == tsa.OutcomeNoStamp {
				asked = 1
			}
			require.Equal(t, asked, second.Requests(testpki.TSAService))
			require.Equal(t, 1, first.Requests(testpki.TSAService))

			f.MayPayTwice = true
			response, err := f.Timestamp(t.Context(), request())
			require.NoError(t, err)
			require.Equal(t, tsa.OutcomeStamp, response.Attempts[len(response.Attempts)-1].Outcome)
		})
	}
}

// custom is a Timestamper of a caller's own.
type custom struct{ err error }

func (c custom) Timestamp(context.Context, *tsa.Request) (*tsa.Response, error) { return nil, c.err }

func TestFailOverOfOwnTimestampers(t *testing.T) {
	good := responder(t, testpki.P256)
	lost := errors.New("lost on the way")
	_, err := (&tsa.FailOver{Servers: []tsa.Timestamper{custom{lost}, good}}).Timestamp(t.Context(), request())
	require.ErrorIs(t, err, lost)
	_, err = (&tsa.FailOver{Servers: []tsa.Timestamper{custom{nil}, good}}).Timestamp(t.Context(), request())
	require.ErrorContains(t, err, "no token")
	closed := fmt.Errorf("closed at night: %w", tsa.ErrNoStamp)
	inner := &tsa.FailOver{Servers: []tsa.Timestamper{custom{closed}, custom{closed}}}
	response, err := (&tsa.FailOver{Servers: []tsa.Timestamper{inner, good}}).Timestamp(t.Context(), request())
	require.NoError(t, err)
	require.Len(t, response.Attempts, 3)
	require.Equal(t, "Inkan Test TSA", response.Server)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = inner.Timestamp(ctx, request())
	var all *tsa.Error
	require.ErrorAs(t, err, &all)
	require.Len(t, all.Attempts, 1, "nobody waits for the second")
}

// A server that is down is asked last for a while.
func TestRest(t *testing.T) {
	second := newServer(t)
	now := testpki.Now()
	asked := 0
	down := &tsa.Client{URL: nobody(t), Observe: func(tsa.Attempt) { asked++ }}
	f := &tsa.FailOver{Servers: []tsa.Timestamper{down, client(second)}, Now: func() time.Time { return now }}
	stampOnce := func(attempts int) {
		t.Helper()
		response, err := f.Timestamp(t.Context(), request())
		require.NoError(t, err)
		require.Len(t, response.Attempts, attempts)
	}
	stampOnce(2)
	stampOnce(1)
	now = now.Add(30*time.Second - 1)
	stampOnce(1)
	now = now.Add(1)
	stampOnce(2)
	require.Equal(t, 2, asked)

	second.Break(testpki.TSAService, testpki.Unavailable)
	_, err := f.Timestamp(t.Context(), request())
	var all *tsa.Error
	require.ErrorAs(t, err, &all)
	require.Len(t, all.Attempts, 2, "a server at rest is asked when nobody else answers")
	require.Equal(t, second.URL(testpki.TSAService), all.Attempts[0].Server)
	second.Break(testpki.TSAService, testpki.Sound)

	f = &tsa.FailOver{Servers: f.Servers, Rest: -1}
	stampOnce(2)
	stampOnce(2)
}

// A server that hangs costs one call, not every one.
func TestRestAfterHanging(t *testing.T) {
	first, second := newServer(t), newServer(t)
	first.Break(testpki.TSAService, testpki.Silent)
	c := client(first)
	c.Timeout = 200 * time.Millisecond
	f := &tsa.FailOver{Servers: []tsa.Timestamper{c, client(second)}}
	_, err := f.Timestamp(t.Context(), request())
	require.ErrorIs(t, err, tsa.ErrTimeout)
	require.NotErrorIs(t, err, tsa.ErrNoStamp)
	require.Zero(t, second.Stamps())
	response, err := f.Timestamp(t.Context(), request())
	require.NoError(t, err)
	require.Len(t, response.Attempts, 1)
	require.Equal(t, 1, second.Stamps())
	require.Equal(t, 1, first.Requests(testpki.TSAService))
}
