package migrating

import (
	"bytes"
	"crypto/x509"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verifytest"
)

// TestPageShowsThisCode: every block of docs/migrating.md stands here, and the other
// way round every function here is shown.
func TestPageShowsThisCode(t *testing.T) {
	page, err := os.ReadFile("../../docs/migrating.md")
	require.NoError(t, err)
	code, err := os.ReadFile("migrating.go")
	require.NoError(t, err)
	parts := strings.Split(string(page), "```go\n")[1:]
	require.Equal(t, strings.Count(string(code), "\nfunc "), len(parts))
	for _, part := range parts {
		block, _, _ := strings.Cut(part, "```")
		indented := "{\n\t" + strings.ReplaceAll(strings.TrimSpace(block), "\n", "\n\t") + "\n}\n"
		indented = strings.ReplaceAll(indented, "\n\t\n", "\n\n")
		require.Contains(t, string(code), indented)
	}
}

// TestMigrated runs the code.
func TestMigrated(t *testing.T) {
	ctx := t.Context()
	pki := verifytest.NewPKI(t)
	name := func(s string) string { return filepath.Join(t.TempDir(), s) }
	in, out := name("contract.pdf"), name("signed.pdf")
	require.NoError(t, os.WriteFile(in, verifytest.Document(), 0o600))

	signer := pki.Signer(t)
	x, err := x509.ParseCertificate(signer.Chain[0].Raw)
	require.NoError(t, err)
	issuer, err := x509.ParseCertificate(signer.Chain[1].Raw)
	require.NoError(t, err)
	same, err := signerOf(signer.Key, []*x509.Certificate{x, issuer})
	require.NoError(t, err)
	require.NoError(t, sign(ctx, in, out, same))

	signed, err := os.ReadFile(out)
	require.NoError(t, err)
	report := pki.Verify(t, signed)
	verifytest.Passed(t, report)
	require.Equal(t, "Document approval", report.Signatures[0].Reason)
	require.NoError(t, show(report))
	tell(report)

	report, err = judge(ctx, out, pki.AnchorsPEM())
	require.Error(t, err) // no evidence of revocation is at hand
	verifytest.Indication(t, report, verify.Indeterminate, verify.ChainGeneralFailure)
	report, err = judgeAt(ctx, signed, pki.Anchors(), time.Now())
	require.Error(t, err)
	verifytest.Intact(t, report)
	report, err = judgeOnline(ctx, out, pki.Anchors()) // the authority is at no public address
	require.Error(t, err)
	verifytest.Intact(t, report)

	var b bytes.Buffer
	stamp := stamped(pki.TSA().URL)
	require.NoError(t, signStream(ctx, &b, bytes.NewReader(signed), int64(len(signed)), signer, stamp))
	verifytest.Passed(t, pki.Verify(t, b.Bytes()))
	require.Equal(t, pades.BLT, longTerm("").Level)

	doc, err := pades.NewDocument(bytes.NewReader(signed), int64(len(signed)), nil)
	require.NoError(t, err)
	require.NoError(t, stampOnly(ctx, doc, pki.TSA().URL))

	picture := name("seal.png")
	b.Reset()
	require.NoError(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))))
	require.NoError(t, os.WriteFile(picture, b.Bytes(), 0o600))
	look, err := visible(picture)
	require.NoError(t, err)
	verifytest.Passed(t, pki.Verify(t, pki.Sign(t, verifytest.Document(), look)))
}

func TestLoad(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	id, err := pki.Issue(&testpki.Request{})
	require.NoError(t, err)
	key, err := id.KeyPEM()
	require.NoError(t, err)
	dir := t.TempDir()
	keyFile, chainFile := filepath.Join(dir, "key.pem"), filepath.Join(dir, "chain.pem")
	require.NoError(t, os.WriteFile(keyFile, key, 0o600))
	require.NoError(t, os.WriteFile(chainFile, id.PEM(), 0o600))
	signer, err := load(keyFile, chainFile)
	require.NoError(t, err)
	require.Len(t, signer.Chain, 2)
}
