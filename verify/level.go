package verify

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// level names what the structure holds (EN 319 142-1, 6; plain ISO signatures
// get names of the same shape), whether or not it is valid or trusted:
// a signature, a time stamp for it, validation data for it, a document time
// stamp over those. With proven only time stamps count that passed.
func (f *file) level(c *candidate, proven bool) string {
	if c.isTimestamp() {
		return "TIMESTAMP"
	}
	if c.signer == nil {
		return ""
	}
	if f.bare {
		return bareLevel(c, proven)
	}
	family := "PKCS7-"
	if c.signed().SubFilter == sigdict.SubFilterCAdES {
		family = "PAdES-B-"
	}
	if !f.isStamped(c, proven) {
		return family + "B"
	}
	first, last := f.validationData(c)
	switch {
	case first == 0:
		return family + "T"
	case f.stampedSince(last, proven), !proven && f.stampedSince(first, false), proven && f.isProtected(c, first):
		return family + "LTA"
	}
	return family + "LT"
}

// isProtected tells whether a document time stamp that passed covers evidence about every
// certificate of the signer's path that was good enough at the best signature time. More
// may have been added after it, for later time stamps.
func (f *file) isProtected(c *candidate, since int) bool {
	if c.final == nil || !c.final.isPassed() || c.final.path == nil {
		return false
	}
	path := c.final.path.Certificates
	return slices.ContainsFunc(f.documentTimestamps, func(t *timestamp) bool {
		if t.owner.revision < since || !t.passed() {
			return false
		}
		covered := freshness{file: f, purpose: certificate.Signing, provenBy: t.token.Time}
		for i := range path[:len(path)-1] {
			answer := covered.CheckRevocation(f.ctx, &certificate.RevocationQuery{
				Certificate: path[i], Path: path[i+1:], Time: f.proofs.of(c.self.value), Purpose: certificate.Signing, Leaf: i == 0,
			})
			if answer.Status != certificate.RevocationGood && answer.Status != certificate.RevocationNotNeeded {
				return false
			}
		}
		return true
	})
}

// isStamped tells whether a time stamp covers the signature: one in the CMS, or
// a later document time stamp.
func (f *file) isStamped(c *candidate, proven bool) bool {
	return hasTimestamp(c, proven) || f.stampedSince(c.revision+1, proven)
}

// hasTimestamp tells whether a time stamp over the signature value stands in the CMS.
func hasTimestamp(c *candidate, proven bool) bool {
	if proven {
		return slices.ContainsFunc(c.timestamps, func(t *timestamp) bool { return t.kind == signatureTimestamp && t.passed() })
	}
	return c.signer.UnsignedAttributes.Find(cms.OIDSignatureTimeStamp) != nil
}

// stampedSince tells whether that revision or a later one closes with a document
// time stamp.
func (f *file) stampedSince(revision int, proven bool) bool {
	if proven {
		return slices.ContainsFunc(f.documentTimestamps, func(t *timestamp) bool { return t.owner.revision >= revision && t.passed() })
	}
	return slices.ContainsFunc(f.candidates, func(c *candidate) bool {
		return c.isTimestamp() && c.closes && c.revision >= revision && c.cms != nil && typeAgrees(c.signed())
	})
}

// validationData returns the first revision whose security store, or whose
// signature value itself, holds revocation values for the signer, and the last
// one that added any; 0 where none does. Where a later store lost one, the first is the
// last as well: what is there now came in place of it.
func (f *file) validationData(c *candidate) (first, last int) {
	if c.signer.SignedAttributes.Find(cms.OIDRevocationArchival) != nil {
		first, last = c.revision, c.revision
	}
	if c.cert == nil {
		return first, last
	}
	key := ""
	have := make(map[[sha256.Size]byte]int) // the newest store that holds it, by its revision
	newest := 0
	seen := make(map[pdf.Reference]*sigdict.Store)
	for r := c.revision; r <= len(f.pdf.Revisions); r++ {
		store := f.store(r)
		if store == nil || r > c.revision && store == f.store(r-1) || f.searched > maxEvidence {
			continue
		}
		newest = r
		if key == "" && len(store.Related) > 0 {
			key = relatedKey(c.signed().Contents.Value)
		}
		for _, ref := range f.evidenceFor(store, c, key) {
			if seen[ref] == store {
				continue
			}
			seen[ref] = store
			der, err := store.Value(ref)
			if f.searched += len(der) + 1; err != nil || f.searched > maxEvidence {
				continue
			}
			sum := sha256.Sum256(der)
			if have[sum] == 0 {
				if last = r; first == 0 {
					first = r
				}
			}
			have[sum] = r
		}
	}
	for _, r := range have {
		if r < newest {
			return last, last
		}
	}
	return first, last
}

