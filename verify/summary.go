package verify

import "slices"

// summarize fills in what concerns the file as a whole.
func (f *file) summarize() {
	f.report.Findings = append(f.report.Findings, f.unreachable.findings...)
	f.reportFile()
	f.reportEncryption()
	f.sumUp(f.reportLimits())
	signs := func(s *Signature) bool { return s.Kind != KindTimestamp }
	if len(f.report.Signatures) > 0 && !slices.ContainsFunc(f.report.Signatures, signs) {
		f.report.Findings = append(f.report.Findings, newFinding("file.only-timestamp", nowhere))
	}
}

// sumUp comes from the verdicts on the signatures to that on all; cut tells that
// something was not looked at.
func (f *file) sumUp(cut bool) {
	r, n := f.report, len(f.candidates)
	r.Indication, r.Intact = TotalPassed, n > 0 && !cut
	r.Signatures = slices.Grow(r.Signatures, n)
	for _, c := range f.candidates {
		r.Signatures = append(r.Signatures, c.result)
		r.Indication = min(r.Indication, c.result.Indication)
		r.Intact = r.Intact && c.result.Intact
	}
	switch {
	case cut:
		r.Indication = min(r.Indication, Indeterminate)
	case n == 0 && f.unreachable.count > 0:
		r.Indication = Indeterminate
	case n == 0:
		r.Indication = NoSignature
	}
	r.NextAction = f.nextAction()
	f.reportRetention()
}

// reportLimits tells whether something was left out at a limit. Then nothing can
// be said about the file as a whole, not even that it has no signature.
func (f *file) reportLimits() bool {
	before := len(f.report.Findings)
	for _, limit := range []struct {
		reached bool
		what    string
	}{
		{f.tooMany, "signatures"},
		{f.forms.cut, "revisions of a large form"},
		{f.storesCut, "revisions of a large security store"},
	} {
		if limit.reached {
			f.report.Findings = append(f.report.Findings, newFinding("file.too-much", nowhere, limit.what))
		}
	}
	return len(f.report.Findings) > before
}

// reportFile adds findings about the form and the damage of the file.
func (f *file) reportFile() {
	r := f.report
	if d := f.pdf.Damage; d != nil {
		r.Repaired = true
		r.Findings = append(r.Findings, newFinding("file.damage", place{offset: d.Offset}, d.Offset, d.Text))
	}
	if f.pdf.Sections[0].Repaired && len(f.pdf.Sections) > 1 {
		r.Repaired = true
		r.Findings = append(r.Findings, newFinding("file.rebuilt", nowhere))
	}
	if form := f.forms.newest(); form != nil {
		for _, p := range form.Problems {
			r.Findings = append(r.Findings, newFinding("file.form", place{p.Ref, 0, p.Offset}, p.Text))
		}
	}
}
