package xmp

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf16"
)

// The namespaces of the properties that can be set (ISO 19005-1, 6.7).
const (
	DublinCore = "http://purl.org/dc/elements/1.1/"
	PDF        = "http://ns.adobe.com/pdf/1.3/"
	Basic      = "http://ns.adobe.com/xap/1.0/"
	PDFA       = "http://www.aiim.org/pdfa/ns/id/"

	resources = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
)

// Name is the name of a property.
type Name struct{ Space, Local string }

// Kind is how the value of a property is written.
type Kind int

// The kinds of values.
const (
	Text         Kind = iota
	Alternatives      // one in each language, of which the default is written
	Sequence          // of one item
	Set               // of one item
)

// Property is a property with the text of its value.
type Property struct {
	Name Name
	Kind Kind
	Text string
}

// prefix is what a namespace is called in what we write.
func (n Name) prefix() string {
	switch n.Space {
	case DublinCore:
		return "dc"
	case PDF:
		return "pdf"
	case Basic:
		return "xmp"
	}
	return "pdfaid"
}

// write appends the property as an element.
func (p *Property) write(b *bytes.Buffer) {
	tag := p.Name.prefix() + ":" + p.Name.Local
	open, shut := "", ""
	switch p.Kind {
	case Alternatives:
		open, shut = `<rdf:Alt><rdf:li xml:lang="x-default">`, "</rdf:li></rdf:Alt>"
	case Sequence:
		open, shut = "<rdf:Seq><rdf:li>", "</rdf:li></rdf:Seq>"
	case Set:
		open, shut = "<rdf:Bag><rdf:li>", "</rdf:li></rdf:Bag>"
	}
	fmt.Fprintf(b, "<%s>%s%s%s</%s>\n", tag, open, escape(p.Text), shut, tag)
}

// writeProperties writes properties as one rdf:Description about that resource.
func writeProperties(b *bytes.Buffer, about string, properties []Property) {
	fmt.Fprintf(b, `<rdf:Description xmlns:rdf="%s" rdf:about="%s"`, resources, escape(about))
	var spaces []string
	for _, p := range properties {
		if !slices.Contains(spaces, p.Name.Space) {
			spaces = append(spaces, p.Name.Space)
			fmt.Fprintf(b, ` xmlns:%s="%s"`, p.Name.prefix(), p.Name.Space)
		}
	}
	b.WriteString(">\n")
	for i := range properties {
		properties[i].write(b)
	}
	b.WriteString("</rdf:Description>\n")
}

// span is a part of a packet.
type span struct{ start, end int }

// editing finds what is to be cut out of a packet.
type editing struct {
	data    []byte
	set     map[Name]bool // properties that get another value
	cuts    []span
	open    opened // the description that is being read
	end     int    // where the rdf:RDF ends
	about   string // what the packet describes
	decoder *xml.Decoder
}

// opened is an rdf:Description that has begun.
type opened struct {
	start int  // where it begins
	cuts  int  // how many cuts there were before it
	keeps bool // it says something that stays
}

// Edit returns the packet of a document in which properties have other values: what says
// otherwise is cut out, and they are added at the end. All else stays byte by byte,
// but a packet in UTF-16 becomes one in UTF-8.
func Edit(packet []byte, properties []Property) ([]byte, error) {
	if len(packet) > maxPacket {
		return nil, fmt.Errorf("xmp: the packet is longer than %d bytes", maxPacket)
	}
	e := &editing{data: inUTF8(packet), set: make(map[Name]bool), end: -1}
	for _, p := range properties {
		e.set[p.Name] = true
	}
	e.decoder = xml.NewDecoder(bytes.NewReader(e.data))
	e.decoder.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	if err := e.read(); err != nil {
		return nil, err
	}
	if e.end < 0 {
		return nil, errors.New("xmp: the packet holds no rdf:RDF with an end")
	}
	var b bytes.Buffer
	at := 0
	for _, cut := range e.cuts {
		b.Write(e.data[at:cut.start])
		at = cut.end
	}
	b.Write(e.data[at:e.end])
	writeProperties(&b, e.about, properties)
	b.Write(e.data[e.end:])
	return b.Bytes(), nil
}

