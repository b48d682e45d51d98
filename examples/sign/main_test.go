package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
)

func TestSign(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	signer, err := pki.Issue(&testpki.Request{Issuer: pki.Root})
	require.NoError(t, err)
	keyPEM, err := signer.KeyPEM()
	require.NoError(t, err)
	original := testpdf.Contract(1, testpdf.Table).Bytes()

	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	require.NoError(t, os.WriteFile(file("key.pem"), keyPEM, 0o600))
	require.NoError(t, os.WriteFile(file("chain.pem"), signer.PEM(), 0o600))
	require.NoError(t, os.WriteFile(file("in.pdf"), original, 0o600))

	require.NoError(t, sign(context.Background(), file("key.pem"), file("chain.pem"), file("in.pdf"), file("out.pdf")))
	signed, err := os.ReadFile(file("out.pdf"))
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(signed, original))
	require.Contains(t, string(signed[len(original):]), "/ETSI.CAdES.detached")
}
