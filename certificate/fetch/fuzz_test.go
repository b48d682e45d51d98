package fetch

import (
	"encoding/pem"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpki"
)

// seeds are what the test infrastructure serves as issuers.
func seeds(f *testing.F) [][]byte {
	f.Helper()
	s, err := testpki.NewServer(nil)
	require.NoError(f, err)
	defer s.Close()
	raw := s.Issuing.Certificate.Raw
	list := [][]byte{raw, raw[:len(raw)/2], pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})}
	c := &Client{AllowPrivate: true}
	for _, fault := range []testpki.Fault{testpki.Bundle, testpki.ErrorPage, testpki.WrongIssuer} {
		s.Break(testpki.IssuerService, fault)
		got := ask(c, KindCertificates, s.URL(testpki.IssuerService))
		require.NoError(f, got.err)
		list = append(list, got.raw)
	}
	require.GreaterOrEqual(f, len(list), 6)
	return list
}

func FuzzReadCertificates(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := readCertificates(data)
		require.Equal(t, err != nil, len(list) == 0)
		require.LessOrEqual(t, len(list), maxBundle)
	})
}

// No URL makes a client send a request to a host that the rules forbid.
func FuzzPlace(f *testing.F) {
	for _, seed := range []string{
		"http://ca.example/x", "ldap://x/", "http://127.0.0.1/", "http://[::ffff:127.0.0.1]:80/", "http://LOCALHOST./?q#f",
		"http://u@h.example/", "http:///x", "http:opaque", "http://[fe80::1%25eth0]/", "https://0x7f.1/", "http://h.example:99999/",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := &Client{Transport: tripper(func(r *http.Request) (*http.Response, error) {
			require.NoError(t, forbiddenHost(r.URL.Hostname()))
			require.Contains(t, []string{"http", "https"}, r.URL.Scheme)
			return nil, errReached
		})}
		for _, p := range places([]string{text}) {
			if p.skip == nil {
				if err := ask(c, KindCRL, p.url.String()).err; !errors.Is(err, errReached) {
					require.Error(t, err)
				}
			}
		}
	})
}
