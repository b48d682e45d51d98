package typeset_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/typeset"
)

// texts are what names and reasons in hostile files may be.
func texts() []string {
	return []string{
		"", " ", "\n\n", "plain words", "\xff\xfe\x80", "a\u0301\u0301", "葛\U000E0100", "\u202eabc\u202c", "العربية 123 עברית", "\x00\x1b[2J", ") Tj ET Q endstream",
		strings.Repeat("W", 5000), strings.Repeat("a ", 5000), "\ufeff\ufffe\uffff", "\u200b\u200d\u00ad", "𠮷野家 [U+20BB7]", "\u2028\u2029\r\t",
	}
}

// FuzzText: whatever a text is, a document that may name what it cannot show is
// written, and read back without an anomaly.
func FuzzText(f *testing.F) {
	seeds := texts()
	require.NotEmpty(f, seeds)
	for _, text := range seeds {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 20_000 {
			t.Skip("long texts are like shorter ones")
		}
		o := options()
		o.Substitute, o.Title, o.Author, o.Language = true, "x"+text, text, "en"
		o.Header = func(int, int) typeset.Running { return typeset.Running{Left: text, Right: text} }
		data := written(t, o, func(d *typeset.Document) {
			d.Heading(1, text)
			d.Heading(2, text)
			d.Paragraph(text, &typeset.Style{Bold: true, Align: typeset.End})
			d.Table(&typeset.Table{Columns: []float64{1, 9}, RowHeaders: true, Rows: [][]typeset.Cell{{{Text: text, Note: text}, {Text: text}}}})
			d.Attach(&typeset.File{Name: "x" + text, Description: text, Type: text, Data: []byte(text)})
		})
		r := read(t, data)
		require.NotEmpty(t, r.pages())
		require.NotEmpty(t, r.stream(r.catalog().Get("Metadata")))
	})
}
