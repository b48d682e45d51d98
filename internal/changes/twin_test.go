package changes_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/changes"
	"github.com/inkan-go/inkan/internal/testpdf"
)

// twin is an allowed change, and the same change in a file where what is changed
// is reached by a second way that has nothing to do with it.
type twin struct {
	name   string
	kind   changes.Kind
	before []testpdf.Object // added to the contract, or in place of its objects
	second []testpdf.Object // what leads there by another way
	update []testpdf.Object
	reason string // why the twin is refused
}

const (
	catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R%s>>"
	filled  = "<</Type/Annot/Subtype/Widget/FT/Tx/Parent 4 0 R/T(name)/V(Biei)/DA(/Helv 11 Tf 0 g)/Rect[72 640 340 660]/F 4/P 10 0 R/AP<</N 6 0 R>>>>"
	content = "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 7 0 R>>%s>>/Contents 11 0 R/Annots[5 0 R]>>"
	look    = "<</Type/XObject/Subtype/Form/BBox[0 0 268 20]/Resources<</Font<</Helv 7 0 R>>>>>>"
	store   = "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/DSS 30 0 R/Extensions 31 0 R/Metadata 32 0 R%s>>"
)

func with(format, more string) string { return strings.Replace(format, "%s", more, 1) }

func stream(n int, body, data string) testpdf.Object {
	return testpdf.Object{Number: n, Body: body, Data: []byte(data)}
}

