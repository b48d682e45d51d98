// Package icc writes the ICC profiles that PDF/A files need: what RGB and gray
// mean, as sRGB (IEC 61966-2-1) defines it.
package icc

import (
	"encoding/binary"
	"math"
)

// samples is how many points the tone curve has: between them it is straight, and
// off by less than a 16-bit step can show on screens.
const samples = 256

// SRGB returns a display profile for three components in sRGB. It is of version
// 2.1, which the oldest part of PDF/A allows.
func SRGB() []byte {
	curve := toneCurve()
	return assemble("RGB ", []tag{
		{"desc", description("sRGB IEC61966-2.1")}, {"cprt", copyright()}, {"wtpt", white()},
		{"rXYZ", xyz(0.4361, 0.2225, 0.0139)}, {"gXYZ", xyz(0.3851, 0.7169, 0.0971)}, {"bXYZ", xyz(0.1431, 0.0606, 0.7141)},
		{"rTRC", curve}, {"gTRC", curve}, {"bTRC", curve},
	})
}

// Gray returns a display profile for one component that is as bright as three
// equal ones in sRGB.
func Gray() []byte {
	return assemble("GRAY", []tag{
		{"desc", description("Gray, tone curve of sRGB")}, {"cprt", copyright()}, {"wtpt", white()}, {"kTRC", toneCurve()},
	})
}

// white is that of the profile connection space, D50.
func white() []byte { return xyz(0.9642, 1, 0.8249) }

// tag is one element of a profile.
type tag struct {
	name string
	data []byte
}

// assemble writes a profile (ICC.1:2001-04, 6). Tags of equal content share it.
func assemble(space string, tags []tag) []byte {
	head := make([]byte, 128)
	copy(head[8:], []byte{2, 0x10})
	copy(head[12:], "mntr"+space+"XYZ ")
	copy(head[24:], []byte{7, 0xea, 0, 1, 0, 1}) // 1 January 2026
	copy(head[36:], "acsp")
	copy(head[68:], white()[8:])
	out := binary.BigEndian.AppendUint32(head, uint32(len(tags)))
	at := len(out) + 12*len(tags)
	var body []byte
	offsets := make(map[string]int)
	for _, t := range tags {
		offset, shared := offsets[string(t.data)]
		if !shared {
			offset = at + len(body)
			offsets[string(t.data)] = offset
			body = append(body, t.data...)
			for len(body)%4 != 0 {
				body = append(body, 0)
			}
		}
		out = append(out, t.name...)
		out = binary.BigEndian.AppendUint32(out, uint32(offset))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t.data)))
	}
	out = append(out, body...)
	binary.BigEndian.PutUint32(out, uint32(len(out)))
	return out
}

// toneCurve is how bright a component of sRGB is.
func toneCurve() []byte {
	b := binary.BigEndian.AppendUint32([]byte("curv\x00\x00\x00\x00"), samples)
	for i := range samples {
		v := float64(i) / (samples - 1)
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		b = binary.BigEndian.AppendUint16(b, uint16(math.Round(v*65535)))
	}
	return b
}

func copyright() []byte { return []byte("text\x00\x00\x00\x00CC0\x00") }

// xyz is a colour.
func xyz(values ...float64) []byte {
	b := []byte("XYZ \x00\x00\x00\x00")
	for _, v := range values {
		b = binary.BigEndian.AppendUint32(b, uint32(math.Round(v*65536)))
	}
	return b
}

// description is the name of a profile, in ASCII alone.
func description(text string) []byte {
	b := []byte("desc\x00\x00\x00\x00")
	b = binary.BigEndian.AppendUint32(b, uint32(len(text)+1))
	b = append(append(b, text...), 0)
	return append(b, make([]byte, 4+4+2+1+67)...) // no names in other scripts
}
