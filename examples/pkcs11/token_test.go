package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/elliptic"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/ThalesGroup/crypto11"
	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
)

const (
	label = "office"
	pin   = "271828"
)

// softHSM makes a token and returns the library. Without SoftHSM the test is skipped; with REQUIRE_PEERS it fails.
func softHSM(t testing.TB) (module, folder string) {
	t.Helper()
	for _, name := range []string{"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"} {
		if _, err := os.Stat(name); err == nil {
			module = name
			break
		}
	}
	util, err := exec.LookPath("softhsm2-util")
	if module == "" || err != nil {
		require.NotEqual(t, "1", os.Getenv("REQUIRE_PEERS"), "SoftHSM is not installed")
		t.Skip("SoftHSM is not installed")
	}
	folder = t.TempDir()
	tokens := filepath.Join(folder, "tokens")
	require.NoError(t, os.Mkdir(tokens, 0o700))
	config := filepath.Join(folder, "softhsm2.conf")
	require.NoError(t, os.WriteFile(config, []byte("directories.tokendir = "+tokens+"\nlog.level = ERROR\n"), 0o600))
	t.Setenv("SOFTHSM2_CONF", config)
	out, err := exec.Command(util, "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", "31415926").CombinedOutput()
	require.NoError(t, err, "%s", out)
	return module, tokens
}

// office is a token with a key of each kind.
type office struct {
	module, folder string
	pki            *testpki.PKI
	chains         map[string][]*certificate.Certificate
}

func newOffice(t testing.TB) *office {
	t.Helper()
	o := &office{chains: map[string][]*certificate.Certificate{}}
	o.module, o.folder = softHSM(t)
	var err error
	o.pki, err = testpki.New(nil)
	require.NoError(t, err)
	c, err := crypto11.Configure(&crypto11.Config{Path: o.module, TokenLabel: label, Pin: pin})
	require.NoError(t, err)
	defer func() { require.NoError(t, c.Close()) }()
	for i, name := range []string{"rsa", "p256", "p384"} {
		var key crypto.Signer
		switch id := []byte{byte(i + 1)}; name {
		case "rsa":
			key, err = c.GenerateRSAKeyPairWithLabel(id, []byte(name), 2048)
		case "p256":
			key, err = c.GenerateECDSAKeyPairWithLabel(id, []byte(name), elliptic.P256())
		default:
			key, err = c.GenerateECDSAKeyPairWithLabel(id, []byte(name), elliptic.P384())
		}
		require.NoError(t, err)
		issued, err := o.pki.Issue(&testpki.Request{Key: key, Issuer: o.pki.Root})
		require.NoError(t, err)
		o.chains[name] = issued.Chain
	}
	return o
}

// open logs in with so many sessions.
func (o *office) open(t testing.TB, sessions int) *Token {
	t.Helper()
	token, err := OpenToken(TokenOptions{Module: o.module, Label: label, PIN: pin, Sessions: sessions})
	require.NoError(t, err)
	return token
}

func (o *office) signer(t testing.TB, token *Token, name string) *pades.Signer {
	t.Helper()
	key, err := token.Key(name, nil)
	require.NoError(t, err)
	return &pades.Signer{Key: key, Chain: o.chains[name]}
}

func document(t testing.TB, data []byte) *pades.Document {
	t.Helper()
	d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), &pades.OpenOptions{Now: testpki.Now})
	require.NoError(t, err)
	return d
}

func contract() []byte { return testpdf.Contract(1, testpdf.Table).Bytes() }

// passes judges a signed document.
func (o *office) passes(r io.ReaderAt, size int64) error {
	report, err := verify.Reader(context.Background(), r, size, &verify.Options{Trust: o.pki.Pool(), At: testpki.Now()})
	if err == nil && (!report.Passed() || len(report.Signatures) != 1) {
		err = fmt.Errorf("not passed: %+v", report.Signatures)
	}
	return err
}

