package font

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"

	psinterpreter "github.com/go-text/typesetting/font/cff/interpreter"
	"github.com/go-text/typesetting/font/opentype"
)

// cffFont is what is needed of a CFF font program (Adobe technical note 5176) to
// run its charstrings.
type cffFont struct {
	charstrings [][]byte
	global      [][]byte
	local       [][][]byte // of every font dictionary; one for a font without
	selected    []byte     // FDSelect: from its format on; nil for a font without
}

// Operators of DICT data; those of two bytes have the first in the upper byte.
const (
	opCharset     = 15
	opCharStrings = 17
	opPrivate     = 18
	opSubrs       = 19
	opType        = 12<<8 | 6
	opROS         = 12<<8 | 30
	opCIDCount    = 12<<8 | 34
	opFDArray     = 12<<8 | 36
	opFDSelect    = 12<<8 | 37
)

var errCFF = errors.New("font: table \"CFF \" is damaged")

func parseCFF(data []byte) (*cffFont, error) {
	if len(data) < 4 || data[0] != 1 || int(data[2]) > len(data) {
		return nil, errCFF
	}
	r := cffReader{data: data, at: int(data[2])}
	r.index() // names
	tops := r.index()
	r.index() // strings
	c := &cffFont{global: r.index()}
	if r.failed || len(tops) != 1 {
		return nil, errCFF
	}
	top, err := parseDict(tops[0])
	if err != nil {
		return nil, err
	}
	if kind, ok := top[opType]; ok && (len(kind) != 1 || kind[0] != 2) {
		return nil, errors.New("font: only charstrings of type 2 are read")
	}
	if c.charstrings, err = r.indexAt(top, opCharStrings); err != nil {
		return nil, err
	}
	if _, keyed := top[opROS]; !keyed {
		subrs, err := r.private(top)
		c.local = [][][]byte{subrs}
		return c, err
	}
	dicts, err := r.indexAt(top, opFDArray)
	if err != nil {
		return nil, err
	}
	if len(dicts) == 0 || len(dicts) > 256 {
		return nil, errCFF
	}
	at, ok := top.offset(opFDSelect, 0)
	if !ok || at >= len(data) {
		return nil, errCFF
	}
	c.selected = data[at:]
	for _, d := range dicts {
		dict, err := parseDict(d)
		if err != nil {
			return nil, err
		}
		subrs, err := r.private(dict)
		if err != nil {
			return nil, err
		}
		c.local = append(c.local, subrs)
	}
	return c, nil
}

// cffReader reads the INDEX structures of a font program.
type cffReader struct {
	data   []byte
	at     int
	count  int // items met so far
	failed bool
}

// indexAt reads the INDEX whose offset the dictionary gives.
func (r *cffReader) indexAt(d dict, op int) ([][]byte, error) {
	at, ok := d.offset(op, 0)
	if !ok {
		return nil, errCFF
	}
	r.at = at
	items := r.index()
	if r.failed {
		return nil, errCFF
	}
	return items, nil
}

// private returns the local subroutines that the private dictionary names.
func (r *cffReader) private(d dict) ([][]byte, error) {
	size, ok := d.offset(opPrivate, 0)
	if !ok {
		return nil, nil
	}
	at, ok := d.offset(opPrivate, 1)
	if !ok || size > len(r.data)-at {
		return nil, errCFF
	}
	private, err := parseDict(r.data[at : at+size])
	if err != nil {
		return nil, err
	}
	subrs, ok := private.offset(opSubrs, 0)
	if !ok {
		return nil, nil
	}
	r.at = at + subrs
	items := r.index()
	if r.failed {
		return nil, errCFF
	}
	return items, nil
}

// index reads an INDEX at the current place and moves behind it. What is damaged
// sets failed.
func (r *cffReader) index() [][]byte {
	if r.failed || r.at < 0 || r.at+2 > len(r.data) {
		r.failed = true
		return nil
	}
	b := r.data[r.at:]
	n := int(binary.BigEndian.Uint16(b))
	if n == 0 {
		r.at += 2
		return nil
	}
	if r.count += n; r.count > maxIndexItems || len(b) < 3 || b[2] < 1 || b[2] > 4 {
		r.failed = true
		return nil
	}
	width := int(b[2])
	start := 3 + (n+1)*width - 1 // offsets count from the byte before the data
	if start+1 > len(b) {
		r.failed = true
		return nil
	}
	offset := func(i int) int {
		var v int
		for _, c := range b[3+i*width : 3+(i+1)*width] {
			v = v<<8 | int(c)
		}
		return v
	}
	items := make([][]byte, n)
	for i := range items {
		from, to := offset(i), offset(i+1)
		if from < 1 || to < from || to > len(b)-start {
			r.failed = true
			return nil
		}
		items[i] = b[start+from : start+to : start+to]
	}
	r.at += start + offset(n)
	return items
}

