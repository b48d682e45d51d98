package csc_test

import (
	"crypto"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/csc"
	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
)

// certomancer describes a root and two signers to certomancer-csc-dummy.
const certomancer = `
external-url-prefix: "http://127.0.0.1:9"
keysets:
  keys: {path-prefix: keys, keys: {root: {path: root.pem}, rsa: {path: rsa.pem}, ec: {path: ec.pem}}}
pki-architectures:
  inkan:
    keyset: keys
    entity-defaults: {country-name: JP, organization-name: Inkan Test}
    entities: {root: {common-name: Root}, rsa: {common-name: Taro}, ec: {common-name: Hanako}}
    certs:
      root:
        subject: root
        issuer: root
        validity: {valid-from: "2020-01-01T00:00:00+0000", valid-to: "2100-01-01T00:00:00+0000"}
        extensions:
          - {id: basic_constraints, critical: true, value: {ca: true}}
          - {id: key_usage, critical: true, smart-value: {schema: key-usage, params: [key_cert_sign, crl_sign]}}
      rsa: &leaf
        subject: rsa
        issuer: root
        validity: {valid-from: "2020-01-01T00:00:00+0000", valid-to: "2100-01-01T00:00:00+0000"}
        extensions:
          - {id: key_usage, critical: true, smart-value: {schema: key-usage, params: [digital_signature, non_repudiation]}}
      ec: {<<: *leaf, subject: ec}
`

// dummy starts certomancer-csc-dummy, or skips the test; with REQUIRE_PEERS it fails instead.
func dummy(t *testing.T, scal int) string {
	t.Helper()
	program := peertest.Program(t, "certomancer-csc")
	folder := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(folder, "keys"), 0o700))
	for name, role := range map[string]testpki.Role{"root": testpki.RootRole, "rsa": testpki.SignerRole, "ec": testpki.SignerRole} {
		kind := testpki.RSA2048
		if name == "ec" {
			kind = testpki.P256
		}
		key, err := testpki.FixedKeys(role, kind)
		require.NoError(t, err)
		b, err := (&testpki.Identity{Key: key}).KeyPEM()
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, "keys", name+".pem"), b, 0o600))
	}
	require.NoError(t, os.WriteFile(filepath.Join(folder, "c.yml"), []byte(certomancer), 0o600))
	free, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	address := free.Addr().String()
	require.NoError(t, free.Close())
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	server := exec.Command(program, "c.yml", port, strconv.Itoa(scal))
	server.Dir = folder
	log, err := os.Create(filepath.Join(folder, "log"))
	require.NoError(t, err)
	server.Stdout, server.Stderr = log, log
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
		_ = log.Close()
	})
	for range 300 {
		connection, err := net.Dial("tcp", address)
		if err == nil {
			_ = connection.Close()
			return "http://localhost:" + port
		}
		time.Sleep(100 * time.Millisecond)
	}
	said, _ := os.ReadFile(log.Name())
	t.Fatalf("certomancer-csc-dummy did not start: %s", said)
	return ""
}

// TestCertomancer: a server that others wrote, which speaks version 1.0.4 alone.
func TestCertomancer(t *testing.T) {
	for _, scal := range []int{1, 2} {
		c := &csc.Client{URL: dummy(t, scal)}
		info, err := c.Info(t.Context())
		require.NoError(t, err)
		require.Equal(t, csc.V1, info.Version)
		list, err := c.Credentials(t.Context(), nil)
		require.NoError(t, err)
		require.ElementsMatch(t, []string{"inkan/root", "inkan/rsa", "inkan/ec"}, list)
		for id, algorithms := range map[string][]cms.Algorithm{
			"inkan/rsa": {{}, {Scheme: cms.RSA, Hash: crypto.SHA512}, {Scheme: cms.RSAPSS, Hash: crypto.SHA256}},
			"inkan/ec":  {{}, {Scheme: cms.ECDSA, Hash: crypto.SHA384}},
		} {
			credential, err := c.Credential(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, scal == 2, credential.BindsDigests)
			require.Equal(t, 10, credential.MaxSignatures)
			require.Equal(t, "implicit", credential.Mode)
			key := &csc.Key{Client: c, Credential: credential}
			for _, a := range algorithms {
				d := open(t, contract(1))
				require.NoError(t, d.Sign(t.Context(), &pades.Signer{Key: key, Chain: credential.Chain, Algorithm: a}, nil))
				report, _ := verify.Reader(t.Context(), d, d.Size(), nil) // nobody is trusted
				require.True(t, report.Intact)
			}
			var digests [][]byte
			for i := range 10 {
				digests = append(digests, digest(strconv.Itoa(i)))
			}
			signatures, err := key.SignDigests(t.Context(), digests, crypto.SHA256)
			require.NoError(t, err)
			require.Len(t, signatures, 10)
			if scal == 1 {
				s, err := key.Session(t.Context(), 3)
				require.NoError(t, err)
				for i := range 3 {
					_, err = s.Sign(nil, digests[i], crypto.SHA256)
					require.NoError(t, err)
				}
			}
		}
		counts := c.Counts()
		require.Equal(t, counts.Digests, counts.Signatures)
	}
}
