package interop_test

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/tsa"
)

// pyHanko asks our responder and judges what it gets, whatever the key.
func TestPyHankoAsksForTimeStamps(t *testing.T) {
	pki, err := testpki.New(&testpki.Options{Now: time.Now()})
	require.NoError(t, err)
	stranger, err := testpki.New(&testpki.Options{Now: time.Now(), KeyType: testpki.P256})
	require.NoError(t, err)
	var urls []string
	for _, test := range []struct {
		pki        *testpki.PKI
		kind       testpki.KeyType
		restricted bool
		algorithm  cms.Algorithm
	}{
		{pki: pki, kind: testpki.RSA2048},
		{pki: pki, kind: testpki.RSA2048, algorithm: cms.Algorithm{Scheme: cms.RSAPSS, Hash: crypto.SHA384}},
		{pki: pki, kind: testpki.RSA2048, restricted: true},
		{pki: pki, kind: testpki.P256},
		{pki: pki, kind: testpki.P384},
		{pki: pki, kind: testpki.Ed25519},
		{pki: stranger, kind: testpki.RSA2048},
	} {
		id, err := test.pki.Issue(&testpki.Request{Profile: testpki.TimeStamperProfile, KeyType: test.kind, RestrictToPSS: test.restricted})
		require.NoError(t, err)
		server := httptest.NewServer(&tsa.Responder{
			Key: id.Key, Certificate: id.Certificate, Chain: id.Chain, Algorithm: test.algorithm,
			Policies: []asn1.ObjectIdentifier{{1, 2, 3, 4, 1}}, Accuracy: 10 * time.Millisecond, Resolution: time.Millisecond,
			Ordering: true, Name: true,
		})
		t.Cleanup(server.Close)
		urls = append(urls, server.URL)
	}
	digest := sha256.Sum256([]byte("stamped data"))
	cmd := exec.Command(python(t), append([]string{"judges/pyhanko_timestamp.py", "ask",
		write(t, "root.pem", pki.Root.PEM()), hex.EncodeToString(digest[:])}, urls...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s", stderr.String())
	decoder := json.NewDecoder(bytes.NewReader(out))
	for i := range urls {
		var answer struct {
			Intact, Valid, Trusted bool
			Time                   time.Time
			Error                  string
		}
		require.NoError(t, decoder.Decode(&answer))
		require.Empty(t, answer.Error, "%d", i)
		require.True(t, answer.Intact && answer.Valid, "%d: %+v", i, answer)
		require.Equal(t, i < len(urls)-1, answer.Trusted, "%d: the last one is a stranger", i)
		require.WithinDuration(t, time.Now(), answer.Time, time.Minute)
	}
}

// And our client takes pyHanko's stamps, which bind the certificate in the old way
// (RFC 2634, 5.4) and claim a signing time.
func TestWeReadTimeStampsOfPyHanko(t *testing.T) {
	pki, err := testpki.New(&testpki.Options{Now: time.Now()})
	require.NoError(t, err)
	id, err := pki.Issue(&testpki.Request{Profile: testpki.TimeStamperProfile})
	require.NoError(t, err)
	key, err := id.KeyPEM()
	require.NoError(t, err)
	chain := write(t, "chain.pem", id.PEM())
	cmd := exec.Command(python(t), "judges/pyhanko_timestamp.py", "answer", chain, write(t, "key.pem", key), chain)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	replies := bufio.NewScanner(out)
	replies.Buffer(nil, 1<<20)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		fmt.Fprintln(in, hex.EncodeToString(query))
		if replies.Scan() {
			reply, _ := hex.DecodeString(strings.TrimSpace(replies.Text()))
			_, _ = w.Write(reply)
		}
	}))
	c := &tsa.Client{URL: server.URL}
	for range 2 {
		digest := sha256.Sum256([]byte("stamped data"))
		response, err := c.Timestamp(t.Context(), &tsa.Request{Digest: digest[:]})
		require.NoError(t, err, "%s", stderr.String())
		require.True(t, response.Verification.CMS.SigningCertificateV1)
		require.False(t, response.Verification.CMS.SigningCertificateV2)
		require.True(t, response.Token.TSA.Equal(id.Certificate.Subject))
	}
	server.Close()
	require.NoError(t, in.Close())
	require.NoError(t, cmd.Wait())
}
