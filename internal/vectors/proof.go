package vectors

import (
	"bytes"
	"slices"
	"time"

	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/verify"
)

// proofs are files that claim proofs of existence which they do not have, each made
// like one that has them: the signer's certificate has expired, has been revoked, or
// the evidence has grown old.
func proofs() []*Vector {
	return vectorsOf(slices.Concat(ofStamps(), ofOrder(), ofAddedEvidence()))
}

// late is a judgement twelve years on, when the certificate of the signer has expired.
func late() *Conditions { return judged(years(12)) }

// ofStamps are document time stamps that prove nothing, or not in time.
func ofStamps() []trial {
	stamped := func(add func(c *chronicle)) func(c *chronicle) {
		return func(c *chronicle) {
			c.sign(approval{})
			c.store(c.ltv(days(1)))
			add(c)
		}
	}
	by := func(id func(c *chronicle) *testpki.Identity) func(c *chronicle) {
		return stamped(func(c *chronicle) { c.stamp(id(c), days(2)) })
	}
	expired := archived.is(verify.OutOfBoundsNoPOE)
	renewed := func(at int) func(c *chronicle) {
		return stamped(func(c *chronicle) {
			c.stamp(c.short, days(2))
			c.stamp(c.long, days(at))
		})
	}
	const end = 2 * 365 // days: 2028 is a leap year, so the short stamper ends a day later
	broken := final
	broken.Crypto, broken.Indication, broken.SubIndication = verify.CryptoInvalid, verify.TotalFailed, verify.SigCryptoFailure
	imprint := broken
	imprint.SubIndication = verify.HashFailure
	open := expired // how a field with a broken token is called
	open.Any = []string{"changes"}
	unexplained := open.is(verify.FormatFailure) // the token does not explain the update
	untyped := violated
	untyped.Any = []string{"crypto", "coverage", "changes"}
	return []trial{
		{"proof-by-stranger.pdf", by(func(c *chronicle) *testpki.Identity { return c.stranger }), []judgement{{"archived by an authority that nobody trusts", "5.4",
			"", late(), intact(expired, final.is(verify.NoCertificateChainFound))}}},
		{"proof-not-renewed.pdf", by(func(c *chronicle) *testpki.Identity { return c.short }), []judgement{{"archived by an authority whose certificate has expired since", "5.4, 5.6.2.4",
			"", late(), intact(expired, final.is(verify.OutOfBoundsNotRevoked))}}},
		{"proof-renewed.pdf", renewed(end), []judgement{{"archived, and again before the certificate of the first authority expired", "5.6.2.4",
			verify.NoPOE, late(), intact(archived.since(days(2)), archived, final)}}},
		{"proof-renewed-late.pdf", renewed(end + 2), []judgement{{"archived, and again when the certificate of the first authority had expired", "5.6.2.4",
			"", late(), intact(archived.is(verify.NoPOE).since(days(end+2)), archived.is(verify.NoPOE), final)}}},
		{"proof-broken-token.pdf", stamped(func(c *chronicle) {
			c.stampBy(func(digest []byte) ([]byte, error) {
				token, err := stamp{c.long, days(2)}.over(digest)
				if err == nil {
					token[len(token)-1] ^= 1
				}
				return token, err
			})
		}), []judgement{{"archived by a token whose signature does not verify", "5.4", "", late(),
			Expect{Indication: verify.TotalFailed, Signatures: []Signature{unexplained, broken}}}}},
		{"proof-other-imprint.pdf", stamped(func(c *chronicle) {
			c.stampBy(func(digest []byte) ([]byte, error) { return stamp{c.long, days(2)}.over(make([]byte, len(digest))) })
		}), []judgement{{"archived by a token over something else", "5.4", "", late(),
			Expect{Indication: verify.TotalFailed, Signatures: []Signature{unexplained, imprint}}}}},
		{"proof-not-a-stamp.pdf", stamped(func(c *chronicle) {
			c.mark(mark{field: "Stamp", value: stamp{c.long, days(2)}.over, head: "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161"})
		}), []judgement{{"archived by a token in a dictionary that calls itself a signature", "5.4", "", late(),
			Expect{Indication: verify.TotalFailed, Signatures: []Signature{open, untyped}}}}},
	}
}

