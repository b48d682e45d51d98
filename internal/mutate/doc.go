// Package mutate makes damaged PDF files out of sound ones, with the structure
// of the format in mind: numbers, names, references, objects, cross-reference
// sections and compressed streams are what it breaks, since bytes turned at
// random rarely get behind the first check.
//
// It knows PDF only as text, so that it shares no mistake with the parser that
// it tests. The same seed gives the same mutant.
package mutate
