package fetch

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
)

// Query is what evidence is wanted for.
type Query struct {
	Certificate *certificate.Certificate
	// Issuer is the certificate of the issuer. Only OCSP needs it.
	Issuer *certificate.Certificate
	// Kind, if KindCRL or KindOCSP, asks Revocation for that kind alone.
	Kind Kind
	// After, if not zero, refuses kept answers that were retrieved before it, for
	// evidence that must be younger than a signature.
	After time.Time
}

// Answer is what was found. Nothing in it is trusted.
type Answer struct {
	Certificates []*certificate.Certificate // of Issuers
	Evidence     []*revocation.Evidence     // of Revocation, OCSP and CRLs
	// Attempts lists every place that the certificate names, in order.
	Attempts []Attempt
}

// Source finds issuers and evidence. Both methods return an Answer that is never
// nil. The error is nil when something was found, and is then about nothing that
// failed on the way: that stands in the attempts. Implementations are safe for
// concurrent use.
type Source interface {
	// Issuers finds certificates that may be the issuer of q.Certificate.
	Issuers(ctx context.Context, q Query) (*Answer, error)
	// Revocation finds OCSP responses or CRLs for q.Certificate.
	Revocation(ctx context.Context, q Query) (*Answer, error)
}

// Client is a [Source] over HTTP. The zero value is ready for use, by several
// goroutines at once; its fields are not changed after the first use, and it is not
// copied.
type Client struct {
	// Transport sends the requests. nil means one of the client's own that follows
	// the address rules and uses no proxy. With another, only scheme, literal
	// addresses and names in URLs are checked.
	Transport http.RoundTripper
	// Resolver and Dial serve the client's own transport. Dial gets an address that
	// was resolved and checked. nil means those of package net.
	Resolver Resolver
	Dial     func(ctx context.Context, network, address string) (net.Conn, error)
	// AllowPrivate lifts the address rules, for authorities inside one's own network.
	AllowPrivate bool

	// Cache keeps answers; nil means a [Memory] of the client's own. See [NoCache].
	Cache Cache
	// MaxAge is how long an answer is kept at most; 0 means an hour. None is used
	// after its nextUpdate, and evidence without one is not kept.
	MaxAge time.Duration
	// RememberFailures is how long a request that failed is not sent again, and none of
	// its kind to a host that answered nothing in time; 0 means 30 seconds, a negative value never.
	RememberFailures time.Duration

	// Timeout is how long one place may take, with redirects, the body, and waiting
	// for a host that is busy; 0 means 10 seconds.
	Timeout time.Duration
	// MaxCRLBytes is the size of a CRL; 0 means 64 MiB.
	MaxCRLBytes int64
	// PerHost is how many requests are sent to one host at the same time; 0 means 4.
	PerHost int

	// CRLFirst asks for CRLs first and for OCSP only without one.
	CRLFirst bool
	// NoDeltas leaves delta CRLs (freshestCRL) alone.
	NoDeltas bool
	// OCSPOptions choose the form of OCSP requests (RFC 6960, 4.1.1). Their Nonce is not
	// used.
	OCSPOptions revocation.RequestOptions
	// OCSPByGET sends OCSP requests of up to 255 characters in the URL instead of by
	// POST.
	OCSPByGET bool
	// Nonce, if not nil, is where 32 octets are read for the nonce of each OCSP
	// request, for example from crypto/rand. Such answers are neither kept nor shared.
	Nonce io.Reader

	// Now is the clock; nil means time.Now. Time-outs do not follow it.
	Now func() time.Time
	// Observe, if not nil, is called after every attempt, from several goroutines.
	Observe func(Attempt)

	state state
}

var _ Source = (*Client)(nil)

// state is what a client keeps between calls.
type state struct {
	once      sync.Once
	transport http.RoundTripper
	memory    Memory
	flights   flights
	hosts     hosts
	failures  failures
	counters  counters
}

// Counts returns how much was asked for so far, of one kind.
func (c *Client) Counts(kind Kind) Counts { return c.state.counters.get(kind) }

func (c *Client) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}

func (c *Client) cache() Cache {
	if c.Cache != nil {
		return c.Cache
	}
	return &c.state.memory
}

func (c *Client) timeout() time.Duration {
	if c.Timeout > 0 {
		return c.Timeout
	}
	return defaultTimeout
}

func (c *Client) maxAge() time.Duration {
	if c.MaxAge > 0 {
		return c.MaxAge
	}
	return defaultMaxAge
}

func (c *Client) rememberFailures() time.Duration {
	if c.RememberFailures != 0 {
		return c.RememberFailures
	}
	return defaultRefusalTime
}

func (c *Client) perHost() int {
	if c.PerHost > 0 {
		return c.PerHost
	}
	return defaultPerHost
}

// limit is the size of an answer.
func (c *Client) limit(kind Kind) int64 {
	switch {
	case kind == KindCertificates:
		return maxCertificateBytes
	case kind == KindOCSP:
		return maxOCSPBytes
	case c.MaxCRLBytes > 0:
		return c.MaxCRLBytes
	}
	return maxCRLBytes
}