// TestKeys: every kind of key and scheme, by label, by identifier and by both.
func TestKeys(t *testing.T) {
	o := newOffice(t)
	token := o.open(t, 1)
	defer token.Close()
	for name, algorithms := range map[string][]cms.Algorithm{
		"rsa": {
			{}, {Scheme: cms.RSA, Hash: crypto.SHA384}, {Scheme: cms.RSA, Hash: crypto.SHA512},
			{Scheme: cms.RSAPSS, Hash: crypto.SHA256}, {Scheme: cms.RSAPSS, Hash: crypto.SHA512},
		},
		"p256": {{}, {Scheme: cms.ECDSA, Hash: crypto.SHA384}},
		"p384": {{}},
	} {
		for _, a := range algorithms {
			s := o.signer(t, token, name)
			s.Algorithm = a
			d := document(t, contract())
			require.NoError(t, d.Sign(t.Context(), s, nil), "%s with %s", name, a)
			require.NoError(t, o.passes(d, d.Size()), "%s with %s", name, a)
		}
	}
	for id, name := range map[byte]string{1: "rsa", 2: "p256", 3: "p384"} {
		for _, by := range []string{"", name} {
			key, err := token.Key(by, []byte{id})
			require.NoError(t, err)
			require.True(t, key.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(o.chains[name][0].PublicKey))
		}
	}
	_, err := token.Key("rsa", []byte{2})
	require.ErrorIs(t, err, ErrNoKey)
	_, err = token.Key("", nil)
	require.ErrorIs(t, err, ErrTokenFailed)
	key, err := token.Key("rsa", nil)
	require.NoError(t, err)
	_, err = key.Sign(nil, make([]byte, 20), crypto.SHA1)
	require.ErrorIs(t, err, cms.ErrNotSigned)

	c, err := crypto11.Configure(&crypto11.Config{Path: o.module, TokenLabel: label, Pin: pin})
	require.NoError(t, err)
	defer c.Close()
	_, err = c.GenerateECDSAKeyPairWithLabel([]byte{9}, []byte("p256"), elliptic.P256())
	require.NoError(t, err)
	_, err = token.Key("p256", nil)
	require.ErrorIs(t, err, ErrSeveralKeys)
}

