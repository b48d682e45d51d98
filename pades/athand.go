package pades

import (
	"math"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// stored is evidence that the document holds, and where its bytes end in the file: a
// document time stamp that covers them proves that it existed.
type stored struct {
	evidence *revocation.Evidence
	end      int64
}

// nowhere is where bytes end that do not lie in the file as they are: no time stamp
// covers them.
const nowhere = math.MaxInt64

// atHand is what a document and its caller have of certificates and evidence.
type atHand struct {
	certificates []*certificate.Certificate
	stored       []stored
	given        []*revocation.Evidence

	parser        *certificate.Parser
	items, listed int
	proofs        int
}

// gatherAtHand reads what came inside signatures, and the security stores of all
// revisions, since a later one may have dropped what an earlier one had.
func gatherAtHand(f *pdf.File, list []*existing, s *services, certificates *certificate.Parser) *atHand {
	a := &atHand{parser: certificates}
	if s.evidence != nil {
		a.certificates = append(a.certificates, s.evidence.Certificates...)
		for _, e := range s.evidence.Given {
			if e != nil {
				a.given = append(a.given, e)
			}
		}
	}
	for _, e := range list {
		a.addSignature(e)
	}
	a.addStores(f)
	return a
}

// addStores reads the security stores of all revisions, the newest first.
func (a *atHand) addStores(f *pdf.File) {
	seen := make(map[*pdf.Indirect]bool)
	for r := len(f.Revisions); r > 0 && a.items < maxStored && a.listed < maxListed; r-- {
		view := f.View(r)
		store, err := sigdict.ReadStore(view)
		if err != nil || store == nil {
			continue
		}
		items := storeItems(store)
		a.listed += len(items)
		for _, ref := range items {
			o, err := view.Object(ref)
			if err != nil || seen[o] || a.items == maxStored {
				continue
			}
			seen[o] = true
			a.items++
			if der, err := store.Value(ref); err == nil {
				a.addStored(der, o)
			}
		}
	}
}

// addStored takes a value of a security store.
func (a *atHand) addStored(der []byte, o *pdf.Indirect) {
	if c, err := a.parser.Parse(der); err == nil {
		a.certificates = append(a.certificates, c)
		return
	}
	end := o.End
	if stream, ok := o.Value.(*pdf.Stream); ok {
		end = max(end, stream.Offset+stream.Length)
	}
	if o.Offset < 0 {
		end = nowhere
	}
	a.stored = append(a.stored, stored{&revocation.Evidence{Raw: der, Source: revocation.SourceDSS, Where: o.Ref.String()}, end})
}

// addSignature takes what came with a signature and with the time stamps in it.
func (a *atHand) addSignature(e *existing) {
	if e.data == nil {
		return
	}
	a.certificates = append(a.certificates, e.data.X509Certificates()...)
	for _, si := range e.data.SignerInfos {
		a.certificates = append(a.certificates, si.CertificateValues()...)
	}
	values := e.data.RevocationValues()
	for _, s := range e.tokens() {
		a.certificates = append(a.certificates, s.token.SignedData.X509Certificates()...)
		values = append(values, s.token.SignedData.RevocationValues()...)
	}
	end := e.dict.Contents.End
	if e.dict.Contents.Start < 0 {
		end = nowhere
	}
	for _, der := range values {
		a.stored = append(a.stored, stored{&revocation.Evidence{Raw: der, Source: revocation.SourceCMS, Where: e.field}, end})
	}
}

// proven notes in the set that what the first end bytes of the document hold existed at
// a time. What is not noted counts as younger than it is.
func (a *atHand) proven(set *revocation.Set, end int64, at time.Time) {
	for _, s := range a.stored {
		if s.end <= end && a.proofs < maxProofs {
			a.proofs++
			e := *s.evidence
			e.Proven = at
			set.Add(&e)
		}
	}
}

// addTo adds all evidence to a set, none of it proven to be older than now.
func (a *atHand) addTo(set *revocation.Set) {
	set.Add(a.given...)
	for _, s := range a.stored {
		set.Add(s.evidence)
	}
}
