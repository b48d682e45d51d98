package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	pkcs12 "software.sslmate.com/src/go-pkcs12"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/keyfile"
)

// rawsign (rawsign KEY) is a signer command: it signs the digest on its standard input with
// the algorithm of the environment.
func rawsign() {
	signature, err := rawSignature(os.Args[1])
	if err == nil {
		_, err = os.Stdout.Write(signature)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "rawsign:", err)
		os.Exit(1)
	}
}

func rawSignature(file string) ([]byte, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	key, err := keyfile.ParseKey(data)
	if err != nil {
		return nil, err
	}
	digest, err := io.ReadAll(os.Stdin)
	if err != nil {
		return nil, err
	}
	a, ok := algorithmNamed(os.Getenv(algorithmVariable))
	var o crypto.SignerOpts = a.Hash
	switch {
	case !ok:
		return nil, fmt.Errorf("no algorithm %q", os.Getenv(algorithmVariable))
	case a.Scheme == cms.RSAPSS:
		o = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: a.Hash}
	case a.Scheme == cms.Ed25519:
		o = crypto.Hash(0)
	}
	return key.Sign(rand.Reader, digest, o)
}

// addLockedKeys adds the key of a signer under the password "open", in both forms, and keys
// of other kinds with their certificates.
func addLockedKeys(t *testing.T, files map[string][]byte, signer *testpki.Identity) {
	t.Helper()
	leaf := &x509.Certificate{Raw: signer.Certificate.Raw}
	p12, err := pkcs12.Modern.Encode(signer.Key, leaf, nil, "open")
	require.NoError(t, err)
	files["key.p12"] = p12
	plain, _ := pem.Decode(keyPEM(t, signer.Key))
	//nolint:staticcheck // the one encryption that the standard library writes
	locked, err := x509.EncryptPEMBlock(rand.Reader, "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(signer.Key.(*rsa.PrivateKey)), []byte("open"), x509.PEMCipherAES256)
	require.NoError(t, err)
	require.NotNil(t, plain)
	files["locked-key.pem"] = pem.EncodeToMemory(locked)
	files["open.txt"], files["wrong-key.txt"] = []byte("open\n"), []byte("shut\n")
	pki, err := testpki.New(&testpki.Options{Now: time.Now()})
	require.NoError(t, err)
	for name, r := range map[string]testpki.Request{
		"p256": {KeyType: testpki.P256}, "ed25519": {KeyType: testpki.Ed25519}, "pss": {RestrictToPSS: true},
	} {
		r.Issuer = pki.Root
		id, err := pki.Issue(&r)
		require.NoError(t, err)
		files[name+"-key.pem"], files[name+"-chain.pem"] = keyPEM(t, id.Key), id.PEM()
	}
}

func TestAlgorithmNames(t *testing.T) {
	for name, want := range map[string]cms.Algorithm{
		"RSA-SHA256":       {Scheme: cms.RSA, Hash: crypto.SHA256},
		"RSA-PSS-SHA512":   {Scheme: cms.RSAPSS, Hash: crypto.SHA512},
		"ML-DSA-44":        {Scheme: cms.MLDSA44, Hash: crypto.SHA512},
		"RSA-PSS-SHA3-256": {Scheme: cms.RSAPSS, Hash: crypto.SHA3_256},
		"ECDSA-SHA384":     {Scheme: cms.ECDSA, Hash: crypto.SHA384},
		"Ed25519":          {Scheme: cms.Ed25519, Hash: crypto.SHA512},
	} {
		require.Equal(t, name, algorithmName(want))
		got, ok := algorithmNamed(name)
		require.True(t, ok)
		require.Equal(t, want, got)
	}
	for _, name := range []string{"", "RSA", "RSA-SHA1", "ECDSA", "Ed25519-SHA512", "DSA-SHA256"} {
		_, ok := algorithmNamed(name)
		require.False(t, ok, name)
	}
	a, ok := algorithmNamed("rsa-pss-sha256")
	require.True(t, ok)
	require.Equal(t, cms.Algorithm{Scheme: cms.RSAPSS, Hash: crypto.SHA256}, a)
}

// TestSignerCommandEnds: with the work, also where it left a process behind, and its output
// has a limit.
func TestSignerCommandEnds(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("these are commands of a Unix shell")
	}
	id, err := testpki.New(nil)
	require.NoError(t, err)
	signer, err := id.Issue(&testpki.Request{})
	require.NoError(t, err)
	digest := make([]byte, 32)
	for command, text := range map[string]string{
		"sleep 10":                   "was ended",
		"sleep 10 & sleep 10":        "was ended",
		"trap '' TERM INT; sleep 10": "was ended",
		"echo no token >&2; exit 7":  "failed: exit status 7: no token",
		"exit 7":                     "failed: exit status 7",
		"no-such-program":            "failed: exit status 127",
		"cat /dev/zero | head -c " + fmt.Sprint(maxSignature+1): "more than 65536 bytes",
		"printf x | head -c 1":                                "",
		"cat /dev/zero | head -c " + fmt.Sprint(maxSignature): "",
	} {
		t.Run(command, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
			defer cancel()
			k := &commandKey{command: command, public: signer.Key.Public()}
			start := time.Now()
			out, err := k.SignContext(ctx, nil, digest, crypto.SHA256)
			if text == "" {
				require.NoError(t, err)
				require.NotEmpty(t, out)
				return
			}
			require.ErrorContains(t, err, text)
			if text == "was ended" {
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.Less(t, time.Since(start), 1500*time.Millisecond+500*time.Millisecond)
			}
		})
	}
	long := &boundedBuffer{room: maxComplaint}
	_, err = long.Write(make([]byte, maxComplaint+1))
	require.NoError(t, err)
	require.Len(t, long.kept, maxComplaint)
	require.True(t, long.over)
}