// ofOrder are time stamps that contradict each other, or are of another signature.
func ofOrder() []trial {
	expired := archived.is(verify.OutOfBoundsNoPOE)
	copied := func(c *chronicle) {
		first := approval{value: []stamp{{c.long, hours(1)}}}
		c.sign(first)
		token, err := stamp{c.long, hours(1)}.over(bytes.Repeat([]byte{1}, 32))
		if c.err == nil {
			c.err = err
		}
		c.sign(approval{tokens: [][]byte{token}})
		c.store(c.ltv(days(1)))
	}
	later := archived
	later.Changes = verify.ChangesForm
	crossing := func(at time.Time) func(c *chronicle) {
		return func(c *chronicle) {
			c.sign(approval{})
			c.sign(approval{value: []stamp{{c.long, days(3)}}})
			c.store(c.ltv(days(1)))
			c.stamp(c.second, at)
		}
	}
	return []trial{
		{"proof-stamps-out-of-order.pdf", func(c *chronicle) {
			c.sign(approval{})
			c.store(c.ltv(days(1)))
			c.stamp(c.long, days(3))
			c.stamp(c.second, days(2))
		}, []judgement{{"two document time stamps, of which the one that covers the other says that it is older", "5.5.4",
			"", judged(days(4)), intact(archived.is(verify.TimestampOrderFailure).since(days(2)), archived, final)}}},
		{"proof-older-than-another.pdf", crossing(days(2)), []judgement{{"a document time stamp says that it is older than the time stamp of another signature that it covers", "5.5.4", "", judged(days(4)),
			intact(later.is(verify.TimestampOrderFailure).since(days(2)), archived.is(verify.TimestampOrderFailure).since(days(2)).with("signature"), final)}}},
		{"proof-older-than-another-near.pdf", crossing(days(3)), []judgement{{"a document time stamp says the same time as the time stamp of another signature that it covers", "5.5.4",
			verify.TimestampOrderFailure, judged(days(4)), intact(later.since(days(3)), archived.since(days(3)).with("signature"), final)}}},
		{"proof-of-another.pdf", copied, []judgement{{"the time stamp over a signature was made for another one", "5.5.4", "", late(),
			intact(later.since(hours(1)).with("signature"), expired.with("signature "+string(verify.HashFailure)))}}},
		{"proof-to-come.pdf", func(c *chronicle) {
			c.sign(approval{value: []stamp{{c.long, years(13)}}})
			c.store(c.ltv(days(1)))
		}, []judgement{{"the time stamp says a time that is still to come", "5.4", "", late(),
			intact(expired.with("signature " + string(verify.SigConstraintsFailure)))}}},
	}
}

// ofAddedEvidence are files in which it became known later that a time stamper had
// lost its key: what was archived before stays proven.
func ofAddedEvidence() []trial {
	compromised := func(archivedAt int) func(c *chronicle) {
		return func(c *chronicle) {
			c.sign(approval{value: []stamp{{c.second, hours(1)}}})
			c.store(c.ltv(days(1)))
			c.stamp(c.long, days(archivedAt))
			c.store(evidence{crls: []list{c.stampers(days(20), revoked(c.second.Certificate, days(15), 1)...)}})
		}
	}
	at := judged(days(25))
	return []trial{
		{"proof-before-compromise.pdf", compromised(14), []judgement{{"a time stamp, archived before its authority was revoked", "5.6.2.4",
			verify.RevokedNoPOE, at, intact(archived.since(hours(1)).with("signature"), archived)}}},
		{"proof-after-compromise.pdf", compromised(16), []judgement{{"a time stamp, archived after its authority was revoked", "5.6.2.4",
			"", at, intact(archived.is(verify.NoPOE).since(days(16)).with("signature "+string(verify.RevokedNoPOE)), archived)}}},
	}
}
