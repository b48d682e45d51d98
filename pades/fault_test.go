package pades_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"encoding/asn1"
	"errors"
	"io"
	"math/big"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

// device is a key with one fault. It counts how often it was asked, and how often it signed.
type device struct {
	crypto.Signer
	fault       func(ctx context.Context, sign func([]byte) []byte, digest []byte) ([]byte, error)
	asked, made atomic.Int64
}

func (k *device) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("the method without a context was called")
}

func (k *device) SignContext(ctx context.Context, _ io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	k.asked.Add(1)
	return k.fault(ctx, func(digest []byte) []byte {
		k.made.Add(1)
		signature, err := k.Signer.Sign(rand.Reader, digest, o)
		if err != nil {
			panic(err)
		}
		return signature
	}, digest)
}

// keyFaults are what goes wrong with keys that are elsewhere.
var keyFaults = map[string]struct {
	fault     func(ctx context.Context, sign func([]byte) []byte, digest []byte) ([]byte, error)
	cause     error // of package pades
	want      error
	made      int64
	notSigned bool
}{
	"sound": {
		fault: func(_ context.Context, sign func([]byte) []byte, digest []byte) ([]byte, error) {
			return sign(digest), nil
		}, made: 1,
	},
	"signs, then drops the connection": {
		fault: func(_ context.Context, sign func([]byte) []byte, digest []byte) ([]byte, error) {
			sign(digest)
			return nil, io.ErrUnexpectedEOF
		}, cause: pades.ErrSigner, want: io.ErrUnexpectedEOF, made: 1,
	},
	"refuses": {
		fault: func(context.Context, func([]byte) []byte, []byte) ([]byte, error) {
			return nil, errors.Join(errors.New("PIN locked"), cms.ErrNotSigned, cms.ErrKeyLost)
		}, cause: pades.ErrSigner, want: cms.ErrKeyLost, notSigned: true,
	},
	"time-out, and listens": {
		fault: func(ctx context.Context, _ func([]byte) []byte, _ []byte) ([]byte, error) {
			<-ctx.Done()
			return nil, errors.Join(ctx.Err(), cms.ErrNotSigned)
		}, cause: pades.ErrSigner, want: context.DeadlineExceeded, notSigned: true,
	},
	"time-out, and does not listen": {
		fault: func(_ context.Context, sign func([]byte) []byte, digest []byte) ([]byte, error) {
			time.Sleep(2 * time.Second)
			return sign(digest), nil
		}, cause: pades.ErrSigner, want: context.DeadlineExceeded,
	},
	"returns nothing": {
		fault: func(_ context.Context, sign func([]byte) []byte, digest []byte) ([]byte, error) {
			sign(digest)
			return nil, nil
		}, cause: pades.ErrSignature, want: cms.ErrSignature, made: 1,
	},
	"a byte too few": {
		fault: func(_ context.Context, sign func([]byte) []byte, digest []byte) ([]byte, error) {
			s := sign(digest)
			return s[:len(s)-1], nil
		}, cause: pades.ErrSignature, want: cms.ErrSignature, made: 1,
	},
	"a byte too many": {
		fault: func(_ context.Context, sign func([]byte) []byte, digest []byte) ([]byte, error) {
			return append(sign(digest), 0), nil
		}, cause: pades.ErrSignature, want: cms.ErrSignature, made: 1,
	},
	"far too many": {
		fault: func(_ context.Context, sign func([]byte) []byte, digest []byte) ([]byte, error) {
			return append(sign(digest), make([]byte, 1<<20)...), nil
		}, cause: pades.ErrSignature, want: cms.ErrSignature, made: 1,
	},
	"signature of other data": {
		fault: func(_ context.Context, sign func([]byte) []byte, digest []byte) ([]byte, error) {
			return sign(make([]byte, len(digest))), nil
		}, cause: pades.ErrSignature, want: cms.ErrSignature, made: 1,
	},
	"a changed signature": {
		fault: func(_ context.Context, sign func([]byte) []byte, digest []byte) ([]byte, error) {
			s := sign(digest)
			s[len(s)/2] ^= 1
			return s, nil
		}, cause: pades.ErrSignature, want: cms.ErrSignature, made: 1,
	},
}

