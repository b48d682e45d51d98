package fetch

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
)

// content is an answer as read. It is not changed and says nothing about the worth
// of the answer.
type content struct {
	certificates []*certificate.Certificate
	evidence     revocation.Evidence // read
	next         time.Time           // nextUpdate; zero without one
}

// read tells whether an answer is of the kind that was asked for, and what it holds.
func read(kind Kind, raw []byte) (*content, error) {
	c := &content{}
	var err error
	switch kind {
	case KindCertificates:
		c.certificates, err = readCertificates(raw)
	case KindCRL:
		c.evidence.Raw, c.evidence.Kind = raw, revocation.KindCRL
		var list *revocation.CRL
		if list, _, err = c.evidence.Read(); err == nil {
			c.next = list.NextUpdate
		}
	case KindOCSP:
		c.evidence.Raw, c.evidence.Kind = raw, revocation.KindOCSP
		var response *revocation.Response
		if _, response, err = c.evidence.Read(); err == nil {
			c.next, err = nextUpdate(response)
		}
	}
	if err != nil {
		return nil, unusable(err)
	}
	return c, nil
}

// expires returns until when a copy of an answer may be kept; the zero time means not
// at all.
func (c *Client) expires(kind Kind, read *content, retrieved time.Time) time.Time {
	most := retrieved.Add(c.maxAge())
	switch {
	case kind == KindCertificates || read.next.After(most):
		return most
	case !read.next.After(retrieved): // also without nextUpdate
		return time.Time{}
	}
	return read.next
}

// nextUpdate is the earliest of a response; zero when one is without.
func nextUpdate(r *revocation.Response) (time.Time, error) {
	if len(r.Responses) == 0 {
		return time.Time{}, errors.New("an OCSP response about no certificate")
	}
	next := r.Responses[0].NextUpdate
	for i := range r.Responses {
		if t := r.Responses[i].NextUpdate; t.Before(next) {
			next = t
		}
	}
	return next, nil
}

// unusable keeps the cause, so that errors.As finds a *revocation.ResponseError.
func unusable(err error) error { return fmt.Errorf("%w: %w", ErrUnusable, err) }

// evidenceIn describes an answer for package revocation.
func evidenceIn(e *Entry, a *Attempt, nonce []byte) *revocation.Evidence {
	found := e.content.evidence
	found.Source, found.Where, found.Retrieved, found.Nonce = revocation.SourceURL, a.URL, e.Retrieved, bytes.Clone(nonce)
	if a.Cached {
		found.Source = revocation.SourceCache
	}
	return &found
}
