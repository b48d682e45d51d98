package tsa_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/digitorus/timestamp"
	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/tsa"
)

// openssl runs its command ts, a peer that shares no code with this package.
type openssl struct {
	t    *testing.T
	path string
	dir  string
}

func newOpenSSL(t *testing.T) *openssl {
	t.Helper()
	return &openssl{t, peertest.Program(t, "openssl"), t.TempDir()}
}

func (o *openssl) write(name string, content []byte) string {
	o.t.Helper()
	name = filepath.Join(o.dir, name)
	require.NoError(o.t, os.WriteFile(name, content, 0o600))
	return name
}

func (o *openssl) run(args ...string) (string, error) {
	text, err := exec.Command(o.path, append([]string{"ts"}, args...)...).CombinedOutput()
	return string(text), err
}

// responder writes the configuration of a time-stamping authority and returns a
// function that answers queries.
func (o *openssl) responder(id *testpki.Identity) func(query []byte) []byte {
	o.t.Helper()
	key, err := id.KeyPEM()
	require.NoError(o.t, err)
	config := o.write("ts.cnf", []byte("[tsa]\ndefault_tsa=t\n[t]\nserial="+filepath.Join(o.dir, "serial")+
		"\ncrypto_device=builtin\nsigner_cert="+o.write("cert.pem", id.PEM())+"\ncerts="+o.write("chain.pem", id.PEM())+
		"\nsigner_key="+o.write("key.pem", key)+"\nsigner_digest=sha256\ndefault_policy="+policy.String()+
		"\ndigests=sha256,sha512\naccuracy=secs:1,millisecs:500\nordering=yes\ntsa_name=yes\ness_cert_id_chain=no\ness_cert_id_alg=sha256\n"))
	return func(query []byte) []byte {
		out := filepath.Join(o.dir, "reply")
		text, err := o.run("-reply", "-config", config, "-queryfile", o.write("query", query), "-out", out)
		require.NoError(o.t, err, text)
		reply, err := os.ReadFile(out)
		require.NoError(o.t, err)
		return reply
	}
}

// handler is a responder over HTTP.
func handler(answer func([]byte) []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		w.Header().Set("Content-Type", "application/timestamp-reply")
		_, _ = w.Write(answer(query))
	})
}

// present returns a time-stamping identity of today.
func present(t *testing.T, r *testpki.Request) (*testpki.PKI, *testpki.Identity) {
	t.Helper()
	pki, err := testpki.New(&testpki.Options{Now: time.Now()})
	require.NoError(t, err)
	r.Profile = testpki.TimeStamperProfile
	id, err := pki.Issue(r)
	require.NoError(t, err)
	return pki, id
}

func TestOpenSSLAnswersOurRequests(t *testing.T) {
	o := newOpenSSL(t)
	for _, kind := range []testpki.KeyType{testpki.RSA2048, testpki.P256} {
		_, id := present(t, &testpki.Request{KeyType: kind})
		server := httptest.NewServer(handler(o.responder(id)))
		c := &tsa.Client{URL: server.URL, Policy: policy, MinAccuracy: 1500 * time.Millisecond}
		for range 2 {
			response, err := c.Timestamp(t.Context(), request())
			require.NoError(t, err)
			require.Equal(t, 1500*time.Millisecond, response.Token.Accuracy)
			require.True(t, response.Token.Ordering)
			require.True(t, response.Token.TSA.Equal(id.Certificate.Subject))
			require.Equal(t, id.Certificate, response.Verification.Certificate)
			require.Empty(t, response.Verification.Findings)
		}
		var refused *tsa.RefusedError
		_, err := c.Timestamp(t.Context(), &tsa.Request{Digest: digest(), Policy: otherPolicy})
		require.ErrorAs(t, err, &refused)
		require.Equal(t, tsa.UnacceptedPolicy, refused.Failure)
		_, err = c.Timestamp(t.Context(), &tsa.Request{Hash: crypto.SHA384, Digest: make([]byte, 48)})
		require.ErrorAs(t, err, &refused)
		require.Equal(t, tsa.BadAlgorithm, refused.Failure)
		require.NotEmpty(t, refused.Text)
		require.ErrorIs(t, err, tsa.ErrNoStamp)
		server.Close()
	}
}

