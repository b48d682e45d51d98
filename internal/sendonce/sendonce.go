// Package sendonce makes HTTP requests that cost something, so that they must leave once, and tells whether they did.
//
// It does not decide what an answer is worth, nor whether to ask again.
package sendonce

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// Post makes a POST request. sent is set when somebody begins to read its body; net/http sends it again only where
// nothing of it left. The error does not show the URL.
func Post(ctx context.Context, target string, body []byte, sent *atomic.Bool) (*http.Request, error) {
	message, err := http.NewRequestWithContext(ctx, http.MethodPost, target, nil)
	if err != nil {
		return nil, errors.New("the URL of the server is malformed")
	}
	if scheme := message.URL.Scheme; scheme != "http" && scheme != "https" || message.URL.Host == "" {
		return nil, errors.New("the URL of the server must begin with http:// or https:// and a host")
	}
	again := func() (io.ReadCloser, error) { return &watched{inner: bytes.NewReader(body), read: sent}, nil }
	message.Body, _ = again()
	message.GetBody = again
	message.ContentLength = int64(len(body))
	message.Header.Set("User-Agent", "inkan")
	return message, nil
}

// Transport returns a transport for such requests, which uses the proxies named in the environment. connect is how long
// a connection and its TLS handshake may take each, idle how long a connection is kept for the next request: less than
// servers keep theirs, since one that is closed under a request leaves its fate open.
func Transport(connect, idle time.Duration, maxHeaderBytes int64) *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // limits count what arrives
		MaxResponseHeaderBytes: maxHeaderBytes,
		DialContext:            (&net.Dialer{Timeout: connect}).DialContext,
		TLSHandshakeTimeout:    connect,
		MaxIdleConnsPerHost:    8,
		IdleConnTimeout:        idle,
	}
}

// ToLoopback tells whether a URL leads to this machine, so that what is sent in clear does not leave it.
func ToLoopback(u *url.URL) bool {
	host := u.Hostname()
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback() || strings.EqualFold(host, "localhost")
}

// watched is the body of a request that notes when somebody begins to read it. It has no other methods than these, so
// that none of them goes past that.
type watched struct {
	inner *bytes.Reader
	read  *atomic.Bool
}

// Read implements io.Reader.
func (w *watched) Read(p []byte) (int, error) {
	w.read.Store(true)
	return w.inner.Read(p)
}

// Close implements io.Closer.
func (w *watched) Close() error { return nil }
