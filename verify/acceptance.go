package verify

import (
	"time"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// accept is the building block "signature acceptance validation" (EN 319
// 102-1, 5.2.8): constraints on attributes, and on algorithms at the time of
// the judgement.
func (f *file) accept(c *candidate) conclusion {
	if c.signer == nil {
		return passed // nothing to look at, and other blocks have said so
	}
	if verdict := c.acceptAttributes(); verdict != passed {
		return verdict
	}
	own, chain := c.acceptAlgorithms(f.at), c.acceptPath(f.at)
	if own == passed {
		return chain
	}
	return own
}

// acceptAttributes holds the signed attributes against PAdES: the attribute that
// binds the signer's certificate is demanded, other departures are reported.
func (c *candidate) acceptAttributes() conclusion {
	s := c.signed()
	if s.SubFilter != sigdict.SubFilterCAdES {
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

// acceptPath refuses certificates below the anchor that were signed with what
// was too weak at a time: others than their issuer may have made them.
func (c *candidate) acceptPath(at time.Time) conclusion {
	verdict := passed
	if c.path == nil {
		return verdict
	}
	for _, w := range c.path.Weaknesses() {
		if at.Before(w.Until) {
			continue
		}
		c.add("acceptance.weak-path", c.at(), w.Name, w.Certificate.Subject.String(), w.Until.Format(time.DateOnly))
		verdict = conclusion{Indeterminate, CryptoConstraintsFailure}
	}
	return verdict
}

// acceptAlgorithms refuses what was too weak at a time, of the signature itself.
func (c *candidate) acceptAlgorithms(at time.Time) conclusion {
	verdict := passed
	if c.cert == nil || c.cert.PublicKey == nil {
		return verdict
	}
	var list []algorithm.Weakness
	if a, err := c.signer.Algorithm(); err == nil {
		list = algorithm.Weak(algorithm.Signature{Scheme: a.Scheme, Hash: algorithm.Hash(a.Hash)}, c.cert.PublicKey)
	}
	hashes := []cms.Hash{c.hash} // of the ByteRange: with adbe.pkcs7.sha1 not that of the CMS
	if hash, err := c.signer.DigestHash(); err == nil {
		hashes = append(hashes, hash)
	}
	for _, hash := range hashes {
		if w, weak := algorithm.WeakHash(hash); weak {
			list = append(list, w)
		}
	}
	seen := make(map[string]bool)
	for _, w := range list {
		if seen[w.Name] || at.Before(w.Until) {
			continue
		}
		seen[w.Name] = true
		c.add("acceptance.weak", c.at(), w.Name, w.Until.Format(time.DateOnly))
		verdict = conclusion{Indeterminate, CryptoConstraintsFailure}
	}
	return verdict
}
