package appearance_test

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
	"github.com/inkan-go/inkan/verify"
)

func isRed(p color.RGBA) bool { return int(p.R) > int(p.G)+60 && int(p.R) > int(p.B)+60 }

// centred requires the ink of a seal, and that of the name within its ring or
// square, to be in the middle of the seal within 2 % of its size.
func centred(t testing.TB, m *image.RGBA, inner float64, round bool) {
	t.Helper()
	whole := ink(m, func(_, _ int, c color.RGBA) bool { return isRed(c) })
	require.False(t, whole.Empty(), "nothing drawn")
	size := float64(whole.Dx())
	require.InDelta(t, size, whole.Dy(), 2)
	x, y := float64(whole.Min.X+whole.Max.X)/2, float64(whole.Min.Y+whole.Max.Y)/2
	require.InDelta(t, float64(m.Bounds().Dx())/2, x, 0.02*size)
	require.InDelta(t, float64(m.Bounds().Dy())/2, y, 0.02*size)
	name := ink(m, func(px, py int, c color.RGBA) bool {
		dx, dy := math.Abs(float64(px)+0.5-x), math.Abs(float64(py)+0.5-y)
		from := max(dx, dy)
		if round {
			from = math.Hypot(dx, dy)
		}
		return isRed(c) && from < inner*size/2
	})
	require.False(t, name.Empty(), "no name")
	require.InDelta(t, x, float64(name.Min.X+name.Max.X)/2, 0.02*size)
	require.InDelta(t, y, float64(name.Min.Y+name.Max.Y)/2, 0.02*size)
	require.Greater(t, float64(max(name.Dx(), name.Dy())), 0.4*size, "too small")
	// Between the name and the ring nothing is painted.
	gap := ink(m, func(px, py int, c color.RGBA) bool {
		dx, dy := math.Abs(float64(px)+0.5-x), math.Abs(float64(py)+0.5-y)
		from := max(dx, dy)
		if round {
			from = math.Hypot(dx, dy)
		}
		return isRed(c) && from > 0.865*size/2 && from < 0.9*size/2
	})
	require.True(t, gap.Empty(), "the name reaches its frame at %v", gap)
}

// TestScenario6RoundSealCentred: a round seal rendered at 300 dpi has its vertical
// text in the middle, whichever font and reader.
func TestScenario6RoundSealCentred(t *testing.T) {
	fonts := japanese(t)
	for _, shape := range []appearance.SealShape{appearance.Round, appearance.Square} {
		for _, name := range append(names, "東", "一ノ瀬", "寿限無寿限無五劫の擦り切れ海砂利水魚") {
			for i, readers := range [][]string{renderers[:1], renderers[1:2]} {
				if name == names[0] {
					readers = renderers
				}
				set := fonts[i:]
				if missing, err := appearance.Missing(set, name); err != nil || len(missing) > 0 {
					set = fonts
				}
				for _, reader := range readers {
					t.Run(fmt.Sprintf("%s %d %d %s", name, shape, i, reader), func(t *testing.T) {
						file := drawn(t, &appearance.Seal{Name: name, Shape: shape, Fonts: set}, request(64, 60))
						centred(t, rendered(t, reader, file, 300), 0.87, shape == appearance.Round)
					})
				}
			}
		}
	}
}

// TestSealColumns: the text of a seal is that of its name, whatever its columns.
func TestSealText(t *testing.T) {
	fonts := japanese(t)
	for _, name := range names {
		s, err := (&appearance.Seal{Name: name, Fonts: fonts}).Draw(context.Background(), request(60, 60))
		require.NoError(t, err)
		require.Contains(t, string(s.Content), "/ActualText")
		require.NotContains(t, string(s.Content), "Tj", "paths, not text")
	}
}

func TestSealRefusals(t *testing.T) {
	fonts := japanese(t)
	for name, c := range map[string]struct {
		seal pades.Appearance
		want string
	}{
		"no name":       {&appearance.Seal{Name: " ", Fonts: fonts}, "without a name"},
		"four columns":  {&appearance.Seal{Name: "山", Columns: 4, Fonts: fonts}, "columns"},
		"long":          {&appearance.Seal{Name: strings.Repeat("山", 65), Fonts: fonts}, "65 characters"},
		"long date":     {&appearance.DateSeal{Top: strings.Repeat("山", 65), Fonts: fonts}, "65 characters"},
		"missing glyph": {&appearance.Seal{Name: "山"}, "no glyph for 山 (U+5C71) in Go Regular"},
		"nil font":      {&appearance.Seal{Name: "山", Fonts: []*appearance.Font{nil}}, "nil"},
	} {
		_, err := c.seal.Draw(context.Background(), request(60, 60))
		require.ErrorContains(t, err, c.want, name)
	}
	_, err := (&appearance.Seal{Name: strings.Repeat("山", 64), Fonts: fonts}).Draw(context.Background(), request(60, 60))
	require.NoError(t, err)
	_, err = (&appearance.Seal{Name: "山", Fonts: fonts}).Draw(context.Background(), request(60, 0.5))
	require.Error(t, err)
}

