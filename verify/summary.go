package verify

// summarize fills in what concerns the file as a whole.
func (f *file) summarize() {
	r := f.report
	r.Findings = append(r.Findings, f.unreachable.findings...)
	f.reportFile()
	f.reportEncryption()
	cut := f.reportLimits()
	timestamps := 0
	r.Indication, r.Intact = TotalPassed, len(f.candidates) > 0 && !cut
	for _, c := range f.candidates {
		r.Signatures = append(r.Signatures, c.result)
		r.Indication = min(r.Indication, c.result.Indication)
		r.Intact = r.Intact && c.result.Intact
		if c.result.Kind == KindTimestamp {
			timestamps++
		}
	}
	n := len(f.candidates)
	switch {
	case cut:
		r.Indication = min(r.Indication, Indeterminate)
	case n == 0 && f.unreachable.count > 0:
		r.Indication = Indeterminate
	case n == 0:
		r.Indication = NoSignature
	}
	r.NextAction = f.nextAction()
	if n > 0 && timestamps == n {
		r.Findings = append(r.Findings, newFinding("file.only-timestamp", nowhere))
	}
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
