package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
)

// TestVerifyOnline: evidence comes from a file, or over the network where the user
// allows it.
func TestVerifyOnline(t *testing.T) {
	s, err := testpki.NewServer(&testpki.Options{Now: time.Now()})
	require.NoError(t, err)
	defer s.Close()
	id, err := s.Issue(&testpki.Request{Issuer: s.PKI.Root, Change: reachable(s)})
	require.NoError(t, err)
	crl, err := s.PKI.Root.SignCRL(&testpki.CRL{ThisUpdate: time.Now()})
	require.NoError(t, err)
	key, err := id.KeyPEM()
	require.NoError(t, err)
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		name = filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(name, data, 0o600))
		return name
	}
	roots, list, bad := file("roots.pem", s.PKI.Root.PEM()), file("list.crl", crl), file("bad.crl", []byte("no CRL"))
	unsigned, signed := file("contract.pdf", testpdf.Contract(1, testpdf.Table).Bytes()), filepath.Join(dir, "signed.pdf")
	command := func(args ...string) (int, string) {
		var out, problems bytes.Buffer
		status := run(t.Context(), args, console{&out, &problems})
		return status, out.String() + problems.String()
	}
	status, text := command("sign", "--key", file("key.pem", key), "--cert", file("leaf.pem", id.PEM()), unsigned, signed)
	require.Equal(t, statusDone, status, text)
	check := func(want int, says string, args ...string) {
		t.Helper()
		status, text := command(append([]string{"verify", "--trust", roots, "--format", "json", signed}, args...)...)
		require.Equal(t, want, status, text)
		require.Contains(t, text, says)
	}
	check(statusFailed, `"sub_indication":"CERTIFICATE_CHAIN_GENERAL_FAILURE"`)
	check(statusDone, `"revocation":"good","source":"given"`, "--revocation", list)
	check(statusUsage, "bad.crl: neither a CRL nor an OCSP response", "--revocation", bad)
	check(statusUsage, "--allow-private needs --online", "--allow-private")
	require.Zero(t, s.Requests(testpki.OCSPService), "nobody asked for it")

	check(statusFailed, "is not asked: loopback", "--online")
	require.Zero(t, s.Requests(testpki.OCSPService))
	check(statusDone, `"revocation":"good","source":"url"`, "--online", "--allow-private")
	check(statusFailed, `"sub_indication":"SIG_CONSTRAINTS_FAILURE"`, "--online", "--allow-private", "--policy", "archive")

	s.Break(testpki.OCSPService, testpki.Unavailable)
	check(statusDone, "HTTP status 503", "--online", "--allow-private")
	s.Revoke(id.Certificate, time.Now().Add(-time.Hour), 1)
	check(statusFailed, `"sub_indication":"REVOKED_NO_POE"`, "--online", "--allow-private")
}
