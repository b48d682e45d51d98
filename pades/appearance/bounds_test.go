package appearance

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/font"
	"github.com/inkan-go/inkan/pades"
)

// roomy requires that an element is drawn at that size of the rectangle, and that it
// fails with ErrNoRoom when one side is shorter by a hundredth of a point.
func roomy(t *testing.T, e pades.Appearance, w, h float64, horizontal bool) {
	t.Helper()
	const step = 0.01
	s, err := e.Draw(t.Context(), request(w, h))
	require.NoError(t, err)
	require.NotNil(t, s)
	if horizontal {
		w -= step
	} else {
		h -= step
	}
	s, err = e.Draw(t.Context(), request(w, h))
	require.ErrorIs(t, err, ErrNoRoom)
	require.ErrorContains(t, err, "enlarge the rectangle")
	require.Nil(t, s)
}

// TestNoRoomInContainers: what border, padding and gaps leave of a rectangle must hold
// the content.
func TestNoRoomInContainers(t *testing.T) {
	f := &Frame{Border: 2, Padding: 8}
	roomy(t, f, minSide+20, 50, true)
	roomy(t, f, 50, minSide+20, false)
	items := make([]Element, 4)
	roomy(t, &Row{Items: items, Gap: 2}, 4*minSide+3*2, 50, true)
	roomy(t, &Column{Items: items, Gap: 2}, 50, 4*minSide+3*2, false)
	_, err := (&Row{Gap: 200}).Draw(t.Context(), request(50, 50))
	require.NoError(t, err, "there is nothing to be held")
}

// TestNoRoomForShapes: elements with a shape of their own, which may be left less than
// their share of a column.
func TestNoRoomForShapes(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 4))))
	picture, err := ParseImage(b.Bytes())
	require.NoError(t, err)
	data := source("")
	page, err := ParsePage(bytes.NewReader(data), int64(len(data)), 1)
	require.NoError(t, err)
	for name, e := range map[string]Element{"image": picture, "page": page, "QR code": &QRCode{Text: "a"}} {
		t.Run(name, func(t *testing.T) {
			// Half of the column is for the two, and they would take more.
			roomy(t, &Column{Items: []Element{nil, e, e}}, 6, 4*minSide, false)
			roomy(t, &Row{Items: []Element{nil, e, e}}, 4*minSide, 6, true)
		})
	}
	c := &canvas{ctx: context.Background(), request: request(9, 9)}
	for side, ok := range map[float64]bool{minSide: true, minSide - 0.01: false} {
		err := stamp(c, box{0, 0, side, 9}, "a", nil, func() {})
		require.Equal(t, ok, err == nil, "a seal %g wide", side)
		if !ok {
			require.ErrorIs(t, err, ErrNoRoom)
		}
	}
}

// TestNoRoomForText: a text is set down to the smallest size and refused below, in both
// directions.
func TestNoRoomForText(t *testing.T) {
	const lines = 20
	text := strings.TrimSuffix(strings.Repeat("gap\n", lines), "\n")
	for _, vertical := range []bool{false, true} {
		direction := font.Horizontal
		if vertical {
			direction = font.Vertical
		}
		p, err := layout(nil, "gap", direction)
		require.NoError(t, err)
		paragraphs := make([]*font.Paragraph, lines)
		for i := range paragraphs {
			paragraphs[i] = p
		}
		smallest := set(paragraphs, 100, 100, smallestSize, true)
		require.NotNil(t, smallest)
		require.Len(t, smallest.lines, lines)
		require.Greater(t, smallest.height, float64(lines-1))
		e := &Text{Text: text, Vertical: vertical}
		if vertical {
			roomy(t, e, smallest.height, 100, true)
		} else {
			roomy(t, e, 100, smallest.height, false)
		}
	}
}
