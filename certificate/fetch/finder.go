package fetch

import (
	"context"
	"slices"
	"sync"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
)

// Finder lets [certificate.BuildPath] ask a [Source]: for issuers that are not at
// hand, and for evidence where that at hand does not answer. It is both the Issuers
// and the Revocation of [certificate.PathOptions]:
//
//	finder := &fetch.Finder{Source: &fetch.Client{}}
//	finder.Checker.Set = revocation.NewSet(atHand...)
//	path, err := certificate.BuildPath(ctx, leaf, certificate.PathOptions{
//		Anchors: anchors, Time: at, Issuers: finder, Revocation: finder,
//	})
//
// Whatever is fetched is judged like evidence at hand and stays in the Set, from
// where it can be kept with a signature. Evidence and attempts only grow, so a service
// makes a Finder for each document; the client behind them keeps what they share, read
// and verified. A Finder is safe for concurrent use; its
// fields are not changed after the first use.
type Finder struct {
	Source Source // nil asks nobody
	// Checker judges. Its Set gets what is fetched; nil is replaced by an empty one.
	// Its Now should be set where a path is judged at a time that has passed:
	// evidence fetched later is refused otherwise.
	Checker revocation.Checker

	once     sync.Once
	mu       sync.Mutex
	attempts []Attempt
}

var (
	_ certificate.IssuerSource      = (*Finder)(nil)
	_ certificate.RevocationChecker = (*Finder)(nil)
)

// Attempts returns every place that was tried so far, in order.
func (f *Finder) Attempts() []Attempt {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.attempts)
}

// Evidence returns the set with all evidence, that at hand and that fetched.
func (f *Finder) Evidence() *revocation.Set {
	f.once.Do(func() {
		if f.Checker.Set == nil {
			f.Checker.Set = revocation.NewSet()
		}
	})
	return f.Checker.Set
}

func (f *Finder) note(answer *Answer) {
	if answer == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.attempts = append(f.attempts, answer.Attempts...)
}

// Issuers implements [certificate.IssuerSource].
func (f *Finder) Issuers(ctx context.Context, c *certificate.Certificate) ([]*certificate.Certificate, error) {
	if f.Source == nil {
		return nil, nil
	}
	answer, err := f.Source.Issuers(ctx, Query{Certificate: c})
	f.note(answer)
	if err != nil {
		return nil, err
	}
	return answer.Certificates, nil
}

// CheckRevocation implements [certificate.RevocationChecker]. The source is asked
// only where the evidence at hand leaves the status open, and once more for the
// other kind of evidence where what came does not settle it either. Evidence in the
// result is the [*revocation.Answer]; the detail of an open one says what was tried.
func (f *Finder) CheckRevocation(ctx context.Context, q *certificate.RevocationQuery) certificate.Revocation {
	f.Evidence()
	result := f.Checker.CheckRevocation(ctx, q)
	if f.Source == nil || !open(result) {
		return result
	}
	query := Query{Certificate: q.Certificate, Issuer: q.Issuer()}
	answer, err := f.fetch(ctx, query)
	if len(answer.Evidence) > 0 {
		if result = f.Checker.CheckRevocation(ctx, q); !open(result) {
			return result
		}
		if query.Kind = KindOCSP; answer.Evidence[0].Kind == revocation.KindOCSP {
			query.Kind = KindCRL
		}
		if answer, err = f.fetch(ctx, query); len(answer.Evidence) > 0 {
			return f.Checker.CheckRevocation(ctx, q)
		}
	}
	if err != nil {
		if result.Detail != "" {
			result.Detail += "; "
		}
		result.Detail += err.Error()
	}
	return result
}

// open tells whether the status is still to be found out.
func open(r certificate.Revocation) bool {
	return r.Status == certificate.RevocationUnknown || r.Status == certificate.RevocationNotChecked
}

// fetch asks for evidence and puts it into the set. The answer is never nil.
func (f *Finder) fetch(ctx context.Context, q Query) (*Answer, error) {
	answer, err := f.Source.Revocation(ctx, q)
	if answer == nil {
		answer = &Answer{}
	}
	f.note(answer)
	f.Evidence().Add(answer.Evidence...)
	return answer, err
}
