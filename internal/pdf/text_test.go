package pdf

import (
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestTextRoundTrip(t *testing.T) {
	for s, token := range map[string]string{
		"":                    "()",
		"plain (text) \\ ~":   `(plain \(text\) \\ ~)`,
		"山田太郎":                "<FEFF5C717530592A90CE>",
		"小林一郎":                "",
		"鈴木一郎":                "",
		"岡島":                  "<FEFF5CA15CF6>",
		"𠮷田":                  "<FEFFD842DFB77530>",
		"髙﨑":                  "<FEFF9AD9FA11>",
		"line\nbreak":         "",
		"caf\u00e9":           "<FEFF00630061006600E9>",
		"\u00fe\u00ff odd":    "",
		"\u00ef\u00bb\u00bf!": "",
	} {
		got := EncodeText(s)
		for _, c := range got {
			require.True(t, c >= ' ' && c <= '~', "%q", got)
		}
		v, odd, err := parseAll(string(got))
		require.NoError(t, err)
		require.Empty(t, odd)
		require.Equal(t, s, DecodeText(v.(String).Value))
		if token != "" {
			require.Equal(t, token, string(got))
		}
	}
	require.Equal(t, "a\ufffdb", DecodeText(mustString(t, EncodeText("a\xffb"))))
}

func mustString(t *testing.T, token []byte) []byte {
	t.Helper()
	v, _, err := parseAll(string(token))
	require.NoError(t, err)
	return v.(String).Value
}

func TestDecodeText(t *testing.T) {
	for in, want := range map[string]string{
		"caf\xe9 \x80 \xa0":                          "café • €",
		"\xfe\xff\x30\x42\xd8\x42\xdf\xb7":           "あ𠮷",
		"\xff\xfe\x42\x30":                           "あ",
		"\xef\xbb\xbfあ":                              "あ",
		"\xef\xbb\xbf\xff":                           "\ufffd",
		"\xfe\xff\xd8\x42":                           "\ufffd",
		"\xfe\xff\x00A\x00":                          "A\ufffd",
		"\xfe\xff\x00\x1b\x00j\x00a\x00\x1b\x30\x42": "あ",
		"\x9f": "\ufffd",
	} {
		require.Equal(t, want, DecodeText([]byte(in)), "%q", in)
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"", "abc", "(\\)", "髙﨑", "\xff", "a\x00b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if utf8.ValidString(s) {
			require.Equal(t, dropLanguage(s), DecodeText(mustString(t, EncodeText(s))))
		}
		require.True(t, utf8.ValidString(DecodeText([]byte(s))))
	})
}

func TestDates(t *testing.T) {
	tokyo := time.FixedZone("", 9*3600)
	for in, want := range map[string]time.Time{
		"D:20260102030405+09'00'": time.Date(2026, 1, 2, 3, 4, 5, 0, tokyo),
		"D:20260102030405+09'00":  time.Date(2026, 1, 2, 3, 4, 5, 0, tokyo),
		"D:20260102030405+0900":   time.Date(2026, 1, 2, 3, 4, 5, 0, tokyo),
		"D:20260102030405+09":     time.Date(2026, 1, 2, 3, 4, 5, 0, tokyo),
		"D:20260102030405-03'30'": time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", -3*3600-1800)),
		"D:20260102030405Z":       time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		"D:20260102030405Z00'00'": time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		"20260102030405":          time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		"D:202601020304":          time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC),
		"D:2026":                  time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		got, err := ParseDate(in)
		require.NoError(t, err, in)
		require.True(t, want.Equal(got), "%s: %v", in, got)
		again, err := ParseDate(FormatDate(got))
		require.NoError(t, err)
		require.Equal(t, got, again)
	}
	require.Equal(t, "D:20260102030405-03'30'", FormatDate(time.Date(2026, 1, 2, 3, 4, 5, 99, time.FixedZone("", -3*3600-1800))))
	require.Equal(t, "D:20260102030405+00'00'", FormatDate(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)))
	for _, in := range []string{"", "D:", "D:20", "yesterday", "D:20261302", "D:20260431", "D:20260102250000", "D:20260102030405+99'00'", "D:20260102030405*09", "D:20260102030405+0", "D:20260102030405+09'0", "D:20260102030405+09'00'x"} {
		_, err := ParseDate(in)
		require.Error(t, err, in)
	}
}
