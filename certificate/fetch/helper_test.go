package fetch_test

import (
	"bytes"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/testpki"
)

// roundTripper answers without a network.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func reply(status int, body []byte, header ...string) *http.Response {
	r := &http.Response{
		StatusCode: status, Header: http.Header{}, ContentLength: int64(len(body)),
		Body: io.NopCloser(bytes.NewReader(body)),
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

// clock is a clock that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// world is an infrastructure and certificates with URLs in them.
type world struct {
	*testpki.PKI
	t *testing.T
}

func newWorld(t *testing.T) *world {
	t.Helper()
	p, err := testpki.New(&testpki.Options{KeyType: testpki.P256})
	require.NoError(t, err)
	return &world{p, t}
}

// issue makes a certificate that names these places.
func (w *world) issue(ocsp, issuers []string, points ...*testpki.Point) *certificate.Certificate {
	w.t.Helper()
	id, err := w.Issue(&testpki.Request{KeyType: testpki.P256, Change: func(x *testpki.Template) {
		x.Extensions = append(x.Extensions, testpki.AuthorityInfoAccess(ocsp, issuers), testpki.CRLDistributionPoints(points...))
	}})
	require.NoError(w.t, err)
	return id.Certificate
}

// crl makes a list that is valid from an hour before the present for a while.
func (w *world) crl(validity time.Duration) []byte {
	w.t.Helper()
	der, err := w.Intermediate.SignCRL(&testpki.CRL{ThisUpdate: w.Now().Add(-time.Hour), NextUpdate: w.Now().Add(validity), NoNextUpdate: validity == 0})
	require.NoError(w.t, err)
	return der
}

func point(u string) *testpki.Point { return &testpki.Point{URL: u} }
