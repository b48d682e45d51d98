package vectors

import (
	"encoding/asn1"
	"slices"
	"strings"
	"time"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/verify"
)

// archived and final are a sound signature or document time stamp that validation
// data or document time stamps follow, and one that nothing follows.
var (
	archived = Signature{Crypto: verify.CryptoValid, Structure: verify.StructureSound, Coverage: verify.CoverageRevision, Changes: verify.ChangesLTV,
		Indication: verify.TotalPassed}
	final = passed
)

// is returns the signature with that sub-indication, "" for one that passes.
func (s Signature) is(reason verify.SubIndication) Signature {
	s.SubIndication, s.Indication = reason, verify.Indeterminate
	switch reason {
	case "":
		s.Indication = verify.TotalPassed
	case verify.FormatFailure, verify.HashFailure, verify.SigCryptoFailure, verify.Revoked, verify.Expired, verify.NotYetValid:
		s.Indication = verify.TotalFailed
	}
	return s
}

// since returns the signature proven to exist since then.
func (s Signature) since(best time.Time) Signature {
	s.BestTime = best.Format(time.RFC3339)
	return s
}

// with returns the signature with time stamps inside: "signature", "content", or with
// the reason why it proves nothing behind it.
func (s Signature) with(timestamps ...string) Signature {
	for _, text := range timestamps {
		kind, reason, _ := strings.Cut(text, " ")
		verdict := s.is(verify.SubIndication(reason))
		s.Timestamps = append(s.Timestamps, Timestamp{kind, verdict.Indication, verdict.SubIndication})
	}
	return s
}

// intact is what must be said of a file whose signatures are all intact.
func intact(signatures ...Signature) Expect {
	e := Expect{Indication: verify.TotalPassed, Intact: true, Signatures: signatures}
	for _, s := range signatures {
		e.Indication = min(e.Indication, s.Indication)
	}
	return e
}

// judged returns the conditions of a judgement at a time, which trusts both roots.
func judged(at time.Time) *Conditions {
	return &Conditions{At: at, Anchors: []string{SignRoot, StampRoot}}
}

// trial is a file of a chronicle and the judgements on it.
type trial struct {
	file   string
	events func(c *chronicle)
	judged []judgement
}

// judgement is one of them. It reaches a sub-indication, or misses it narrowly.
type judgement struct {
	source     string
	clause     string
	nearly     verify.SubIndication // "": it is reached
	conditions *Conditions
	expect     Expect
}

func vectorsOf(trials []trial) []*Vector {
	var all []*Vector
	for _, t := range trials {
		for _, j := range t.judged {
			v := &Vector{File: t.file, Source: j.source, Conditions: j.conditions, Clause: "EN 319 102-1, " + j.clause, Expect: j.expect, build: timed(t.events)}
			if j.nearly != "" {
				v.NearMiss = []verify.SubIndication{j.nearly}
			}
			all = append(all, v)
		}
	}
	return all
}

// verdicts reach every sub-indication that time, evidence or a policy decides, each
// beside a judgement that barely passes.
func verdicts() []*Vector {
	return vectorsOf(slices.Concat(ofRevocation(), ofValidity(), ofEvidence(), ofChains(), ofAlgorithms(), ofPolicies(), ofProofs()))
}

// ofRevocation are certificates that were revoked on the fourth day, told on the fifth.
func ofRevocation() []trial {
	day := func(content, value time.Time) func(c *chronicle) {
		return func(c *chronicle) {
			s := approval{value: []stamp{{c.long, value}}}
			if !content.IsZero() {
				s.content = []stamp{{c.long, content}}
			}
			c.sign(s)
			c.store(c.revoke(c.signer, days(4), days(5)))
		}
	}
	instant := days(4).Add(-time.Second)
	authority := func(protected bool) func(c *chronicle) {
		return func(c *chronicle) {
			c.sign(approval{value: []stamp{{c.long, hours(1)}}})
			c.store(c.ltv(days(1)))
			if protected {
				c.stamp(c.long, days(2))
			}
			c.store(evidence{crls: []list{{c.pki.Root, testpki.CRL{ThisUpdate: days(5), Entries: revoked(c.pki.Intermediate.Certificate, days(4), 2)}}}})
		}
	}
	return []trial{
		{"verdict-revoked.pdf", day(days(4), days(5)), []judgement{{"a content time stamp proves that it was signed when the certificate had been revoked", "5.3.4",
			"", judged(days(6)), intact(archived.is(verify.Revoked).since(days(5)).with("content", "signature"))}}},
		{"verdict-revoked-near.pdf", day(instant, instant), []judgement{{"stamped a second before the certificate was revoked, content and signature", "5.3.4",
			verify.Revoked, judged(days(6)), intact(archived.since(instant).with("content", "signature"))}}},
		{"verdict-revoked-no-poe.pdf", day(time.Time{}, days(4)), []judgement{{"stamped in the second in which the certificate was revoked", "5.2.6, 5.6.2.4",
			"", judged(days(6)), intact(archived.is(verify.RevokedNoPOE).since(days(4)).with("signature"))}}},
		{"verdict-revoked-no-poe-near.pdf", day(time.Time{}, instant), []judgement{{"stamped a second before the certificate was revoked", "5.2.6, 5.6.2.4",
			verify.RevokedNoPOE, judged(days(6)), intact(archived.since(instant).with("signature"))}}},
		{"verdict-revoked-ca-no-poe.pdf", authority(false), []judgement{{"the authority was revoked after the signature was stamped, and nothing proves that the evidence is older", "5.2.6, 5.6.2.2",
			"", judged(days(6)), intact(archived.is(verify.RevokedCANoPOE).since(hours(1)).with("signature"))}}},
		{"verdict-revoked-ca-no-poe-near.pdf", authority(true), []judgement{{"the authority was revoked after a document time stamp over all evidence", "5.2.6, 5.6.2.2",
			verify.RevokedCANoPOE, judged(days(6)), intact(archived.since(hours(1)).with("signature"), archived)}}},
	}
}

