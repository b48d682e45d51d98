package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
	"github.com/inkan-go/inkan/verify/report"
)

// demoLook is how the demonstration looks: with seals and in Japanese where an installed font
// holds the characters.
type demoLook struct {
	language contract.Language
	seals    []*appearance.Font // nil: none
	fonts    []report.Font      // for pages
	note     string             // what to say where no font was found
}

// newDemoLook looks for fonts that hold every text.
func newDemoLook(ctx context.Context, text string) (*demoLook, error) {
	serif, err := appearance.FindFonts(ctx, demoSeals, &appearance.FindOptions{Serif: true})
	var fonts []*appearance.Font
	if err == nil {
		fonts, err = appearance.FindFonts(ctx, text+demoSeals, nil)
	}
	var missing *appearance.MissingGlyphError
	switch {
	case errors.As(err, &missing):
		return &demoLook{language: contract.English, note: fmt.Sprintf("No installed font holds %s, so that the contract bears no seals and its papers are in English. "+
			"For Japanese ones install a font, for example IPAex Mincho (package fonts-ipaexfont) or Noto CJK (fonts-noto-cjk).", demoSeals)}, nil
	case err != nil:
		return nil, err
	}
	return &demoLook{language: contract.Japanese, seals: serif, fonts: forReport(fonts)}, nil
}

// appearance draws a signature: its name and time, and the seal where there is a font.
func (l *demoLook) appearance(seal string) pades.Appearance {
	text := &appearance.Text{Text: "{name}\n{time}", TimeLayout: "2006-01-02 15:04", Size: 7}
	if l.seals == nil {
		return text
	}
	return &appearance.Row{Gap: 4, Items: []appearance.Element{&appearance.Seal{Name: seal, Fonts: l.seals}, text}}
}
