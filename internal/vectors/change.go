package vectors

import (
	"fmt"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/verify"
)

// Change is a change made after a signature, with what must be said of it.
type Change struct {
	Name   string
	Source string
	// Worst is what the change is called. Allowed tells under which permission
	// it may be made: index 0 is an approval signature, 1 to 3 are P of DocMDP.
	Worst   verify.Changes
	Allowed [4]bool

	apply func(d *draft) error
}

var (
	always = [4]bool{true, true, true, true}
	filled = [4]bool{true, false, true, true}
	noted  = [4]bool{false, false, false, true}
	never  = [4]bool{}
)

// Build signs a contract in that form, certified with the permission or, for 0,
// approved, and makes the change.
func (c *Change) Build(m *Maker, form testpdf.Form, permission int) ([]byte, error) {
	d := newDraft(m, form)
	d.update(testpdf.Object{Number: 20, Body: "<</Type/OCG/Name(Clauses)>>"},
		testpdf.Object{Number: 21, Body: "<</Type/Annot/Subtype/Text/Rect[500 700 520 720]/Contents(a note)/P 10 0 R/F 4>>"},
		testpdf.Object{Number: 22, Body: "<</OCGs[20 0 R]/D<</ON[20 0 R]>>>>"},
		testpdf.Object{Number: 23, Body: "<</Type/Metadata/Subtype/XML>>", Data: []byte("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")})
	d.annots = append(d.annots, 21)
	d.catalog = "/OCProperties 22 0 R/Metadata 23 0 R"
	if prepare := preparations[c.Name]; prepare != nil {
		prepare(d)
	}
	d.update(d.root(""), d.page(""))
	if err := d.put(mark{field: "First", permission: permission}); err != nil {
		return nil, err
	}
	if err := c.apply(d); err != nil {
		return nil, err
	}
	return d.data, nil
}

// Changes returns the matrix of changes (attacks.md §5 and §6), each dangerous
// one beside honest ones that look like it.
func Changes() []*Change {
	var all []*Change
	for _, group := range [][]*Change{longTerm(), filling(), signing(), annotating(), hiding(), replacing(), disguising()} {
		all = append(all, group...)
	}
	return all
}

// objects is a change that writes the objects given.
func objects(make func(d *draft) []testpdf.Object) func(d *draft) error {
	return func(d *draft) error {
		d.update(make(d)...)
		return nil
	}
}

func longTerm() []*Change {
	store := func(d *draft) []testpdf.Object {
		n := d.next()
		return []testpdf.Object{
			{Number: n, Body: "<<>>", Data: d.maker.PKI.Root.Certificate.Raw},
			{Number: n + 1, Body: fmt.Sprintf("<</Type/DSS/Certs[%d 0 R]>>", n)},
			d.root(fmt.Sprintf("/DSS %d 0 R", n+1)),
		}
	}
	return []*Change{
		{"dss", "validation data added", verify.ChangesLTV, always, objects(store)},
		{"dss-as-resource", "validation data whose certificate is the page's content", verify.ChangesOther, never, objects(func(d *draft) []testpdf.Object {
			return []testpdf.Object{{Number: d.next(), Body: "<</Type/DSS/Certs[11 0 R]>>"}, evil[0], d.root(fmt.Sprintf("/DSS %d 0 R", d.next()))}
		})},
		{"time-stamp", "an invisible document time stamp", verify.ChangesLTV, always, func(d *draft) error {
			return d.put(mark{field: "Stamp", stamp: true})
		}},
		{"time-stamp-visible", "a document time stamp that covers the page", verify.ChangesForm, filled, func(d *draft) error {
			return d.put(mark{field: "Stamp", stamp: true, rect: "0 0 595 842", appearance: "1 g 0 0 595 842 re f 0 g BT /F1 18 Tf 72 770 Td (1000000 yen) Tj ET"})
		}},
		{"metadata", "the XMP stream replaced", verify.ChangesLTV, always, objects(func(*draft) []testpdf.Object {
			return []testpdf.Object{{Number: 23, Body: "<</Type/Metadata/Subtype/XML>>", Data: []byte("<x:xmpmeta xmlns:x='adobe:ns:meta/'> </x:xmpmeta>")}}
		})},
		{"rewritten", "an object written again byte by byte", verify.ChangesNone, always, objects(func(*draft) []testpdf.Object {
			return []testpdf.Object{testpdf.Contract(1, testpdf.Table).Objects[6]}
		})},
	}
}

const widget = "<</Type/Annot/Subtype/Widget/FT/Tx/Parent 4 0 R/T(name)/V(%s)/DA(/Helv 11 Tf 0 g)/Rect[%s]/F %d/P 10 0 R/AP<</N 6 0 R>>>>"