// ofValidity are signatures outside the validity period of a certificate.
func ofValidity() []trial {
	end := days(30)
	stamped := func(evidence, content, value time.Time) func(c *chronicle) {
		return func(c *chronicle) {
			s := approval{by: c.monthly}
			if !content.IsZero() {
				s.content = []stamp{{c.long, content}}
			}
			if !value.IsZero() {
				s.value = []stamp{{c.long, value}}
			}
			c.sign(s)
			c.store(c.ltv(evidence))
		}
	}
	listed := func(value time.Time) func(c *chronicle) {
		return func(c *chronicle) {
			s := approval{by: c.monthly}
			if !value.IsZero() {
				s.value = []stamp{{c.long, value}}
			}
			c.sign(s)
			e := c.ltv(days(31))
			e.crls[1].Extensions = append(e.crls[1].Extensions, testpki.ExpiredCertsOnCRL(years(-1)))
			c.store(e)
		}
	}
	begin := func(at time.Time) func(c *chronicle) {
		return func(c *chronicle) {
			c.sign(approval{value: []stamp{{c.long, at}}})
			c.store(c.ltv(days(-1)))
		}
	}
	second := time.Second
	return []trial{
		{"verdict-expired.pdf", stamped(days(29), end.Add(second), time.Time{}), []judgement{{"a content time stamp proves that it was signed a second after the certificate had expired", "5.3.4",
			"", judged(days(32)), intact(archived.is(verify.Expired).with("content"))}}},
		{"verdict-expired-near.pdf", stamped(days(29), end, end), []judgement{{"stamped in the last second of the certificate, content and signature", "5.3.4",
			verify.Expired, judged(days(32)), intact(archived.since(end).with("content", "signature"))}}},
		{"verdict-out-of-bounds-no-poe.pdf", stamped(days(23), time.Time{}, time.Time{}), []judgement{
			{"judged a second after the certificate has expired, and the evidence about it", "5.2.6", "", judged(end.Add(second)), intact(archived.is(verify.OutOfBoundsNoPOE))},
			{"judged in the last second of the certificate, and of the evidence about it", "5.2.6", verify.OutOfBoundsNoPOE, judged(end), intact(archived)},
		}},
		{"verdict-out-of-bounds-not-revoked.pdf", listed(time.Time{}), []judgement{{"expired, and a list that keeps expired certificates does not name it", "5.2.6",
			"", judged(days(32)), intact(archived.is(verify.OutOfBoundsNotRevoked))}}},
		{"verdict-out-of-bounds-not-revoked-near.pdf", listed(end), []judgement{{"expired, not on a list that keeps expired certificates, and stamped in time", "5.2.6, 5.5.4",
			verify.OutOfBoundsNotRevoked, judged(days(32)), intact(archived.since(end).with("signature"))}}},
		{"verdict-not-yet-valid.pdf", begin(days(-1).Add(-second)), []judgement{{"stamped a second before the certificate became valid", "5.5.4",
			"", judged(days(4)), intact(archived.is(verify.NotYetValid).since(days(-1).Add(-second)).with("signature"))}}},
		{"verdict-not-yet-valid-near.pdf", begin(days(-1)), []judgement{{"stamped in the first second of the certificate", "5.5.4",
			verify.NotYetValid, judged(days(4)), intact(archived.since(days(-1)).with("signature"))}}},
	}
}

