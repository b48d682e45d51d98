package pades_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/pades"
)

func addFields(t testing.TB, data []byte, fields ...*pades.NewField) []byte {
	t.Helper()
	d := document(t, data)
	require.NoError(t, d.AddFields(fields, nil))
	return content(t, d)
}

func listFields(t testing.TB, data []byte) []*pades.Field {
	t.Helper()
	list, err := document(t, data).Fields()
	require.NoError(t, err)
	return list
}

func sign(t testing.TB, data []byte, o *pades.SignOptions) []byte {
	t.Helper()
	d := document(t, data)
	require.NoError(t, d.Sign(t.Context(), signer(t, nil), o))
	return content(t, d)
}

// TestFields: fields that were added are listed as they were meant, on pages turned and
// scaled in any way, and signed.
func TestFields(t *testing.T) {
	want := []*pades.NewField{
		{Name: "甲.承認", Tooltip: "甲の署名", Page: 2, Rect: pades.Rect{X: 20, Y: 30, Width: 120, Height: 40}, Lock: &pades.Lock{Action: pades.LockAll, Permission: pades.FillForms}},
		{Name: "甲.立会い", Page: 1},
		{Name: "乙.a.b", Page: 2, Rect: pades.Rect{X: 200, Y: 30, Width: 90, Height: 40}, Lock: &pades.Lock{Action: pades.LockInclude, Fields: []string{"甲", "x(1)"}}},
		{Name: "everywhere", Page: pades.AllPages, Rect: pades.Rect{X: 5, Y: 5, Width: 50, Height: 20}, SeedValues: &pades.SeedValues{Reasons: []string{"承認"}}},
		{Name: "twice", Page: 1, Rect: pades.Rect{X: 5, Y: 100, Width: 50, Height: 20}, Also: []pades.Placement{{Page: 2, Rect: pades.Rect{X: 6, Y: 100, Width: 50, Height: 20}}}},
		{Page: 2},
	}
	for _, rotate := range []int{0, 90, 180, 270} {
		original := rotated(2, rotate, "/CropBox[50 60 500 700]/UserUnit 1.5")
		data := addFields(t, original, want...)
		list := listFields(t, data)
		require.Len(t, list, len(want))
		for _, w := range want {
			name := w.Name
			if name == "" {
				name = "Signature1"
			}
			i := slices.IndexFunc(list, func(f *pades.Field) bool { return f.Name == name })
			require.GreaterOrEqual(t, i, 0, name)
			got := list[i]
			require.Equal(t, w.Tooltip, got.Tooltip)
			require.Equal(t, w.Lock, got.Lock)
			require.Equal(t, w.SeedValues, got.SeedValues)
			require.False(t, got.Signed)
			var places []pades.Placement
			switch {
			case w.Page == pades.AllPages:
				places = []pades.Placement{{Page: 1, Rect: w.Rect}, {Page: 2, Rect: w.Rect}}
			default:
				places = append([]pades.Placement{{Page: w.Page, Rect: w.Rect}}, w.Also...)
			}
			require.Len(t, got.Widgets, len(places))
			for i, p := range places {
				require.Equal(t, p.Page, got.Widgets[i].Page)
				require.EqualValues(t, 4|128, got.Widgets[i].Flags)
				for _, pair := range [][2]float64{{p.Rect.X, got.Widgets[i].Rect.X}, {p.Rect.Y, got.Widgets[i].Rect.Y}, {p.Rect.Width, got.Widgets[i].Rect.Width}, {p.Rect.Height, got.Widgets[i].Rect.Height}} {
					require.InDelta(t, pair[0], pair[1], 0.001, "%s, turned by %d", name, rotate)
				}
			}
		}
		for _, w := range want {
			o := &pades.SignOptions{Field: w.Name, Certify: 0}
			if w.Name == "" {
				o.Field = "Signature1"
			}
			if w.Lock != nil {
				continue // the next test
			}
			data = sign(t, data, o)
		}
		for _, f := range listFields(t, data) {
			require.Equal(t, f.Lock == nil, f.Signed, f.Name)
		}
	}
}

