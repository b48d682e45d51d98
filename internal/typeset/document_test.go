package typeset_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/font"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/picture"
	"github.com/inkan-go/inkan/internal/typeset"
)

func noon() time.Time { return time.Date(2026, 4, 1, 12, 0, 0, 0, time.FixedZone("", 9*3600)) }

func options() *typeset.Options {
	return &typeset.Options{
		Title: "Report", Author: "An author", Subject: "What it is about", Keywords: "a, b", Time: noon(),
		Header: func(int, int) typeset.Running { return typeset.Running{Middle: "Above"} },
		Footer: func(page, pages int) typeset.Running {
			return typeset.Running{Left: "Below", Right: fmt.Sprintf("%d / %d", page, pages)}
		},
	}
}

// written returns a document that f fills.
func written(t *testing.T, o *typeset.Options, f func(d *typeset.Document)) []byte {
	t.Helper()
	d := typeset.New(o)
	f(d)
	var b bytes.Buffer
	require.NoError(t, d.Write(&b))
	return b.Bytes()
}

// sample has every kind of content.
func sample(d *typeset.Document) {
	d.Heading(1, "Report")
	d.Paragraph("A paragraph.\nIts second line, which is "+strings.Repeat("long, ", 60)+"and ends.", nil)
	d.Begin()
	d.Heading(2, "Table")
	rows := make([][]typeset.Cell, 70)
	for i := range rows {
		rows[i] = typeset.Cells(fmt.Sprintf("Row %d", i+1), "value", "")
	}
	d.Table(&typeset.Table{Columns: []float64{1, 2, 1}, Header: typeset.Cells("Name", "Value", "Note"), RowHeaders: true, Rows: rows})
	d.End()
	d.Begin()
	d.Heading(2, "End")
	d.End()
	d.Attach(&typeset.File{Name: "data.json", Type: "application/json", Relationship: "Data", Description: "the data", Modified: noon(), Data: []byte("{}")})
}

func open(t *testing.T, data []byte) *pdf.View {
	t.Helper()
	f, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	for _, revision := range f.Revisions {
		require.False(t, revision.Repaired)
	}
	require.Empty(t, f.Anomalies())
	return f.Latest()
}

// reader reads a document, whose faults end the test.
type reader struct {
	*testing.T
	*pdf.View
}

func (r reader) dict(o pdf.Object) *pdf.Dict {
	r.Helper()
	d, err := r.Dict(o)
	require.NoError(r, err)
	require.NotNil(r, d)
	return d
}

func (r reader) items(o pdf.Object) []pdf.Object {
	r.Helper()
	a, err := r.Array(o)
	require.NoError(r, err)
	if a == nil {
		return nil
	}
	return a.Items
}

func (r reader) stream(o pdf.Object) []byte {
	r.Helper()
	s, err := r.StreamObject(o)
	require.NoError(r, err)
	data, err := r.Stream(s)
	require.NoError(r, err)
	return data
}

func (r reader) text(o pdf.Object) string {
	r.Helper()
	text, err := r.Text(o)
	require.NoError(r, err)
	return text
}

func (r reader) catalog() *pdf.Dict {
	r.Helper()
	c, err := r.Catalog()
	require.NoError(r, err)
	return c.Dict()
}

func (r reader) pages() []pdf.Object { return r.items(r.dict(r.catalog().Get("Pages")).Get("Kids")) }

func read(t *testing.T, data []byte) reader {
	t.Helper()
	return reader{t, open(t, data)}
}

var markedContent = regexp.MustCompile(`/(\w+)<</MCID (\d+)>>BDC`)

