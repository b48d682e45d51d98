package changes_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/changes"
	"github.com/inkan-go/inkan/internal/testpdf"
)

// TestFilling fills fields of every kind, and does what is more than filling in.
func TestFilling(t *testing.T) {
	text := "<</Type/Annot/Subtype/Widget/FT/Tx/Parent 4 0 R/T(name)/V(Higashikagura Town)/DA(/Helv 11 Tf 0 g)/Rect[72 640 340 660]/F 4/P 10 0 R/AP<</N 6 0 R>>>>"
	box := "<</Type/Annot/Subtype/Widget/FT/Btn/T(box)/V/%v/AS/%s/Rect[1 1 9 9]/AP<</N<</On 45 0 R/Off 43 0 R>>>>%m>>"
	choice := "<</Type/Annot/Subtype/Widget/FT/Ch/T(choice)/Opt[(a)(b)]/V(a)/I[0]>>"
	radio := "<</FT/Btn/Ff 32768/T(radio)/V/A/Kids[47 0 R 48 0 R]>>"
	button := "<</Type/Annot/Subtype/Widget/Parent 46 0 R/AS/%s/AP<</N<</%n 42 0 R/Off 43 0 R>>>>>>"
	boxed := func(v, s, more string) string { return strings.NewReplacer("%v", v, "%s", s, "%m", more).Replace(box) }
	pressed := func(s, n string) string { return strings.NewReplacer("%s", s, "%n", n).Replace(button) }
	twice := func(look, more string) string {
		return "<</Type/Annot/Subtype/Widget/Parent 60 0 R/DA(" + look + ")/Rect[1 1 9 9]" + more + ">>"
	}
	before := append(objects(3, "<</Fields[4 0 R 41 0 R 44 0 R 46 0 R 60 0 R]/DR<</Font<</Helv 7 0 R>>>>/DA(/Helv 0 Tf 0 g)>>",
		41, boxed("Off", "Off", ""), 44, choice, 46, radio, 47, pressed("A", "A"), 48, pressed("Off", "B"),
		60, "<</FT/Tx/T(twice)/DA(/Helv 9 Tf 0 g)/Kids[61 0 R 62 0 R]>>", 61, twice("/Helv 9 Tf 0 g", ""), 62, twice("/Helv 9 Tf 0 g", "")), stream(42, look, "1 g"), stream(43, look, "0 g"), stream(45, look, "1 g"))
	replace := func(body, old, text string) string { return strings.Replace(body, old, text, 1) }
	for _, tt := range []struct {
		name   string
		update []testpdf.Object
		reason string // "" where it is filling in
	}{
		{"a text", objects(5, replace(text, "(Higashikagura Town)", "(Biei)")), ""},
		{"no text", objects(5, replace(text, "/V(Higashikagura Town)", "")), ""},
		{"a text by hexadecimal digits", objects(5, replace(text, "(Higashikagura Town)", "<41>")), ""},
		{"a text made read-only", objects(5, replace(replace(text, "Town", ""), "/F 4", "/F 4/Ff 1")), ""},
		{"the same text", objects(5, text+" "), "none"},
		{"a text in another font", append(objects(5, replace(replace(text, "(Higashikagura Town)", "(Biei)"), "/Helv 11", "/KozMinPr6N 10")), stream(6, look, "0 g")), ""},
		{"a text in another font, and black as before", append(objects(5, replace(replace(text, "(Higashikagura Town)", "(Biei)"), "/Helv 11 Tf 0 g", "/F1 11 Tf")), stream(6, look, "0 g")), ""},
		{"a text in another font, written in another order", append(objects(5, replace(replace(text, "(Higashikagura Town)", "(Biei)"), "/Helv 11 Tf 0 g", "0 0 0 rg /F1 0 Tf")), stream(6, look, "0 g")), ""},
		{"a text in black and white", append(objects(5, replace(replace(text, "(Higashikagura Town)", "(Biei)"), "Tf 0 g", "Tf 0 g 1 g")), stream(6, look, "0 g")), "the entry DA"},
		{"a text in nothing", append(objects(5, replace(replace(text, "(Higashikagura Town)", "(Biei)"), "/Helv 11 Tf 0 g", "0 g")), stream(6, look, "0 g")), "the entry DA"},
		{"a text of two widgets in another font", append(objects(60, "<</FT/Tx/T(twice)/V(Biei)/DA(/F1 9 Tf)/Kids[61 0 R 62 0 R]>>", 61, twice("/F1 9 Tf", "/AP<</N 163 0 R>>"), 62, twice("/F1 9 Tf", "/AP<</N 164 0 R>>")),
			stream(163, look, "0 g"), stream(164, look, "0 g")), ""},
		{"a text of two widgets in another font, one of them not drawn", append(objects(60, "<</FT/Tx/T(twice)/V(Biei)/DA(/F1 9 Tf)/Kids[61 0 R 62 0 R]>>", 61, twice("/F1 9 Tf", "/AP<</N 163 0 R>>")), stream(163, look, "0 g")), "the entry DA"},
		{"a text of two widgets in the same font, black as before, one of them not drawn", append(objects(60, "<</FT/Tx/T(twice)/V(Biei)/DA(/Helv 9 Tf)/Kids[61 0 R 62 0 R]>>", 61, twice("/Helv 9 Tf", "/AP<</N 163 0 R>>")), stream(163, look, "0 g")), ""},
		{"a text of two widgets in another size, one of them not drawn", append(objects(60, "<</FT/Tx/T(twice)/V(Biei)/DA(/Helv 8 Tf)/Kids[61 0 R 62 0 R]>>", 61, twice("/Helv 8 Tf", "/AP<</N 163 0 R>>")), stream(163, look, "0 g")), "the entry DA"},
		{"a text of two widgets in another colour, one of them not drawn", append(objects(60, "<</FT/Tx/T(twice)/V(Biei)/DA(/Helv 9 Tf 1 g)/Kids[61 0 R 62 0 R]>>", 61, twice("/Helv 9 Tf", "/AP<</N 163 0 R>>")), stream(163, look, "0 g")), "the entry DA"},
		{"two widgets in the same font, black as before, and the same text", append(objects(60, "<</FT/Tx/T(twice)/DA(/Helv 9 Tf)/Kids[61 0 R 62 0 R]>>", 61, twice("/Helv 9 Tf", "/AP<</N 163 0 R>>")), stream(163, look, "0 g")), "the entry DA"},
		{"a text in the same font, black as before, not drawn", objects(5, replace(replace(replace(text, "(Higashikagura Town)", "(Biei)"), "Tf 0 g", "Tf"), "/AP<</N 6 0 R>>", "")), ""},
		{"a text in letters that nobody can read", append(objects(5, replace(replace(text, "(Higashikagura Town)", "(Biei)"), "/Helv 11", "/Helv NaN")), stream(6, look, "0 g")), "the entry DA"},
		{"a text in another colour", append(objects(5, replace(replace(text, "(Higashikagura Town)", "(Biei)"), "Tf 0 g", "Tf 1 g")), stream(6, look, "0 g")), "the entry DA"},
		{"a text in two fonts", append(objects(5, replace(replace(text, "(Higashikagura Town)", "(Biei)"), "Tf 0 g", "Tf /A 9 Tf")), stream(6, look, "0 g")), "the entry DA"},
		{"a text in another font, and no appearance", objects(5, replace(replace(replace(text, "(Higashikagura Town)", "(Biei)"), "/Helv 11", "/Cour 11"), "/AP<</N 6 0 R>>", "")), "the entry DA"},
		{"a box", objects(41, boxed("On", "On", "")), ""},
		{"a box drawn anew", append(objects(41, boxed("On", "On", "")), stream(45, look, "1 1 1 rg")), ""},
		{"a box drawn anew, and others with it", append(objects(41, boxed("On", "On", "")), stream(43, look, "1 1 1 rg")), "uses it as well"},
		{"a choice", objects(44, replace(replace(choice, "/V(a)", "/V[(a)(b)]"), "[0]", "[0 1]")), ""},
		{"a radio button", objects(46, replace(radio, "/V/A", "/V/B"), 47, pressed("Off", "A"), 48, pressed("B", "B")), ""},
		{"a state that catches up", objects(41, boxed("Off", "Off", ""), 46, replace(radio, "/V/A", "/V/B")), ""},
		{"another place", objects(5, replace(text, "[72 640 340 660]", "[0 0 595 842]")), "the entry Rect"},
		{"other flags of the widget", objects(5, replace(text, "/F 4", "/F 2")), "the entry F "},
		{"flags as a real number", objects(5, replace(text, "/F 4", "/F 4.0")), "the entry F "},
		{"other flags of the field", objects(5, replace(text, "/F 4", "/F 4/Ff 4096")), "the flags"},
		{"another name", objects(5, replace(text, "(name)", "(price)")), "the entry T"},
		{"another font", objects(5, replace(text, "/Helv 11", "/Helv 99")), "the entry DA"},
		{"an action", objects(5, replace(text, "/F 4", "/F 4/AA<<>>")), "the entry AA"},
		{"an appearance alone", append(objects(5, replace(text, "/N 6 0 R", "/N 140 0 R")), stream(140, look, "evil")), "whose value stayed"},
		{"a stream as value", append(objects(5, replace(text, "(Higashikagura Town)", " 140 0 R")), stream(140, look, "x")), "not one of its kind"},
		{"a name as text", objects(5, replace(text, "(Higashikagura Town)", "/Name")), "not one of its kind"},
		{"a text for a box", objects(41, replace(boxed("Off", "Off", ""), "/V/Off", "/V(On)")), "not one of its kind"},
		{"a state without a value", objects(41, boxed("Off", "On", "")), "whose value stayed"},
		{"an icon", objects(41, boxed("On", "On", "/MK<<>>")), "the entry MK"},
		{"a second state drawn elsewhere", objects(41, replace(boxed("On", "On", ""), "/Off 43", "/Off(x)/Odd 43")), "which is no stream"},
		{"an appearance outside the file", append(objects(5, replace(text, "(Higashikagura Town)", "(Biei)")), stream(6, replace(look, "/BBox", "/F(a)/BBox"), "0 g")), "lies outside the file"},
		{"an appearance that is no dictionary", objects(41, replace(boxed("On", "On", ""), "/AP<<", "/AP[]/X<<")), "an appearance that is no dictionary"},
		{"an odd entry of an appearance", objects(41, replace(boxed("On", "On", ""), "/AP<<", "/AP<</X 1")), "the entry X of an appearance"},
		{"the value of a group", objects(4, "<</T(party)/V(x)/Kids[5 0 R]>>"), "a group of fields"},
		{"a key twice", objects(5, replace(text, "(Higashikagura Town)", "(Biei)/V(Aibetsu)")), "stands twice"},
		{"one kid less", objects(46, "<</FT/Btn/Ff 32768/T(radio)/V/A/Kids[47 0 R]>>"), "lost an item"},
		{"kids that are none", objects(46, "<</FT/Btn/Ff 32768/T(radio)/V/A/Kids 1>>"), "the kids of the field"},
		{"options", objects(44, replace(choice, "[(a)(b)]", "[(a)(c)]")), "the entry Opt"},
		{"the value of an array of something", objects(44, replace(choice, "/V(a)", "/V[1]")), "not one of its kind"},
		{"drawn by readers, as it is drawn already", objects(5, replace(text, "(Higashikagura Town)", "(Biei)"),
			3, "<</Fields[4 0 R 41 0 R 44 0 R 46 0 R 60 0 R]/DR<</Font<</Helv 7 0 R>>>>/DA(/Helv 0 Tf 0 g)/NeedAppearances true>>"), "NeedAppearances"},
		{"forms of another kind", objects(3, "<</Fields[4 0 R 41 0 R 44 0 R 46 0 R 60 0 R]/DR<</Font<</Helv 7 0 R>>>>/DA(/Helv 0 Tf 0 g)/XFA[]>>"), "XFA"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, form := range testpdf.Forms {
				r := compare(t, contract(form, before), testpdf.File{Form: form, Objects: tt.update})
				switch tt.reason {
				case "":
					require.Equal(t, changes.Form, r.Kind, reason(r))
					require.Equal(t, changes.Filled, r.Changes[0].What)
				case "none":
					require.Equal(t, changes.None, r.Kind, reason(r))
				default:
					require.Equal(t, changes.Other, r.Kind)
					require.Contains(t, reason(r), tt.reason)
				}
			}
		})
	}
}

