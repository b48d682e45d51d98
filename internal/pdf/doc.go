// Package pdf reads PDF files as they are and appends incremental updates to
// them (ISO 32000-2, clause 7.5). It is the only parser of the project: signing,
// judging and reporting all see the same objects through it.
//
// It decides nothing about signatures, permissions or trust, and it never
// changes a byte of an existing file.
package pdf
