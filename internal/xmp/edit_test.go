package xmp

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
)

func TestPacketLimit(t *testing.T) {
	const packet = `<rdf:RDF xmlns:rdf="` + resources + `"></rdf:RDF>`
	for n, ok := range map[int]bool{maxPacket: true, maxPacket + 1: false} {
		_, err := Edit([]byte(packet+strings.Repeat(" ", n-len(packet))), nil)
		require.Equal(t, ok, err == nil, "%d bytes: %v", n, err)
	}
}

// values returns the text of every property, as an attribute or as an element, however
// often it stands there; what is within a value is joined.
func values(t testing.TB, packet []byte) map[Name][]string {
	t.Helper()
	found := make(map[Name][]string)
	depth, at := 0, Name{}
	d := xml.NewDecoder(bytes.NewReader(packet))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return found
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			if depth > 0 || token.Name.Local == "RDF" {
				depth++
			}
			if depth == 2 {
				for _, a := range token.Attr {
					if a.Name.Space != "xmlns" {
						found[Name(a.Name)] = append(found[Name(a.Name)], a.Value)
					}
				}
			}
			if depth == 3 {
				at = Name(token.Name)
				found[at] = append(found[at], "")
			}
		case xml.EndElement:
			depth = max(0, depth-1)
		case xml.CharData:
			if depth >= 3 {
				found[at][len(found[at])-1] += strings.TrimSpace(string(token))
			}
		}
	}
}

const (
	head = "<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
	tail = "</x:xmpmeta>     <?xpacket end=\"w\"?>"
	rdf  = `xmlns:rdf="` + resources + `"`
	dc   = `xmlns:dc="` + DublinCore + `"`
)

// packets say the title in every way that there is, and something else.
func packets() map[string]string {
	return map[string]string{
		"element":      head + `<rdf:RDF ` + rdf + `><rdf:Description rdf:about="uuid:1" ` + dc + `><dc:title><rdf:Alt><rdf:li xml:lang="x-default">Old</rdf:li><rdf:li xml:lang="ja">古い</rdf:li></rdf:Alt></dc:title><dc:format>application/pdf</dc:format></rdf:Description></rdf:RDF>` + tail,
		"attribute":    head + `<rdf:RDF ` + rdf + `><rdf:Description rdf:about='uuid:1' dc:title = 'O>"l=d' ` + dc + ` dc:format="application/pdf"/></rdf:RDF>` + tail,
		"two":          head + `<rdf:RDF ` + rdf + `><rdf:Description ` + dc + ` rdf:about="uuid:1" dc:title="a"><dc:title>b</dc:title></rdf:Description><rdf:Description rdf:about="uuid:1" dc:format="application/pdf" ` + dc + `><dc:title/></rdf:Description></rdf:RDF>` + tail,
		"other prefix": head + `<r:RDF xmlns:r="` + resources + `" xmlns:d="` + DublinCore + `"><r:Description r:about="uuid:1"><d:title>Old</d:title><d:format>application/pdf</d:format><x:title xmlns:x="other">stays</x:title></r:Description></r:RDF>` + tail,
		"no title":     head + `<rdf:RDF ` + rdf + "\n>\n<rdf:Description\n rdf:about=\"uuid:1\"\n " + dc + ">\n<dc:format>application/pdf</dc:format>\n<!-- <dc:title>no</dc:title> --></rdf:Description>\n</rdf:RDF>" + tail,
		"deeper":       head + `<rdf:RDF ` + rdf + `><rdf:Description rdf:about="uuid:1" ` + dc + `><dc:source><rdf:Description dc:title="of something else"/></dc:source><dc:format>application/pdf</dc:format></rdf:Description></rdf:RDF>` + tail,
	}
}

// TestEdit: a property has one value afterwards, the one that was set, and all else stays.
func TestEdit(t *testing.T) {
	title, format := Name{DublinCore, "title"}, Name{DublinCore, "format"}
	set := []Property{{title, Alternatives, "<新しい> & \"new\""}, {Name{DublinCore, "creator"}, Sequence, "A"}, {Name{DublinCore, "language"}, Set, "ja"}, {Name{PDF, "Keywords"}, Text, "k"}, {Name{Basic, "ModifyDate"}, Text, "2026"}, {Name{PDFA, "part"}, Text, "3"}}
	for name, packet := range packets() {
		for _, encode := range []func(string) []byte{
			func(s string) []byte { return []byte(s) },
			func(s string) []byte { return inUTF16(binary.BigEndian, "\ufeff"+s) },
			func(s string) []byte { return inUTF16(binary.LittleEndian, s) },
		} {
			edited, err := Edit(encode(packet), set)
			require.NoError(t, err, name)
			got := values(t, edited)
			for _, p := range set {
				require.Equal(t, []string{p.Text}, got[p.Name], name)
			}
			require.Equal(t, []string{"application/pdf"}, got[format], name)
			for _, about := range got[Name{resources, "about"}] {
				require.Equal(t, "uuid:1", about, name)
			}
			require.True(t, bytes.HasSuffix(edited, []byte(tail)), name)
			again, err := Edit(edited, set)
			require.NoError(t, err, name)
			require.Equal(t, got, values(t, again), name)
		}
	}
	edited, err := Edit([]byte(packets()["other prefix"]), set)
	require.NoError(t, err)
	require.Equal(t, []string{"stays"}, values(t, edited)[Name{"other", "title"}])
}

func inUTF16(order binary.AppendByteOrder, s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return b
}

func TestEditRefusals(t *testing.T) {
	for packet, want := range map[string]string{
		"":                                       "no rdf:RDF",
		"no XML":                                 "no rdf:RDF",
		"<a>":                                    "EOF",
		head + tail:                              "no rdf:RDF",
		head + "<rdf:RDF " + rdf + "/>" + tail:   "no rdf:RDF",
		"<!DOCTYPE a><a/>":                       "document type",
		head + "<rdf:RDF " + rdf + ">&e;" + tail: "entity",
	} {
		_, err := Edit([]byte(packet), nil)
		require.ErrorContains(t, err, want, packet)
	}
}

// FuzzEdit: whatever the packet, what comes out is well-formed and says what was set, once.
func FuzzEdit(f *testing.F) {
	n := 0
	for _, packet := range packets() {
		f.Add([]byte(packet))
		n++
	}
	require.Greater(f, n, 3)
	title := Name{DublinCore, "title"}
	f.Fuzz(func(t *testing.T, packet []byte) {
		edited, err := Edit(packet, []Property{{title, Alternatives, "T"}})
		if err != nil {
			return
		}
		again, err := Edit(edited, []Property{{title, Alternatives, "T"}})
		require.NoError(t, err)
		require.Equal(t, 1, bytes.Count(again, []byte(`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">T</rdf:li></rdf:Alt></dc:title>`)))
	})
}
