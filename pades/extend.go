package pades

import (
	"context"
	"crypto"
	"slices"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/tsa"
)

// ExtendOptions say how far to raise the signatures of a document. They are neither
// kept nor written to.
type ExtendOptions struct {
	// Level is BT, BLT or BLTA.
	Level Level
	// TSA makes document time stamps. At B-LT it may be nil where every signature has a
	// time stamp already, also one that does not hold.
	TSA tsa.Timestamper
	// StampHash is the hash function for time stamps; 0 means SHA-256.
	StampHash crypto.Hash
	// Revocation, Trust and Evidence are as in SignOptions, but for what becomes of gaps
	// without an EvidencePolicy.OnGap: see Extend.
	Revocation fetch.Source
	Trust      *certificate.Pool
	Evidence   *EvidencePolicy
	// IgnorePermissions extends a document that is encrypted with access permissions
	// that forbid it (ISO 32000-2, table 22).
	IgnorePermissions bool
	// IgnoreSignatures extends although signatures that are intact are judged as broken
	// after it: something unusual leads to what must change. Otherwise that is refused.
	IgnoreSignatures bool
	// Intact is the caller's word that every signature and time stamp in the document was found
	// intact just now, as by package verify: they are not verified once more.
	Intact bool
	// Warn, if not nil, is called with each doubt that does not stop the work.
	Warn func(warning string)
}

// Extend raises every signature of the document to a level, whoever made it and in
// whatever format, or renews the protection that it has: no byte that is there changes.
//
//   - BT adds a document time stamp where a signature has no time stamp that holds: one
//     that verifies, was made with a certificate that is or was valid when that counts
//     and, from BLT on, leads to an anchor and was not revoked.
//   - BLT does so, too, and adds to the document security store what judging the
//     signatures and their time stamps takes and the document does not hold.
//   - BLTA does both, and adds a document time stamp over all of it, and behind that what
//     judging it takes where the document does not hold that yet. It does so each time
//     that it is called: that is how protection is renewed, before the certificate of the
//     last time stamp expires.
//
// Where nothing is to be added, the document stays as it is. One without signatures,
// and one without document time stamps either, is refused with ErrUnsigned.
//
// Signatures that are intact stay so; where an update would be judged as something else,
// because something unusual leads to what it must change, it is refused with
// ErrNotPermitted.
//
// What others made does not get in the way: a signature or time stamp that is damaged,
// leads to no anchor, or had expired or was revoked at the time that counts, is told to
// Warn, and the rest is raised. Revocation data or issuers that cannot be had at present
// are an *EvidenceError, for later they may be had, but for those about the time stamp
// over all. EvidencePolicy.OnGap decides otherwise. What cannot be had for what is there
// is an error before anything is bought. On an error the document is as it was.
func (d *Document) Extend(ctx context.Context, o *ExtendOptions) error {
	if o == nil || o.Level == BB {
		return failf(ErrOptions, "Extend raises to BT, BLT or BLTA: set Level")
	}
	s := &services{
		level: o.Level, tsa: o.TSA, hash: o.StampHash, source: o.Revocation, trust: o.Trust, evidence: o.Evidence,
		ignore: o.IgnorePermissions, warn: o.Warn, whereNeeded: true,
	}
	if err := s.check(); err != nil {
		return err
	}
	before := d.mark()
	err := d.extend(ctx, s, o)
	if err != nil {
		d.restore(before)
	}
	return err
}

func (d *Document) extend(ctx context.Context, s *services, o *ExtendOptions) error {
	v, err := d.newValidation(s, nil)
	if err != nil {
		return err
	}
	if len(v.list) == 0 {
		return failf(ErrUnsigned, "the document holds neither a signature nor a document time stamp")
	}
	if !o.Intact {
		if err := d.verifyExisting(ctx, v.list, s.stampHash(0)); err != nil {
			return err
		}
	}
	if !o.IgnoreSignatures {
		s.history = intactHistory(v.file, d.fields, v.list, o.Intact)
	}
	if _, err := d.prefix(ctx, s.stampHash(0)); err != nil { // appending to the file wants to know what it was
		return err
	}
	if s.tsa == nil && v.unstamped() {
		return failf(ErrOptions, "a signature has no time stamp yet: set TSA")
	}
	if err := v.gather(ctx); err != nil {
		return err
	}
	missing := v.unstamped()
	if missing && s.level >= BLT {
		if err := s.evidence.checkNew(); err != nil {
			return err
		}
	}
	if s.level >= BLT && s.tsa != nil && (missing || s.level == BLTA) {
		if err := v.foreseeStamp(ctx, ""); err != nil {
			return err
		}
	}
	if err := v.decide(DefaultGapAction); err != nil { // before anything is bought
		return err
	}
	if missing {
		if v, err = d.stampUnstamped(ctx, v); err != nil {
			return err
		}
	}
	if err := v.settle(DefaultGapAction); err != nil || s.level < BLT {
		return err
	}
	if err := d.addStore(&v.all, v.vri, s); err != nil || s.level < BLTA {
		return err
	}
	return d.archive(ctx, s, s.stampHash(0))
}