// TestFieldsInAllForms: in every form of file, in the clear and encrypted, others read the
// tree that was meant.
func TestFieldsInAllForms(t *testing.T) {
	add := []*pades.NewField{{Name: "party.approval"}, {Name: "new.group.a"}, {Name: "new.group.b"}, {Name: "new.c"}, {Name: "top"}}
	check := func(t *testing.T, d *pades.Document) {
		require.NoError(t, d.AddFields(add, nil))
		form, err := sigdict.Find(open(t, content(t, d)).Latest())
		require.NoError(t, err)
		require.Empty(t, form.Problems)
		var names []string
		for _, f := range form.Fields {
			names = append(names, f.Name)
		}
		require.ElementsMatch(t, []string{"party.approval", "new.group.a", "new.group.b", "new.c", "top"}, names)
		require.EqualValues(t, 1, form.SigFlags)
		for _, f := range form.Fields {
			require.NoError(t, d.Sign(t.Context(), signer(t, nil), &pades.SignOptions{Field: f.Name}))
		}
		require.Len(t, signatures(t, content(t, d)), len(add))
	}
	for _, form := range testpdf.Forms {
		t.Run(form.String(), func(t *testing.T) { check(t, document(t, testpdf.Contract(1, form).Bytes())) })
		for name, e := range encryptions("", -4) {
			t.Run(form.String()+" "+name, func(t *testing.T) {
				check(t, openEncrypted(t, testpdf.Contract(1, form).Encrypted(e).Bytes(), ownerPassword))
			})
		}
	}
}

// TestNewNestedField: a signature may make its field in a group, too.
func TestNewNestedField(t *testing.T) {
	data := sign(t, testpdf.Contract(1, testpdf.Table).Bytes(), &pades.SignOptions{NewField: "party.seller.approval", Tooltip: "売主"})
	fields := listFields(t, data)
	require.Len(t, fields, 1)
	require.Equal(t, "party.seller.approval", fields[0].Name)
	require.Equal(t, "売主", fields[0].Tooltip)
	require.True(t, fields[0].Signed)
	checkSignature(t, data, signatures(t, data)[0], len(data))
}

// TestTabOrder: new widgets come last on the page, and the order that the page asks for
// stays.
func TestTabOrder(t *testing.T) {
	for _, tabs := range []string{"", "/Tabs/R", "/Tabs/S", "/Tabs/A"} {
		original := testpdf.File{Trailer: "/Root 1 0 R", Objects: append(pages("/Annots[5 0 R 6 0 R]"+tabs),
			plain(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R 5 0 R]>>>>"),
			plain(5, emptySignature), plain(6, "<</Type/Annot/Subtype/Widget/FT/Tx/T(Title)/Rect[0 0 9 9]>>"))}.Bytes()
		data := sign(t, addFields(t, original, &pades.NewField{Name: "a"}, &pades.NewField{Name: "b"}), &pades.SignOptions{Field: "Approval"})
		v := open(t, data).Latest()
		page := resolved[*pdf.Dict](t, v, pdf.Reference{Number: 3})
		names := make([]string, 0, 4)
		for _, item := range resolved[*pdf.Array](t, v, page.Get("Annots")).Items {
			text, err := v.Text(resolved[*pdf.Dict](t, v, item).Get("T"))
			require.NoError(t, err)
			names = append(names, text)
		}
		require.Equal(t, []string{"Approval", "Title", "a", "b"}, names)
		name, err := v.Name(page.Get("Tabs"))
		require.NoError(t, err)
		require.Equal(t, tabs, map[bool]string{true: "/Tabs/" + string(name)}[name != ""])
	}
}

// TestBlankAppearance: in PDF/A a visible field has an appearance from the beginning.
func TestBlankAppearance(t *testing.T) {
	f := testpdf.Contract(1, testpdf.Table)
	f.Objects[0].Body = f.Objects[0].Body[:len(f.Objects[0].Body)-2] + "/Metadata 60 0 R>>"
	f.Objects = append(f.Objects, testpdf.Object{Number: 60, Body: "<</Type/Metadata/Subtype/XML>>", Data: []byte("<x><pdfaid:part>2</pdfaid:part></x>")})
	data := addFields(t, f.Bytes(), &pades.NewField{Name: "shown", Rect: pades.Rect{X: 1, Y: 2, Width: 30, Height: 40}}, &pades.NewField{Name: "unseen"})
	v := open(t, data).Latest()
	form, err := sigdict.Find(v)
	require.NoError(t, err)
	for _, field := range form.Fields {
		require.Equal(t, field.Name == "shown", field.Dict.Has("AP"))
	}
}

