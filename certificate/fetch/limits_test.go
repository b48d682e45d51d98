package fetch

import (
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpki"
)

type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// body answers with n bytes and does not say how many.
func body(n int64) tripper {
	return func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, ContentLength: -1, Body: io.NopCloser(io.LimitReader(zeroReader{}, n))}, nil
	}
}

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) { return len(p), nil }

func ask(c *Client, kind Kind, u string) result {
	parsed, err := url.Parse(u)
	if err != nil {
		return result{err: err}
	}
	return c.exchange(context.Background(), &request{kind: kind, method: http.MethodGet, url: parsed, limit: c.limit(kind)})
}

func TestLimitsOfAnswers(t *testing.T) {
	for kind, limit := range map[Kind]int64{KindCertificates: maxCertificateBytes, KindOCSP: maxOCSPBytes, KindCRL: maxCRLBytes} {
		c := &Client{}
		require.Equal(t, limit, c.limit(kind))
		if kind == KindCRL {
			c.MaxCRLBytes, limit = 1000, 1000
		}
		c.Transport = body(limit)
		require.NoError(t, ask(c, kind, "http://a.example/").err, kind)
		c.Transport = body(limit + 1)
		got := ask(c, kind, "http://a.example/")
		require.ErrorIs(t, got.err, ErrTooLarge, kind)
		require.Nil(t, got.raw)
		c.Transport = body(1 << 50)
		got = ask(c, kind, "http://a.example/")
		require.ErrorIs(t, got.err, ErrTooLarge, kind)
		require.Equal(t, limit+1, got.bytes, "cut")
	}
}

func TestLimitOfRedirects(t *testing.T) {
	sent := 0
	c := &Client{}
	c.Transport = tripper(func(r *http.Request) (*http.Response, error) {
		sent++
		if r.URL.Path == "/0" {
			return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
		}
		next := fmt.Sprintf("/%d", r.URL.Path[1]-'1')
		return &http.Response{StatusCode: 308, Header: http.Header{"Location": {next}}, Body: http.NoBody}, nil
	})
	got := ask(c, KindCRL, fmt.Sprintf("http://a.example/%d", maxRedirects))
	require.NoError(t, got.err)
	require.Len(t, got.redirects, maxRedirects)
	sent = 0
	require.ErrorIs(t, ask(c, KindCRL, fmt.Sprintf("http://a.example/%d", maxRedirects+1)).err, ErrRedirects)
	require.Equal(t, maxRedirects+1, sent)

	for location, fault := range map[string]error{
		"": ErrRedirects, "http://[": ErrRedirects, "/" + strings.Repeat("x", maxURLBytes): ErrRedirects,
		"ldap://a.example/": ErrSkipped, "http://u:p@a.example/": ErrSkipped, "//127.0.0.1/": ErrForbiddenAddress,
		"/" + strings.Repeat("x", maxURLBytes-1): errReached,
	} {
		c.Transport = tripper(func(r *http.Request) (*http.Response, error) {
			if r.URL.Path != "/" {
				return nil, errReached
			}
			return &http.Response{StatusCode: 302, Header: http.Header{"Location": {location}}, Body: http.NoBody}, nil
		})
		require.ErrorIs(t, ask(c, KindCRL, "http://a.example/").err, fault, location)
	}
}

var errReached = errors.New("reached")

func TestLimitsOfPlaces(t *testing.T) {
	urls := make([]string, 0, maxURLs+1)
	for i := range maxURLs + 1 {
		urls = append(urls, fmt.Sprintf("http://h%d.example/", i), fmt.Sprintf(" http://h%d.example/", i)) // each twice
	}
	list := places(urls[:2*maxURLs])
	require.Len(t, list, maxURLs)
	require.NoError(t, list[maxURLs-1].skip)
	list = places(urls)
	require.Len(t, list, maxURLs+1)
	require.ErrorIs(t, list[maxURLs].skip, ErrSkipped)

	long := "http://h.example/" + strings.Repeat("x", maxURLBytes-17)
	require.NoError(t, places([]string{long})[0].skip)
	require.ErrorIs(t, places([]string{long + "x"})[0].skip, ErrSkipped)
	require.LessOrEqual(t, len(places([]string{long})[0].text), 210)
}

func TestLimitOfBundles(t *testing.T) {
	p, err := testpki.New(&testpki.Options{KeyType: testpki.P256})
	require.NoError(t, err)
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.Root.Certificate.Raw})
	list, err := readCertificates(bytes.Repeat(block, maxBundle))
	require.NoError(t, err)
	require.Len(t, list, maxBundle)
	list, err = readCertificates(bytes.Repeat(block, maxBundle+1))
	require.ErrorIs(t, err, ErrTooLarge)
	require.Empty(t, list)
	_, err = readCertificates(make([]byte, maxCertificateBytes))
	require.NotErrorIs(t, err, ErrTooLarge)
	_, err = readCertificates(make([]byte, maxCertificateBytes+1))
	require.ErrorIs(t, err, ErrTooLarge)
}

type resolver []netip.Addr

func (r resolver) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) { return r, nil }

func TestLimitOfAddresses(t *testing.T) {
	var r resolver
	for i := range maxAddresses + 1 {
		r = append(r, netip.AddrFrom4([4]byte{8, 8, 8, byte(i)}))
	}
	dialled := 0
	c := &Client{Dial: func(context.Context, string, string) (net.Conn, error) { dialled++; return nil, errReached }}
	for n, want := range map[int]int{maxAddresses: maxAddresses, maxAddresses + 1: maxAddresses} {
		dialled, c.Resolver = 0, r[:n]
		require.ErrorIs(t, ask(c, KindCRL, "http://a.example/").err, errReached)
		require.Equal(t, want, dialled)
	}
}

