package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/inkan-go/inkan/internal/redact"
)

// request is one question to one place.
type request struct {
	kind   Kind
	method string
	url    *url.URL
	body   []byte // of a POST
	limit  int64  // bytes of the answer
}

// result is what became of a request. Attempt and Entry are made from it.
type result struct {
	raw       []byte
	status    int
	bytes     int64
	sent      time.Time // by the client's clock
	redirects []string
	err       error
	entry     *Entry // nil after an error
	cacheErr  error
}

// transport returns what requests are sent with: the caller's, or one made once that
// follows the address rules.
func (c *Client) transport() http.RoundTripper {
	if c.Transport != nil {
		return c.Transport
	}
	c.state.once.Do(func() {
		c.state.transport = &http.Transport{
			Proxy:                  nil, // a proxy would connect wherever it is told to
			DialContext:            c.dial,
			DisableCompression:     true, // the limit counts what arrives
			MaxResponseHeaderBytes: maxHeaderBytes,
			MaxIdleConnsPerHost:    1,
			MaxIdleConns:           16,
			IdleConnTimeout:        5 * time.Second,
		}
	})
	return c.state.transport
}

// exchange sends a request, follows redirects with the same method and body, and
// reads the answer up to its limit. Everything together takes the time-out at most,
// waiting for a host that is busy included.
func (c *Client) exchange(ctx context.Context, q *request) (r result) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout())
	defer cancel()
	r.sent = c.now()
	at := q.url
	for hop := 0; ; hop++ {
		if hop > 0 {
			r.redirects = append(r.redirects, redact.URL(at))
		}
		next, err := c.hop(ctx, q, at, &r)
		if err != nil {
			if !errors.Is(err, ErrTimeout) && ctx.Err() == context.DeadlineExceeded {
				err = fmt.Errorf("%w (%v)", ErrTimeout, c.timeout())
			}
			r.err = err
			return r
		}
		if next == nil {
			return r
		}
		if hop == maxRedirects {
			r.err = fmt.Errorf("%w: more than %d", ErrRedirects, maxRedirects)
			return r
		}
		at = next
	}
}

// hop sends one HTTP request. It returns where the response leads to, or nil when r
// has the answer.
func (c *Client) hop(ctx context.Context, q *request, at *url.URL, r *result) (*url.URL, error) {
	if err := c.checkURL(at); err != nil {
		return nil, err
	}
	host := strings.ToLower(at.Host)
	if failed, silent := c.state.failures.get(silence(q.kind, host), c.now()); silent {
		return nil, failed.err
	}
	leave, err := c.state.hosts.enter(ctx, host, c.perHost())
	if err != nil {
		return nil, err
	}
	defer leave()
	message, err := http.NewRequestWithContext(ctx, q.method, at.String(), bytes.NewReader(q.body))
	if err != nil {
		return nil, redact.Error(err)
	}
	message.Header.Set("Accept", q.kind.accept())
	message.Header.Set("User-Agent", "inkan")
	if q.method == http.MethodPost {
		message.Header.Set("Content-Type", "application/ocsp-request")
	}
	c.state.counters.sent(q.kind)
	started := time.Now()
	response, err := c.transport().RoundTrip(message)
	if err != nil {
		// The time may have been spent waiting for a host that is merely busy.
		if ctx.Err() == context.DeadlineExceeded && time.Since(started) > c.timeout()/2 {
			c.state.failures.put(silence(q.kind, host), result{err: fmt.Errorf("%w: the host was silent a moment ago", ErrTimeout)}, c.now(), c.rememberFailures())
		}
		return nil, redact.Error(err)
	}
	defer func() { _ = response.Body.Close() }() // it was only read
	r.status = response.StatusCode
	switch response.StatusCode {
	case http.StatusOK:
		return nil, c.read(q, response, r)
	case http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return redirected(at, response)
	}
	return nil, &StatusError{Code: response.StatusCode}
}

// read takes the body, cut off at the limit.
func (c *Client) read(q *request, response *http.Response, r *result) error {
	tooLarge := fmt.Errorf("%w of %d bytes", ErrTooLarge, q.limit)
	if response.ContentLength > q.limit {
		return tooLarge
	}
	raw, err := io.ReadAll(io.LimitReader(response.Body, q.limit+1))
	r.bytes = int64(len(raw))
	c.state.counters.received(q.kind, r.bytes)
	switch {
	case err != nil:
		return redact.Error(err)
	case r.bytes > q.limit:
		return tooLarge
	}
	r.raw = raw
	return nil
}

func redirected(from *url.URL, response *http.Response) (*url.URL, error) {
	location := response.Header.Get("Location")
	if location == "" || len(location) > maxURLBytes {
		return nil, fmt.Errorf("%w: status %d without a usable Location", ErrRedirects, response.StatusCode)
	}
	to, err := from.Parse(location)
	if err != nil {
		return nil, fmt.Errorf("%w: malformed Location", ErrRedirects)
	}
	return to, nil
}

// checkURL applies what can be told from a URL alone, that of a certificate or of a
// redirect.
func (c *Client) checkURL(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		form := strings.ToLower(u.Scheme)
		if form == "" {
			form = "relative URL"
		}
		return &SkippedError{Form: redact.Short(form)}
	case u.Hostname() == "" || u.Opaque != "":
		return &SkippedError{Form: "URL without a host"}
	case u.User != nil:
		return &SkippedError{Form: "URL with user information"}
	case c.AllowPrivate:
		return nil
	}
	return forbiddenHost(u.Hostname())
}
