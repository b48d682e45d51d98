package picture

import (
	"bytes"
	"encoding/binary"

	"github.com/inkan-go/inkan/internal/draw"
)

// orientation returns how a JPEG is to be turned to be seen upright, as cameras
// note it (Exif 2.32, tag 0x0112): 1 to 8, 1 for not at all.
func orientation(data []byte) int {
	const app1, scan = 0xe1, 0xda
	for at := 2; at+4 <= len(data) && data[at] == 0xff && data[at+1] != scan; {
		size := int(binary.BigEndian.Uint16(data[at+2:]))
		if size < 2 || at+2+size > len(data) {
			break
		}
		segment := data[at+4 : at+2+size]
		if exif, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00")); ok && data[at+1] == app1 {
			return exifOrientation(exif)
		}
		at += 2 + size
	}
	return 1
}

// exifOrientation reads the tag from the first directory of a TIFF structure.
func exifOrientation(tiff []byte) int {
	const entry, tag, short = 12, 0x0112, 3
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for n := int(order.Uint16(tiff[at:])); n > 0 && len(entries) >= entry; n, entries = n-1, entries[entry:] {
		if order.Uint16(entries) == tag && order.Uint16(entries[2:]) == short {
			if v := int(order.Uint16(entries[8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
	}
	return 1
}

// upright returns the transformation of the unit square that shows a picture of
// that orientation upright.
func upright(orientation int) draw.Matrix {
	mirror := draw.Matrix{-1, 0, 0, 1, 1, 0}
	switch orientation {
	case 2:
		return mirror
	case 3:
		return draw.Turned(2, 1, 1)
	case 4:
		return mirror.Then(draw.Turned(2, 1, 1))
	case 5: // mirrored along the diagonal from the upper left
		return mirror.Then(draw.Turned(1, 1, 1))
	case 6: // to be turned clockwise
		return draw.Turned(-1, 1, 1)
	case 7:
		return mirror.Then(draw.Turned(-1, 1, 1))
	case 8:
		return draw.Turned(1, 1, 1)
	}
	return draw.Matrix{1, 0, 0, 1, 0, 0}
}
