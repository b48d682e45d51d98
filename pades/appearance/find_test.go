package appearance_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"github.com/inkan-go/inkan/pades/appearance"
)

func TestFindFonts(t *testing.T) {
	_ = japanese(t)
	o := &appearance.FindOptions{Directories: []string{"/usr/share/fonts/opentype/ipaexfont-gothic", "/usr/share/fonts/opentype/ipaexfont-mincho", "/usr/share/fonts/opentype/noto"}}
	for text, want := range map[string]string{"山田太郎": "IPAexGothic", "𠮷田": "Noto Sans CJK JP", "髙﨑 ABC": "IPAexGothic"} {
		fonts, err := appearance.FindFonts(t.Context(), text, o)
		require.NoError(t, err, text)
		require.Len(t, fonts, 1)
		require.Equal(t, want, fonts[0].Name())
		missing, err := appearance.Missing(fonts, text)
		require.NoError(t, err)
		require.Empty(t, missing)
	}
	o.Serif = true
	for text, want := range map[string]string{"山田太郎": "IPAexMincho", "𠮷田": "Noto Serif CJK JP"} {
		fonts, err := appearance.FindFonts(t.Context(), text, o)
		require.NoError(t, err)
		require.Equal(t, want, fonts[0].Name())
	}
	fonts, err := appearance.FindFonts(t.Context(), "山田", nil) // where the system keeps them
	require.NoError(t, err)
	require.NotEmpty(t, fonts)
}

func TestFindFontsInDirectories(t *testing.T) {
	directory := t.TempDir()
	o := &appearance.FindOptions{Directories: []string{directory, filepath.Join(directory, "none")}}
	_, err := appearance.FindFonts(t.Context(), "a", o)
	var missing *appearance.MissingGlyphError
	require.ErrorAs(t, err, &missing)
	require.Equal(t, []string{"a"}, missing.Characters)

	require.NoError(t, os.WriteFile(filepath.Join(directory, "a.ttf"), gobold.TTF, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(directory, "b.ttf"), goregular.TTF, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(directory, "c.ttf"), goregular.TTF[:5000], 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(directory, "d.txt"), goregular.TTF, 0o600))
	fonts, err := appearance.FindFonts(t.Context(), "Grüße", o)
	require.NoError(t, err)
	require.Len(t, fonts, 1)
	require.Equal(t, "Go Regular", fonts[0].Name())

	_, err = appearance.FindFonts(t.Context(), "Grüße 山田 山", o)
	require.ErrorAs(t, err, &missing)
	require.Equal(t, []string{"山", "田"}, missing.Characters)
	require.ErrorContains(t, err, "installed font files")

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = appearance.FindFonts(ended, "a", o)
	require.ErrorIs(t, err, context.Canceled)
}
