package verify

import (
	"bytes"
	"crypto/sha1"
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
// stamp over those.
func (f *file) level(c *candidate) string {
	if c.isTimestamp() {
		return "TIMESTAMP"
	}
	if c.signer == nil {
		return ""
	}
	family := "PKCS7-"
	if c.signed().SubFilter == sigdict.SubFilterCAdES {
		family = "PAdES-B-"
	}
	if !f.isStamped(c) {
		return family + "B"
	}
	revision := f.validationData(c)
	switch {
	case revision == 0:
		return family + "T"
	case f.stampedSince(revision):
		return family + "LTA"
	}
	return family + "LT"
}

// isStamped tells whether a time stamp covers the signature: one in the CMS, or
// a later document time stamp.
func (f *file) isStamped(c *candidate) bool {
	return c.signer.UnsignedAttributes.Find(cms.OIDSignatureTimeStamp) != nil || f.stampedSince(c.revision+1)
}

// stampedSince tells whether that revision or a later one closes with a document
// time stamp.
func (f *file) stampedSince(revision int) bool {
	return slices.ContainsFunc(f.candidates, func(c *candidate) bool {
		return c.isTimestamp() && c.closes && c.revision >= revision && c.cms != nil && typeAgrees(c.signed())
	})
}

// validationData returns the first revision whose security store, or whose
// signature value itself, holds revocation values for the signer; 0 where none does.
func (f *file) validationData(c *candidate) int {
	if c.signer.SignedAttributes.Find(cms.OIDRevocationArchival) != nil {
		return c.revision
	}
	if c.cert == nil {
		return 0
	}
	sum := sha1.Sum(c.signed().Contents.Value)
	key := strings.ToUpper(hex.EncodeToString(sum[:]))
	for r := c.revision; r <= len(f.pdf.Revisions); r++ {
		store := f.store(r)
		if store == nil {
			continue
		}
		if v, ok := store.Related[key]; ok && len(v.OCSPs)+len(v.CRLs) > 0 {
			return r
		}
		if f.concerns(store, c) {
			return r
		}
	}
	return 0
}

// store returns the security store of a revision, nil where there is none.
func (f *file) store(revision int) *sigdict.Store {
	s, done := f.stores[revision]
	if !done {
		s, _ = sigdict.ReadStore(f.pdf.View(revision))
		f.stores[revision] = s
	}
	return s
}

// evidence is one item of the store, held against one certificate.
type evidence struct {
	ref  pdf.Reference
	cert *certificate.Certificate
}

// concerns tells whether a store holds revocation values about the signer: an
// OCSP response with its serial number, or a list of its issuer. What they say,
// and whether they are genuine, is for the validation of the path.
func (f *file) concerns(store *sigdict.Store, c *candidate) bool {
	return f.contains(store, store.OCSPs, c.cert, c.cert.SerialNumber.Bytes()) ||
		f.contains(store, store.CRLs, c.cert, c.cert.RawIssuer)
}

// contains tells whether any item of the store holds those bytes. Every item is
// searched once for a certificate, and all searches of a file are bounded.
func (f *file) contains(store *sigdict.Store, items []pdf.Reference, cert *certificate.Certificate, mark []byte) bool {
	if len(mark) == 0 {
		return false
	}
	for _, ref := range items {
		e := evidence{ref, cert}
		found, done := f.seen[e]
		if !done && f.searched < maxEvidence {
			der, err := store.Value(ref)
			f.searched += len(der)
			found = err == nil && bytes.Contains(der, mark)
			f.seen[e] = found
		}
		if found {
			return true
		}
	}
	return false
}
