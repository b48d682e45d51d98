package tsa_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha1"
	"crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/tsa"
)

var (
	policy      = asn1.ObjectIdentifier{1, 2, 392, 200, 1}
	otherPolicy = asn1.ObjectIdentifier{1, 2, 392, 200, 2}
)

func responder(t testing.TB, kind testpki.KeyType) *tsa.Responder {
	t.Helper()
	return responderOf(authority(t, kind, nil))
}

func responderOf(id *testpki.Identity) *tsa.Responder {
	return &tsa.Responder{
		Key: id.Key, Certificate: id.Certificate, Chain: id.Chain,
		Policies: []asn1.ObjectIdentifier{policy, otherPolicy}, Now: testpki.Now,
	}
}

// respond sends a query to a responder and reads the reply.
func respond(t testing.TB, r *tsa.Responder, q *tsa.Query) *tsa.Reply {
	t.Helper()
	der, err := q.Marshal()
	require.NoError(t, err)
	out, _ := r.Respond(t.Context(), der)
	reply, err := tsa.ParseReply(out)
	require.NoError(t, err)
	return reply
}

func TestResponderEveryKey(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	for _, test := range []struct {
		kind   testpki.KeyType
		pss    bool
		choose cms.Algorithm
		want   cms.Scheme
	}{
		{kind: testpki.RSA2048, want: cms.RSA},
		{kind: testpki.RSA2048, choose: cms.Algorithm{Scheme: cms.RSAPSS, Hash: crypto.SHA512}, want: cms.RSAPSS},
		{kind: testpki.RSA2048, pss: true, want: cms.RSAPSS},
		{kind: testpki.P256, want: cms.ECDSA},
		{kind: testpki.P384, want: cms.ECDSA},
		{kind: testpki.P521, want: cms.ECDSA},
		{kind: testpki.Ed25519, want: cms.Ed25519},
	} {
		id, err := pki.Issue(&testpki.Request{Profile: testpki.TimeStamperProfile, KeyType: test.kind, RestrictToPSS: test.pss})
		require.NoError(t, err)
		r := responderOf(id)
		r.Algorithm = test.choose
		response, err := r.Timestamp(t.Context(), &tsa.Request{Digest: digest()})
		require.NoError(t, err, "%v", test)
		require.Equal(t, test.want, response.Verification.CMS.Algorithm.Scheme)
		require.Equal(t, tsa.Granted, response.Status)
		require.True(t, response.Token.Policy.Equal(policy))
		require.Equal(t, testpki.Now(), response.Token.Time)
		require.Empty(t, response.Verification.Findings)
	}
}

func TestResponderSaysWhatItIsToldTo(t *testing.T) {
	id := authority(t, testpki.P256, nil)
	r := responderOf(id)
	r.Accuracy, r.Resolution, r.Name = 1500003*time.Microsecond, time.Microsecond, true
	r.Now = func() time.Time { return testpki.Now().Add(120 * time.Millisecond) }
	sum := sha512.Sum512(data)
	nonce := new(big.Int).Lsh(big.NewInt(1), 100)
	q := &tsa.Query{Hash: crypto.SHA512, Imprint: sum[:], Policy: otherPolicy, Nonce: nonce, CertReq: true}
	token := respond(t, r, q).Token
	require.Equal(t, r.Accuracy, token.Accuracy)
	require.Equal(t, r.Now(), token.Time)
	require.Contains(t, string(token.SignedData.Content), "20260401090000.12Z")
	require.True(t, token.TSA.Equal(id.Certificate.Subject))
	require.Equal(t, nonce, token.Nonce)
	require.True(t, token.Policy.Equal(otherPolicy))
	require.Len(t, token.SignedData.Certificates, len(id.Chain))
	_, err := token.Verify(sum[:])
	require.NoError(t, err)

	q.CertReq, q.Nonce = false, nil
	token = respond(t, r, q).Token
	require.Empty(t, token.SignedData.Certificates, "certificates were not asked for")
	require.Nil(t, token.Nonce)
	_, err = token.Verify(sum[:], id.Certificate)
	require.NoError(t, err)
}