// TestTagged: all that is painted on a page belongs to an element of the structure,
// which leads back to it, or is an artifact.
func TestTagged(t *testing.T) {
	r := read(t, written(t, options(), sample))
	root := r.dict(r.catalog().Get("StructTreeRoot"))
	nums := r.items(r.dict(root.Get("ParentTree")).Get("Nums"))
	kinds := make(map[string]int)
	led := make(map[string]int) // how often the structure leads to a page's content
	var walk func(o pdf.Object, parent pdf.Object)
	walk = func(o pdf.Object, parent pdf.Object) {
		e := r.dict(o)
		kind, err := r.Name(e.Get("S"))
		require.NoError(t, err)
		kinds[string(kind)]++
		require.Equal(t, parent, e.Get("P"))
		for _, kid := range r.items(e.Get("K")) {
			switch k := kid.(type) {
			case pdf.Integer:
				led[fmt.Sprint(e.Get("Pg"), " ", k)]++
			case *pdf.Dict:
				led[fmt.Sprint(k.Get("Pg"), " ", k.Get("MCID"))]++
			default:
				walk(kid, o)
			}
		}
	}
	walk(root.Get("K"), r.catalog().Get("StructTreeRoot"))
	require.Equal(t, map[string]int{"Document": 1, "Sect": 2, "H1": 1, "H2": 2, "P": 1, "Table": 1, "TR": 71, "TH": 73, "TD": 140}, kinds)

	pages := r.pages()
	require.Len(t, pages, 3)
	marks := 0
	for i, page := range pages {
		p := r.dict(page)
		require.Equal(t, pdf.Integer(i), p.Get("StructParents"))
		require.Equal(t, pdf.Integer(i), nums[2*i])
		owners := r.items(nums[2*i+1])
		content := string(r.stream(p.Get("Contents")))
		found := markedContent.FindAllStringSubmatch(content, -1)
		require.Len(t, owners, len(found))
		for n, m := range found {
			require.Equal(t, fmt.Sprint(n), m[2])
			kind, err := r.Name(r.dict(owners[n]).Get("S"))
			require.NoError(t, err)
			require.Equal(t, m[1], string(kind))
			require.Equal(t, 1, led[fmt.Sprint(page, " ", n)], "page %d, content %d", i+1, n)
			marks++
		}
		depth := 0
		for line := range strings.Lines(content) {
			switch {
			case strings.HasSuffix(line, "BDC\n"):
				depth++
			case line == "EMC\n":
				depth--
			case strings.HasSuffix(line, " f\n"), line == "f\n", line == "BT\n":
				require.Positive(t, depth, "painted outside of all marks")
			}
		}
		require.Zero(t, depth)
	}
	require.Equal(t, marks, len(led))
}

// TestMetadata: the metadata and the information dictionary say the same, and equal
// input gives equal bytes.
func TestMetadata(t *testing.T) {
	data := written(t, options(), sample)
	require.Equal(t, data, written(t, options(), sample))
	r := read(t, data)
	catalog := r.catalog()
	packet := string(r.stream(catalog.Get("Metadata")))
	require.Contains(t, string(data), packet, "not compressed")
	info := r.dict(r.Trailer().Get("Info"))
	for key, value := range map[pdf.Name]string{"Title": "Report", "Author": "An author", "Subject": "What it is about", "Keywords": "a, b", "Creator": "inkan", "Producer": "inkan"} {
		require.Equal(t, value, r.text(info.Get(key)))
		require.Contains(t, packet, ">"+value+"<")
	}
	require.Equal(t, "D:20260401120000+09'00'", r.text(info.Get("CreationDate")))
	require.Contains(t, packet, "<xmp:CreateDate>2026-04-01T12:00:00+09:00<")
	require.Contains(t, packet, "<pdfaid:part>3<")
	require.Equal(t, "en", r.text(catalog.Get("Lang")))
	intents := r.items(catalog.Get("OutputIntents"))
	require.Len(t, intents, 1)
	require.NotEmpty(t, r.stream(r.dict(intents[0]).Get("DestOutputProfile")))
}

// TestAttach: an attached file is found by its name and from the catalog.
func TestAttach(t *testing.T) {
	r := read(t, written(t, options(), func(d *typeset.Document) {
		for _, name := range []string{"b.txt", "契約.pdf", "a.txt"} {
			d.Attach(&typeset.File{Name: name, Data: []byte("content of " + name)})
		}
	}))
	names := r.items(r.dict(r.dict(r.catalog().Get("Names")).Get("EmbeddedFiles")).Get("Names"))
	related := r.items(r.catalog().Get("AF"))
	require.Len(t, names, 6)
	require.Len(t, related, 3)
	for i, want := range []string{"a.txt", "b.txt", "契約.pdf"} {
		require.Equal(t, want, r.text(names[2*i]))
		require.Equal(t, names[2*i+1], related[i])
		f := r.dict(related[i])
		require.Equal(t, want, r.text(f.Get("UF")))
		require.Equal(t, "content of "+want, string(r.stream(r.dict(f.Get("EF")).Get("F"))))
	}
}