// TestKeyFaults: every fault of a key, in one step and in a batch: a typed error, nothing
// written, and the key asked once.
func TestKeyFaults(t *testing.T) {
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	for name, c := range keyFaults {
		for _, kind := range []testpki.KeyType{testpki.RSA2048, testpki.P256} {
			t.Run(name+"/"+kind.String(), func(t *testing.T) {
				t.Parallel()
				s := signer(t, &testpki.Request{KeyType: kind})
				ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
				if c.want != context.DeadlineExceeded {
					ctx = t.Context()
				}
				defer cancel()
				key := &device{Signer: s.Key, fault: c.fault}
				d := document(t, original)
				start := time.Now()
				err := d.Sign(ctx, &pades.Signer{Key: key, Chain: s.Chain}, nil)
				require.Less(t, time.Since(start), 1500*time.Millisecond)
				require.EqualValues(t, 1, key.asked.Load())
				require.Equal(t, c.made, key.made.Load())
				if c.want == nil {
					require.NoError(t, err)
					require.Len(t, signatures(t, content(t, d)), 1)
				} else {
					require.ErrorIs(t, err, c.cause)
					require.ErrorIs(t, err, c.want)
					require.ErrorIs(t, err, cms.ErrKey)
					require.Equal(t, c.notSigned, errors.Is(err, cms.ErrNotSigned))
					require.Equal(t, original, content(t, d))
				}

				if c.want == context.DeadlineExceeded {
					return
				}
				var out drawer
				key = &device{Signer: s.Key, fault: c.fault}
				b := &pades.Batch{Signer: &pades.Signer{Key: key, Chain: s.Chain}, OpenOptions: fixed}
				counts, err := b.Sign(t.Context(), repeated(1, func(int) pades.BatchJob { return out.job("x", original) }), nil)
				require.NoError(t, err)
				require.EqualValues(t, 1, key.asked.Load())
				want := pades.BatchCounts{Documents: 1}
				switch {
				case c.want == nil:
					want.Signed, want.Signatures = 1, 1
				case c.notSigned:
					want.Failed = 1
				default:
					want.Failed, want.Uncertain = 1, 1
				}
				require.Equal(t, want, counts)
				require.Len(t, out.made, int(want.Signed))
			})
		}
	}
}

// TestKeyIsCancelled: signing alone and a batch end within 100 ms of their context, also while
// keys are at work that do not listen; nothing is written, and no key is called again.
func TestKeyIsCancelled(t *testing.T) {
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	s := signer(t, &testpki.Request{KeyType: testpki.P256})
	for name, deaf := range map[string]bool{"listens": false, "does not listen": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				key := &device{Signer: s.Key, fault: func(ctx context.Context, sign func([]byte) []byte, digest []byte) ([]byte, error) {
					if deaf {
						time.Sleep(time.Hour)
						return sign(digest), nil
					}
					<-ctx.Done()
					return nil, errors.Join(ctx.Err(), cms.ErrNotSigned)
				}}
				who := &pades.Signer{Key: key, Chain: s.Chain}
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(time.Minute, cancel)
				start := time.Now()
				d := document(t, original)
				err := d.Sign(ctx, who, nil)
				require.ErrorIs(t, err, context.Canceled)
				require.Less(t, time.Since(start), time.Minute+100*time.Millisecond)
				require.Equal(t, !deaf, errors.Is(err, cms.ErrNotSigned))
				require.Equal(t, original, content(t, d))
				require.EqualValues(t, 1, key.asked.Load())

				ctx, cancel = context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				start = time.Now()
				var out drawer
				results := 0
				b := &pades.Batch{Signer: who, Workers: 8}
				counts, err := b.Sign(ctx, repeated(100, func(int) pades.BatchJob { return out.job("x", original) }), func(r pades.BatchResult) error {
					results++
					require.ErrorIs(t, r.Err, context.DeadlineExceeded)
					return nil
				})
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.Less(t, time.Since(start), time.Minute+100*time.Millisecond)
				require.EqualValues(t, 1+8, key.asked.Load())
				require.Empty(t, out.made)
				require.EqualValues(t, results, counts.Failed)
				require.Equal(t, map[bool]int64{true: 8}[deaf], counts.Uncertain)
				require.Zero(t, counts.Signatures)
				time.Sleep(2 * time.Hour) // the keys go on, and harm nobody
			})
		})
	}
}

// TestOutsideFaults: the same answers brought by hand, in the second of two steps.
func TestOutsideFaults(t *testing.T) {
	for _, kind := range []testpki.KeyType{testpki.RSA2048, testpki.P256, testpki.Ed25519} {
		original, s, p := prepared(t, kind)
		value := rawSignature(t, s.Key, p)
		other, err := s.Key.Sign(rand.Reader, make([]byte, p.Algorithm().Hash.Size()), p.Algorithm().Hash)
		if kind == testpki.Ed25519 {
			other, err = s.Key.Sign(rand.Reader, []byte("other"), crypto.Hash(0))
		}
		require.NoError(t, err)
		changed := bytes.Clone(value)
		changed[len(changed)/2] ^= 1
		d := document(t, original)
		for name, wrong := range map[string][]byte{
			"nothing": nil, "too short": value[:len(value)-1], "too long": append(bytes.Clone(value), 0),
			"far too long": append(bytes.Clone(value), make([]byte, 1<<20)...), "of other data": other, "changed": changed,
		} {
			require.ErrorIs(t, d.Complete(t.Context(), p, wrong, nil), pades.ErrSignature, name)
			require.Equal(t, original, content(t, d))
		}
		if kind == testpki.P256 {
			var parts struct{ R, S *big.Int }
			_, err := asn1.Unmarshal(value, &parts)
			require.NoError(t, err)
			row := append(parts.R.FillBytes(make([]byte, 32)), parts.S.FillBytes(make([]byte, 32))...)
			err = d.Complete(t.Context(), p, row, nil)
			require.ErrorIs(t, err, pades.ErrSignature)
			require.ErrorContains(t, err, "r and s in a row")
		}
		require.NoError(t, d.Complete(t.Context(), p, value, nil))
	}
}