func TestResponderRefuses(t *testing.T) {
	sha1Sum := sha1.Sum(data)
	extension := []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3}, Value: []byte{5, 0}}}
	good := tsa.Query{Hash: crypto.SHA256, Imprint: digest()}
	for _, test := range []struct {
		name   string
		change func(*tsa.Query, *tsa.Responder)
		damage func([]byte) []byte
		want   tsa.Failure
	}{
		{name: "weak hash function", want: tsa.BadAlgorithm,
			change: func(q *tsa.Query, _ *tsa.Responder) { q.Hash, q.Imprint = crypto.SHA1, sha1Sum[:] }},
		{name: "hash function not in the list", want: tsa.BadAlgorithm,
			change: func(_ *tsa.Query, r *tsa.Responder) { r.Hashes = []crypto.Hash{crypto.SHA512} }},
		{name: "unknown hash function", want: tsa.BadAlgorithm,
			damage: func(b []byte) []byte {
				return bytes.Replace(b, []byte{0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1}, []byte{0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 0x7f}, 1)
			}},
		{name: "digest too short", want: tsa.BadDataFormat,
			change: func(q *tsa.Query, _ *tsa.Responder) { q.Imprint = q.Imprint[:31] }},
		{name: "policy", want: tsa.UnacceptedPolicy,
			change: func(q *tsa.Query, _ *tsa.Responder) { q.Policy = asn1.ObjectIdentifier{1, 2, 3} }},
		{name: "extension", want: tsa.UnacceptedExtension,
			change: func(q *tsa.Query, _ *tsa.Responder) { q.Extensions = extension }},
		{name: "version", want: tsa.BadRequest,
			damage: func(b []byte) []byte { return bytes.Replace(b, []byte{2, 1, 1}, []byte{2, 1, 2}, 1) }},
		{name: "half of it", want: tsa.BadDataFormat, damage: func(b []byte) []byte { return b[:len(b)/2] }},
		{name: "nothing", want: tsa.BadDataFormat, damage: func([]byte) []byte { return nil }},
		{name: "bytes after it", want: tsa.BadDataFormat, damage: func(b []byte) []byte { return append(b, 0) }},
		{name: "no clock", want: tsa.TimeNotAvailable,
			change: func(_ *tsa.Query, r *tsa.Responder) { r.Now = func() time.Time { return time.Time{} } }},
		{name: "certificate has expired", want: tsa.SystemFailure,
			change: func(_ *tsa.Query, r *tsa.Responder) {
				r.Now = func() time.Time { return testpki.Now().AddDate(20, 0, 0) }
			}},
		{name: "no serial number", want: tsa.SystemFailure,
			change: func(_ *tsa.Query, r *tsa.Responder) {
				r.Serial = func() (*big.Int, error) { return nil, errors.New("the database is away") }
			}},
		{name: "no randomness", want: tsa.SystemFailure,
			change: func(_ *tsa.Query, r *tsa.Responder) { r.Rand = strings.NewReader("") }},
		{name: "no policy to offer", want: tsa.SystemFailure,
			change: func(_ *tsa.Query, r *tsa.Responder) { r.Policies = nil }},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, q := responder(t, testpki.P256), good
			var decision tsa.Decision
			r.Observe = func(d tsa.Decision) { decision = d }
			if test.change != nil {
				test.change(&q, r)
			}
			der, err := q.Marshal()
			require.NoError(t, err)
			if test.damage != nil {
				damaged := test.damage(bytes.Clone(der))
				require.NotEqual(t, der, damaged)
				der = damaged
			}
			out, err := r.Respond(t.Context(), der)
			require.Error(t, err)
			reply, parseErr := tsa.ParseReply(out)
			require.NoError(t, parseErr)
			require.Equal(t, tsa.Rejection, reply.Status)
			require.Equal(t, test.want, reply.Failure, "%v", reply.Failure)
			require.Nil(t, reply.Token)
			require.NotEmpty(t, reply.Text)
			require.NotContains(t, reply.Text[0], "database", "why a service fails is not told to strangers")
			require.Equal(t, test.want, decision.Failure)
			require.ErrorIs(t, err, decision.Err)
			require.Nil(t, decision.SerialNumber)
		})
	}
}

func TestResponderCheck(t *testing.T) {
	other := authority(t, testpki.P384, nil)
	signer, err := testpki.New(nil)
	require.NoError(t, err)
	document, err := signer.Issue(&testpki.Request{KeyType: testpki.P256})
	require.NoError(t, err)
	require.NoError(t, responder(t, testpki.P256).Check())
	for name, change := range map[string]func(*tsa.Responder){
		"no key":              func(r *tsa.Responder) { r.Key = nil },
		"no certificate":      func(r *tsa.Responder) { r.Certificate = nil },
		"another's key":       func(r *tsa.Responder) { r.Key = other.Key },
		"signer of documents": func(r *tsa.Responder) { r.Key, r.Certificate = document.Key, document.Certificate },
		"no policy":           func(r *tsa.Responder) { r.Policies = nil },
		"hash function":       func(r *tsa.Responder) { r.Hashes = []crypto.Hash{crypto.MD5SHA1} },
		"resolution":          func(r *tsa.Responder) { r.Resolution = time.Nanosecond },
		"negative accuracy":   func(r *tsa.Responder) { r.Accuracy = -time.Second },
		"fine accuracy":       func(r *tsa.Responder) { r.Accuracy = time.Millisecond },
		"nanoseconds":         func(r *tsa.Responder) { r.Accuracy = time.Second + 1 },
		"another's algorithm": func(r *tsa.Responder) { r.Algorithm = cms.Algorithm{Scheme: cms.RSA, Hash: crypto.SHA256} },
	} {
		r := responder(t, testpki.P256)
		change(r)
		require.Error(t, r.Check(), name)
		_, err := r.Timestamp(t.Context(), &tsa.Request{Digest: digest()})
		require.ErrorIs(t, err, tsa.ErrNoStamp, name)
		var refused *tsa.RefusedError
		require.ErrorAs(t, err, &refused, name)
		require.Equal(t, tsa.SystemFailure, refused.Failure)
	}
}

