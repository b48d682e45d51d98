package contract

import (
	"slices"
	"strings"
	"time"

	"github.com/inkan-go/inkan/internal/changes"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// page compares the page of the certificate with the record: where its fonts were given by
// writing it again, else by its text. The record must agree with itself, and be signed.
func (a *auditor) page() {
	if !a.whole || a.certifying() == Refuted {
		a.claim(min(Asserted, max(a.certifying(), Unverifiable)), ofContract(), "certificate.page-told")
		return
	}
	switch at := a.rewritten(); {
	case at > 0 && a.isLast(at):
		a.claim(Proven, ofContract(), "certificate.page")
		return
	case at > 0:
		a.claim(Refuted, ofContract(), "certificate.page-changed")
		return
	}
	s := &certificateSheet{view: a.certified}
	if err := s.read(); err != nil {
		a.claim(Refuted, ofContract(), "certificate.page-unread", err)
		return
	}
	zone, name := a.zoneOf(s)
	if zone == nil {
		a.claim(Unverifiable, ofContract(), "certificate.page-zone", name)
		return
	}
	want, words := expect(a.record, a.Disclosure, s.language(), zone)
	if d := s.compare(want); d != nil {
		a.claim(Refuted, ofContract(), "certificate.page-differs", d.where, shortened(d.shown), shortened(d.want))
		return
	}
	footer := func(page int) string {
		f := (&Contract{Record: *a.record}).footer(words, page, len(s.pages))
		return f.Left + f.Right
	}
	if page, what := s.foreign(want, footer); what != "" {
		a.claim(Refuted, ofContract(), "certificate.page-more", page, term(shortened(what)))
		return
	}
	// what glyphs look like is not looked at, and who makes the page chooses its fonts
	if slices.ContainsFunc(want, func(e expected) bool { return strings.Contains(e.text, withheld) }) {
		a.claim(Asserted, ofContract(), "certificate.page-text-withheld")
		return
	}
	a.claim(Asserted, ofContract(), "certificate.page-text")
}

// zoneOf is the zone of the times on a certificate: the one that was given, or the one of that name; nil
// where the name is not known.
func (a *auditor) zoneOf(s *certificateSheet) (zone *time.Location, name string) {
	if a.Zone != nil {
		return a.Zone, ""
	}
	switch name = s.zoneName(); name {
	case "", japan.String():
		return japan, name
	case "UTC":
		return time.UTC, name
	}
	return nil, name
}

// rewritten writes the page again with the fonts that were given, and returns where it ends if the
// certificate begins with it, byte for byte; 0 otherwise.
func (a *auditor) rewritten() int64 {
	if len(a.Fonts) == 0 {
		return 0
	}
	c := &Contract{Record: *a.record, Disclosure: a.Disclosure}
	for _, language := range []Language{Japanese, English} {
		o := (&CertificateOptions{Language: language, Fonts: a.Fonts, Zone: a.Zone}).withDefaults()
		page, err := c.page(&o)
		if err != nil {
			continue // a character that the fonts lack: it was not written with them
		}
		at := int64(len(page))
		if prefixes, err := digestPrefixes(a.Certificate, []int64{at}); err == nil && prefixes[at] == sum(page) {
			return at
		}
	}
	return 0
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
