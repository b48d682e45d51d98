package changes

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/internal/testpdf"
)

func historyOf(t *testing.T, file []byte) *History {
	f, err := pdf.Open(bytes.NewReader(file), int64(len(file)), nil)
	require.NoError(t, err)
	return NewHistory(f, func(revision int) *sigdict.Form {
		form, err := sigdict.Find(f.View(revision))
		require.NoError(t, err)
		return form
	})
}

// described is a contract with an update of its information, and more objects.
func described(gap string, more ...testpdf.Object) []byte {
	f := testpdf.Contract(1, testpdf.Table)
	f.Objects = append(f.Objects, more...)
	file := append(f.Bytes(), gap...)
	return testpdf.File{Trailer: "/Root 1 0 R/Info 8 0 R", Objects: []testpdf.Object{{Number: 8, Body: "<</Title(x)>>"}}}.Append(file)
}

func nested(n int) pdf.Object {
	var o pdf.Object = pdf.Reference{Number: 1}
	for range n {
		o = &pdf.Array{Items: []pdf.Object{o}}
	}
	return o
}

func TestMaxDepth(t *testing.T) {
	found := func(n int) bool { return len(references(nested(n), "", nil, 0)) > 0 }
	require.True(t, found(maxDepth))
	require.False(t, found(maxDepth+1))
	require.True(t, equal(nested(maxDepth), nested(maxDepth)))
	require.False(t, equal(nested(maxDepth+1), nested(maxDepth+1)))
}

func TestMaxObjectsAndReferences(t *testing.T) {
	h := historyOf(t, described(""))
	all := newGraph(h.file, maxObjects, maxReferences)
	require.False(t, all.incomplete)
	n, m := len(all.versions), len(all.edges)
	require.False(t, newGraph(h.file, n, m).incomplete, "at the limits")
	require.True(t, newGraph(h.file, n-1, m).incomplete)
	require.True(t, newGraph(h.file, n, m-1).incomplete)
	h.graph = newGraph(h.file, n-1, m)
	require.Equal(t, Unknown, h.Compare(2).Kind)
}

func TestMaxWork(t *testing.T) {
	h := historyOf(t, described(""))
	require.Equal(t, LTV, h.Compare(2).Kind)
	used := h.scratch.work
	h = historyOf(t, described(""))
	h.scratch.work = maxWork - used
	require.Equal(t, LTV, h.Compare(2).Kind, "at the limit")
	h = historyOf(t, described(""))
	h.scratch.work = maxWork - used + 1
	require.Equal(t, Unknown, h.Compare(2).Kind, "one over")
}

func TestMaxGap(t *testing.T) {
	kind := func(n int) Kind { return historyOf(t, described(strings.Repeat(" ", n-1)+"\n")).Compare(2).Kind }
	const between = 2 // ends of lines behind objects
	require.Equal(t, LTV, kind(maxGap-between), "at the limit")
	require.Equal(t, Unknown, kind(maxGap-between+1), "one over")
	for gap, want := range map[string]Kind{"% comment\n": LTV, "% 11 0 obj\n": Unknown, "x\n": Unknown, "\x00\f\r\n": LTV} {
		require.Equal(t, want, historyOf(t, described(gap)).Compare(2).Kind, gap)
	}
}

// TestMaxDoubts makes objects unreadable that the catalog refers to.
func TestMaxDoubts(t *testing.T) {
	file := func(n int, used bool) []byte {
		var more []testpdf.Object
		refs := ""
		for i := range n {
			more = append(more, testpdf.Object{Number: 100 + i, Body: "<</A"})
			refs += fmt.Sprintf(" %d 0 R", 100+i)
		}
		if used {
			more = append(more, testpdf.Object{Number: 99, Body: "<<>>"})
		}
		f := testpdf.Contract(1, testpdf.Table)
		f.Objects = append(f.Objects, more...)
		if used {
			f.Objects[0].Body = "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/Odd[" + refs + "]>>"
		}
		return testpdf.File{Trailer: "/Root 1 0 R/Info 8 0 R", Objects: []testpdf.Object{{Number: 8, Body: "<</Title(x)>>"}}}.Append(f.Bytes())
	}
	require.Equal(t, LTV, historyOf(t, file(maxDoubts, false)).Compare(2).Kind, "nothing leads to them")
	require.Equal(t, Unknown, historyOf(t, file(maxDoubts+1, false)).Compare(2).Kind)
	require.Equal(t, Unknown, historyOf(t, file(1, true)).Compare(2).Kind)
}

