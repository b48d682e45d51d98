package changes_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/changes"
	"github.com/inkan-go/inkan/internal/testpdf"
)

// forgery is a file prepared before it was signed, and an update that looks like
// an allowed change and shows something else.
type forgery struct {
	name   string
	before []testpdf.Object // added to the contract, or in place of its objects
	update []testpdf.Object
	reason string
}

// forgeries are attempts to make an allowed change mean something else.
func forgeries() []forgery {
	const note = "<</Type/Annot/Subtype/Text/Rect[1 1 9 9]/Contents(a)/ca %s>>"
	noted := func(resources string) string {
		return "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 7 0 R>>" + resources + ">>/Contents 11 0 R/Annots[5 0 R 40 0 R]>>"
	}
	font := "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[%s/B]>>>>"
	twoForms := "<</Fields[4 0 R 20 0 R]/DR<</Font<</Helv 7 0 R>>>>/DA(/Helv 0 Tf 0 g)/SigFlags 1>>"
	empty := "<</FT/Sig/T(s)/Type/Annot/Subtype/Widget/Rect[72 640 340 660]/AP<</N 22 0 R>>%s>>"
	return []forgery{
		{"a comment that is a graphics state under the name Annots", objects(10, noted("/ExtGState<</Annots 40 0 R>>"), 40, with(note, "1")), objects(40, with(note, "0")), "as ExtGState"},
		{"a comment that is a graphics state, in a dictionary of its own", objects(10, noted("/ExtGState 41 0 R"), 41, "<</Annots 40 0 R>>", 40, with(note, "1")), objects(40, with(note, "0")), "as ExtGState"},
		{"the same behind a reference to a reference", objects(10, noted("/ExtGState 42 0 R"), 42, "41 0 R", 41, "<</Parent 40 0 R>>", 40, with(note, "1")), objects(40, with(note, "0")), "as ExtGState"},
		{"a comment that is optional content membership", objects(10, noted("/Properties<</Popup 40 0 R>>"), 40, with(note, "1/OCGs 43 0 R"), 43, "<</Type/OCG/Name(x)>>"), objects(40, with(note, "1/OCGs null")), "as Properties"},
		{"a code of an encoding as a real number", objects(7, with(font, "65")), objects(7, with(font, "65.0")), "object 7 0 (Root/AcroForm/Font) was replaced"},
		{"a number of colours as a real number", objects(10, noted("/ColorSpace<</C 44 0 R>>"), 44, "[/Indexed/DeviceGray 1<00FF>]"), objects(44, "[/Indexed/DeviceGray 1.0<00FF>]"), "was replaced"},
		{"a widget that is drawn a second time above the others", append(objects(3, twoForms, 10, strings.Replace(with(content, ""), "[5 0 R]", "[20 0 R 5 0 R]", 1), 20, with(empty, "")), stream(22, look, "0 g")),
			append(objects(10, strings.Replace(with(content, ""), "[5 0 R]", "[20 0 R 5 0 R 20 0 R]", 1), 20, with(empty, "/V 21 0 R"), 21, dictionary), stream(22, look, "1 g 0 0 999 99 re f")), "second time"},
		{"a second new field of one name", nil, objects(3, strings.Replace(acroForm, "20 0 R", "20 0 R 24 0 R", 1), 10, strings.Replace(page, "20 0 R", "20 0 R 24 0 R", 1), 20, plain(""), 21, dictionary,
			24, "<</Type/Annot/Subtype/Widget/FT/Sig/T(s)/Rect[0 0 595 842]/P 10 0 R/V 25 0 R>>", 25, dictionary), "of one name"},
		{"a widget without a kind of field", objects(5, "<</Type/Annot/Subtype/Widget/Parent 4 0 R/T(name)/V(a)/Rect[72 640 340 660]/AP<</N 6 0 R>>>>"),
			append(objects(5, "<</Type/Annot/Subtype/Widget/Parent 4 0 R/T(name)/Rect[72 640 340 660]/AP<</N 6 0 R>>>>"), stream(6, look, "evil")), "no kind"},
		{"a widget of one field on two pages", objects(2, "<</Type/Pages/Kids[10 0 R 12 0 R]/Count 2/MediaBox[0 0 595 842]>>", 12, "<</Type/Page/Parent 2 0 R>>"),
			objects(3, acroForm, 10, page, 12, "<</Type/Page/Parent 2 0 R/Annots[20 0 R]>>", 20, plain(""), 21, dictionary), "more than one page"},
		{"an element of the structure with a text of its own", objects(1, with(catalog, "/StructTreeRoot 60 0 R"), 60, "<</Type/StructTreeRoot/K[61 0 R]>>", 61, "<</S/Document/P 60 0 R/K[0]/Pg 10 0 R>>"),
			objects(61, "<</S/Document/P 60 0 R/K[0 163 0 R]/Pg 10 0 R>>", 163, "<</S/Sect/P 61 0 R/K[164 0 R]>>", 164, "<</S/P/P 163 0 R/ActualText(900)>>"), "stands for no new annotation"},
		{"an action whose type stands there twice", objects(10, noted(""), 40, with(note, "1")), objects(40, with(note, "1/A<</S/JavaScript/JS(x)/S/URI/URI(http://a)>>")), "twice"},
		{"default resources that an appearance draws with", append(objects(3, "<</Fields[4 0 R]/DR<</Font<</Helv 7 0 R>>/XObject<</X 45 0 R>>>>/DA(/Helv 0 Tf 0 g)>>"),
			stream(6, "<</Type/XObject/Subtype/Form/BBox[0 0 268 20]>>", "/X Do"), stream(45, look, "(100) Tj")),
			append(objects(3, "<</Fields[4 0 R]/DR<</Font<</Helv 7 0 R>>/XObject<</X 146 0 R>>>>/DA(/Helv 0 Tf 0 g)>>"), stream(146, look, "(900) Tj")), "default resources"},
	}
}