func TestAddFieldsRefusals(t *testing.T) {
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	many := make([]pades.Placement, pades.MaxWidgets)
	for i := range many {
		many[i] = pades.Placement{Page: 1, Rect: pades.Rect{Width: 9, Height: 9}}
	}
	for name, c := range map[string]struct {
		field *pades.NewField
		want  error
		text  string
	}{
		"nil":             {nil, pades.ErrOptions, "is nil"},
		"taken":           {&pades.NewField{Name: "party"}, pades.ErrField, "already"},
		"below a field":   {&pades.NewField{Name: "party.name.x"}, pades.ErrField, `"party.name" is a field itself`},
		"empty part":      {&pades.NewField{Name: ".x"}, pades.ErrOptions, "is empty"},
		"page":            {&pades.NewField{Page: 2}, pades.ErrOptions, "no page 2"},
		"all pages":       {&pades.NewField{Page: pades.AllPages}, pades.ErrOptions, "count from 1"},
		"off the page":    {&pades.NewField{Rect: pades.Rect{X: 600, Width: 9, Height: 9}}, pades.ErrOptions, "leaves the page"},
		"flat":            {&pades.NewField{Rect: pades.Rect{Width: 9}}, pades.ErrOptions, "needs a rectangle"},
		"too many":        {&pades.NewField{Rect: pades.Rect{Width: 9, Height: 9}, Also: many}, pades.ErrOptions, "more than 5000 places"},
		"lock":            {&pades.NewField{Lock: &pades.Lock{}}, pades.ErrOptions, "is not known"},
		"lock of nothing": {&pades.NewField{Lock: &pades.Lock{Action: pades.LockInclude}}, pades.ErrOptions, "names no fields"},
		"lock of all":     {&pades.NewField{Lock: &pades.Lock{Action: pades.LockAll, Fields: []string{"a"}}}, pades.ErrOptions, `names "a"`},
		"lock, no name":   {&pades.NewField{Lock: &pades.Lock{Action: pades.LockExclude, Fields: []string{""}}}, pades.ErrOptions, "without a name"},
		"permission":      {&pades.NewField{Lock: &pades.Lock{Action: pades.LockAll, Permission: 4}}, pades.ErrOptions, "permission 4"},
		"seed flags":      {&pades.NewField{SeedValues: &pades.SeedValues{Required: 1 << 9}}, pades.ErrOptions, "flags 0x200"},
		"seed flags 2":    {&pades.NewField{SeedValues: &pades.SeedValues{Cert: &pades.CertificateSeeds{Required: 16}}}, pades.ErrOptions, "flags 0x10"},
		"seed usage":      {&pades.NewField{SeedValues: &pades.SeedValues{Cert: &pades.CertificateSeeds{KeyUsage: []string{"12"}}}}, pades.ErrOptions, "key usage"},
		"seed lock":       {&pades.NewField{SeedValues: &pades.SeedValues{LockDocument: "yes"}}, pades.ErrOptions, "LockDocument"},
		"seed version":    {&pades.NewField{SeedValues: &pades.SeedValues{V: -1}}, pades.ErrOptions, "negative"},
		"seed permission": {&pades.NewField{SeedValues: &pades.SeedValues{MDP: new(pades.Permission(4))}}, pades.ErrOptions, "permission 4"},
	} {
		t.Run(name, func(t *testing.T) {
			d := document(t, original)
			err := d.AddFields([]*pades.NewField{{Name: "fine"}, c.field}, nil)
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, c.text)
			require.Equal(t, original, content(t, d))
		})
	}
	d := document(t, original)
	require.ErrorIs(t, d.AddFields(nil, nil), pades.ErrOptions)
	require.ErrorContains(t, d.AddFields([]*pades.NewField{{Name: "a"}, {Name: "a"}}, nil), "already")
	require.ErrorContains(t, d.AddFields([]*pades.NewField{{Name: "a"}, {Name: "a.b"}}, nil), "is a field itself")
	require.ErrorContains(t, d.AddFields([]*pades.NewField{{Name: "a.b"}, {Name: "a"}}, nil), "already")
	e := testpdf.Encryption{Revision: 6, Number: 40, Owner: ownerPassword, Permissions: -4 &^ 8}
	locked := openEncrypted(t, testpdf.Contract(1, testpdf.Table).Encrypted(e).Bytes(), "")
	require.ErrorIs(t, locked.AddFields([]*pades.NewField{{}}, nil), pades.ErrNotPermitted)
	require.NoError(t, locked.AddFields([]*pades.NewField{{}}, &pades.FieldOptions{IgnorePermissions: true}))
}

