package tsa_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/tsa"
)

func newServer(t testing.TB) *testpki.Server {
	t.Helper()
	s, err := testpki.NewServer(nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func client(s *testpki.Server) *tsa.Client {
	return &tsa.Client{URL: s.URL(testpki.TSAService), Now: s.PKI.Now, Policy: policy}
}

func request() *tsa.Request { return &tsa.Request{Digest: digest()} }

// outcome is what a fault leads to.
type outcome struct {
	err     error
	outcome tsa.Outcome
	made    int // stamps that the server made
}

// outcomes has every fault that concerns time stamps.
var outcomes = map[testpki.Fault]outcome{
	testpki.Sound:       {nil, tsa.OutcomeStamp, 1},
	testpki.WrongType:   {nil, tsa.OutcomeStamp, 1}, // the nonce proves more than a media type
	testpki.WrongIssuer: {nil, tsa.OutcomeStamp, 1}, // trust is asked by Accept

	testpki.WrongNonce:              {tsa.ErrNonce, tsa.OutcomeUncertain, 1},
	testpki.NoNonce:                 {tsa.ErrNonce, tsa.OutcomeUncertain, 1},
	testpki.WrongImprint:            {tsa.ErrImprint, tsa.OutcomeUncertain, 1},
	testpki.WrongHash:               {tsa.ErrImprint, tsa.OutcomeUncertain, 1},
	testpki.WrongPolicy:             {tsa.ErrPolicy, tsa.OutcomeUncertain, 1},
	testpki.ResponderWithoutPurpose: {tsa.ErrPurpose, tsa.OutcomeUncertain, 1},
	testpki.WrongKey:                {tsa.ErrSigner, tsa.OutcomeUncertain, 1},
	testpki.Tampered:                {tsa.ErrSigner, tsa.OutcomeUncertain, 1},
	testpki.ExpiredResponder:        {tsa.ErrSigner, tsa.OutcomeUncertain, 1},
	testpki.NoCertificate:           {tsa.ErrSigner, tsa.OutcomeUncertain, 1},
	testpki.Stale:                   {tsa.ErrTime, tsa.OutcomeUncertain, 1},
	testpki.Future:                  {tsa.ErrTime, tsa.OutcomeUncertain, 1},
	testpki.TokenAndRefusal:         {tsa.ErrResponse, tsa.OutcomeUncertain, 1},
	testpki.NoToken:                 {tsa.ErrResponse, tsa.OutcomeUncertain, 0},
	testpki.Malformed:               {tsa.ErrResponse, tsa.OutcomeUncertain, 1},
	testpki.ErrorPage:               {tsa.ErrResponse, tsa.OutcomeUncertain, 1},
	testpki.Empty:                   {tsa.ErrResponse, tsa.OutcomeUncertain, 1},
	testpki.TryLater:                {&tsa.RefusedError{}, tsa.OutcomeNoStamp, 0},

	testpki.Huge:            {tsa.ErrTooLarge, tsa.OutcomeUncertain, 1},
	testpki.Endless:         {tsa.ErrTooLarge, tsa.OutcomeUncertain, 1},
	testpki.Dripping:        {tsa.ErrTimeout, tsa.OutcomeUncertain, 1},
	testpki.Silent:          {tsa.ErrTimeout, tsa.OutcomeUncertain, 1},
	testpki.CutOff:          {io.ErrUnexpectedEOF, tsa.OutcomeUncertain, 1},
	testpki.Unavailable:     {&tsa.StatusError{}, tsa.OutcomeNoStamp, 1},
	testpki.NotFound:        {&tsa.StatusError{}, tsa.OutcomeNoStamp, 1},
	testpki.RedirectOnce:    {&tsa.StatusError{}, tsa.OutcomeNoStamp, 1},
	testpki.RedirectLoop:    {&tsa.StatusError{}, tsa.OutcomeNoStamp, 1},
	testpki.RedirectPrivate: {&tsa.StatusError{}, tsa.OutcomeNoStamp, 1},
	testpki.RedirectLocal:   {&tsa.StatusError{}, tsa.OutcomeNoStamp, 1},
	testpki.RedirectMapped:  {&tsa.StatusError{}, tsa.OutcomeNoStamp, 1},
	testpki.RedirectFile:    {&tsa.StatusError{}, tsa.OutcomeNoStamp, 1},
}

// TestPage: a page in place of an answer is called one.
func TestPage(t *testing.T) {
	for fault, want := range map[testpki.Fault]bool{testpki.ErrorPage: true, testpki.Malformed: false, testpki.Empty: false} {
		s := newServer(t)
		s.Break(testpki.TSAService, fault)
		_, err := client(s).Timestamp(t.Context(), request())
		require.ErrorIs(t, err, tsa.ErrResponse)
		require.Equal(t, want, strings.Contains(err.Error(), "it is a page (text/html"), "%v: %v", fault, err)
	}
}

func TestEveryFault(t *testing.T) {
	for _, fault := range testpki.Faults() {
		want, known := outcomes[fault]
		require.Equal(t, fault.Concerns(testpki.TSAService), known, "%v", fault)
		if known {
			t.Run(fault.String(), func(t *testing.T) { checkFault(t, fault, want) })
		}
	}
}

func checkFault(t *testing.T, fault testpki.Fault, want outcome) {
	t.Parallel()
	s := newServer(t)
	s.Break(testpki.TSAService, fault)
	c := client(s)
	if want.err == tsa.ErrTimeout { //nolint:errorlint // an entry of the table
		c.Timeout = 250 * time.Millisecond
	}
	if fault == testpki.CutOff { // it announces more than the usual limit
		c.MaxBytes = 1 << 20
	}
	var observed []tsa.Attempt
	c.Observe = func(a tsa.Attempt) { observed = append(observed, a) }
	started := time.Now()
	response, err := c.Timestamp(t.Context(), request())
	require.Less(t, time.Since(started), 20*time.Second)
	require.Equal(t, 1, s.Requests(testpki.TSAService), "nothing is asked for twice")
	require.Equal(t, want.made, s.Stamps())
	require.Len(t, observed, 1)
	a := observed[0]
	require.Equal(t, want.outcome, a.Outcome)
	require.True(t, a.Sent)
	counts := c.Counts()
	require.Equal(t, tsa.Counts{
		Requests: 1, Bytes: a.Bytes,
		Stamps: number(want.outcome == tsa.OutcomeStamp), NoStamp: number(want.outcome == tsa.OutcomeNoStamp),
		Uncertain: number(want.outcome == tsa.OutcomeUncertain),
	}, counts)
	if want.err == nil {
		require.NoError(t, err)
		require.Equal(t, observed, response.Attempts)
		require.Equal(t, c.URL, response.Server)
		require.True(t, response.Token.Policy.Equal(policy))
		return
	}
	require.Nil(t, response)
	var all *tsa.Error
	require.ErrorAs(t, err, &all)
	require.Equal(t, observed, all.Attempts)
	require.Equal(t, want.outcome == tsa.OutcomeNoStamp, errors.Is(err, tsa.ErrNoStamp))
	switch want.err.(type) {
	case *tsa.RefusedError:
		var refused *tsa.RefusedError
		require.ErrorAs(t, err, &refused)
		require.Equal(t, tsa.Rejection, refused.Status)
		require.Equal(t, tsa.TimeNotAvailable, refused.Failure)
	case *tsa.StatusError:
		var status *tsa.StatusError
		require.ErrorAs(t, err, &status)
		require.Equal(t, a.Status, status.Code)
		require.NotContains(t, err.Error(), "secret", "the query of a redirect")
	default:
		require.ErrorIs(t, err, want.err)
	}
}

func number(is bool) int64 {
	if is {
		return 1
	}
	return 0
}

func TestClientAsks(t *testing.T) {
	r := responder(t, testpki.P256)
	var queries []*tsa.Query
	r.Observe = func(d tsa.Decision) { queries = append(queries, d.Query) }
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	c := &tsa.Client{URL: server.URL + "/tsa?key=hidden", Now: testpki.Now}
	for range 3 {
		response, err := c.Timestamp(t.Context(), request())
		require.NoError(t, err)
		require.Equal(t, server.URL+"/tsa?...", response.Server)
	}
	response, err := c.Timestamp(t.Context(), &tsa.Request{Digest: digest(), Policy: otherPolicy})
	require.NoError(t, err)
	require.True(t, response.Token.Policy.Equal(otherPolicy))
	nonces := map[string]bool{}
	for _, q := range queries {
		require.True(t, q.CertReq)
		require.Greater(t, q.Nonce.BitLen(), 32)
		nonces[q.Nonce.String()] = true
	}
	require.Len(t, nonces, 4)
	require.Equal(t, tsa.Counts{Requests: 4, Stamps: 4, Bytes: c.Counts().Bytes}, c.Counts())
	require.True(t, c.Authority().Equal(r.Certificate))
}

// Who makes no stamp that can be used is not remembered.
func TestAuthority(t *testing.T) {
	s := newServer(t)
	c := client(s)
	s.Break(testpki.TSAService, testpki.WrongNonce)
	_, err := c.Timestamp(t.Context(), request())
	require.ErrorIs(t, err, tsa.ErrNonce)
	require.Nil(t, c.Authority())
	s.Break(testpki.TSAService, testpki.Sound)
	response, err := c.Timestamp(t.Context(), request())
	require.NoError(t, err)
	require.Same(t, response.Verification.Certificate, c.Authority())
}

func TestClientRefusesToAsk(t *testing.T) {
	s := newServer(t)
	for name, test := range map[string]struct {
		request *tsa.Request
		change  func(*tsa.Client)
	}{
		"no request":    {nil, nil},
		"short digest":  {&tsa.Request{Digest: digest()[1:]}, nil},
		"another hash":  {&tsa.Request{Hash: crypto.SHA512, Digest: digest()}, nil},
		"weak hash":     {&tsa.Request{Hash: crypto.SHA1, Digest: digest()[:20]}, nil},
		"unknown hash":  {&tsa.Request{Hash: crypto.Hash(250), Digest: digest()}, nil},
		"no randomness": {request(), func(c *tsa.Client) { c.Rand = strings.NewReader("1234567") }},
		"no URL":        {request(), func(c *tsa.Client) { c.URL = "" }},
		"a file":        {request(), func(c *tsa.Client) { c.URL = "file:///etc/hostname" }},
		"malformed URL": {request(), func(c *tsa.Client) { c.URL = "http://secret\x7f" }},
		"two secrets": {request(), func(c *tsa.Client) {
			c.User, c.Bearer = "u", func(context.Context) (string, error) { return "t", nil }
		}},
		"no token": {request(), func(c *tsa.Client) {
			c.Bearer = func(context.Context) (string, error) { return "", errors.New("expired") }
		}},
		"malformed token": {request(), func(c *tsa.Client) {
			c.Bearer = func(context.Context) (string, error) { return "secret\r\nX: y", nil }
		}},
		"password in the clear": {request(), func(c *tsa.Client) { c.URL, c.User = "http://tsa.inkan.example/", "u" }},
		"password in the URL":   {request(), func(c *tsa.Client) { c.URL = "http://u:secret@tsa.inkan.example/" }},
	} {
		c := client(s)
		if test.change != nil {
			test.change(c)
		}
		_, err := c.Timestamp(t.Context(), test.request)
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), "secret", name)
		require.Zero(t, c.Counts().Requests, name)
	}
	require.Zero(t, s.Requests(testpki.TSAService))
}

