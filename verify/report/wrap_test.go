package report

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/verify"
)

func TestWrapped(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  []string
	}{
		{"as it is", 20, []string{"as it is"}},
		{"one two three four five", 20, []string{"one two three four", "five"}},
		{"one two three four  five", 20, []string{"one two three four", "five"}},
		{"0123456789012345678901234567890123456789 end", 20, []string{"0123456789012345678901234567890123456789", "end"}},
		{"署名後に署名の追加または入力が行われています。", 20, []string{"署名後に署名の追加ま", "たは入力が行われてい", "ます。"}},
		{"署名後に署名の追加、または入力", 20, []string{"署名後に署名の追加、", "または入力"}},
		{"署名後に署名の追加ま、たは入力", 20, []string{"署名後に署名の追加", "ま、たは入力"}}, // no comma begins a line
		{"署名者CN=山田太郎,O=Inkan Test", 20, []string{"署名者CN=山田太", "郎,O=Inkan Test"}},
		{"narrow", 1, []string{"narrow"}},
		{strings.Repeat("a", leastWidth) + " b", 1, []string{strings.Repeat("a", leastWidth), "b"}},
		{strings.Repeat("a", leastWidth-2) + " b", 1, []string{strings.Repeat("a", leastWidth-2) + " b"}},
	} {
		require.Equal(t, c.want, wrapped(c.text, c.width), c.text)
	}
}

// TestTextWidth: on a terminal no line of a report is wider than it, however long its
// findings are, no text is lost, and what a file brings begins no line of its own.
func TestTextWidth(t *testing.T) {
	r := long(maxFindings, maxAdditions, 3)
	r.File = "contract.pdf"
	s := r.Signatures[0]
	s.Signer = &verify.Signer{Subject: strings.Repeat("CN=山田太郎,O=株式会社印鑑 ", 10)}
	s.Reason = strings.Repeat("Signature 1, field \"Signature1\": TOTAL-PASSED ", 8)
	s.Findings[0].Text = strings.Repeat("a long text ", 40)
	for _, language := range []Language{English, Japanese} {
		var whole, narrow strings.Builder
		require.NoError(t, Write(&whole, Text, &Options{Language: language}, r))
		require.NoError(t, Write(&narrow, Text, &Options{Language: language, Width: 80}, r))
		for _, line := range strings.Split(narrow.String(), "\n") {
			require.LessOrEqual(t, columns(line), 80, line)
			if !strings.HasPrefix(line, " ") && line != "" {
				require.NotContains(t, line, "PASSED")
			}
		}
		require.Equal(t, strings.Join(strings.Fields(whole.String()), ""), strings.Join(strings.Fields(narrow.String()), ""))
		require.Greater(t, strings.Count(narrow.String(), "\n"), strings.Count(whole.String(), "\n")+10)
	}
}

// TestTimelineGrades: a revision that a signature does not allow is marked.
func TestTimelineGrades(t *testing.T) {
	r := long(0, 0, 4)
	r.Signatures[0].Findings = []verify.Finding{
		{Code: "changes.forbidden", Severity: verify.SeverityError, Revision: 3}, {Code: "changes.unknown", Severity: verify.SeverityWarning, Revision: 4},
		{Code: "acceptance.weak", Severity: verify.SeverityWarning, Revision: 2},
	}
	list := newPrinter(Options{}).timeline(r)
	require.Len(t, list, 4)
	for i, want := range []string{"bad", "", "bad", "doubt"} { // the signature itself did not pass
		require.Equal(t, want, list[i].Events[0].Grade, i+1)
	}
}

// TestRules: phrases with numbers and names in them are told in Japanese.
func TestRules(t *testing.T) {
	p := newPrinter(Options{Language: Japanese})
	require.Equal(t, "RSA(2048ビット)", p.translate("RSA with 2048 bits", 0))
	require.Equal(t, "ECDSA(SHA-256)", p.translate("ECDSA with SHA-256", 0))
	require.Equal(t, "6793バイト目の「obj」は、読み取れる最後の相互参照セクションより後ろにあります", p.translate(`"obj" at byte 6793, behind the last cross-reference section that can be read`, 0))
}
