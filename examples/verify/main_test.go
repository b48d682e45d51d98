package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

func TestJudge(t *testing.T) {
	pki, err := testpki.New(&testpki.Options{Now: time.Now()})
	require.NoError(t, err)
	signer, err := pki.Issue(&testpki.Request{Issuer: pki.Root})
	require.NoError(t, err)
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	doc, err := pades.NewDocument(bytes.NewReader(original), int64(len(original)), nil)
	require.NoError(t, err)
	require.NoError(t, doc.Sign(context.Background(), &pades.Signer{Key: signer.Key, Chain: signer.Chain}, nil))

	dir := t.TempDir()
	roots, strangers, signed := filepath.Join(dir, "roots.pem"), filepath.Join(dir, "strangers.pem"), filepath.Join(dir, "signed.pdf")
	require.NoError(t, os.WriteFile(roots, pki.Root.PEM(), 0o600))
	require.NoError(t, os.WriteFile(strangers, pki.Intermediate.PEM(), 0o600))
	require.NoError(t, doc.WriteFile(signed))

	var out bytes.Buffer
	require.NoError(t, judge(context.Background(), &out, roots, signed))
	require.Equal(t, "Signature1 TOTAL-PASSED \n", out.String())
	out.Reset()
	require.Error(t, judge(context.Background(), &out, strangers, signed))
	require.Equal(t, "Signature1 INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND\n", out.String())
}
