package pdf

import (
	"fmt"
	"strings"
	"time"
)

// FormatDate returns a date as ISO 32000-2, 7.9.4 writes it, without the
// parentheses of the string: D:20260102150405+09'00'. Seconds are the finest unit.
func FormatDate(t time.Time) string {
	_, zone := t.Zone()
	sign := byte('+')
	if zone < 0 {
		sign, zone = '-', -zone
	}
	b := append(make([]byte, 0, len("D:20060102150405+09'00'")), "D:"...)
	b = append(t.AppendFormat(b, "20060102150405"), sign)
	b = append(appendPadded(b, int64(zone/3600), 2), '\'')
	return string(append(appendPadded(b, int64(zone/60%60), 2), '\''))
}

// ParseDate reads a date string. Parts that are left out count as their lowest
// value, a date without a zone as UTC. "D:" and the apostrophes may be missing.
func ParseDate(s string) (time.Time, error) {
	fail := func() (time.Time, error) {
		return time.Time{}, fmt.Errorf("pdf: %.40q is not a date", s)
	}
	rest := strings.TrimPrefix(strings.TrimSpace(s), "D:")
	part := [6]int{0, 1, 1, 0, 0, 0}
	for i := range part {
		width := 2
		if i == 0 {
			width = 4
		}
		n, after, ok := digits(rest, width)
		if !ok {
			if i == 0 {
				return fail()
			}
			break
		}
		part[i], rest = n, after
	}
	zone, ok := parseZone(rest)
	if !ok {
		return fail()
	}
	t := time.Date(part[0], time.Month(part[1]), part[2], part[3], part[4], part[5], 0, zone)
	// Date carries over: 31 April would become 1 May.
	if t.Year() != part[0] || int(t.Month()) != part[1] || t.Day() != part[2] || t.Hour() != part[3] || t.Minute() != part[4] || t.Second() != part[5] {
		return fail()
	}
	return t, nil
}

// digits cuts n decimal digits from s.
func digits(s string, n int) (value int, rest string, ok bool) {
	if len(s) < n {
		return 0, s, false
	}
	for i := range n {
		if !isDigit(s[i]) {
			return 0, s, false
		}
		value = value*10 + int(s[i]-'0')
	}
	return value, s[n:], true
}

// parseZone reads Z, +hh, +hh' , +hh'mm or +hh'mm'.
func parseZone(s string) (*time.Location, bool) {
	if s == "" {
		return time.UTC, true
	}
	sign := 1
	switch s[0] {
	case 'Z', 'z':
		rest := strings.Trim(s[1:], "0'")
		return time.UTC, rest == ""
	case '-':
		sign = -1
	case '+':
	default:
		return nil, false
	}
	hours, rest, ok := digits(s[1:], 2)
	if !ok {
		return nil, false
	}
	rest = strings.TrimPrefix(rest, "'")
	minutes := 0
	if rest != "" {
		if minutes, rest, ok = digits(rest, 2); !ok || strings.TrimPrefix(rest, "'") != "" {
			return nil, false
		}
	}
	if hours > 23 || minutes > 59 {
		return nil, false
	}
	offset := sign * (hours*3600 + minutes*60)
	if offset == 0 {
		return time.UTC, true
	}
	return time.FixedZone("", offset), true
}