// relatedKey is the name of a signature value in the VRI dictionary: its SHA-1 (ISO
// 32000-2, 12.8.4.4).
func relatedKey(value []byte) string {
	sum := sha1.Sum(value)
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// evidenceFor returns the revocation values of a store that concern a signature:
// those listed for it, and all others about its signer.
func (f *file) evidenceFor(store *sigdict.Store, c *candidate, key string) []pdf.Reference {
	listed := store.Related[key]
	out := slices.Concat(listed.OCSPs, listed.CRLs)
	for _, ref := range store.OCSPs {
		if f.contains(store, ref, c.cert, c.cert.SerialNumber.Bytes()) {
			out = append(out, ref)
		}
	}
	for _, ref := range store.CRLs {
		if f.contains(store, ref, c.cert, c.cert.RawIssuer) {
			out = append(out, ref)
		}
	}
	return out
}

// store returns the security store of a revision, nil where there is none.
func (f *file) store(revision int) *sigdict.Store {
	if f.stores == nil {
		f.readStores()
	}
	return f.stores[revision-1]
}

// readStores reads the security stores of all revisions. Revisions that leave one alone
// share one reading.
func (f *file) readStores() {
	f.stores = make([]*sigdict.Store, len(f.pdf.Revisions))
	var last *sigdict.Store
	for i, work := 0, 0; i < len(f.stores); i++ {
		if r := i + 1; last == nil || f.touchesStore(r, last) {
			if f.storesCut = work > maxStoreWork; f.storesCut {
				return
			}
			// A catalog that cannot be read, which judgeChanges tells, names no store.
			if last, _ = sigdict.ReadStore(f.pdf.View(r)); last != nil {
				work += last.Work
			}
		}
		f.stores[i] = last
	}
}

// touchesStore tells whether a revision writes anything that reading the store
// of the one before it visited.
func (f *file) touchesStore(revision int, store *sigdict.Store) bool {
	root := f.pdf.View(revision - 1).Trailer().Get("Root")
	for _, i := range f.pdf.Revisions[revision-1].Sections {
		section := f.pdf.Sections[i]
		if section.Trailer.Get("Root") != root {
			return true
		}
		catalog := rootOf(section)
		for e := range section.Entries() {
			if store.Touched[e.Number] || e.Number == catalog {
				return true
			}
		}
	}
	return false
}

func rootOf(section *pdf.Section) int64 {
	ref, _ := section.Trailer.Get("Root").(pdf.Reference)
	return ref.Number
}

// held is one item of the store, held against one certificate.
type held struct {
	ref  pdf.Reference
	cert *certificate.Certificate
}

// contains tells whether an item of the store holds those bytes: an OCSP response
// the serial number of the signer, a list the name of its issuer. What they say,
// and whether they are genuine, is for the validation of the path. Every item is
// searched once for a certificate, and all searches of a file are bounded.
func (f *file) contains(store *sigdict.Store, ref pdf.Reference, cert *certificate.Certificate, mark []byte) bool {
	if len(mark) == 0 {
		return false
	}
	e := held{ref, cert}
	found, done := f.seen[e]
	f.searched++
	if !done && f.searched < maxEvidence {
		der, err := store.Value(ref)
		f.searched += 4*lookupCost + len(der)
		found = err == nil && bytes.Contains(der, mark)
		if f.seen == nil {
			f.seen = make(map[held]bool)
		}
		f.seen[e] = found
	}
	return found
}
