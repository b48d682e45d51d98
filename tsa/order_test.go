package tsa_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/tsa"
)

func TestBefore(t *testing.T) {
	one, other := authority(t, testpki.Ed25519, nil), authority(t, testpki.P256, nil)
	at := func(id *testpki.Identity, off, accuracy time.Duration, ordering bool) *tsa.Token {
		return parse(t, stamp(t, id, testpki.Token{Time: testpki.Now().Add(off), Accuracy: accuracy, Ordering: ordering}))
	}
	const s = time.Second
	for _, test := range []struct {
		a, b    *tsa.Token
		assumed time.Duration
		want    bool
	}{
		{at(one, 0, s, false), at(one, 3*s, s, false), 0, true},
		{at(one, 0, s, false), at(one, 2*s, s, false), 0, false},
		{at(one, 0, s, true), at(one, 1*s, s, true), 0, true},
		{at(one, 0, s, true), at(one, 0, s, true), 0, false},
		{at(one, 0, s, true), at(one, 1*s, s, false), 0, false},
		{at(one, 0, s, true), at(other, 1*s, s, true), 0, false},
		{at(one, 0, s, true), at(other, 3*s, s, true), 0, true},
		{at(one, 0, 0, false), at(other, 2*s, 0, false), s, false},
		{at(one, 0, 0, false), at(other, 3*s, 0, false), s, true},
		{at(one, 0, 0, false), at(other, 1*s, 0, false), 0, true},
		{at(one, 0, 0, false), at(other, 0, 0, false), 0, false},
	} {
		require.Equal(t, test.want, test.a.Before(test.b, test.assumed), "%v, %v", test.a.Time, test.b.Time)
		require.False(t, test.b.Before(test.a, test.assumed))
	}
	// Sums of the largest accuracies, and distances of more than 292 years, do not overflow.
	late := parse(t, stamp(t, one, testpki.Token{GenTime: "99991231235959Z", Accuracy: 1 << 31 * s}))
	require.True(t, at(one, 0, 1<<31*s, false).Before(late, 0))
	require.False(t, late.Before(at(one, 0, 1<<31*s, false), 0))
	require.False(t, at(one, 0, 1<<31*s, false).Before(at(one, 1<<32*s, 1<<31*s, false), 0))
}
