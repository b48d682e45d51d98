package pades

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
)

// inquiry is a Source that puts each question to another one once, and remembers what
// was tried about each certificate.
type inquiry struct {
	source fetch.Source

	mu      sync.Mutex
	replies map[question]*reply
	tried   map[[32]byte][]fetch.Attempt // by the fingerprint of the certificate
	found   []*certificate.Certificate   // issuers
}

// question is what was asked for.
type question struct {
	certificate, issuer [32]byte
	kind                fetch.Kind
	after               time.Time
}

type reply struct {
	once   sync.Once
	answer *fetch.Answer
	err    error
}

func newInquiry(s fetch.Source) *inquiry {
	return &inquiry{source: s, replies: map[question]*reply{}, tried: map[[32]byte][]fetch.Attempt{}}
}

// Issuers implements fetch.Source.
func (i *inquiry) Issuers(ctx context.Context, q fetch.Query) (*fetch.Answer, error) {
	return i.ask(q, question{certificate: q.Certificate.Fingerprint(), kind: fetch.KindCertificates}, func() (*fetch.Answer, error) {
		return i.source.Issuers(ctx, q)
	})
}

// Revocation implements fetch.Source.
func (i *inquiry) Revocation(ctx context.Context, q fetch.Query) (*fetch.Answer, error) {
	key := question{certificate: q.Certificate.Fingerprint(), kind: q.Kind, after: q.After}
	if q.Issuer != nil {
		key.issuer = q.Issuer.Fingerprint()
	}
	return i.ask(q, key, func() (*fetch.Answer, error) { return i.source.Revocation(ctx, q) })
}

func (i *inquiry) ask(q fetch.Query, key question, ask func() (*fetch.Answer, error)) (*fetch.Answer, error) {
	i.mu.Lock()
	r := i.replies[key]
	if r == nil && len(i.replies) == maxQuestions {
		i.mu.Unlock()
		return &fetch.Answer{}, errQuestions
	}
	if r == nil {
		r = &reply{}
		i.replies[key] = r
	}
	i.mu.Unlock()
	r.once.Do(func() {
		if r.answer, r.err = ask(); r.answer == nil {
			r.answer = &fetch.Answer{}
		}
		i.mu.Lock()
		defer i.mu.Unlock()
		about := q.Certificate.Fingerprint()
		i.tried[about] = append(i.tried[about], r.answer.Attempts...)
		i.found = append(i.found, r.answer.Certificates...)
	})
	return r.answer, r.err
}

// errQuestions: a document with a great many signatures, or a hostile one.
var errQuestions = fmt.Errorf("pades: more than %d questions for certificates and revocation data", maxQuestions)

// attempts returns what was tried about a certificate: for issuers, or for evidence.
func (i *inquiry) attempts(c *certificate.Certificate, issuers bool) []fetch.Attempt {
	i.mu.Lock()
	defer i.mu.Unlock()
	var list []fetch.Attempt
	for _, a := range i.tried[c.Fingerprint()] {
		if (a.Kind == fetch.KindCertificates) == issuers {
			list = append(list, a)
		}
	}
	return list
}

// issuers returns the certificates that were found so far.
func (i *inquiry) issuers() []*certificate.Certificate {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.found[:len(i.found):len(i.found)]
}