func TestMaxMetadata(t *testing.T) {
	text := func(n int) []byte { return []byte("<a>" + strings.Repeat(" ", n-7) + "</a>") }
	require.True(t, isXML(text(maxMetadata)))
	require.False(t, isXML(text(maxMetadata+1)))
	require.False(t, isXML(nil))
	require.False(t, isXML([]byte("<a>")))
}

func TestMaxFindings(t *testing.T) {
	c := &comparison{}
	for range maxFindings + 1 {
		c.forbid(pdf.Reference{}, "no")
		c.unread(pdf.Reference{}, "no")
	}
	require.Len(t, c.result.Forbidden, maxFindings)
	require.Len(t, c.result.Unread, maxFindings)
	f, more := c.result.Grave()
	require.Equal(t, "no", f.String())
	require.Equal(t, 2*maxFindings-1, more)
}

func TestMaxHops(t *testing.T) {
	file := func(n int) *History {
		var more []testpdf.Object
		for i := range n {
			more = append(more, testpdf.Object{Number: 100 + i, Body: fmt.Sprintf("%d 0 R", 101+i)})
		}
		return historyOf(t, described("", append(more, testpdf.Object{Number: 100 + n, Body: "(end)"})...))
	}
	end := func(h *History) pdf.Object {
		s := newSide(nil, h.file.Latest(), new(scratch))
		return slot{side: s, value: pdf.Reference{Number: 100}}.peek().value
	}
	require.IsType(t, pdf.String{}, end(file(maxHops-2)))
	require.IsType(t, pdf.Null{}, end(file(maxHops)))
}

func TestMaxTree(t *testing.T) {
	file := func(depth int) *side {
		f := testpdf.Contract(1, testpdf.Table)
		for i := range depth {
			f.Objects = append(f.Objects, testpdf.Object{Number: 100 + i, Body: fmt.Sprintf("<</Kids[%d 0 R]>>", 101+i)})
		}
		f.Objects[1].Body = "<</Kids[100 0 R]>>"
		h := historyOf(t, testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{{Number: 9, Body: "0"}}}.Append(f.Bytes()))
		return newSide(newGraph(h.file, maxObjects, maxReferences), h.file.Latest(), new(scratch))
	}
	require.True(t, file(maxTree-1).isPage(100+maxTree-1))
	require.False(t, file(maxTree+1).isPage(100+maxTree+1))
}

func TestMaxTreeEntries(t *testing.T) {
	side := newSide(nil, nil, new(scratch))
	c := &comparison{history: &History{}, before: side}
	for n, bad := range map[int]bool{maxTreeEntries: false, maxTreeEntries + 1: true} {
		tree := &numberTree{c: c, entries: make(map[int64]slot)}
		for i := range n {
			tree.entries[int64(i)] = slot{}
		}
		tree.node(slot{side: side, value: &pdf.Dict{}}, 0)
		require.Equal(t, bad, tree.bad)
	}
}

func TestMaxFields(t *testing.T) {
	all := func(n int) bool {
		var items []pdf.Object
		for range n {
			items = append(items, &pdf.Dict{})
		}
		fields := []pdf.Entry{{Key: "Fields", Value: &pdf.Array{Items: items}}}
		form := slot{side: newSide(nil, nil, new(scratch)), value: &pdf.Dict{Entries: fields}}
		return eachField(form, func(slot, inherited) bool { return true })
	}
	require.True(t, all(maxFields))
	require.False(t, all(maxFields+1))
}