func TestSerialNumbersNeverRepeat(t *testing.T) {
	r := responder(t, testpki.Ed25519)
	seen := map[string]bool{}
	for range 300 {
		response, err := r.Timestamp(t.Context(), &tsa.Request{Digest: digest()})
		require.NoError(t, err)
		n := response.Token.SerialNumber
		require.Equal(t, 159, n.BitLen())
		require.False(t, seen[n.String()])
		seen[n.String()] = true
	}
	count := int64(0)
	r = responder(t, testpki.Ed25519)
	r.Serial = func() (*big.Int, error) { count++; return big.NewInt(count), nil }
	for want := int64(1); want < 4; want++ {
		response, err := r.Timestamp(t.Context(), &tsa.Request{Digest: digest()})
		require.NoError(t, err)
		require.Equal(t, big.NewInt(want), response.Token.SerialNumber)
	}
}

// With Ordering every token has a later time than the one before, up to where the
// clock would be left behind by more than the accuracy.
func TestOrdering(t *testing.T) {
	r := responder(t, testpki.Ed25519)
	r.Ordering, r.Accuracy, r.Resolution = true, 100*time.Microsecond, time.Microsecond
	var mu sync.Mutex
	times := map[time.Time]bool{}
	refused := 0
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 30 {
				response, err := r.Timestamp(context.Background(), &tsa.Request{Digest: digest()})
				mu.Lock()
				if err != nil {
					refused++
				} else {
					times[response.Token.Time] = true
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	require.Len(t, times, 101)
	require.Equal(t, 19, refused)
	for at := range times {
		require.LessOrEqual(t, at.Sub(testpki.Now()), r.Accuracy)
	}
}

func TestHandler(t *testing.T) {
	server := httptest.NewServer(responder(t, testpki.P256))
	t.Cleanup(server.Close)
	query, err := (&tsa.Query{Hash: crypto.SHA256, Imprint: digest()}).Marshal()
	require.NoError(t, err)
	for _, test := range []struct {
		method, media string
		body          []byte
		want          int
	}{
		{http.MethodPost, "application/timestamp-query", query, http.StatusOK},
		{http.MethodPost, "Application/Timestamp-Query; charset=binary", query, http.StatusOK},
		{http.MethodPost, "application/timestamp-query", make([]byte, 16<<10), http.StatusOK},
		{http.MethodPost, "application/timestamp-query", make([]byte, 16<<10+1), http.StatusRequestEntityTooLarge},
		{http.MethodPost, "application/x-www-form-urlencoded", query, http.StatusUnsupportedMediaType},
		{http.MethodPost, "", query, http.StatusUnsupportedMediaType},
		{http.MethodGet, "", nil, http.StatusMethodNotAllowed},
	} {
		request, err := http.NewRequestWithContext(t.Context(), test.method, server.URL, bytes.NewReader(test.body))
		require.NoError(t, err)
		if test.media != "" {
			request.Header.Set("Content-Type", test.media)
		}
		response, err := server.Client().Do(request)
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, test.want, response.StatusCode)
		if test.want == http.StatusOK {
			require.Equal(t, "application/timestamp-reply", response.Header.Get("Content-Type"))
			_, err := tsa.ParseReply(body)
			require.NoError(t, err)
		}
	}
}

func TestQuerySurvivesReading(t *testing.T) {
	for _, q := range []*tsa.Query{
		{Hash: crypto.SHA256, Imprint: digest()},
		{Hash: crypto.SHA3_256, Imprint: digest(), Policy: policy, Nonce: big.NewInt(-5), CertReq: true,
			Extensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3}, Critical: true, Value: []byte{5, 0}}}},
	} {
		der, err := q.Marshal()
		require.NoError(t, err)
		read, err := tsa.ParseQuery(der)
		require.NoError(t, err)
		again, err := read.Marshal()
		require.NoError(t, err)
		require.Equal(t, der, again)
	}
	_, err := (&tsa.Query{Hash: crypto.MD5SHA1}).Marshal()
	require.Error(t, err)
}
