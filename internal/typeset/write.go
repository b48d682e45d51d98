package typeset

import (
	"fmt"
	"io"

	"github.com/inkan-go/inkan/internal/draw"
	"github.com/inkan-go/inkan/internal/icc"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/xmp"
)

// Write ends the document and writes it. It may be called once.
func (d *Document) Write(w io.Writer) error {
	data, err := d.bytes()
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

func (d *Document) bytes() ([]byte, error) {
	if len(d.pages) == 0 {
		d.newPage()
	}
	d.running()
	if d.err != nil {
		return nil, d.err
	}
	fonts, err := d.embedding.Write(&d.objects)
	if err != nil {
		return nil, fmt.Errorf("typeset: %w", err)
	}
	resources := []byte("<<")
	if fonts != nil {
		resources = append(append(resources, "/Font"...), fonts...)
	}
	resources = d.xobjects.AppendResources(resources)
	tree, root := d.file.New(), d.file.New()
	d.writePages(tree, d.objects.Add(append(resources, ">>"...)))
	d.file.Put(root, d.catalog(tree))
	data, err := d.file.Build(root, d.information())
	if err != nil {
		return nil, fmt.Errorf("typeset: %w", err)
	}
	return data, nil
}

// catalog writes what hangs on the catalog, and returns it.
func (d *Document) catalog(tree pdf.Reference) []byte {
	b := pdf.AppendReference([]byte("<</Type/Catalog/Pages "), tree)
	b = pdf.AppendReference(append(b, "/Metadata "...), d.metadata())
	b = append(append(b, "/Lang"...), pdf.EncodeText(d.o.Language)...)
	b = append(b, "/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>/StructTreeRoot "...)
	b = pdf.AppendReference(b, d.writeStructure())
	profile := d.objects.AddStream([]byte("<</N 3/Alternate/DeviceRGB>>"), icc.SRGB())
	b = fmt.Appendf(b, "/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)/DestOutputProfile %s>>]", profile)
	b = append(b, d.writeFiles()...)
	return append(append(b, d.writeBookmarks()...), ">>"...)
}

// producer is the program that writes the file.
const producer = "inkan"

// metadata writes the packet, not compressed, so that any program finds it.
func (d *Document) metadata() pdf.Reference {
	p := xmp.Packet{
		Title: d.o.Title, Author: d.o.Author, Subject: d.o.Subject, Keywords: d.o.Keywords, Language: d.o.Language,
		Tool: d.o.Tool, Producer: producer, Created: d.o.Time, Modified: d.o.Time,
		Part: d.o.Part, Conformance: "A", Accessible: 1,
	}
	ref := d.file.New()
	d.file.PutStream(ref, []byte("<</Type/Metadata/Subtype/XML>>"), p.Bytes())
	return ref
}

// information writes the information dictionary, which says what the metadata say.
func (d *Document) information() pdf.Reference {
	b := []byte("<<")
	for _, e := range []struct{ key, value string }{
		{"Title", d.o.Title}, {"Author", d.o.Author}, {"Subject", d.o.Subject}, {"Keywords", d.o.Keywords},
		{"Creator", d.o.Tool}, {"Producer", producer},
	} {
		if e.value != "" {
			b = append(append(append(b, '/'), e.key...), pdf.EncodeText(e.value)...)
		}
	}
	date := pdf.FormatDate(d.o.Time)
	ref := d.file.New()
	d.file.Put(ref, fmt.Appendf(b, "/CreationDate(%s)/ModDate(%s)>>", date, date))
	return ref
}

// writeBookmarks writes the outline (ISO 32000-2, 12.3.3), and returns the entry of
// the catalog for it. A single heading needs none.
func (d *Document) writeBookmarks() []byte {
	if len(d.bookmarks) < 2 {
		return nil
	}
	root := &bookmark{ref: d.file.New()}
	last := []*bookmark{root} // of each level
	for i := range d.bookmarks {
		b := &d.bookmarks[i]
		b.ref = d.file.New()
		depth := min(b.level, len(last))
		last = append(last[:depth], b)
		parent := last[depth-1]
		parent.children = append(parent.children, b)
	}
	root.write(d, nil)
	return pdf.AppendReference([]byte("/Outlines "), root.ref)
}

// write writes a bookmark and those below it; parent is nil for the root.
func (b *bookmark) write(d *Document, parent *bookmark, neighbours ...string) {
	dict := []byte("<<")
	if parent != nil {
		dict = append(append(dict, "/Title"...), pdf.EncodeText(b.text)...)
		dict = pdf.AppendReference(append(dict, "/Parent "...), parent.ref)
		dict = pdf.AppendReference(append(dict, "/Dest["...), b.page.ref)
		dict = append(draw.AppendNumber(append(dict, "/XYZ 0 "...), b.y), " null]"...)
		for _, n := range neighbours {
			dict = append(dict, n...)
		}
	}
	if n := len(b.children); n > 0 {
		dict = pdf.AppendReference(append(dict, "/First "...), b.children[0].ref)
		dict = pdf.AppendReference(append(dict, "/Last "...), b.children[n-1].ref)
		if parent != nil {
			n = -n // closed
		}
		dict = fmt.Appendf(dict, "/Count %d", n)
	}
	d.file.Put(b.ref, append(dict, ">>"...))
	for i, child := range b.children {
		var around []string
		if i > 0 {
			around = append(around, string(pdf.AppendReference([]byte("/Prev "), b.children[i-1].ref)))
		}
		if i+1 < len(b.children) {
			around = append(around, string(pdf.AppendReference([]byte("/Next "), b.children[i+1].ref)))
		}
		child.write(d, b, around...)
	}
}
