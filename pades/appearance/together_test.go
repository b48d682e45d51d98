package appearance_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/pades/appearance"
)

// jpegImage is a picture of one colour.
func jpegImage(t testing.TB, w, h int, v color.Color) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, v)
		}
	}
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, m, nil))
	return b.Bytes()
}

func TestEverythingTogether(t *testing.T) {
	fonts := japanese(t)
	picture, err := appearance.ParseImage(pngImage(t, 80, 60))
	require.NoError(t, err)
	photo, err := appearance.ParseImage(jpegImage(t, 40, 80, color.RGBA{0, 128, 255, 255}))
	require.NoError(t, err)
	page, err := appearance.OpenPage(drawn(t, &appearance.Seal{Name: "山田太郎", Fonts: fonts}, request(60, 60)), 1)
	require.NoError(t, err)
	frame := func(e appearance.Element) appearance.Element {
		return &appearance.Frame{Content: e, Border: 0.5, Padding: 3, BorderColor: color.Gray{128}}
	}
	all := &appearance.Column{Gap: 6, Items: []appearance.Element{
		frame(&appearance.Row{Gap: 6, Items: []appearance.Element{&appearance.Seal{Fonts: fonts}, &appearance.Text{Fonts: fonts}}}),
		frame(&appearance.Row{Gap: 6, Items: []appearance.Element{&appearance.QRCode{Text: "https://example.com/verify?id=123"}, &appearance.Text{Fonts: fonts, Text: "本契約は電子署名法に基づき、山田太郎が署名したものです。検証は左のコードから行えます。Verification is possible at any time.", Color: color.RGBA{0, 0, 128, 255}}}}),
		frame(&appearance.Row{Gap: 6, Items: []appearance.Element{&appearance.Frame{Background: color.RGBA{255, 255, 180, 255}, Content: picture}, photo, page, &appearance.Text{Fonts: fonts, Vertical: true, Text: "甲 山田太郎\n平成二十年「サーバー」ABC株式会社"}}}),
		frame(appearance.Layers{&appearance.Text{Text: "Maximilian Mustermann-Wolkenstein", Size: 40, Align: appearance.AlignMiddle}, &appearance.Text{Text: "bottom", Across: appearance.AlignEnd, Align: appearance.AlignEnd}}),
	}}
	file := drawn(t, all, request(260, 400))
	run(t, "qpdf", "--check", file)
	text := squeeze(run(t, "pdftotext", "-raw", file, "-"))
	for _, want := range []string{"山田太郎", "本契約は電子署名法", "Verification", "サーバー", "Wolkenstein", "bottom"} {
		require.Contains(t, text, want)
	}
	for _, reader := range renderers {
		require.False(t, ink(rendered(t, reader, file, 72), func(_, _ int, c color.RGBA) bool { return isRed(c) }).Empty())
	}
}
