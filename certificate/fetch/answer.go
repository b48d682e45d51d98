package fetch

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/inkan-go/inkan/certificate/revocation"
)

// usable tells whether an answer is of the kind that was asked for, and until when a
// copy may be kept; the zero time means not at all. It says nothing about its worth.
func (c *Client) usable(kind Kind, raw []byte, now time.Time) (expires time.Time, err error) {
	var next time.Time
	switch kind {
	case KindCertificates:
		if _, err := readCertificates(raw); err != nil {
			return time.Time{}, unusable(err)
		}
		return now.Add(c.maxAge()), nil
	case KindCRL:
		list, err := revocation.ParseCRL(raw)
		if err != nil {
			return time.Time{}, unusable(err)
		}
		next = list.NextUpdate
	case KindOCSP:
		response, err := revocation.ParseResponse(raw)
		if err != nil {
			return time.Time{}, unusable(err)
		}
		if next, err = nextUpdate(response); err != nil {
			return time.Time{}, unusable(err)
		}
	}
	if !next.After(now) { // also without nextUpdate
		return time.Time{}, nil
	}
	if most := now.Add(c.maxAge()); next.After(most) {
		return most, nil
	}
	return next, nil
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

// evidence describes an answer for package revocation.
func evidence(kind Kind, e *Entry, a *Attempt, nonce []byte) *revocation.Evidence {
	found := &revocation.Evidence{
		Raw: e.Raw, Kind: revocation.KindCRL, Source: revocation.SourceURL,
		Where: a.URL, Retrieved: e.Retrieved, Nonce: bytes.Clone(nonce),
	}
	if kind == KindOCSP {
		found.Kind = revocation.KindOCSP
	}
	if a.Cached {
		found.Source = revocation.SourceCache
	}
	return found
}
