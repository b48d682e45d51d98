package pdf

import (
	"bytes"
	"compress/lzw"
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
		"abbreviated":      {"/Filter[/AHx/Fl]", []byte(hex.EncodeToString(packed)), text, []AnomalyCode{FilterEnd, FilterName}},
		"base 85":          {"/Filter/ASCII85Decode", []byte("87cUR\nD]i,\"Ebo80~>"), "Hello World!", nil},
		"base 85, zeros":   {"/Filter/ASCII85Decode", []byte("zz~>"), "\x00\x00\x00\x00\x00\x00\x00\x00", nil},
		"LZW":              {"/Filter/LZWDecode", lzwExample, "-----A---B", nil},
		"LZW, cut off":     {"/Filter/LZW", lzwExample[:8], "-----A---B", []AnomalyCode{FilterEnd, FilterName}},
		"LZW, late":        {"/Filter/LZWDecode/DecodeParms<</EarlyChange 0>>", lzwExample, "-----A---B", nil},
		"LZW, predictor":   {"/Filter/LZWDecode/DecodeParms 6 0 R", encodeLZW(rows, 1), "abcdbcdewxyz", nil},
		"run length":       {"/Filter/RunLengthDecode", []byte("\x02abc\xfed\x00e\x80 more"), "abcddde", nil},
		"run length, cut":  {"/Filter/RL", []byte("\x02abc\x7fde"), "abcde", []AnomalyCode{FilterEnd, FilterName}},
		"run length, run":  {"/Filter/RunLengthDecode", []byte("\x00a\x81"), "a", []AnomalyCode{FilterEnd}},
		"identity":         {"/Filter[/Crypt/FlateDecode]/DecodeParms[<</Name/Identity>>null]", packed, text, nil},
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
		"TIFF, 7 bits":      {"/Filter/FlateDecode/DecodeParms<</Predictor 2/BitsPerComponent 7>>", packed, ErrMalformed},
		"LZW without sense": {"/Filter/LZWDecode", []byte{0x80, 0x7f, 0xff}, ErrMalformed},
		"LZW, EarlyChange":  {"/Filter/LZWDecode/DecodeParms<</EarlyChange 2>>", lzwExample, ErrMalformed},
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

// lzwExample is the example of 7.4.4.2.
var lzwExample = []byte{0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01}

// encodeLZW is an encoder of its own, for either value of /EarlyChange.
func encodeLZW(data []byte, early int) []byte {
	var out []byte
	var bits, count uint
	width := uint(9)
	write := func(code int) {
		bits, count = bits<<width|uint(code), count+width
		for ; count >= 8; count -= 8 {
			out = append(out, byte(bits>>(count-8)))
		}
	}
	table := map[string]int{}
	code := func(s string) int {
		if len(s) == 1 {
			return int(s[0])
		}
		return table[s]
	}
	write(lzwClear)
	next, s := 258, ""
	for _, b := range data {
		t := s + string([]byte{b})
		if _, known := table[t]; known || len(t) == 1 {
			s = t
			continue
		}
		write(code(s))
		table[t] = next
		next++
		s = string([]byte{b})
		switch {
		case next == 4094:
			write(lzwClear)
			clear(table)
			next, width = 258, 9
		case next-1+early >= 1<<width: // the decoder is one entry behind
			width++
		}
	}
	if s != "" {
		write(code(s))
		if next+early >= 1<<width && width < 12 {
			width++
		}
	}
	write(lzwEnd)
	return append(out, byte(bits<<(8-count)))
}

func TestLZW(t *testing.T) {
	long := make([]byte, 100_000)
	for i := range long {
		long[i] = byte(i*i>>7) & 15
	}
	for _, data := range [][]byte{nil, []byte("a"), bytes.Repeat([]byte("a"), 5000), long} {
		var late bytes.Buffer
		w := lzw.NewWriter(&late, lzw.MSB, 8)
		_, _ = w.Write(data)
		require.NoError(t, w.Close())
		for early, coded := range map[int][][]byte{0: {late.Bytes(), encodeLZW(data, 0)}, 1: {encodeLZW(data, 1)}} {
			for _, c := range coded {
				out, ended, valid := decodeLZW(c, early, len(data))
				require.True(t, ended && valid)
				require.Equal(t, string(data), string(out))
			}
		}
	}
	out, _, _ := decodeLZW(encodeLZW(long, 1), 1, 1000)
	require.Greater(t, len(out), 1000, "more than the limit shows that there is more")
	require.Less(t, len(out), 6000)
}

// Components of every size, against the definition: the sum of all to the left.
func TestTIFFPredictor(t *testing.T) {
	const columns, colors, rows = 5, 3, 3
	for _, bits := range []int{1, 2, 4, 8, 16} {
		row := (columns*colors*bits + 7) / 8
		coded := make([]byte, rows*row)
		for i := range coded {
			coded[i] = byte(i*73 + 41)
		}
		component := func(data []byte, r, i int) (v int) {
			for k := range bits {
				at := i*bits + k
				v = v<<1 | int(data[r*row+at/8]>>(7-at%8)&1)
			}
			return v
		}
		dict := fmt.Sprintf("/Filter/FlateDecode/DecodeParms<</Predictor 2/Columns %d/Colors %d/BitsPerComponent %d>>", columns, colors, bits)
		out, _, err := decode(t, dict, deflated(coded))
		require.NoError(t, err)
		for r := range rows {
			for i := range columns * colors {
				sum := 0
				for k := i; k >= 0; k -= colors {
					sum += component(coded, r, k)
				}
				require.Equal(t, sum&(1<<bits-1), component(out, r, i), "bits %d row %d component %d", bits, r, i)
			}
		}
	}
}

func TestDecodedLengthLimits(t *testing.T) {
	out, ended := decodeRunLength(bytes.Repeat([]byte{129, 'a'}, 10), 1280)
	require.Len(t, out, 1280)
	require.False(t, ended)
	out, _ = decodeRunLength(bytes.Repeat([]byte{129, 'a'}, 11), 1279)
	require.Len(t, out, 1280)
}
