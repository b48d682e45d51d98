package pades

import (
	"context"
	"slices"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/tsa"
)

// protect raises the newest signature, which has its time stamp, to B-LT or B-LTA.
func (d *Document) protect(ctx context.Context, p *Prepared, stamps []*stamp, s *services) error {
	v, err := d.newValidation(s, stamps)
	if err != nil {
		return err
	}
	own := slices.IndexFunc(v.list, func(e *existing) bool { return e.start == p.start+int64(p.gap.start) })
	if own < 0 {
		return failf(ErrSignature, "the signature that was made is not found in the document")
	}
	if e := v.list[own]; e.fault != nil {
		return failf(ErrSignature, "the signature that was made: %w", e.fault)
	}
	if err := v.signature(ctx, v.list[own], proof{at: v.now}); err != nil {
		return err
	}
	if err := v.settle(func(*Gap) GapAction { return GapFails }); err != nil {
		return err
	}
	if err := d.addStore(&v.all, v.vri, s); err != nil {
		return err
	}
	if s.level < BLTA {
		return nil
	}
	return d.archive(ctx, s, s.stampHash(p.hash))
}

// validation gathers what the signatures of a document need.
type validation struct {
	*gatherer
	file     *pdf.File
	services *services
	list     []*existing
	atHand   *atHand
	all      material
	vri      []*related
}

// newValidation reads what the document holds. Stamps are those that this call made:
// their signers may stand nowhere in the file. What before holds is not read again.
func (d *Document) newValidation(s *services, stamps []*stamp, before ...*existing) (*validation, error) {
	form, err := d.form()
	if err != nil {
		return nil, err
	}
	f := d.parsed
	known := make(map[int64]*existing, len(before))
	for _, e := range before {
		known[e.start] = e
	}
	list, err := readExisting(form, known, &d.certificates)
	if err != nil {
		return nil, err
	}
	v := &validation{file: f, services: s, list: list}
	v.atHand = gatherAtHand(f, v.list, s, &d.certificates)
	if s.inquiry == nil {
		s.inquiry, s.set = newInquiry(s.source), revocation.NewSet()
	}
	v.atHand.addTo(s.set)
	v.gatherer = &gatherer{policy: s.evidence, trust: s.trust, now: d.now(), inquiry: s.inquiry, set: s.set, checks: &s.checks}
	if v.policy == nil {
		v.policy = &EvidencePolicy{}
	}
	for _, made := range stamps {
		v.atHand.certificates = append(v.atHand.certificates, made.signer)
		if made.token.Time.After(v.now) {
			v.now = made.token.Time // clocks differ
		}
	}
	v.candidates = unique(v.atHand.certificates)
	for _, e := range v.list {
		e.identify(v.candidates)
		d.largestToken = max(d.largestToken, e.largestToken())
	}
	for _, r := range v.set.Unreadable() {
		if slices.Contains(v.atHand.given, r.Evidence) {
			v.warn("a piece of Evidence.Given cannot be read: " + r.String())
		}
	}
	return v, nil
}

// unique returns the certificates, each once.
func unique(list []*certificate.Certificate) []*certificate.Certificate {
	seen := make(map[[32]byte]bool, len(list))
	var out []*certificate.Certificate
	for _, c := range list {
		if c == nil {
			continue
		}
		if sum := c.Fingerprint(); !seen[sum] {
			seen[sum] = true
			out = append(out, c)
		}
	}
	return out
}

// proof says when something is proven to have existed: by a time stamp, or only now.
type proof struct {
	at      time.Time
	stamped bool
}

// by is the proof that a time stamp adds, where it is an earlier one.
func (p proof) by(s *tsa.Token) proof {
	if s.Time.After(p.at) {
		return p
	}
	return proof{s.Time, true}
}

// signature gathers what a signature needs.
func (v *validation) signature(ctx context.Context, e *existing, proven proof) error {
	m := &material{}
	signed := proven
	for _, s := range e.tokens() {
		holds, err := v.proveStamp(ctx, &subject{leaf: s.signer, proof: proven, field: e.field}, m)
		if err != nil {
			return err
		}
		if holds && slices.Contains(e.stamps, s) {
			e.held, signed = true, signed.by(s.token)
		}
	}
	_, err := v.prove(ctx, &subject{
		leaf: e.signer, purpose: certificate.Signing, proof: signed, field: e.field,
	}, m)
	v.take(e, m)
	return err
}

// proveStamp is prove for whoever made a time stamp.
func (v *validation) proveStamp(ctx context.Context, s *subject, m *material) (bool, error) {
	s.purpose, s.timestamp = certificate.TimeStamping, true
	gaps := len(v.gaps)
	holds, err := v.prove(ctx, s, m)
	if holds && !s.stamped && len(v.gaps) == gaps {
		if v.services.stored == nil {
			v.services.stored = make(map[[32]byte]bool)
		}
		v.services.stored[s.leaf.Fingerprint()] = true
	}
	return holds, err
}

// take adds what was gathered for a signature or a document time stamp.
func (v *validation) take(e *existing, m *material) {
	v.all.merge(m)
	if v.policy.VRI {
		v.vri = append(v.vri, &related{contents: e.dict.Contents.Value, material: m})
	}
}
