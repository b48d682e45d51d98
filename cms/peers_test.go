package cms

import (
	"crypto"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/peertest"
)

// pkcs7Reads tells whether that library knows the algorithm: neither RSA-PSS nor SHA-3.
func pkcs7Reads(a Algorithm) bool {
	return a.Scheme != RSAPSS && a.Hash <= crypto.SHA512
}

// TestPKCS7ReadsOurs: the library that Go programs use verifies what is made here, where it knows the algorithm.
func TestPKCS7ReadsOurs(t *testing.T) {
	tried := 0
	for kind, list := range algorithms() {
		id := newIdentity(t, kind)
		for _, a := range list {
			if !pkcs7Reads(a) {
				continue
			}
			tried++
			p7, err := pkcs7.Parse(id.sign(t, id.template(a)))
			require.NoError(t, err, a)
			p7.Content = content
			require.NoError(t, p7.Verify(), "%s with %s", kind, a)
			p7.Content = []byte("other")
			require.Error(t, p7.Verify())

			p7, err = pkcs7.Parse(id.sign(t, &Template{Algorithm: a, Content: content, Certificate: id.cert}))
			require.NoError(t, err)
			require.Equal(t, content, p7.Content)
			require.NoError(t, p7.Verify())
		}
	}
	require.Equal(t, 13, tried)
}

// TestWeReadPKCS7: what that library makes is verified here.
func TestWeReadPKCS7(t *testing.T) {
	for kind, list := range algorithms() {
		id := newIdentity(t, kind)
		for _, a := range list {
			if !pkcs7Reads(a) {
				continue
			}
			for _, detached := range []bool{true, false} {
				sd, err := pkcs7.NewSignedData(content)
				require.NoError(t, err)
				oid, ok := algorithm.HashOID(Hash(a.Hash))
				require.True(t, ok)
				sd.SetDigestAlgorithm(oid)
				require.NoError(t, sd.AddSigner(id.x509, id.key, pkcs7.SignerInfoConfig{}))
				if detached {
					sd.Detach()
				}
				der, err := sd.Finish()
				require.NoError(t, err)
				parsed, si := parse(t, der)
				require.Equal(t, !detached, parsed.HasContent)
				cert, err := parsed.SignerCertificate(si)
				require.NoError(t, err)
				v, err := si.Verify(cert, digestOf(a.Hash, content))
				require.NoError(t, err, "%s with %s", kind, a)
				require.Equal(t, a, v.Algorithm)
				claimed, ok := si.SigningTime()
				require.True(t, ok)
				require.WithinDuration(t, time.Now(), claimed, time.Hour)
				_, err = si.Verify(cert, digestOf(a.Hash, []byte("other")))
				require.ErrorIs(t, err, ErrDigest)
			}
		}
	}
}

// TestPKCS7WithoutAttributes: a bare signature of that library.
func TestPKCS7WithoutAttributes(t *testing.T) {
	id := newIdentity(t, "RSA")
	sd, err := pkcs7.NewSignedData(content)
	require.NoError(t, err)
	sd.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA256)
	require.NoError(t, sd.SignWithoutAttr(id.x509, id.key, pkcs7.SignerInfoConfig{}))
	sd.Detach()
	der, err := sd.Finish()
	require.NoError(t, err)
	parsed, si := parse(t, der)
	cert, err := parsed.SignerCertificate(si)
	require.NoError(t, err)
	v, err := si.Verify(cert, digestOf(crypto.SHA256, content))
	require.NoError(t, err)
	require.True(t, v.NoSignedAttributes)
}

// openssl returns a function that runs it in a new folder, or skips the test where it is not installed.
func openssl(t *testing.T) (dir string, run func(arguments ...string) ([]byte, error)) {
	path := peertest.Program(t, "openssl")
	dir = t.TempDir()
	return dir, func(arguments ...string) ([]byte, error) {
		cmd := exec.Command(path, arguments...)
		cmd.Dir = dir
		return cmd.CombinedOutput()
	}
}