// Both what our responder answers to openssl's requests, and to our own.
func TestOpenSSLVerifiesOurTokens(t *testing.T) {
	o := newOpenSSL(t)
	input := o.write("data", data)
	for _, test := range []struct {
		request testpki.Request
		cert    bool
	}{
		{testpki.Request{KeyType: testpki.RSA2048}, true},
		{testpki.Request{KeyType: testpki.RSA2048}, false},
		{testpki.Request{KeyType: testpki.P256}, true},
		{testpki.Request{KeyType: testpki.P384}, true},
		{testpki.Request{KeyType: testpki.P521}, true},
	} {
		pki, id := present(t, &test.request)
		r := responderOf(id)
		r.Now, r.Accuracy, r.Ordering, r.Name, r.Resolution = nil, 10*time.Millisecond, true, true, time.Millisecond
		root, untrusted := o.write("root.pem", pki.Root.PEM()), o.write("untrusted.pem", id.PEM())
		for _, hash := range []string{"-sha256", "-sha512", "-sha3-384"} {
			name := filepath.Join(o.dir, "query")
			args := []string{"-query", "-data", input, hash, "-tspolicy", otherPolicy.String(), "-out", name}
			if test.cert {
				args = append(args, "-cert")
			}
			text, err := o.run(args...)
			require.NoError(t, err, text)
			query, err := os.ReadFile(name)
			require.NoError(t, err)
			reply, err := r.Respond(t.Context(), query)
			require.NoError(t, err)
			text, err = o.run("-verify", "-queryfile", name, "-in", o.write("reply", reply), "-CAfile", root, "-untrusted", untrusted)
			require.NoError(t, err, "%v: %s", test, text)
			text, err = o.run("-verify", "-data", input, "-in", o.write("reply", reply), "-CAfile", root, "-untrusted", untrusted)
			require.NoError(t, err, "%v: %s", test, text)
			text, err = o.run("-verify", "-data", untrusted, "-in", o.write("reply", reply), "-CAfile", root, "-untrusted", untrusted)
			require.Error(t, err, text)
		}
		response, err := r.Timestamp(t.Context(), request())
		require.NoError(t, err)
		text, err := o.run("-verify", "-data", input, "-token_in", "-in", o.write("token", response.Token.Raw), "-CAfile", root, "-untrusted", untrusted)
		require.NoError(t, err, text)
	}
}

// Openssl's command ts does not know RSA-PSS and Ed25519; its command cms does.
func TestOpenSSLVerifiesPSS(t *testing.T) {
	o := newOpenSSL(t)
	for _, restricted := range []bool{false, true} {
		pki, id := present(t, &testpki.Request{KeyType: testpki.RSA2048, RestrictToPSS: restricted})
		r := responderOf(id)
		r.Now, r.Algorithm = nil, cms.Algorithm{Scheme: cms.RSAPSS, Hash: crypto.SHA256}
		response, err := r.Timestamp(t.Context(), request())
		require.NoError(t, err)
		out := filepath.Join(o.dir, "content")
		text, err := exec.Command(o.path, "cms", "-verify", "-inform", "DER", "-in", o.write("token", response.Token.Raw),
			"-CAfile", o.write("root.pem", pki.Root.PEM()), "-certfile", o.write("chain.pem", id.PEM()),
			"-purpose", "timestampsign", "-binary", "-out", out).CombinedOutput()
		require.NoError(t, err, "%s", text)
		content, err := os.ReadFile(out)
		require.NoError(t, err)
		require.Equal(t, response.Token.SignedData.Content, content)
	}
}

