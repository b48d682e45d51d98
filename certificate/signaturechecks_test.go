package certificate

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSignatureChecks: an answer that is remembered is the one that was found, and no
// more are remembered than the limit allows.
func TestSignatureChecks(t *testing.T) {
	a, b := &Certificate{Raw: []byte("a")}, &Certificate{Raw: []byte("b")}
	checks := &SignatureChecks{}
	first := checks.Check(a, b)
	require.Error(t, first)
	require.Same(t, first, checks.Check(a, b), "asked once")
	require.NotSame(t, first, checks.Check(b, a), "another question")
	require.Error(t, (*SignatureChecks)(nil).Check(a, b))

	for i := len(checks.answers); i < maxRememberedChecks; i++ {
		require.Error(t, checks.Check(&Certificate{Raw: []byte{byte(i), byte(i >> 8), byte(i >> 16)}}, b))
	}
	require.Len(t, checks.answers, maxRememberedChecks)
	over := &Certificate{Raw: []byte("over")}
	require.NotSame(t, checks.Check(over, b), checks.Check(over, b), "one over the limit is asked again")
	require.Len(t, checks.answers, maxRememberedChecks)
	require.Same(t, first, checks.Check(a, b))
}