func (id *identity) write(t *testing.T, dir string) {
	write := func(name, kind string, der []byte) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
	}
	write("root.pem", "CERTIFICATE", id.root.Raw)
	write("cert.pem", "CERTIFICATE", id.cert.Raw)
	write("key.pem", "PRIVATE KEY", pkcs8(t, id.key))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "content"), content, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "other"), []byte("other"), 0o600))
}

// TestOpenSSLReadsOurs: every algorithm that OpenSSL's cms command takes, with the signing-certificate attribute checked.
func TestOpenSSLReadsOurs(t *testing.T) {
	dir, run := openssl(t)
	for kind, list := range algorithms() {
		id := newIdentity(t, kind)
		id.write(t, dir)
		for _, a := range list {
			if kind == "Ed25519" {
				continue // OpenSSL 3.0 has no Ed25519 in CMS
			}
			require.NoError(t, os.WriteFile(filepath.Join(dir, "signature"), id.sign(t, id.template(a)), 0o600))
			arguments := []string{"cms", "-verify", "-inform", "DER", "-in", "signature", "-binary", "-CAfile", "root.pem", "-purpose", "any",
				"-cades", "-out", "verified", "-content"}
			out, err := run(append(arguments, "content")...)
			require.NoError(t, err, "%s with %s: %s", kind, a, out)
			_, err = run(append(arguments, "other")...)
			require.Error(t, err)
		}
	}
}

// TestWeReadOpenSSL: DER and streamed BER, signer by key identifier, RSA-PSS, CAdES, without attributes.
func TestWeReadOpenSSL(t *testing.T) {
	dir, run := openssl(t)
	tests := []struct {
		name, kind string
		arguments  []string
		want       Algorithm
	}{
		{"RSA", "RSA", nil, Algorithm{RSA, crypto.SHA256}},
		{"SHA-384", "RSA", []string{"-md", "sha384"}, Algorithm{RSA, crypto.SHA384}},
		{"SHA-1", "RSA", []string{"-md", "sha1"}, Algorithm{RSA, crypto.SHA1}},
		{"SHA-3", "RSA", []string{"-md", "sha3-256"}, Algorithm{RSA, crypto.SHA3_256}},
		{"PSS", "RSA", []string{"-keyopt", "rsa_padding_mode:pss"}, Algorithm{RSAPSS, crypto.SHA256}},
		{"PSS with a short salt", "RSA", []string{"-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:0"}, Algorithm{RSAPSS, crypto.SHA256}},
		{"PSS with another MGF hash", "RSA", []string{"-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_mgf1_md:sha1"}, Algorithm{RSAPSS, crypto.SHA256}},
		{"P-384", "P-384", []string{"-md", "sha384"}, Algorithm{ECDSA, crypto.SHA384}},
		{"P-521", "P-521", []string{"-md", "sha512"}, Algorithm{ECDSA, crypto.SHA512}},
		{"CAdES", "P-256", []string{"-cades"}, Algorithm{ECDSA, crypto.SHA256}},
		{"key identifier", "P-256", []string{"-keyid"}, Algorithm{ECDSA, crypto.SHA256}},
		{"BER", "P-256", []string{"-stream", "-nodetach"}, Algorithm{ECDSA, crypto.SHA256}},
		{"no attributes", "P-256", []string{"-noattr"}, Algorithm{ECDSA, crypto.SHA256}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			id := newIdentity(t, tt.kind)
			id.write(t, dir)
			arguments := append([]string{"cms", "-sign", "-binary", "-in", "content", "-signer", "cert.pem", "-inkey", "key.pem", "-outform", "DER",
				"-out", "signature"}, tt.arguments...)
			out, err := run(arguments...)
			require.NoError(t, err, "%s", out)
			der, err := os.ReadFile(filepath.Join(dir, "signature"))
			require.NoError(t, err)
			sd, si := parse(t, der)
			cert, err := sd.SignerCertificate(si)
			require.NoError(t, err)
			v, err := si.Verify(cert, digestOf(tt.want.Hash, content))
			require.NoError(t, err)
			require.Equal(t, tt.want, v.Algorithm)
			if sd.HasContent {
				require.Equal(t, content, sd.Content)
			}
			_, err = si.Verify(cert, digestOf(tt.want.Hash, []byte("other")))
			require.Error(t, err)
		})
	}
}
