package appearance

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/image/font/gofont/goregular"

	"github.com/inkan-go/inkan/internal/font"
)

// Font is a parsed TrueType or OpenType font. Parse it once and use it for any
// number of signatures: it may be used by several goroutines.
//
// Only the glyphs that are shown go into the file, with the way back from glyphs
// to text, so that it can be searched and copied.
type Font struct {
	font  *font.Font
	data  []byte
	index int
}

// ParseFont reads a font from the bytes of a TrueType or OpenType file, which
// must not change any more. For a collection, index tells which of its fonts, from
// 0; otherwise it is 0.
//
// It fails where the font's licence forbids embedding (OS/2 fsType), and for
// WOFF, bitmap fonts and variable fonts with CFF2 outlines.
func ParseFont(data []byte, index int) (*Font, error) {
	f, err := font.Parse(data, index)
	if err != nil {
		return nil, fmt.Errorf("appearance: %w", err)
	}
	return &Font{f, data, index}, nil
}

// OpenFont reads a font from a file; see ParseFont.
func OpenFont(name string, index int) (*Font, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("appearance: %w", err)
	}
	f, err := ParseFont(data, index)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

// Latin returns the font that is used where none is given: Go Regular, which
// holds Latin, Greek and Cyrillic letters.
func Latin() (*Font, error) {
	f, err := font.Latin()
	if err != nil {
		return nil, fmt.Errorf("appearance: %w", err)
	}
	return &Font{f, goregular.TTF, 0}, nil
}

// Data returns the file that the font was parsed from, which must not be changed, and
// its index there, for others that take fonts, as verify/report does.
func (f *Font) Data() (data []byte, index int) { return f.data, f.index }

// Name returns the full name of the font.
func (f *Font) Name() string { return f.font.Name() }

// Missing returns the characters of the text that none of the fonts holds, each
// once, in the order of the text. An ideograph with a variation selector (IVS)
// that no font has a form for is returned with its selector. Without fonts it
// asks the one of Latin.
func Missing(fonts []*Font, text string) ([]string, error) {
	inner, err := innerFonts(fonts)
	if err != nil {
		return nil, err
	}
	return font.Missing(inner, text), nil
}

// innerFonts returns the fonts, or the default.
func innerFonts(fonts []*Font) ([]*font.Font, error) {
	inner := make([]*font.Font, 0, len(fonts)+1)
	for _, f := range fonts {
		if f == nil || f.font == nil {
			return nil, fmt.Errorf("appearance: a font is nil; use ParseFont or OpenFont")
		}
		inner = append(inner, f.font)
	}
	if len(inner) == 0 {
		f, err := Latin()
		if err != nil {
			return nil, err
		}
		inner = append(inner, f.font)
	}
	return inner, nil
}

// MissingGlyphError tells that characters cannot be drawn, since no font that was
// given holds them. No replacement is drawn in their place.
type MissingGlyphError struct {
	Characters []string // each once
	Fonts      []string // the names of the fonts
}

// Error names the characters and their numbers.
func (e *MissingGlyphError) Error() string {
	shown := make([]string, len(e.Characters))
	for i, c := range e.Characters {
		numbers := make([]string, 0, 2)
		for _, r := range c {
			numbers = append(numbers, fmt.Sprintf("U+%04X", r))
		}
		shown[i] = c + " (" + strings.Join(numbers, " ") + ")"
	}
	return fmt.Sprintf("appearance: no glyph for %s in %s; give a font that has one", strings.Join(shown, ", "), strings.Join(e.Fonts, ", "))
}

// checkGlyphs returns the fonts, or the default, if they hold all of a text.
func checkGlyphs(fonts []*Font, text string) ([]*font.Font, error) {
	inner, err := innerFonts(fonts)
	if err != nil {
		return nil, err
	}
	missing := font.Missing(inner, text)
	if len(missing) == 0 {
		return inner, nil
	}
	e := &MissingGlyphError{Characters: missing}
	for _, f := range inner {
		e.Fonts = append(e.Fonts, f.Name())
	}
	return nil, e
}

// layout finds the glyphs of a text.
func layout(fonts []*Font, text string, d font.Direction) (*font.Paragraph, error) {
	inner, err := checkGlyphs(fonts, text)
	if err != nil {
		return nil, err
	}
	p, err := font.Layout(inner, text, d)
	if err != nil {
		return nil, fmt.Errorf("appearance: %w", err)
	}
	return p, nil
}