const widgetRect = "72 640 340 660"

func field(value, rect string, flags int) testpdf.Object {
	return testpdf.Object{Number: 5, Body: fmt.Sprintf(widget, value, rect, flags)}
}

func look(text string) testpdf.Object {
	o := testpdf.Contract(1, testpdf.Table).Objects[5]
	o.Data = []byte("/Tx BMC q BT /Helv 11 Tf 0 g 2 6 Td (" + text + ") Tj ET Q EMC")
	return o
}

func filling() []*Change {
	return []*Change{
		{"fill", "a text field filled, with its appearance", verify.ChangesForm, filled, objects(func(*draft) []testpdf.Object {
			return []testpdf.Object{field("Biei Town", widgetRect, 4), look("Biei Town")}
		})},
		{"fill-moved", "a text field filled and its widget moved", verify.ChangesOther, never, objects(func(*draft) []testpdf.Object {
			return []testpdf.Object{field("Biei Town", "72 690 500 720", 4), look("Biei Town")}
		})},
		{"fill-hidden", "a filled text field hidden", verify.ChangesOther, never, objects(func(*draft) []testpdf.Object {
			return []testpdf.Object{field("Higashikagura Town", widgetRect, 6)}
		})},
		{"fill-renamed", "a text field renamed", verify.ChangesOther, never, objects(func(*draft) []testpdf.Object {
			return []testpdf.Object{{Number: 4, Body: "<</T(other)/Kids[5 0 R]>>"}}
		})},
		{"fill-removed", "a text field taken out of the form", verify.ChangesOther, never, objects(func(d *draft) []testpdf.Object {
			d.fields = d.fields[1:]
			return []testpdf.Object{d.acroForm()}
		})},
		{"fill-shares-content", "a text field whose new appearance is the page's content, replaced", verify.ChangesOther, never, objects(func(*draft) []testpdf.Object {
			f := field("Biei Town", widgetRect, 4)
			f.Body = f.Body[:len(f.Body)-len("/AP<</N 6 0 R>>>>")] + "/AP<</N 11 0 R>>>>"
			return []testpdf.Object{f, evil[0]}
		})},
		{"fill-action", "a text field filled and given an action", verify.ChangesOther, never, objects(func(*draft) []testpdf.Object {
			f := field("Biei Town", widgetRect, 4)
			f.Body = f.Body[:len(f.Body)-2] + "/AA<</K<</S/JavaScript/JS(app.alert\\(1\\))>>>>>>"
			return []testpdf.Object{f}
		})},
		{"text-field-added", "a text field added", verify.ChangesOther, never, objects(func(d *draft) []testpdf.Object {
			n := d.next()
			d.fields, d.annots = append(d.fields, n), append(d.annots, n)
			return []testpdf.Object{{Number: n, Body: "<</Type/Annot/Subtype/Widget/FT/Tx/T(price)/V(1000000 yen)/Rect[72 690 340 710]/F 4/P 10 0 R>>"}, d.acroForm(), d.page("")}
		})},
	}
}

func signing() []*Change {
	cover := "1 g 0 0 595 842 re f 0 g BT /F1 18 Tf 72 770 Td (The contractor is paid 1000000 yen.) Tj ET"
	return []*Change{
		{"approval", "an invisible approval signature", verify.ChangesForm, filled, func(d *draft) error { return d.put(mark{field: "Second"}) }},
		{"approval-visible", "an approval signature with a small appearance", verify.ChangesForm, filled, func(d *draft) error {
			return d.put(mark{field: "Second", rect: "400 60 560 110", appearance: "BT /F1 11 Tf 20 20 Td (Yamada) Tj ET"})
		}},
		{"unsigned-field", "an empty signature field", verify.ChangesAnnotation, noted, func(d *draft) error {
			return d.put(mark{field: "Empty", unsigned: true})
		}},
		{"unsigned-field-covering", "an empty signature field that covers the page", verify.ChangesAnnotation, noted, func(d *draft) error {
			return d.put(mark{field: "Empty", unsigned: true, rect: "0 0 595 842", appearance: cover})
		}},
		{"old-value", "a field that shows an old signature as its own", verify.ChangesOther, never, objects(func(d *draft) []testpdf.Object {
			n := d.next()
			old := place(d.data).number()
			d.fields, d.annots = append(d.fields, n), append(d.annots, n)
			return []testpdf.Object{{Number: n, Body: fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Sig/T(Twin)/F 4/Rect[0 0 595 842]/P 10 0 R/V %d 0 R/AP<</N %d 0 R>>>>", old, n+1)},
				{Number: n + 1, Body: "<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F1 7 0 R>>>>>>", Data: []byte(cover)}, d.acroForm(), d.page("")}
		})},
	}
}
