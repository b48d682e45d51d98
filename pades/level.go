package pades

import (
	"crypto"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/changes"
	"github.com/inkan-go/inkan/tsa"
)

// Level is a PAdES baseline level (ETSI EN 319 142-1, clause 6).
type Level int

// The levels. The zero value is B-B. Each one holds what the one before it does.
const (
	// BB is a signature alone, without any proof of its time.
	BB Level = iota
	// BT has a time stamp that proves when the signature existed.
	BT
	// BLT has the certificates and revocation data that judging it needs, in the
	// document security store.
	BLT
	// BLTA has a document time stamp over all of that, which keeps it provable after
	// certificates have expired, and which can be renewed.
	BLTA
)

// String returns "PAdES-B-B", "PAdES-B-T", "PAdES-B-LT" or "PAdES-B-LTA".
func (l Level) String() string {
	switch l {
	case BB:
		return "PAdES-B-B"
	case BT:
		return "PAdES-B-T"
	case BLT:
		return "PAdES-B-LT"
	case BLTA:
		return "PAdES-B-LTA"
	}
	return "unknown level"
}

// services are what the levels above B-B need, from options of any kind.
type services struct {
	level    Level
	stamps   bool // time stamps are needed for something else as well
	tsa      tsa.Timestamper
	hash     crypto.Hash // of time stamps; 0: chosen by the caller of stampHash
	source   fetch.Source
	trust    *certificate.Pool
	evidence *EvidencePolicy
	ignore   bool // access permissions
	warn     func(string)

	// What one call remembers: inquiry holds what was asked for, set the evidence with what
	// is proven of it, checks which certificates were signed with which keys, decided what was decided about gaps, told the warnings, and stored the authorities for whose time stamps of the
	// present nothing is missing. foreseen tells that the signer's part was looked at in
	// advance.
	inquiry  *inquiry
	set      *revocation.Set
	checks   certificate.SignatureChecks
	decided  map[gapKey]GapAction
	told     map[string]bool
	stored   map[[32]byte]bool
	foreseen bool
	history  *changes.History // updates must leave intact what is: see keepsIntact

	// whereNeeded lets TSA be missing at B-LT: whether a time stamp is needed is not
	// known yet.
	whereNeeded bool
}

// check refuses a level without its service, and a service that nothing uses:
// somebody expects more than will be done.
func (s *services) check() error {
	stamps, gathers := s.stamps || s.level >= BT, s.level >= BLT
	switch {
	case s.level < BB || s.level > BLTA:
		return failf(ErrOptions, "level %d is not known", int(s.level))
	case stamps && s.tsa == nil && (!s.whereNeeded || s.level != BLT):
		if s.level < BT {
			return failf(ErrOptions, "a content time stamp needs a time-stamping authority: set TSA")
		}
		return failf(ErrOptions, "level %v needs a time-stamping authority: set TSA", s.level)
	case !stamps && s.tsa != nil:
		return failf(ErrOptions, "TSA is set, but level %v has no time stamp: set Level to BT or above", s.level)
	case s.hash != 0 && !stamps:
		return failf(ErrOptions, "StampHash is set, but level %v has no time stamp", s.level)
	case s.hash != 0 && !stampable(s.hash):
		return failf(ErrOptions, "StampHash %v is not one of SHA-256, SHA-384 and SHA-512", s.hash)
	case gathers && s.source == nil:
		return failf(ErrOptions, "level %v needs revocation data: set Revocation", s.level)
	case !gathers && s.source != nil:
		return failf(ErrOptions, "Revocation is set, but level %v holds no revocation data: set Level to BLT or BLTA", s.level)
	case !gathers && (s.trust != nil || s.evidence != nil):
		return failf(ErrOptions, "Trust and Evidence apply to the levels BLT and BLTA, not to %v", s.level)
	}
	if err := s.evidence.check(); err != nil || s.whereNeeded {
		return err
	}
	return s.evidence.checkNew()
}

// stampable tells whether a document may be stamped with that hash: what every
// authority takes and every reader knows.
func stampable(h crypto.Hash) bool {
	return h == crypto.SHA256 || h == crypto.SHA384 || h == crypto.SHA512
}

// stampHash is the hash for time stamps: the one asked for, or that of the
// signature, so that the document is hashed once, or SHA-256.
func (s *services) stampHash(signature crypto.Hash) crypto.Hash {
	switch {
	case s.hash != 0:
		return s.hash
	case stampable(signature):
		return signature
	}
	return crypto.SHA256
}

// stamping are the options of a document time stamp.
func (s *services) stamping(h crypto.Hash) *TimestampOptions {
	return &TimestampOptions{TSA: s.tsa, StampHash: h, IgnorePermissions: s.ignore, Warn: s.warn, history: s.history}
}

func (o *SignOptions) services() *services {
	return &services{
		level: o.Level, stamps: o.ContentTimestamp, tsa: o.TSA, hash: o.StampHash,
		source: o.Revocation, trust: o.Trust, evidence: o.Evidence, ignore: o.IgnorePermissions, warn: o.Warn,
	}
}