// photo is a picture that is twice as wide as high.
func photo(t *testing.T) *picture.Image {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 40, 20))
	for i := range 800 {
		m.Set(i%40, i/40, color.NRGBA{uint8(i), 100, 200, uint8(255 - i/8)})
	}
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, m))
	i, err := picture.ParseImage(b.Bytes())
	require.NoError(t, err)
	return i
}

// TestPictures: pictures are figures with a text that stands for them and the place
// where they are; they are never larger than a page.
func TestPictures(t *testing.T) {
	r := read(t, written(t, options(), func(d *typeset.Document) {
		d.Heading(1, "x")
		d.Image(photo(t), 100, typeset.Start, "a photo")
		d.Image(photo(t), 1e6, typeset.Middle, "a photo, large")
		d.QRCode("https://example.com/", 80, typeset.End, "the address")
		d.QRCode("https://example.com/", 1e6, typeset.End, "the address, large")
	}))
	root := r.dict(r.catalog().Get("StructTreeRoot"))
	var boxes [][]float64
	for _, kid := range r.items(r.dict(root.Get("K")).Get("K")) {
		if e := r.dict(kid); e.Has("Alt") {
			attributes := r.dict(e.Get("A"))
			boxes = append(boxes, r.Rectangle(attributes.Get("BBox")))
			require.NotEmpty(t, r.text(e.Get("Alt")))
		}
	}
	require.Len(t, boxes, 4)
	for i, b := range boxes {
		require.GreaterOrEqual(t, b[0], 56.69, "picture %d", i)
		require.LessOrEqual(t, b[2], 595.276-56.69)
		require.GreaterOrEqual(t, b[1], 56.69)
		require.LessOrEqual(t, b[3], 841.89-56.69)
		require.InDelta(t, []float64{2, 2, 1, 1}[i], (b[2]-b[0])/(b[3]-b[1]), 0.001)
	}
	require.InDelta(t, 100, boxes[0][2]-boxes[0][0], 0.001)
	require.InDelta(t, 595.276-56.693, boxes[2][2], 0.001, "at the end")
	xobjects := r.dict(r.dict(r.dict(r.pages()[0]).Get("Resources")).Get("XObject"))
	require.Len(t, xobjects.Entries, 1+1, "two pictures, each once")
}

// TestBookmarks: headings are bookmarks, as deep as they stand.
func TestBookmarks(t *testing.T) {
	r := read(t, written(t, options(), sample))
	root := r.dict(r.catalog().Get("Outlines"))
	report := r.dict(root.Get("First"))
	require.Equal(t, root.Get("First"), root.Get("Last"))
	require.Equal(t, "Report", r.text(report.Get("Title")))
	first, last := r.dict(report.Get("First")), r.dict(report.Get("Last"))
	require.Equal(t, "Table", r.text(first.Get("Title")))
	require.Equal(t, "End", r.text(last.Get("Title")))
	require.Equal(t, report.Get("Last"), first.Get("Next"))
	require.Equal(t, report.Get("First"), last.Get("Prev"))
	require.Equal(t, pdf.Integer(-2), report.Get("Count"))
	pages := r.pages()
	require.Equal(t, pages[len(pages)-1], r.items(last.Get("Dest"))[0])
}

