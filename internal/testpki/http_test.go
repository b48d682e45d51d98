package testpki_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/testpki"
)

func newServer(t *testing.T) *testpki.Server {
	t.Helper()
	s, err := testpki.NewServer(nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func newClient(s *testpki.Server) *fetch.Client {
	return &fetch.Client{
		Resolver: s, Dial: s.DialContext, Now: s.PKI.Now, MaxCRLBytes: 256 << 10,
		Timeout: 30 * time.Second, RememberFailures: -1, Cache: fetch.NoCache{},
	}
}

// outcome is what a fault leads to: an error of the fetcher, or a status.
type outcome struct {
	err    error // errors.Is
	status revocation.Status
}

func fails(err error) outcome { return outcome{err: err} }

// Statuses of evidence that could be fetched.
var (
	good    = outcome{status: revocation.Good}
	useless = outcome{status: revocation.Unknown}
)

// outcomes has every fault. What is served wrongly is the same for all services;
// what is wrong in it is for CRLs and OCSP alone.
var outcomes = map[testpki.Fault]outcome{
	testpki.Sound: good, testpki.NoNextUpdate: good, testpki.WrongType: good, testpki.PEM: good,
	testpki.Bundle: good, testpki.RedirectOnce: good, testpki.RebindingName: good,

	testpki.Stale: useless, testpki.Future: useless, testpki.Unknown: useless, testpki.WrongSerial: useless,
	testpki.WrongIssuer: useless, testpki.WrongKey: useless, testpki.Tampered: useless,
	testpki.SelfIssuedResponder: useless, testpki.ExpiredResponder: useless,
	testpki.ResponderWithoutPurpose: useless, testpki.WrongNonce: useless,

	testpki.TryLater: fails(fetch.ErrUnusable), testpki.Malformed: fails(fetch.ErrUnusable),
	testpki.ErrorPage: fails(fetch.ErrUnusable), testpki.Empty: fails(fetch.ErrUnusable),
	testpki.Huge: fails(fetch.ErrTooLarge), testpki.Endless: fails(fetch.ErrTooLarge),
	testpki.Dripping: fails(fetch.ErrTimeout), testpki.Silent: fails(fetch.ErrTimeout),
	testpki.CutOff:      fails(nil),
	testpki.Unavailable: fails(nil), testpki.NotFound: fails(nil),
	testpki.RedirectLoop: fails(fetch.ErrRedirects), testpki.RedirectFile: fails(fetch.ErrSkipped),
	testpki.RedirectPrivate: fails(fetch.ErrForbiddenAddress), testpki.RedirectLocal: fails(fetch.ErrForbiddenAddress),
	testpki.RedirectMapped: fails(fetch.ErrForbiddenAddress),
	testpki.PrivateName:    fails(fetch.ErrForbiddenAddress), testpki.MappedName: fails(fetch.ErrForbiddenAddress),
	testpki.TranslatedName: fails(fetch.ErrForbiddenAddress),

	// Of time stamps alone; package tsa has what they lead to.
	testpki.NoNonce: useless, testpki.WrongImprint: useless, testpki.WrongHash: useless, testpki.WrongPolicy: useless,
	testpki.NoToken: useless, testpki.NoCertificate: useless, testpki.TokenAndRefusal: useless,
}

// anyError are the faults whose error is not one of this module.
var anyError = map[testpki.Fault]bool{testpki.CutOff: true, testpki.Unavailable: true, testpki.NotFound: true}

func TestEveryFault(t *testing.T) {
	require.Len(t, outcomes, len(testpki.Faults()))
	for _, service := range testpki.Services() {
		for _, fault := range testpki.Faults() {
			want, known := outcomes[fault]
			require.True(t, known, "%v is not in the table", fault)
			if !fault.Concerns(service) {
				continue
			}
			t.Run(string(service)+"/"+fault.String(), func(t *testing.T) { checkFault(t, service, fault, want) })
		}
	}
}

func checkFault(t *testing.T, service testpki.Service, fault testpki.Fault, want outcome) {
	t.Parallel()
	s := newServer(t)
	id, err := s.Issue(&testpki.Request{})
	require.NoError(t, err)
	s.Break(service, fault)
	client := newClient(s)
	if want.err == fetch.ErrTimeout { //nolint:errorlint // an entry of the table
		client.Timeout = 250 * time.Millisecond
	}
	q := fetch.Query{Certificate: id.Certificate, Issuer: s.Issuing.Certificate}
	if fault == testpki.WrongNonce {
		client.Nonce = zeroes{}
	}

	ask := map[testpki.Service]func(context.Context, fetch.Query) (*fetch.Answer, error){
		testpki.IssuerService: client.Issuers, testpki.CRLService: client.CRLs, testpki.OCSPService: client.OCSP,
	}[service]
	started := time.Now()
	answer, err := ask(t.Context(), q)
	require.Less(t, time.Since(started), 20*time.Second)
	require.Empty(t, s.Strays())
	require.Len(t, answer.Attempts, 1)
	if want.err != nil || anyError[fault] {
		require.Error(t, err)
		if want.err != nil {
			require.ErrorIs(t, err, want.err)
		}
		require.Empty(t, answer.Evidence)
		require.Empty(t, answer.Certificates)
		var all *fetch.Error
		require.True(t, errors.As(err, &all))
		require.Equal(t, answer.Attempts, all.Attempts)
		return
	}
	require.NoError(t, err)
	if service == testpki.IssuerService {
		require.NotEmpty(t, answer.Certificates)
		signed := id.Certificate.CheckSignatureFrom(answer.Certificates[0]) == nil
		require.Equal(t, fault != testpki.WrongIssuer && fault != testpki.WrongKey, signed)
		return
	}
	verdict := revocation.NewSet(answer.Evidence...).Judge(id.Certificate, s.Issuing.Certificate, revocation.Options{Time: s.PKI.Now()})
	if want == useless { // or not even about the certificate
		require.Contains(t, []revocation.Status{revocation.Unknown, revocation.NotChecked}, verdict.Status)
		return
	}
	require.Equal(t, want.status, verdict.Status, "%+v", verdict.Rejected)
}

type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// A name that changes its mind after it was checked gets no second request.
func TestRebindingName(t *testing.T) {
	s := newServer(t)
	id, err := s.Issue(&testpki.Request{})
	require.NoError(t, err)
	s.Break(testpki.CRLService, testpki.RebindingName)
	for i := range 3 {
		_, err = newClient(s).CRLs(t.Context(), fetch.Query{Certificate: id.Certificate})
		if i == 0 {
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, fetch.ErrForbiddenAddress)
	}
	require.Empty(t, s.Strays())
}

func TestRevokedBeforeAndAfter(t *testing.T) {
	s := newServer(t)
	id, err := s.Issue(&testpki.Request{})
	require.NoError(t, err)
	at := s.PKI.Now().Add(-6 * time.Hour)
	s.Revoke(id.Certificate, at, 1)
	client := newClient(s)
	q := fetch.Query{Certificate: id.Certificate, Issuer: s.Issuing.Certificate}
	for name, ask := range map[string]func(context.Context, fetch.Query) (*fetch.Answer, error){"CRL": client.CRLs, "OCSP": client.OCSP} {
		answer, err := ask(t.Context(), q)
		require.NoError(t, err, name)
		set := revocation.NewSet(answer.Evidence...)
		after := set.Judge(id.Certificate, s.Issuing.Certificate, revocation.Options{Time: s.PKI.Now()})
		require.Equal(t, revocation.Revoked, after.Status, name)
		require.True(t, after.RevokedAt.Equal(at), name)
		before := set.Judge(id.Certificate, s.Issuing.Certificate, revocation.Options{Time: at.Add(-time.Hour), Now: s.PKI.Now()})
		require.Equal(t, revocation.Good, before.Status, name)
	}
}

// A certificate of the intermediate authority leads to both, and a cross certificate
// comes in a bundle.
func TestChainFromURLs(t *testing.T) {
	s := newServer(t)
	id, err := s.Issue(&testpki.Request{})
	require.NoError(t, err)
	client := newClient(s)
	s.Break(testpki.IssuerService, testpki.Bundle)
	answer, err := client.Issuers(t.Context(), fetch.Query{Certificate: id.Certificate})
	require.NoError(t, err)
	require.Len(t, answer.Certificates, 2)
	for _, c := range answer.Certificates {
		require.NoError(t, id.Certificate.CheckSignatureFrom(c))
	}
	require.True(t, answer.Certificates[1].Equal(s.Cross.Certificate))
	s.Break(testpki.IssuerService, testpki.Sound)
	answer, err = client.Issuers(t.Context(), fetch.Query{Certificate: answer.Certificates[0]})
	require.NoError(t, err)
	require.True(t, answer.Certificates[0].Equal(s.PKI.Root.Certificate))
	require.Equal(t, 2, s.Requests(testpki.IssuerService))
}
