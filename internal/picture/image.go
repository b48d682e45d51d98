package picture

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"github.com/inkan-go/inkan/internal/draw"
)

// Image is a picture from a PNG or JPEG file, encoded once. It never changes and may
// be used by several goroutines.
type Image struct {
	width, height int
	dict, data    []byte // the image XObject; its dictionary without SMask
	mask          []byte // the soft mask; nil for an opaque image
	opaqueDict    []byte // the image on white; nil where mask is
	opaqueData    []byte
	cmyk          bool
	orientation   int // 1 to 8, see orientation; 1 but for a JPEG
}

// ParseImage reads a picture from the bytes of a PNG or JPEG file. A file that is
// cut off, that has more than 16 million pixels or is larger than 32 MiB is
// refused.
func ParseImage(data []byte) (*Image, error) {
	if len(data) > maxImageBytes {
		return nil, fmt.Errorf("picture: an image of %d bytes; at most %d are read", len(data), maxImageBytes)
	}
	read, decode := png.DecodeConfig, png.Decode
	isJPEG := bytes.HasPrefix(data, []byte{0xff, 0xd8})
	if isJPEG {
		read, decode = jpeg.DecodeConfig, jpeg.Decode
	} else if !bytes.HasPrefix(data, []byte("\x89PNG")) {
		return nil, errors.New("picture: the image is neither PNG nor JPEG; convert it")
	}
	config, err := read(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("picture: the image cannot be read: %w", err)
	}
	if config.Width < 1 || config.Height < 1 || config.Width > maxPixels/config.Height {
		return nil, fmt.Errorf("picture: an image of %d by %d pixels; at most %d are read", config.Width, config.Height, maxPixels)
	}
	picture, err := decode(bytes.NewReader(data)) // a JPEG, too: one that is damaged must not go into a document
	if err != nil {
		return nil, fmt.Errorf("picture: the image cannot be read: %w", err)
	}
	i := &Image{width: config.Width, height: config.Height, orientation: 1}
	if isJPEG {
		i.orientation = orientation(data)
		i.pass(data, config.ColorModel)
		return i, nil
	}
	i.encode(picture)
	return i, nil
}

// pass takes a JPEG as it is (DCTDecode, ISO 32000-2, 7.4.8).
func (i *Image) pass(data []byte, model color.Model) {
	space := "/DeviceRGB"
	switch model {
	case color.GrayModel:
		space = "/DeviceGray"
	case color.CMYKModel:
		i.cmyk, space = true, "/DeviceCMYK"
		if bytes.Contains(data[:min(len(data), 64<<10)], []byte("Adobe\x00")) {
			space += "/Decode[1 0 1 0 1 0 1 0]" // Adobe writes them inverted
		}
	}
	i.dict, i.data = i.dictionary(space, "/DCTDecode"), data
}

func (i *Image) dictionary(space, filter string) []byte {
	return fmt.Appendf(nil, "<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace%s/Filter%s>>",
		i.width, i.height, space, filter)
}

// encode writes the pixels, and their opacity where some are not opaque.
func (i *Image) encode(picture image.Image) {
	gray, opaque := true, true
	pixels := make([]color.NRGBA, 0, i.width*i.height)
	bounds := picture.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			p, _ := color.NRGBAModel.Convert(picture.At(x, y)).(color.NRGBA)
			opaque = opaque && p.A == 255
			if p.A > 0 {
				gray = gray && p.R == p.G && p.G == p.B
			}
			pixels = append(pixels, p)
		}
	}
	i.dict, i.data = i.samples(gray, pixels)
	if opaque {
		return
	}
	alpha := make([]byte, len(pixels))
	for at, p := range pixels {
		alpha[at] = p.A
		onWhite := func(v uint8) uint8 { return uint8((int(v)*int(p.A) + 255*(255-int(p.A))) / 255) }
		pixels[at] = color.NRGBA{onWhite(p.R), onWhite(p.G), onWhite(p.B), 255}
	}
	i.mask = i.compress(alpha, 1)
	i.opaqueDict, i.opaqueData = i.samples(gray, pixels)
}

// samples encodes the colours of pixels.
func (i *Image) samples(gray bool, pixels []color.NRGBA) (dict, data []byte) {
	components, space := 3, "/DeviceRGB"
	if gray {
		components, space = 1, "/DeviceGray"
	}
	samples := make([]byte, 0, components*len(pixels))
	for _, p := range pixels {
		if samples = append(samples, p.R); !gray {
			samples = append(samples, p.G, p.B)
		}
	}
	return i.dictionary(space, i.filter(components)), i.compress(samples, components)
}

// filter names the filter of what compress returns.
func (i *Image) filter(components int) string {
	return fmt.Sprintf("/FlateDecode/DecodeParms<</Predictor 15/Colors %d/Columns %d>>", components, i.width)
}

// compress compresses rows of samples, each as the difference from the row above
// (predictor 2 of PNG).
func (i *Image) compress(samples []byte, components int) []byte {
	const up = 2
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	size := components * i.width
	row := make([]byte, 1+size)
	for at := 0; at+size <= len(samples); at += size {
		row[0] = up
		for k := range size {
			row[1+k] = samples[at+k]
			if at > 0 {
				row[1+k] -= samples[at+k-size]
			}
		}
		_, _ = z.Write(row) // into memory: never fails
	}
	_ = z.Close()
	return b.Bytes()
}

// Aspect returns the width divided by the height, as the picture is seen upright.
func (i *Image) Aspect() float64 {
	if i.orientation > 4 { // lies on its side
		return float64(i.height) / float64(i.width)
	}
	return float64(i.width) / float64(i.height)
}

// Objects takes the streams that a picture consists of.
type Objects interface {
	AddStream(dict, data []byte) (reference string)
}

// Paint paints the picture upright as the unit square transformed by m. Part is the
// part of PDF/A that the document follows, or 0: in part 1, which forbids
// transparency, the picture stands on white; in none may it be in CMYK.
func (i *Image) Paint(c *draw.Content, x *draw.XObjects, o Objects, part int, m draw.Matrix) error {
	if i.cmyk && part > 0 {
		return errors.New("picture: a CMYK image in a PDF/A document; convert it to RGB")
	}
	return x.Paint(c, i, upright(i.orientation).Then(m), func() (string, error) {
		dict, data := i.dict, i.data
		switch {
		case i.mask != nil && part == 1:
			dict, data = i.opaqueDict, i.opaqueData
		case i.mask != nil:
			mask := o.AddStream(i.dictionary("/DeviceGray", i.filter(1)), i.mask)
			dict = append(append([]byte{}, dict[:len(dict)-2]...), "/SMask "+mask+">>"...)
		}
		return o.AddStream(dict, data), nil
	})
}
