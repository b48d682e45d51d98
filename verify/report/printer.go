package report

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/width"

	"github.com/inkan-go/inkan/verify"
)

// printer puts the parts of a report into words. It keeps nothing.
type printer struct {
	*words
	location *time.Location
	width    int
}

func newPrinter(o Options) *printer {
	p := &printer{words: o.Language.words(), location: o.Location, width: o.Width}
	if p.location == nil {
		p.location = time.UTC
	}
	return p
}

// columns is how many columns of a terminal a text takes.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r):
		case wide(r):
			n += 2
		default:
			n++
		}
	}
	return n
}

func wide(r rune) bool {
	kind := width.LookupRune(r).Kind()
	return kind == width.EastAsianWide || kind == width.EastAsianFullwidth
}

// pad fills a text up with blanks to a number of columns.
func pad(s string, n int) string { return s + strings.Repeat(" ", max(0, n-columns(s))) }

// time shows an instant.
func (p *printer) time(t time.Time) string { return t.In(p.location).Format(p.timeLayout) }

// instant shows a time of the report, "" where there is none.
func (p *printer) instant(t verify.Time) string {
	if t.IsZero() {
		return ""
	}
	return p.time(t.Time)
}

// verdictOf is the answer in one sentence.
func (p *printer) verdictOf(r *verify.Report) string {
	failed := 0
	for _, s := range r.Signatures {
		if s.Indication == verify.TotalFailed {
			failed++
		}
	}
	return p.verdict(r, failed)
}

// row is one line about a signature. Grade is good, bad, doubt or "".
type row struct{ Label, Value, Grade string }

// rows tell about one signature what speaks for and against it.
func (p *printer) rows(s *verify.Signature) []row {
	who := p.labels.Signer
	if s.Kind == verify.KindTimestamp {
		who = p.labels.StampAuthority
	}
	list := []row{
		{who, p.signer(s, anchorOf(s)), ""},
		{p.labels.Signature, p.crypto(s), grade(s.Crypto == verify.CryptoValid, s.Crypto == verify.CryptoUnsupported)},
		{p.labels.Document, p.document(s), grade(s.Structure == verify.StructureSound && s.ChangesAllowed && s.Changes != verify.ChangesUnknown,
			s.Structure != verify.StructureViolated && (s.ChangesAllowed || s.Changes == verify.ChangesUnknown))},
	}
	if s.DocMDP > 0 {
		list = append(list, row{Label: p.labels.Permits, Value: p.permissions[min(s.DocMDP, 3)]})
	}
	for _, c := range []struct{ label, value string }{
		{p.labels.Locks, p.locks(s)},
		{p.labels.Name, s.Name}, {p.labels.Reason, s.Reason}, {p.labels.Location, s.Location}, {p.labels.Contact, s.Contact},
		{p.labels.Claimed, p.instant(s.ClaimedTime)}, {p.labels.Proven, p.instant(s.BestTime)}, {p.labels.Level, s.Level},
	} {
		if c.value != "" {
			list = append(list, row{Label: c.label, Value: c.value})
		}
	}
	for _, t := range s.Timestamps {
		list = append(list, row{p.labels.Stamped, p.stamp(p.words, t, p.instant(t.Time)), grade(t.Valid && t.Indication == verify.TotalPassed, t.Valid)})
	}
	for i, a := range s.Additions {
		if i == maxAdditions {
			list = append(list, row{Label: p.labels.Later, Value: p.more(len(s.Additions) - i)})
			break
		}
		list = append(list, row{p.labels.Later, p.revision(a.Revision) + ": " + p.later(a), gradeOfAddition(a)})
	}
	if why := p.reasons[s.SubIndication]; why != "" && s.Indication != verify.TotalPassed {
		list = append(list, row{Label: p.labels.Todo, Value: why})
	}
	return list
}

// locks names the fields that a signature locks.
func (p *printer) locks(s *verify.Signature) string {
	names := strings.Join(s.Locks, p.labels.And)
	switch {
	case s.LockAction == "All" || s.LockAction == "Exclude" && len(s.Locks) == 0:
		return p.labels.AllFields
	case s.LockAction == "Exclude":
		return p.allBut(names)
	}
	return names
}

func grade(good, doubt bool) string {
	switch {
	case good:
		return "good"
	case doubt:
		return "doubt"
	}
	return "bad"
}

// gradeOf is the grade of a verdict.
func gradeOf(i verify.Indication) string {
	return grade(i == verify.TotalPassed, i == verify.Indeterminate || i == verify.NoSignature)
}

func (p *printer) crypto(s *verify.Signature) string {
	text := p.cryptos[s.Crypto]
	if s.SubIndication == verify.NoSigningCertificateFound {
		text = p.labels.NoCertificate
	}
	if s.Algorithm != "" {
		text += p.labels.Then + p.made(s)
	}
	if s.SubFilter != "" {
		text += p.labels.And + s.SubFilter
	}
	return text
}

// document tells what the signature covers and what happened afterwards.
func (p *printer) document(s *verify.Signature) string {
	text := p.structures[s.Structure] + p.labels.Then + p.coverage(s)
	if s.Coverage == verify.CoverageFile && s.Changes == verify.ChangesNone {
		return text
	}
	text += p.labels.Then + p.changes[s.Changes]
	switch {
	case s.Changes == verify.ChangesUnknown || s.Changes == verify.ChangesNone:
		return text
	case s.ChangesAllowed:
		return text + p.labels.Allowed
	}
	return text + p.labels.NotAllowed
}

