package tsa_test

import (
	"bytes"
	"crypto"
	"crypto/x509/pkix"
	"encoding/asn1"
	"io"
	"math/big"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/tsa"
)

func FuzzParseToken(f *testing.F) {
	id := authority(f, testpki.Ed25519, nil)
	for _, token := range []testpki.Token{
		{}, {Accuracy: time.Millisecond, Ordering: true, Nonce: big.NewInt(5), TSA: id.Certificate.RawSubject}, {GenTime: "x"},
	} {
		f.Add(stamp(f, id, token))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		token, rest, err := tsa.ParseToken(b)
		if err != nil {
			return
		}
		require.Equal(t, len(b), len(token.Raw)+len(rest))
		v, err := token.Verify(digest(), id.Certificate)
		if err == nil {
			require.True(t, v.ImprintValid && v.SignatureValid)
		}
	})
}

// transport answers every request with the same bytes.
type transport []byte

func (b transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(b)), ContentLength: int64(len(b)), Request: r}, nil
}

// seedNonce is what the client of FuzzResponse reads its nonce from.
var seedNonce = []byte{1, 2, 3, 4, 5, 6, 7, 8}

// seedReplies returns answers to the client of FuzzResponse, from the best to none.
func seedReplies(t testing.TB) [][]byte {
	t.Helper()
	r := responder(t, testpki.Ed25519)
	var seeds [][]byte
	for _, q := range []*tsa.Query{
		{Nonce: new(big.Int).SetBytes(seedNonce), CertReq: true},
		{Nonce: new(big.Int).SetBytes(seedNonce)},
		{Nonce: big.NewInt(1), CertReq: true},
		{CertReq: true, Policy: otherPolicy},
		{Policy: asn1.ObjectIdentifier{1, 2, 3}},
		{Extensions: []pkix.Extension{{Id: policy}}},
	} {
		q.Hash, q.Imprint = crypto.SHA256, digest()
		der, err := q.Marshal()
		require.NoError(t, err)
		reply, _ := r.Respond(t.Context(), der)
		require.NotEmpty(t, reply)
		seeds = append(seeds, reply)
	}
	return append(seeds, nil, []byte{0x30, 5, 0x30, 3, 2, 1, 0}, []byte{0x30, 0x80, 0x30, 3, 2, 1, 2, 0, 0}, []byte("<!DOCTYPE html>"))
}

// Whatever a server answers, a client hands out nothing but a sound token.
func FuzzResponse(f *testing.F) {
	seeds := seedReplies(f)
	for _, seed := range seeds {
		f.Add(seed)
	}
	ask := func(t testing.TB, body []byte) (*tsa.Response, error) {
		c := &tsa.Client{
			URL: "http://127.0.0.1/", HTTPClient: &http.Client{Transport: transport(body)},
			Now: testpki.Now, Rand: bytes.NewReader(seedNonce),
		}
		return c.Timestamp(t.Context(), request())
	}
	_, err := ask(f, seeds[0])
	require.NoError(f, err, "the first seed is sound")
	f.Fuzz(func(t *testing.T, body []byte) {
		response, err := ask(t, body)
		if err != nil {
			require.Nil(t, response)
			var all *tsa.Error
			require.ErrorAs(t, err, &all)
			require.NotEmpty(t, err.Error())
			return
		}
		v, err := response.Token.Verify(digest())
		require.NoError(t, err)
		require.True(t, v.ImprintValid && v.SignatureValid)
		require.Equal(t, new(big.Int).SetBytes(seedNonce), response.Token.Nonce)
	})
}

// Whatever a client asks, a responder answers with a TimeStampResp, and stamps nothing
// but what was asked for.
func FuzzQuery(f *testing.F) {
	for _, q := range []*tsa.Query{
		{Hash: crypto.SHA256, Imprint: digest()},
		{Hash: crypto.SHA512, Imprint: make([]byte, 64), Policy: policy, Nonce: big.NewInt(-1), CertReq: true},
		{Hash: crypto.SHA1, Imprint: make([]byte, 20), Extensions: []pkix.Extension{{Id: policy, Critical: true}}},
	} {
		der, err := q.Marshal()
		require.NoError(f, err)
		f.Add(der)
	}
	r := responder(f, testpki.Ed25519)
	f.Fuzz(func(t *testing.T, b []byte) {
		out, err := r.Respond(t.Context(), b)
		reply, parseErr := tsa.ParseReply(out)
		require.NoError(t, parseErr)
		require.Equal(t, err == nil, reply.Status == tsa.Granted)
		require.Equal(t, err == nil, reply.Token != nil)
		if err != nil {
			require.NotZero(t, reply.Failure)
			return
		}
		q, err := tsa.ParseQuery(b)
		require.NoError(t, err)
		_, err = reply.Token.Verify(q.Imprint, r.Certificate)
		require.NoError(t, err)
		require.Equal(t, q.Nonce, reply.Token.Nonce)
		require.Equal(t, q.CertReq, len(reply.Token.SignedData.Certificates) > 0)
	})
}
