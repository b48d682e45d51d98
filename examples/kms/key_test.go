package main

import (
	"bytes"
	"context"
	"crypto"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
)

// moto is a fake of AWS (testdata/fakeaws.py), with a counter of signatures in front of it.
type moto struct {
	t     *testing.T
	admin *awskms.Client
	signs atomic.Int64
	drop  atomic.Bool  // answers of Sign are lost
	says  atomic.Value // name of the exception that Sign gets instead, with the status before it
	pki   *testpki.PKI
}

// newMoto starts moto, or skips the test; with REQUIRE_PEERS it fails instead.
func newMoto(t *testing.T) *moto {
	t.Helper()
	program, err := exec.LookPath("moto_server")
	if err != nil {
		require.NotEqual(t, "1", os.Getenv("REQUIRE_PEERS"), "moto is not installed")
		t.Skip("moto is not installed")
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := free.Addr().String()
	require.NoError(t, free.Close())
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	var said bytes.Buffer
	program, err = filepath.EvalSymlinks(program)
	require.NoError(t, err)
	python := filepath.Join(filepath.Dir(program), "python")
	server := exec.Command(python, filepath.Join("testdata", "fakeaws.py"), "-H", "127.0.0.1", "-p", port)
	server.Stdout, server.Stderr = &said, &said
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	m := &moto{t: t}
	m.pki, err = testpki.New(nil)
	require.NoError(t, err)
	front := httptest.NewServer(m.proxy(address))
	t.Cleanup(front.Close)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": front.URL, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1",
		"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true",
	} {
		t.Setenv(name, value)
	}
	awaitPort(t, address, &said)
	c, err := config.LoadDefaultConfig(t.Context())
	require.NoError(t, err)
	m.admin = awskms.NewFromConfig(c)
	return m
}

func awaitPort(t *testing.T, address string, said *bytes.Buffer) {
	t.Helper()
	for range 300 {
		if connection, err := net.Dial("tcp", address); err == nil {
			_ = connection.Close()
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("moto did not start: %s", said)
}

// proxy passes requests on, counts those for signatures, and loses their answers when told to.
func (m *moto) proxy(address string) http.Handler {
	inner := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: address})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Amz-Target") == "TrentService.Sign" {
			m.signs.Add(1)
			if says, _ := m.says.Load().(string); says != "" {
				code, name, _ := strings.Cut(says, " ")
				status, _ := strconv.Atoi(code)
				w.Header().Set("Content-Type", "application/x-amz-json-1.1")
				w.WriteHeader(status)
				fmt.Fprintf(w, `{"__type":%q,"message":"no"}`, name)
				return
			}
			if m.drop.Load() {
				inner.ServeHTTP(httptest.NewRecorder(), r)
				connection, _, err := w.(http.Hijacker).Hijack()
				if err == nil {
					_ = connection.Close()
				}
				return
			}
		}
		inner.ServeHTTP(w, r)
	})
}

// create makes a key and returns its reference.
func (m *moto) create(spec types.KeySpec) string {
	m.t.Helper()
	out, err := m.admin.CreateKey(m.t.Context(), &awskms.CreateKeyInput{KeySpec: spec, KeyUsage: types.KeyUsageTypeSignVerify})
	require.NoError(m.t, err)
	return "awskms:///" + *out.KeyMetadata.KeyId
}

func (m *moto) signer(key *Key, pss bool) *pades.Signer {
	m.t.Helper()
	id, err := m.pki.Issue(&testpki.Request{Key: key, Issuer: m.pki.Root})
	require.NoError(m.t, err)
	a, err := key.Algorithm(pss)
	require.NoError(m.t, err)
	return &pades.Signer{Key: key, Chain: id.Chain, Algorithm: a}
}

func contract() []byte { return testpdf.Contract(1, testpdf.Table).Bytes() }

func document(t *testing.T) *pades.Document {
	t.Helper()
	data := contract()
	d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), &pades.OpenOptions{Now: testpki.Now})
	require.NoError(t, err)
	return d
}

func (m *moto) passes(r io.ReaderAt, size int64) {
	m.t.Helper()
	report, err := verify.Reader(m.t.Context(), r, size, &verify.Options{Trust: m.pki.Pool(), At: testpki.Now()})
	require.NoError(m.t, err)
	require.True(m.t, report.Passed())
}

// TestAWS signs with every kind of key that makes PDF signatures; one call of the key each.
func TestAWS(t *testing.T) {
	m := newMoto(t)
	for _, spec := range []types.KeySpec{types.KeySpecRsa2048, types.KeySpecRsa3072, types.KeySpecEccNistP256, types.KeySpecEccNistP384, types.KeySpecEccNistP521} {
		key, err := OpenKey(t.Context(), m.create(spec))
		require.NoError(t, err)
		before := m.signs.Load()
		s := m.signer(key, false) // moto's certificate is made by the PKI of the test: no call of the key
		d := document(t)
		require.NoError(t, d.Sign(t.Context(), s, nil), "%s with %s", spec, s.Algorithm)
		require.Equal(t, before+1, m.signs.Load())
		m.passes(d, d.Size())
	}
}