func TestSecrets(t *testing.T) {
	r := responder(t, testpki.P256)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		user, password, basic := request.BasicAuth()
		if basic && user == "user" && password == "secret" || request.Header.Get("Authorization") == "Bearer secret" {
			r.ServeHTTP(w, request)
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
	}))
	t.Cleanup(server.Close)
	bearer := func(context.Context) (string, error) { return "secret", nil }
	for _, c := range []*tsa.Client{
		{URL: server.URL, User: "user", Password: "secret"},
		{URL: server.URL, Bearer: bearer},
		{URL: strings.Replace(server.URL, "http://", "http://user:secret@", 1)},
	} {
		c.Now = testpki.Now
		response, err := c.Timestamp(t.Context(), request())
		require.NoError(t, err)
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			require.NotContains(t, fmt.Sprintf(verb, c), "secret")
			require.NotContains(t, fmt.Sprintf(verb, response.Attempts), "secret")
		}
	}
	c := &tsa.Client{URL: strings.Replace(server.URL, "http://", "http://user:no-secret@", 1), Now: testpki.Now}
	_, err := c.Timestamp(t.Context(), request())
	require.ErrorIs(t, err, tsa.ErrNoStamp)
	require.NotContains(t, err.Error(), "secret")
	server.Close()
	c = &tsa.Client{URL: c.URL}
	_, err = c.Timestamp(t.Context(), request())
	require.ErrorIs(t, err, tsa.ErrNotSent)
	require.NotContains(t, err.Error(), "secret")
}