// TestForgeries demands that no forgery is explained, in any form.
func TestForgeries(t *testing.T) {
	for _, form := range testpdf.Forms {
		for _, tt := range forgeries() {
			t.Run(tt.name+" "+form.String(), func(t *testing.T) {
				r := compare(t, contract(form, tt.before), testpdf.File{Form: form, Objects: tt.update})
				require.Equal(t, changes.Other, r.Kind, "%v", r.Changes)
				require.Contains(t, reason(r), tt.reason)
			})
		}
	}
}

// TestAnnotationsThatRun gives annotations what is run when they are shown.
func TestAnnotationsThatRun(t *testing.T) {
	annots := "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 7 0 R>>>>/Contents 11 0 R/Annots[5 0 R%s]>>"
	before := objects(10, with(annots, " 40 0 R"), 40, "<</Type/Annot/Subtype/Link/Rect[1 1 9 9]/A 41 0 R>>", 41, "<</S/JavaScript/JS(x)>>")
	added := func(body string, more ...testpdf.Object) []testpdf.Object {
		return append(objects(10, with(annots, " 40 0 R 150 0 R"), 150, body), more...)
	}
	for _, tt := range []struct {
		name   string
		update []testpdf.Object
		reason string // "" where it is a comment
	}{
		{"a model", added("<</Type/Annot/Subtype/3D/Rect[1 1 9 9]/3DD 151 0 R>>", stream(151, "<</Type/3D>>", "x")), ""},
		{"a model with a script", added("<</Type/Annot/Subtype/3D/Rect[1 1 9 9]/3DD 151 0 R>>", stream(151, "<</Type/3D/OnInstantiate 152 0 R>>", "x"), stream(152, "<<>>", "js")), "OnInstantiate"},
		{"media with scripts", added("<</Type/Annot/Subtype/RichMedia/Rect[1 1 9 9]/RichMediaSettings<</Activation<</Scripts[151 0 R]>>>>>>", testpdf.Object{Number: 151, Body: "<</F(a.js)>>"}), "Scripts"},
		{"an action deep within", added("<</Type/Annot/Subtype/Screen/Rect[1 1 9 9]/MK<</X 151 0 R>>>>", testpdf.Object{Number: 151, Body: "[<</S/Launch/F(x)>>]"}), "Launch"},
		{"an address", added("<</Type/Annot/Subtype/Link/Rect[1 1 9 9]/A<</S/URI/URI(http://a)>>>>"), ""},
		{"a link that had its action before", objects(40, "<</Type/Annot/Subtype/Link/Rect[1 1 9 9]/A 41 0 R/Contents(x)>>"), ""},
		{"a link whose action is replaced", objects(40, "<</Type/Annot/Subtype/Link/Rect[1 1 9 9]/A<</S/Launch/F(x)>>>>"), "Launch"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := compare(t, contract(testpdf.Table, before), testpdf.File{Objects: tt.update})
			if tt.reason == "" {
				require.Equal(t, changes.Annotation, r.Kind, reason(r))
				return
			}
			require.Equal(t, changes.Other, r.Kind)
			require.Contains(t, reason(r), tt.reason)
		})
	}
}