// TestCommand signs a file as the command does.
func TestCommand(t *testing.T) {
	m := newMoto(t)
	reference := m.create(types.KeySpecEccNistP256)
	key, err := OpenKey(t.Context(), reference)
	require.NoError(t, err)
	folder := t.TempDir()
	var chain []byte
	for _, c := range m.signer(key, false).Chain {
		chain = append(chain, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	chainFile, in, out := filepath.Join(folder, "chain.pem"), filepath.Join(folder, "in.pdf"), filepath.Join(folder, "out.pdf")
	require.NoError(t, os.WriteFile(chainFile, chain, 0o600))
	require.NoError(t, os.WriteFile(in, contract(), 0o600))
	require.NoError(t, sign(t.Context(), reference, chainFile, false, []string{in, out}))
	data, err := os.ReadFile(out)
	require.NoError(t, err)
	m.passes(bytes.NewReader(data), int64(len(data)))
	require.Error(t, sign(t.Context(), "", "", false, nil))
}

// TestFaults: a key that was disabled, one that never was, an answer that was lost, a service that is gone, a key that
// signs in another way than it was asked to. Nothing is asked twice, nothing is written.
func TestFaults(t *testing.T) {
	m := newMoto(t)
	refused := func(s *pades.Signer) error {
		t.Helper()
		d := document(t)
		err := d.Sign(t.Context(), s, nil)
		require.Error(t, err)
		require.EqualValues(t, len(contract()), d.Size())
		return err
	}
	_, err := OpenKey(t.Context(), "awskms:///12345678-1234-1234-1234-123456789012")
	require.ErrorIs(t, err, cms.ErrKeyLost)
	require.ErrorIs(t, err, cms.ErrNotSigned)

	rsaKey, err := OpenKey(t.Context(), m.create(types.KeySpecRsa2048))
	require.NoError(t, err)
	before := m.signs.Load()
	err = refused(m.signer(rsaKey, true))
	require.ErrorIs(t, err, cms.ErrKey, "it signs with RSASSA-PKCS1-v1_5")
	require.NotErrorIs(t, err, cms.ErrNotSigned)
	require.Equal(t, before+1, m.signs.Load())
	_, err = rsaKey.Sign(nil, make([]byte, 64), crypto.SHA512)
	require.ErrorIs(t, err, cms.ErrNotSigned)
	require.Equal(t, before+1, m.signs.Load())

	reference := m.create(types.KeySpecEccNistP256)
	key, err := OpenKey(t.Context(), reference)
	require.NoError(t, err)
	s := m.signer(key, false)
	m.drop.Store(true)
	before = m.signs.Load()
	err = refused(s)
	require.NotErrorIs(t, err, cms.ErrNotSigned)
	require.Equal(t, before+1, m.signs.Load(), "an answer that was lost is not asked for again")
	m.drop.Store(false)

	for says, want := range map[string]struct{ lost, unsigned bool }{
		"400 DisabledException":        {true, true},
		"400 KMSInvalidStateException": {true, true},
		"400 AccessDeniedException":    {true, true},
		"400 ThrottlingException":      {false, true},
		"429 ThrottlingException":      {false, true},
		"500 KMSInternalException":     {false, false},
		"503 ServiceUnavailable":       {false, false},
	} {
		m.says.Store(says)
		before = m.signs.Load()
		err = refused(s)
		require.Equal(t, want.lost, errors.Is(err, cms.ErrKeyLost), "%s: %v", says, err)
		require.Equal(t, want.unsigned, errors.Is(err, cms.ErrNotSigned), "%s: %v", says, err)
		require.Equal(t, before+1, m.signs.Load(), says)
	}
	m.says.Store("")

	t.Setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
	_, err = OpenKey(t.Context(), reference)
	require.Error(t, err)
}

// TestCancel: a signature ends with its context.
func TestCancel(t *testing.T) {
	m := newMoto(t)
	key, err := OpenKey(t.Context(), m.create(types.KeySpecEccNistP256))
	require.NoError(t, err)
	s := m.signer(key, false)
	inside, leave := make(chan struct{}), make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(inside); <-leave }))
	t.Cleanup(silent.Close)
	t.Cleanup(func() { close(leave) })
	t.Setenv("AWS_ENDPOINT_URL", silent.URL)
	remote, err := open(t.Context(), "awskms:///12345678-1234-1234-1234-123456789012")
	require.NoError(t, err)
	s.Key = &Key{remote: remote, public: key.public, hash: key.hash}
	ctx, cancel := context.WithCancel(t.Context())
	var ended time.Time
	go func() {
		<-inside
		ended = time.Now()
		cancel()
	}()
	err = document(t).Sign(ctx, s, nil)
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, time.Since(ended), 100*time.Millisecond)
}

// TestReferences: schemes that are not known run no program.
func TestReferences(t *testing.T) {
	for _, reference := range []string{"", "seal", "evil://seal", "awskms://", "gcpkms://x", "azurekms://x", "hashivault://"} {
		_, err := OpenKey(t.Context(), reference)
		require.Error(t, err, reference)
		require.NotContains(t, fmt.Sprint(err), "sigstore-kms")
	}
}
