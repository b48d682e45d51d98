// Package content tells where the content of a page or of an appearance paints,
// and which text it shows (ISO 32000-2, 8 and 9). It draws nothing: text has the
// size of its font and an assumed width, a path its bounding box, and clipping
// is ignored, so that areas are too large rather than too small. It is for
// warnings, never for verdicts.
package content
