package pdf

import "encoding/binary"

// predictor undoes the prediction of /DecodeParms (ISO 32000-2, 7.4.4.4).
type predictor struct {
	kind, colors, bits, columns int64
}

func readPredictor(parms *Dict, r resolver) (p predictor, err error) {
	for _, f := range []struct {
		key             Name
		to              *int64
		otherwise, high int64
	}{{"Predictor", &p.kind, 1, 15}, {"Colors", &p.colors, 1, 256}, {"BitsPerComponent", &p.bits, 8, 16}, {"Columns", &p.columns, 1, 1 << 24}} {
		if *f.to, err = filterParm(parms, f.key, r, f.otherwise, f.high); err != nil {
			return p, err
		}
		if *f.to == 0 {
			return p, malformed(-1, "/%s 0 in /DecodeParms", f.key)
		}
	}
	return p, nil
}

// filterParm returns a parameter of a filter: a number from 0 to high.
func filterParm(parms *Dict, key Name, r resolver, otherwise, high int64) (int64, error) {
	o, err := r.Resolve(parms.Get(key))
	if err != nil {
		return 0, err
	}
	switch n := o.(type) {
	case Null:
		return otherwise, nil
	case Integer:
		if n < 0 || int64(n) > high {
			return 0, malformed(-1, "/%s %d in /DecodeParms", key, n)
		}
		return int64(n), nil
	}
	return 0, malformed(-1, "/%s in /DecodeParms is not an integer", key)
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

// row returns how many bytes a row has, at most one more than there are.
func (p predictor) row(data []byte) int {
	return int(min((p.columns*p.colors*p.bits+7)/8, int64(len(data))+1))
}

// tiff undoes predictor 2 (TIFF 6.0, clause 14): every component of a sample
// counts from that of the sample to its left.
func (p predictor) tiff(data []byte) ([]byte, error) {
	switch p.bits {
	case 1, 2, 4, 8, 16:
	default:
		return nil, malformed(-1, "/BitsPerComponent %d in /DecodeParms", p.bits)
	}
	row := p.row(data)
	for start := 0; start < len(data); start += row {
		line := data[start:min(start+row, len(data))]
		n := int(p.colors)
		switch p.bits {
		case 8:
			for i := n; i < len(line); i++ {
				line[i] += line[i-n]
			}
		case 16:
			for i := 2 * n; i+1 < len(line); i += 2 {
				sum := binary.BigEndian.Uint16(line[i:]) + binary.BigEndian.Uint16(line[i-2*n:])
				binary.BigEndian.PutUint16(line[i:], sum)
			}
		default:
			p.tiffBits(line)
		}
	}
	return data, nil
}

// tiffBits is tiff for a row with components of less than a byte.
func (p predictor) tiffBits(line []byte) {
	bits, mask := int(p.bits), byte(1<<p.bits-1)
	place := func(i int) (at, shift int) { return i * bits / 8, 8 - bits - i*bits%8 }
	components := int(min(p.columns*p.colors, int64(len(line)*8/bits)))
	for i := int(p.colors); i < components; i++ {
		from, left := place(i - int(p.colors))
		at, shift := place(i)
		sum := line[at]>>shift + line[from]>>left
		line[at] = line[at]&^(mask<<shift) | sum&mask<<shift
	}
}

// png undoes the predictors 10 to 15: each row begins with its filter type
// (PNG, clause 9).
func (p predictor) png(data []byte, note func(AnomalyCode, string)) ([]byte, error) {
	row := p.row(data)
	bpp := int((p.colors*p.bits + 7) / 8)
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
