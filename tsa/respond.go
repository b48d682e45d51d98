package tsa

import (
	"context"
	"crypto"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"time"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/algorithm"
)

// Decision is what a [Responder] made of one request.
type Decision struct {
	Query        *Query    // nil when it could not be read
	Status       Status    // Granted or Rejection
	Failure      Failure   // of a rejection
	SerialNumber *big.Int  // of a token
	Time         time.Time // of a token
	Err          error     // why it was rejected; not sent to the client
}

// refusal is an error with what a client is told.
type refusal struct {
	failure Failure
	text    string
	err     error
}

func (e *refusal) Error() string { return e.err.Error() }

func (e *refusal) Unwrap() error { return e.err }

func refuse(failure Failure, text, format string, args ...any) error {
	return &refusal{failure, text, fmt.Errorf("tsa: "+format, args...)}
}

// Respond answers a TimeStampReq with a TimeStampResp, both in DER. The response is
// never nil but when its encoding fails; the error says why it is a refusal.
func (r *Responder) Respond(ctx context.Context, query []byte) ([]byte, error) {
	d := Decision{Status: Granted}
	token, err := r.token(ctx, query, &d)
	reply := &Reply{Status: Granted}
	if err != nil {
		d.Status, d.Failure, d.Err = Rejection, SystemFailure, err
		reply.Text = []string{"the service cannot make time stamps at present"}
		var known *refusal
		if errors.As(err, &known) {
			d.Failure, reply.Text[0] = known.failure, known.text
		}
		reply.Status, reply.Failure = d.Status, d.Failure
		d.SerialNumber, d.Time = nil, time.Time{}
	}
	der, encodeErr := reply.marshal(token)
	if r.Observe != nil {
		r.Observe(d)
	}
	return der, errors.Join(err, encodeErr)
}

// Timestamp implements [Timestamper] within one program.
func (r *Responder) Timestamp(ctx context.Context, request *Request) (*Response, error) {
	q, err := request.query()
	if err != nil {
		return nil, err
	}
	if q.Nonce, err = newNonce(r.random()); err != nil {
		return nil, err
	}
	query, err := q.Marshal()
	if err != nil {
		return nil, err
	}
	a := Attempt{Started: r.now(), Sent: true}
	started := time.Now()
	reply, err := r.Respond(ctx, query)
	a.Duration, a.Bytes = time.Since(started), int64(len(reply))
	response := &Response{}
	if r.Certificate != nil {
		a.Server = r.Certificate.Subject.CommonName()
		response.Server = a.Server
	}
	a.Err = (&Client{MaxSkew: -1}).judge(ctx, q, reply, &a, response)
	if err != nil {
		a.Outcome, a.Err = OutcomeNoStamp, refused(a.Err, err)
	}
	if a.Err != nil {
		return nil, &Error{Attempts: []Attempt{a}}
	}
	response.Attempts = []Attempt{a}
	return response, nil
}

// token makes the token for a query.
func (r *Responder) token(ctx context.Context, der []byte, d *Decision) ([]byte, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	q, err := ParseQuery(der)
	if err != nil {
		if errors.Is(err, cms.ErrUnsupported) {
			return nil, &refusal{BadRequest, "the version of the request is not 1", err}
		}
		return nil, &refusal{BadDataFormat, "the request cannot be read", err}
	}
	d.Query = q
	policy, err := r.accept(q)
	if err != nil {
		return nil, err
	}
	if d.Time, err = r.genTime(); err != nil {
		return nil, err
	}
	if !r.Certificate.ValidAt(d.Time) {
		return nil, fmt.Errorf("tsa: the responder's certificate is not valid at %s", stamped(d.Time))
	}
	if d.SerialNumber, err = r.serial(); err != nil {
		return nil, err
	}
	info, err := r.info(q, policy, d)
	if err != nil {
		return nil, err
	}
	template := &cms.Template{
		Algorithm: r.algorithm, ContentType: cms.OIDTSTInfo, Content: info,
		Certificate: r.Certificate, Chain: r.Chain, OmitCertificates: !q.CertReq,
	}
	token, err := template.Sign(ctx, r.random(), r.Key)
	if err != nil {
		return nil, fmt.Errorf("tsa: %w", err)
	}
	return token, nil
}

// accept returns the policy for a query that may be answered.
func (r *Responder) accept(q *Query) (asn1.ObjectIdentifier, error) {
	if !r.acceptsHash(q.Hash) {
		return nil, refuse(BadAlgorithm, "the hash function is not accepted", "hash function %v is not accepted", q.HashAlgorithm.Algorithm)
	}
	if len(q.Imprint) != q.Hash.Size() {
		return nil, refuse(BadDataFormat, "the digest has not the length of its hash function",
			"a digest of %d bytes is not one of %v", len(q.Imprint), q.Hash)
	}
	if len(q.Extensions) > 0 { // critical or not (RFC 3161, 2.4.1)
		return nil, refuse(UnacceptedExtension, "extensions are not accepted", "extension %v is not accepted", q.Extensions[0].Id)
	}
	if q.Policy == nil {
		return r.Policies[0], nil
	}
	if !slices.ContainsFunc(r.Policies, q.Policy.Equal) {
		return nil, refuse(UnacceptedPolicy, "the policy is not offered", "policy %v is not offered", q.Policy)
	}
	return q.Policy, nil
}

func (r *Responder) acceptsHash(h crypto.Hash) bool {
	if h == 0 {
		return false
	}
	if r.Hashes != nil {
		return slices.Contains(r.Hashes, h)
	}
	_, weak := algorithm.WeakHash(algorithm.Hash(h))
	return !weak
}

// genTime reads the clock.
func (r *Responder) genTime() (time.Time, error) {
	now := r.now().UTC()
	if now.IsZero() {
		return now, refuse(TimeNotAvailable, "the time is not available", "the clock has no time")
	}
	t := now.Truncate(r.resolution())
	if !r.Ordering {
		return t, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !t.After(r.last) {
		t = r.last.Add(r.resolution())
	}
	if t.Sub(now) > r.Accuracy {
		return t, refuse(TimeNotAvailable, "more stamps are asked for than can be told apart by their time",
			"the next time in order, %s, lies ahead of the clock", t.Format(time.RFC3339Nano))
	}
	r.last = t
	return t, nil
}

func (r *Responder) serial() (*big.Int, error) {
	if r.Serial != nil {
		n, err := r.Serial()
		if err == nil && n == nil {
			err = errors.New("there is none")
		}
		if err != nil {
			return nil, fmt.Errorf("tsa: serial number: %w", err)
		}
		return n, nil
	}
	octets := make([]byte, serialBytes)
	if _, err := io.ReadFull(r.random(), octets); err != nil {
		return nil, fmt.Errorf("tsa: no randomness for the serial number: %w", err)
	}
	octets[0] = octets[0]&0x3f | 0x40 // positive, and always of the same length
	return new(big.Int).SetBytes(octets), nil
}