func TestAddressesOfOneHost(t *testing.T) {
	var dialled []string
	c := &Client{Dial: func(_ context.Context, _, address string) (net.Conn, error) {
		dialled = append(dialled, address)
		return nil, errReached
	}}
	private, mapped := netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("::ffff:8.8.4.4")
	for _, test := range []struct {
		answer resolver
		err    error
		want   []string
	}{
		{resolver{private}, ErrForbiddenAddress, nil},
		{resolver{netip.MustParseAddr("::ffff:127.0.0.1")}, ErrForbiddenAddress, nil},
		{resolver{private, mapped}, errReached, []string{"8.8.4.4:80"}}, // only the public one, in four bytes
		{nil, nil, nil},
	} {
		dialled, c.Resolver = nil, test.answer
		err := ask(c, KindCRL, "http://a.example/").err
		require.Error(t, err)
		if test.err != nil {
			require.ErrorIs(t, err, test.err)
		}
		require.Equal(t, test.want, dialled)
	}
	allowed := &Client{Dial: c.Dial, Resolver: resolver{private}, AllowPrivate: true}
	dialled = nil
	require.ErrorIs(t, ask(allowed, KindCRL, "http://printer/").err, errReached)
	require.ErrorIs(t, ask(allowed, KindCRL, "http://[::1]:8080/").err, errReached)
	require.Equal(t, []string{"10.0.0.1:80", "[::1]:8080"}, dialled)
	require.ErrorIs(t, ask(allowed, KindCRL, "file:///etc/passwd").err, ErrSkipped)
}

func TestOwnTransport(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://192.0.2.1:1")
	t.Setenv("http_proxy", "http://192.0.2.1:1")
	header := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "inkan", r.UserAgent())
		require.Empty(t, r.Header.Get("Accept-Encoding"))
		w.Header().Set("X-Fill", strings.Repeat("x", header))
	}))
	defer server.Close()
	require.ErrorIs(t, ask(&Client{}, KindCRL, server.URL).err, ErrForbiddenAddress)
	c := &Client{AllowPrivate: true, Timeout: 30 * time.Second}
	require.NoError(t, ask(c, KindCRL, server.URL).err)
	header = maxHeaderBytes - 1024
	require.NoError(t, ask(c, KindCRL, server.URL).err)
	header = maxHeaderBytes + 1024
	require.Error(t, ask(c, KindCRL, server.URL).err)
}

func TestLimitsOfMemory(t *testing.T) {
	m := &Memory{MaxBytes: 3 * (entryOverhead + 100)}
	key := func(i int) Key { return newKey(KindCRL, "GET", fmt.Sprint(i), nil) }
	entry := &Entry{Raw: make([]byte, 100)}
	for i := range 3 {
		require.NoError(t, m.Put(key(i), entry))
	}
	require.NotNil(t, m.Get(key(0))) // now the one used last
	require.NoError(t, m.Put(key(3), entry))
	require.Nil(t, m.Get(key(1)))
	require.NotNil(t, m.Get(key(0)))
	require.NoError(t, m.Put(key(0), &Entry{Raw: make([]byte, 100)})) // the same key costs once
	require.NotNil(t, m.Get(key(2)))
	require.NoError(t, m.Put(key(9), &Entry{Raw: make([]byte, m.MaxBytes-entryOverhead+1)}))
	require.Nil(t, m.Get(key(9)))
	require.NotNil(t, m.Get(key(2)))
	require.NoError(t, m.Put(key(9), &Entry{Raw: make([]byte, m.MaxBytes-entryOverhead)}))
	require.NotNil(t, m.Get(key(9)))
	require.Nil(t, m.Get(key(2)))

	// What was read costs more than its bytes.
	wide := &Memory{MaxBytes: entryOverhead + readCost*100}
	for n, kept := range map[int]bool{100: true, 101: false} {
		require.NoError(t, wide.Put(key(n), &Entry{Raw: make([]byte, n), content: &content{}, kind: KindOCSP}))
		require.Equal(t, kept, wide.Get(key(n)) != nil)
	}
	require.NoError(t, wide.Put(key(1), &Entry{Raw: make([]byte, readCost*100), content: &content{}, kind: KindCRL}))
	require.NotNil(t, wide.Get(key(1)))

	many := &Memory{}
	for i := range maxMemoryEntries {
		require.NoError(t, many.Put(key(i), &Entry{}))
	}
	require.NotNil(t, many.Get(key(0)))
	require.NoError(t, many.Put(key(maxMemoryEntries), &Entry{}))
	require.Nil(t, many.Get(key(1)))
	require.NotNil(t, many.Get(key(0)))
}

func TestLimitOfFailures(t *testing.T) {
	f := &failures{}
	key := func(i int) Key { return newKey(KindCRL, "GET", fmt.Sprint(i), nil) }
	now := time.Unix(0, 0)
	for i := range maxFailures + 1 {
		f.put(key(i), result{err: errReached}, now, time.Minute)
	}
	_, known := f.get(key(maxFailures-1), now)
	require.True(t, known)
	_, known = f.get(key(maxFailures), now)
	require.False(t, known)
	f.put(key(maxFailures), result{err: errReached}, now.Add(time.Minute), time.Minute) // the others are forgotten
	require.Len(t, f.known, 1)
	f.put(key(0), result{err: errReached}, now, -1)
	require.Len(t, f.known, 1)
}
