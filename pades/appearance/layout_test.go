package appearance_test

import (
	"context"
	"fmt"
	"image/color"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
)

// squeeze is what pdftotext found without white space.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// TestTextIsExtracted: what is written can be read back, in both kinds of fonts.
func TestTextIsExtracted(t *testing.T) {
	all := japanese(t)
	for i, fonts := range [][]*appearance.Font{all, all[1:]} {
		for _, name := range names {
			t.Run(fmt.Sprintf("%s %d", name, i), func(t *testing.T) {
				file := drawn(t, &appearance.Text{Text: "署名者: " + name + "\nSigned by " + name, Fonts: fonts}, request(200, 60))
				require.Equal(t, squeeze("署名者: "+name+"Signed by "+name), squeeze(run(t, "pdftotext", "-layout", file, "-")))
			})
		}
	}
}

// TestTextOnSignedPage: also from the page of a signed document, whatever its rotation.
func TestTextOnSignedPage(t *testing.T) {
	fonts := japanese(t)
	for _, rotate := range []int{0, 90, 180, 270} {
		data := blank(1, fmt.Sprintf("/MediaBox[0 0 400 300]/Rotate %d", rotate))
		name := signed(t, data, &pades.SignOptions{
			Appearance: &appearance.Text{Text: "{name} / {reason} / {location}", Fonts: fonts}, Rect: pades.Rect{X: 10, Y: 10, Width: 180, Height: 40},
			Name: "髙﨑", Reason: "契約の承認", Location: "東京",
		})
		require.Equal(t, "髙﨑/契約の承認/東京", squeeze(run(t, "pdftotext", "-layout", name, "-")), "%d", rotate)
		run(t, "qpdf", "--check", name)
		require.Contains(t, run(t, "pdfsig", "-nocert", name), "Signature is Valid")
	}
}

// TestNothingOverflows: whatever the text, the box and the setting, what is painted
// stays in the box, and all of the text is there.
func TestNothingOverflows(t *testing.T) {
	fonts := japanese(t)
	random := rand.New(rand.NewPCG(1, 2))
	words := append([]string{"Maximilian", "von", "Wolkenstein-Trostburg", "supercalifragilisticexpialidocious", "契約書、", "「承認」", "2026-11-22", "https://example.com/verify?id=0123456789abcdef"}, names...)
	for range 40 {
		var text []string
		for range 1 + random.IntN(6) {
			text = append(text, words[random.IntN(len(words))])
		}
		content := &appearance.Text{
			Text: strings.Join(text, []string{" ", "\n", ""}[random.IntN(3)]), Fonts: fonts, Size: float64(6 + random.IntN(40)), Color: color.RGBA{255, 0, 0, 255},
			Vertical: random.IntN(2) == 0, Align: appearance.Align(random.IntN(4)), Across: appearance.Align(random.IntN(4)),
		}
		w, h := float64(40+random.IntN(200)), float64(20+random.IntN(100))
		const margin = 12 // points; nothing may be painted there
		r := request(w+2*margin, h+2*margin)
		file := drawn(t, &appearance.Frame{Padding: margin, Content: content}, r)
		m := rendered(t, "poppler", file, 72)
		outside := ink(m, func(x, y int, c color.RGBA) bool {
			// Strokes may reach a little above the font's own ascent.
			const slack = 3
			inside := x >= margin-slack && x < m.Bounds().Dx()-margin+slack && y >= margin-slack && y < m.Bounds().Dy()-margin+slack
			return isRed(c) && !inside
		})
		require.True(t, outside.Empty(), "%+v in %g by %g paints at %v", content, w, h, outside)
		require.False(t, ink(m, func(_, _ int, c color.RGBA) bool { return isRed(c) }).Empty())
		got := squeeze(run(t, "pdftotext", "-raw", file, "-"))
		for r := range strings.SplitSeq(squeeze(content.Text), "") {
			require.Contains(t, got, r, "%+v", content)
		}
		require.Equal(t, len([]rune(squeeze(content.Text))), len([]rune(got)), "%+v\n%s", content, got)
	}
}

func TestTextRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		text *appearance.Text
		w, h float64
		want string
	}{
		"no room":   {&appearance.Text{Text: strings.Repeat("long text ", 300)}, 20, 5, "no room"},
		"size":      {&appearance.Text{Text: "a", Size: -1}, 20, 20, "size"},
		"long":      {&appearance.Text{Text: strings.Repeat("a", 16<<10+1)}, 500, 500, "bytes"},
		"long line": {&appearance.Text{Text: strings.Repeat("a", 4097)}, 500, 500, "4097 characters"},
		"control":   {&appearance.Text{Text: "a\x00b"}, 20, 20, "U+0000"},
		"box":       {&appearance.Text{Text: "a"}, 20, 0.5, "rectangle"},
		"huge box":  {&appearance.Text{Text: "a"}, 20000, 20, "rectangle"},
	} {
		_, err := c.text.Draw(context.Background(), request(c.w, c.h))
		require.ErrorContains(t, err, c.want, name)
	}
	_, err := (&appearance.Text{Text: strings.Repeat(strings.Repeat("a", 4095)+"\n", 4)[:16<<10]}).Draw(context.Background(), request(2000, 2000))
	require.NoError(t, err)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = (&appearance.Text{Text: "a"}).Draw(ended, request(20, 20))
	require.ErrorIs(t, err, context.Canceled)
}

