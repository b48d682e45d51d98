package font

import (
	"encoding/binary"
	"fmt"

	"github.com/go-text/typesetting/font"
	ottables "github.com/go-text/typesetting/font/opentype/tables"
)

// Summary is what can be known of a font without reading all of it.
type Summary struct {
	Name    string
	Regular bool // neither bold nor light, neither italic nor condensed

	cmap       font.Cmap
	variations font.UnicodeVariations
}

// Summarize reads the name and the characters of a font that can be embedded, at
// a small part of the cost of Parse. Arguments are those of Parse.
func Summarize(data []byte, index int) (*Summary, error) {
	f, err := open(data, index)
	if err != nil {
		return nil, err
	}
	t := f.tables
	if err := f.embeddable(); err != nil {
		return nil, err
	}
	if t["glyf"] == nil && t["CFF "] == nil {
		return nil, fmt.Errorf("font: no outlines that can be embedded")
	}
	f.readNames()
	cmap, err := t.need("cmap", 4)
	if err != nil {
		return nil, err
	}
	parsed, _, err := ottables.ParseCmap(cmap)
	if err != nil {
		return nil, fmt.Errorf("font: %w", err)
	}
	s := &Summary{Name: f.family, Regular: true}
	if s.cmap, s.variations, err = font.ProcessCmap(parsed, ottables.FPNone); err != nil {
		return nil, fmt.Errorf("font: %w", err)
	}
	if os2 := t["OS/2"]; len(os2) >= 64 {
		weight, width, selection := binary.BigEndian.Uint16(os2[4:]), binary.BigEndian.Uint16(os2[6:]), binary.BigEndian.Uint16(os2[62:])
		s.Regular = weight >= 300 && weight <= 500 && width == 5 && selection&0x21 == 0
	}
	return s, nil
}

// Missing returns the characters of the text that the font lacks, as the function
// Missing does.
func (s *Summary) Missing(text string) []string {
	return missing(text, func(base, r rune) bool { return holds(s, base, r) })
}

// NominalGlyph looks a character up.
func (s *Summary) NominalGlyph(r rune) (font.GID, bool) { return s.cmap.Lookup(r) }

// VariationGlyph looks the form of a character up.
func (s *Summary) VariationGlyph(r, selector rune) (font.GID, bool) {
	switch g, flag := s.variations.GetGlyphVariant(r, selector); flag {
	case font.VariantFound:
		return g, true
	case font.VariantUseDefault:
		return s.NominalGlyph(r)
	}
	return 0, false
}