func TestMaxCompared(t *testing.T) {
	h := historyOf(t, described(""))
	c := &comparison{history: h, compared: maxCompared - 20}
	require.True(t, c.sameBytes(0, 0, 10))
	require.False(t, c.sameBytes(0, 0, 1))
}

func TestHygieneLimits(t *testing.T) {
	file := func(n int, body string) []byte {
		var more []testpdf.Object
		for i := range n {
			more = append(more, testpdf.Object{Number: 100 + i, Body: body})
		}
		return described("", more...)
	}
	at := historyOf(t, file(maxNamed, "<<>>")).Inspect(1)
	require.Len(t, at.Unused, maxNamed)
	require.Zero(t, at.Others)
	over := historyOf(t, file(maxNamed+1, "<<>>")).Inspect(1)
	require.Len(t, over.Unused, maxNamed)
	require.Equal(t, 1, over.Others)
	for _, n := range []int{maxActions, maxActions + 1} {
		require.Len(t, historyOf(t, file(n, "<</S/Launch>>")).Inspect(1).Actions, maxActions)
	}
	h := historyOf(t, described(""))
	objects := h.file.Sections[0].Len() + h.file.Sections[1].Len()
	require.Less(t, objects, maxInspected)
	require.False(t, h.inspect(1, objects).Cut)
	require.True(t, historyOf(t, described("")).inspect(1, objects-1).Cut)
	require.Equal(t, Hygiene{Hidden: -1}, h.Inspect(0))
	require.Equal(t, Hygiene{Hidden: -1}, h.Inspect(3))
	gap := func(n int) Hygiene {
		f := testpdf.Contract(1, testpdf.Table)
		f.Tail = strings.Repeat(" ", n)
		return historyOf(t, testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{{Number: 9, Body: "0"}}}.Append(f.Bytes())).Inspect(2)
	}
	require.False(t, gap(maxGap/2).Cut)
	require.True(t, gap(maxGap+1).Cut)
}

// TestHeaders hides what looks like an object in strings and streams of a revision.
func TestHeaders(t *testing.T) {
	for text, want := range map[string]Kind{
		"": LTV, "obj": LTV, "an obj": LTV, "0 obj": LTV, "endobj": LTV, "11 0 obj": Unknown, "11\n0\tobj<<": Unknown, "x11 0obj": Unknown,
		"11 0 R obj": LTV, "11 0 objects": Unknown, strings.Repeat(" ", headerRoom/2) + "obj": LTV, "11 0" + strings.Repeat(" ", headerRoom) + "obj": Unknown,
		strings.Repeat("z", 300<<10) + "11 0 obj": Unknown, strings.Repeat("z", 300<<10): LTV,
	} {
		data := described("", testpdf.Object{Number: 99, Body: "<<>>", Data: []byte(text)})
		require.Equal(t, LTV, historyOf(t, data).Compare(2).Kind, "in the earlier revision")
		file := testpdf.Contract(1, testpdf.Table)
		inString := testpdf.File{Trailer: "/Root 1 0 R/Info 8 0 R", Objects: []testpdf.Object{{Number: 8, Body: "<</Title(" + text + ")>>"}}}.Append(file.Bytes())
		require.Equal(t, want, historyOf(t, inString).Compare(2).Kind, "%.20q in a string", text)
		inStream := testpdf.File{Trailer: "/Root 1 0 R/Info 8 0 R", Objects: []testpdf.Object{{Number: 8, Body: "<</Title(x)>>"}, {Number: 90, Body: "<<>>", Data: []byte(text)}}}.Append(file.Bytes())
		require.Equal(t, want, historyOf(t, inStream).Compare(2).Kind, "%.20q in a stream", text)
	}
	// Wherever a block of what is read ends.
	for n := range 40 {
		const block = 256 << 10
		text := strings.Repeat("z", block-120+n) + "11 0 obj"
		data := testpdf.File{Trailer: "/Root 1 0 R/Info 8 0 R", Objects: []testpdf.Object{{Number: 90, Body: "<<>>", Data: []byte(text)}}}.Append(testpdf.Contract(1, testpdf.Table).Bytes())
		require.Equal(t, Unknown, historyOf(t, data).Compare(2).Kind, "%d", n)
	}
}

