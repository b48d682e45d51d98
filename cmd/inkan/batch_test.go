package main

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verifytest"
)

func TestFoldersAreListed(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.pdf", "a/2.PDF", "a/1.pdf", "a/note.txt", "c/d/e/deep.pdf", "empty/keep"} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
		require.NoError(t, os.WriteFile(name, nil, 0o600))
	}
	list := func(names ...string) (found []string) {
		for name, err := range pdfFiles(names) {
			if relative, outside := filepath.Rel(dir, name); outside == nil {
				name = filepath.ToSlash(relative)
			}
			if err != nil {
				name += ": " + err.Error()
			}
			found = append(found, name)
		}
		return found
	}
	missing := filepath.Join(dir, "missing.pdf")
	require.Equal(t, []string{"a/1.pdf", "a/2.PDF", "b.pdf", "c/d/e/deep.pdf", "missing.pdf"}, list(dir, missing))
	require.Equal(t, []string{"empty: " + errNoPDF.Error()}, list(filepath.Join(dir, "empty")))
	for name := range pdfFiles([]string{dir, missing}) { // it can be left at any time
		require.Contains(t, name, "1.pdf")
		break
	}
}

// TestManyFiles: 200 files, judged several at a time, one line each in their order.
func TestManyFiles(t *testing.T) {
	pki := verifytest.NewPKI(t)
	dir := t.TempDir()
	roots := filepath.Join(dir, "roots.pem")
	require.NoError(t, os.WriteFile(roots, pki.AnchorsPEM(), 0o600))
	signed := pki.Sign(t, verifytest.Document(), &pades.SignOptions{Level: pades.BLTA})
	altered := bytes.Replace(signed, []byte("100 yen"), []byte("900 yen"), 1)
	const files = 200
	for i := range files {
		data := signed
		if i%7 == 0 {
			data = altered
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("%04d.pdf", i)), data, 0o600))
	}
	var out, problems bytes.Buffer
	status := run(t.Context(), []string{"verify", "--trust", roots, "--format", "json", "--jobs", "4", dir}, console{&out, &problems})
	require.Equal(t, statusFailed, status, problems.String())
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, files)
	for i, line := range lines {
		var r struct{ File, Indication string }
		require.NoError(t, json.Unmarshal([]byte(line), &r))
		require.Equal(t, fmt.Sprintf("%04d.pdf", i), filepath.Base(r.File))
		require.Equal(t, map[bool]string{true: "TOTAL-FAILED", false: "TOTAL-PASSED"}[i%7 == 0], r.Indication)
	}
}

// TestSignatureOutsidePDF: a CMS signature and a time-stamp token over another file.
func TestSignatureOutsidePDF(t *testing.T) {
	pki, err := testpki.New(&testpki.Options{Now: time.Now()})
	require.NoError(t, err)
	signer, err := pki.Issue(&testpki.Request{Issuer: pki.Root})
	require.NoError(t, err)
	stamper, err := pki.Issue(&testpki.Request{Issuer: pki.Root, Profile: testpki.TimeStamperProfile})
	require.NoError(t, err)
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		name = filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(name, data, 0o600))
		return name
	}
	digest := sha256.Sum256([]byte("terms"))
	template := &cms.Template{Algorithm: cms.Algorithm{Scheme: cms.RSA, Hash: crypto.SHA256}, ContentDigest: digest[:], Certificate: signer.Certificate, Chain: signer.Chain}
	der, err := template.Sign(t.Context(), nil, signer.Key)
	require.NoError(t, err)
	token, err := stamper.Stamp(&testpki.Token{Digest: digest[:], Time: time.Now()})
	require.NoError(t, err)
	terms, other := file("terms.txt", []byte("terms")), file("other.txt", []byte("other"))
	signature, stamp := file("terms.p7s", pem.EncodeToMemory(&pem.Block{Type: "CMS", Bytes: der})), file("terms.tst", token)
	check := func(want int, says, content string) {
		t.Helper()
		var out, problems bytes.Buffer
		got := run(t.Context(), []string{"verify", "--trust", file("roots.pem", pki.Root.PEM()), "--content", content, signature, stamp}, console{&out, &problems})
		require.Equal(t, want, got, out.String()+problems.String())
		require.Contains(t, out.String()+problems.String(), says)
	}
	check(statusDone, "2 files: 2 valid", terms)
	check(statusFailed, "2 files: 0 valid, 0 not confirmed, 2 invalid", other)
	check(statusUnreadable, "missing.txt", filepath.Join(dir, "missing.txt"))
}
