package verify_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/verify"
)

// TestMLDSAFile judges a file signed with ML-DSA-65 (testdata, made by TestMLDSAGolden). A program built with a Go that has
// no ML-DSA says that it cannot tell; it never says that the signature is wrong, and never that it is right.
func TestMLDSAFile(t *testing.T) {
	data, err := os.ReadFile("testdata/mldsa65.pdf")
	require.NoError(t, err)
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	judge := func(data []byte) *verify.Report {
		report, _ := verify.Reader(t.Context(), bytes.NewReader(data), int64(len(data)), &verify.Options{Trust: pki.Pool(), At: testpki.Now()})
		require.NotNil(t, report)
		require.Len(t, report.Signatures, 1)
		return report
	}
	report := judge(data)
	s := report.Signatures[0]
	require.Equal(t, "ML-DSA-65", s.Algorithm)
	require.Equal(t, "SHA-512", s.Digest)
	require.Equal(t, hasMLDSA, report.Passed())
	require.Equal(t, hasMLDSA, report.Intact)
	if hasMLDSA {
		require.Equal(t, verify.CryptoValid, s.Crypto)
		require.Equal(t, 8*1952, s.KeyBits)
	} else {
		require.Equal(t, verify.CryptoUnsupported, s.Crypto)
		require.Equal(t, verify.Indeterminate, s.Indication)
	}

	for at := 0; at < len(data); at += 211 {
		changed := bytes.Clone(data)
		changed[at] ^= 1
		if report, err := verify.Reader(t.Context(), bytes.NewReader(changed), int64(len(changed)), &verify.Options{Trust: pki.Pool(), At: testpki.Now()}); err == nil {
			require.False(t, hasMLDSA && !inContents(s, at) && report.Passed(), "a byte at %d", at)
			require.True(t, hasMLDSA, "passed without the mathematics")
		}
	}
}

// inContents tells whether a byte lies in /Contents, whose padding nothing covers.
func inContents(s *verify.Signature, at int) bool {
	return int64(at) >= s.ByteRange[1] && int64(at) < s.ByteRange[2]
}
