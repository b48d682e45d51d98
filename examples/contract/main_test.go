package main

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
)

func TestContract(t *testing.T) {
	services, err := testpki.NewServer(&testpki.Options{Now: time.Now()})
	require.NoError(t, err)
	defer services.Close()
	signer := func(name string) *pades.Signer {
		id, err := services.Issue(&testpki.Request{Subject: testpki.Name(testpki.CommonName(name))})
		require.NoError(t, err)
		return &pades.Signer{Key: id.Key, Chain: id.Chain}
	}
	folder := contract.Folder(t.TempDir())
	require.NoError(t, os.WriteFile(folder.DocumentName(1), testpdf.Contract(2, testpdf.Stream).Bytes(), 0o600))
	p := &contract.Platform{
		Name: "Example Sign", Signer: signer("Example Sign"), TSA: &tsa.Client{URL: services.URL(testpki.TSAService)},
		Revocation: &fetch.Client{Resolver: services, Dial: services.DialContext}, Trust: services.PKI.Pool(),
	}
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), p, signer("Okajima Hanako"), folder, &out))
	require.Contains(t, out.String(), "nothing contradicts them", out.String())
	again, err := folder.Load()
	require.NoError(t, err)
	require.Equal(t, contract.Archived, again.Phase())
}
