package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/inkan-go/inkan/pades/appearance"
	"github.com/inkan-go/inkan/verify/report"
)

// openFonts reads the fonts for a report, each FILE[:INDEX].
func openFonts(files []string) ([]report.Font, error) {
	var fonts []*appearance.Font
	for _, given := range files {
		name, index := cutNumber(given, 0)
		font, err := appearance.OpenFont(name, index)
		if err != nil {
			return nil, err
		}
		fonts = append(fonts, font)
	}
	return forReport(fonts), nil
}

func forReport(fonts []*appearance.Font) []report.Font {
	list := make([]report.Font, len(fonts))
	for i, f := range fonts {
		list[i].Data, list[i].Index = f.Data()
	}
	return list
}

// findFonts looks for installed fonts that hold characters. Those that none holds stay
// out, and are told of: a report must not depend on what a judged file is called.
func findFonts(ctx context.Context, to console, characters string) ([]report.Font, error) {
	fonts, err := appearance.FindFonts(ctx, characters, nil)
	var missing *appearance.MissingGlyphError
	if !errors.As(err, &missing) {
		return forReport(fonts), err
	}
	fmt.Fprintf(to.err, "inkan: no installed font holds %q, which the report shows by number; name one that does with --font, or install one, for example Noto Sans CJK\n", missing.Characters)
	for _, c := range missing.Characters {
		characters = strings.ReplaceAll(characters, c, "")
	}
	if characters == "" {
		return nil, nil
	}
	fonts, err = appearance.FindFonts(ctx, characters, nil)
	return forReport(fonts), err
}