// TestPlaceholders: lines of which nothing is known are left out, and what is put
// in is not looked into again.
func TestPlaceholders(t *testing.T) {
	for text, want := range map[string]string{
		"{name}\n{reason}\n{location}":           "Taro {reason}",
		"By {name}: {contact}\n({location}) end": "By Taro {reason}:",
		"{time}":                                 "2026-11-22 15:04:05 +09:00",
		"{other} {":                              "{other} {",
		"":                                       "Taro {reason} 2026-11-22 15:04:05 +09:00",
	} {
		r := request(400, 100)
		r.Name, r.Reason, r.Location = "Taro {reason}", "", ""
		file := drawn(t, &appearance.Text{Text: text}, r)
		require.Equal(t, squeeze(want), squeeze(run(t, "pdftotext", "-layout", file, "-")), text)
	}
	r := request(400, 100)
	r.Name, r.Time = "", time.Time{}
	_, err := (&appearance.Seal{}).Draw(context.Background(), r)
	require.ErrorContains(t, err, "without a name")
}

func TestContainersRefuse(t *testing.T) {
	text := &appearance.Text{Text: "a"}
	for name, c := range map[string]struct {
		e    pades.Appearance
		want string
	}{
		"border":  {&appearance.Frame{Border: -1, Content: text}, "border"},
		"padding": {&appearance.Frame{Padding: 60, Content: text}, "no room"},
		"gap":     {&appearance.Row{Gap: -1, Items: []appearance.Element{text, text}}, "gap"},
		"crowd":   {&appearance.Column{Gap: 40, Items: []appearance.Element{text, text, text, text}}, "no room"},
		"qr":      {&appearance.QRCode{Text: strings.Repeat("a", 3000)}, "QR code"},
	} {
		_, err := c.e.Draw(context.Background(), request(100, 100))
		require.ErrorContains(t, err, c.want, name)
	}
	s, err := appearance.Layers{nil, &appearance.Row{Items: []appearance.Element{nil, text}}}.Draw(context.Background(), request(100, 100))
	require.NoError(t, err)
	require.NotEmpty(t, s.Content)
}

// TestRightToLeft: text from right to left stands to the right, its letters are
// joined, and it can be read back in its order.
func TestRightToLeft(t *testing.T) {
	const dejavu = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
	peertest.File(t, dejavu)
	f, err := appearance.OpenFont(dejavu, 0)
	require.NoError(t, err)
	for text, right := range map[string]bool{"سلام عليكم": true, "שלום (abc) עולם": true, "abc שלום": false} {
		file := drawn(t, &appearance.Text{Text: text, Fonts: []*appearance.Font{f}, Color: color.RGBA{255, 0, 0, 255}}, request(300, 30))
		painted := ink(rendered(t, "poppler", file, 72), func(_, _ int, c color.RGBA) bool { return isRed(c) })
		require.Equal(t, right, painted.Min.X > 150, text)
		require.Equal(t, !right, painted.Max.X < 150, text)
		got := run(t, "pdftotext", "-layout", file, "-")
		for word := range strings.FieldsSeq(strings.Trim(text, "()")) {
			if letters := strings.Trim(word, "()"); text != "سلام عليكم" || letters != "سلام" { // poppler turns the ligature of lam and alef round
				require.Contains(t, got, letters, text)
			}
		}
	}
}

// TestVariants: the form of an ideograph that a selector names (IVS) is the one
// that is drawn, and the selector can be read back.
func TestVariants(t *testing.T) {
	fonts := japanese(t)
	for _, set := range [][]*appearance.Font{fonts, fonts[1:]} {
		var drawings []string
		for _, selector := range []string{"\U000E0100", "\U000E0101"} {
			name := "葛" + selector + "城"
			file := drawn(t, &appearance.Text{Text: name, Fonts: set}, request(100, 30))
			require.Equal(t, name, squeeze(run(t, "pdftotext", "-layout", file, "-")))
			s, err := (&appearance.Seal{Name: name, Fonts: set}).Draw(context.Background(), request(60, 60))
			require.NoError(t, err)
			_, paths, _ := strings.Cut(string(s.Content), "BDC")
			drawings = append(drawings, paths)
		}
		require.NotEqual(t, drawings[0], drawings[1])
	}
}
