//go:build go1.27

package verify_test

import (
	"bytes"
	"crypto"
	"crypto/mldsa"
	"flag"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

// hasMLDSA tells whether this Go has ML-DSA.
const hasMLDSA = true

var updateMLDSA = flag.Bool("update-mldsa", false, "write testdata/mldsa65.pdf again")

// sameMLDSA is a key whose signatures are the same in every run.
type sameMLDSA struct{ *mldsa.PrivateKey }

func (k sameMLDSA) Sign(_ io.Reader, message []byte, opts crypto.SignerOpts) ([]byte, error) {
	return k.SignDeterministic(message, opts)
}

// TestMLDSAGolden: the file of TestMLDSAFile has the same bytes in every run.
func TestMLDSAGolden(t *testing.T) {
	const name = "testdata/mldsa65.pdf"
	key, err := mldsa.NewPrivateKey(mldsa.MLDSA65(), bytes.Repeat([]byte{65}, mldsa.PrivateKeySize))
	require.NoError(t, err)
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	id, err := pki.Issue(&testpki.Request{Key: sameMLDSA{key}, Issuer: pki.Root})
	require.NoError(t, err)
	data := testpdf.Contract(1, testpdf.Table).Bytes()
	d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), &pades.OpenOptions{Now: testpki.Now})
	require.NoError(t, err)
	require.NoError(t, d.Sign(t.Context(), &pades.Signer{Key: id.Key, Chain: id.Chain}, nil))
	var out bytes.Buffer
	_, err = d.WriteTo(&out)
	require.NoError(t, err)
	if *updateMLDSA {
		require.NoError(t, os.WriteFile(name, out.Bytes(), 0o600))
	}
	golden, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, golden, out.Bytes(), "go test -run MLDSAGolden -update-mldsa ./verify writes it again")
}
