package content_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
)

// FuzzPicture: whatever content and CMap say, a picture ends, and what it holds can be compared: marks
// are numbers from -1 on, and text is there only with characters.
func FuzzPicture(f *testing.F) {
	for _, seed := range []struct{ content, cmap string }{
		{"BT /F2 10 Tf 1 0 0 1 30 40 Tm [<0001> -5 <0002>] TJ ET", toUnicode},
		{"/TH<</MCID 3>>BDC /Span<</ActualText(x)>>BDC 0.4 g BT /F2 10 Tf <0001> Tj ET EMC EMC", toUnicode},
		{"q /G gs 1 0 0 1 50 60 cm /X Do Q 10 10 5 5 re W n /Y Do BI /W 1 ID x EI", toUnicode},
		{"BT /F2 10 Tf <0010> Tj ET", "1 beginbfrange <0000><FFFF>[<0041>] <0000><FFFF><0041> endbfrange"},
	} {
		f.Add([]byte(seed.content), []byte(seed.cmap))
	}
	f.Fuzz(func(t *testing.T, content, cmap []byte) {
		if len(content)+len(cmap) > 1<<16 {
			return
		}
		p := picture(t, string(content), "", testpdf.Object{Number: 23, Body: "<<>>", Data: cmap})
		for _, s := range p.Shown {
			require.GreaterOrEqual(t, s.Mark, -1)
			require.False(t, s.Path && s.Text != "")
		}
	})
}