func TestMutualTLS(t *testing.T) {
	pki, err := testpki.New(&testpki.Options{Now: time.Now()})
	require.NoError(t, err)
	user, err := pki.Issue(&testpki.Request{KeyType: testpki.P256})
	require.NoError(t, err)
	stamper, err := pki.Issue(&testpki.Request{Profile: testpki.TimeStamperProfile})
	require.NoError(t, err)
	r := responderOf(stamper)
	r.Now = nil
	server := httptest.NewUnstartedServer(r)
	roots := x509.NewCertPool()
	root, err := x509.ParseCertificate(pki.Root.Certificate.Raw)
	require.NoError(t, err)
	roots.AddCert(root)
	server.TLS = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: roots, MinVersion: tls.VersionTLS12}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)

	plain := server.Client()
	c := &tsa.Client{URL: server.URL, HTTPClient: plain}
	_, err = c.Timestamp(t.Context(), request())
	require.Error(t, err, "without a certificate")

	c = &tsa.Client{URL: server.URL}
	_, err = c.Timestamp(t.Context(), request())
	require.ErrorIs(t, err, tsa.ErrNotSent, "the server is not trusted")
	require.ErrorIs(t, err, tsa.ErrNoStamp)

	var raw [][]byte
	for _, c := range user.Chain {
		raw = append(raw, c.Raw)
	}
	transport := plain.Transport.(*http.Transport).Clone()
	transport.TLSClientConfig.Certificates = []tls.Certificate{{Certificate: raw, PrivateKey: user.Key}}
	c = &tsa.Client{URL: server.URL, HTTPClient: &http.Client{Transport: transport}}
	_, err = c.Timestamp(t.Context(), request())
	require.NoError(t, err)
}

