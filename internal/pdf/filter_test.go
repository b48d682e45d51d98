package pdf

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// decode reads a stream with that dictionary.
func decode(t *testing.T, dict string, data []byte) ([]byte, []AnomalyCode, error) {
	t.Helper()
	f := onePage().stream(4, dict, data).object(5, "/FlateDecode").object(6, "<</Predictor 12/Columns 4>>").table("").open(t)
	out, err := f.Latest().Stream(value(t, f.Latest(), 4).(*Stream))
	return out, codes(f), err
}

func TestFilters(t *testing.T) {
	const text = "some text, some text, some text"
	packed := deflated([]byte(text))
	wrong := bytes.Clone(packed)
	wrong[len(wrong)-1]++
	rows := []byte("\x02abcd\x02\x01\x01\x01\x01\x00wxyz")
	for name, c := range map[string]struct {
		dict string
		data []byte
		want string
		code []AnomalyCode
	}{
		"none":             {"", []byte(text), text, nil},
		"null":             {"/Filter null", []byte(text), text, nil},
		"empty array":      {"/Filter[]", []byte(text), text, nil},
		"empty":            {"", nil, "", nil},
		"Flate":            {"/Filter/FlateDecode", packed, text, nil},
		"Flate in array":   {"/Filter[/FlateDecode]", packed, text, nil},
		"reference":        {"/Filter 5 0 R", packed, text, nil},
		"references":       {"/Filter[5 0 R 5 0 R]", deflated(packed), text, nil},
		"hexadecimal":      {"/Filter[/ASCIIHexDecode/FlateDecode]", []byte(hex.EncodeToString(packed) + "> "), text, nil},
		"abbreviated":      {"/Filter[/AHx/Fl]", []byte(hex.EncodeToString(packed)), text, []AnomalyCode{FilterName}},
		"base 85":          {"/Filter/ASCII85Decode", []byte("87cUR\nD]i,\"Ebo80~>"), "Hello World!", nil},
		"base 85, zeros":   {"/Filter/ASCII85Decode", []byte("zz~>"), "\x00\x00\x00\x00\x00\x00\x00\x00", nil},
		"bytes behind":     {"/Filter/FlateDecode", append(bytes.Clone(packed), "\r\n"...), text, nil},
		"no checksum":      {"/Filter/FlateDecode", packed[:len(packed)-4], text, []AnomalyCode{FlateChecksum}},
		"wrong checksum":   {"/Filter/FlateDecode", wrong, text, []AnomalyCode{FlateChecksum}},
		"predictor":        {"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 4>>", deflated(rows), "abcdbcdewxyz", nil},
		"predictor by ref": {"/Filter[/FlateDecode]/DecodeParms[6 0 R]", deflated(rows), "abcdbcdewxyz", nil},
		"predictor, one":   {"/Filter[/FlateDecode]/DecodeParms 6 0 R", deflated(rows), "abcdbcdewxyz", nil},
		"incomplete row":   {"/Filter/FlateDecode/DecodeParms 6 0 R", deflated(rows[:8]), "abcdbc", []AnomalyCode{PredictorRow}},
		"predictor 1":      {"/Filter/FlateDecode/DecodeParms<</Predictor 1>>", packed, text, nil},
		"parameters null":  {"/Filter[/FlateDecode]/DecodeParms[null]", packed, text, nil},
		"huge columns":     {"/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 16777216/Colors 256/BitsPerComponent 16>>", deflated([]byte("\x00ab")), "ab", []AnomalyCode{PredictorRow}},
		"TIFF predictor":   {"/Filter/FlateDecode/DecodeParms<</Predictor 2/Columns 2/Colors 2>>", deflated([]byte{1, 2, 3, 4, 5, 6, 7, 8}), "\x01\x02\x04\x06\x05\x06\x0c\x0e", nil},
	} {
		t.Run(name, func(t *testing.T) {
			out, odd, err := decode(t, c.dict, c.data)
			require.NoError(t, err)
			require.Equal(t, c.want, string(out))
			require.Equal(t, c.code, odd)
		})
	}
	long := bytes.Repeat([]byte("0123456789abcdef"), 4000)
	cut := deflated(long)
	out, odd, err := decode(t, "/Filter/FlateDecode", cut[:len(cut)/2])
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(long, out))
	require.Equal(t, []AnomalyCode{FlateTruncated}, odd)
}

func TestFilterErrors(t *testing.T) {
	packed := deflated([]byte("text"))
	damaged := bytes.Clone(packed)
	damaged[2] |= 7
	many := "/Filter[" + string(bytes.Repeat([]byte("/FlateDecode"), maxFilters+1)) + "]"
	for name, c := range map[string]struct {
		dict string
		data []byte
		kind error
	}{
		"unknown":           {"/Filter/NoSuchDecode", nil, ErrUnsupportedFilter},
		"encrypted":         {"/Filter/Crypt/DecodeParms<</Name/Mine>>", nil, ErrUnsupportedFilter},
		"other file":        {"/F(C:\\\\x)", nil, ErrUnsupportedFilter},
		"not a name":        {"/Filter 7", nil, ErrMalformed},
		"no zlib":           {"/Filter/FlateDecode", []byte("hello"), ErrMalformed},
		"too short":         {"/Filter/FlateDecode", []byte{0x78}, ErrMalformed},
		"damaged":           {"/Filter/FlateDecode", damaged, ErrMalformed},
		"too many":          {many, packed, ErrLimit},
		"bad base 85":       {"/Filter/ASCII85Decode", []byte("vwxy~>"), ErrMalformed},
		"predictor 3":       {"/Filter/FlateDecode/DecodeParms<</Predictor 3>>", packed, ErrMalformed},
		"predictor 16":      {"/Filter/FlateDecode/DecodeParms<</Predictor 16>>", packed, ErrMalformed},
		"columns 0":         {"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 0>>", packed, ErrMalformed},
		"columns a name":    {"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns/X>>", packed, ErrMalformed},
		"PNG filter type 5": {"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 1>>", deflated([]byte{5, 0}), ErrMalformed},
		"TIFF, 16 bits":     {"/Filter/FlateDecode/DecodeParms<</Predictor 2/BitsPerComponent 16>>", packed, ErrUnsupportedFilter},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := decode(t, c.dict, c.data)
			require.ErrorIs(t, err, c.kind)
		})
	}
}

// Each PNG filter type, against a direct implementation of PNG, clause 9.2.
func TestPNGPredictors(t *testing.T) {
	const columns, colors = 5, 3
	const row = columns * colors
	var want, coded []byte
	at := func(r, i int) int {
		if r < 0 || i < 0 {
			return 0
		}
		return int(want[r*row+i])
	}
	for r := range 10 {
		for i := range row {
			want = append(want, byte(r*31+i*i*7))
		}
		kind := r % 5
		coded = append(coded, byte(kind))
		for i := range row {
			a, b, c := at(r, i-colors), at(r-1, i), 0
			if i >= colors {
				c = at(r-1, i-colors)
			}
			p := 0
			switch kind {
			case 1:
				p = a
			case 2:
				p = b
			case 3:
				p = (a + b) / 2
			case 4:
				p = int(paeth(byte(a), byte(b), byte(c)))
			}
			coded = append(coded, byte(at(r, i)-p))
		}
	}
	out, odd, err := decode(t, fmt.Sprintf("/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns %d/Colors %d>>", columns, colors), deflated(coded))
	require.NoError(t, err)
	require.Empty(t, odd)
	require.Equal(t, want, out)
}