// TestNeedAppearances lets readers draw the fields, or stops them.
func TestNeedAppearances(t *testing.T) {
	text := "<</Type/Annot/Subtype/Widget/FT/Tx/Parent 4 0 R/T(name)/V(%s)/DA(/Helv 11 Tf 0 g)/Rect[72 640 340 660]/F 4/P 10 0 R%a>>"
	field := func(value, appearance string) testpdf.Object {
		return testpdf.Object{Number: 5, Body: strings.NewReplacer("%s", value, "%a", appearance).Replace(text)}
	}
	form := func(more string) testpdf.Object {
		return testpdf.Object{Number: 3, Body: "<</Fields[4 0 R]/DR<</Font<</Helv 7 0 R>>>>/DA(/Helv 0 Tf 0 g)" + more + ">>"}
	}
	const drawn, readers = "/AP<</N 6 0 R>>", "/NeedAppearances true"
	const shown = "Higashikagura Town"
	with := func(old, text string) []testpdf.Object { // a field that differs from one that is shown
		o := field(shown, drawn)
		o.Body = strings.Replace(o.Body, old, text, 1)
		return []testpdf.Object{o}
	}
	paints := func(content string) []testpdf.Object {
		return []testpdf.Object{field(shown, drawn), stream(6, look, content)}
	}
	on := []testpdf.Object{form(readers)}
	for _, tt := range []struct {
		name          string
		before, after []testpdf.Object
		want          changes.Kind
	}{
		{"a value that is shown", []testpdf.Object{field("Higashikagura Town", drawn)}, []testpdf.Object{form(readers)}, changes.LTV},
		{"and filled in", []testpdf.Object{field("Higashikagura Town", drawn)}, []testpdf.Object{form(readers), field("Biei", drawn)}, changes.Form},
		{"another than is shown", []testpdf.Object{field("Biei", drawn)}, []testpdf.Object{form(readers)}, changes.Other},
		{"one that is not shown", []testpdf.Object{field("Biei", "")}, []testpdf.Object{form(readers)}, changes.Other},
		{"no value", []testpdf.Object{field("", "")}, []testpdf.Object{form(readers)}, changes.Other},
		{"white letters", with("0 g", "1 g"), on, changes.Other},
		{"letters of a colour", with("0 g", "1 0 0 rg"), on, changes.Other},
		{"letters too small to be seen", with("11 Tf", "0.1 Tf"), on, changes.Other},
		{"another font", append(with("/Helv 11", "/Evil 11"), testpdf.Object{Number: 3, Body: "<</Fields[4 0 R]/DR<</Font<</Helv 7 0 R/Evil 70 0 R>>>>/DA(/Helv 0 Tf 0 g)>>"},
			testpdf.Object{Number: 70, Body: "<</Type/Font/Subtype/Type1/BaseFont/Evil>>"}),
			objects(3, "<</Fields[4 0 R]/DR<</Font<</Helv 7 0 R/Evil 70 0 R>>>>/DA(/Helv 0 Tf 0 g)/NeedAppearances true>>"), changes.Other},
		{"a font with letters of its own", append([]testpdf.Object{field(shown, drawn), {Number: 7, Body: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/FontDescriptor 71 0 R>>"}}, objects(71, "<</FontFile3 72 0 R>>", 72, "<<>>")...), on, changes.Other},
		{"a password", with("/F 4", "/F 4/Ff 8192"), on, changes.Other},
		{"a shortened value", with("/F 4", "/F 4/MaxLen 3"), on, changes.Other},
		{"a background", with("/F 4", "/F 4/MK<</BG[0 0 0]>>"), on, changes.Other},
		{"a required field", with("/F 4", "/F 4/Ff 2"), on, changes.LTV},
		{"a box", with("/FT/Tx", "/FT/Btn"), on, changes.Other},
		{"a choice", with("/FT/Tx", "/FT/Ch"), on, changes.Other},
		{"a hint without a value", with("/V(Higashikagura Town)", ""), on, changes.Other},
		{"no longer, letters in white", append(paints("BT 1 g /Helv 11 Tf 2 6 Td (Higashikagura Town) Tj ET"), on...), []testpdf.Object{form("")}, changes.Other},
		{"no longer, letters out of sight", append(paints("BT /Helv 11 Tf 2 600 Td (Higashikagura Town) Tj ET"), on...), []testpdf.Object{form("")}, changes.Other},
		{"no longer, letters cut off", append(paints("0 0 1 1 re W n BT /Helv 11 Tf 2 6 Td (Higashikagura Town) Tj ET"), on...), []testpdf.Object{form("")}, changes.Other},
		{"no longer, letters made invisible", append(paints("BT 3 Tr 0 g /Helv 11 Tf 2 6 Td (Higashikagura Town) Tj ET"), on...), []testpdf.Object{form("")}, changes.Other},
		{"no longer, letters painted over", append(paints("BT /Helv 11 Tf 2 6 Td (Higashikagura Town) Tj ET 0 0 268 20 re f"), on...), []testpdf.Object{form("")}, changes.Other},
		{"no longer, letters within a window", append(paints("0 0 268 20 re W n BT /Helv 11 Tf 2 6 Td (Higashikagura Town) Tj ET"), on...), []testpdf.Object{form("")}, changes.LTV},
		{"no longer", []testpdf.Object{field("Higashikagura Town", drawn), form(readers)}, []testpdf.Object{form("/NeedAppearances false")}, changes.LTV},
		{"no longer, and another is shown", []testpdf.Object{field("Biei", drawn), form(readers)}, []testpdf.Object{form("")}, changes.Other},
		{"no longer, and the value is drawn", []testpdf.Object{field("Biei", drawn), form(readers)}, []testpdf.Object{form(""), field("Higashikagura Town", drawn)}, changes.Form},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := compare(t, contract(testpdf.Table, tt.before), testpdf.File{Objects: tt.after})
			require.Equal(t, tt.want, r.Kind, reason(r))
		})
	}
}