// ofEvidence are signatures whose evidence of revocation has grown old.
func ofEvidence() []trial {
	fresh := days(8) // until then
	answered := func(c *chronicle) {
		c.sign(approval{by: c.answered})
		e := c.ltv(days(1))
		e.crls[0].NextUpdate, e.crls = days(60), slices.Delete(e.crls, 1, 2)
		e.ocsps = []*testpki.OCSP{{ProducedAt: days(1), Certificates: c.responder.Chain[:1], Responses: []testpki.OCSPSingle{
			{Certificate: c.answered.Certificate, Issuer: c.pki.Intermediate.Certificate, ThisUpdate: days(1), NextUpdate: days(60)}}}}
		c.store(e)
	}
	return []trial{
		{"verdict-try-later.pdf", func(c *chronicle) {
			c.sign(approval{})
			c.store(c.ltv(days(1)))
		}, []judgement{
			{"judged a second after the evidence should have been replaced", "5.2.5", "", judged(fresh.Add(time.Second)), intact(archived.is(verify.TryLater))},
			{"judged in the last second for which the evidence is fresh", "5.2.5", verify.TryLater, judged(fresh), intact(archived)},
		}},
		{"verdict-revocation-out-of-bounds-no-poe.pdf", answered, []judgement{
			{"judged a second after the certificate of the OCSP responder has expired", "5.2.6", "", judged(days(30).Add(time.Second)), intact(archived.is(verify.RevocationOutOfBoundsNoPOE))},
			{"judged in the last second of the certificate of the OCSP responder", "5.2.6", verify.RevocationOutOfBoundsNoPOE, judged(days(30)), intact(archived)},
		}},
	}
}

// ofChains are signatures by certificates without a path, or with one that does not hold.
func ofChains() []trial {
	by := func(id func(c *chronicle) *testpki.Identity) func(c *chronicle) {
		return func(c *chronicle) {
			c.sign(approval{by: id(c)})
			c.store(c.ltv(days(1)))
		}
	}
	signer := by(func(c *chronicle) *testpki.Identity { return c.signer })
	strangers := judged(days(2))
	strangers.Anchors = []string{StampRoot}
	ended := func(at time.Time) *Conditions {
		c := judged(at)
		c.AnchorEnds = map[string]time.Time{SignRoot: days(4)}
		return c
	}
	return []trial{
		{"verdict-chain.pdf", signer, []judgement{
			{"nobody trusts the root of the signer", "5.2.6", "", strangers, intact(archived.is(verify.NoCertificateChainFound))},
			{"the root of the signer is trusted", "5.2.6", verify.NoCertificateChainFound, judged(days(2)), intact(archived)},
			{"judged from the day on which the root is not trusted any more", "5.2.6", "", ended(days(4)), intact(archived.is(verify.NoCertificateChainFoundNoPOE))},
			{"judged a second before the root is not trusted any more", "5.2.6", verify.NoCertificateChainFoundNoPOE, ended(days(4).Add(-time.Second)), intact(archived)},
			{"the certificate of the signer may sign", "5.2.6", verify.ChainConstraintsFailure, judged(days(2)), intact(archived)},
			{"the certificate of the signer is as its issuer signed it", "5.2.6", verify.ChainGeneralFailure, judged(days(2)), intact(archived)},
		}},
		{"verdict-chain-constraints-failure.pdf", by(func(c *chronicle) *testpki.Identity { return c.encipher }), []judgement{
			{"the certificate of the signer is for the encipherment of keys", "5.2.6", "", judged(days(2)), intact(archived.is(verify.ChainConstraintsFailure))}}},
		{"verdict-chain-general-failure.pdf", by(func(c *chronicle) *testpki.Identity { return c.forged }), []judgement{
			{"the issuer did not sign the certificate of the signer", "5.2.6", "", judged(days(2)), intact(archived.is(verify.ChainGeneralFailure))}}},
	}
}

