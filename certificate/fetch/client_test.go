package fetch_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/testpki"
)

func TestPlacesThatAreNotAsked(t *testing.T) {
	w := newWorld(t)
	name := testpki.Name(testpki.Country("JP"), testpki.CommonName("CRL directory"))
	c := w.issue([]string{"ldap://ocsp.example/"}, []string{"ftp://ca.example/x", "ldaps://ca.example/x", "ca.example", "http://", "http://user:secret@ca.example/", "%zz"},
		&testpki.Point{Name: name}, &testpki.Point{URL: "ldap://crl.example/cn=x?certificateRevocationList"},
		&testpki.Point{Relative: name[4:]}, point("http://10.0.0.1/x"), point("http://[::1]:80/x"), point("http://localhost/x"), point("https://intra/x"))
	client := &fetch.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		t.Errorf("asked %v", r.URL)
		return nil, errors.New("no network")
	})}
	q := fetch.Query{Certificate: c, Issuer: w.Intermediate.Certificate}

	forms := func(a *fetch.Answer) (list []string) {
		for _, attempt := range a.Attempts {
			var skipped *fetch.SkippedError
			if errors.As(attempt.Err, &skipped) {
				list = append(list, skipped.Form)
				require.ErrorIs(t, attempt.Err, fetch.ErrSkipped)
			} else {
				require.ErrorIs(t, attempt.Err, fetch.ErrForbiddenAddress)
				list = append(list, "forbidden")
			}
			require.Empty(t, attempt.Method)
		}
		return list
	}
	answer, err := client.Issuers(t.Context(), q)
	require.ErrorIs(t, err, fetch.ErrSkipped)
	require.NotContains(t, err.Error(), "secret")
	require.Equal(t, []string{"ftp", "ldaps", "relative URL", "URL without a host", "URL with user information", "malformed URL"}, forms(answer))
	answer, err = client.OCSP(t.Context(), q)
	require.ErrorIs(t, err, fetch.ErrSkipped)
	require.Equal(t, []string{"ldap"}, forms(answer))
	answer, err = client.CRLs(t.Context(), q)
	require.ErrorIs(t, err, fetch.ErrForbiddenAddress)
	require.Equal(t, []string{"ldap", "forbidden", "forbidden", "forbidden", "forbidden", "directory name", "relative name"}, forms(answer))
	require.Contains(t, err.Error(), "skipped: directory name")
	require.Equal(t, fetch.Counts{Skipped: 3, Failed: 4}, client.Counts(fetch.KindCRL))

	answer, err = client.Revocation(t.Context(), q)
	require.Error(t, err)
	require.Len(t, answer.Attempts, 8)
}

func TestNoPlace(t *testing.T) {
	w := newWorld(t)
	client := &fetch.Client{}
	for name, ask := range map[string]func(context.Context, fetch.Query) (*fetch.Answer, error){
		"issuers": client.Issuers, "crl": client.CRLs, "ocsp": client.OCSP, "revocation": client.Revocation,
	} {
		answer, err := ask(t.Context(), fetch.Query{Certificate: w.Root.Certificate})
		require.ErrorIs(t, err, fetch.ErrNoPlace, name)
		require.NotNil(t, answer)
		answer, err = ask(t.Context(), fetch.Query{})
		require.Error(t, err, name)
		require.NotNil(t, answer)
	}
}

func TestSecretsStayOut(t *testing.T) {
	w := newWorld(t)
	c := w.issue(nil, nil, point("http://crl.example/x?token=secret#secret"))
	client := &fetch.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		if strings.Contains(r.URL.Host, "next") {
			return nil, &url.Error{Op: "Get", URL: r.URL.String(), Err: io.ErrUnexpectedEOF}
		}
		require.Equal(t, "token=secret", r.URL.RawQuery)
		require.Empty(t, r.Header.Get("Referer"))
		return reply(302, nil, "Location", "http://next.example/y?key=secret"), nil
	})}
	answer, err := client.CRLs(t.Context(), fetch.Query{Certificate: c})
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.NotContains(t, err.Error(), "secret")
	require.NotContains(t, answer.Attempts[0].String(), "secret")
	require.Equal(t, []string{"http://next.example/y?..."}, answer.Attempts[0].Redirects)
	require.Contains(t, err.Error(), "http://crl.example/x?... -> http://next.example/y?...")
}

