package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
)

// demoSeal is the name in the seal of the demonstration's signer.
const demoSeal = "田辺"

// showDemo makes the demonstration's signature visible on the Client's line, with a
// seal where an installed font holds its characters. It returns what to say where
// none does.
func showDemo(ctx context.Context, o *pades.SignOptions) (note string, err error) {
	o.Rect = pades.Rect{X: 74, Y: 418, Width: 199, Height: 54}
	text := &appearance.Text{Text: "{name}\n{time}\n{location}", Size: 9}
	o.Appearance = text
	fonts, err := appearance.FindFonts(ctx, demoSeal, &appearance.FindOptions{Serif: true})
	var missing *appearance.MissingGlyphError
	switch {
	case errors.As(err, &missing):
		return fmt.Sprintf("No installed font holds %s, so that the contract bears no seal. For one, install a Japanese font, "+
			"for example IPAex Mincho (package fonts-ipaexfont) or Noto Serif CJK (fonts-noto-cjk).", demoSeal), nil
	case err != nil:
		return "", err
	}
	o.Appearance = &appearance.Row{Gap: 5, Items: []appearance.Element{&appearance.Seal{Name: demoSeal, Fonts: fonts}, text}}
	return "", nil
}
