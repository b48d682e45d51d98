package content

// Devices tells in which colours of a device (ISO 32000-2, 8.6.4) something paints.
type Devices struct{ Gray, RGB, CMYK bool }

// DevicesOf returns the colours of a device that content names itself. Content that
// names no colour paints in black, in DeviceGray; that is not counted.
func DevicesOf(data []byte) Devices {
	var d Devices
	s := scanner{data: data}
	inImage := false // behind the key for the colour space of an inline image (8.9.7)
	for {
		t, ok := s.next()
		if !ok {
			return d
		}
		word := string(t.bytes)
		switch {
		case t.kind == operator && word == "ID":
			s.skipImage()
		case t.kind == operator:
			d.Gray = d.Gray || word == "g" || word == "G"
			d.RGB = d.RGB || word == "rg" || word == "RG"
			d.CMYK = d.CMYK || word == "k" || word == "K"
		case t.kind == name:
			d.Gray = d.Gray || word == "DeviceGray" || inImage && word == "G"
			d.RGB = d.RGB || word == "DeviceRGB" || inImage && word == "RGB"
			d.CMYK = d.CMYK || word == "DeviceCMYK" || inImage && word == "CMYK"
		}
		inImage = t.kind == name && (word == "CS" || word == "ColorSpace")
	}
}
