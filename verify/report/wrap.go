package report

import (
	"strings"
	"unicode"
)

// leastWidth is the number of columns that a line keeps for text, however narrow the
// terminal is.
const leastWidth = 20

// Characters that do not begin a line, and those that do not end one (JIS X 4051).
const (
	notFirst = "、。」』)]}:;,.%ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
	notLast  = "「『([{"
)

// wrapped breaks a text into lines of at most so many columns: at blanks, and beside wide
// characters. A word that is longer stays whole, so that it can be copied.
func wrapped(s string, width int) []string {
	width = max(width, leastWidth)
	if columns(s) <= width {
		return []string{s}
	}
	runes := []rune(s)
	var lines []string
	begin, end, used := 0, 0, 0 // end is the last place where the line may be broken
	for i, r := range runes {
		if i > begin && mayBreak(runes[i-1], r) {
			end = i
		}
		used += columns(string(r))
		if used <= width || end <= begin || r == ' ' {
			continue
		}
		lines = append(lines, strings.TrimRight(string(runes[begin:end]), " "))
		begin, used = end, columns(string(runes[end:i+1]))
	}
	return append(lines, string(runes[begin:]))
}

// mayBreak tells whether a line may end between two characters.
func mayBreak(before, after rune) bool {
	switch {
	case after == ' ':
		return false
	case before == ' ':
		return true
	case !wide(before) && !wide(after):
		return false
	}
	return !unicode.Is(unicode.Mn, after) && !strings.ContainsRune(notFirst, after) && !strings.ContainsRune(notLast, before)
}
