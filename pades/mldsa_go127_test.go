//go:build go1.27

package pades_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/mldsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
)

func parameterSets() []mldsa.Parameters {
	return []mldsa.Parameters{mldsa.MLDSA44(), mldsa.MLDSA65(), mldsa.MLDSA87()}
}

func newMLDSAKey(t testing.TB, p mldsa.Parameters) *mldsa.PrivateKey {
	t.Helper()
	key, err := mldsa.GenerateKey(p)
	require.NoError(t, err)
	return key
}

// reported is what verify says at the time of the test PKI.
func reported(t testing.TB, data []byte, trust *certificate.Pool) *verify.Report {
	t.Helper()
	report, err := verify.Reader(t.Context(), bytes.NewReader(data), int64(len(data)), &verify.Options{Trust: trust, At: testpki.Now()})
	require.NotNil(t, report, "%v", err)
	require.NotEmpty(t, report.Signatures)
	return report
}

// TestMLDSA: documents are signed with post-quantum keys, up to B-LTA, and judged valid.
func TestMLDSA(t *testing.T) {
	for _, p := range parameterSets() {
		t.Run(p.String(), func(t *testing.T) {
			h := newHouse(t)
			h.signer = h.issue(t, &testpki.Request{Key: newMLDSAKey(t, p)})
			data := h.sign(t, pades.BLTA)
			h.passes(t, data, h.PKI.Now(), pades.BLTA)
			report := reported(t, data, h.PKI.Pool())
			require.Equal(t, p.String(), report.Signatures[0].Algorithm)
			require.Equal(t, "SHA-512", report.Signatures[0].Digest)
		})
	}
}

// TestMLDSAInTwoSteps: a key elsewhere gets the signed attributes themselves.
func TestMLDSAInTwoSteps(t *testing.T) {
	key := newMLDSAKey(t, mldsa.MLDSA87())
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	id, err := pki.Issue(&testpki.Request{Key: key, Issuer: pki.Root})
	require.NoError(t, err)
	d := document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	p, err := d.Prepare(t.Context(), &pades.Signer{Chain: id.Chain}, nil)
	require.NoError(t, err)
	require.Equal(t, p.ToBeSigned(), p.SignatureDigest())
	signature, err := key.Sign(nil, p.ToBeSigned(), nil)
	require.NoError(t, err)
	signature[100] ^= 1
	require.ErrorIs(t, d.Complete(t.Context(), p, signature, nil), cms.ErrSignature)
	signature[100] ^= 1
	require.NoError(t, d.Complete(t.Context(), p, signature, nil))
	require.True(t, reported(t, content(t, d), pki.Pool()).Passed())
}

// TestMLDSAChain: certificates that post-quantum keys signed.
func TestMLDSAChain(t *testing.T) {
	root, ca := newMLDSAKey(t, mldsa.MLDSA87()), newMLDSAKey(t, mldsa.MLDSA65())
	pki, err := testpki.New(&testpki.Options{Keys: func(r testpki.Role, k testpki.KeyType) (crypto.Signer, error) {
		switch r {
		case testpki.RootRole:
			return root, nil
		case testpki.IntermediateRole:
			return ca, nil
		}
		return testpki.FixedKeys(r, k)
	}})
	require.NoError(t, err)
	id, err := pki.Issue(&testpki.Request{Key: newMLDSAKey(t, mldsa.MLDSA44()), Issuer: pki.Root})
	require.NoError(t, err)
	d := document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Sign(t.Context(), &pades.Signer{Key: id.Key, Chain: id.Chain}, nil))
	report, err := verify.Reader(t.Context(), d, d.Size(), &verify.Options{Trust: pki.Pool(), At: testpki.Now()})
	require.NoError(t, err)
	require.True(t, report.Passed())
}

// TestMLDSAPyHanko: pyHanko, whose mathematics are OpenSSL's, takes what is made here.
func TestMLDSAPyHanko(t *testing.T) {
	pyhanko := peertest.Program(t, "pyhanko")
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	root := filepath.Join(t.TempDir(), "root.pem")
	require.NoError(t, os.WriteFile(root, pki.Root.PEM(), 0o600))
	for _, p := range parameterSets() {
		key := newMLDSAKey(t, p)
		id, err := pki.Issue(&testpki.Request{Key: key, Issuer: pki.Root})
		require.NoError(t, err)
		d := document(t, testpdf.Contract(1, testpdf.Stream).Bytes())
		require.NoError(t, d.Sign(context.Background(), &pades.Signer{Key: key, Chain: id.Chain}, nil))
		ours := filepath.Join(t.TempDir(), "ours.pdf")
		require.NoError(t, d.WriteFile(ours))
		judge := func(name string) string {
			out, _ := run(pyhanko, "sign", "validate", "--pretty-print", "--no-revocation-check", "--trust", root, "--trust-replace",
				"--validation-time", testpki.Now().Format("2006-01-02T15:04:05-07:00"), name)
			return out
		}
		require.Contains(t, judge(ours), "The signature is cryptographically sound.")
		require.Contains(t, judge(ours), "The signature is judged VALID.")

		data, err := os.ReadFile(ours)
		require.NoError(t, err)
		data[20] ^= 1
		require.NoError(t, os.WriteFile(ours, data, 0o600))
		require.NotContains(t, judge(ours), "The signature is cryptographically sound.")
	}
}

// TestMLDSAFromPyHanko: what pyHanko signs is judged valid here.
func TestMLDSAFromPyHanko(t *testing.T) {
	pyhanko := peertest.Program(t, "pyhanko")
	for _, p := range parameterSets() {
		folder := t.TempDir()
		key := newMLDSAKey(t, p)
		pki, err := testpki.New(nil)
		require.NoError(t, err)
		id, err := pki.Issue(&testpki.Request{Key: key, Issuer: pki.Root})
		require.NoError(t, err)
		der, err := x509.MarshalPKCS8PrivateKey(key)
		require.NoError(t, err)
		put := func(name string, b []byte) string {
			name = filepath.Join(folder, name)
			require.NoError(t, os.WriteFile(name, b, 0o600))
			return name
		}
		keyFile := put("key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
		in, out := put("in.pdf", testpdf.Contract(1, testpdf.Table).Bytes()), filepath.Join(folder, "out.pdf")
		printed, err := run(pyhanko, "sign", "addsig", "--field", "Sig1", "--use-pades", "pemder", "--key", keyFile, "--cert", put("cert.pem", id.PEM()), "--no-pass", in, out)
		require.NoError(t, err, "%s", printed)
		data, err := os.ReadFile(out)
		require.NoError(t, err)
		report := reported(t, data, pki.Pool())
		require.True(t, report.Intact, "%+v", report.Signatures[0].Findings)
		require.True(t, report.Passed())
		require.Equal(t, p.String(), report.Signatures[0].Algorithm)
	}
}