func TestMaxScanned(t *testing.T) {
	c := &comparison{history: historyOf(t, described(""))}
	c.headers(0, maxScanned+1, nil)
	require.Len(t, c.result.Unread, 1)
	require.Contains(t, c.result.Unread[0].String(), "longer")
	c.result.Unread = nil
	c.headers(0, maxScanned, nil) // there are no such bytes
	require.NotContains(t, c.result.Unread[0].String(), "longer")
}

// What a revision compares item by item is work as well, whatever many entries share and
// however often a small update asks for it; when none is left nothing is judged.
func TestMaxWorkOfLists(t *testing.T) {
	var list, related, numbers strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&list, "%d 0 R ", 1000+i)
		fmt.Fprintf(&numbers, "%d 53 0 R ", i)
	}
	for i := range 100 {
		fmt.Fprintf(&related, "/K%d 51 0 R", i)
	}
	entry := testpdf.Object{Number: 51, Body: "<</Cert 50 0 R/OCSP 50 0 R/CRL 50 0 R>>"}
	metadata := testpdf.Object{Number: 51, Body: "<</Type/Metadata/Subtype/XML>>", Data: []byte("<a>" + strings.Repeat("<b/>", 1000) + "</a>")}
	other := metadata
	other.Data = []byte("<a>" + strings.Repeat("<c/>", 1000) + "</a>")
	for _, tt := range []struct {
		name, catalog string
		objects       []testpdf.Object
		update        testpdf.Object
		want          Kind
		work          int
	}{
		{"lists of a security store", "/DSS 52 0 R", []testpdf.Object{
			entry, {Number: 50, Body: "[" + list.String() + "]"}, {Number: 52, Body: "<</VRI<<" + related.String() + ">>>>"},
		}, entry, None, 3 * 100 * 1000},
		{"a tree of numbers", "/StructTreeRoot 52 0 R", []testpdf.Object{
			{Number: 50, Body: "<</Nums[" + numbers.String() + "]>>"}, {Number: 52, Body: "<</K 53 0 R/ParentTree 50 0 R>>"}, {Number: 53, Body: "<</S/P>>"},
		}, testpdf.Object{Number: 52, Body: "<</K 53 0 R/ParentTree 50 0 R/ParentTreeNextKey 1>>"}, LTV, 2 * 1000},
		{"metadata", "/Metadata 51 0 R", []testpdf.Object{metadata}, other, LTV, 4 * 1000 / 16},
	} {
		f := testpdf.Contract(1, testpdf.Table)
		f.Objects[0].Body = "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R" + tt.catalog + ">>"
		f.Objects = append(f.Objects, tt.objects...)
		h := historyOf(t, testpdf.File{Trailer: "/Root 1 0 R/Info 8 0 R", Objects: []testpdf.Object{tt.update}}.Append(f.Bytes()))
		require.Equal(t, tt.want, h.Compare(2).Kind, tt.name)
		used := h.scratch.work
		require.GreaterOrEqual(t, used, tt.work, tt.name)

		h.scratch.work = maxWork - used
		require.Equal(t, tt.want, h.Compare(2).Kind, tt.name)
		require.Equal(t, maxWork, h.scratch.work)
		h.scratch.work = maxWork - used + 1
		require.Equal(t, Unknown, h.Compare(2).Kind, tt.name)
		require.Equal(t, Unknown, h.Compare(2).Kind, "nor is any other revision")
	}
}