// twins lists every sort of allowed change.
func twins() []twin {
	drawing := stream(6, look, "/Tx BMC (Biei) Tj EMC")
	vd := []testpdf.Object{{Number: 1, Body: with(store, "")}, {Number: 30, Body: "<</Certs 33 0 R/VRI 34 0 R>>"}, {Number: 31, Body: "<<>>"},
		stream(32, "<</Type/Metadata/Subtype/XML>>", "<a/>"), {Number: 33, Body: "[35 0 R]"}, {Number: 34, Body: "<</AB 36 0 R>>"},
		stream(35, "<<>>", "certificate"), {Number: 36, Body: "<</Cert[35 0 R]>>"}}
	note := testpdf.Object{Number: 40, Body: "<</Type/Annot/Subtype/Text/Rect[1 1 9 9]/Contents(a)/AP 41 0 R>>"}
	noted := []testpdf.Object{{Number: 10, Body: strings.Replace(with(content, ""), "[5 0 R]", "[5 0 R 40 0 R]", 1)}, note,
		{Number: 41, Body: "<</N 42 0 R>>"}, stream(42, look, "0 g")}
	empty := []testpdf.Object{{Number: 3, Body: "<</Fields[4 0 R 20 0 R]/DR<</Font<</Helv 7 0 R>>>>/DA(/Helv 0 Tf 0 g)/SigFlags 3>>"},
		{Number: 20, Body: "<</FT/Sig/T(s)/Type/Annot/Subtype/Widget/Rect[0 0 9 9]/AP<</N 22 0 R>>>>"}, stream(22, look, "0 g")}
	signed := append(objects(20, "<</FT/Sig/T(s)/Type/Annot/Subtype/Widget/Rect[0 0 9 9]/AP<</N 22 0 R>>/V 21 0 R>>", 21, dictionary), stream(22, look, "1 g"))
	listed := []testpdf.Object{{Number: 10, Body: strings.Replace(with(content, ""), "[5 0 R]", " 50 0 R", 1)}, {Number: 50, Body: "[5 0 R]"}}
	tagged := []testpdf.Object{{Number: 1, Body: with(catalog, "/StructTreeRoot 60 0 R")}, {Number: 60, Body: "<</Type/StructTreeRoot/K[61 0 R]/ParentTree 62 0 R/ParentTreeNextKey 1>>"},
		{Number: 61, Body: "<</S/Document/P 60 0 R/K[0]/Pg 10 0 R>>"}, {Number: 62, Body: "<</Nums[0[61 0 R]]>>"}}
	tag := append(objects(3, acroForm, 10, page, 20, plain("/StructParent 1"), 21, dictionary,
		60, "<</Type/StructTreeRoot/K[61 0 R]/ParentTree 62 0 R/ParentTreeNextKey 2>>", 61, "<</S/Document/P 60 0 R/K[0 163 0 R]/Pg 10 0 R>>",
		62, "<</Nums[0[61 0 R]1 163 0 R]>>"), testpdf.Object{Number: 163, Body: "<</S/Form/P 61 0 R/Pg 10 0 R/K<</Type/OBJR/Obj 20 0 R>>>>"})
	single := func(list []testpdf.Object) []testpdf.Object { // the root has its only element without an array
		out := slices.Clone(list)
		for i := range out {
			out[i].Body = strings.Replace(out[i].Body, "/K[61 0 R]", "/K 61 0 R", 1)
		}
		return out
	}
	return []twin{
		{"field value", changes.Form, nil, objects(10, with(content, "/ExtGState 5 0 R")), objects(5, filled), "as ExtGState"},
		{"appearance stream", changes.Form, nil, objects(10, with(content, "/XObject<</X 6 0 R>>")), append(objects(5, filled), drawing), "object 10 (Root/Pages/Kids) uses it as well, as XObject"},
		{"appearance stream in the trailer", changes.Form, nil, nil, append(objects(5, filled), drawing), ""},
		{"appearance dictionary", changes.Form, objects(5, strings.Replace(filled, "<</N 6 0 R>>", " 70 0 R", 1), 70, "<</N 6 0 R>>"), objects(10, with(content, "/XObject 70 0 R")),
			append(objects(5, strings.Replace(strings.Replace(filled, "(Biei)", "(Aibetsu)", 1), "<</N 6 0 R>>", " 70 0 R", 1)), drawing), "by way of object 70"},
		{"value of its own", changes.Form, objects(5, strings.Replace(filled, "(Biei)", " 70 0 R", 1), 70, "(Higashikawa)"), objects(1, with(catalog, "/Lang 70 0 R")),
			objects(70, "(Biei)"), "as Lang"},
		{"validation data", changes.LTV, vd, objects(10, with(content, "/XObject 30 0 R")), append(objects(30, "<</Certs 33 0 R/VRI 34 0 R/CRLs[137 0 R]>>"), stream(137, "<<>>", "crl")), "as XObject"},
		{"list of validation data", changes.LTV, vd, objects(2, "<</Type/Pages/Kids[10 0 R]/Count 1/MediaBox[0 0 595 842]/Odd 33 0 R>>"), append(objects(33, "[35 0 R 137 0 R]"), stream(137, "<<>>", "c")), "as Odd"},
		{"related data", changes.LTV, vd, objects(11, "<</Odd 36 0 R>>"), append(objects(36, "<</Cert[35 0 R 137 0 R]>>"), stream(137, "<<>>", "c")), "as Odd"},
		{"extensions", changes.LTV, vd, objects(10, with(content, "/ColorSpace 31 0 R")), objects(31, "<</ESIC<</BaseVersion/1.7/ExtensionLevel 2>>>>"), "as ColorSpace"},
		{"metadata", changes.LTV, vd, objects(10, with(content, "/XObject<</X 32 0 R>>")), []testpdf.Object{stream(32, "<</Type/Metadata/Subtype/XML>>", "<b/>")}, "as XObject"},
		{"catalog", changes.LTV, objects(1, with(catalog, "")), objects(10, with(content, "/XObject 1 0 R")), objects(1, with(catalog, "/Version/2.0")), "as XObject"},
		{"information", changes.LTV, nil, objects(10, with(content, "/Properties 8 0 R")), objects(8, "<</Title(Contract)>>"), "as Properties"},
		{"annotation", changes.Annotation, noted, objects(7, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Odd 40 0 R>>"), objects(40, strings.Replace(note.Body, "(a)", "(b)", 1)), "as Font"},
		{"appearance of an annotation", changes.Annotation, noted, objects(7, "<</Type/Font/Subtype/Type3/CharProcs<</a 42 0 R>>>>"), []testpdf.Object{stream(42, look, "1 g")}, "as CharProcs"},
		{"list of annotations", changes.Annotation, listed, objects(3, "<</Fields[4 0 R]/CO 50 0 R>>"), objects(50, "[5 0 R 40 0 R]", 40, note.Body, 41, "<<>>"), "as CO"},
		{"signature", changes.Form, empty, objects(10, with(content, "/Font 20 0 R")), signed, "as Font"},
		{"appearance of a signature", changes.Form, empty, objects(10, with(content, "/XObject<</X 22 0 R>>")), signed, "as XObject"},
		{"form", changes.Form, nil, objects(10, with(content, "/Font 3 0 R")), objects(3, acroForm, 10, page, 20, plain(""), 21, dictionary), "as Font"},
		{"structure element", changes.Form, tagged, objects(11, "<</Odd 61 0 R>>"), tag, "as Odd"},
		{"structure of one element", changes.Form, single(tagged), objects(11, "<</Odd 61 0 R>>"), single(tag), "as Odd"},
		{"parent tree", changes.Form, tagged, objects(11, "<</Odd 62 0 R>>"), tag, "as Odd"},
	}
}

// contract is the contract with objects added or replaced.
func contract(form testpdf.Form, more ...[]testpdf.Object) []byte {
	f := testpdf.Contract(1, form)
	for _, list := range more {
		for _, o := range list {
			replaced := false
			for i := range f.Objects {
				if f.Objects[i].Number == o.Number {
					if o.Data == nil && f.Objects[i].Data != nil {
						o.Data = f.Objects[i].Data
					}
					f.Objects[i], replaced = o, true
				}
			}
			if !replaced {
				f.Objects = append(f.Objects, o)
			}
		}
	}
	return f.Bytes()
}

// TestTwins makes every allowed change, and its twin.
func TestTwins(t *testing.T) {
	for _, form := range testpdf.Forms {
		for _, tt := range twins() {
			t.Run(tt.name+" "+form.String(), func(t *testing.T) {
				honest := compare(t, contract(form, tt.before), testpdf.File{Form: form, Objects: tt.update})
				require.Equal(t, tt.kind, honest.Kind, reason(honest))
				if tt.reason == "" {
					return
				}
				update := tt.update
				if bytes.Contains([]byte(tt.name), []byte("form")) || strings.HasPrefix(tt.name, "struct") || strings.HasPrefix(tt.name, "parent") {
					update = keep(update, tt.second)
				}
				forged := compare(t, contract(form, tt.before, tt.second), testpdf.File{Form: form, Objects: update})
				require.Equal(t, changes.Other, forged.Kind)
				require.Contains(t, reason(forged), tt.reason)
			})
		}
	}
}

// keep carries the entries of a second way into an update that writes the same
// objects again.
func keep(update, second []testpdf.Object) []testpdf.Object {
	out := append([]testpdf.Object{}, update...)
	for i := range out {
		for _, s := range second {
			if out[i].Number == s.Number {
				out[i].Body = strings.Replace(s.Body, "/Annots[5 0 R]", "/Annots[5 0 R 20 0 R]", 1)
			}
		}
	}
	return out
}
