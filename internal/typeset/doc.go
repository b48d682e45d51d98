// Package typeset writes new PDF documents: headings, paragraphs, tables and
// pictures that flow over pages, with what stands above and below them, bookmarks
// and attached files.
//
//	d := typeset.New(&typeset.Options{Title: "Report", Language: "en", Time: now})
//	d.Heading(1, "Report")
//	d.Paragraph("One signature, which holds.", nil)
//	err := d.Write(w)
//
// Every document is tagged, embeds the fonts that it uses with the way back to the
// text, and follows PDF/A-3 at level A (ISO 19005-3) and PDF/UA-1 (ISO 14289-1):
// who puts tables and pictures in describes them. Equal input gives equal bytes, within
// a release of Go.
//
// The package decides nothing about what is written, and it finds no fonts.
package typeset
