package certificate

import "hash/maphash"

// Purpose is what a trust anchor is trusted for, and what the leaf of a path is
// to be fit for.
type Purpose int

// The purposes. The zero value is none: no anchor serves it. The last two are
// purposes of leaves alone: who signs evidence of revocation is judged under the
// anchor of the path that it is evidence for ([RevocationQuery.SignerPath]).
const (
	PurposeNone  Purpose = iota
	Signing              // signatures of persons and organisations
	TimeStamping         // time-stamp tokens (RFC 3161)
	CRLSigning           // CRLs (RFC 5280, 6.3.3 f)
	OCSPSigning          // OCSP responses of a delegated responder (RFC 6960, 4.2.2.2)
)

// String returns "signing", "time stamping", "CRL signing", "OCSP signing" or "none".
func (p Purpose) String() string {
	switch p {
	case Signing:
		return "signing"
	case TimeStamping:
		return "time stamping"
	case CRLSigning:
		return "CRL signing"
	case OCSPSigning:
		return "OCSP signing"
	}
	return "none"
}

// Pool holds trust anchors, each for one or both purposes. An anchor is trusted
// because its holder put it here: neither its signature nor its validity period
// is asked. A nil Pool trusts nobody.
//
// A Pool may be read by any number of goroutines once nothing is added any more.
type Pool struct {
	anchors   []anchor
	seed      maphash.Seed
	bySubject map[uint64][]int // by Name.Hash
	byRaw     map[uint64][]int // by the hash of Raw
}

type anchor struct {
	certificate           *Certificate
	signing, timeStamping bool
}

// NewPool returns an empty pool.
func NewPool() *Pool { return &Pool{} }

// Add trusts the certificate for the given purposes, or for all purposes when
// none is given. Adding a certificate again adds the purposes.
func (p *Pool) Add(c *Certificate, purposes ...Purpose) {
	if len(purposes) == 0 {
		purposes = []Purpose{Signing, TimeStamping}
	}
	if p.bySubject == nil {
		p.seed, p.bySubject, p.byRaw = maphash.MakeSeed(), map[uint64][]int{}, map[uint64][]int{}
	}
	a := p.anchor(c)
	if a == nil {
		key := c.Subject.Hash(p.seed)
		p.bySubject[key] = append(p.bySubject[key], len(p.anchors))
		whole := maphash.Bytes(p.seed, c.Raw)
		p.byRaw[whole] = append(p.byRaw[whole], len(p.anchors))
		p.anchors = append(p.anchors, anchor{certificate: c})
		a = &p.anchors[len(p.anchors)-1]
	}
	for _, purpose := range purposes {
		switch purpose {
		case Signing:
			a.signing = true
		case TimeStamping:
			a.timeStamping = true
		}
	}
}

// AddPEM adds every certificate of a file in PEM, DER or PKCS#7, read as
// [ParsePEM] does, as [Pool.Add] does. On an error nothing is added.
func (p *Pool) AddPEM(data []byte, purposes ...Purpose) error {
	list, err := ParsePEM(data)
	if err != nil {
		return err
	}
	for _, c := range list {
		p.Add(c, purposes...)
	}
	return nil
}

// Len returns the number of anchors.
func (p *Pool) Len() int {
	if p == nil {
		return 0
	}
	return len(p.anchors)
}

// Contains tells whether the very certificate is an anchor for the purpose.
func (p *Pool) Contains(c *Certificate, purpose Purpose) bool {
	a := p.anchor(c)
	return a != nil && a.serves(purpose)
}

// named returns the anchors for the purpose whose subject is the name. raw is the same
// name in DER; the hashes are those under the seed of the pool.
func (p *Pool) named(hashes *nameHashes, raw []byte, name Name, purpose Purpose) (list []*Certificate) {
	take := func(a *anchor) {
		if c := a.certificate; a.serves(purpose) && sameName(raw, name, c.RawSubject, c.Subject) {
			list = append(list, c)
		}
	}
	switch n := p.Len(); {
	case n == 0:
	case n <= fewCandidates:
		for i := range p.anchors {
			take(&p.anchors[i])
		}
	default:
		for _, i := range p.bySubject[hashes.of(raw, name)] {
			take(&p.anchors[i])
		}
	}
	return list
}

func (p *Pool) anchor(c *Certificate) *anchor {
	if p.Len() <= fewCandidates {
		for i := range p.Len() {
			if p.anchors[i].certificate.Equal(c) {
				return &p.anchors[i]
			}
		}
		return nil
	}
	for _, i := range p.byRaw[maphash.Bytes(p.seed, c.Raw)] {
		if p.anchors[i].certificate.Equal(c) {
			return &p.anchors[i]
		}
	}
	return nil
}

func (a *anchor) serves(purpose Purpose) bool {
	return purpose == Signing && a.signing || purpose == TimeStamping && a.timeStamping
}