// TestStateIsNotReplaced: somebody may wait for its signature.
func TestStateIsNotReplaced(t *testing.T) {
	dir := t.TempDir()
	for name, data := range fixtures(t) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o644))
	}
	t.Chdir(dir)
	call := func(args ...string) (int, string) {
		var out, problems bytes.Buffer
		status := run(t.Context(), append([]string{"sign"}, args...), console{&out, &problems})
		return status, out.String() + problems.String()
	}
	status, text := call("--prepare", "state", "--cert", "chain.pem", "contract.pdf")
	require.Equal(t, statusDone, status, text)
	require.Contains(t, text, "algorithm: RSA-SHA256\n")
	state, err := os.ReadFile("state")
	require.NoError(t, err)
	status, text = call("--prepare", "state", "--cert", "chain.pem", "--reason", "other", "contract.pdf")
	require.Equal(t, statusFailed, status, text)
	require.Contains(t, text, "state: file exists")
	again, err := os.ReadFile("state")
	require.NoError(t, err)
	require.Equal(t, state, again)

	status, text = call("--prepare", "another", "--to-sign", "state", "--cert", "chain.pem", "contract.pdf")
	require.Equal(t, statusFailed, status, text)
	require.NoFileExists(t, "another")
}

// TestOpenSSLSigns: the commands of the documentation, with openssl as the other program.
func TestOpenSSLSigns(t *testing.T) {
	peertest.Program(t, "openssl")
	dir := t.TempDir()
	for name, data := range fixtures(t) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o644))
	}
	t.Chdir(dir)
	for name, c := range map[string]struct{ chain, algorithm, command string }{
		"RSA":     {"chain.pem", "", "openssl pkeyutl -sign -inkey key.pem -pkeyopt digest:sha256"},
		"RSA-PSS": {"chain.pem", "RSA-PSS-SHA256", "openssl pkeyutl -sign -inkey key.pem -pkeyopt digest:sha256 -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:digest"},
		"ECDSA":   {"p256-chain.pem", "", "openssl pkeyutl -sign -inkey p256-key.pem"},
		"Ed25519": {"ed25519-chain.pem", "", "cat >signed.txt && openssl pkeyutl -sign -rawin -in signed.txt -inkey ed25519-key.pem"},
	} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && name == "Ed25519" {
				t.Skip("this is a command of a Unix shell")
			}
			var out, problems bytes.Buffer
			args := []string{"sign", "--cert", c.chain, "--signer-command", c.command, "--algorithm", c.algorithm, "contract.pdf", name + ".pdf"}
			require.Equal(t, statusDone, run(t.Context(), args, console{&out, &problems}), problems.String())
			args = []string{"verify", "--trust", "roots.pem", "--trust", c.chain, name + ".pdf"}
			require.Equal(t, statusDone, run(t.Context(), args, console{&out, &problems}), out.String())
		})
	}
}
