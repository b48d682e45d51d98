package pades_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/pades"
)

// archive is a document that claims a part of PDF/A, with an output intent of that
// many components; 0 is none.
func archive(part, components int) []byte {
	f := testpdf.Contract(1, testpdf.Table)
	intent := ""
	if components > 0 {
		intent = "/OutputIntents[<</S/GTS_PDFX>><</S/GTS_PDFA1/DestOutputProfile 51 0 R>>]"
	}
	f.Objects[0].Body = strings.Replace(f.Objects[0].Body, "<<", "<</Metadata 50 0 R"+intent, 1)
	f.Objects = append(f.Objects,
		testpdf.Object{Number: 50, Body: "<</Type/Metadata/Subtype/XML>>", Data: fmt.Appendf(nil, "<pdfaid:part>%d</pdfaid:part>", part)},
		testpdf.Object{Number: 51, Body: fmt.Sprintf("<</N %d>>", components), Data: []byte("profile")})
	return f.Bytes()
}

// drawn is an appearance of this content, with resources in which %s is an object.
type drawn struct{ content, resources, object, stream string }

func (d drawn) Draw(_ context.Context, r *pades.AppearanceRequest) (*pades.AppearanceStream, error) {
	if d.object != "" {
		d.resources = fmt.Sprintf(d.resources, r.Objects.Add([]byte(d.object)))
	}
	if d.stream != "" {
		d.resources = fmt.Sprintf(d.resources, r.Objects.AddStream([]byte(d.stream), []byte("x")))
	}
	return &pades.AppearanceStream{Content: []byte(d.content), Resources: []byte(d.resources)}, nil
}

// TestArchivalAppearance: an appearance that would end the conformance to PDF/A is
// refused, whoever draws it; in other documents it is not.
func TestArchivalAppearance(t *testing.T) {
	const image = "<</Type/XObject/Subtype/Image/ColorSpace/Device"
	for name, c := range map[string]struct {
		drawn
		part, components int
		want             string
	}{
		"rgb without an intent":     {drawn{content: "1 0 0 rg"}, 2, 0, "DeviceRGB"},
		"rgb for gray":              {drawn{content: "1 0 0 RG"}, 3, 1, "DeviceRGB"},
		"rgb for rgb":               {drawn{content: "1 0 0 rg"}, 2, 3, ""},
		"rgb that is defined":       {drawn{content: "1 0 0 rg", resources: "<</ColorSpace<</DefaultRGB 1 0 R>>>>"}, 2, 0, ""},
		"rgb defined elsewhere":     {drawn{content: "1 0 0 rg", resources: "<</ColorSpace 9 0 R>>"}, 2, 0, ""},
		"rgb in no archive":         {drawn{content: "1 0 0 rg"}, 0, 0, ""},
		"gray without an intent":    {drawn{content: "0 g"}, 1, 0, "DeviceGray"},
		"gray for rgb":              {drawn{content: "0 g"}, 1, 3, ""},
		"gray for cmyk":             {drawn{content: "0 g"}, 1, 4, ""},
		"cmyk for rgb":              {drawn{content: "0 0 0 1 k"}, 3, 3, "DeviceCMYK"},
		"cmyk for cmyk":             {drawn{content: "0 0 0 1 k"}, 3, 4, ""},
		"image for gray":            {drawn{content: "/X Do", resources: "<</XObject<</X %s>>>>", stream: image + "RGB>>"}, 2, 1, "DeviceRGB"},
		"image for rgb":             {drawn{content: "/X Do", resources: "<</XObject<</X %s>>>>", stream: image + "RGB>>"}, 2, 3, ""},
		"cmyk image":                {drawn{content: "/X Do", resources: "<</XObject<</X %s>>>>", stream: image + "CMYK>>"}, 2, 3, "DeviceCMYK"},
		"soft mask in part 1":       {drawn{content: "/X Do", resources: "<</XObject<</X %s>>>>", stream: image + "RGB/SMask 7 0 R>>"}, 1, 3, "transparency"},
		"soft mask in part 2":       {drawn{content: "/X Do", resources: "<</XObject<</X %s>>>>", stream: image + "RGB/SMask 7 0 R>>"}, 2, 3, ""},
		"half opaque in part 1":     {drawn{content: "/G gs", resources: "<</ExtGState<</G %s>>>>", object: "<</ca .5>>"}, 1, 3, "transparency"},
		"not opaque in part 1":      {drawn{content: "/G gs", resources: "<</ExtGState<</G<</CA 0>>>>>>"}, 1, 3, "transparency"},
		"opaque in part 1":          {drawn{content: "/G gs", resources: "<</ExtGState<</G<</CA 1/ca 1.0/SMask/None/BM/Normal>>>>>>"}, 1, 3, ""},
		"blend mode in part 1":      {drawn{content: "/G gs", resources: "<</ExtGState<</G<</BM /Multiply>>>>>>"}, 1, 3, "transparency"},
		"transparency group, 1":     {drawn{content: "/X Do", resources: "<</XObject<</X %s>>>>", stream: "<</Subtype/Form/Group<</S/Transparency>>>>"}, 1, 3, "transparency"},
		"blend mode in part 2":      {drawn{content: "/G gs", resources: "<</ExtGState<</G<</BM /Multiply>>>>>>"}, 2, 3, ""},
		"font by name alone":        {drawn{content: "BT", resources: "<</Font<</F %s>>>>", object: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"}, 2, 3, "embedded"},
		"font without its program":  {drawn{content: "BT", resources: "<</Font<</F %s>>>>", object: "<</Type/FontDescriptor/FontName/A/Flags 4>>"}, 3, 3, "embedded"},
		"font with its program":     {drawn{content: "BT", resources: "<</Font<</F %s>>>>", object: "<</Type/FontDescriptor/FontName/A/FontFile2 9 0 R>>"}, 1, 3, ""},
		"font in no archive":        {drawn{content: "BT", resources: "<</Font<</F %s>>>>", object: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"}, 0, 0, ""},
		"half opaque in no archive": {drawn{content: "/G gs", resources: "<</ExtGState<</G<</ca .5>>>>>>"}, 0, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := document(t, archive(c.part, c.components))
			err := d.Sign(t.Context(), signer(t, nil), &pades.SignOptions{Appearance: c.drawn, Rect: pades.Rect{X: 9, Y: 9, Width: 50, Height: 50}})
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, pades.ErrOptions)
			require.ErrorContains(t, err, c.want)
			require.Equal(t, int64(len(archive(c.part, c.components))), d.Size())
		})
	}
}

// TestArchivalWidget: in PDF/A-1 every widget has an appearance, an invisible one too;
// elsewhere an invisible one has none.
func TestArchivalWidget(t *testing.T) {
	for part, want := range map[int]int{0: 0, 1: 1, 2: 0, 3: 0} {
		d := document(t, archive(part, 3))
		require.NoError(t, d.Sign(t.Context(), signer(t, nil), nil))
		update := content(t, d)[len(archive(part, 3)):]
		require.Equal(t, want, strings.Count(string(update), "/AP<</N "), "part %d", part)
	}
}