// TestRefused: what cannot be written is an error, the first of them.
func TestRefused(t *testing.T) {
	wide := func(columns int) *typeset.Table {
		return &typeset.Table{Columns: bytesOf(columns), RowHeaders: true}
	}
	for want, f := range map[string]func(o *typeset.Options, d func() *typeset.Document){
		"without a title":      func(o *typeset.Options, d func() *typeset.Document) { o.Title = ""; d() },
		"without a time":       func(o *typeset.Options, d func() *typeset.Document) { o.Time = time.Time{}; d() },
		"without an alternate": func(_ *typeset.Options, d func() *typeset.Document) { d().QRCode("x", 50, typeset.Start, "") },
		"picture of -1":        func(_ *typeset.Options, d func() *typeset.Document) { d().QRCode("x", -1, typeset.Start, "x") },
		"no QR code holds": func(_ *typeset.Options, d func() *typeset.Document) {
			d().QRCode(strings.Repeat("x", 9999), 50, typeset.Start, "x")
		},
		"no part 4": func(o *typeset.Options, d func() *typeset.Document) { o.Part = 4; d() },
		"PDF/A-2 does not allow": func(o *typeset.Options, d func() *typeset.Document) {
			o.Part = 2
			d().Attach(&typeset.File{Name: "a"})
		},
		"margin of 400": func(o *typeset.Options, d func() *typeset.Document) { o.Margin = 400; d() },
		`["あ" "い"]`:     func(_ *typeset.Options, d func() *typeset.Document) { d().Paragraph("あaいあ", nil) },
		"0 columns":     func(_ *typeset.Options, d func() *typeset.Document) { d().Table(wide(0)) },
		"33 columns":    func(_ *typeset.Options, d func() *typeset.Document) { d().Table(wide(33)) },
		"the width -1": func(_ *typeset.Options, d func() *typeset.Document) {
			d().Table(&typeset.Table{Columns: []float64{-1}})
		},
		"says nowhere": func(_ *typeset.Options, d func() *typeset.Document) { d().Table(&typeset.Table{Columns: []float64{1}}) },
		"header of 2": func(_ *typeset.Options, d func() *typeset.Document) {
			d().Table(&typeset.Table{Columns: []float64{1}, Header: typeset.Cells("", "")})
		},
		"row 2 has 2": func(_ *typeset.Options, d func() *typeset.Document) {
			d().Table(&typeset.Table{Columns: []float64{1}, RowHeaders: true, Rows: [][]typeset.Cell{typeset.Cells(""), typeset.Cells("", "")}})
		},
		"without a name": func(_ *typeset.Options, d func() *typeset.Document) { d().Attach(&typeset.File{}) },
		`is "Nephew"`: func(_ *typeset.Options, d func() *typeset.Document) {
			d().Attach(&typeset.File{Name: "a", Relationship: "Nephew"})
		},
		"two attached": func(_ *typeset.Options, d func() *typeset.Document) {
			to := d()
			to.Attach(&typeset.File{Name: "a"})
			to.Attach(&typeset.File{Name: "a"})
		},
	} {
		o := options()
		var made *typeset.Document
		f(o, func() *typeset.Document {
			made = typeset.New(o)
			return made
		})
		made.Heading(1, "it does not end the program")
		made.Table(wide(-1))
		made.Paragraph("い", nil)
		var b bytes.Buffer
		err := made.Write(&b)
		require.ErrorContains(t, err, want)
		require.Zero(t, b.Len())
		var missing *typeset.MissingGlyphError
		if strings.HasPrefix(want, "[") {
			require.ErrorAs(t, err, &missing)
			require.Equal(t, []string{"あ", "い"}, missing.Characters)
		} else {
			require.NotErrorAs(t, err, &missing)
		}
	}
}

func bytesOf(columns int) []float64 {
	shares := make([]float64, max(0, columns))
	for i := range shares {
		shares[i] = 1
	}
	return shares
}

// TestSubstitute: a character that no font has is named.
func TestSubstitute(t *testing.T) {
	o := options()
	o.Substitute = true
	latin, err := font.Latin()
	require.NoError(t, err)
	o.Fonts = []*font.Font{latin}
	for _, text := range []string{"a𠮷b葛\U000E0100", "\x00\x1b\ufffe"} {
		written(t, o, func(d *typeset.Document) { d.Paragraph(text, nil) })
	}
}

// TestEmpty: a document of nothing has a page.
func TestEmpty(t *testing.T) {
	require.Len(t, read(t, written(t, options(), func(*typeset.Document) {})).pages(), 1)
	r := read(t, written(t, &typeset.Options{Title: "x", Time: noon()}, func(d *typeset.Document) {
		d.Space(10)
		d.End()
		d.Paragraph("", nil)
		d.Table(&typeset.Table{Columns: []float64{1, 1}, RowHeaders: true})
		d.Table(&typeset.Table{Columns: []float64{1, 1}, RowHeaders: true, Rows: [][]typeset.Cell{typeset.Cells("", "")}})
	}))
	require.Len(t, r.pages(), 1)
	require.False(t, r.catalog().Has("Outlines"))
}