// later tells what a later revision added.
func (p *printer) later(a verify.Addition) string {
	if !shown(a.Rect) {
		a.Page = 0
	}
	text := p.addition(p.words, a)
	switch a.Overlaps {
	case "content":
		text += p.labels.And + p.labels.Content
	case "signature":
		text += p.labels.And + p.labels.Overlay
	}
	if a.SignedBy == "" && a.Kind != "signature" && a.Kind != "timestamp" {
		text += p.labels.And + p.labels.Unsigned
	}
	return text
}

// gradeOfAddition is good where a signature covers what was added and it covers nothing.
func gradeOfAddition(a verify.Addition) string {
	return grade(a.Overlaps == "" && (a.SignedBy != "" || a.Kind == "signature" || a.Kind == "timestamp"), true)
}

// shown tells whether a place on a page has an area.
func shown(rect []float64) bool {
	return len(rect) == 4 && rect[0] != rect[2] && rect[1] != rect[3]
}

// anchorOf names the anchor that the chain leads to; "" where it leads to none.
func anchorOf(s *verify.Signature) string {
	if n := len(s.Chain); n > 0 && s.Chain[n-1].Anchor {
		return s.Chain[n-1].Subject
	}
	return ""
}

// found is one finding in words.
type found struct{ Severity, Text, Where, Grade string }

// found puts findings into words, errors before warnings before the rest; more is
// how many were left out.
func (p *printer) found(list []verify.Finding) (shown []found, more int) {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b verify.Finding) int { return int(a.Severity) - int(b.Severity) })
	n := min(len(sorted), maxFindings)
	for _, f := range sorted[:n] {
		grade := map[verify.Severity]string{verify.SeverityError: "bad", verify.SeverityWarning: "doubt"}[f.Severity]
		shown = append(shown, found{p.severities[f.Severity], p.finding(f), p.where(f), grade})
	}
	return shown, len(sorted) - n
}

// finding is the text of a finding in the language of the report.
func (p *printer) finding(f verify.Finding) string {
	text, ok := p.findings[f.Code]
	if !ok {
		return f.Text
	}
	arguments := p.inWords(f.Arguments, f.Details)
	if strings.HasPrefix(f.Code, "time-stamp.") {
		for i, a := range arguments {
			if kind, ok := p.stamps[a]; ok {
				arguments[i] = kind
			}
		}
	}
	// Why a time stamp proves nothing is another finding: its text, code and arguments.
	if f.Code == "time-stamp.unproven" && len(arguments) > 5 {
		why := verify.Finding{Text: f.Arguments[4], Code: f.Arguments[5], Arguments: f.Arguments[6:]}
		arguments = append(arguments[:4], p.finding(why))
	}
	return p.fill(text, arguments, 0)
}

// inWords returns arguments with those replaced that are texts themselves.
func (p *printer) inWords(arguments []string, details []verify.Detail) []string {
	arguments = slices.Clone(arguments)
	for _, d := range details {
		if text, ok := p.words.details[d.Code]; ok && 0 < d.Argument && d.Argument <= len(arguments) {
			arguments[d.Argument-1] = p.fill(text, p.inWords(d.Arguments, d.Details), 0)
		}
	}
	return arguments
}

// fill puts arguments into a text that has {1} where the first belongs and stands inside
// so many others.
func (p *printer) fill(text string, arguments []string, depth int) string {
	pairs := make([]string, 0, 2*len(arguments))
	for i, a := range arguments {
		pairs = append(pairs, fmt.Sprintf("{%d}", i+1), p.translate(a, depth))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// translate replaces known phrases between colons and semicolons, and times, in what
// stands inside so many others. A name that somebody chose may be made of them.
func (p *printer) translate(argument string, depth int) string {
	if p.phrases == nil || depth > maxNestedPhrases {
		return argument
	}
	for _, source := range []string{"certificate: ", "cms: ", "revocation: ", "tsa: ", "pdf: ", "sigdict: "} {
		argument = strings.TrimPrefix(argument, source)
	}
	if t, err := time.Parse(time.RFC3339, argument); err == nil {
		return p.time(t)
	}
	for _, separator := range []string{"; ", ": "} {
		if before, after, found := strings.Cut(argument, separator); found {
			return p.translate(before, depth) + separator + p.translate(after, depth)
		}
	}
	text := strings.TrimSuffix(argument, ".")
	if phrase, ok := p.phrases[text]; ok {
		return phrase
	}
	for _, r := range p.rules() {
		if parts := r.pattern.FindStringSubmatch(text); parts != nil {
			return p.fill(r.text, parts[1:], depth+1)
		}
	}
	return argument
}

// why is the reason of the next action.
func (p *printer) why(n *verify.NextAction) string {
	text, ok := p.renewals[n.Code]
	if !ok {
		return n.Why
	}
	return p.fill(text, n.Arguments, 0)
}

// where names the code and the place of a finding, for those who look it up.
func (p *printer) where(f verify.Finding) string {
	parts := []string{f.Code}
	if f.Clause != "" {
		parts = append(parts, f.Clause)
	}
	return strings.Join(append(parts, p.place(f)...), "; ")
}