func TestNextPlaceAfterAFailure(t *testing.T) {
	w := newWorld(t)
	c := w.issue([]string{"http://a.example/", "http://b.example/"}, []string{"http://a.example/", "http://b.example/"}, point("http://b.example/crl"))
	client := &fetch.Client{Now: w.Now, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		switch {
		case r.URL.Host == "a.example" || r.Method == http.MethodPost:
			return reply(503, nil), nil
		case r.URL.Path == "/crl":
			return reply(200, w.crl(24*time.Hour)), nil
		}
		return reply(200, w.Intermediate.Certificate.Raw), nil
	})}
	q := fetch.Query{Certificate: c, Issuer: w.Intermediate.Certificate}
	answer, err := client.Issuers(t.Context(), q)
	require.NoError(t, err)
	require.Len(t, answer.Attempts, 2)
	var status *fetch.StatusError
	require.ErrorAs(t, answer.Attempts[0].Err, &status)
	require.Equal(t, 503, status.Code)
	require.True(t, answer.Certificates[0].Equal(w.Intermediate.Certificate))

	answer, err = client.Revocation(t.Context(), q) // both responders fail, the CRL does not
	require.NoError(t, err)
	require.Len(t, answer.Attempts, 3)
	require.Equal(t, revocation.KindCRL, answer.Evidence[0].Kind)
	require.Equal(t, revocation.SourceURL, answer.Evidence[0].Source)
	require.Equal(t, "http://b.example/crl", answer.Evidence[0].Where)
	require.True(t, answer.Evidence[0].Retrieved.Equal(w.Now()))

	client.CRLFirst = true
	answer, err = client.Revocation(t.Context(), q)
	require.NoError(t, err)
	require.Len(t, answer.Attempts, 1)
	require.Equal(t, revocation.SourceCache, answer.Evidence[0].Source)
}

func TestFormsOfCertificates(t *testing.T) {
	w := newWorld(t)
	raw := w.Intermediate.Certificate.Raw
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})
	c := w.issue(nil, []string{"http://ca.example/"})
	for name, test := range map[string]struct {
		data []byte
		want int
	}{
		"DER":          {raw, 1},
		"PEM":          {block, 1},
		"text and PEM": {append([]byte("\n\r\n"), block...), 1},
		"two PEM":      {bytes.Repeat(block, 2), 2},
		"half":         {raw[:len(raw)/2], 0},
		"HTML":         {[]byte("<html>"), 0},
		"nothing":      {nil, 0},
		"half a line":  {[]byte("-----BEGIN"), 0},
		"indefinite":   {bytes.Repeat([]byte{0x30, 0x80}, 1<<18), 0},
	} {
		client := &fetch.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			return reply(200, test.data, "Content-Type", "text/html"), nil
		})}
		answer, err := client.Issuers(t.Context(), fetch.Query{Certificate: c})
		require.Len(t, answer.Certificates, test.want, name)
		if test.want == 0 {
			require.ErrorIs(t, err, fetch.ErrUnusable, name)
		}
	}
}

func TestOCSPForms(t *testing.T) {
	w := newWorld(t)
	c := w.issue([]string{"http://ocsp.example/base/"}, nil)
	q := fetch.Query{Certificate: c, Issuer: w.Intermediate.Certificate}
	want, err := revocation.NewRequest(c, q.Issuer, revocation.RequestOptions{})
	require.NoError(t, err)
	response, err := w.Intermediate.SignOCSP(&testpki.OCSP{Responses: []testpki.OCSPSingle{{Certificate: c, Issuer: q.Issuer}}})
	require.NoError(t, err)

	var seen *http.Request
	var body []byte
	transport := roundTripper(func(r *http.Request) (*http.Response, error) {
		seen = r
		body, _ = io.ReadAll(r.Body)
		return reply(200, response, "Content-Type", "text/plain"), nil
	})
	for _, get := range []bool{false, true} {
		client := &fetch.Client{Transport: transport, OCSPByGET: get, Now: w.Now}
		answer, err := client.OCSP(t.Context(), q)
		require.NoError(t, err)
		require.Equal(t, response, answer.Evidence[0].Raw)
		require.Equal(t, "http://ocsp.example/base/", answer.Evidence[0].Where)
		if !get {
			require.Equal(t, http.MethodPost, seen.Method)
			require.Equal(t, "application/ocsp-request", seen.Header.Get("Content-Type"))
			require.Equal(t, want, body)
			continue
		}
		require.Equal(t, http.MethodGet, seen.Method)
		decoded, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(seen.URL.Path, "/base/"))
		require.NoError(t, err)
		require.Equal(t, want, decoded)
	}

	client := &fetch.Client{Transport: transport, Nonce: rand.Reader, Now: w.Now}
	for i := range 2 { // nothing is kept
		answer, err := client.OCSP(t.Context(), q)
		require.NoError(t, err)
		require.Len(t, answer.Evidence[0].Nonce, 32)
		require.Contains(t, string(body), string(answer.Evidence[0].Nonce))
		require.EqualValues(t, i+1, client.Counts(fetch.KindOCSP).Requests)
	}
	client = &fetch.Client{Transport: transport, Nonce: strings.NewReader("short")}
	_, err = client.OCSP(t.Context(), q)
	require.Error(t, err)
	_, err = client.OCSP(t.Context(), fetch.Query{Certificate: c})
	require.Error(t, err)
}

