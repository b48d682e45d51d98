package font

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"unicode/utf16"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/font/sfnt"
)

// GlyphID is the number of a glyph in its font.
type GlyphID uint16

// Font is a parsed font. It never changes and may be used by several goroutines.
type Font struct {
	name       string // PostScript name, or another that a PDF name can hold
	family     string
	tables     tables
	unitsPerEm float64
	glyphs     int // how many
	advances   int // entries of hmtx that have an advance
	layout     *font.Font
	vertical   bool // has metrics for vertical writing of its own
	outlines   *sfnt.Font
	cff        *cffFont // nil: the outlines are TrueType
	metrics    metrics
	setters    sync.Pool // of *setter
}

// metrics are those that a font descriptor states, in thousandths of an em.
type metrics struct {
	bounds                     [4]int // of all glyphs: left, bottom, right, top
	ascent, descent, capHeight int
	italicAngle                float64
	fixedPitch                 bool
}

// setter is what one goroutine at a time sets text with: a cache of the font.
type setter struct {
	face   *font.Face
	shaper shaping.HarfbuzzShaper
}

// Parse reads the font with that index (0 unless the file is a collection) from
// the bytes of a TrueType or OpenType file. It keeps data, which must not change
// any more.
//
// It fails for fonts whose licence forbids embedding (OS/2 fsType), for bitmap
// fonts, and for variable fonts with CFF2 outlines. A variable font with
// TrueType outlines is used in its default style.
func Parse(data []byte, index int) (*Font, error) {
	f, err := open(data, index)
	if err != nil {
		return nil, err
	}
	if err := f.readHeaders(); err != nil {
		return nil, err
	}
	if err := f.embeddable(); err != nil {
		return nil, err
	}
	if err := f.readOutlines(); err != nil {
		return nil, err
	}
	if err := f.readLayout(); err != nil {
		return nil, err
	}
	f.readNames()
	f.setters.New = func() any { return &setter{face: font.NewFace(f.layout)} }
	return f, nil
}

// open finds the tables of a font.
func open(data []byte, index int) (*Font, error) {
	if len(data) > maxBytes {
		return nil, fmt.Errorf("font: %d bytes; at most %d are read", len(data), maxBytes)
	}
	t, err := readTables(data, index)
	if err != nil {
		return nil, err
	}
	return &Font{tables: t}, nil
}

// readHeaders reads what the tables head, maxp, hhea and hmtx tell.
func (f *Font) readHeaders() error {
	head, err := f.tables.need("head", 54)
	if err != nil {
		return err
	}
	f.unitsPerEm = float64(binary.BigEndian.Uint16(head[18:]))
	if f.unitsPerEm < 16 || f.unitsPerEm > 16384 {
		return fmt.Errorf("font: %v units per em; 16 to 16384 are possible", f.unitsPerEm)
	}
	maxp, err := f.tables.need("maxp", 6)
	if err != nil {
		return err
	}
	if f.glyphs = int(binary.BigEndian.Uint16(maxp[4:])); f.glyphs == 0 {
		return errors.New("font: holds no glyph")
	}
	hhea, err := f.tables.need("hhea", 36)
	if err != nil {
		return err
	}
	f.advances = int(binary.BigEndian.Uint16(hhea[34:]))
	if f.advances == 0 || f.advances > f.glyphs {
		return errors.New("font: table \"hhea\" and \"maxp\" contradict each other")
	}
	if _, err := f.tables.need("hmtx", 4*f.advances); err != nil {
		return err
	}
	m := &f.metrics
	for i := range m.bounds {
		m.bounds[i] = f.thousandths(int16At(head, 36+2*i))
	}
	m.ascent, m.descent = f.thousandths(int16At(hhea, 4)), f.thousandths(int16At(hhea, 6))
	m.capHeight = m.ascent * 8 / 10
	if os2 := f.tables["OS/2"]; len(os2) >= 90 && binary.BigEndian.Uint16(os2) >= 2 {
		if h := int16At(os2, 88); h > 0 {
			m.capHeight = f.thousandths(h)
		}
	}
	if post := f.tables["post"]; len(post) >= 16 {
		m.italicAngle = float64(int32(binary.BigEndian.Uint32(post[4:]))) / 65536
		m.fixedPitch = binary.BigEndian.Uint32(post[12:]) != 0
	}
	return nil
}

// embeddable heeds the licence bits of the OpenType specification (OS/2 fsType).
func (f *Font) embeddable() error {
	os2 := f.tables["OS/2"]
	if len(os2) < 10 {
		return nil // an old font that says nothing
	}
	bits := binary.BigEndian.Uint16(os2[8:])
	switch {
	case bits&0xf == 0x2:
		return errors.New("font: its licence forbids embedding (OS/2 fsType); use another font")
	case bits&0x100 != 0:
		return errors.New("font: its licence forbids embedding a subset (OS/2 fsType); use another font")
	case bits&0x200 != 0:
		return errors.New("font: its licence allows embedding bitmaps only (OS/2 fsType); use another font")
	}
	return nil
}