// The library that Go programs use for time stamps reads ours.
func TestDigitorusReadsOurs(t *testing.T) {
	for _, kind := range []testpki.KeyType{testpki.RSA2048, testpki.P256, testpki.P384, testpki.Ed25519} {
		r := responder(t, kind)
		r.Accuracy, r.Ordering = 1500*time.Millisecond, true
		query, err := timestamp.CreateRequest(bytes.NewReader(data), &timestamp.RequestOptions{
			Certificates: true, TSAPolicyOID: otherPolicy, Nonce: big.NewInt(77),
		})
		require.NoError(t, err)
		reply, err := r.Respond(t.Context(), query)
		require.NoError(t, err)
		stamp, err := timestamp.ParseResponse(reply)
		require.NoError(t, err, "%v", kind)
		require.Equal(t, digest(), stamp.HashedMessage)
		require.Equal(t, testpki.Now(), stamp.Time)
		require.Equal(t, r.Accuracy, stamp.Accuracy)
		require.True(t, stamp.Ordering)
		require.Equal(t, big.NewInt(77), stamp.Nonce)
		require.True(t, stamp.Policy.Equal(otherPolicy))
		require.NotEmpty(t, stamp.Certificates)

		ours, err := (&tsa.Query{Hash: crypto.SHA256, Imprint: digest(), Policy: policy, Nonce: big.NewInt(78), CertReq: true}).Marshal()
		require.NoError(t, err)
		q, err := timestamp.ParseRequest(ours)
		require.NoError(t, err)
		require.Equal(t, digest(), q.HashedMessage)
		require.Equal(t, big.NewInt(78), q.Nonce)
		require.True(t, q.Certificates)
		again, err := q.Marshal()
		require.NoError(t, err)
		require.Equal(t, again, ours, "byte by byte")

		q.TSAPolicyOID = asn1.ObjectIdentifier{1, 2, 3}
		query, err = q.Marshal()
		require.NoError(t, err)
		reply, err = r.Respond(t.Context(), query)
		require.Error(t, err)
		_, err = timestamp.ParseResponse(reply)
		require.ErrorContains(t, err, "policy")
	}
}

// And our client takes what it answers.
func TestWeReadDigitorus(t *testing.T) {
	for _, kind := range []testpki.KeyType{testpki.RSA2048, testpki.P256} {
		_, id := present(t, &testpki.Request{KeyType: kind})
		cert, err := x509.ParseCertificate(id.Certificate.Raw)
		require.NoError(t, err)
		server := httptest.NewServer(handler(func(query []byte) []byte {
			q, err := timestamp.ParseRequest(query)
			if err != nil || !q.TSAPolicyOID.Equal(policy) {
				reply, _ := timestamp.CreateErrorResponse(timestamp.Rejection, timestamp.UnacceptedPolicy)
				return reply
			}
			reply, err := (&timestamp.Timestamp{
				HashAlgorithm: q.HashAlgorithm, HashedMessage: q.HashedMessage, Time: time.Now(), Policy: q.TSAPolicyOID,
				Nonce: q.Nonce, Ordering: true, Accuracy: 2 * time.Second, AddTSACertificate: q.Certificates,
			}).CreateResponseWithOpts(cert, id.Key, crypto.SHA256)
			if err != nil {
				return nil
			}
			return reply
		}))
		c := &tsa.Client{URL: server.URL, Policy: policy}
		response, err := c.Timestamp(t.Context(), request())
		require.NoError(t, err)
		require.True(t, response.Token.Ordering)
		_, err = c.Timestamp(t.Context(), &tsa.Request{Digest: digest(), Policy: otherPolicy})
		var refused *tsa.RefusedError
		require.ErrorAs(t, err, &refused)
		require.Equal(t, tsa.UnacceptedPolicy, refused.Failure)
		server.Close()
	}
}