// stampUnstamped adds a document time stamp for the signatures that have none that holds,
// and gathers once more.
func (d *Document) stampUnstamped(ctx context.Context, v *validation) (*validation, error) {
	s := v.services
	made, err := d.addTimestamp(ctx, s.stamping(s.stampHash(0)))
	if err != nil {
		return nil, err
	}
	if v, err = d.again(v, made); err != nil {
		return nil, err
	}
	return v, v.gather(ctx)
}

// again reads the document anew after a time stamp was added.
func (d *Document) again(old *validation, made *stamp) (*validation, error) {
	v, err := d.newValidation(old.services, []*stamp{made}, old.list...)
	if err != nil {
		return nil, err
	}
	for _, e := range v.list {
		i := slices.IndexFunc(old.list, func(o *existing) bool { return o.start == e.start })
		if i >= 0 && e.fault == nil {
			e.fault = old.list[i].fault
		}
		e.own = i < 0
	}
	return v, nil
}

// unstamped tells whether a signature that verifies has no time stamp that holds, neither
// inside nor by a document time stamp over it. One that does not hold is as good as none,
// where there is somebody to make another.
func (v *validation) unstamped() bool {
	return slices.ContainsFunc(v.list, func(e *existing) bool {
		if e.timestamp || e.fault != nil || e.held || v.services.tsa == nil && len(e.stamps) > 0 {
			return false
		}
		return !slices.ContainsFunc(v.list, func(t *existing) bool {
			return t.timestamp && t.fault == nil && (t.held || v.services.tsa == nil) && t.start >= e.end
		})
	})
}

// gather gathers what all signatures and time stamps need: from the newest to the
// oldest, since a document time stamp proves when everything before it existed
// (EN 319 102-1, 5.6.3.4).
func (v *validation) gather(ctx context.Context) error {
	proven := proof{at: v.now}
	for _, e := range slices.Backward(v.list) {
		var err error
		switch {
		case e.fault != nil:
			v.gaps = append(v.gaps, Gap{Kind: GapSignature, Field: e.field, Timestamp: e.timestamp, Time: proven.at, Err: e.fault})
		case v.services.level < BLT:
			proven = e.believe(proven)
		case e.timestamp:
			proven, err = v.documentTimestamp(ctx, e, proven)
		default:
			err = v.signature(ctx, e, proven)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// believe takes time stamps for holding whose certificates were valid at the time that
// counts: below B-LT nothing else is known about them.
func (e *existing) believe(proven proof) proof {
	if e.timestamp {
		if e.held = e.signer.ValidAt(proven.at); e.held {
			return proven.by(e.token)
		}
		return proven
	}
	e.held = slices.ContainsFunc(e.stamps, func(s *stamp) bool { return s.signer.ValidAt(proven.at) })
	return proven
}

// DefaultGapAction is what Extend does about a gap without an EvidencePolicy.OnGap: what
// may be had later fails, and so does a time stamp of its own that proves nothing; what
// nobody can mend is told to Warn.
func DefaultGapAction(g *Gap) GapAction {
	if g.transient() || g.own {
		return GapFails
	}
	return GapWarns
}

// documentTimestamp gathers what a document time stamp needs, and returns since when
// everything before it is proven to have existed.
func (v *validation) documentTimestamp(ctx context.Context, e *existing, proven proof) (proof, error) {
	m := &material{}
	holds, err := v.proveStamp(ctx, &subject{leaf: e.signer, proof: proven, field: e.field, own: e.own}, m)
	v.take(e, m)
	if err != nil || !holds {
		return proven, err
	}
	e.held, proven = true, proven.by(e.token)
	v.atHand.proven(v.set, e.start, proven.at)
	return proven, nil
}
