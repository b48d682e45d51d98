// Package xmp writes the metadata packets of documents (ISO 16684-1), as PDF/A
// asks for them, and sets properties in those of others. It judges none.
package xmp

import (
	"encoding/xml"
	"fmt"
	"strings"
	"time"
)

// Packet is what the metadata of a document say. What is empty is left out.
type Packet struct {
	Title, Author, Subject, Keywords string
	// Language is the one of Title and Subject, after BCP 47.
	Language string
	// Tool is the program that made the content, Producer the one that wrote the file.
	Tool, Producer    string
	Created, Modified time.Time
	// Part and Conformance are those of PDF/A (ISO 19005), as 3 and "B"; Part 0 claims none.
	Part        int
	Conformance string
	// Accessible is the part of PDF/UA (ISO 14289) that is claimed; 0 claims none.
	Accessible int
}

// Bytes returns the packet in UTF-8. Times have whole seconds, as in the
// information dictionary.
func (p *Packet) Bytes() []byte {
	var b strings.Builder
	b.WriteString("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n" +
		"<rdf:Description rdf:about=\"\"\n" +
		"  xmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n  xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"\n" +
		"  xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"\n  xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\"\n" +
		"  xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\n")
	write := func(name, format, value string) {
		if value != "" {
			fmt.Fprintf(&b, "<%s>"+format+"</%s>\n", name, escape(value), name)
		}
	}
	const inDefault = `<rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt>`
	write("dc:title", inDefault, p.Title)
	write("dc:creator", `<rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq>`, p.Author)
	write("dc:description", inDefault, p.Subject)
	write("dc:language", `<rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag>`, p.Language)
	write("pdf:Keywords", "%s", p.Keywords)
	write("pdf:Producer", "%s", p.Producer)
	write("xmp:CreatorTool", "%s", p.Tool)
	write("xmp:CreateDate", "%s", date(p.Created))
	write("xmp:ModifyDate", "%s", date(p.Modified))
	write("xmp:MetadataDate", "%s", date(p.Modified))
	if p.Part > 0 {
		write("pdfaid:part", "%s", fmt.Sprint(p.Part))
		write("pdfaid:conformance", "%s", p.Conformance)
	}
	if p.Accessible > 0 {
		write("pdfuaid:part", "%s", fmt.Sprint(p.Accessible))
	}
	b.WriteString("</rdf:Description>\n")
	if p.Part > 0 && p.Accessible > 0 {
		b.WriteString(accessibleSchema)
	}
	b.WriteString("</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>")
	return []byte(b.String())
}

// accessibleSchema describes the schema of PDF/UA, which PDF/A does not know
// (ISO 19005-3, 6.6.2.3.3).
const accessibleSchema = `<rdf:Description rdf:about=""
  xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>the part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
`

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02T15:04:05-07:00")
}

// escape writes text as XML can hold it: what XML forbids becomes U+FFFD.
func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // into memory: never fails
	return b.String()
}
