package verify

import (
	"context"
	"sync"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/certificate/revocation"
)

// fetch asks the source, where there is one, for what the certificates of signers and
// of time-stamping authorities need at the present and the file does not hold.
// Afterwards everything is judged without it. The error is that of the context.
func (f *file) fetch() error {
	if f.options.Source == nil {
		return nil
	}
	targets := f.targets()
	finder := &fetch.Finder{Source: f.options.Source, Checker: revocation.Checker{
		Set: f.evidence, Now: f.now, MaxAge: f.policy.MaxRevocationAge, Certificates: f.shared,
	}}
	issuers := &issuers{source: finder}
	var running sync.WaitGroup
	free := make(chan struct{}, concurrentFetches)
	for _, s := range targets {
		free <- struct{}{}
		running.Go(func() {
			defer func() { <-free }()
			// Whether a path holds is asked again with all that was found.
			_, _ = certificate.BuildPath(f.ctx, s.cert, certificate.PathOptions{
				Anchors: f.options.Trust, Purpose: s.purpose, Time: f.at, Candidates: f.candidatesFor(s),
				Issuers: issuers, Revocation: finder, Checks: f.signatureChecks(),
			})
		})
	}
	running.Wait()
	f.shared = append(f.shared[:len(f.shared):len(f.shared)], issuers.found...)
	f.reportAttempts(finder.Attempts())
	return f.ctx.Err()
}

// targets are the signatures and tokens with a certificate of their own, each
// certificate once.
func (f *file) targets() []*signed {
	type target struct {
		cert    [32]byte
		purpose certificate.Purpose
	}
	var list []*signed
	known := make(map[target]bool)
	add := func(s *signed) {
		if s == nil || s.cert == nil {
			return
		}
		t := target{s.cert.Fingerprint(), s.purpose}
		if known[t] {
			return
		}
		known[t] = true
		if len(list) == maxFetches {
			if len(known) == maxFetches+1 {
				f.report.Findings = append(f.report.Findings, newFinding("fetch.too-much", nowhere, maxFetches))
			}
			return
		}
		list = append(list, s)
	}
	for _, c := range f.candidates {
		add(c.self)
		for _, t := range c.timestamps {
			add(t.signed)
		}
	}
	return list
}

// reportAttempts names the places that did not answer.
func (f *file) reportAttempts(attempts []fetch.Attempt) {
	n := 0
	for i := range attempts {
		if attempts[i].Err == nil || n == maxFetchFindings {
			continue
		}
		n++
		f.report.Findings = append(f.report.Findings, newFinding("fetch.failed", nowhere, attempts[i].String()))
	}
}

// issuers remembers the issuers that a source found.
type issuers struct {
	source certificate.IssuerSource
	mu     sync.Mutex
	found  []*certificate.Certificate
}

// Issuers implements certificate.IssuerSource.
func (i *issuers) Issuers(ctx context.Context, c *certificate.Certificate) ([]*certificate.Certificate, error) {
	list, err := i.source.Issuers(ctx, c)
	i.mu.Lock()
	defer i.mu.Unlock()
	i.found = append(i.found, list...)
	return list, err
}
