package contract

import "time"

// japan is Japan Standard Time, which has no summer time.
var japan = time.FixedZone("JST", 9*60*60)

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// Calendar tells which days are business days; the caller knows the holidays.
type Calendar interface {
	// BusinessDay tells whether a day (only year, month and day of it count) is one.
	BusinessDay(day time.Time) bool
}

// Holidays is a Calendar by the days that are no business days besides Saturdays and
// Sundays, as YYYY-MM-DD.
type Holidays map[string]bool

// BusinessDay implements Calendar.
func (h Holidays) BusinessDay(day time.Time) bool {
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday && !h[day.Format(time.DateOnly)]
}

// StampDeadline returns the last day on which a document that was received on a day must
// have its time stamp where the exchange itself was not stamped (電子帳簿保存法施行規則4条1項2号:
// promptly, which is within seven business days of the ordinary cycle of business, itself
// up to two months). Days are taken in Japan Standard Time; the time returned is the
// end of that day. Whether the rule applies, and whether the cycle is shorter, is the
// caller's to know. A nil Calendar knows Saturdays and
// Sundays only.
func StampDeadline(received time.Time, c Calendar) time.Time {
	y, m, d := received.In(japan).Date()
	first := time.Date(y, m+2, 1, 0, 0, 0, 0, japan)
	day := time.Date(y, m+2, d, 0, 0, 0, 0, japan)
	if day.Month() != first.Month() { // no such day in that month: its last
		day = first.AddDate(0, 1, -1)
	}
	if c == nil {
		c = Holidays{}
	}
	for left := stampBusinessDays; left > 0; {
		day = day.AddDate(0, 0, 1)
		if c.BusinessDay(day) {
			left--
		}
	}
	return day.AddDate(0, 0, 1).Add(-time.Nanosecond)
}

// stampBusinessDays is what "promptly" means in the circular of the tax agency.
const stampBusinessDays = 7
