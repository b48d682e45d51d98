package font

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// tables are the tables of one font in a file, by their tags. They share the
// bytes of the file.
type tables map[string][]byte

const (
	tagCollection = "ttcf"
	tagCFF        = "OTTO"
	tagTrueType   = "\x00\x01\x00\x00"
	tagTrueTypeOS = "true"
	tagWOFF       = "wOFF"
	tagWOFF2      = "wOF2"
)

// Count returns how many fonts a file holds: 1, or more for a collection.
func Count(data []byte) (int, error) {
	if len(data) < 12 {
		return 0, errors.New("font: too short for a font")
	}
	if string(data[:4]) != tagCollection {
		return 1, nil
	}
	n := int64(binary.BigEndian.Uint32(data[8:]))
	switch {
	case n == 0 || n > int64(len(data)-12)/4:
		return 0, errors.New("font: the collection is cut off or empty")
	case n > maxFaces:
		return 0, fmt.Errorf("font: %d fonts in one collection; at most %d are read", n, maxFaces)
	}
	return int(n), nil
}

// readTables reads the directory of the font with that index.
func readTables(data []byte, index int) (tables, error) {
	n, err := Count(data)
	if err != nil {
		return nil, err
	}
	if index < 0 || index >= n {
		return nil, fmt.Errorf("font: there is no font %d in the file; it holds %d, counted from 0", index, n)
	}
	var at int64
	if string(data[:4]) == tagCollection {
		at = int64(binary.BigEndian.Uint32(data[12+4*index:]))
	}
	if at+12 > int64(len(data)) {
		return nil, errors.New("font: the file is cut off before the table directory")
	}
	switch tag := string(data[at : at+4]); tag {
	case tagTrueType, tagTrueTypeOS, tagCFF:
	case tagWOFF, tagWOFF2:
		return nil, errors.New("font: a web font (WOFF) cannot be embedded; convert it to TrueType or OpenType")
	default:
		return nil, errors.New("font: neither a TrueType nor an OpenType font")
	}
	count := int(binary.BigEndian.Uint16(data[at+4:]))
	if count > maxTables {
		return nil, fmt.Errorf("font: %d tables; at most %d are read", count, maxTables)
	}
	records := data[at+12:]
	if len(records) < 16*count {
		return nil, errors.New("font: the table directory is cut off")
	}
	found := make(tables, count)
	for i := range count {
		r := records[16*i:]
		start, length := int64(binary.BigEndian.Uint32(r[8:])), int64(binary.BigEndian.Uint32(r[12:]))
		if start+length > int64(len(data)) {
			return nil, fmt.Errorf("font: table %q lies beyond the end of the file", r[:4])
		}
		found[string(r[:4])] = data[start : start+length : start+length]
	}
	return found, nil
}

// need returns a table that must have at least that many bytes.
func (t tables) need(tag string, size int) ([]byte, error) {
	b, ok := t[tag]
	if !ok {
		return nil, fmt.Errorf("font: table %q is missing", tag)
	}
	if len(b) < size {
		return nil, fmt.Errorf("font: table %q is cut off", tag)
	}
	return b, nil
}

// file writes a font file of the tables, with the version of TrueType.
func (t tables) file() []byte {
	list := make([]table, 0, len(t))
	for _, tag := range slices.Sorted(maps.Keys(t)) {
		list = append(list, table{tag, t[tag]})
	}
	return writeSFNT(tagTrueType, list)
}

// writeSFNT writes a font file of these tables, in the order given, which must
// be that of their tags.
func writeSFNT(version string, list []table) []byte {
	size := 12 + 16*len(list)
	for _, t := range list {
		size += (len(t.data) + 3) &^ 3
	}
	out := make([]byte, 0, size)
	out = append(out, version...)
	power, log := 1, 0
	for power*2 <= len(list) {
		power, log = power*2, log+1
	}
	out = binary.BigEndian.AppendUint16(out, uint16(len(list)))
	out = binary.BigEndian.AppendUint16(out, uint16(16*power))
	out = binary.BigEndian.AppendUint16(out, uint16(log))
	out = binary.BigEndian.AppendUint16(out, uint16(16*(len(list)-power)))
	at := 12 + 16*len(list)
	for _, t := range list {
		out = append(out, t.tag...)
		out = binary.BigEndian.AppendUint32(out, checksum(t.data))
		out = binary.BigEndian.AppendUint32(out, uint32(at))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t.data)))
		at += (len(t.data) + 3) &^ 3
	}
	for _, t := range list {
		out = append(out, t.data...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	return out
}

type table struct {
	tag  string
	data []byte
}

// checksum is the sum of the table's words, as its directory entry holds it.
func checksum(b []byte) uint32 {
	var sum uint32
	for ; len(b) >= 4; b = b[4:] {
		sum += binary.BigEndian.Uint32(b)
	}
	var last [4]byte
	copy(last[:], b)
	return sum + binary.BigEndian.Uint32(last[:])
}
