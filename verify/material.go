package verify

import (
	"crypto/sha256"
	"maps"
	"slices"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// collect gathers what there is to validate signatures with: certificates and
// revocation values from the caller, from the security store of every revision
// (ISO 32000-2, 12.8.4.3; later ones may have dropped some) and from the signatures
// and time stamps themselves. None of it is trusted.
func (f *file) collect() {
	f.evidence = revocation.NewSet()
	for _, e := range f.options.Evidence {
		given := *e
		if given.Source == revocation.SourceUnknown {
			given.Source = revocation.SourceGiven
		}
		f.addHeld(&given)
	}
	f.shared = f.options.Certificates
	f.provable = slices.ContainsFunc(f.candidates, func(c *candidate) bool { return c.isTimestamp() || len(c.contentTokens) > 0 })
	if f.provable {
		f.exhibits = make([]exhibit, 0, 6*len(f.candidates)) // as many as there mostly are
	}
	f.collectStores()
	for _, c := range f.candidates {
		if c.self == nil {
			continue
		}
		at := span{c.signed().Contents.Start, c.signed().Contents.End}
		f.collectSigned(c.self, at)
		for _, t := range c.timestamps {
			if t.kind != documentTimestamp {
				f.collectSigned(t.signed, at)
			}
		}
	}
}

// collectSigned takes what a signature or a token carries with it.
func (f *file) collectSigned(s *signed, at span) {
	if f.provable {
		f.exhibits = append(f.exhibits, exhibit{id: s.value, at: at})
		for _, c := range s.others {
			f.exhibits = append(f.exhibits, exhibit{id: c.Fingerprint(), at: at})
		}
	}
	for _, raw := range s.data.RevocationValues() {
		f.addEvidence(raw, revocation.SourceCMS, "", at)
	}
}

// addHeld puts evidence into the set. What is judged as of a time that has passed is
// taken to have been at hand then.
func (f *file) addHeld(e *revocation.Evidence) {
	if e.Proven.IsZero() && f.at.Before(f.now) {
		e.Proven = f.at
	}
	_, _, _ = e.Read() // once for all copies; what cannot be read is known to the set
	f.evidence.Add(e)
}

// addEvidence puts a revocation value into the set.
func (f *file) addEvidence(raw []byte, source revocation.Source, where string, at span) {
	if f.collected += len(raw); f.collected > maxEvidence {
		return
	}
	e := &revocation.Evidence{Raw: raw, Source: source, Where: where}
	f.addHeld(e)
	f.exhibits = append(f.exhibits, exhibit{id: sha256.Sum256(raw), at: at, evidence: e})
}

// lookupCost is what it counts, in bytes of validation data, to look at an item.
const lookupCost = 16

// collectStores reads the security store of every revision. An object that several
// of them share is read once.
func (f *file) collectStores() {
	type place struct {
		number  int64
		section int
	}
	known := make(map[place]bool)
	for r := 1; r <= len(f.pdf.Revisions); r++ {
		store := f.store(r)
		if store == nil || r > 1 && store == f.store(r-1) {
			continue
		}
		view := f.pdf.View(r)
		fresh := func(ref pdf.Reference) bool {
			f.collected += lookupCost
			_, section, ok := view.Lookup(ref.Number)
			p := place{ref.Number, section}
			if !ok || known[p] || f.collected > maxEvidence {
				return false
			}
			known[p] = true
			return true
		}
		f.collectStore(view, store, fresh)
	}
}

// storedCertificates returns the certificates given and those of all security stores,
// which are read for it once.
func (f *file) storedCertificates() []*certificate.Certificate {
	if f.stored != nil {
		return f.stored
	}
	f.stored = append([]*certificate.Certificate{}, f.options.Certificates...)
	work, known := 0, make(map[[32]byte]bool)
	for r := 1; r <= len(f.pdf.Revisions); r++ {
		store := f.store(r)
		if store == nil || r > 1 && store == f.store(r-1) {
			continue
		}
		for _, ref := range store.Certificates {
			if work += lookupCost; work > maxEvidence {
				return f.stored
			}
			raw, err := store.Value(ref)
			work += len(raw)
			if err != nil {
				continue
			}
			if c, err := f.certificates.Parse(raw); err == nil && !known[c.Fingerprint()] {
				known[c.Fingerprint()] = true
				f.stored = append(f.stored, c)
			}
		}
	}
	return f.stored
}

// collectStore takes the items of one store that were not met before.
func (f *file) collectStore(view *pdf.View, store *sigdict.Store, fresh func(pdf.Reference) bool) {
	each := func(list []pdf.Reference, take func(raw []byte, ref pdf.Reference, at span)) {
		for _, ref := range list {
			if !fresh(ref) {
				continue
			}
			raw, err := store.Value(ref)
			if err != nil || len(raw) == 0 {
				continue
			}
			take(raw, ref, placeOf(view, ref))
		}
	}
	addCertificate := func(raw []byte, _ pdf.Reference, at span) {
		f.collected += len(raw)
		if c, err := f.certificates.Parse(raw); err == nil {
			f.shared = append(f.shared[:len(f.shared):len(f.shared)], c)
			f.exhibits = append(f.exhibits, exhibit{id: c.Fingerprint(), at: at})
		}
	}
	addEvidence := func(raw []byte, ref pdf.Reference, at span) {
		f.addEvidence(raw, revocation.SourceDSS, ref.String(), at)
	}
	each(store.Certificates, addCertificate)
	each(store.OCSPs, addEvidence)
	each(store.CRLs, addEvidence)
	for _, key := range slices.Sorted(maps.Keys(store.Related)) {
		related := store.Related[key]
		each(related.Certificates, addCertificate)
		each(related.OCSPs, addEvidence)
		each(related.CRLs, addEvidence)
	}
}

// placeOf returns where the bytes of an object lie: nowhere for one inside an object
// stream, which no stream with validation data can be.
func placeOf(view *pdf.View, ref pdf.Reference) span {
	o, err := view.Object(ref)
	if err != nil || o.Offset < 0 {
		return span{-1, -1}
	}
	end := o.End
	if stream, ok := o.Value.(*pdf.Stream); ok {
		end = max(end, stream.Offset+stream.Length)
	}
	return span{o.Offset, end}
}
