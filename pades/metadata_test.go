package pades_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/pades"
)

// info returns the texts of the document information, and the XMP packet.
func info(t testing.TB, data []byte) (map[pdf.Name]string, string) {
	t.Helper()
	v := open(t, data).Latest()
	said := make(map[pdf.Name]string)
	d, err := v.Dict(v.Trailer().Get("Info"))
	require.NoError(t, err)
	if d != nil {
		for _, e := range d.Entries {
			text, err := v.Text(e.Value)
			require.NoError(t, err)
			said[e.Key] = text
		}
	}
	catalog, err := v.Catalog()
	require.NoError(t, err)
	s, err := v.StreamObject(catalog.Dict().Get("Metadata"))
	require.NoError(t, err)
	packet, err := v.Stream(s)
	require.NoError(t, err)
	return said, string(packet)
}

func TestMetadata(t *testing.T) {
	m := &pades.Metadata{Title: "契約 <1>", Author: "𠮷田", Subject: "S", Keywords: "k, l", Language: "en-GB"}
	const modified = "<xmp:ModifyDate>2026-04-01T09:00:00Z</xmp:ModifyDate>"
	without := func(remove string) testpdf.File {
		f := testpdf.Contract(1, testpdf.Table)
		f.Trailer = strings.Replace(f.Trailer, remove, "", 1)
		return f
	}
	for name, c := range map[string]struct {
		data []byte
		info bool // there is one afterwards
	}{
		"information":              {without("").Bytes(), true},
		"neither":                  {without("/Info 8 0 R").Bytes(), true},
		"stream without":           {testpdf.File{Form: testpdf.Stream, Objects: without("").Objects, Trailer: "/Root 1 0 R"}.Bytes(), true},
		"neither in PDF 2.0":       {bytes.Replace(without("/Info 8 0 R").Bytes(), []byte("%PDF-1.7"), []byte("%PDF-2.0"), 1), false},
		"both":                     {archival("3"), true},
		"encrypted":                {without("").Encrypted(testpdf.Encryption{Revision: 6, Permissions: -4}).Bytes(), true},
		"encrypted, both":          {encryptedArchival(t, false), true},
		"encrypted, packet clear":  {encryptedArchival(t, true), true},
		"information is no object": {bytes.Replace(without("").Bytes(), []byte("/Info 8 0 R"), []byte("/Info null "), 1), true},
	} {
		t.Run(name, func(t *testing.T) {
			changed := amended(t, c.data, &pades.Amendment{Metadata: m})
			said, packet := info(t, changed)
			if c.info {
				for key, want := range map[pdf.Name]string{"Title": m.Title, "Author": m.Author, "Subject": "S", "Keywords": "k, l", "ModDate": "D:20260401090000+00'00'"} {
					require.Equal(t, want, said[key], key)
				}
			} else {
				require.Empty(t, said)
			}
			for _, want := range []string{"契約 &lt;1&gt;</rdf:li></rdf:Alt></dc:title>", "𠮷田</rdf:li></rdf:Seq></dc:creator>", "S</rdf:li></rdf:Alt></dc:description>", "<pdf:Keywords>k, l</pdf:Keywords>", "en-GB</rdf:li></rdf:Bag></dc:language>", "2026-04-01T09:00:00"} {
				require.Contains(t, packet, want)
			}
			catalog, err := open(t, changed).Latest().Catalog()
			require.NoError(t, err)
			lang, err := open(t, changed).Latest().Text(catalog.Dict().Get("Lang"))
			require.NoError(t, err)
			require.Equal(t, "en-GB", lang)

			// Only what is said changes.
			changed = amended(t, changed, &pades.Amendment{Metadata: &pades.Metadata{Title: "Other"}})
			again, packet := info(t, changed)
			require.Contains(t, packet, `>Other</rdf:li></rdf:Alt></dc:title>`)
			require.Contains(t, packet, "𠮷田</rdf:li></rdf:Seq></dc:creator>")
			require.Contains(t, packet, modified)
			require.NotContains(t, packet, "契約")
			if c.info {
				require.Equal(t, "Other", again["Title"])
				require.Equal(t, m.Author, again["Author"])
			}
		})
	}
	// What the information says goes into the first packet.
	f := testpdf.Contract(1, testpdf.Table)
	f.Objects[7].Body = "<</Title(Service contract)/Author(A)/Producer(inkan testpdf)/Creator(tool)/CreationDate(D:20260102030405+09'00')>>"
	said, packet := info(t, amended(t, f.Bytes(), &pades.Amendment{Metadata: &pades.Metadata{Author: "B"}}))
	require.Equal(t, "Service contract", said["Title"])
	require.Equal(t, "B", said["Author"])
	for _, want := range []string{"Service contract</rdf:li></rdf:Alt></dc:title>", "<rdf:li>B</rdf:li></rdf:Seq></dc:creator>", "<pdf:Producer>inkan testpdf</pdf:Producer>", "<xmp:CreatorTool>tool</xmp:CreatorTool>", "<xmp:CreateDate>2026-01-02T03:04:05+09:00</xmp:CreateDate>"} {
		require.Contains(t, packet, want)
	}
}

// encryptedArchival is an encrypted document with XMP metadata.
func encryptedArchival(t testing.TB, clear bool) []byte {
	t.Helper()
	f := testpdf.Contract(1, testpdf.Table)
	f.Objects[0].Body = strings.Replace(f.Objects[0].Body, "<<", "<</Metadata 50 0 R", 1)
	f.Objects = append(f.Objects, testpdf.Object{Number: 50, Body: "<</Type/Metadata/Subtype/XML/Note(a)>>", Data: []byte(
		`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF>`)})
	return f.Encrypted(testpdf.Encryption{Revision: 4, Permissions: -4, Metadata: clear}).Bytes()
}

func TestMetadataRefusals(t *testing.T) {
	packet := func(data string) []byte {
		return bytes.Replace(archival("2"), []byte("<rdf:RDF "), []byte(data), 1)
	}
	for name, c := range map[string]struct {
		data  []byte
		m     pades.Metadata
		cause error
		want  string
	}{
		"no language":      {archival("2"), pades.Metadata{Language: "日本語"}, pades.ErrOptions, "no language"},
		"part 4":           {archival("2"), pades.Metadata{PDFAPart: 4}, pades.ErrOptions, "from part 2 to part 3 alone"},
		"part 3 of 1":      {archival("1"), pades.Metadata{PDFAPart: 3}, pades.ErrOptions, "from part 2 to part 3 alone"},
		"part 3 of none":   {testpdf.Contract(1, testpdf.Table).Bytes(), pades.Metadata{PDFAPart: 3}, pades.ErrOptions, "from part 2 to part 3 alone"},
		"packet is broken": {packet("<rdf:RDG "), pades.Metadata{Title: "T"}, pades.ErrNotPDF, "XMP metadata cannot be changed"},
	} {
		t.Run(name, func(t *testing.T) {
			d := document(t, c.data)
			err := d.Amend(t.Context(), &pades.Amendment{Metadata: &c.m, Stamps: []pades.Stamp{{Appearance: &drawing{}, Rect: small}}})
			require.ErrorIs(t, err, c.cause)
			require.ErrorContains(t, err, c.want)
			require.Equal(t, c.data, content(t, d))
		})
	}
}
