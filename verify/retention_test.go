package verify_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/verify"
)

// TestRetention: a file whose proof ends before it may be thrown away is told, with the
// last day on which it can safely be renewed.
func TestRetention(t *testing.T) {
	w := newWorld(t)
	file := w.file(w.signature(nil, nil), w.ltv(days(1)), w.document(at{w.stamper(years(12), nil), days(2)}))
	end := years(12)
	tokyo := time.FixedZone("JST", 9*60*60)
	judge := func(file []byte, at, until time.Time) *verify.Report {
		return w.judgeAt(file, at, func(o *verify.Options) { o.RetainUntil = until })
	}
	require.Nil(t, judge(file, days(3), time.Time{}).Retention)
	for name, c := range map[string]struct {
		at, until time.Time
		kept      bool
		last      string
	}{
		"at the end of the proof":  {days(3), end, true, ""},
		"a second later":           {days(3), end.Add(time.Second), false, end.AddDate(0, 0, -1).UTC().Format(time.DateOnly)},
		"in another time zone":     {days(3), end.AddDate(1, 0, 0).In(tokyo), false, end.In(tokyo).AddDate(0, 0, -1).Format(time.DateOnly)},
		"on the last day itself":   {end.Add(-time.Second), end.AddDate(1, 0, 0).UTC(), false, end.Add(-time.Second).UTC().Format(time.DateOnly)},
		"long before the proof is": {days(3), days(4), true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := judge(file, c.at, c.until)
			require.True(t, r.Passed())
			require.Equal(t, &verify.Retention{Until: c.until, Kept: c.kept, LastSafeDay: c.last}, r.Retention)
			var codes []string
			for _, f := range r.Findings {
				codes = append(codes, f.Code)
			}
			if c.kept {
				require.NotContains(t, codes, "retention.short")
			} else {
				require.Contains(t, codes, "retention.short")
			}
		})
	}
	r := judge(w.file(w.signature(nil, nil)), days(3), years(1))
	require.Equal(t, &verify.Retention{Until: years(1)}, r.Retention, "nothing passed")
}