// TestHidden says what keeps readers from noticing an annotation.
func TestHidden(t *testing.T) {
	for body, want := range map[string]string{
		"/Subtype/Highlight/QuadPoints[10 10 20 10 10 20 20 20]":  "",
		"/Subtype/Highlight/QuadPoints[10 10 20 10 10 20 20 500]": "outside",
		"/Subtype/Ink/InkList[[10 10 20 20][10 10 -90 20]]":       "outside",
		"/Subtype/Ink/InkList 151 0 R":                            "", // a list of itself
		"/Subtype/Line/L[10 10 20 22]":                            "outside",
		"/Subtype/Polygon/Vertices[10 10 20 20 10 20]":            "",
		"/Subtype/Text/F 2":                                       "flags",
		"/Subtype/Text/CA 0.01":                                   "opacity",
		"/Subtype/Text/CA 0.5/F 4":                                "",
	} {
		page := strings.Replace(with(content, ""), "[5 0 R]", "[5 0 R 150 0 R]", 1)
		r := compare(t, contract(testpdf.Table), testpdf.File{Objects: objects(10, page, 150, "<</Type/Annot/Rect[10 10 20 20]"+body+">>", 151, "[151 0 R]")})
		require.Equal(t, changes.Annotation, r.Kind, reason(r))
		require.Contains(t, r.Changes[0].Hidden.String(), want, body)
		require.Equal(t, want == "", r.Changes[0].Hidden.IsZero(), body)
	}
}

// TestRepairs hides an object in what was signed, and appends an update that some
// readers do not read without a repair.
func TestRepairs(t *testing.T) {
	for _, tt := range []struct {
		name, inStream string
		odd            bool
		want           changes.Kind
	}{
		{"nothing hidden", "q Q", true, changes.LTV},
		{"hidden, and a sound update", "endstream endobj 11 0 obj <<>>", false, changes.LTV},
		{"hidden, and an odd update", "endstream endobj 11 0 obj <<>>", true, changes.Unknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			update := testpdf.File{Trailer: trailer, Objects: objects(8, "<</Title(x)>>")}
			file := update.Append(contract(testpdf.Table, []testpdf.Object{stream(90, "<<>>", tt.inStream)}))
			if tt.odd { // entries of 19 bytes
				at := bytes.LastIndex(file, []byte(" 00000 n \n"))
				file = append(append(bytes.Clone(file[:at]), " 00000 n\n"...), file[at+len(" 00000 n \n"):]...)
			}
			f, forms := opened(t, file)
			r := changes.NewHistory(f, forms).Compare(2)
			require.Equal(t, tt.want, r.Kind, reason(r))
		})
	}
}
