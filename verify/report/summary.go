package report

import "github.com/inkan-go/inkan/verify"

// Summary counts files by what they came to. The zero value is ready for use.
type Summary struct {
	Files         int `json:"files"`
	Passed        int `json:"passed"`
	Failed        int `json:"failed"`
	Indeterminate int `json:"indeterminate"`
	Unsigned      int `json:"unsigned"`
	Unreadable    int `json:"unreadable"`
}

// Add counts one report.
func (s *Summary) Add(r *verify.Report) {
	s.Files++
	switch {
	case r.Error != "":
		s.Unreadable++
	case r.Indication == verify.NoSignature:
		s.Unsigned++
	case r.Indication == verify.TotalPassed && r.Passed():
		s.Passed++
	case r.Indication == verify.TotalFailed:
		s.Failed++
	default:
		s.Indeterminate++
	}
}

// Text returns the summary as one line.
func (s Summary) Text(l Language) string {
	return l.words().summary(s)
}