func TestCachedAnswers(t *testing.T) {
	for _, kind := range []string{"memory", "directory"} {
		t.Run(kind, func(t *testing.T) {
			w := newWorld(t)
			at := &clock{now: w.Now()}
			list := w.crl(30 * time.Minute)
			client := &fetch.Client{Now: at.Now, Transport: roundTripper(func(*http.Request) (*http.Response, error) { return reply(200, list), nil })}
			if kind == "directory" {
				d, err := fetch.OpenDirectory(t.TempDir(), nil)
				require.NoError(t, err)
				t.Cleanup(func() { require.NoError(t, d.Close()) })
				client.Cache = d
			}
			q := fetch.Query{Certificate: w.issue(nil, nil, point("http://crl.example/x"))}
			requests := func(want int) {
				t.Helper()
				answer, err := client.CRLs(t.Context(), q)
				require.NoError(t, err)
				require.NoError(t, answer.Attempts[0].CacheErr)
				require.Equal(t, list, answer.Evidence[0].Raw)
				require.EqualValues(t, want, client.Counts(fetch.KindCRL).Requests)
			}
			requests(1)
			at.advance(10 * time.Minute)
			requests(1)
			q.After = at.Now() // younger than a signature, say
			requests(2)
			requests(2)
			at.advance(20*time.Minute - time.Second)
			requests(2)
			at.advance(time.Second) // nextUpdate
			requests(3)
			requests(4) // a stale list is not kept
			list = w.crl(0)
			requests(5)
			requests(6) // nor is one without nextUpdate
			list = w.crl(1000 * time.Hour)
			requests(7)
			at.advance(time.Hour - time.Second)
			requests(7)
			at.advance(time.Second) // MaxAge
			requests(8)
			at.advance(-2 * time.Hour) // a clock that was put back
			requests(9)
			require.EqualValues(t, 4, client.Counts(fetch.KindCRL).Cached)
		})
	}
}

// What the client keeps in memory it reads once.
func TestKeptAnswersAreReadOnce(t *testing.T) {
	w := newWorld(t)
	list := w.crl(time.Hour)
	client := &fetch.Client{Now: w.Now, Transport: roundTripper(func(*http.Request) (*http.Response, error) { return reply(200, list), nil })}
	q := fetch.Query{Certificate: w.issue(nil, nil, point("http://crl.example/x"))}
	var before *revocation.CRL
	for i := range 3 {
		answer, err := client.CRLs(t.Context(), q)
		require.NoError(t, err)
		e := answer.Evidence[0]
		require.Equal(t, i > 0, e.Source == revocation.SourceCache)
		c, _, err := e.Read()
		require.NoError(t, err)
		if before != nil {
			require.Same(t, before, c)
		}
		before = c
		e.Raw, e.Where = nil, "" // the answer is the caller's
	}
}

func TestFailuresAreRemembered(t *testing.T) {
	w := newWorld(t)
	at := &clock{now: w.Now()}
	var asked atomic.Int32
	client := &fetch.Client{Now: at.Now, Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		asked.Add(1)
		return reply(503, nil), nil
	})}
	q := fetch.Query{Certificate: w.issue(nil, nil, point("http://crl.example/x"))}
	for range 3 {
		answer, err := client.CRLs(t.Context(), q)
		var status *fetch.StatusError
		require.ErrorAs(t, err, &status)
		require.Equal(t, 503, answer.Attempts[0].Status)
	}
	require.EqualValues(t, 1, asked.Load())
	at.advance(30 * time.Second)
	_, err := client.CRLs(t.Context(), q)
	require.Error(t, err)
	require.EqualValues(t, 2, asked.Load())
}

func TestOneFlight(t *testing.T) {
	w := newWorld(t)
	list := w.crl(time.Hour)
	release := make(chan struct{})
	started := make(chan struct{}, 16)
	client := &fetch.Client{Now: w.Now, Cache: fetch.NoCache{}, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		started <- struct{}{}
		select {
		case <-release:
			return reply(200, list), nil
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	})}
	q := fetch.Query{Certificate: w.issue(nil, nil, point("http://crl.example/x"))}

	impatient, cancel := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() {
		_, err := client.CRLs(impatient, q)
		gone <- err
	}()
	<-started
	var wait sync.WaitGroup
	var shared atomic.Int32
	for range 8 {
		wait.Go(func() {
			answer, err := client.CRLs(t.Context(), q)
			if err == nil && answer.Attempts[0].Shared {
				shared.Add(1)
			}
		})
	}
	require.Eventually(t, func() bool { return client.Waiting() == 9 }, 30*time.Second, time.Millisecond)
	cancel()
	require.ErrorIs(t, <-gone, context.Canceled) // and the others still get their answer
	close(release)
	wait.Wait()
	require.EqualValues(t, 8, shared.Load())
	require.EqualValues(t, 1, client.Counts(fetch.KindCRL).Requests)
}

