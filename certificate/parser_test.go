package certificate_test

import (
	"bytes"
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
)

func TestParser(t *testing.T) {
	pki := fixed(t)
	root, other := pki.Root.Certificate.Raw, pki.Intermediate.Certificate.Raw
	var p, q certificate.Parser
	first, err := p.Parse(root)
	require.NoError(t, err)
	again, err := p.Parse(bytes.Clone(root))
	require.NoError(t, err)
	require.Same(t, first, again)

	second, err := p.Parse(other)
	require.NoError(t, err)
	require.Equal(t, other, second.Raw)
	apart, err := q.Parse(root)
	require.NoError(t, err)
	require.NotSame(t, first, apart)

	for _, broken := range [][]byte{nil, root[:len(root)-1], append(bytes.Clone(root), 0)} {
		_, want := certificate.Parse(broken)
		for range 2 {
			_, err = p.Parse(broken)
			require.Equal(t, want, err)
		}
	}
	var nobody *certificate.Parser
	one, err := nobody.Parse(root)
	require.NoError(t, err)
	two, err := nobody.Parse(root)
	require.NoError(t, err)
	require.NotSame(t, one, two)
}

func TestFingerprint(t *testing.T) {
	c := fixed(t).Root.Certificate
	sum := sha256.Sum256(c.Raw)
	require.Equal(t, sum, c.Fingerprint())
	require.Equal(t, sum, (&certificate.Certificate{Raw: c.Raw}).Fingerprint())
}
