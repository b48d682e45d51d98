package contract

import (
	"github.com/inkan-go/inkan/internal/changes"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// page writes the page of the certificate again, where its fonts were given, and compares it:
// what people read is then what the record says. The record must agree with itself, and be signed.
func (a *auditor) page() {
	if len(a.Fonts) == 0 || !a.whole || a.certifying() == Refuted {
		a.claim(min(Asserted, max(a.certifying(), Unverifiable)), whole(), "certificate.page-told")
		return
	}
	c := &Contract{Record: *a.record, Disclosure: a.Disclosure}
	for _, language := range []Language{Japanese, English} {
		o := (&CertificateOptions{Language: language, Fonts: a.Fonts, Zone: a.Zone}).withDefaults()
		page, err := c.page(&o)
		if err != nil {
			continue // a character that the fonts lack: it was not written with them
		}
		prefixes, err := digestPrefixes(a.Certificate, []int64{int64(len(page))})
		if err != nil || prefixes[int64(len(page))] != sum(page) {
			continue
		}
		if a.isLast(int64(len(page))) {
			a.claim(Proven, whole(), "certificate.page")
			return
		}
		a.claim(Refuted, whole(), "certificate.page-changed")
		return
	}
	a.claim(Unverifiable, whole(), "certificate.page-other")
}

// isLast tells whether the page that ends at an offset is the first revision of the certificate, and
// up to the platform's signature nothing but signatures was added, none of which shows anything.
// What comes later the signature itself forbids.
func (a *auditor) isLast(at int64) bool {
	file, err := a.opened(a.Certificate)
	if err != nil || file.Revisions[0].EndEOL != at && file.Revisions[0].End != at {
		return false
	}
	history := changes.NewHistory(file, func(revision int) *sigdict.Form {
		form, err := sigdict.Find(file.View(revision))
		if err != nil {
			return &sigdict.Form{}
		}
		return form
	})
	for r := 2; r <= a.certification().Revision; r++ {
		result := history.Compare(r)
		if result.Kind < changes.Form {
			return false
		}
		for _, c := range result.Changes {
			if c.What == changes.Filled || c.Visible {
				return false
			}
		}
	}
	return true
}