// read walks the packet: rdf:RDF, in it rdf:Description, in that the properties.
func (e *editing) read() error {
	var path []xml.Name
	cutFrom := -1
	for {
		start := int(e.decoder.InputOffset())
		token, err := e.decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		after := int(e.decoder.InputOffset())
		switch t := token.(type) {
		case xml.Directive:
			return errors.New("xmp: the packet has a document type of its own")
		case xml.StartElement:
			path = append(path, t.Name)
			switch depth := e.within(path); {
			case depth == 2 && t.Name == (xml.Name{Space: resources, Local: "Description"}):
				e.open = opened{start: start, cuts: len(e.cuts)}
				e.describe(t, start, after)
			case depth == 3 && e.set[Name{t.Name.Space, t.Name.Local}]:
				cutFrom = start
			case depth >= 2:
				e.open.keeps = e.open.keeps || cutFrom < 0
			}
		case xml.EndElement:
			switch depth := e.within(path); {
			case depth == 3 && cutFrom >= 0:
				e.cuts = append(e.cuts, span{cutFrom, after})
				cutFrom = -1
			case depth == 2 && !e.open.keeps && len(e.cuts) > e.open.cuts: // nothing is left
				e.cuts = append(e.cuts[:e.open.cuts], span{e.open.start, after})
			case depth == 1 && after > start:
				e.end = start
			}
			path = path[:len(path)-1]
		}
	}
}

// within returns how deep the path is below the rdf:RDF, which counts as 1.
func (e *editing) within(path []xml.Name) int {
	for i, name := range path {
		if name.Space == resources && name.Local == "RDF" {
			return len(path) - i
		}
	}
	return 0
}

// describe cuts properties out that a description has as attributes.
func (e *editing) describe(t xml.StartElement, start, end int) {
	places := attributes(e.data[start:end])
	for i, a := range t.Attr {
		switch {
		case a.Name.Space == resources && a.Name.Local == "about":
			e.about = a.Value
		case e.set[Name{a.Name.Space, a.Name.Local}] && i < len(places):
			e.cuts = append(e.cuts, span{start + places[i].start, start + places[i].end})
		case a.Name.Space != "xmlns" && a.Name.Local != "xmlns":
			e.open.keeps = true
		}
	}
}

// attributes returns where the attributes of a well-formed start tag stand, each
// with the white space before it.
func attributes(tag []byte) []span {
	var places []span
	at := bytes.IndexAny(tag, " \t\r\n")
	for at >= 0 && at < len(tag) {
		start := at
		equals := bytes.IndexByte(tag[at:], '=')
		if equals < 0 {
			break
		}
		at += equals + 1
		open := bytes.IndexAny(tag[at:], `"'`)
		if open < 0 {
			break
		}
		at += open
		shut := bytes.IndexByte(tag[at+1:], tag[at])
		if shut < 0 {
			break
		}
		at += 1 + shut + 1
		places = append(places, span{start, at})
	}
	return places
}

// inUTF8 returns a packet in UTF-8, in which those of PDF files ought to be.
func inUTF8(packet []byte) []byte {
	var order binary.ByteOrder = binary.BigEndian
	switch {
	case bytes.HasPrefix(packet, []byte{0xff, 0xfe}), bytes.HasPrefix(packet, []byte{'<', 0}):
		order = binary.LittleEndian
	case bytes.HasPrefix(packet, []byte{0xfe, 0xff}), bytes.HasPrefix(packet, []byte{0, '<'}):
	default:
		return packet
	}
	units := make([]uint16, len(packet)/2)
	for i := range units {
		units[i] = order.Uint16(packet[2*i:])
	}
	return bytes.TrimPrefix([]byte(string(utf16.Decode(units))), []byte("\ufeff"))
}