// An object that refers to another one many times is work each time that this is followed.
func TestMaxWorkOfRepeatedReferences(t *testing.T) {
	const repeated, leaves = 20_000, 500
	f := testpdf.Contract(1, testpdf.Table)
	f.Objects[0].Body = "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/DSS 50 0 R>>"
	f.Objects = append(f.Objects, testpdf.Object{Number: 50, Body: "<</Certs 51 0 R>>"}, testpdf.Object{Number: 51, Body: "[]"})
	var list strings.Builder
	update := []testpdf.Object{
		{Number: 51, Body: "[52 0 R]"}, {Number: 52, Body: "<</A 53 0 R>>", Data: []byte("a")},
		{Number: 53, Body: "<</A[" + strings.Repeat("54 0 R ", repeated) + "]>>"},
	}
	for i := range leaves {
		fmt.Fprintf(&list, "%d 0 R ", 1000+i)
		update = append(update, testpdf.Object{Number: 1000 + i, Body: "0"})
	}
	update = append(update, testpdf.Object{Number: 54, Body: "<</A[" + list.String() + "]>>"})
	h := historyOf(t, testpdf.File{Trailer: "/Root 1 0 R/Info 8 0 R", Objects: update}.Append(f.Bytes()))
	r := h.Compare(2)
	require.Equal(t, LTV, r.Kind, "%v %v", r.Forbidden, r.Unread)
	require.Greater(t, h.scratch.work, repeated*leaves/repeatedReferences)
	require.Less(t, h.scratch.work, 2*repeated*leaves/repeatedReferences)
}

// The references of what is added count each time that it is added.
func TestMaxWorkOfOwners(t *testing.T) {
	const items, references = 2000, 1000
	f := testpdf.Contract(1, testpdf.Table)
	f.Objects[0].Body = "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/DSS 50 0 R>>"
	f.Objects = append(f.Objects, testpdf.Object{Number: 50, Body: "<</Certs 51 0 R>>"}, testpdf.Object{Number: 51, Body: "[]"})
	h := historyOf(t, testpdf.File{Trailer: "/Root 1 0 R/Info 8 0 R", Objects: []testpdf.Object{
		{Number: 51, Body: "[" + strings.Repeat("52 0 R ", items) + "]"},
		{Number: 52, Body: "<</A[" + strings.Repeat("53 0 R ", references) + "]>>", Data: []byte("a")}, {Number: 53, Body: "0"},
	}}.Append(f.Bytes()))
	require.Equal(t, LTV, h.Compare(2).Kind)
	require.Greater(t, h.scratch.work, items*references)
}

// New fields and elements that others share are work for each of them: without an end to
// it, forty would take years.
func TestMaxWorkOfSharedKids(t *testing.T) {
	for name, kid := range map[string]string{
		"elements": "<</S/Annot/K[%d 0 R %[1]d 0 R]>>", "elements in arrays": "[<</S/Annot/K %d 0 R>><</S/Annot/K %[1]d 0 R>>]",
		"fields": "<</T(a)/Kids[%d 0 R %[1]d 0 R]>>",
	} {
		kind := func(depth int) Result {
			f := testpdf.Contract(1, testpdf.Table)
			f.Objects[0].Body = "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/StructTreeRoot 50 0 R>>"
			f.Objects[2].Body = "<</Fields[]>>"
			f.Objects = append(f.Objects, testpdf.Object{Number: 50, Body: "<</K 51 0 R>>"}, testpdf.Object{Number: 51, Body: "<</S/P/P 50 0 R/K[]>>"})
			more := []testpdf.Object{{Number: 51, Body: "<</S/P/P 50 0 R/K[<</K 100 0 R>>]>>"}}
			if name == "fields" {
				more = []testpdf.Object{{Number: 3, Body: "<</Fields[100 0 R]>>"}}
			}
			for i := range depth {
				more = append(more, testpdf.Object{Number: 100 + i, Body: fmt.Sprintf(kid, 101+i)})
			}
			more = append(more, testpdf.Object{Number: 100 + depth, Body: "<</T(b)>>"})
			return historyOf(t, testpdf.File{Trailer: "/Root 1 0 R/Info 8 0 R", Objects: more}.Append(f.Bytes())).Compare(2)
		}
		require.Empty(t, kind(3).Unread, name)
		require.Contains(t, fmt.Sprint(kind(40).Unread), "too entangled", name)
	}
}

