package contract

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestReadRefuses hands in what says something else than what is understood of it.
func TestReadRefuses(t *testing.T) {
	data, err := small().Canonical()
	require.NoError(t, err)
	_, err = ReadRecord(bytes.NewReader(data))
	require.NoError(t, err)
	for name, change := range map[string][2]string{
		"unknown field":     {`"issuer":`, `"extra":1,"issuer":`},
		"repeated field":    {`"issuer":""`, `"issuer":"","issuer":"x"`},
		"other spelling":    {`"issuer":`, `"ISSUER":`},
		"upper case digits": {`"recordId":"01`, `"recordId":"0A`},
		"short digest":      {`"chainHead":"`, `"chainHead":"0`},
		"another version":   {`"v":1`, `"v":2`},
		"another name":      {`"name":"山田太郎"`, `"name":""`},
		"another method":    {`"method":"witness"`, `"method":"seal"`},
		"trailing text":     {`"v":1}`, `"v":1}{}`},
		"no JSON":           {`{`, `[`},
	} {
		t.Run(name, func(t *testing.T) {
			changed := strings.Replace(string(data), change[0], change[1], 1)
			require.NotEqual(t, string(data), changed)
			_, err := ReadRecord(strings.NewReader(changed))
			require.Error(t, err)
		})
	}
}

// TestDisclosure: values are those that were committed to, the same one has the same
// commitment, and who has no salts learns nothing.
func TestDisclosure(t *testing.T) {
	d := &Disclosure{Version: Version, Record: ID{1}}
	a, err := d.commit(nil, "a@example.com")
	require.NoError(t, err)
	again, err := d.commit(nil, "a@example.com")
	require.NoError(t, err)
	require.Equal(t, a, again)
	other := &Disclosure{Version: Version, Record: ID{2}}
	b, err := other.commit(nil, "a@example.com")
	require.NoError(t, err)
	require.NotEqual(t, a, b)
	none, err := d.commit(nil, "")
	require.NoError(t, err)
	require.True(t, none.IsZero())
	_, known := d.Value(none)
	require.False(t, known)
	value, known := d.Value(a)
	require.True(t, known)
	require.Equal(t, "a@example.com", value)
	data, err := canonical(d)
	require.NoError(t, err)
	read, err := ReadDisclosure(bytes.NewReader(data))
	require.NoError(t, err)
	require.Equal(t, d, read)
	_, err = ReadDisclosure(strings.NewReader(strings.Replace(string(data), "a@example.com", "b@example.com", 1)))
	require.ErrorIs(t, err, ErrRecord)
}

// TestStampDeadline counts two months and seven business days, in Japan Standard Time.
func TestStampDeadline(t *testing.T) {
	holidays := Holidays{"2026-11-23": true, "2027-01-01": true, "2027-01-11": true, "2027-02-11": true, "2027-02-23": true}
	for _, tt := range []struct {
		received string
		calendar Calendar
		last     string
	}{
		{"2026-11-20T09:00:00+09:00", holidays, "2027-01-29"},
		{"2026-11-19T16:00:00Z", holidays, "2027-01-29"},      // the next day in Japan
		{"2026-12-31T12:00:00+09:00", holidays, "2027-03-09"}, // no 31 February
		{"2026-11-20T09:00:00+09:00", nil, "2027-01-29"},
		{"2023-12-30T09:00:00+09:00", Holidays{}, "2024-03-11"}, // 29 February
	} {
		at, err := time.Parse(time.RFC3339, tt.received)
		require.NoError(t, err)
		last := StampDeadline(at, tt.calendar)
		require.Equal(t, tt.last, last.In(japan).Format(time.DateOnly), tt.received)
		require.Equal(t, "23:59:59", last.In(japan).Format(time.TimeOnly))
	}
}

func TestConsentFor(t *testing.T) {
	a, b := Commitment{Digest{1}}, Commitment{Digest{2}}
	r := &Record{Consents: []Consent{
		{Number: 1, Company: "ABC", Date: "2026-01-01", Contact: a},
		{Number: 2, Company: "ABC", Date: "2026-06-01", Contact: b, Supersedes: 1},
	}}
	at := func(day string) Time {
		v, err := time.ParseInLocation(time.DateOnly, day, japan)
		require.NoError(t, err)
		return At(v)
	}
	require.Nil(t, r.ConsentFor(a, at("2025-12-31")))
	require.Equal(t, 1, r.ConsentFor(a, at("2026-01-01")).Number)
	require.Equal(t, 1, r.ConsentFor(a, at("2026-05-31")).Number)
	require.Nil(t, r.ConsentFor(a, at("2026-06-01")), "another one took its place")
	require.Equal(t, 2, r.ConsentFor(b, at("2026-06-01")).Number)
	require.Nil(t, r.ConsentFor(Commitment{}, at("2026-06-01")))
}

func TestSearchRows(t *testing.T) {
	r := small()
	r.Documents[0].Title = "=HYPERLINK(\"x\")"
	r.Deal = Deal{Date: "2026-11-20", Counterparties: []string{"ABC株式会社", "Ｘ商店"}, Amount: &Amount{"1200000", "JPY"}}
	rows := r.SearchRows()
	require.Len(t, rows, 1)
	require.Len(t, rows[0], len(SearchColumns()))
	require.Equal(t, "'=HYPERLINK(\"x\")", rows[0][2], "no formula for a spreadsheet")
	require.Equal(t, "ABC株式会社、Ｘ商店", rows[0][5])
}