// dict holds the operands of every operator of DICT data.
type dict map[int][]float64

// offset returns an operand that must be an offset or a size.
func (d dict) offset(op, i int) (int, bool) {
	v := d[op]
	if len(v) <= i || v[i] < 0 || v[i] > maxBytes || v[i] != math.Trunc(v[i]) {
		return 0, false
	}
	return int(v[i]), true
}

func parseDict(b []byte) (dict, error) {
	d := make(dict)
	var operands []float64
	for len(b) > 0 {
		c := int(b[0])
		if c <= 21 {
			b = b[1:]
			if c == 12 {
				if len(b) == 0 {
					return nil, errCFF
				}
				c, b = 12<<8|int(b[0]), b[1:]
			}
			d[c], operands = operands, nil
			continue
		}
		v, n := dictNumber(b)
		if n == 0 || len(operands) == 48 {
			return nil, errCFF
		}
		operands, b = append(operands, v), b[n:]
	}
	return d, nil
}

// dictNumber reads a number and tells how many bytes it has; 0 is an error.
func dictNumber(b []byte) (float64, int) {
	switch c := int(b[0]); {
	case c == 28 && len(b) >= 3:
		return float64(int16At(b, 1)), 3
	case c == 29 && len(b) >= 5:
		return float64(int32(binary.BigEndian.Uint32(b[1:]))), 5
	case c == 30:
		return dictReal(b)
	case c >= 32 && c <= 246:
		return float64(c - 139), 1
	case c >= 247 && c <= 250 && len(b) >= 2:
		return float64((c-247)*256 + int(b[1]) + 108), 2
	case c >= 251 && c <= 254 && len(b) >= 2:
		return float64(-(c-251)*256 - int(b[1]) - 108), 2
	}
	return 0, 0
}

// dictReal reads a real number, which is written in half bytes.
func dictReal(b []byte) (float64, int) {
	digits := [...]string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", ".", "E", "E-", "", "-"}
	text := make([]byte, 0, 32)
	for i := 1; i < len(b) && i < 32; i++ {
		for _, half := range [2]byte{b[i] >> 4, b[i] & 15} {
			if half == 15 {
				v, err := strconv.ParseFloat(string(text), 64)
				if err != nil {
					return 0, 0
				}
				return v, i + 1
			}
			text = append(text, digits[half]...)
		}
	}
	return 0, 0
}

// fontDict returns which font dictionary a glyph belongs to (FDSelect).
func (c *cffFont) fontDict(g GlyphID) (int, error) {
	b := c.selected
	switch {
	case b == nil:
		return 0, nil
	case b[0] == 0 && len(b) > 1+int(g):
		return int(b[1+g]), nil
	case b[0] == 3 && len(b) >= 3:
		ranges := b[3:]
		for n := int(binary.BigEndian.Uint16(b[1:])); n > 0 && len(ranges) >= 5; n, ranges = n-1, ranges[3:] {
			if g >= GlyphID(binary.BigEndian.Uint16(ranges)) && g < GlyphID(binary.BigEndian.Uint16(ranges[3:])) {
				return int(ranges[2]), nil
			}
		}
	}
	return 0, errCFF
}

// path runs the charstring of a glyph.
func (c *cffFont) path(g GlyphID) ([]Segment, error) {
	fd, err := c.fontDict(g)
	if err != nil {
		return nil, err
	}
	if int(g) >= len(c.charstrings) || fd >= len(c.local) {
		return nil, errCFF
	}
	if len(c.charstrings[g]) > maxGlyphBytes {
		return nil, fmt.Errorf("font: glyph %d has more than %d bytes", g, maxGlyphBytes)
	}
	var machine psinterpreter.Machine
	run := charstring{}
	if err := machine.Run(c.charstrings[g], c.local[fd], c.global, &run); err != nil {
		return nil, fmt.Errorf("font: glyph %d: %w", g, err)
	}
	run.reader.ClosePath()
	path := make([]Segment, 0, len(run.reader.Segments))
	for _, s := range run.reader.Segments {
		p := func(i int) Point { return Point{float64(s.Args[i].X), float64(s.Args[i].Y)} }
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			path = append(path, Segment{MoveTo, [3]Point{p(0)}})
		case opentype.SegmentOpLineTo:
			path = append(path, Segment{LineTo, [3]Point{p(0)}})
		case opentype.SegmentOpCubeTo:
			path = append(path, Segment{CurveTo, [3]Point{p(0), p(1), p(2)}})
		}
	}
	return path, nil
}
