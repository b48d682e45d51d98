package redact_test

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/redact"
)

func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"https://tsa.example/a":                   "https://tsa.example/a",
		"https://user:secret@tsa.example/?secret": "https://tsa.example/?...",
		"https://tsa.example/a%2Fb#secret":        "https://tsa.example/a%2Fb",
		"mailto:somebody":                         "mailto:somebody",
		"http://secret\x7f":                       "(malformed URL)",
		"":                                        "",
		"/" + strings.Repeat("x", 199):            "/" + strings.Repeat("x", 199),
		"/" + strings.Repeat("x", 200):            "/" + strings.Repeat("x", 199) + "...",
	} {
		require.Equal(t, want, redact.Text(text))
	}
	require.Equal(t, strings.Repeat("x", 199)+"...", redact.Short(strings.Repeat("x", 199)+"印鑑"))
}

func TestError(t *testing.T) {
	require.Equal(t, io.EOF, redact.Error(&url.Error{Op: "Post", URL: "https://secret", Err: io.EOF}))
	require.NotContains(t, redact.Error(&net.ParseError{Type: "IP address", Text: "secret"}).Error(), "secret")
	other := fmt.Errorf("x: %w", io.EOF)
	require.Equal(t, other, redact.Error(other))
}

func TestVisible(t *testing.T) {
	require.Equal(t, "a\uFFFDb\uFFFD\uFFFDc", redact.Visible("a\nb\r\x1bc"))
	require.Equal(t, "山田\uFFFD太郎\uFFFD\uFFFD\uFFFD", redact.Visible("山田\u2028太郎\u202e\u2066\u200f"))
	require.Equal(t, "印鑑\u200d 9", redact.Visible("印鑑\u200d 9"))
}

func TestCell(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "CN=A": "CN=A", "a=1;b": "a=1;b", "契約書": "契約書",
		"=1+1": "'=1+1", "-1": "'-1", "\t=1": "'\t=1", "＝1＋1": "'＝1＋1", "＠SUM": "'＠SUM",
		"a;=1;+2": "a;'=1;'+2", ";": ";", "=": "'=",
	} {
		require.Equal(t, want, redact.Cell(text))
	}
}
