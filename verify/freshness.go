package verify

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/algorithm"
)

// freshness answers about revocation from the evidence at hand, with the revocation
// freshness checker (EN 319 102-1, 5.2.5): the policy says how old evidence about the
// certificate in question may be; that about authorities, who publish less often, is
// fresh by its own words.
type freshness struct {
	file *file
	// purpose is that of the certificate in question, as against signers of evidence.
	purpose certificate.Purpose
	// provenBy, if not zero, leaves aside what is not proven to have existed then.
	provenBy time.Time
}

// CheckRevocation implements certificate.RevocationChecker.
func (r freshness) CheckRevocation(ctx context.Context, q *certificate.RevocationQuery) certificate.Revocation {
	f := r.file
	c := revocation.Checker{Set: f.evidence, Now: f.now, ProvenBy: r.provenBy, Certificates: f.shared}
	if q.Leaf && q.Purpose == r.purpose {
		c.MaxAge = f.policy.MaxRevocationAge
	}
	return c.CheckRevocation(ctx, q)
}

// evidenceOf returns what an answer about revocation rests on; nil where it rests on
// nothing.
func evidenceOf(answer certificate.Revocation) *revocation.Answer {
	known, ok := answer.Evidence.(*revocation.Answer)
	if !ok || known.Evidence == nil || known.Signer == nil {
		return nil
	}
	return known
}

// weakEvidence lists what has an end of the algorithms by which evidence was signed and
// its signer certified, and names the evidence among the proofs of existence.
func (f *file) weakEvidence(known *revocation.Answer) ([]algorithm.Weakness, proofID) {
	signature, err := algorithm.ParseSignature(known.SignatureAlgorithm)
	if err != nil {
		return nil, proofID{}
	}
	list := f.policy.Algorithms.Weak(signature, known.Signer.PublicKey)
	for _, need := range known.Needs {
		if need.Met && need.Evidence == known.Evidence {
			list = append(list, f.weakSigner(need)...)
		}
	}
	if len(list) == 0 {
		return nil, proofID{}
	}
	return list, sha256.Sum256(known.Evidence.Raw)
}

// weakSigner lists what has an end of the algorithms by which a signer of evidence that
// is not the issuer was certified: others may have made its certificate.
func (f *file) weakSigner(need revocation.Need) []algorithm.Weakness {
	var list []algorithm.Weakness
	if need.Path != nil {
		for _, w := range need.Path.WeaknessesBy(f.policy.Algorithms) {
			list = append(list, algorithm.Weakness{Name: w.Name, Until: w.Until})
		}
		return list
	}
	signature, err := algorithm.ParseSignature(need.Certificate.SignatureAlgorithm)
	if err != nil || need.Issuer == nil {
		return nil
	}
	return f.policy.Algorithms.Weak(signature, need.Issuer.PublicKey)
}
