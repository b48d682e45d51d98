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
	first := checks.check(a, b)
	require.Error(t, first)
	require.Same(t, first, checks.check(a, b), "asked once")
	require.NotSame(t, first, checks.check(b, a), "another question")
	require.Error(t, (*SignatureChecks)(nil).check(a, b))

	for i := len(checks.answers); i < maxRememberedChecks; i++ {
		require.Error(t, checks.check(&Certificate{Raw: []byte{byte(i), byte(i >> 8), byte(i >> 16)}}, b))
	}
	require.Len(t, checks.answers, maxRememberedChecks)
	over := &Certificate{Raw: []byte("over")}
	require.NotSame(t, checks.check(over, b), checks.check(over, b), "one over the limit is asked again")
	require.Len(t, checks.answers, maxRememberedChecks)
	require.Same(t, first, checks.check(a, b))
}
