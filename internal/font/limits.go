package font

// Limits against hostile fonts. Each is far above what real fonts need.
const (
	// maxBytes is the size of a font file; the largest in use, collections of
	// Chinese, Japanese and Korean, have some 30 MB.
	maxBytes = 64 << 20
	// maxFaces is the number of fonts in a collection.
	maxFaces = 256
	// maxTables is the number of tables of one font.
	maxTables = 128
	// maxComponents is the number of parts, parts of parts included, of one
	// composite glyph.
	maxComponents = 256
	// maxComponentDepth is how deep composite glyphs may nest.
	maxComponentDepth = 8
	// maxOperators is the number of operators that one charstring of a CFF font
	// may execute, those of its subroutines included.
	maxOperators = 20_000
	// maxGlyphBytes is the size of one glyph in a file.
	maxGlyphBytes = 64 << 10
	// maxSegments is the number of lines and curves of one glyph.
	maxSegments = 20_000
	// maxIndexItems is the number of charstrings and subroutines of a CFF font.
	maxIndexItems = 1 << 18
	// maxText is the number of characters of one paragraph.
	maxText = 4096
	// maxGlyphs is the number of different glyphs that one embedded subset holds.
	maxGlyphs = 8192
)
