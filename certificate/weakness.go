package certificate

import (
	"time"

	"github.com/inkan-go/inkan/internal/algorithm"
)

// Weakness is an algorithm or a size of key in a path for which a policy names an
// end. Whether it counts depends on the time that is proven for what the
// key signed, and is for the caller to decide.
type Weakness struct {
	Certificate *Certificate // the one that was signed so; of a key, the one that holds it
	Depth       int          // its place in the path, 0 is the leaf
	Name        string       // "SHA-1", "RSA with 1024 bits"
	Until       time.Time    // the first day on which it is no longer acceptable
}

// Weaknesses lists what is weak about the signatures below the anchor, made with
// the keys of their issuers, and about the key of the leaf. The signature of the
// anchor is not used and not looked at.
func (p *Path) Weaknesses() []Weakness { return p.WeaknessesBy(nil) }

// WeaknessesBy is [Path.Weaknesses] by another policy than ETSI TS 119 312, which nil
// stands for.
func (p *Path) WeaknessesBy(policy *AlgorithmPolicy) []Weakness {
	var list []Weakness
	for i, c := range p.Certificates {
		add := func(w algorithm.Weakness) {
			list = append(list, Weakness{Certificate: c, Depth: i, Name: w.Name, Until: w.Until})
		}
		if i == 0 {
			if w, ok := policy.WeakKey(algorithm.SchemeUnknown, c.PublicKey); ok {
				add(w)
			}
		}
		if i == len(p.Certificates)-1 {
			break
		}
		s, err := algorithm.ParseSignature(c.SignatureAlgorithm)
		if err != nil {
			continue
		}
		for _, w := range policy.Weak(s, p.Certificates[i+1].PublicKey) {
			add(w)
		}
	}
	return list
}