// ofAlgorithms are signatures by a key of RSA-2048, which is good until 2029.
func ofAlgorithms() []trial {
	end := time.Date(2029, 1, 1, 0, 0, 0, 0, time.UTC)
	last := end.Add(-time.Second)
	at := func(content, value time.Time) func(c *chronicle) {
		return func(c *chronicle) {
			s := approval{by: c.rsa}
			if !content.IsZero() {
				s.content, s.value = []stamp{{c.long, content}}, []stamp{{c.long, value}}
			}
			c.sign(s)
			c.store(c.ltv(last.AddDate(0, 0, -1)))
		}
	}
	return []trial{
		{"verdict-crypto-constraints-failure.pdf", at(end, end), []judgement{{"a content time stamp proves that it was signed when the key was too weak", "5.3.4, 5.2.8",
			"", judged(end.AddDate(0, 0, 1)), intact(archived.is(verify.CryptoConstraintsFailure).since(end).with("content", "signature"))}}},
		{"verdict-crypto-constraints-failure-near.pdf", at(last, last), []judgement{{"stamped a second before the key was too weak, content and signature", "5.3.4, 5.2.8",
			verify.CryptoConstraintsFailure, judged(end.AddDate(0, 0, 1)), intact(archived.since(last).with("content", "signature"))}}},
		{"verdict-crypto-constraints-failure-no-poe.pdf", at(time.Time{}, time.Time{}), []judgement{
			{"judged from the second on in which the key is too weak", "5.2.8", "", judged(end), intact(archived.is(verify.CryptoConstraintsFailureNoPOE))},
			{"judged a second before the key is too weak", "5.2.8", verify.CryptoConstraintsFailureNoPOE, judged(last), intact(archived)},
		}},
	}
}

// signaturePolicy names one.
const signaturePolicy = "1.2.3.4.5"

// ofPolicies are signatures that name a signature policy.
func ofPolicies() []trial {
	naming := func(value any) func(c *chronicle) {
		return func(c *chronicle) {
			der, err := asn1.Marshal(value)
			if c.err == nil {
				c.err = err
			}
			c.sign(approval{attributes: []cms.Attribute{{Type: cms.OIDSignaturePolicy, Values: [][]byte{der}}}})
			c.store(c.ltv(days(1)))
		}
	}
	type hash struct {
		Algorithm struct{ ID asn1.ObjectIdentifier }
		Value     []byte
	}
	type policy struct {
		ID   asn1.ObjectIdentifier
		Hash hash
	}
	id, _ := parseOID(signaturePolicy)
	named := policy{ID: id, Hash: hash{Value: make([]byte, 32)}}
	named.Hash.Algorithm.ID = oidSHA256
	knowing := func(list ...string) *Conditions {
		c := judged(days(2))
		c.KnownPolicies = list
		return c
	}
	return []trial{
		{"verdict-policy.pdf", naming(named), []judgement{
			{"names a signature policy, and another one is known", "5.2.4", "", knowing("1.2.3.4.6"), intact(archived.is(verify.SignaturePolicyNotAvailable))},
			{"names a signature policy that is known", "5.2.4", verify.SignaturePolicyNotAvailable, knowing("1.2.3.4.6", signaturePolicy), intact(archived)},
			{"names a signature policy as it must be named", "5.2.4", verify.PolicyProcessingError, judged(days(2)), intact(archived)},
		}},
		{"verdict-policy-processing-error.pdf", naming(asn1.RawValue{Tag: asn1.TagInteger, Bytes: []byte{7}}), []judgement{
			{"the attribute that names the signature policy cannot be read", "5.2.4", "", judged(days(2)), intact(archived.is(verify.PolicyProcessingError))}}},
	}
}

// ofProofs are signatures whose time stamps contradict each other or come too late.
func ofProofs() []trial {
	ordered := func(content, value time.Time) func(c *chronicle) {
		return func(c *chronicle) {
			c.sign(approval{content: []stamp{{c.long, content}}, value: []stamp{{c.long, value}}})
			c.store(c.ltv(days(1)))
		}
	}
	old := func(evidenceFirst bool) func(c *chronicle) {
		return func(c *chronicle) {
			c.sign(approval{})
			if evidenceFirst {
				c.store(c.ltv(days(1)))
			}
			c.stamp(c.long, days(2))
			if !evidenceFirst {
				c.store(c.ltv(days(1)))
			}
		}
	}
	later := years(12)
	return []trial{
		{"verdict-timestamp-order-failure.pdf", ordered(hours(2).Add(time.Second), hours(2)), []judgement{{"the content was stamped a second after the signature that covers it", "5.5.4",
			"", judged(days(2)), intact(archived.is(verify.TimestampOrderFailure).since(hours(2)).with("content", "signature"))}}},
		{"verdict-timestamp-order-failure-near.pdf", ordered(hours(2), hours(2)), []judgement{{"the content was stamped in the same second as the signature that covers it", "5.5.4",
			verify.TimestampOrderFailure, judged(days(2)), intact(archived.since(hours(2)).with("content", "signature"))}}},
		{"verdict-no-poe.pdf", old(false), []judgement{{"expired, and the evidence was added behind the document time stamp", "5.6.2.2",
			"", judged(later), intact(archived.is(verify.NoPOE).since(days(2)), archived)}}},
		{"verdict-no-poe-near.pdf", old(true), []judgement{{"expired, and a document time stamp covers signature and evidence", "5.6.2.2",
			verify.NoPOE, judged(later), intact(archived.since(days(2)), final)}}},
	}
}
