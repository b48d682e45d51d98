package verify

import (
	"time"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// acceptAttributes is the part of signature acceptance validation (EN 319 102-1,
// 5.2.8) that holds the signed attributes against PAdES: the attribute that binds the
// signer's certificate is demanded, other departures are reported.
func (c *candidate) acceptAttributes() conclusion {
	s := c.signed()
	if c.signer == nil || s.SubFilter != sigdict.SubFilterCAdES {
		return passed
	}
	attributes := c.signer.SignedAttributes
	if attributes.Find(cms.OIDSigningTime) != nil {
		c.add("acceptance.signing-time", c.at())
	}
	if s.HasCert {
		c.add("dictionary.cert-entry", c.at())
	}
	if s.Reason != "" && (attributes.Find(cms.OIDCommitmentType) != nil || attributes.Find(cms.OIDSignaturePolicy) != nil) {
		c.add("acceptance.reason", c.at())
	}
	if attributes.Find(cms.OIDSigningCertificateV2) == nil && attributes.Find(cms.OIDSigningCertificate) == nil {
		c.add("acceptance.no-certificate", c.at())
		return conclusion{Indeterminate, SigConstraintsFailure}
	}
	return passed
}

// acceptAlgorithms is the part of signature acceptance validation that refuses what
// was too weak at a time, of the signature itself; nil where nothing was.
func (f *file) acceptAlgorithms(s *signed, at time.Time) (o *outcome) {
	if s.cert == nil || s.cert.PublicKey == nil {
		return nil
	}
	for _, w := range f.weaknessesOf(s) {
		if at.Before(w.Until) {
			continue
		}
		if o == nil {
			o = &outcome{conclusion: passed, at: at}
		}
		o.weak = append(o.weak, weakness{w.Until, s.value})
		o.fail(s, conclusion{Indeterminate, CryptoConstraintsFailureNoPOE}, "acceptance.weak", w.Name, w.Until.Format(time.DateOnly))
	}
	return o
}

// weaknessesOf lists what of the algorithms of a signature has an end, each once.
func (f *file) weaknessesOf(s *signed) []algorithm.Weakness {
	var list []algorithm.Weakness
	add := func(w algorithm.Weakness) {
		for _, known := range list {
			if known.Name == w.Name {
				return
			}
		}
		list = append(list, w)
	}
	policy := f.policy.Algorithms
	if a, err := s.signer.Algorithm(); err == nil {
		for _, w := range policy.Weak(algorithm.Signature{Scheme: a.Scheme, Hash: algorithm.Hash(a.Hash)}, s.cert.PublicKey) {
			add(w)
		}
	}
	addHash := func(hash cms.Hash) {
		if w, weak := policy.WeakHash(hash); weak {
			add(w)
		}
	}
	for _, hash := range s.hashes {
		addHash(hash)
	}
	if hash, err := s.signer.DigestHash(); err == nil {
		addHash(hash)
	}
	return list
}
