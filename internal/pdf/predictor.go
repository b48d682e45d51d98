package pdf

// predictor undoes the prediction of /DecodeParms (ISO 32000-2, 7.4.4.4).
type predictor struct {
	kind, colors, bits, columns int64
}

func readPredictor(parms *Dict, r resolver) (predictor, error) {
	p := predictor{1, 1, 8, 1}
	for _, f := range []struct {
		key  Name
		to   *int64
		high int64
	}{{"Predictor", &p.kind, 15}, {"Colors", &p.colors, 256}, {"BitsPerComponent", &p.bits, 16}, {"Columns", &p.columns, 1 << 24}} {
		o, err := r.Resolve(parms.Get(f.key))
		if err != nil {
			return p, err
		}
		switch n := o.(type) {
		case Null:
		case Integer:
			if n < 1 || int64(n) > f.high {
				return p, malformed(-1, "/%s %d in /DecodeParms", f.key, n)
			}
			*f.to = int64(n)
		default:
			return p, malformed(-1, "/%s in /DecodeParms is not an integer", f.key)
		}
	}
	return p, nil
}

// apply decodes data in place.
func (p predictor) apply(data []byte, note func(AnomalyCode, string)) ([]byte, error) {
	switch {
	case p.kind == 1:
		return data, nil
	case p.kind == 2:
		return p.tiff(data)
	case p.kind >= 10:
		return p.png(data, note)
	}
	return nil, malformed(-1, "/Predictor %d in /DecodeParms", p.kind)
}

// tiff undoes predictor 2 for components of 8 bits.
func (p predictor) tiff(data []byte) ([]byte, error) {
	if p.bits != 8 {
		return nil, &Error{Kind: ErrUnsupportedFilter, Offset: -1, Text: "TIFF predictor with components of other than 8 bits"}
	}
	row, n := int(min(p.columns*p.colors, int64(len(data))+1)), int(p.colors)
	for start := 0; start < len(data); start += row {
		line := data[start:min(start+row, len(data))]
		for i := n; i < len(line); i++ {
			line[i] += line[i-n]
		}
	}
	return data, nil
}

// png undoes the predictors 10 to 15: each row begins with its filter type
// (PNG, clause 9).
func (p predictor) png(data []byte, note func(AnomalyCode, string)) ([]byte, error) {
	row := int(min((p.columns*p.colors*p.bits+7)/8, int64(len(data))+1))
	bpp := int(max(1, p.colors*p.bits/8))
	out := data[:0] // the write position stays behind the read position
	var above []byte
	for len(data) > 0 {
		kind := data[0]
		data = data[1:]
		if len(data) < row {
			note(PredictorRow, "last row is incomplete")
		}
		line := data[:min(row, len(data))]
		data = data[len(line):]
		if err := unfilter(kind, line, above, bpp); err != nil {
			return nil, err
		}
		out = append(out, line...)
		above = out[len(out)-len(line):]
	}
	return out, nil
}

// unfilter decodes one row; above is the decoded row before it, nil for the first.
func unfilter(kind byte, line, above []byte, bpp int) error {
	up := func(i int) byte {
		if i < 0 || i >= len(above) {
			return 0
		}
		return above[i]
	}
	left := func(i int) byte {
		if i < bpp {
			return 0
		}
		return line[i-bpp]
	}
	switch kind {
	case 0:
	case 1:
		for i := bpp; i < len(line); i++ {
			line[i] += line[i-bpp]
		}
	case 2:
		for i := range min(len(line), len(above)) {
			line[i] += above[i]
		}
	case 3:
		for i := range line {
			line[i] += byte((int(left(i)) + int(up(i))) / 2)
		}
	case 4:
		for i := range line {
			line[i] += paeth(left(i), up(i), up(i-bpp))
		}
	default:
		return malformed(-1, "row with the unknown PNG filter type %d", kind)
	}
	return nil
}

// paeth is the predictor of PNG, clause 9.4.
func paeth(a, b, c byte) byte {
	abs := func(n int) int { return max(n, -n) }
	p := int(a) + int(b) - int(c)
	pa, pb, pc := abs(p-int(a)), abs(p-int(b)), abs(p-int(c))
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}