func (f *Font) readOutlines() error {
	switch {
	case f.tables["CFF "] != nil:
		c, err := parseCFF(f.tables["CFF "])
		if err != nil {
			return err
		}
		if len(c.charstrings) < f.glyphs {
			return errors.New("font: table \"CFF \" holds fewer glyphs than \"maxp\" says")
		}
		f.cff = c
		return nil
	case f.tables["glyf"] != nil:
		head := f.tables["head"]
		width := 2
		if binary.BigEndian.Uint16(head[50:]) != 0 {
			width = 4
		}
		if _, err := f.tables.need("loca", width*(f.glyphs+1)); err != nil {
			return err
		}
		// The library that reads outlines insists on tables that they do not need.
		outlined := f.pick("glyf", "head", "hhea", "hmtx", "loca", "maxp")
		outlined["cmap"], outlined["post"] = []byte(emptyCmap), []byte(emptyPost)
		outlines, err := sfnt.Parse(outlined.file())
		if err != nil {
			return fmt.Errorf("font: %w", err)
		}
		f.outlines = outlines
		return nil
	case f.tables["CFF2"] != nil:
		return errors.New("font: variable fonts with CFF2 outlines cannot be embedded; use a static font")
	}
	return errors.New("font: holds no outlines")
}

// readLayout gives the library the tables for layout, and only those: what it
// would do with hostile outlines is not bounded.
func (f *Font) readLayout() error {
	if _, err := f.tables.need("cmap", 4); err != nil {
		return err
	}
	loader, err := opentype.NewLoader(bytes.NewReader(f.pick("GDEF", "GPOS", "GSUB", "OS/2", "VORG",
		"cmap", "head", "hhea", "hmtx", "maxp", "vhea", "vmtx").file()))
	if err != nil {
		return fmt.Errorf("font: %w", err)
	}
	if f.layout, err = font.NewFont(loader); err != nil {
		return fmt.Errorf("font: %w", err)
	}
	f.vertical = f.layout.HasVerticalMetrics()
	return nil
}

// emptyCmap maps no character (format 12), and emptyPost names no glyph (version 3).
const (
	emptyCmap = "\x00\x00\x00\x01\x00\x03\x00\x0a\x00\x00\x00\x0c" +
		"\x00\x0c\x00\x00\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x00\x00"
	emptyPost = "\x00\x03\x00\x00" + "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" +
		"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
)

// pick returns, of these tables, those that are there.
func (f *Font) pick(tags ...string) tables {
	picked := make(tables)
	for _, tag := range tags {
		if data := f.tables[tag]; data != nil {
			picked[tag] = data
		}
	}
	return picked
}

// Name identifies of the table "name".
const (
	nameFamily     = 1
	nameFull       = 4
	namePostScript = 6
)

// readNames takes the names from the table "name", as far as it can be read.
func (f *Font) readNames() {
	f.family = f.readName(nameFull)
	if f.family == "" {
		f.family = f.readName(nameFamily)
	}
	var name strings.Builder
	for _, r := range f.readName(namePostScript) {
		if name.Len() < 63 && (r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z') {
			name.WriteRune(r)
		}
	}
	if f.name = name.String(); f.name == "" {
		f.name = "Font"
	}
	if f.family == "" {
		f.family = f.name
	}
}

// readName returns a name, preferably in English, from those in UTF-16; "" where
// there is none.
func (f *Font) readName(id uint16) string {
	const record = 12
	t := f.tables["name"]
	if len(t) < 6 {
		return ""
	}
	count, texts, best := int(binary.BigEndian.Uint16(t[2:])), int(binary.BigEndian.Uint16(t[4:])), ""
	for r := t[6:]; count > 0 && len(r) >= record; count, r = count-1, r[record:] {
		platform, language := binary.BigEndian.Uint16(r), binary.BigEndian.Uint16(r[4:])
		length, at := int(binary.BigEndian.Uint16(r[8:])), texts+int(binary.BigEndian.Uint16(r[10:]))
		if platform != 3 || binary.BigEndian.Uint16(r[6:]) != id || at+length > len(t) {
			continue
		}
		units := make([]uint16, length/2)
		for i := range units {
			units[i] = binary.BigEndian.Uint16(t[at+2*i:])
		}
		if english := language == 0x409; english || best == "" {
			best = string(utf16.Decode(units))
			if english {
				break
			}
		}
	}
	return best
}

// Name returns the full name of the font, for messages.
func (f *Font) Name() string { return f.family }

// Ascent returns how far the lines of the font reach above the baseline, in ems.
func (f *Font) Ascent() float64 { return float64(f.metrics.ascent) / 1000 }

// Descent returns how far they reach below it, as a negative number of ems.
func (f *Font) Descent() float64 { return float64(f.metrics.descent) / 1000 }

// advance returns the width of a glyph in units of the font.
func (f *Font) advance(g GlyphID) int {
	return int(binary.BigEndian.Uint16(f.tables["hmtx"][4*min(int(g), f.advances-1):]))
}

// Width returns the width of a glyph in ems.
func (f *Font) Width(g GlyphID) float64 { return float64(f.advance(g)) / f.unitsPerEm }

// thousandths converts from units of the font, within what every number of a
// font program can hold.
func (f *Font) thousandths(units int) int {
	return int(math.Round(max(-32000, min(32000, float64(units)*1000/f.unitsPerEm))))
}

func int16At(b []byte, at int) int { return int(int16(binary.BigEndian.Uint16(b[at:]))) }
