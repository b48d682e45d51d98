package fetch_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/testpki"
)

// served is a server, a certificate of it, and a finder that knows nothing but the
// root.
func served(t *testing.T) (*testpki.Server, *certificate.Certificate, *fetch.Finder) {
	t.Helper()
	s, err := testpki.NewServer(nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	id, err := s.Issue(&testpki.Request{})
	require.NoError(t, err)
	return s, id.Certificate, &fetch.Finder{Source: &fetch.Client{Resolver: s, Dial: s.DialContext, Now: s.PKI.Now, Timeout: 30 * time.Second}}
}

func build(t *testing.T, s *testpki.Server, c *certificate.Certificate, f *fetch.Finder) (*certificate.Path, error) {
	t.Helper()
	return certificate.BuildPath(t.Context(), c, certificate.PathOptions{
		Anchors: s.PKI.Pool(), Purpose: certificate.Signing, Time: s.PKI.Now(), Issuers: f, Revocation: f,
	})
}

func TestFinder(t *testing.T) {
	s, c, f := served(t)
	path, err := build(t, s, c, f)
	require.NoError(t, err)
	require.Len(t, path.Certificates, 3)
	for _, i := range []int{0, 1} {
		require.Equal(t, certificate.RevocationGood, path.Revocation[i].Status)
		used := path.Revocation[i].Evidence.(*revocation.Answer)
		require.Equal(t, revocation.Good, used.Status)
	}
	require.Equal(t, 2, f.Evidence().Len())
	require.Equal(t, 1, s.Requests(testpki.IssuerService))
	require.Equal(t, 2, s.Requests(testpki.OCSPService))
	require.Equal(t, 0, s.Requests(testpki.CRLService))
	require.Len(t, f.Attempts(), 3)

	_, err = build(t, s, c, &fetch.Finder{Source: f.Source}) // warm
	require.NoError(t, err)
	require.Equal(t, 2, s.Requests(testpki.OCSPService))

	nobody := &fetch.Finder{}
	_, err = build(t, s, c, nobody)
	require.Error(t, err)
	require.Empty(t, nobody.Attempts())
}

func TestFinderRevoked(t *testing.T) {
	s, c, f := served(t)
	s.Revoke(c, s.PKI.Now().Add(-time.Hour), 1)
	_, err := build(t, s, c, f)
	var failure *certificate.PathError
	require.ErrorAs(t, err, &failure)
	require.Equal(t, certificate.Revoked, failure.Reason)
}

// A responder that answers uselessly or not at all leads to the CRL, and without one
// the path fails and says what was tried.
func TestFinderFallsBack(t *testing.T) {
	harmless := map[testpki.Fault]bool{
		testpki.Sound: true, testpki.NoNextUpdate: true, testpki.WrongType: true, testpki.RedirectOnce: true,
		testpki.WrongNonce: true, // none was asked for
		// These are about the host, for whatever is asked there.
		testpki.PrivateName: true, testpki.MappedName: true, testpki.TranslatedName: true, testpki.RebindingName: true,
	}
	for _, fault := range testpki.Faults() {
		if harmless[fault] || !fault.Concerns(testpki.OCSPService) {
			continue
		}
		t.Run(fault.String(), func(t *testing.T) {
			s, c, f := served(t)
			timeout := 30 * time.Second
			if fault == testpki.Silent || fault == testpki.Dripping {
				timeout = time.Second
			}
			f.Source.(*fetch.Client).Timeout = timeout
			s.Break(testpki.OCSPService, fault)
			path, err := build(t, s, c, f)
			require.NoError(t, err)
			require.Equal(t, certificate.RevocationGood, path.Revocation[0].Status)
			require.Positive(t, s.Requests(testpki.CRLService))

			s.Break(testpki.CRLService, testpki.NotFound)
			without := &fetch.Finder{Source: &fetch.Client{Resolver: s, Dial: s.DialContext, Now: s.PKI.Now, Timeout: timeout}}
			_, err = build(t, s, c, without)
			var failure *certificate.PathError
			require.ErrorAs(t, err, &failure)
			require.Equal(t, certificate.RevocationUndetermined, failure.Reason)
			require.Contains(t, failure.Detail, "HTTP status 404")
			require.Empty(t, s.Strays())
		})
	}
}
