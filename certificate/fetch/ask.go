package fetch

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
)

// Issuers asks every caIssuers URL of q.Certificate until one has certificates.
func (c *Client) Issuers(ctx context.Context, q Query) (*Answer, error) {
	answer := &Answer{}
	if q.Certificate == nil {
		return answer, errNoCertificate
	}
	info, err := q.Certificate.AuthorityInfoAccess()
	for _, p := range places(info.CAIssuers) {
		entry, _ := c.ask(ctx, answer, q, &request{kind: KindCertificates, method: http.MethodGet}, p)
		if entry == nil {
			continue
		}
		answer.Certificates = slices.Clone(entry.content.certificates)
		break
	}
	if len(answer.Certificates) > 0 {
		return answer, nil
	}
	return answer, c.failed(ctx, answer, q.Certificate, KindCertificates, err)
}

// Revocation asks for OCSP, and for CRLs when that has no answer; the other way round
// with [Client.CRLFirst]. Query.Kind asks for one of them alone.
func (c *Client) Revocation(ctx context.Context, q Query) (*Answer, error) {
	switch q.Kind {
	case KindOCSP:
		return c.OCSP(ctx, q)
	case KindCRL:
		return c.CRLs(ctx, q)
	}
	first, second := c.OCSP, c.CRLs
	if c.CRLFirst {
		first, second = second, first
	}
	answer, err := first(ctx, q)
	if err == nil || ctx.Err() != nil || q.Certificate == nil {
		return answer, err
	}
	other, otherErr := second(ctx, q)
	other.Attempts = slices.Concat(answer.Attempts, other.Attempts)
	other.Evidence = slices.Concat(answer.Evidence, other.Evidence)
	if otherErr == nil {
		return other, nil
	}
	return other, fmt.Errorf("%w; %w", err, otherErr)
}

// OCSP asks every responder of q.Certificate until one answers. q.Issuer is needed.
func (c *Client) OCSP(ctx context.Context, q Query) (*Answer, error) {
	answer := &Answer{}
	if q.Certificate == nil {
		return answer, errNoCertificate
	}
	info, err := q.Certificate.AuthorityInfoAccess()
	if len(info.OCSP) == 0 {
		return answer, c.failed(ctx, answer, q.Certificate, KindOCSP, err)
	}
	options := c.OCSPOptions
	if options.Nonce = nil; c.Nonce != nil {
		options.Nonce = make([]byte, 32)
		if _, err := io.ReadFull(c.Nonce, options.Nonce); err != nil {
			return answer, fmt.Errorf("fetch: nonce: %w", err)
		}
	}
	body, requestErr := revocation.NewRequest(q.Certificate, q.Issuer, options)
	if requestErr != nil {
		return answer, fmt.Errorf("fetch: OCSP request: %w", requestErr)
	}
	for _, p := range places(info.OCSP) {
		entry, attempt := c.ask(ctx, answer, q, c.ocspRequest(&p, body), p)
		if entry != nil {
			answer.Evidence = append(answer.Evidence, evidenceIn(entry, attempt, options.Nonce))
			return answer, nil
		}
	}
	return answer, c.failed(ctx, answer, q.Certificate, KindOCSP, err)
}

// ocspRequest puts an OCSP request into a POST or, by wish, into the path of the
// place (RFC 6960, A.1).
func (c *Client) ocspRequest(p *place, body []byte) *request {
	const most = 255 // characters of the encoded request
	encoded := url.QueryEscape(base64.StdEncoding.EncodeToString(body))
	if !c.OCSPByGET || p.url == nil || p.url.RawQuery != "" || len(encoded) > most {
		return &request{kind: KindOCSP, method: http.MethodPost, body: body}
	}
	if u, err := url.Parse(strings.TrimSuffix(p.url.String(), "/") + "/" + encoded); err == nil {
		p.url = u
	}
	return &request{kind: KindOCSP, method: http.MethodGet}
}

