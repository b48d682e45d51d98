package tsa

import (
	"context"
	"crypto"
	"crypto/rand"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/redact"
)

// Timestamper gets time-stamp tokens. [Client], [FailOver] and [Responder] are ones;
// callers may put their own in. Implementations are safe for concurrent use.
type Timestamper interface {
	// Timestamp returns a token over r.Digest whose checks are done. It asks for one
	// stamp, whatever happens. An error that wraps [ErrNoStamp] says that certainly
	// none was made.
	Timestamp(ctx context.Context, r *Request) (*Response, error)
}

// Request is what shall be stamped. Nonce and certificates are the business of the
// [Timestamper], which always asks for both.
type Request struct {
	Hash   crypto.Hash // that made Digest; 0 means SHA-256
	Digest []byte
	// Policy is the one that the stamp must be made under; nil leaves it to the
	// Timestamper.
	Policy asn1.ObjectIdentifier
}

// Response is a time stamp that was got and checked.
type Response struct {
	Token *Token
	// Verification is what the checks found: warnings may be among it.
	Verification *Verification
	// Status is Granted or GrantedWithMods.
	Status Status
	// Server is who made the stamp: its URL without query and user information.
	Server string
	// Attempts lists all servers that were asked, the one that answered last.
	Attempts []Attempt
}

// Client is a [Timestamper] over HTTP (RFC 3161, 3.4) that asks one server. With URL
// set it is ready for use, by several goroutines at once; its fields are not changed
// after the first use, and it is not copied. Several servers go into a [FailOver].
//
// A request is sent once: no answer, however strange, makes a Client ask again.
// Redirects are not followed.
type Client struct {
	// URL of the server, http or https.
	URL string
	// HTTPClient sends the requests; a certificate of the client's own (mutual TLS) and
	// a proxy are set there. nil means one of this package's own, which uses the
	// proxies named in the environment.
	HTTPClient *http.Client

	// User and Password are sent as Basic authentication (RFC 7617) when User is not
	// empty.
	User, Password string
	// Bearer, if not nil, is asked before each request for a token (RFC 6750).
	Bearer func(ctx context.Context) (string, error)
	// AllowCleartext sends user and password, or the token, over http as well.
	// Otherwise that is refused, but for loopback addresses.
	AllowCleartext bool

	// Policy is requested where a Request names none; nil leaves it to the server.
	Policy asn1.ObjectIdentifier
	// MaxSkew is how far the time of a token may lie outside the time that the
	// exchange took by Now; 0 means 5 minutes, a negative value compares nothing.
	MaxSkew time.Duration
	// MinAccuracy, if not 0, refuses tokens that are less accurate or do not say it.
	MinAccuracy time.Duration
	// Certificates are further ones to find the authority's certificate among, for
	// servers that leave it out.
	Certificates []*certificate.Certificate
	// Accept, if not nil, is asked last about a token that passed every check, with
	// the certificate that signed it. An error refuses it: the place for trust, or for
	// a list of accredited authorities.
	Accept func(ctx context.Context, t *Token, signer *certificate.Certificate) error

	// Timeout is how long one exchange may take; 0 means 30 seconds.
	Timeout time.Duration
	// MaxBytes is the size of an answer; 0 means 256 KiB.
	MaxBytes int64
	// Rand is where nonces are read from; nil means crypto/rand.
	Rand io.Reader
	// Now is the clock; nil means time.Now. Time-outs do not follow it.
	Now func() time.Time
	// Observe, if not nil, is called after every attempt, from several goroutines.
	Observe func(Attempt)

	state state
}

var _ Timestamper = (*Client)(nil)

// Format implements fmt.Formatter: secrets are not printed, whatever the verb.
func (c *Client) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "tsa.Client(%s)", redact.Text(c.URL)) }

// Timestamp implements [Timestamper]. What is wrong with the request or the fields is
// told before anything is sent; every other error is an *[Error] with one attempt.
func (c *Client) Timestamp(ctx context.Context, r *Request) (*Response, error) {
	q, err := c.query(r)
	if err != nil {
		return nil, err
	}
	body, err := q.Marshal()
	if err != nil {
		return nil, err
	}
	a := Attempt{Server: redact.Text(c.URL), Started: c.now()}
	response := &Response{Server: a.Server}
	started := time.Now()
	reply, err := c.exchange(ctx, body, &a)
	a.Duration = time.Since(started)
	if err == nil {
		err = c.judge(ctx, q, reply, &a, response)
	}
	a.Err = err
	c.state.count(&a, response)
	if c.Observe != nil {
		c.Observe(a)
	}
	if err != nil {
		return nil, &Error{Attempts: []Attempt{a}}
	}
	response.Attempts = []Attempt{a}
	return response, nil
}

// query makes the TimeStampReq for a request.
func (c *Client) query(r *Request) (*Query, error) {
	q, err := r.query()
	if err != nil {
		return nil, err
	}
	if q.Policy == nil {
		q.Policy = c.Policy
	}
	random := c.Rand
	if random == nil {
		random = rand.Reader
	}
	if q.Nonce, err = newNonce(random); err != nil {
		return nil, err
	}
	return q, nil
}

// query returns what a request asks for, with certReq and without a nonce.
func (r *Request) query() (*Query, error) {
	if r == nil {
		return nil, errors.New("tsa: no request given")
	}
	h := algorithm.Hash(r.Hash)
	if r.Hash == 0 {
		h = algorithm.SHA256
	}
	if w, weak := algorithm.WeakHash(h); weak && w.Named {
		return nil, fmt.Errorf("tsa: a stamp over a %v digest is worth nothing; use SHA-256 or longer", h)
	}
	if _, ok := algorithm.HashOID(h); !ok || h.Crypto() == 0 {
		return nil, fmt.Errorf("tsa: hash function %v cannot be stamped; use SHA-256 or longer", h)
	}
	if len(r.Digest) != h.Size() {
		return nil, fmt.Errorf("tsa: the digest has %d bytes, %v makes %d", len(r.Digest), h, h.Size())
	}
	return &Query{Hash: h.Crypto(), Imprint: r.Digest, Policy: r.Policy, CertReq: true}, nil
}

// newNonce reads a number of 64 bits, the size that RFC 3161, 2.4.1 suggests and every
// server takes.
func newNonce(random io.Reader) (*big.Int, error) {
	octets := make([]byte, nonceBytes)
	if _, err := io.ReadFull(random, octets); err != nil {
		return nil, fmt.Errorf("tsa: no randomness for the nonce: %w", err)
	}
	return new(big.Int).SetBytes(octets), nil
}

func (c *Client) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}

func (c *Client) timeout() time.Duration {
	if c.Timeout > 0 {
		return c.Timeout
	}
	return defaultTimeout
}

func (c *Client) maxBytes() int64 {
	if c.MaxBytes > 0 {
		return c.MaxBytes
	}
	return maxReplyBytes
}

func (c *Client) maxSkew() time.Duration {
	if c.MaxSkew != 0 {
		return c.MaxSkew
	}
	return defaultMaxSkew
}
