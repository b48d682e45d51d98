package testpdf

import (
	"bytes"
	"regexp"
	"strconv"
)

var (
	startXRef = regexp.MustCompile(`startxref\s+(\d+)\s+%%EOF`)
	size      = regexp.MustCompile(`/Size (\d+)`)
)

// LastStartXRef returns the offset that the last startxref of a file names.
func LastStartXRef(file []byte) int64 { return lastNumber(startXRef, file) }

// LastSize returns the last /Size of a file.
func LastSize(file []byte) int { return int(lastNumber(size, file)) }

func lastNumber(re *regexp.Regexp, file []byte) int64 {
	all := re.FindAllSubmatch(file, -1)
	if len(all) == 0 {
		panic("testpdf: " + re.String() + " does not occur")
	}
	n, err := strconv.ParseInt(string(all[len(all)-1][1]), 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

// MustIndex returns where pattern occurs first in file at or after from, and
// panics where it does not: a vector that lost its target must not pass.
func MustIndex(file []byte, pattern string, from int) int {
	at := bytes.Index(file[from:], []byte(pattern))
	if at < 0 {
		panic("testpdf: " + pattern + " does not occur")
	}
	return from + at
}
