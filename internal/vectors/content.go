package vectors

import (
	"fmt"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/verify"
)

// annotations are the subtypes of ISO 32000-2, table 171 that a page may be
// given under P=3. Widgets are fields, not comments; trap networks and printer's
// marks belong to production, and nobody knows what an unknown subtype draws.
var annotations = []string{"Text", "Link", "FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Highlight", "Underline", "Squiggly",
	"StrikeOut", "Caret", "Stamp", "Ink", "Popup", "FileAttachment", "Redact", "Watermark", "Screen", "Movie", "Sound", "RichMedia", "3D", "Projection"}

var strange = []string{"TrapNet", "PrinterMark", "Unknown", ""}

func annotating() []*Change {
	add := func(subtype, more string) func(d *draft) error {
		return objects(func(d *draft) []testpdf.Object {
			n := d.next()
			d.annots = append(d.annots, n)
			key := ""
			if subtype != "" {
				key = "/Subtype/" + subtype
			}
			return []testpdf.Object{{Number: n, Body: fmt.Sprintf("<</Type/Annot%s/Rect[300 300 400 340]/F 4/P 10 0 R%s>>", key, more)}, d.page("")}
		})
	}
	var all []*Change
	for _, s := range annotations {
		all = append(all, &Change{"annotation-" + s, "a " + s + " annotation", verify.ChangesAnnotation, noted, add(s, "")})
	}
	for _, s := range strange {
		name := s
		if s == "" {
			name = "without-subtype"
		}
		all = append(all, &Change{"annotation-" + name, "an annotation " + name, verify.ChangesOther, never, add(s, "")})
	}
	return append(all,
		&Change{"annotation-edited", "the text of a comment edited", verify.ChangesAnnotation, noted, objects(func(*draft) []testpdf.Object {
			return []testpdf.Object{{Number: 21, Body: "<</Type/Annot/Subtype/Text/Rect[500 700 520 720]/Contents(another note)/P 10 0 R/F 4>>"}}
		})},
		&Change{"annotation-launch", "a Link annotation that launches a program", verify.ChangesOther, never, add("Link", "/A<</S/Launch/F(calc.exe)>>")},
		&Change{"annotation-javascript", "a Link annotation that runs JavaScript", verify.ChangesOther, never, add("Link", "/A<</S/JavaScript/JS(app.alert\\(1\\))>>")},
	)
}

// hiding are shadow attacks of the hide and of the hide-and-replace kind.
func hiding() []*Change {
	return []*Change{
		{"free-annotation", "a comment freed", verify.ChangesOther, [4]bool{false, false, false, false}, objects(func(*draft) []testpdf.Object {
			return []testpdf.Object{{Number: 21, Generation: 1, Free: true}}
		})},
		{"free-content", "the page's content freed", verify.ChangesOther, never, objects(func(*draft) []testpdf.Object {
			return []testpdf.Object{{Number: 11, Generation: 1, Free: true}}
		})},
		{"free-appearance", "the appearance of a field freed", verify.ChangesOther, never, objects(func(*draft) []testpdf.Object {
			return []testpdf.Object{{Number: 6, Generation: 1, Free: true}}
		})},
		{"reordered-annotations", "the drawing order of widgets swapped", verify.ChangesOther, never, objects(func(d *draft) []testpdf.Object {
			d.annots[0], d.annots[1] = d.annots[1], d.annots[0]
			return []testpdf.Object{d.page("")}
		})},
		{"optional-content", "optional content switched off", verify.ChangesOther, never, objects(func(*draft) []testpdf.Object {
			return []testpdf.Object{{Number: 22, Body: "<</OCGs[20 0 R]/D<</OFF[20 0 R]>>>>"}}
		})},
	}
}

// replacing are changes of what the page shows or does.
func replacing() []*Change {
	catalog := func(entry string) func(d *draft) error {
		return objects(func(d *draft) []testpdf.Object { return []testpdf.Object{d.root(entry)} })
	}
	page := func(entry string) func(d *draft) error {
		return objects(func(d *draft) []testpdf.Object { return []testpdf.Object{d.page(entry)} })
	}
	one := func(o testpdf.Object) func(d *draft) error {
		return objects(func(*draft) []testpdf.Object { return []testpdf.Object{o} })
	}
	other := func(name, source string, apply func(d *draft) error) *Change {
		return &Change{name, source, verify.ChangesOther, never, apply}
	}
	return []*Change{
		other("content", "the page's content replaced", one(evil[0])),
		other("font", "a font replaced", one(testpdf.Object{Number: 7, Body: "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"})),
		other("page-added", "a page added", objects(func(d *draft) []testpdf.Object {
			n := d.next()
			return []testpdf.Object{{Number: n, Body: "<</Type/Page/Parent 2 0 R/Resources<<>>>>"},
				{Number: 2, Body: fmt.Sprintf("<</Type/Pages/Kids[10 0 R %d 0 R]/Count 2/MediaBox[0 0 595 842]>>", n)}}
		})),
		other("page-box", "the MediaBox of all pages changed", one(testpdf.Object{Number: 2, Body: "<</Type/Pages/Kids[10 0 R]/Count 1/MediaBox[0 0 595 300]>>"})),
		other("page-rotated", "the page rotated", page("/Rotate 180")),
		other("page-cropped", "the page cropped", page("/CropBox[0 0 595 300]")),
		other("page-action", "an action when the page opens", page("/AA<</O<</S/JavaScript/JS(app.alert\\(1\\))>>>>")),
		other("open-action", "an action when the document opens", catalog("/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>")),
		other("javascript-name", "document-level JavaScript", catalog("/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(app.alert\\(1\\))>>]>>>>")),
		other("embedded-file", "a file embedded", catalog("/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F(a.txt)>>]>>>>")),
		other("permissions-removed", "the permissions and whatever else was added to the catalog taken out", objects(func(d *draft) []testpdf.Object {
			d.catalog = ""
			return []testpdf.Object{d.root("")}
		})),
	}
}
