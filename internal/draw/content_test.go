package draw_test

import (
	"image/color"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/draw"
)

func TestOperators(t *testing.T) {
	var c draw.Content
	c.Save()
	c.Transform(draw.Matrix{0.0001, 0, 0, 0.5, 10, -20})
	c.FillColor(color.RGBA{255, 0, 51, 255})
	c.StrokeColor(color.Gray{51})
	c.LineWidth(1.23456)
	c.Rectangle(0, 0, 10, 20)
	c.Fill()
	c.MoveTo(1, 2)
	c.LineTo(3, 4)
	c.Close()
	c.Stroke()
	c.BeginSpan([]byte("(a)"))
	c.XObject("X1")
	c.EndSpan()
	c.Set(append(c.Bytes(), "% more\n"...))
	c.Restore()
	require.Equal(t, "q\n0.0001 0 0 0.5 10 -20 cm\n1 0 0.2 rg\n0.2 G\n1.235 w\n0 0 10 20 re\nf\n1 2 m\n3 4 l\nh\nS\n"+
		"/Span<</ActualText(a)>>BDC\n/X1 Do\nEMC\n% more\nQ\n", string(c.Bytes()))
}

func TestNumbers(t *testing.T) {
	for v, want := range map[float64]string{0: "0", -0.0001: "0", 1.5: "1.5", -2: "-2", 0.12349: "0.123", 1e20: "1000000000", math.Inf(-1): "-1000000000"} {
		require.Equal(t, want, string(draw.AppendNumber(nil, v)))
	}
	require.Equal(t, "0", string(draw.AppendNumber(nil, math.NaN())))
}

// TestTurned: the corners of a box come to lie on those of the turned box.
func TestTurned(t *testing.T) {
	for quarters := -4; quarters < 8; quarters++ {
		w, h := 30.0, 20.0
		if quarters%2 != 0 {
			w, h = h, w
		}
		m := draw.Turned(quarters, 30, 20)
		for _, corner := range [][2]float64{{0, 0}, {30, 0}, {0, 20}, {30, 20}} {
			x, y := m[0]*corner[0]+m[2]*corner[1]+m[4], m[1]*corner[0]+m[3]*corner[1]+m[5]
			require.True(t, (x == 0 || x == w) && (y == 0 || y == h), "%d: %v goes to %v %v", quarters, corner, x, y)
		}
	}
	require.Equal(t, draw.Matrix{0, 1, -1, 0, 20, 0}, draw.Turned(1, 30, 20), "counterclockwise")
}
