package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpki"
)

// TestChainOnline: a certificate leads to evidence over the network, which is asked
// only where the user allows it.
func TestChainOnline(t *testing.T) {
	s, err := testpki.NewServer(&testpki.Options{Now: time.Now()})
	require.NoError(t, err)
	defer s.Close()
	id, err := s.Issue(&testpki.Request{Issuer: s.PKI.Root, Change: reachable(s)})
	require.NoError(t, err)
	dir := t.TempDir()
	roots, leaf := filepath.Join(dir, "roots.pem"), filepath.Join(dir, "leaf.pem")
	require.NoError(t, os.WriteFile(roots, s.PKI.Root.PEM(), 0o600))
	require.NoError(t, os.WriteFile(leaf, id.PEM(), 0o600))
	chain := func(args ...string) (int, string) {
		var out, problems bytes.Buffer
		status := run(t.Context(), append([]string{"chain", "--trust", roots}, args...), console{&out, &problems})
		return status, out.String() + problems.String()
	}

	status, text := chain(leaf)
	require.Equal(t, statusDone, status, text)
	require.Zero(t, s.Requests(testpki.OCSPService), "nobody asked for it")

	status, text = chain("--online", leaf)
	require.Equal(t, statusFailed, status, text)
	require.Contains(t, text, "is not asked: loopback")
	require.Contains(t, text, "To do: ask again later")
	require.NotContains(t, text, "\uFFFD")
	require.Zero(t, s.Requests(testpki.OCSPService))

	status, text = chain("--online", "--allow-private", leaf)
	require.Equal(t, statusDone, status, text)
	require.Contains(t, text, "revocation  good")
	require.Contains(t, text, "asked: "+s.RootURL(testpki.OCSPService))
	require.Equal(t, 1, s.Requests(testpki.OCSPService))

	s.Break(testpki.OCSPService, testpki.Unavailable)
	status, text = chain("--online", "--allow-private", leaf)
	require.Equal(t, statusDone, status, text)
	require.Contains(t, text, "HTTP status 503")

	s.Revoke(id.Certificate, time.Now().Add(-time.Hour), 1)
	status, text = chain("--online", "--allow-private", leaf)
	require.Equal(t, statusFailed, status, text)
	require.Contains(t, text, "revocation  revoked, keyCompromise, since ")
	require.Contains(t, text, "problem     certificate was revoked")
	require.Contains(t, text, "The chain does not hold: certificate was revoked")
}
