package cms

import (
	"context"
	"crypto"
	"crypto/rand"
	"errors"
	"io"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// slowKey takes its time, and heeds the context or does not.
type slowKey struct {
	crypto.Signer
	takes time.Duration
	deaf  bool
	calls atomic.Int64
}

func (k *slowKey) SignContext(ctx context.Context, random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	k.calls.Add(1)
	if k.deaf {
		time.Sleep(k.takes)
		if _, err := io.ReadFull(random, make([]byte, 8)); err != nil {
			return nil, err
		}
		return k.Signer.Sign(random, digest, opts)
	}
	select {
	case <-time.After(k.takes):
		return k.Signer.Sign(random, digest, opts)
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), ErrNotSigned)
	}
}

// plainSlow is a slowKey without SignContext.
type plainSlow struct{ *slowKey }

func (k plainSlow) SignContext() {}

func (k plainSlow) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return k.slowKey.SignContext(context.Background(), random, digest, opts)
}

// TestSignEndsWithTheContext: within 100 ms, whether the key listens or not, and once.
func TestSignEndsWithTheContext(t *testing.T) {
	for name, deaf := range map[string]bool{"heeds the context": false, "is deaf": true} {
		for _, ending := range []string{"cancelled", "timed out"} {
			for _, plain := range []bool{false, true} {
				t.Run(name+"/"+ending, func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						k := &slowKey{Signer: keyring["P-256"](), takes: time.Hour, deaf: deaf}
						var key crypto.Signer = k
						if plain {
							key = plainSlow{k}
						}
						ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
						want := context.DeadlineExceeded
						if ending == "cancelled" {
							time.AfterFunc(3*time.Second, cancel)
							want = context.Canceled
						}
						<-time.After(0)
						ends := make(chan time.Time, 1)
						context.AfterFunc(ctx, func() { ends <- time.Now() })
						_, err := Sign(ctx, nil, key, p256, []byte("m"))
						require.ErrorIs(t, err, want)
						require.ErrorIs(t, err, ErrKey)
						require.Equal(t, !deaf && !plain, errors.Is(err, ErrNotSigned), "a key that does not listen may sign yet")
						require.Less(t, time.Since(<-ends), 100*time.Millisecond)
						require.EqualValues(t, 1, k.calls.Load())
						cancel()
						time.Sleep(2 * time.Hour) // the key goes on, and harms nobody
					})
				})
			}
		}
	}
}

// TestLateSignatureIsTaken: what the key made when it was told to end is not thrown away.
func TestLateSignatureIsTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		k := &slowKey{Signer: keyring["P-256"](), takes: time.Second + keyPatience/2, deaf: true}
		signature, err := Sign(ctx, rand.Reader, k, p256, []byte("m"))
		require.NoError(t, err)
		require.NoError(t, p256.VerifySignature(k.Public(), []byte("m"), signature))
	})
}

// onceReader tells when it is read from after its owner went on.
type onceReader struct{ closed atomic.Bool }

func (r *onceReader) Read(p []byte) (int, error) {
	if r.closed.Load() {
		panic("the randomness is read from by two")
	}
	return rand.Read(p)
}

func TestRandomnessIsGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		random := &onceReader{}
		k := &slowKey{Signer: keyring["P-256"](), takes: time.Minute, deaf: true}
		_, err := Sign(ctx, random, k, p256, []byte("m"))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		random.closed.Store(true)
		time.Sleep(time.Hour)
	})
}

// wildKey panics or ends its goroutine.
type wildKey struct {
	crypto.Signer
	exits bool
}

func (k wildKey) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	if k.exits {
		runtime.Goexit()
	}
	panic("a bug in a driver")
}

func TestPanicOfAKeyReachesItsCaller(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	require.PanicsWithValue(t, "a bug in a driver", func() {
		_, _ = Sign(ctx, nil, wildKey{Signer: keyring["P-256"]()}, p256, []byte("m"))
	})
	_, err := Sign(ctx, nil, wildKey{keyring["P-256"](), true}, p256, []byte("m"))
	require.ErrorIs(t, err, errKeyExited)
}

// TestNotSigned: what fails before the call says so, what fails after it only where the key does.
func TestNotSigned(t *testing.T) {
	message := []byte("m")
	done, cancel := context.WithCancel(t.Context())
	cancel()
	key := &opaque{Signer: keyring["P-256"]()}
	_, err := Sign(t.Context(), nil, nil, p256, message)
	require.ErrorIs(t, err, ErrNotSigned)
	_, err = Sign(t.Context(), nil, key, Algorithm{RSA, crypto.SHA256}, message)
	require.ErrorIs(t, err, ErrNotSigned)
	require.ErrorIs(t, err, ErrKey)
	_, err = Sign(done, nil, key, p256, message)
	require.ErrorIs(t, err, ErrNotSigned)
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, key.calls)

	key.err = errors.New("connection reset")
	_, err = Sign(t.Context(), nil, key, p256, message)
	require.NotErrorIs(t, err, ErrNotSigned)
	key.err = errors.Join(errors.New("wrong PIN"), ErrNotSigned, ErrKeyLost)
	_, err = Sign(t.Context(), nil, key, p256, message)
	require.ErrorIs(t, err, ErrNotSigned)
	require.ErrorIs(t, err, ErrKeyLost)
	key.err, key.spoil = nil, true
	_, err = Sign(t.Context(), nil, key, p256, message)
	require.NotErrorIs(t, err, ErrNotSigned)
}