func TestAccept(t *testing.T) {
	s := newServer(t)
	c := client(s)
	accredited := errors.New("not in the list")
	c.Accept = func(ctx context.Context, token *tsa.Token, signer *certificate.Certificate) error {
		path, err := certificate.BuildPath(ctx, signer, certificate.PathOptions{
			Anchors: s.PKI.Pool(), Time: token.Time, Purpose: certificate.TimeStamping,
			Candidates: token.SignedData.X509Certificates(),
		})
		if err != nil || path == nil {
			return accredited
		}
		return nil
	}
	_, err := c.Timestamp(t.Context(), request())
	require.NoError(t, err)
	s.Break(testpki.TSAService, testpki.WrongIssuer)
	_, err = c.Timestamp(t.Context(), request())
	require.ErrorIs(t, err, tsa.ErrSigner)
	require.ErrorIs(t, err, accredited)
	require.NotErrorIs(t, err, tsa.ErrNoStamp)
}

func TestCertificateAtHand(t *testing.T) {
	s := newServer(t)
	s.Break(testpki.TSAService, testpki.NoCertificate)
	c := client(s)
	id, err := s.TimeStamper()
	require.NoError(t, err)
	c.Certificates = []*certificate.Certificate{id.Certificate}
	response, err := c.Timestamp(t.Context(), request())
	require.NoError(t, err)
	require.Equal(t, id.Certificate, response.Verification.Certificate)
}

func TestTimeOfTheToken(t *testing.T) {
	at := testpki.Now()
	for _, test := range []struct {
		off, skew time.Duration
		want      error
	}{
		{5 * time.Minute, 0, nil}, {-5 * time.Minute, 0, nil},
		{5*time.Minute + 2*time.Second, 0, tsa.ErrTime}, {-5*time.Minute - 2*time.Second, 0, tsa.ErrTime},
		{time.Second, time.Second, nil}, {3 * time.Second, time.Second, tsa.ErrTime},
		{time.Hour, -1, nil},
	} {
		r := responder(t, testpki.P256)
		r.Now = func() time.Time { return at.Add(test.off) }
		server := httptest.NewServer(r)
		c := &tsa.Client{URL: server.URL, Now: func() time.Time { return at }, MaxSkew: test.skew}
		_, err := c.Timestamp(t.Context(), request())
		server.Close()
		require.ErrorIs(t, err, test.want, "%v", test)
	}
	for _, test := range []struct {
		says, wants time.Duration
		want        error
	}{
		{0, 0, nil}, {0, time.Second, tsa.ErrTime}, {time.Second, time.Second, nil}, {2 * time.Second, time.Second, tsa.ErrTime},
	} {
		r := responder(t, testpki.P256)
		r.Accuracy = test.says
		server := httptest.NewServer(r)
		c := &tsa.Client{URL: server.URL, Now: testpki.Now, MinAccuracy: test.wants}
		_, err := c.Timestamp(t.Context(), request())
		server.Close()
		require.ErrorIs(t, err, test.want, "%v", test)
	}
}

