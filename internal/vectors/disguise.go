package vectors

import (
	"strings"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/verify"
)

const remappedFont = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Type/Encoding/Differences[%/nine]>>>>"

// preparations are what a contract has in it before it is signed, by the name of
// the change that makes use of it.
var preparations = map[string]func(d *draft){
	"disguised-graphics-state": func(d *draft) { d.resources = "/ExtGState<</Annots 21 0 R>>" },
	"disguised-integer": func(d *draft) {
		d.update(testpdf.Object{Number: 7, Body: strings.Replace(remappedFont, "%", "49", 1)})
	},
	"disguised-letters": func(d *draft) {
		o := field("Higashikagura Town", widgetRect, 4)
		o.Body = strings.Replace(o.Body, "0 g", "1 g", 1)
		d.update(o)
	},
}

// disguising are updates that look like an allowed change, of files prepared so
// that it shows something else.
func disguising() []*Change {
	one := func(name, source string, make func(d *draft) []testpdf.Object) *Change {
		return &Change{name, source, verify.ChangesOther, never, objects(make)}
	}
	return []*Change{
		one("disguised-graphics-state", "a comment edited that is a graphics state of the page as well, under the name Annots", func(*draft) []testpdf.Object {
			return []testpdf.Object{{Number: 21, Body: "<</Type/Annot/Subtype/Text/Rect[500 700 520 720]/Contents(a note)/P 10 0 R/F 4/ca 0>>"}}
		}),
		one("disguised-integer", "a font written again with a code of its encoding as a real number", func(*draft) []testpdf.Object {
			return []testpdf.Object{{Number: 7, Body: strings.Replace(remappedFont, "%", "49.0", 1)}}
		}),
		one("disguised-letters", "readers asked to draw a field whose default appearance is white", func(d *draft) []testpdf.Object {
			form := d.acroForm()
			form.Body = strings.Replace(form.Body, "/SigFlags", "/NeedAppearances true/SigFlags", 1)
			return []testpdf.Object{form}
		}),
		one("disguised-script", "a 3D annotation that runs a script", func(d *draft) []testpdf.Object {
			n := d.next()
			d.annots = append(d.annots, n)
			return []testpdf.Object{
				{Number: n, Body: "<</Type/Annot/Subtype/3D/Rect[300 300 400 340]/F 4/P 10 0 R/3DD " + references([]int{n + 1}) + ">>"},
				{Number: n + 1, Body: "<</Type/3D/Subtype/U3D/OnInstantiate " + references([]int{n + 2}) + ">>", Data: []byte("x")},
				{Number: n + 2, Body: "<<>>", Data: []byte("app.alert(1)")},
				d.page(""),
			}
		}),
	}
}
