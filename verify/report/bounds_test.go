package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/verify"
)

// long is a report with one signature that has so many findings, additions and
// revisions; the file has as many findings. Of the findings the last one is an error.
func long(findings, additions, revisions int) *verify.Report {
	list := func(of string) []verify.Finding {
		all := make([]verify.Finding, findings)
		for i := range all {
			all[i] = verify.Finding{Code: "x", Severity: verify.SeverityInfo, Text: fmt.Sprintf("[%s %d]", of, i+1), Offset: -1}
		}
		if findings > 0 {
			all[findings-1].Severity = verify.SeverityError
		}
		return all
	}
	s := &verify.Signature{Field: "Seal", Revision: 1, Revisions: revisions, Findings: list("signature")}
	for i := range additions {
		s.Additions = append(s.Additions, verify.Addition{Revision: 2, Kind: "value", Field: fmt.Sprintf("[field %d]", i+1)})
	}
	return &verify.Report{Findings: list("file"), Signatures: []*verify.Signature{s}}
}

func written(t *testing.T, f Format, r *verify.Report) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, Write(&b, f, nil, r))
	return b.String()
}

// TestFindingsLimit: of one finding too many the last is left out of those that weigh
// least, and it is counted; the file and the signature have a limit each.
func TestFindingsLimit(t *testing.T) {
	for _, f := range []Format{Text, HTML} {
		whole := written(t, f, long(maxFindings, 0, 1))
		require.NotContains(t, whole, "not shown")
		cut := written(t, f, long(maxFindings+1, 0, 1))
		require.Equal(t, 2, strings.Count(cut, "1 more is not shown"), "%s", f)
		for _, of := range []string{"file", "signature"} {
			require.Equal(t, maxFindings, strings.Count(whole, "["+of+" "), "%s", f)
			require.Equal(t, maxFindings, strings.Count(cut, "["+of+" "), "%s", f)
			require.Contains(t, cut, fmt.Sprintf("[%s %d]", of, maxFindings+1), "%s: the error is shown", f)
			require.Contains(t, cut, fmt.Sprintf("[%s %d]", of, maxFindings-1))
			require.NotContains(t, cut, fmt.Sprintf("[%s %d]", of, maxFindings), "%s: the last of the others is not", f)
		}
	}
}

func TestAdditionsLimit(t *testing.T) {
	p := newPrinter(Options{})
	later := func(r *verify.Report) (values []string) {
		for _, row := range p.rows(r.Signatures[0]) {
			if row.Label == p.labels.Later {
				values = append(values, row.Value)
			}
		}
		return values
	}
	for additions, left := range map[int]int{maxAdditions: 0, maxAdditions + 1: 1, maxAdditions + 2: 2} {
		r := long(0, additions, 2)
		values := later(r)
		require.Contains(t, values[maxAdditions-1], fmt.Sprintf("[field %d]", maxAdditions))
		if left == 0 {
			require.Len(t, values, maxAdditions)
		} else {
			require.Equal(t, []string{p.more(left)}, values[maxAdditions:])
		}
		text := written(t, Text, r)
		require.Equal(t, maxAdditions, strings.Count(text, "[field "))
		require.Equal(t, left > 0, strings.Contains(text, p.more(left)))
	}
}

func TestRevisionsLimit(t *testing.T) {
	for revisions, left := range map[int]int{maxRevisions: 0, maxRevisions + 1: 1, maxRevisions + 2: 2} {
		w := &htmlWriter{printer: newPrinter(Options{})}
		list := w.timeline(long(0, 0, revisions))
		require.Equal(t, w.revision(maxRevisions), list[maxRevisions-1].Name)
		if left == 0 {
			require.Len(t, list, maxRevisions)
		} else {
			require.Equal(t, []revisionPart{{Name: w.more(left)}}, list[maxRevisions:])
		}
		page := written(t, HTML, long(0, 0, revisions))
		require.Equal(t, len(list), strings.Count(page, `<p class="revision">`))
		require.NotContains(t, page, w.revision(maxRevisions+1)+"<")
	}
}

// TestNestedPhrasesLimit: a name that is made of phrases is translated so deep and no
// deeper, for one of them says it twice.
func TestNestedPhrasesLimit(t *testing.T) {
	p := newPrinter(Options{Language: Japanese})
	for _, n := range []int{maxNestedPhrases, maxNestedPhrases + 1, maxNestedPhrases + 2, 400} {
		text := p.translate("CN=x"+strings.Repeat(" vouches for itself", n), 0)
		require.Equal(t, 1<<min(n, maxNestedPhrases+1), strings.Count(text, "CN=x"))
		require.Equal(t, n > maxNestedPhrases+1, strings.Contains(text, "itself"))
	}
	require.Equal(t, "x(1バイト目)(2バイト目)(3バイト目)", p.translate("x (at byte 1) (at byte 2) (at byte 3)", 0))
}