func TestContextEnds(t *testing.T) {
	s := newServer(t)
	s.Break(testpki.TSAService, testpki.Silent)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := client(s).Timestamp(ctx, request())
	require.ErrorIs(t, err, tsa.ErrTimeout)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NotErrorIs(t, err, tsa.ErrNoStamp)
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	_, err = client(s).Timestamp(ctx, request())
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, tsa.ErrNoStamp)
}

// An answer is read up to the limit, to the byte.
func TestAnswerLimit(t *testing.T) {
	s := newServer(t)
	response, err := client(s).Timestamp(t.Context(), request())
	require.NoError(t, err)
	size := response.Attempts[0].Bytes
	for limit, want := range map[int64]error{size + 2: nil, size - 4: tsa.ErrTooLarge} { // ECDSA values and nonces vary by a few bytes
		c := client(s)
		c.MaxBytes = limit
		c.Rand = bytes.NewReader([]byte{0x7f, 2, 3, 4, 5, 6, 7, 8})
		_, err := c.Timestamp(t.Context(), request())
		require.ErrorIs(t, err, want)
	}
	for size, want := range map[int]error{256 << 10: tsa.ErrResponse, 256<<10 + 1: tsa.ErrTooLarge} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for rest := size; rest > 0; rest -= 1 << 10 { // without a length
				_, _ = w.Write(make([]byte, min(rest, 1<<10)))
			}
		}))
		_, err := (&tsa.Client{URL: server.URL}).Timestamp(t.Context(), request())
		server.Close()
		require.ErrorIs(t, err, want)
	}
}

// statuses of HTTP that say that nothing was done, and that do not.
func TestStatus(t *testing.T) {
	for code, none := range map[int]bool{
		300: true, 301: true, 400: true, 401: true, 403: true, 408: true, 429: true, 499: true, 501: true, 503: true, 505: true,
		204: false, 299: false, 500: false, 502: false, 504: false, 599: false,
	} {
		require.Equal(t, none, (&tsa.StatusError{Code: code}).NoStamp(), code)
	}
}

// A stamp made today with an algorithm of yesterday is refused.
func TestWeakSigner(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	id, err := pki.Issue(&testpki.Request{Profile: testpki.TimeStamperProfile, KeyType: testpki.RSA1024, Role: testpki.SignerRole})
	require.NoError(t, err)
	require.ErrorContains(t, responderOf(id).Check(), "weak")
	server := httptest.NewServer(handler(func(query []byte) []byte {
		q, err := tsa.ParseQuery(query)
		if err != nil {
			return nil
		}
		token := stamp(t, id, testpki.Token{Digest: q.Imprint, Nonce: q.Nonce})
		_, err = parse(t, token).Verify(q.Imprint)
		require.NoError(t, err, "old tokens are read")
		return element(0x30, element(0x30, []byte{2, 1, 0}), token)
	}))
	t.Cleanup(server.Close)
	_, err = (&tsa.Client{URL: server.URL, Now: testpki.Now}).Timestamp(t.Context(), request())
	require.ErrorIs(t, err, tsa.ErrSigner)
	require.ErrorContains(t, err, "RSA with 1024 bits")
}

// A server that takes the request and closes the connection may have made a stamp;
// one that never takes the connection has not.
func TestLostConnections(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = connection.Read(make([]byte, 1))
			_ = connection.Close()
		}
	}()
	c := &tsa.Client{URL: "http://" + listener.Addr().String()}
	_, err = c.Timestamp(t.Context(), request())
	require.Error(t, err)
	require.NotErrorIs(t, err, tsa.ErrNoStamp)
	require.NoError(t, listener.Close())
	_, err = c.Timestamp(t.Context(), request())
	require.ErrorIs(t, err, tsa.ErrNotSent)
	require.ErrorIs(t, err, tsa.ErrNoStamp)
	require.Equal(t, tsa.Counts{Requests: 1, NoStamp: 1, Uncertain: 1}, c.Counts())
}

// roundTripper is a transport of a caller's own.
type roundTripper func(*http.Request) error

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return nil, f(r) }

