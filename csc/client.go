package csc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/inkan-go/inkan/internal/redact"
)

// Version is a version of the API.
type Version int

// The versions. With VersionUnknown, the zero value, a Client asks the service: version 2 first.
const (
	VersionUnknown Version = iota
	V1                     // 1.0.4.0, under /csc/v1
	V2                     // 2.0, under /csc/v2
)

// String returns "v1", "v2" or "unknown".
func (v Version) String() string {
	switch v {
	case V1:
		return "v1"
	case V2:
		return "v2"
	}
	return "unknown"
}

// Client speaks to one signing service. With URL set it is ready for use, by several goroutines at once; its fields are
// not changed after the first use, and it is not copied.
type Client struct {
	// URL is what stands before /csc/v1 and /csc/v2, http or https. One that ends in one of them fixes the version.
	URL string
	// HTTPClient sends the requests. It adds what the service asks for to let a program in: a bearer token (OAuth 2.0,
	// for example by golang.org/x/oauth2) or a certificate of the client's own. nil means one of this package's own,
	// which adds nothing and uses the proxies named in the environment. Redirects are not followed, whatever it says.
	HTTPClient *http.Client
	// Version is the version to speak; VersionUnknown asks the service.
	Version Version
	// Lang is the language for texts of the service, "ja-JP" for example; empty leaves it to the service.
	Lang string
	// ClientData is passed on with every request about a credential, for the service's records.
	ClientData string
	// AllowCleartext speaks http to other than loopback addresses too, secrets included.
	AllowCleartext bool
	// Timeout is how long one call may take; 0 means 2 minutes.
	Timeout time.Duration
	// Now is the clock that the end of authorizations is measured with; nil means time.Now.
	Now func() time.Time

	state clientState
}

// clientState is what a Client learns and counts.
type clientState struct {
	mu        sync.Mutex
	info      *Info // of the version in use, once asked
	transport *http.Transport

	calls, authorizations, signCalls, digests, signatures atomic.Int64
}

// Counts is how much a [Client] asked for.
type Counts struct {
	Calls          int64 // requests that were sent
	Authorizations int64 // calls of credentials/authorize and credentials/extendTransaction among them
	SignCalls      int64 // calls of signatures/signHash among them
	Digests        int64 // digests that were sent to be signed: each may have used the key
	Signatures     int64 // signatures that came back and hold
}

// Counts returns how much was asked for so far. It is safe for concurrent use.
func (c *Client) Counts() Counts {
	return Counts{
		Calls: c.state.calls.Load(), Authorizations: c.state.authorizations.Load(), SignCalls: c.state.signCalls.Load(),
		Digests: c.state.digests.Load(), Signatures: c.state.signatures.Load(),
	}
}

// Format implements fmt.Formatter: nothing but the URL is printed, whatever the verb, and no secret in it.
func (c *Client) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "csc.Client(%s)", redact.Text(c.URL)) }

// Info is what a service says about itself (info; 1.0.4, 11.1).
type Info struct {
	Version     Version // that answered
	Specs       string  // the version that the service names, "2.0.0.0"
	Name        string
	Region      string // ISO 3166-1
	Lang        string
	Description string
	AuthTypes   []string // "oauth2code", "basic", "external" and others
	OAuth2      string   // base URI of the authorization server
	Methods     []string // "credentials/info", "signatures/signHash" and others
}

// Offers tells whether the service lists a method, "credentials/extendTransaction" for example.
func (i *Info) Offers(method string) bool {
	for _, m := range i.Methods {
		if m == method {
			return true
		}
	}
	return false
}

type infoAnswer struct {
	Specs       text   `json:"specs"`
	Name        text   `json:"name"`
	Region      text   `json:"region"`
	Lang        text   `json:"lang"`
	Description text   `json:"description"`
	AuthType    []text `json:"authType"`
	OAuth2      text   `json:"oauth2"`
	Methods     []text `json:"methods"`
}

// Info asks the service about itself. The answer settles the version that the Client speaks.
func (c *Client) Info(ctx context.Context) (*Info, error) {
	versions := []Version{V2, V1}
	if v := c.fixed(); v != VersionUnknown {
		versions = []Version{v}
	}
	var first error
	for _, v := range versions {
		info, err := c.infoOf(ctx, v)
		if err == nil {
			c.state.mu.Lock()
			defer c.state.mu.Unlock()
			c.state.info = info
			return info, nil
		}
		if first == nil {
			first = err
		}
		if !absent(err) {
			return nil, err
		}
	}
	return nil, first
}

// absent tells whether an error says that the service does not have the version: there is no such path, or something
// else answers there.
func absent(err error) bool {
	var status *StatusError
	if !errors.As(err, &status) {
		return errors.Is(err, ErrResponse)
	}
	switch status.Code {
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone, http.StatusNotImplemented:
		return true
	}
	return false
}

func (c *Client) infoOf(ctx context.Context, v Version) (*Info, error) {
	var answer infoAnswer
	request := map[string]any{}
	if c.Lang != "" {
		request["lang"] = c.Lang
	}
	if err := c.call(ctx, v, methodInfo, request, &answer, nil); err != nil {
		return nil, err
	}
	if answer.Specs == "" && len(answer.Methods) == 0 {
		return nil, failf(ErrResponse, "%s names neither the specification nor its methods", methodInfo)
	}
	info := &Info{
		Version: v, Specs: string(answer.Specs), Name: string(answer.Name), Region: string(answer.Region),
		Lang: string(answer.Lang), Description: string(answer.Description), OAuth2: string(answer.OAuth2),
	}
	var err error
	if info.AuthTypes, err = names(answer.AuthType); err != nil {
		return nil, err
	}
	info.Methods, err = names(answer.Methods)
	return info, err
}

// known returns what the service said about itself, and asks it the first time.
func (c *Client) known(ctx context.Context) (*Info, error) {
	c.state.mu.Lock()
	info := c.state.info
	c.state.mu.Unlock()
	if info != nil {
		return info, nil
	}
	return c.Info(ctx)
}

// version returns the version to speak.
func (c *Client) version(ctx context.Context) (Version, error) {
	if v := c.fixed(); v != VersionUnknown {
		return v, nil
	}
	info, err := c.known(ctx)
	if err != nil {
		return VersionUnknown, err
	}
	return info.Version, nil
}

func (c *Client) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}
