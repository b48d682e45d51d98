package fetch_test

import (
	"errors"
	"math/big"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/testpki"
)

// pages answers by URL and counts; what is not there is 404.
type pages struct {
	content map[string][]byte
	asked   []string
}

func (p *pages) RoundTrip(r *http.Request) (*http.Response, error) {
	p.asked = append(p.asked, r.URL.String())
	if body, ok := p.content[r.URL.String()]; ok {
		return reply(200, body), nil
	}
	return reply(404, nil), nil
}

const (
	baseURL  = "http://crl.example/base"
	deltaURL = "http://crl.example/delta"
)

// list makes a complete CRL, or a delta CRL to number 1, of the intermediate authority.
func (w *world) list(number int64, c testpki.CRL) []byte {
	w.t.Helper()
	c.Number, c.ThisUpdate = big.NewInt(number), w.Now().Add(-time.Hour)
	if number > 1 {
		c.Extensions = append(c.Extensions, testpki.DeltaCRL(big.NewInt(1)))
	}
	der, err := w.Intermediate.SignCRL(&c)
	require.NoError(w.t, err)
	return der
}

// Delta CRLs are found by the certificate or by the complete CRL, and both together
// say that the certificate was revoked.
func TestFreshestCRL(t *testing.T) {
	for name, inCertificate := range map[string]bool{"in the certificate": true, "in the CRL": false} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			freshest := testpki.FreshestCRL(point(deltaURL), point("ldap://crl.example/"))
			id, err := w.Issue(&testpki.Request{KeyType: testpki.P256, Change: func(x *testpki.Template) {
				x.Extensions = append(x.Extensions[:3:3], testpki.CRLDistributionPoints(point(baseURL)))
				if inCertificate {
					x.Extensions = append(x.Extensions, freshest)
				}
			}})
			require.NoError(t, err)
			c := id.Certificate
			complete := testpki.CRL{}
			if !inCertificate {
				complete.Extensions = append(complete.Extensions, freshest)
			}
			p := &pages{content: map[string][]byte{
				baseURL:  w.list(1, complete),
				deltaURL: w.list(2, testpki.CRL{Entries: []testpki.CRLEntry{{Serial: c.SerialNumber, Reason: 1}}}),
			}}
			root, err := w.Root.SignCRL(&testpki.CRL{})
			require.NoError(t, err)
			build := func(client *fetch.Client) error {
				client.Transport, client.Now = p, w.Now
				f := &fetch.Finder{Source: client}
				f.Checker.Set = revocation.NewSet(&revocation.Evidence{Raw: root})
				_, err := certificate.BuildPath(t.Context(), c, certificate.PathOptions{
					Anchors: w.Pool(), Purpose: certificate.Signing, Time: w.Now(), Candidates: id.Chain, Revocation: f,
				})
				return err
			}
			var failure *certificate.PathError
			require.ErrorAs(t, build(&fetch.Client{}), &failure)
			require.Equal(t, certificate.Revoked, failure.Reason)
			require.Equal(t, []string{baseURL, deltaURL}, p.asked)

			p.asked = nil
			require.NoError(t, build(&fetch.Client{NoDeltas: true}), "the complete CRL alone is in time")
			require.Equal(t, []string{baseURL}, p.asked)

			delete(p.content, deltaURL)
			require.NoError(t, build(&fetch.Client{}), "a delta CRL that is not there")

			p.content = map[string][]byte{deltaURL: w.list(2, testpki.CRL{})}
			err = build(&fetch.Client{})
			require.ErrorAs(t, err, &failure)
			require.Equal(t, certificate.RevocationUndetermined, failure.Reason, "a delta CRL alone")
			if inCertificate {
				require.ErrorContains(t, err, "delta CRL without its base")
			}
		})
	}
}

// A delta CRL alone is told with an error, and other evidence is asked for.
func TestDeltaAlone(t *testing.T) {
	w := newWorld(t)
	id, err := w.Issue(&testpki.Request{KeyType: testpki.P256, Change: func(x *testpki.Template) {
		x.Extensions = append(x.Extensions, testpki.AuthorityInfoAccess([]string{"http://ocsp.example/"}, nil),
			testpki.CRLDistributionPoints(point(baseURL)), testpki.FreshestCRL(point(deltaURL)))
	}})
	require.NoError(t, err)
	response, err := w.Intermediate.SignOCSP(&testpki.OCSP{Responses: []testpki.OCSPSingle{{Certificate: id.Certificate, Issuer: w.Intermediate.Certificate}}})
	require.NoError(t, err)
	p := &pages{content: map[string][]byte{deltaURL: w.list(2, testpki.CRL{}), "http://ocsp.example/": response}}
	client := &fetch.Client{Transport: p, Now: w.Now, CRLFirst: true}
	q := fetch.Query{Certificate: id.Certificate, Issuer: w.Intermediate.Certificate}
	answer, err := client.CRLs(t.Context(), q)
	require.Error(t, err)
	require.Len(t, answer.Evidence, 1)
	answer, err = client.Revocation(t.Context(), q)
	require.NoError(t, err)
	require.Len(t, answer.Evidence, 2)
	require.Equal(t, revocation.KindOCSP, answer.Evidence[1].Kind)
	require.Len(t, answer.Attempts, 3)
}

// The URLs of one distribution point are ways to the same CRL.
func TestWaysToOneCRL(t *testing.T) {
	w := newWorld(t)
	c := w.issue(nil, nil, &testpki.Point{URL: "http://a.example/", More: []string{"http://b.example/"}}, point("http://c.example/"))
	for want, content := range map[string]map[string][]byte{
		"ac":  {"http://a.example/": w.list(1, testpki.CRL{}), "http://b.example/": w.list(1, testpki.CRL{}), "http://c.example/": w.list(1, testpki.CRL{})},
		"abc": {"http://b.example/": w.list(1, testpki.CRL{})},
		// One that is out of date is no reason to stop.
		"ab.c": {"http://a.example/": w.list(1, testpki.CRL{NextUpdate: w.Now().Add(-time.Minute)}), "http://b.example/": w.list(1, testpki.CRL{})},
	} {
		p := &pages{content: content}
		_, err := (&fetch.Client{Transport: p, Now: w.Now}).CRLs(t.Context(), fetch.Query{Certificate: c})
		require.NoError(t, err, want)
		var asked []string
		for _, letter := range want {
			if letter != '.' {
				asked = append(asked, "http://"+string(letter)+".example/")
			}
		}
		require.Equal(t, asked, p.asked, want)
	}
	_, err := (&fetch.Client{Transport: &pages{}}).CRLs(t.Context(), fetch.Query{Certificate: c})
	var status *fetch.StatusError
	require.True(t, errors.As(err, &status))
}
