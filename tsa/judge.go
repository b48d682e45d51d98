package tsa

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/inkan-go/inkan/cms"
)

// judge holds an answer against the query (RFC 3161, 2.4.2) and fills in the response
// and the outcome of the attempt.
func (c *Client) judge(ctx context.Context, q *Query, body []byte, a *Attempt, r *Response) error {
	reply, err := ParseReply(body)
	if err != nil {
		if kind := http.DetectContentType(body); strings.HasPrefix(kind, "text/") && len(body) > 0 {
			err = fmt.Errorf("it is a page (%s), as of a login or a proxy: %w", kind, err)
		}
		return refused(ErrResponse, err)
	}
	switch {
	case !reply.Status.granted() && reply.Token != nil:
		return fmt.Errorf("%w: the server says %v and sends a token", ErrResponse, reply.Status)
	case !reply.Status.granted() && reply.Status != StatusUnknown:
		a.Outcome = OutcomeNoStamp
		return &RefusedError{Status: reply.Status, Failure: reply.Failure, Text: reply.Text}
	case reply.Status == StatusUnknown:
		return &RefusedError{Status: reply.Status, Failure: reply.Failure, Text: reply.Text}
	case reply.Token == nil:
		return fmt.Errorf("%w: the server says %v and sends no token", ErrResponse, reply.Status)
	case reply.Failure != 0:
		return fmt.Errorf("%w: the server says %v and a reason for refusing: %v", ErrResponse, reply.Status, reply.Failure)
	}
	r.Token, r.Status = reply.Token, reply.Status
	if err := q.answeredBy(r.Token); err != nil {
		return err
	}
	if r.Verification, err = r.Token.Verify(q.Imprint, c.Certificates...); err != nil {
		return signerError(r.Verification, err)
	}
	for i := range r.Verification.Findings {
		if f := &r.Verification.Findings[i]; f.Code == cms.CodeWeakAlgorithm {
			return fmt.Errorf("%w: a new stamp with a weak algorithm is worth nothing: %s", ErrSigner, f.Text)
		}
	}
	if err := c.checkTime(r.Token, a); err != nil {
		return err
	}
	if c.Accept != nil {
		if err := c.Accept(ctx, r.Token, r.Verification.Certificate); err != nil {
			return fmt.Errorf("%w is not accepted: %w", ErrSigner, err)
		}
	}
	a.Outcome = OutcomeStamp
	return nil
}

// answeredBy tells whether the token answers the query.
func (q *Query) answeredBy(t *Token) error {
	switch {
	case t.Hash != q.Hash || !bytes.Equal(t.Imprint, q.Imprint):
		return ErrImprint
	case t.Nonce == nil:
		return fmt.Errorf("%w: it has none", ErrNonce)
	case t.Nonce.Cmp(q.Nonce) != 0:
		return ErrNonce
	case q.Policy != nil && !t.Policy.Equal(q.Policy):
		return fmt.Errorf("%w: %v instead of %v", ErrPolicy, t.Policy, q.Policy)
	}
	return nil
}

// signerError names the reason why Verify refused a token that answers the query.
func signerError(v *Verification, err error) error {
	purpose := slices.ContainsFunc(v.Findings, func(f cms.Finding) bool { return f.Code == CodePurpose })
	if purpose && errors.Is(err, cms.ErrConstraint) {
		return refused(ErrPurpose, err)
	}
	return refused(ErrSigner, err)
}

// checkTime compares the time of the token with the client's clock around the exchange
// (RFC 3161, 2.4.2: a response must be recent), and its accuracy with what is wanted.
func (c *Client) checkTime(t *Token, a *Attempt) error {
	if skew := c.maxSkew(); skew > 0 {
		ended := a.Started.Add(a.Duration)
		switch {
		case t.Time.After(ended.Add(skew)):
			return fmt.Errorf("%w: %s lies in the future by the clock of this machine, %s", ErrTime, stamped(t.Time), stamped(ended))
		case t.Time.Before(a.Started.Add(-skew)):
			return fmt.Errorf("%w: %s lies in the past by the clock of this machine, %s", ErrTime, stamped(t.Time), stamped(a.Started))
		}
	}
	switch {
	case c.MinAccuracy <= 0:
	case !t.HasAccuracy:
		return fmt.Errorf("%w: the token does not say how accurate it is; %v is wanted", ErrTime, c.MinAccuracy)
	case t.Accuracy > c.MinAccuracy:
		return fmt.Errorf("%w: accurate to %v; %v is wanted", ErrTime, t.Accuracy, c.MinAccuracy)
	}
	return nil
}

func stamped(t time.Time) string { return t.UTC().Format(time.RFC3339) }
