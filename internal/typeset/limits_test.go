package typeset

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/font"
	"github.com/inkan-go/inkan/internal/peertest"
)

func newDocument(t *testing.T) *Document {
	t.Helper()
	d := New(&Options{Title: "x", Time: time.Unix(1e9, 0)})
	require.NoError(t, d.err)
	return d
}

func TestPagesLimit(t *testing.T) {
	for pages, ok := range map[int]bool{maxPages: true, maxPages + 1: false} {
		d := newDocument(t)
		for range pages {
			d.newPage()
		}
		require.Equal(t, ok, d.err == nil, "%d pages: %v", pages, d.err)
		require.LessOrEqual(t, len(d.pages), maxPages)
	}
}

func TestColumnsLimit(t *testing.T) {
	for columns, ok := range map[int]bool{maxColumns: true, maxColumns + 1: false} {
		d := newDocument(t)
		d.Table(&Table{Columns: slicesOf(columns), RowHeaders: true})
		require.Equal(t, ok, d.err == nil, "%d columns: %v", columns, d.err)
	}
}

// TestRunningLimit: a text that is too long for its line does not get longer on any page.
func TestRunningLimit(t *testing.T) {
	size := func(n int) int {
		d := newDocument(t)
		d.newPage()
		d.runningLine(d.page(), Running{Left: strings.Repeat("i ", n/2)}, 20)
		require.NoError(t, d.err)
		return len(d.page().Bytes())
	}
	require.Equal(t, size(maxRunning), size(maxRunning+2))
	require.Less(t, size(100), size(maxRunning), "the limit is beyond the line")
	require.Equal(t, size(400), size(maxRunning), "the limit is beyond the line")
}

func slicesOf(n int) []float64 {
	shares := make([]float64, n)
	for i := range shares {
		shares[i] = 1
	}
	return shares
}

func TestNestedLimit(t *testing.T) {
	for depth, ok := range map[int]bool{maxNested: true, maxNested + 1: false} {
		d := newDocument(t)
		for range depth {
			d.Begin()
		}
		require.Equal(t, ok, d.err == nil, "%d deep: %v", depth, d.err)
	}
}

// TestParagraphLimit: a text that is too long to be laid out at once is set whole
// in pieces.
func TestParagraphLimit(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("x", maxParagraph), strings.Repeat("é", maxParagraph+1), strings.Repeat("word and ", maxParagraph), strings.Repeat("y", 3*maxParagraph),
	} {
		var pieces []string
		for rest := text; ; {
			var piece string
			piece, rest = cut(rest)
			require.LessOrEqual(t, utf8.RuneCountInString(piece), maxParagraph)
			pieces = append(pieces, piece)
			if rest == "" {
				break
			}
		}
		require.Equal(t, text, strings.Join(pieces, ""))
		require.Equal(t, utf8.RuneCountInString(text) <= maxParagraph, len(pieces) == 1)
		d := newDocument(t)
		require.Equal(t, strings.ReplaceAll(text, " ", ""), strings.ReplaceAll(textOf(d.lines(text, &Style{}, 400)), " ", ""))
		require.NoError(t, d.err)
	}
}

// textOf returns what lines say.
func textOf(lines []line) string {
	var b strings.Builder
	for _, l := range lines {
		for _, run := range l.Runs {
			for _, g := range run.Glyphs {
				b.WriteString(g.Text)
			}
		}
	}
	return b.String()
}

// japanese returns a Japanese font of the system.
func japanese(t *testing.T) *font.Font {
	t.Helper()
	f, err := font.Parse(peertest.File(t, peertest.Gothic), 0)
	require.NoError(t, err)
	return f
}

// TestLineBreaking: at every width, no line begins with what must not begin one, nor
// ends with what must not end one (JIS X 4051, 禁則).
func TestLineBreaking(t *testing.T) {
	const notFirst, notLast = "、。，．）」』】！？ゃゅょっャュョッーぁァ々", "（「『【"
	d := New(&Options{Title: "x", Time: time.Unix(1e9, 0), Fonts: []*font.Font{japanese(t)}})
	text := "本契約は、「甲」と『乙』の間で（電子的に）締結された。チェックッリスト、ショッピングゃ！？人々は【重要】な点をぁ確認ーする。"
	whole := strings.Repeat(text, 3)
	for width := 40.0; width < 300; width += 3.7 {
		lines := d.lines(whole, &Style{}, width)
		require.NoError(t, d.err)
		require.Equal(t, whole, textOf(lines))
		for i := range lines {
			said := []rune(textOf(lines[i : i+1]))
			require.LessOrEqual(t, lines[i].Advance*defaultSize, width+0.01, "%s", string(said))
			if i > 0 {
				require.NotContains(t, notFirst, string(said[:1]), "width %g: %s", width, string(said))
			}
			if i < len(lines)-1 {
				require.NotContains(t, notLast, string(said[len(said)-1:]), "width %g: %s", width, string(said))
			}
		}
	}
}

// TestRowsOverPages: a row goes to the next page whole if it fits there, and is
// divided if not; nothing is lost, and the header is shown again.
func TestRowsOverPages(t *testing.T) {
	d := newDocument(t)
	d.Heading(1, "x")
	long := strings.Repeat("many words ", 1200)
	rows := [][]Cell{Cells("a", "b")}
	for range 30 {
		rows = append(rows, Cells("c\nc\nc", "d"))
	}
	d.Table(&Table{Columns: []float64{1, 4}, Header: Cells("Name", "Value"), Rows: append(rows, Cells("e", long), Cells("f", "g"))})
	require.NoError(t, d.err)
	require.Greater(t, len(d.pages), 4)
	table := d.root.children[1]
	require.Equal(t, "Table", table.kind)
	divided := 0
	for _, tr := range table.children {
		pages := map[*page]bool{}
		for _, c := range tr.children {
			for _, m := range c.content {
				pages[m.page] = true
			}
		}
		if len(pages) > 1 {
			divided++
			require.Greater(t, len(pages), 2)
		}
	}
	require.Equal(t, 1, divided, "one row is larger than a page")
	for _, p := range d.pages[1:] {
		require.Equal(t, 2, bytes.Count(p.Bytes(), []byte("/Artifact<</Type/Pagination>>BDC")), "the header")
	}
	for i := range d.pages {
		require.GreaterOrEqual(t, d.y, d.bottom()-0.01, "page %d", i+1)
	}
}

// TestNoRoom: pages on which no line has room end with an error.
func TestNoRoom(t *testing.T) {
	d := New(&Options{Title: "x", Time: time.Unix(1e9, 0), Height: 30, Margin: 10})
	d.Table(&Table{Columns: []float64{1}, RowHeaders: true, Rows: [][]Cell{Cells("a")}})
	require.ErrorContains(t, d.err, "no room for a line")
	d = New(&Options{Title: "x", Time: time.Unix(1e9, 0), Height: 30, Margin: 10})
	d.Paragraph("a\nb", nil)
	require.NoError(t, d.err)
}
