package certificate

import (
	"errors"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// readTime reads UTCTime or GeneralizedTime (RFC 5280, 4.1.2.5). Besides the form
// that DER demands it accepts missing seconds, fractions and zone offsets, which
// old issuers wrote.
func readTime(s *cryptobyte.String) (time.Time, error) {
	var content cryptobyte.String
	var tag cbasn1.Tag
	if !s.ReadAnyASN1(&content, &tag) {
		return time.Time{}, errors.New("certificate: malformed time")
	}
	text := []byte(content)
	switch tag {
	case cbasn1.UTCTime:
		year, ok := twoDigits(text)
		if !ok {
			return time.Time{}, errors.New("certificate: malformed UTCTime")
		}
		if year < 50 {
			return parseTime(2000+year, text[2:])
		}
		return parseTime(1900+year, text[2:])
	case cbasn1.GeneralizedTime:
		century, ok := twoDigits(text)
		if !ok {
			return time.Time{}, errors.New("certificate: malformed GeneralizedTime")
		}
		year, ok := twoDigits(text[2:])
		if !ok {
			return time.Time{}, errors.New("certificate: malformed GeneralizedTime")
		}
		return parseTime(century*100+year, text[4:])
	}
	return time.Time{}, errors.New("certificate: a time is neither UTCTime nor GeneralizedTime")
}

var errTime = errors.New("certificate: malformed time")

// parseTime reads MMDDhhmm[ss[.fraction]] and Z or an offset +hhmm.
func parseTime(year int, text []byte) (time.Time, error) {
	var field [5]int // month, day, hour, minute, second
	for i := range field {
		n, ok := twoDigits(text)
		if !ok {
			if i == 4 {
				break // no seconds
			}
			return time.Time{}, errTime
		}
		field[i], text = n, text[2:]
	}
	if len(text) > 0 && text[0] == '.' {
		for text = text[1:]; len(text) > 0 && text[0] >= '0' && text[0] <= '9'; text = text[1:] {
		}
	}
	offset, ok := zone(text)
	if !ok {
		return time.Time{}, errTime
	}
	t := time.Date(year, time.Month(field[0]), field[1], field[2], field[3], field[4], 0, time.UTC)
	if t.Month() != time.Month(field[0]) || t.Day() != field[1] || field[2] > 23 || field[3] > 59 || field[4] > 59 {
		return time.Time{}, errTime
	}
	return t.Add(-offset), nil
}

func zone(text []byte) (time.Duration, bool) {
	if len(text) == 1 && text[0] == 'Z' {
		return 0, true
	}
	if len(text) != 5 || text[0] != '+' && text[0] != '-' {
		return 0, false
	}
	hours, ok1 := twoDigits(text[1:])
	minutes, ok2 := twoDigits(text[3:])
	if !ok1 || !ok2 || hours > 23 || minutes > 59 {
		return 0, false
	}
	offset := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if text[0] == '-' {
		offset = -offset
	}
	return offset, true
}

func twoDigits(b []byte) (int, bool) {
	if len(b) < 2 || b[0] < '0' || b[0] > '9' || b[1] < '0' || b[1] > '9' {
		return 0, false
	}
	return int(b[0]-'0')*10 + int(b[1]-'0'), true
}
