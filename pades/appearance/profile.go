package appearance

import (
	"encoding/binary"
	"math"
)

// profile writes an ICC profile, version 2.1 as the oldest part of PDF/A allows,
// for what gray or RGB mean on screens: the primaries of sRGB, and a gamma of 2.2.
func profile(components int) []byte {
	white := xyz(0.9642, 1, 0.8249) // D50, as the profile connection space is
	gamma := append([]byte("curv\x00\x00\x00\x00"), 0, 0, 0, 1, 0x02, 0x33, 0, 0)
	type tag struct {
		name string
		data []byte
	}
	space, tags := "GRAY", []tag{
		{"desc", description("Screen, gamma 2.2")}, {"cprt", append([]byte("text\x00\x00\x00\x00"), "CC0\x00"...)}, {"wtpt", white}, {"kTRC", gamma},
	}
	if components == 3 {
		space = "RGB "
		tags = append(tags[:3], tag{"rXYZ", xyz(0.4361, 0.2225, 0.0139)}, tag{"gXYZ", xyz(0.3851, 0.7169, 0.0971)}, tag{"bXYZ", xyz(0.1431, 0.0606, 0.7141)},
			tag{"rTRC", gamma}, tag{"gTRC", gamma}, tag{"bTRC", gamma})
	}
	head := make([]byte, 128)
	copy(head[8:], []byte{2, 0x10})
	copy(head[12:], "mntr"+space+"XYZ ")
	copy(head[24:], []byte{7, 0xea, 0, 1, 0, 1}) // 1 January 2026
	copy(head[36:], "acsp")
	copy(head[68:], white[8:])
	out := binary.BigEndian.AppendUint32(head, uint32(len(tags)))
	at := len(out) + 12*len(tags)
	var body []byte
	for _, t := range tags {
		out = append(out, t.name...)
		out = binary.BigEndian.AppendUint32(out, uint32(at+len(body)))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t.data)))
		body = append(body, t.data...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	out = append(out, body...)
	binary.BigEndian.PutUint32(out, uint32(len(out)))
	return out
}

// xyz is a colour as a tag of a profile.
func xyz(values ...float64) []byte {
	b := []byte("XYZ \x00\x00\x00\x00")
	for _, v := range values {
		b = binary.BigEndian.AppendUint32(b, uint32(math.Round(v*65536)))
	}
	return b
}

// description is the name of a profile as a tag of it, in ASCII alone.
func description(text string) []byte {
	b := []byte("desc\x00\x00\x00\x00")
	b = binary.BigEndian.AppendUint32(b, uint32(len(text)+1))
	b = append(append(b, text...), 0)
	return append(b, make([]byte, 4+4+2+1+67)...) // no names in other scripts
}
