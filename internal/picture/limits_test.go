package picture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/draw"
)

func TestImageSizeLimit(t *testing.T) {
	head := append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, maxImageBytes)...)
	for size, reason := range map[int]string{maxImageBytes: "cannot be read", maxImageBytes + 1: "at most"} {
		_, err := ParseImage(head[:size])
		require.ErrorContains(t, err, reason)
	}
}

// TestPixelsLimit: the size that a file claims is judged before its pixels are read.
func TestPixelsLimit(t *testing.T) {
	for width, reason := range map[uint32]string{maxPixels / 1024: "cannot be read", maxPixels/1024 + 1: "at most"} {
		var b bytes.Buffer
		require.NoError(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))))
		data := b.Bytes()[:33] // the signature and IHDR
		binary.BigEndian.PutUint32(data[16:], width)
		binary.BigEndian.PutUint32(data[20:], 1024)
		binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
		_, err := ParseImage(data)
		require.ErrorContains(t, err, reason)
	}
}

type sink [][2]string

func (s *sink) AddStream(dict, data []byte) string {
	*s = append(*s, [2]string{string(dict), string(data)})
	return "7 0 R"
}

// TestTransparency: an opaque picture has no mask, another has one but in PDF/A-1.
func TestTransparency(t *testing.T) {
	for alpha, masks := range map[uint8][4]int{255: {1, 1, 1, 1}, 100: {2, 1, 2, 2}} {
		m := image.NewNRGBA(image.Rect(0, 0, 3, 2))
		for i := range 6 {
			m.Set(i%3, i/3, color.NRGBA{200, 0, 0, alpha})
		}
		var b bytes.Buffer
		require.NoError(t, png.Encode(&b, m))
		i, err := ParseImage(b.Bytes())
		require.NoError(t, err)
		require.InDelta(t, 1.5, i.Aspect(), 1e-9)
		for part, want := range masks {
			s := &sink{}
			var c draw.Content
			var x draw.XObjects
			for range 2 {
				require.NoError(t, i.Paint(&c, &x, s, part, draw.Matrix{30, 0, 0, 20, 5, 5}))
			}
			require.Len(t, *s, want, "alpha %d, part %d", alpha, part)
			require.Equal(t, 2, bytes.Count(c.Bytes(), []byte("/X1 Do")), "written once, painted twice")
			require.Equal(t, "/XObject<</X1 7 0 R>>", string(x.AppendResources(nil)))
		}
	}
}

func TestQRCodeTooLong(t *testing.T) {
	var c draw.Content
	require.ErrorContains(t, PaintQRCode(&c, string(make([]byte, 5000)), color.Black, 0, 0, 50), "picture:")
}