func TestDateSeal(t *testing.T) {
	fonts := japanese(t)
	for _, top := range []string{"法務部", "", "株式会社サーバーサービス", "一"} {
		file := drawn(t, &appearance.DateSeal{Top: top, Fonts: fonts}, request(60, 60))
		m := rendered(t, "poppler", file, 300)
		whole := ink(m, func(_, _ int, c color.RGBA) bool { return isRed(c) })
		require.InDelta(t, 250, whole.Dx(), 2)
		require.InDelta(t, 250, whole.Dy(), 2)
		for band, has := range map[[2]float64]bool{{0.08, 0.33}: top != "", {0.38, 0.62}: true, {0.67, 0.92}: true} {
			text := ink(m, func(x, y int, c color.RGBA) bool {
				dx, dy := float64(x)-125, float64(y)-125
				at := float64(y) / 250
				return isRed(c) && math.Hypot(dx, dy) < 0.86*125 && at > band[0] && at < band[1]
			})
			require.Equal(t, has, !text.Empty(), "%q %v", top, band)
			if has {
				require.InDelta(t, 125, float64(text.Min.X+text.Max.X)/2, 3, "%q %v", top, band)
			}
		}
	}
	_, err := (&appearance.DateSeal{Date: "{time}", TimeLayout: "'06.1.2", Fonts: fonts}).Draw(context.Background(), request(60, 60))
	require.NoError(t, err)
}

// untouchedKey tells whether it was used.
type untouchedKey struct {
	crypto.Signer
	used bool
}

func (k *untouchedKey) Sign(r io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	k.used = true
	return k.Signer.Sign(r, digest, o)
}

// TestScenario7MissingGlyph: signing fails before the key is used, and says which
// characters are missing.
func TestScenario7MissingGlyph(t *testing.T) {
	mincho := japanese(t)[:1]
	s, _ := signer(t, "𠮷田")
	key := &untouchedKey{Signer: s.Key}
	s.Key = key
	data := blank(1, "/MediaBox[0 0 300 300]")
	for _, a := range []pades.Appearance{
		&appearance.Seal{Fonts: mincho}, // the name of the certificate
		&appearance.Text{Text: "髙﨑と𠮷田𠮷", Fonts: mincho},
		&appearance.DateSeal{Bottom: "𠮷田", Fonts: mincho},
		&appearance.Row{Items: []appearance.Element{&appearance.Text{Text: "ok"}, &appearance.Frame{Content: &appearance.Text{Text: "𠮷", Fonts: mincho}}}},
	} {
		d, err := pades.NewDocument(strings.NewReader(string(data)), int64(len(data)), nil)
		require.NoError(t, err)
		err = d.Sign(t.Context(), s, &pades.SignOptions{Appearance: a, Rect: pades.Rect{Width: 100, Height: 100}})
		var missing *appearance.MissingGlyphError
		require.ErrorAs(t, err, &missing)
		require.Equal(t, []string{"𠮷"}, missing.Characters)
		require.Equal(t, []string{"IPAexMincho"}, missing.Fonts)
		require.ErrorContains(t, err, "no glyph for 𠮷 (U+20BB7) in IPAexMincho")
		require.ErrorIs(t, err, pades.ErrOptions)
		require.EqualValues(t, len(data), d.Size())
	}
	require.False(t, key.used)
	require.False(t, errors.As(io.EOF, new(*appearance.MissingGlyphError)))
}

// TestScenario5InvisibleSignature: without a position the signature is invisible,
// and validates as a visible one does.
func TestScenario5InvisibleSignature(t *testing.T) {
	s, pki := signer(t, "山田太郎")
	var reports []*verify.Report
	for _, o := range []*pades.SignOptions{
		{Name: "山田太郎"},
		{Name: "山田太郎", Appearance: &appearance.Seal{Fonts: japanese(t)}, Rect: pades.Rect{X: 20, Y: 20, Width: 60, Height: 60}},
	} {
		data := blank(1, "/MediaBox[0 0 300 300]")
		d, err := pades.NewDocument(strings.NewReader(string(data)), int64(len(data)), &pades.OpenOptions{Now: testpki.Now})
		require.NoError(t, err)
		require.NoError(t, d.Sign(t.Context(), s, o))
		name := filepath.Join(t.TempDir(), "signed.pdf")
		require.NoError(t, d.WriteFile(name))
		report, err := verify.File(t.Context(), name, &verify.Options{Trust: pki.Pool(), At: testpki.Now()})
		require.NotNil(t, report, err)
		reports = append(reports, report)
		blankPage := ink(rendered(t, "poppler", name, 72), func(_, _ int, c color.RGBA) bool { return int(c.R)+int(c.G)+int(c.B) < 255 || isRed(c) }).Empty()
		require.Equal(t, o.Appearance == nil, blankPage)
	}
	require.Equal(t, reports[0].Indication, reports[1].Indication)
	require.True(t, reports[0].Signatures[0].Intact)
	for _, r := range reports { // what must differ
		sig := r.Signatures[0]
		require.Equal(t, reports[0].Signatures[0].Indication, sig.Indication)
		require.Equal(t, reports[0].Signatures[0].Level, sig.Level)
		require.Equal(t, reports[0].Signatures[0].Intact, sig.Intact)
		require.Equal(t, len(reports[0].Signatures[0].Findings), len(sig.Findings))
	}
}
