// Package attached finds the files that are embedded in a PDF, and adds to the
// tree of their names (ISO 32000-2, 7.11.4 and 7.9.6). It says nothing about who
// attached them or whether a signature covers them.
package attached