// What an annotation shares among its strokes, and what the form has of fields, counts each
// time that it is looked at.
func TestMaxWorkOfStrokesAndFields(t *testing.T) {
	const n = 1000
	f := testpdf.Contract(1, testpdf.Table)
	f.Objects = append(f.Objects, testpdf.Object{Number: 50, Body: "[" + strings.Repeat("1 ", n) + "]"},
		testpdf.Object{Number: 51, Body: "<</Rect[0 0 9 9]/InkList[" + strings.Repeat("50 0 R ", n) + "]>>"})
	h := historyOf(t, f.Bytes())
	side := newSide(nil, h.file.Latest(), new(scratch))
	ink, err := side.object(pdf.Reference{Number: 51})
	require.NoError(t, err)
	a := slot{side: side, holder: 51, value: ink.Value}
	require.False(t, strays(a))
	used := side.scratch.work
	require.Equal(t, (n+1)*n/2, used)
	side.scratch.work = maxWork
	require.False(t, strays(a))
	require.Less(t, side.scratch.work, maxWork+n, "nor are the strokes looked at that are left")

	side.scratch.work = 0
	form := slot{side: side, value: &pdf.Dict{Entries: []pdf.Entry{{Key: "Fields", Value: &pdf.Array{Items: slices.Repeat([]pdf.Object{&pdf.Dict{}}, n)}}}}}
	require.True(t, eachField(form, func(slot, inherited) bool { return true }))
	require.Equal(t, n, side.scratch.work)
}

// manyPages is a file of so many pages below one node of the page tree that says to have
// so many more, whose update rewrites every page.
func manyPages(pages, more int) []byte {
	var kids strings.Builder
	var update []testpdf.Object
	f := testpdf.Contract(1, testpdf.Table)
	f.Objects[0].Body = "<</Type/Catalog/Pages 1000 0 R/AcroForm 3 0 R>>"
	for i := range pages {
		n := 1001 + i
		fmt.Fprintf(&kids, "%d 0 R ", n)
		f.Objects = append(f.Objects, testpdf.Object{Number: n, Body: "<</Type/Page/Parent 1000 0 R/Resources<<>>>>"})
		update = append(update, testpdf.Object{Number: n, Body: fmt.Sprintf("<</Type/Page/Parent 1000 0 R/Resources<<>>/StructParents %d>>", i)})
	}
	f.Objects = append(f.Objects, testpdf.Object{Number: 1000, Body: fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d/MediaBox[0 0 595 842]>>", kids.String(), pages+more)})
	return testpdf.File{Trailer: "/Root 1 0 R/Info 8 0 R", Objects: update}.Append(f.Bytes())
}

// Pages are numbered without counting those before each of them anew, and what is counted
// is work.
func TestMaxWorkOfPages(t *testing.T) {
	const pages = 2000
	for name, more := range map[string]int{"every kid is a page": 0, "another count": 1} {
		file := manyPages(pages, more)
		h := historyOf(t, file)
		require.Equal(t, LTV, h.Compare(2).Kind, name)
		used := h.scratch.work
		require.Less(t, used, 20*pages, name)

		h = historyOf(t, file)
		h.scratch.work = maxWork - used + 1
		require.Equal(t, Unknown, h.Compare(2).Kind, name)
	}
}
