package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
)

func TestExtend(t *testing.T) {
	services, err := testpki.NewServer(&testpki.Options{Now: time.Now()})
	require.NoError(t, err)
	defer services.Close()
	id, err := services.Issue(&testpki.Request{})
	require.NoError(t, err)
	data := testpdf.Contract(1, testpdf.Table).Bytes()
	doc, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	require.NoError(t, doc.Sign(t.Context(), &pades.Signer{Key: id.Key, Chain: id.Chain}, nil))

	dir := t.TempDir()
	in, out := filepath.Join(dir, "signed.pdf"), filepath.Join(dir, "archived.pdf")
	require.NoError(t, doc.WriteFile(in))
	authority := &tsa.Client{URL: services.URL(testpki.TSAService)}
	source := &fetch.Client{Resolver: services, Dial: services.DialContext}
	require.NoError(t, extend(context.Background(), authority, source, in, out))
	renewed := filepath.Join(dir, "renewed.pdf")
	require.NoError(t, extend(context.Background(), authority, source, out, renewed))
	require.Equal(t, 3, services.Stamps())
	before, err := os.ReadFile(in)
	require.NoError(t, err)
	after, err := os.ReadFile(renewed)
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(after, before))
}