// TestCommand signs files as the command does.
func TestCommand(t *testing.T) {
	o := newOffice(t)
	folder, out := t.TempDir(), t.TempDir()
	put := func(name string, b []byte) string {
		name = filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(name, b, 0o600))
		return name
	}
	var chain []byte
	for _, c := range o.chains["rsa"] {
		chain = append(chain, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	f := &flags{
		module: o.module, token: label, id: "01", pinFile: put("pin", []byte(pin+"\r\n")), chain: put("chain.pem", chain), out: out, workers: 3, pss: true,
		files: []string{put("1.pdf", contract()), put("2.pdf", []byte("no PDF")), put("3.pdf", contract()), put("4.pdf", contract())},
	}
	require.ErrorContains(t, sign(t.Context(), f), "1 of 4 files were not signed")
	for _, name := range []string{"1.pdf", "3.pdf", "4.pdf"} {
		report, err := verify.File(t.Context(), filepath.Join(out, name), &verify.Options{Trust: o.pki.Pool(), At: testpki.Now()})
		require.NoError(t, err)
		require.Equal(t, "RSA-PSS", report.Signatures[0].Algorithm)
	}
	require.NoFileExists(t, filepath.Join(out, "2.pdf"))

	require.Error(t, sign(t.Context(), &flags{}))
	f.id = "x"
	require.Error(t, sign(t.Context(), f))
}

// TestScenario8ThousandFiles: a SoftHSM key, 1,000 files concurrently: all verify, and no key leaves the token.
func TestScenario8ThousandFiles(t *testing.T) {
	o := newOffice(t)
	token := o.open(t, workers)
	defer token.Close()
	const n = 1000
	folder := t.TempDir()
	data := contract()
	jobs := func(yield func(pades.BatchJob) bool) {
		for i := range n {
			name := filepath.Join(folder, fmt.Sprintf("%04d.pdf", i))
			if !yield(pades.BatchJob{
				Name: name,
				Open: func() (*pades.Document, error) {
					return pades.NewDocument(bytes.NewReader(data), int64(len(data)), &pades.OpenOptions{Now: testpki.Now})
				},
				Write: func(d *pades.Document) error { return d.WriteFile(name) },
			}) {
				return
			}
		}
	}
	batch := &pades.Batch{Signer: o.signer(t, token, "rsa"), Workers: workers}
	counts, err := batch.Sign(t.Context(), jobs, func(r pades.BatchResult) error { return r.Err })
	require.NoError(t, err)
	require.EqualValues(t, n, counts.Signed)
	require.EqualValues(t, n, counts.Signatures)

	var all sync.WaitGroup
	names := make(chan string)
	for range 4 {
		all.Go(func() {
			for name := range names {
				report, err := verify.File(t.Context(), name, &verify.Options{Trust: o.pki.Pool(), At: testpki.Now()})
				if err != nil || !report.Passed() || len(report.Signatures) != 1 {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
	for i := range n {
		names <- filepath.Join(folder, fmt.Sprintf("%04d.pdf", i))
	}
	close(names)
	all.Wait()
	sample(t, folder, n)
	staysInside(t, o)
}

// sample has 50 of the files judged by pdfsig.
func sample(t *testing.T, folder string, n int) {
	t.Helper()
	pdfsig, err := exec.LookPath("pdfsig")
	if err != nil {
		require.NotEqual(t, "1", os.Getenv("REQUIRE_PEERS"), "pdfsig is not installed")
		return
	}
	for i := 0; i < n; i += n / 50 {
		out, err := exec.Command(pdfsig, "-nocert", "-no-ocsp", filepath.Join(folder, fmt.Sprintf("%04d.pdf", i))).CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Contains(t, string(out), "Signature is Valid.")
		require.Contains(t, string(out), "Total document signed")
	}
}

// staysInside tries to read the private key.
func staysInside(t *testing.T, o *office) {
	t.Helper()
	c, err := crypto11.Configure(&crypto11.Config{Path: o.module, TokenLabel: label, Pin: pin})
	require.NoError(t, err)
	defer c.Close()
	key, err := c.FindKeyPair(nil, []byte("rsa"))
	require.NoError(t, err)
	for attribute, want := range map[crypto11.AttributeType]byte{crypto11.CkaSensitive: 1, crypto11.CkaExtractable: 0} {
		value, err := c.GetAttribute(key, attribute)
		require.NoError(t, err)
		require.Equal(t, []byte{want}, value.Value)
	}
	for _, secret := range []crypto11.AttributeType{crypto11.CkaPrivateExponent, crypto11.CkaPrime1, crypto11.CkaPrime2} {
		_, err := c.GetAttribute(key, secret)
		require.ErrorContains(t, err, "CKR_ATTRIBUTE_SENSITIVE")
	}
}

// workers is how many files are signed at a time.
const workers = 8

// round signs n documents in memory and returns the time that it took.
func round(t testing.TB, s *pades.Signer, n int, write func(i int, d *pades.Document) error) time.Duration {
	data := contract()
	batch := &pades.Batch{Signer: s, Workers: workers}
	started := time.Now()
	i := 0
	counts, err := batch.Sign(t.Context(), func(yield func(pades.BatchJob) bool) {
		for ; i < n; i++ {
			at := i
			if !yield(pades.BatchJob{
				Open: func() (*pades.Document, error) {
					return pades.NewDocument(bytes.NewReader(data), int64(len(data)), nil)
				},
				Write: func(d *pades.Document) error { return write(at, d) },
			}) {
				return
			}
		}
	}, func(r pades.BatchResult) error { return r.Err })
	took := time.Since(started)
	require.NoError(t, err)
	require.EqualValues(t, n, counts.Signed)
	return took
}
