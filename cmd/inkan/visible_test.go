package main

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
)

func TestPlacements(t *testing.T) {
	for text, want := range map[string]pades.Placement{
		"1:400,60,120,60":      {Page: 1, Rect: pades.Rect{X: 400, Y: 60, Width: 120, Height: 60}},
		"all:0,0.5,1e2, 60":    {Page: pades.AllPages, Rect: pades.Rect{Y: 0.5, Width: 100, Height: 60}},
		"12:-1,-2.25,1.5,2000": {Page: 12, Rect: pades.Rect{X: -1, Y: -2.25, Width: 1.5, Height: 2000}},
	} {
		p, err := parsePlacement("--visible", text)
		require.NoError(t, err, text)
		require.Equal(t, want, p, text)
	}
	for _, text := range []string{"", "1", "1:", "1:1,2,3", "1:1,2,3,4,5", "-1:1,2,3,4", "x:1,2,3,4", "1:1,2,3,0", "1:1,2,-3,4", "1:1,2,NaN,4"} {
		_, err := parsePlacement("--visible", text)
		var f *failure
		require.ErrorAs(t, err, &f, text)
		require.Equal(t, statusUsage, f.status)
	}
}

func TestCutNumber(t *testing.T) {
	for text, want := range map[string]struct {
		file   string
		number int
	}{
		"a.pdf": {"a.pdf", 7}, "a.pdf:3": {"a.pdf", 3}, `C:\a.ttf`: {`C:\a.ttf`, 7}, `C:\a.ttf:0`: {`C:\a.ttf`, 0}, "a:-1": {"a:-1", 7}, "a:": {"a:", 7},
	} {
		file, number := cutNumber(text, 7)
		require.Equal(t, want.file, file, text)
		require.Equal(t, want.number, number, text)
	}
}

// TestInstalledFonts: without --font an installed one is found that holds the name,
// or the command says which characters none holds.
func TestInstalledFonts(t *testing.T) {
	f := &visibleFlags{Visible: []string{"1:0,0,60,60"}, lookFlags: lookFlags{pictureFlags: pictureFlags{Seal: "山田", SealShape: "round"}}}
	v, err := f.show(t.Context(), false, said{})
	if err != nil {
		require.ErrorContains(t, err, "山 (U+5C71)")
		require.ErrorContains(t, err, "--font")
		peertest.Missing(t, "a Japanese font")
	}
	seal, ok := v.appearance.(*appearance.Seal)
	require.True(t, ok)
	require.NotEmpty(t, seal.Fonts)

	// U+10FFFF is no character.
	f.Seal = "山\U0010FFFF"
	_, err = f.show(t.Context(), false, said{})
	var missing *appearance.MissingGlyphError
	require.True(t, errors.As(err, &missing))
	require.Equal(t, []string{"\U0010FFFF"}, missing.Characters)
	require.ErrorContains(t, err, "with --font, or install one")
}

func TestDemoLook(t *testing.T) {
	look, err := newDemoLook(t.Context(), "契約")
	require.NoError(t, err)
	require.Equal(t, look.seals == nil, look.note != "")
	if peertest.Required() {
		require.NotNil(t, look.seals)
	}
	look, err = newDemoLook(t.Context(), "\U0010FFFF")
	require.NoError(t, err)
	require.Contains(t, look.note, "fonts-ipaexfont")
	require.Equal(t, contract.English, look.language)
}
