package certificate

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// certificateOf is one of that subject, which is written in several ways.
func certificateOf(t *testing.T, i int, subject string) *Certificate {
	raw, err := asn1.Marshal(pkix.Name{CommonName: subject}.ToRDNSequence())
	require.NoError(t, err)
	name, err := ParseName(raw)
	require.NoError(t, err)
	return &Certificate{Raw: fmt.Appendf(nil, "%d %s", i, subject), RawSubject: raw, Subject: name}
}

// TestIndex: what is looked through and what stands in tables is found alike, among the
// candidates and among the anchors.
func TestIndex(t *testing.T) {
	for _, n := range []int{1, fewCandidates - 1, fewCandidates, fewCandidates + 1, 4 * fewCandidates} {
		var all, wanted []*Certificate
		pool := NewPool()
		for i := range n {
			subject := []string{"Inkan Test CA", "Another", "INKAN test CA", "Inkan Test CB"}[i%4]
			c := certificateOf(t, i, subject)
			all = append(all, c)
			if i%2 == 0 {
				wanted = append(wanted, c)
			}
			pool.Add(c, Signing)
		}
		x := &index{}
		x.fill(nil, append(all, nil, all[0]))
		require.Len(t, x.all, n)
		require.Equal(t, n > fewCandidates, x.bySubject != nil)
		require.False(t, x.add(certificateOf(t, 0, "Inkan Test CA")), "known")

		first := all[0]
		require.Equal(t, wanted, x.named(first.RawSubject, first.Subject))
		require.Equal(t, wanted, x.named(nil, first.Subject))
		require.Empty(t, x.named(nil, certificateOf(t, 0, "Nobody").Subject))

		more := certificateOf(t, n, "inkan test ca")
		require.Equal(t, append(wanted[:len(wanted):len(wanted)], more), x.with([]*Certificate{more}).named(nil, first.Subject))
		require.Equal(t, wanted, x.named(nil, first.Subject), "as it was")

		names := &nameHashes{seed: pool.seed}
		require.Equal(t, wanted, pool.named(names, first.RawSubject, first.Subject, Signing))
		require.Empty(t, pool.named(names, first.RawSubject, first.Subject, TimeStamping))
		for _, c := range all {
			require.True(t, pool.Contains(c, Signing))
			require.False(t, pool.Contains(c, TimeStamping))
		}
		require.False(t, pool.Contains(more, Signing))
	}
}
