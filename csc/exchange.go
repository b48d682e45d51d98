package csc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/inkan-go/inkan/internal/redact"
	"github.com/inkan-go/inkan/internal/sendonce"
)

// Methods of the API.
const (
	methodInfo         = "info"
	methodList         = "credentials/list"
	methodCredential   = "credentials/info"
	methodAuthorize    = "credentials/authorize"
	methodExtend       = "credentials/extendTransaction"
	methodSendOTP      = "credentials/sendOTP"      // version 1
	methodGetChallenge = "credentials/getChallenge" // version 2
	methodSignHash     = "signatures/signHash"
)

// fixed returns the version that the caller settled.
func (c *Client) fixed() Version {
	base := strings.TrimSuffix(c.URL, "/")
	switch {
	case strings.HasSuffix(base, "/csc/v1"):
		return V1
	case strings.HasSuffix(base, "/csc/v2"):
		return V2
	}
	return c.Version
}

// endpoint returns the URL of a method.
func (c *Client) endpoint(v Version, method string) (*url.URL, error) {
	base := strings.TrimSuffix(c.URL, "/")
	base = strings.TrimSuffix(base, "/csc/"+v.String())
	u, err := url.Parse(base + "/csc/" + v.String() + "/" + method)
	if err != nil {
		return nil, errors.New("the URL of the service is malformed") // the error would show it
	}
	if u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("the URL of the service must have no query and no fragment")
	}
	if u.Scheme == "http" && !c.AllowCleartext && !sendonce.ToLoopback(u) {
		return nil, errors.New("secrets would be sent without encryption; use https or set AllowCleartext")
	}
	return u, nil
}

// call sends one request, once, and reads its answer into answer. Secrets are kept out of errors.
func (c *Client) call(ctx context.Context, v Version, method string, request, answer any, hide secrets) error {
	if err := ctx.Err(); err != nil {
		return failf(ErrNotSent, "%w", err)
	}
	body, err := json.Marshal(request)
	if err != nil {
		return failf(ErrNotSent, "%w", err)
	}
	u, err := c.endpoint(v, method)
	if err != nil {
		return failf(ErrNotSent, "%w", err)
	}
	timeout := c.Timeout
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	inner, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var sent atomic.Bool
	reply, err := c.exchange(inner, u, method, body, &sent, hide)
	if sent.Load() {
		c.state.calls.Add(1)
	}
	if err == nil {
		if err = json.Unmarshal(reply, answer); err != nil {
			err = failf(ErrResponse, "%s: %w", method, hide.error(err))
		}
	}
	if err == nil {
		return nil
	}
	return c.explain(ctx, inner, method, sent.Load(), err)
}

// explain adds to an error what it means for the caller.
func (c *Client) explain(ctx, inner context.Context, method string, sent bool, err error) error {
	var status *StatusError
	if errors.As(err, &status) {
		return err
	}
	var slow net.Error
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		err = failf(ErrTimeout, "%s: %w", method, ctx.Err())
	case ctx.Err() != nil:
		err = fmt.Errorf("csc: %s: %w", method, ctx.Err())
	case inner.Err() != nil || errors.As(err, &slow) && slow.Timeout():
		err = failf(ErrTimeout, "%s: %w", method, err)
	}
	switch {
	case !sent:
		return failf(ErrNotSent, "%w", err)
	case method == methodSignHash:
		return failf(errOutcome, "%w", err)
	}
	return err
}

// exchange sends a request and returns the body of the answer.
func (c *Client) exchange(ctx context.Context, u *url.URL, method string, body []byte, sent *atomic.Bool, hide secrets) ([]byte, error) {
	message, err := sendonce.Post(ctx, u.String(), body, sent)
	if err != nil {
		return nil, err
	}
	message.Header.Set("Content-Type", "application/json")
	message.Header.Set("Accept", "application/json")
	response, err := c.httpClient().Do(message)
	if err != nil {
		return nil, hide.error(err)
	}
	defer func() { _ = response.Body.Close() }() // it was only read
	sent.Store(true)
	hide = append(hide[:len(hide):len(hide)], tokens(response)...)
	reply, err := io.ReadAll(io.LimitReader(response.Body, maxReplyBytes+1))
	switch {
	case response.StatusCode != http.StatusOK:
		return nil, c.status(method, response, reply, hide)
	case err != nil:
		return nil, fmt.Errorf("csc: %s: the answer broke off: %w", method, hide.error(err))
	case len(reply) > maxReplyBytes:
		return nil, failf(ErrResponse, "%s: answer over the limit of %d bytes", method, maxReplyBytes)
	}
	return reply, nil
}

// tokens are what let the request in, which the caller's client added to it.
func tokens(response *http.Response) secrets {
	if response.Request == nil {
		return nil
	}
	var out secrets
	for _, value := range response.Request.Header.Values("Authorization") {
		_, token, _ := strings.Cut(value, " ")
		out = append(out, value, token)
	}
	return out
}

// httpClient returns the caller's client, or one of our own, that follows no redirects.
func (c *Client) httpClient() *http.Client {
	client := http.Client{}
	if c.HTTPClient != nil {
		client = *c.HTTPClient
	} else {
		client.Transport = c.transport()
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

func (c *Client) transport() *http.Transport {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	if c.state.transport == nil {
		c.state.transport = sendonce.Transport(connectTimeout, idleTimeout, maxHeaderBytes)
	}
	return c.state.transport
}

// status makes the error for a status other than 200.
func (c *Client) status(method string, response *http.Response, body []byte, hide secrets) error {
	var answer struct {
		Error       text `json:"error"`
		Description text `json:"error_description"`
	}
	_ = json.Unmarshal(body, &answer) // what is not JSON says nothing
	e := &StatusError{
		Method: method, Code: response.StatusCode,
		Name: plain(hide.scrub(string(answer.Error))), Description: redact.Short(hide.scrub(string(answer.Description))),
		RetryAfter: c.retryAfter(response.Header.Get("Retry-After")),
	}
	e.expired = expired(method, e.Name, e.Description)
	return e
}

// expired recognises the texts that services have for a SAD that ended: the specification has no code for it.
func expired(method, name, description string) bool {
	if method != methodSignHash && method != methodExtend {
		return false
	}
	name, description = strings.ToLower(name), strings.ToLower(description)
	return strings.Contains(name, "expired") || strings.Contains(description, "expired") && strings.Contains(description, "sad")
}

// plain returns a name that may stand in an error as it is.
func plain(name string) string {
	for _, r := range name {
		if r <= ' ' || r > '~' {
			return strconv.Quote(redact.Short(name))
		}
	}
	return redact.Short(name)
}

// retryAfter reads the header of that name: seconds, or a date.
func (c *Client) retryAfter(value string) time.Duration {
	var wait time.Duration
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if date, err := http.ParseTime(value); err == nil {
		wait = date.Sub(c.now())
	}
	return min(max(wait, 0), maxWait)
}