// tagged is a tagged document of two pages with this structure tree root, parent tree and
// document element; %d are the numbers of the objects 20 to 29.
func tagged(root string, more ...testpdf.Object) []byte {
	return testpdf.File{Trailer: "/Root 1 0 R", Objects: append([]testpdf.Object{
		plain(1, "<</Type/Catalog/Pages 2 0 R/MarkInfo<</Marked true>>/StructTreeRoot 20 0 R/Lang(ja)>>"),
		plain(2, "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2/MediaBox[0 0 595 842]>>"),
		plain(3, "<</Type/Page/Parent 2 0 R/StructParents 0>>"), plain(4, "<</Type/Page/Parent 2 0 R/Tabs/R>>"),
		plain(20, "<</Type/StructTreeRoot", root, ">>"),
	}, more...)}.Bytes()
}

// TestStructure: in a tagged document every new widget has an element, found from both
// sides; what was there stays.
func TestStructure(t *testing.T) {
	element := plain(21, "<</Type/StructElem/S/Document/P 20 0 R/K[22 0 R]>>")
	single := plain(21, "<</Type/StructElem/S/Document/P 20 0 R/K 22 0 R>>")
	empty := plain(21, "<</Type/StructElem/S/Document/P 20 0 R>>")
	apart := plain(21, "<</Type/StructElem/S/Document/P 20 0 R/K 25 0 R>>")
	paragraph := plain(22, "<</Type/StructElem/S/P/P 21 0 R/Pg 3 0 R/K 0>>")
	leaf := plain(23, "<</Nums[0 [22 0 R]]>>")
	for name, c := range map[string]struct {
		data   []byte
		parent int64 // that the elements hang below
		first  int64 // key of the first
	}{
		"a document element": {tagged("/K 21 0 R/ParentTree 23 0 R/ParentTreeNextKey 1", element, paragraph, leaf), 21, 1},
		"in an array":        {tagged("/K[21 0 R]/ParentTree 23 0 R/ParentTreeNextKey 5", single, paragraph, leaf), 21, 5},
		"no next key":        {tagged("/K[21 0 R]/ParentTree 23 0 R", empty, paragraph, leaf), 21, 1},
		"kids apart":         {tagged("/K[21 0 R]/ParentTree<</Nums[0[22 0 R]7 22 0 R]>>", apart, paragraph, plain(25, "[22 0 R]")), 21, 8},
		"several":            {tagged("/K[21 0 R 22 0 R]/ParentTree 23 0 R", element, paragraph, leaf), 20, 1},
		"nothing yet":        {tagged(""), 20, 0},
		"levels": {tagged("/K 21 0 R/ParentTree 24 0 R", element, paragraph, leaf,
			plain(24, "<</Kids[26 0 R 27 0 R]>>"), plain(26, "<</Limits[0 3]/Nums[0[22 0 R]3 22 0 R]>>"),
			plain(27, "<</Limits[4 6]/Kids[28 0 R]>>"), plain(28, "<</Limits[4 6]/Nums 29 0 R>>"), plain(29, "[4 22 0 R 6 22 0 R]")), 21, 7},
	} {
		t.Run(name, func(t *testing.T) {
			check := func(data []byte, widgets int) {
				v := open(t, data).Latest()
				root := resolved[*pdf.Dict](t, v, pdf.Reference{Number: 20})
				require.EqualValues(t, c.first+int64(widgets), root.Get("ParentTreeNextKey"))
				parents := numberTree(t, v, root.Get("ParentTree"))
				form, err := sigdict.Find(v)
				require.NoError(t, err)
				met := 0
				for _, f := range form.Fields {
					require.True(t, f.Dict.Has("TU"), f.Name)
					for _, ref := range f.Widgets {
						widget := resolved[*pdf.Dict](t, v, ref)
						key, err := v.Integer(widget.Get("StructParent"), -1)
						require.NoError(t, err)
						require.Equal(t, c.first+int64(met), key)
						met++
						e := resolved[*pdf.Dict](t, v, parents[key])
						require.Equal(t, pdf.Object(pdf.Name("Form")), e.Get("S"))
						require.Equal(t, pdf.Object(pdf.Reference{Number: c.parent}), e.Get("P"))
						require.Equal(t, widget.Get("P"), e.Get("Pg"))
						require.Equal(t, pdf.Object(ref), e.Get("K").(*pdf.Dict).Get("Obj"))
						above := resolved[*pdf.Dict](t, v, pdf.Reference{Number: c.parent})
						require.Contains(t, resolved[*pdf.Array](t, v, above.Get("K")).Items, parents[key])
					}
				}
				require.Equal(t, widgets, met)
			}
			data := addFields(t, c.data, &pades.NewField{Name: "a", Tooltip: "A"}, &pades.NewField{Name: "b", Page: pades.AllPages, Rect: pades.Rect{Width: 9, Height: 9}})
			check(data, 3)
			check(sign(t, c.data, nil), 1)
			signed := sign(t, data, &pades.SignOptions{Field: "a"})
			check(signed, 3)
			// What is signed gets no further elements.
			again := sign(t, signed, nil)
			root := resolved[*pdf.Dict](t, open(t, again).Latest(), pdf.Reference{Number: 20})
			require.EqualValues(t, c.first+3, root.Get("ParentTreeNextKey"))
		})
	}
}