// Either sign that a request went out is enough: its body was read, or there was a
// connection for it.
func TestSent(t *testing.T) {
	for name, test := range map[string]struct {
		trip roundTripper
		sent bool
	}{
		"neither": {func(*http.Request) error { return io.EOF }, false},
		"body":    {func(r *http.Request) error { _, _ = r.Body.Read(make([]byte, 1)); return io.EOF }, true},
		"connection": {func(r *http.Request) error {
			httptrace.ContextClientTrace(r.Context()).GotConn(httptrace.GotConnInfo{})
			return io.EOF
		}, true},
	} {
		c := &tsa.Client{URL: "http://127.0.0.1/", HTTPClient: &http.Client{Transport: test.trip}}
		_, err := c.Timestamp(t.Context(), request())
		require.ErrorIs(t, err, io.EOF, name)
		require.Equal(t, !test.sent, errors.Is(err, tsa.ErrNoStamp), name)
		require.Equal(t, number(test.sent), c.Counts().Requests, name)
	}
}

// A connection that the server closed while nobody used it costs nothing.
func TestIdleConnections(t *testing.T) {
	r := responder(t, testpki.P256)
	stamps := 0
	r.Observe = func(tsa.Decision) { stamps++ }
	server := httptest.NewUnstartedServer(r)
	server.Config.IdleTimeout = 10 * time.Millisecond
	server.Start()
	t.Cleanup(server.Close)
	c := &tsa.Client{URL: server.URL, Now: testpki.Now}
	for range 3 {
		_, err := c.Timestamp(t.Context(), request())
		require.NoError(t, err)
		time.Sleep(200 * time.Millisecond)
	}
	require.Equal(t, 3, stamps)
}

// The errors of the package are told apart, and none is everything.
func TestErrorTypes(t *testing.T) {
	for _, err := range []error{&tsa.Error{}, &tsa.StatusError{}, &tsa.RefusedError{}} {
		require.NotErrorIs(t, io.EOF, err)
		require.NotEmpty(t, err.Error())
	}
	var e *tsa.Error
	require.False(t, errors.As(io.EOF, &e))
	refusedBy := &tsa.RefusedError{Status: tsa.Rejection, Failure: tsa.BadAlgorithm | tsa.SystemFailure | 2, Text: []string{"no\x1b[2J"}}
	require.Equal(t, `tsa: the server refused: rejection (badAlg, bit 1, systemFailure) "no\x1b[2J"`, refusedBy.Error())
	require.ErrorIs(t, fmt.Errorf("x: %w", &tsa.Error{Attempts: []tsa.Attempt{{Err: cms.ErrDigest}}}), cms.ErrDigest)
}

// Redirects are told, not followed, whatever they look like.
func TestRedirects(t *testing.T) {
	for location, want := range map[string]string{
		"https://other.example/tsa?secret":  "https://other.example/tsa?...",
		"https://user:secret@other.example": "https://other.example",
		"/tsa":                              "/tsa",
		"http://%zz secret":                 "(malformed URL)",
		"":                                  "",
	} {
		asked := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked++
			if location != "" {
				w.Header().Set("Location", location)
			}
			w.WriteHeader(http.StatusPermanentRedirect)
		}))
		_, err := (&tsa.Client{URL: server.URL, HTTPClient: &http.Client{}}).Timestamp(t.Context(), request())
		server.Close()
		var status *tsa.StatusError
		require.ErrorAs(t, err, &status)
		require.Equal(t, want, strings.TrimPrefix(status.Location, server.URL))
		require.ErrorIs(t, err, tsa.ErrNoStamp)
		require.NotContains(t, err.Error(), "secret")
		require.Equal(t, 1, asked)
	}
}

// The time-out of the caller's client counts as well.
func TestTimeoutOfTheCaller(t *testing.T) {
	s := newServer(t)
	s.Break(testpki.TSAService, testpki.Silent)
	c := client(s)
	c.HTTPClient = &http.Client{Timeout: 50 * time.Millisecond}
	_, err := c.Timestamp(t.Context(), request())
	require.ErrorIs(t, err, tsa.ErrTimeout)
	require.NotErrorIs(t, err, tsa.ErrNoStamp)
}

// One client serves many goroutines.
func TestClientIsShared(t *testing.T) {
	s := newServer(t)
	c := client(s)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 5 {
				_, err := c.Timestamp(context.Background(), request())
				assert.NoError(t, err)
			}
		})
	}
	group.Wait()
	require.Equal(t, int64(20), c.Counts().Stamps)
	require.Equal(t, 20, s.Stamps())
	require.Equal(t, 20, s.Requests(testpki.TSAService))
}
