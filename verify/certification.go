package verify

import "github.com/inkan-go/inkan/internal/sigdict"

// checkCertifications holds certification signatures against each other and
// against the catalog's Perms. There may be one, and it is the first signature of
// the file (ISO 32000-2, 12.8.2.2.1); Perms name it (12.8.6).
func (f *file) checkCertifications() {
	certifications, signatures := 0, 0
	for _, c := range f.candidates {
		if c.result.Kind == KindTimestamp {
			continue
		}
		certifies := has(c.signed(), sigdict.MethodDocMDP)
		if certifies {
			if signatures > certifications {
				c.misplaced = true
				c.add("certification.not-first", c.at())
			}
			if certifications++; certifications > 1 {
				c.misplaced = true
				c.add("certification.several", c.at())
			}
		}
		signatures++
		f.checkPermissions(c, certifies)
	}
}

// checkPermissions reports where the catalog of the signed revision and the
// signature do not say the same about certification.
func (f *file) checkPermissions(c *candidate, certifies bool) {
	form := f.forms.at(c.revision)
	if form == nil || !c.closes {
		return
	}
	named := form.Permissions.DocMDP != nil && identify(form.Permissions.DocMDP) == identify(c.signed())
	switch {
	case certifies && !named:
		c.add("certification.not-in-permissions", c.at())
	case named && !certifies:
		c.add("certification.no-transform", c.at())
	}
}
