package font_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/font"
	"github.com/inkan-go/inkan/internal/peertest"
)

// setText sets lines of text one below the other, or one beside the other.
func setText(t testing.TB, fonts []*font.Font, d font.Direction, texts ...string) string {
	t.Helper()
	var e font.Embedding
	var content []byte
	for i, text := range texts {
		p, err := font.Layout(fonts, text, d)
		require.NoError(t, err)
		lines, err := p.Lines(0, false)
		require.NoError(t, err)
		for _, line := range lines {
			if d == font.Horizontal {
				content = e.AppendLine(content, &line, 20, float64(370-20*i), 16)
			} else {
				content = e.AppendLine(content, &line, float64(370-20*i), 380, 16)
			}
		}
	}
	p := &page{}
	resources, err := e.Write(p)
	require.NoError(t, err)
	return p.file(t, content, resources)
}

func TestTextIsExtracted(t *testing.T) {
	for name, file := range map[string]string{"TrueType": peertest.Mincho, "CFF": peertest.Gothic} {
		t.Run(name, func(t *testing.T) {
			texts := append([]string{"Signed by 山田太郎 (ABC)"}, names...)
			// 𠮷, outside the Basic Multilingual Plane, is not in the first font.
			pdf := setText(t, []*font.Font{load(t, file), load(t, peertest.Gothic)}, font.Horizontal, texts...)
			got := strings.Fields(run(t, "pdftotext", "-raw", pdf, "-"))
			require.Equal(t, strings.Fields(strings.Join(texts, " ")), got)
			require.NotContains(t, run(t, "pdffonts", pdf), "no  ")
		})
	}
}

func TestVerticalTextIsExtracted(t *testing.T) {
	for name, file := range map[string]string{"vertical TrueType": peertest.Mincho, "vertical CFF": peertest.Gothic} {
		t.Run(name, func(t *testing.T) {
			pdf := setText(t, []*font.Font{load(t, file)}, font.Vertical, "山田太郎「サーバー」", "平成ABC株式会社", "髙﨑、岡島。")
			got := strings.Join(strings.Fields(run(t, "pdftotext", "-raw", pdf, "-")), "")
			require.Equal(t, "山田太郎「サーバー」平成ABC株式会社髙﨑、岡島。", got)
		})
	}
}

func TestLatinDefault(t *testing.T) {
	texts := []string{"Grüße aus Köln", "Ελληνικά", "Кириллица", "fi ff fl", "“quoted” – and…"}
	pdf := setText(t, []*font.Font{latin(t)}, font.Horizontal, texts...)
	require.Equal(t, strings.Fields(strings.Join(texts, " ")), strings.Fields(run(t, "pdftotext", "-raw", pdf, "-")))
}

func TestFallback(t *testing.T) {
	pdf := setText(t, []*font.Font{latin(t), load(t, peertest.Mincho)}, font.Horizontal, "Taro 山田 (太郎)")
	require.Equal(t, "Taro 山田 (太郎)", strings.TrimSpace(run(t, "pdftotext", "-raw", pdf, "-")))
	require.Equal(t, 2+2, len(strings.Split(strings.TrimSpace(run(t, "pdffonts", pdf)), "\n")))
}
