// Package font reads TrueType and OpenType fonts, sets text with them, and
// embeds the glyphs that were used into PDF files (ISO 32000-2, 9.6 to 9.10).
//
// A font is parsed once, by Parse, and may then be used by any number of
// goroutines. Layout finds the glyphs of a text in any script, horizontally or
// vertically, and breaks it into lines. Embedding gathers what was shown and
// writes it as a Type 0 font with a subset of the font program and the way back
// to the text (ToUnicode). Outline gives the path of a glyph, for what is drawn
// instead of set, as a seal.
//
// The tables for layout are read by a library; the outlines, which go into the
// file, are read here, with limits on what a hostile font can ask for.
//
// It decides nothing about where text goes, and it finds no fonts.
package font