// TestBrokenStructure: a tagged document whose structure cannot be read is not signed in a
// new field, and nothing panics.
func TestBrokenStructure(t *testing.T) {
	for _, root := range []string{
		"/ParentTree 20 0 R", "/ParentTree[1]", "/ParentTree<</Kids[<</Nums[(a) 1]>>]>>", "/ParentTree<</Nums[2147483647 null]>>",
		"/ParentTreeNextKey(x)", "/ParentTree<</Nums(x)>>", "/ParentTree<</Kids 3>>", "/ParentTree<</Kids[<</Limits 4/Nums[]>>]>>",
		"/ParentTree<</Kids[<</Nums[]>>]>>",
	} {
		original := tagged(root)
		d := document(t, original)
		s := signer(t, nil)
		key := &onceKey{Signer: s.Key}
		s.Key = key
		if err := d.Sign(t.Context(), s, nil); err != nil {
			require.ErrorIs(t, err, pades.ErrNotPDF, root)
			require.Zero(t, key.used)
			require.Equal(t, original, content(t, d))
		}
	}
	for _, entries := range []string{"/MarkInfo<</Marked false>>/StructTreeRoot 3 0 R", "/MarkInfo 3 0 R", "/StructTreeRoot 3 0 R", "/MarkInfo<</Marked true>>/StructTreeRoot<<>>"} {
		data := testpdf.File{Trailer: "/Root 1 0 R", Objects: append(pages(""), plain(1, "<</Type/Catalog/Pages 2 0 R", entries, ">>"))}.Bytes()
		require.False(t, resolved[*pdf.Dict](t, open(t, sign(t, data, nil)).Latest(), signatures(t, sign(t, data, nil))[0].Ref).Has("StructParent"), entries)
	}
}

// numberTree collects the entries of a number tree.
func numberTree(t *testing.T, v *pdf.View, o pdf.Object) map[int64]pdf.Object {
	t.Helper()
	all := make(map[int64]pdf.Object)
	node := resolved[*pdf.Dict](t, v, o)
	low, high := int64(-1), int64(1<<40)
	if node.Has("Limits") {
		limits := resolved[*pdf.Array](t, v, node.Get("Limits")).Items
		low, high = int64(limits[0].(pdf.Integer)), int64(limits[1].(pdf.Integer))
	}
	if node.Has("Kids") {
		for _, kid := range resolved[*pdf.Array](t, v, node.Get("Kids")).Items {
			for key, value := range numberTree(t, v, kid) {
				all[key] = value
			}
		}
	}
	if node.Has("Nums") {
		items := resolved[*pdf.Array](t, v, node.Get("Nums")).Items
		for i := 0; i < len(items); i += 2 {
			all[int64(items[i].(pdf.Integer))] = items[i+1]
		}
	}
	for key := range all {
		require.True(t, low <= key && key <= high, fmt.Sprint(key))
	}
	return all
}