var errNoCertificate = errors.New("fetch: no certificate given")

// failed makes the error of a call that found nothing. malformed is the error about
// the extension that names the places, or nil.
func (c *Client) failed(ctx context.Context, answer *Answer, cert *certificate.Certificate, kind Kind, malformed error) error {
	err := error(&Error{Certificate: cert, Kind: kind, Attempts: answer.Attempts})
	if malformed != nil {
		err = fmt.Errorf("%w; %w", err, malformed)
	}
	if gone := ctx.Err(); gone != nil {
		return fmt.Errorf("%w; %w", err, gone)
	}
	return err
}

// ask tries one place and adds the attempt to the answer. The entry is nil when the
// place had nothing.
func (c *Client) ask(ctx context.Context, answer *Answer, q Query, r *request, p place) (*Entry, *Attempt) {
	started := time.Now()
	a := Attempt{Kind: r.kind, URL: p.text, Started: c.now()}
	var entry *Entry
	r.url, r.limit = p.url, c.limit(r.kind)
	if p.skip != nil {
		a.Err = p.skip
	} else if a.Err = c.checkURL(p.url); a.Err == nil {
		a.Method = r.method
		entry = c.look(ctx, q.After, r, &a)
	}
	a.Duration = time.Since(started)
	c.state.counters.ended(&a)
	if c.Observe != nil {
		c.Observe(a)
	}
	answer.Attempts = append(answer.Attempts, a)
	return entry, &a
}

// look answers from the cache, from a failure a moment ago, or over the network.
func (c *Client) look(ctx context.Context, after time.Time, r *request, a *Attempt) *Entry {
	key, now := newKey(r.kind, r.method, r.url.String(), r.body), c.now()
	keep := r.kind != KindOCSP || c.Nonce == nil
	if keep {
		if entry := c.kept(key, r, after, now); entry != nil {
			a.Cached, a.Bytes = true, int64(len(entry.Raw))
			return entry
		}
		if failed, ok := c.state.failures.get(key, now); ok {
			a.Cached = true
			a.fill(failed)
			return nil
		}
	}
	got, shared := c.state.flights.do(ctx, key, func(ctx context.Context) result {
		return c.land(ctx, key, r, keep)
	})
	a.Shared = shared
	a.fill(got)
	return got.entry
}

// kept returns an entry of the cache that may still be used. What is in a cache may
// have been put there by somebody else, so its bytes are read like a fresh answer.
func (c *Client) kept(key Key, r *request, after, now time.Time) *Entry {
	entry := c.cache().Get(key)
	if entry == nil || !now.Before(entry.Expires) || entry.Retrieved.Before(after) || entry.Retrieved.After(now) ||
		int64(len(entry.Raw)) > r.limit {
		return nil
	}
	entry, err := entry.readAs(r.kind)
	if err != nil || !now.Before(c.expires(r.kind, entry.content, entry.Retrieved)) {
		return nil
	}
	return entry
}

// land makes one exchange and keeps what came of it.
func (c *Client) land(ctx context.Context, key Key, r *request, keep bool) result {
	got := c.exchange(ctx, r)
	var entry *Entry
	if got.err == nil {
		entry, got.err = (&Entry{Raw: got.raw, Retrieved: got.sent}).readAs(r.kind)
	}
	if got.err != nil {
		got.raw = nil
		if keep && ctx.Err() == nil {
			c.state.failures.put(key, got, c.now(), c.rememberFailures())
		}
		return got
	}
	entry.Expires = c.expires(r.kind, entry.content, got.sent)
	if keep && !entry.Expires.IsZero() {
		got.cacheErr = c.cache().Put(key, entry)
	}
	got.entry = entry
	return got
}

// fill takes over what became of a request.
func (a *Attempt) fill(r result) {
	a.Redirects, a.Status, a.Bytes, a.Err, a.CacheErr = r.redirects, r.status, r.bytes, r.err, r.cacheErr
}
