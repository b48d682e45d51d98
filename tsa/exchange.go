package tsa

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"
	"sync/atomic"

	"github.com/inkan-go/inkan/internal/redact"
	"github.com/inkan-go/inkan/internal/sendonce"
)

// Media types (RFC 3161, 3.4).
const (
	queryType = "application/timestamp-query"
	replyType = "application/timestamp-reply"
)

// ownTransport is what a client without an HTTPClient sends with.
type ownTransport struct {
	once sync.Once
	http *http.Transport
}

func (o *ownTransport) get() *http.Transport {
	o.once.Do(func() {
		o.http = sendonce.Transport(connectTimeout, idleTimeout, maxHeaderBytes)
	})
	return o.http
}

// withoutRedirects is a transport for one exchange that keeps the Location of an answer
// from http.Client: a POST would become a GET, and a password would go elsewhere.
type withoutRedirects struct {
	inner    http.RoundTripper
	location string
}

// RoundTrip implements http.RoundTripper.
func (w *withoutRedirects) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := w.inner.RoundTrip(r)
	if err == nil {
		w.location = response.Header.Get("Location")
		response.Header.Del("Location")
	}
	return response, err
}

// send sends a message with the caller's client, or one of our own, and returns where
// the answer leads to.
func (c *Client) send(message *http.Request) (response *http.Response, location string, err error) {
	client := http.Client{}
	if c.HTTPClient != nil {
		client = *c.HTTPClient
	} else {
		client.Transport = c.state.transport.get()
	}
	if client.Transport == nil {
		client.Transport = http.DefaultTransport
	}
	w := &withoutRedirects{inner: client.Transport}
	client.Transport = w
	response, err = client.Do(message)
	if err == nil && w.location != "" {
		location = redact.Text(w.location)
		if to, err := message.URL.Parse(w.location); err == nil {
			location = redact.URL(to)
		}
	}
	return response, location, err
}

// exchange sends a query once and returns the body of the answer. Where it is certain
// that no stamp was made, a.Outcome says so.
func (c *Client) exchange(ctx context.Context, query []byte, a *Attempt) ([]byte, error) {
	inner, cancel := context.WithTimeout(ctx, c.timeout())
	defer cancel()
	var sent atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { sent.Store(true) }}
	message, err := c.message(httptrace.WithClientTrace(inner, trace), query, &sent)
	if err != nil {
		a.Outcome = OutcomeNoStamp
		return nil, refused(ErrNotSent, err)
	}
	response, location, err := c.send(message)
	a.Sent = sent.Load()
	if err == nil {
		defer func() { _ = response.Body.Close() }() // it was only read
		a.Sent = true
		a.Status = response.StatusCode
		var body []byte
		if body, err = c.read(response, location, a); err == nil {
			return body, nil
		}
	}
	err = redact.Error(err)
	switch {
	case ctx.Err() != nil:
		err = refused(ErrTimeout, ctx.Err())
		if errors.Is(ctx.Err(), context.Canceled) {
			err = fmt.Errorf("tsa: %w", ctx.Err())
		}
	case inner.Err() != nil || isTimeout(err): // the latter of the connection, or of the caller's client
		err = refused(ErrTimeout, err)
	}
	if !a.Sent {
		a.Outcome = OutcomeNoStamp
		err = refused(ErrNotSent, err)
	}
	return nil, err
}

func isTimeout(err error) bool {
	var e net.Error
	return errors.As(err, &e) && e.Timeout()
}

// message makes the HTTP request. sent is set when somebody reads its body.
func (c *Client) message(ctx context.Context, query []byte, sent *atomic.Bool) (*http.Request, error) {
	message, err := sendonce.Post(ctx, c.URL, query, sent)
	if err != nil {
		return nil, err
	}
	message.Header.Set("Content-Type", queryType)
	message.Header.Set("Accept", replyType)
	return message, c.authorize(ctx, message)
}

// authorize adds user and password or the token.
func (c *Client) authorize(ctx context.Context, message *http.Request) error {
	secret := c.User != "" || c.Bearer != nil || message.URL.User != nil
	if secret && !c.AllowCleartext && message.URL.Scheme != "https" && !sendonce.ToLoopback(message.URL) {
		return errors.New("a password or token would be sent without encryption; use https or set AllowCleartext")
	}
	switch {
	case c.User != "" && c.Bearer != nil:
		return errors.New("both User and Bearer are set; one of them is sent")
	case c.User != "":
		message.SetBasicAuth(c.User, c.Password)
	case c.Bearer != nil:
		token, err := c.Bearer(ctx)
		if err != nil {
			return fmt.Errorf("bearer token: %w", err)
		}
		message.Header.Set("Authorization", "Bearer "+token)
	}
	return nil
}

// read takes the body of an answer, cut off at the limit.
func (c *Client) read(response *http.Response, location string, a *Attempt) ([]byte, error) {
	if response.StatusCode != http.StatusOK {
		err := &StatusError{Code: response.StatusCode, Location: location}
		if err.NoStamp() {
			a.Outcome = OutcomeNoStamp
		}
		return nil, err
	}
	limit := c.maxBytes()
	if response.ContentLength > limit {
		return nil, fmt.Errorf("%w of %d bytes", ErrTooLarge, limit)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, limit+1))
	a.Bytes = int64(len(body))
	switch {
	case err != nil:
		return nil, fmt.Errorf("tsa: the answer broke off: %w", err)
	case a.Bytes > limit:
		return nil, fmt.Errorf("%w of %d bytes", ErrTooLarge, limit)
	}
	return body, nil
}