// An exchange for which nobody waits any more ends, and is not remembered as failed.
func TestCancelled(t *testing.T) {
	w := newWorld(t)
	ended := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var calls atomic.Int32
	client := &fetch.Client{Now: w.Now, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		if calls.Add(1) > 1 {
			return reply(200, w.crl(time.Hour)), nil
		}
		cancel()
		<-r.Context().Done()
		close(ended)
		return nil, r.Context().Err()
	})}
	q := fetch.Query{Certificate: w.issue(nil, nil, point("http://crl.example/x"))}
	_, err := client.CRLs(ctx, q)
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, fetch.ErrTimeout)
	<-ended
	_, err = client.CRLs(t.Context(), q)
	require.NoError(t, err)
}

func TestPerHost(t *testing.T) {
	w := newWorld(t)
	var now, most atomic.Int32
	client := &fetch.Client{Now: w.Now, PerHost: 2, Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		n := now.Add(1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		time.Sleep(5 * time.Millisecond)
		now.Add(-1)
		return reply(404, nil), nil
	})}
	var wait sync.WaitGroup
	for i := range 10 {
		c := w.issue(nil, nil, point("http://crl.example/"+string(rune('a'+i))))
		wait.Go(func() { _, _ = client.CRLs(t.Context(), fetch.Query{Certificate: c}) })
	}
	wait.Wait()
	require.LessOrEqual(t, most.Load(), int32(2))
	require.EqualValues(t, 10, client.Counts(fetch.KindCRL).Requests)
}

// A host that never answers costs everybody one time-out, however many requests wait.
func TestBusyHostCostsOneTimeout(t *testing.T) {
	w := newWorld(t)
	client := &fetch.Client{PerHost: 1, Timeout: 500 * time.Millisecond, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	})}
	started := time.Now()
	var wait sync.WaitGroup
	for i := range 10 {
		c := w.issue(nil, nil, point("http://crl.example/"+string(rune('a'+i))))
		wait.Go(func() {
			_, err := client.CRLs(t.Context(), fetch.Query{Certificate: c})
			if !errors.Is(err, fetch.ErrTimeout) {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	require.Less(t, time.Since(started), 4*time.Second) // and not 10 times as long
}

// A certificate that names a host which never answers in many ways costs one time-out
// for each kind of request, and who redirects there no more.
func TestSilentHostCostsOneTimeout(t *testing.T) {
	w := newWorld(t)
	at := &clock{now: w.Now()}
	const timeout = 400 * time.Millisecond
	var asked atomic.Int32
	client := &fetch.Client{Now: at.Now, Timeout: timeout, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.URL.Host == "redirects.example" {
			return reply(302, nil, "Location", "http://silent.example/x"), nil
		}
		asked.Add(1)
		<-r.Context().Done()
		return nil, r.Context().Err()
	})}
	var urls []string
	var points []*testpki.Point
	for i := range 8 {
		urls = append(urls, "http://SILENT.example/"+string(rune('a'+i)))
		points = append(points, point("http://silent.example/crl"+string(rune('a'+i))))
	}
	q := fetch.Query{Certificate: w.issue(urls, urls, points...), Issuer: w.Intermediate.Certificate}
	started := time.Now()
	_, err := client.Issuers(t.Context(), q)
	require.ErrorIs(t, err, fetch.ErrTimeout)
	answer, err := client.Revocation(t.Context(), q)
	require.ErrorIs(t, err, fetch.ErrTimeout)
	require.Len(t, answer.Attempts, 16)
	_, err = client.Issuers(t.Context(), fetch.Query{Certificate: w.issue(nil, []string{"http://redirects.example/"})})
	require.ErrorIs(t, err, fetch.ErrTimeout)
	require.Less(t, time.Since(started), 9*timeout) // and not 24 times as long
	require.EqualValues(t, 3, asked.Load())

	at.advance(30 * time.Second)
	_, err = client.OCSP(t.Context(), q)
	require.ErrorIs(t, err, fetch.ErrTimeout)
	require.EqualValues(t, 4, asked.Load(), "asked again later")
}

func TestObserve(t *testing.T) {
	w := newWorld(t)
	var seen []fetch.Attempt
	client := &fetch.Client{Observe: func(a fetch.Attempt) { seen = append(seen, a) }, Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		return reply(404, nil), nil
	})}
	answer, err := client.CRLs(t.Context(), fetch.Query{Certificate: w.issue(nil, nil, point("http://a.example/"), point("http://b.example/"))})
	require.Error(t, err)
	require.Equal(t, answer.Attempts, seen)
	require.Len(t, seen, 2)
}
