package changes_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/changes"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/internal/testpdf"
)

const trailer = "/Root 1 0 R/Info 8 0 R/ID[<00112233445566778899AABBCCDDEEFF><00>]"

// compare appends one update to the contract and says what it changed. A History that goes on
// from the file as it was must say the same.
func compare(t *testing.T, before []byte, update testpdf.File) changes.Result {
	if update.Trailer == "" {
		update.Trailer = trailer
	}
	file := update.Append(before)
	read := func(data []byte, o *pdf.Options) (*pdf.File, func(revision int) *sigdict.Form) {
		f, err := pdf.Open(bytes.NewReader(data), int64(len(data)), o)
		require.NoError(t, err)
		return f, func(revision int) *sigdict.Form {
			form, err := sigdict.Find(f.View(revision))
			require.NoError(t, err)
			return form
		}
	}
	f, forms := read(file, nil)
	result := changes.NewHistory(f, forms).Compare(len(f.Revisions))

	old, oldForms := read(before, nil)
	first := changes.NewHistory(old, oldForms)
	next, nextForms := read(file, &pdf.Options{Before: old})
	require.Equal(t, result, first.Following(next, nextForms).Compare(len(next.Revisions)), "going on from the file as it was")
	return result
}

func objects(numbered ...any) []testpdf.Object {
	var out []testpdf.Object
	for i := 0; i < len(numbered); i += 2 {
		out = append(out, testpdf.Object{Number: numbered[i].(int), Body: numbered[i+1].(string)})
	}
	return out
}

// The parts of the contract that a signature changes, and a signed field.
const (
	acroForm   = "<</Fields[4 0 R 20 0 R]/DR<</Font<</Helv 7 0 R>>>>/DA(/Helv 0 Tf 0 g)/SigFlags 3>>"
	page       = "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 7 0 R>>>>/Contents 11 0 R/Annots[5 0 R 20 0 R]>>"
	field      = "<</Type/Annot/Subtype/Widget/FT/Sig/T(s)/Rect[0 0 9 9]/P 10 0 R/V 21 0 R%s>>"
	dictionary = "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>"
)

// reason joins what was found.
func reason(r changes.Result) string {
	text := ""
	for _, f := range append(r.Forbidden, r.Unread...) {
		text += f.String() + "; "
	}
	return text
}

func plain(more string) string { return fmt.Sprintf(field, more) }

func TestSignature(t *testing.T) {
	for _, form := range testpdf.Forms {
		r := compare(t, testpdf.Contract(1, form).Bytes(), testpdf.File{Form: form, Objects: objects(3, acroForm, 10, page, 20, plain(""), 21, dictionary)})
		require.Equal(t, changes.Form, r.Kind, "%v", reason(r))
		require.Equal(t, []changes.Change{{What: changes.Signed, Field: "s", Subtype: "Widget", Ref: pdf.Reference{Number: 20}, Page: 1, PageRef: pdf.Reference{Number: 10}, New: true, Visible: true, Rect: []float64{0, 0, 9, 9}}}, r.Changes)
	}
}

// TestSignatureWithMore lets a signature bring something along.
func TestSignatureWithMore(t *testing.T) {
	for _, tt := range []struct {
		name    string
		objects []testpdf.Object
		reason  string // "" where the change is explained
	}{
		{"an appearance", objects(3, acroForm, 10, page, 20, plain("/AP<</N 22 0 R>>"), 21, dictionary, 22, "<</Resources 23 0 R>>", 23, "<<>>"), ""},
		{"an action", objects(3, acroForm, 10, page, 20, plain("/A<</S/JavaScript>>"), 21, dictionary), "actions"},
		{"additional actions", objects(3, acroForm, 10, page, 20, plain("/AA<<>>"), 21, dictionary), "actions"},
		{"other content of the page", objects(3, acroForm, 10, strings.Replace(page, "11 0 R", "21 0 R", 1), 20, plain(""), 21, dictionary), "entry Contents of page 1"},
		{"one annotation less", objects(3, acroForm, 10, strings.Replace(page, "5 0 R ", "", 1), 20, plain(""), 21, dictionary), "page 1 lost object 5 0"},
		{"a further annotation", objects(3, acroForm, 10, strings.Replace(page, "20 0 R]", "20 0 R 24 0 R]", 1), 20, plain(""), 21, dictionary, 24, "<</Subtype/Strange>>"), "new annotation"},
		{"a further field", objects(3, strings.Replace(acroForm, "20 0 R]", "20 0 R 24 0 R]", 1), 10, page, 20, plain(""), 21, dictionary, 24, "<</FT/Tx/T(x)>>"), "not a signature field"},
		{"one field less", objects(3, strings.Replace(acroForm, "4 0 R ", "", 1), 10, page, 20, plain(""), 21, dictionary), "lost an item"},
		{"other default resources", objects(3, strings.Replace(acroForm, "7 0 R", "8 0 R", 1), 10, page, 20, plain(""), 21, dictionary), "default resources"},
		{"calculation order", objects(3, strings.Replace(acroForm, "/SigFlags", "/CO[5 0 R]/SigFlags", 1), 10, page, 20, plain(""), 21, dictionary), "form entry CO"},
		{"odd flags", objects(3, strings.Replace(acroForm, "SigFlags 3", "SigFlags 7", 1), 10, page, 20, plain(""), 21, dictionary), "SigFlags"},
		{"another font", objects(3, acroForm, 7, "<<>>", 10, page, 20, plain(""), 21, dictionary), "object 7 0 (Root/AcroForm/Font) was replaced"},
		{"an appearance that was something else", objects(3, acroForm, 6, "<<>>", 10, page, 20, plain("/AP<</N 6 0 R>>"), 21, dictionary), "object 6 was changed, and object 20"},
		{"a text field that becomes a signature", objects(5, strings.Replace(plain(""), "/FT", "/Parent 4 0 R/FT", 1), 21, dictionary), "the entry FT of the field"},
		{"another catalog", objects(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/OpenAction 10 0 R>>", 3, acroForm, 10, page, 20, plain(""), 21, dictionary), "catalog entry OpenAction"},
		{"certification", objects(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/Perms<</DocMDP 21 0 R>>>>", 3, acroForm, 10, page, 20, plain(""), 21, dictionary), ""},
		{"usage rights", objects(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/Perms<</UR3 21 0 R>>>>", 3, acroForm, 10, page, 20, plain(""), 21, dictionary), "permissions"},
		{"a newer version", objects(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/Version/2.0>>", 3, acroForm, 10, page, 20, plain(""), 21, dictionary), ""},
		{"an unreadable object", objects(3, acroForm, 10, page, 20, plain(""), 21, dictionary, 22, "<</A"), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := compare(t, testpdf.Contract(1, testpdf.Table).Bytes(), testpdf.File{Objects: tt.objects})
			if tt.name == "an unreadable object" {
				require.Equal(t, changes.Unknown, r.Kind)
				return
			}
			require.Contains(t, reason(r), tt.reason)
			if tt.reason == "" {
				require.Equal(t, changes.Form, r.Kind, reason(r))
			} else {
				require.Equal(t, changes.Other, r.Kind)
			}
		})
	}
}

// TestExistingField signs a field that was there already.
func TestExistingField(t *testing.T) {
	before := testpdf.Contract(1, testpdf.Table)
	before.Objects[2].Body = strings.Replace(acroForm, "/SigFlags 3", "", 1)
	before.Objects = append(before.Objects, objects(20, "<</FT/Sig/T(s)/Kids[22 0 R]/Lock 23 0 R>>", 22, "<</Subtype/Widget/Parent 20 0 R/P 10 0 R/Rect[0 0 9 9]>>", 23, "<</Action/All>>")...)
	r := compare(t, before.Bytes(), testpdf.File{Objects: objects(3, acroForm, 20, "<</FT/Sig/T(s)/Kids[22 0 R]/Lock 23 0 R/V 24 0 R>>", 24, dictionary,
		22, "<</Subtype/Widget/Parent 20 0 R/P 10 0 R/Rect[0 0 9 9]/AP<</N 25 0 R>>>>", 25, "<<>>")})
	require.Equal(t, changes.Form, r.Kind, reason(r))
	require.False(t, r.Changes[0].New)

	for what, objects := range map[string][]testpdf.Object{
		"entry Lock": objects(20, "<</FT/Sig/T(s)/Kids[22 0 R]/V 24 0 R>>", 24, dictionary),
		"entry Rect": objects(20, "<</FT/Sig/T(s)/Kids[22 0 R]/Lock 23 0 R/V 24 0 R>>", 24, dictionary, 22, "<</Subtype/Widget/Parent 20 0 R/P 10 0 R/Rect[0 0 99 99]>>"),
		"object 23 0 (Root/AcroForm/Fields/Lock) was replaced": objects(20, "<</FT/Sig/T(s)/Kids[22 0 R]/Lock 23 0 R/V 24 0 R>>", 24, dictionary, 23, "<<>>"),
		"the signature field":     objects(20, "<</FT/Sig/T(s)/Kids[22 0 R]/Lock 23 0 R/Ff 1>>"),
		"was removed":             append(objects(20, "<</FT/Sig/T(s)/Kids[22 0 R]/Lock 23 0 R/V 24 0 R>>", 24, dictionary), testpdf.Object{Number: 22, Free: true}),
		"the trailer entry Other": nil,
	} {
		update := testpdf.File{Objects: objects}
		if objects == nil {
			update = testpdf.File{Trailer: trailer + "/Other true"}
		}
		r := compare(t, before.Bytes(), update)
		require.Equal(t, changes.Other, r.Kind)
		require.Contains(t, reason(r), what)
	}
}

// TestWithdrawnField signs a field without showing it: its area becomes empty, which
// is allowed where nothing was to be seen.
func TestWithdrawnField(t *testing.T) {
	const empty = "<</Type/Annot/Subtype/Widget/FT/Sig/T(s)/Rect[%s]/P 10 0 R%s>>"
	for _, tt := range []struct {
		name, before, rect, reason string
	}{
		{"without an appearance", "/MK<<>>", "0 0 0 0", ""},
		{"with a blank one", "/AP<</N 22 0 R>>", "7 7 7 7", ""},
		{"with one that shows something", "/AP<</N 23 0 R>>", "0 0 0 0", "the entry Rect"},
		{"with a background", "/MK<</BG[1]>>", "0 0 0 0", "the entry Rect"},
		{"with a border", "/MK<</BC[1]>>", "0 0 0 0", "the entry Rect"},
		{"a line", "", "0 0 0 9", "the entry Rect"},
		{"another area", "", "0 0 8 8", "the entry Rect"},
		{"no area", "", "", "the entry Rect"},
		{"an area of names", "", "/A/A/A/A", "the entry Rect"},
	} {
		before := append(objects(3, strings.Replace(acroForm, "/SigFlags 3", "", 1), 10, page, 20, fmt.Sprintf(empty, "0 0 9 9", tt.before)), stream(22, look, ""), stream(23, look, "0 0 9 9 re f"))
		for _, form := range testpdf.Forms {
			r := compare(t, contract(form, before), testpdf.File{Form: form, Objects: objects(3, acroForm, 20, fmt.Sprintf(empty, tt.rect, tt.before+"/V 21 0 R"), 21, dictionary)})
			if tt.reason == "" {
				require.Equal(t, changes.Form, r.Kind, "%s: %s", tt.name, reason(r))
				require.False(t, r.Changes[0].Visible)
				continue
			}
			require.Equal(t, changes.Other, r.Kind, tt.name)
			require.Contains(t, reason(r), tt.reason, tt.name)
		}
	}
}

// TestWidgetsWithValue signs a field whose widgets repeat the reference to its value: one
// that names another value is not taken for a widget.
func TestWidgetsWithValue(t *testing.T) {
	const kid = "<</Type/Annot/Subtype/Widget/Parent 20 0 R/P 10 0 R/Rect[0 0 9 9]%s>>"
	empty := testpdf.Contract(1, testpdf.Table)
	empty.Objects[2].Body = strings.Replace(acroForm, "/SigFlags 3", "", 1)
	two := strings.Replace(page, "20 0 R]", "22 0 R 26 0 R]", 1)
	for i := range empty.Objects {
		if empty.Objects[i].Number == 10 {
			empty.Objects[i].Body = two
		}
	}
	empty.Objects = append(empty.Objects, objects(20, "<</FT/Sig/T(s)/Kids[22 0 R 26 0 R]>>", 22, with(kid, ""), 26, with(kid, ""))...)
	signed := func(first, second string) []testpdf.Object {
		return objects(3, acroForm, 20, "<</FT/Sig/T(s)/Kids[22 0 R 26 0 R]/V 24 0 R>>", 24, dictionary, 27, dictionary, 22, with(kid, first), 26, with(kid, second))
	}
	for name, c := range map[string]struct {
		first, second, reason string
	}{
		"both":              {"/V 24 0 R", "/V 24 0 R", ""},
		"one":               {"/V 24 0 R", "", ""},
		"none":              {"", "", ""},
		"another":           {"/V 24 0 R", "/V 27 0 R", "is not one of its kind"},
		"a direct one":      {"/V 24 0 R", "/V<</Type/Sig>>", "the signature field"},
		"another object":    {"/V 24 0 R", "/V 10 0 R", "the signature field"},
		"with a type":       {"/V 24 0 R", "/V 24 0 R/FT/Sig", "the entry FT"},
		"with a name":       {"/V 24 0 R", "/V 24 0 R/T(x)", "the entry T"},
		"with more besides": {"/V 24 0 R", "/V 24 0 R/Ff 1", "the entry Ff"},
	} {
		for _, isNew := range []bool{false, true} {
			before, update := empty.Bytes(), signed(c.first, c.second)
			if isNew {
				before, update = testpdf.Contract(1, testpdf.Table).Bytes(), append(update, objects(10, strings.Replace(page, "20 0 R]", "22 0 R 26 0 R]", 1))...)
			}
			r := compare(t, before, testpdf.File{Objects: update})
			if c.reason == "" || isNew && name == "with more besides" {
				require.Equal(t, changes.Form, r.Kind, "%s: %s", name, reason(r))
				require.Equal(t, []changes.What{changes.Signed, changes.Signed, changes.Unused}, []changes.What{r.Changes[0].What, r.Changes[1].What, r.Changes[2].What})
				continue
			}
			require.Equal(t, changes.Other, r.Kind, name)
			if !isNew {
				require.Contains(t, reason(r), c.reason, name)
			}
		}
	}
}

// TestTrailer carries an entry of the trailer along that nobody knows: what people see must
// not change then, and what it leads to must stay what it was, or nothing where there was
// nothing.
func TestTrailer(t *testing.T) {
	signed := objects(3, acroForm, 10, page, 20, plain(""), 21, dictionary)
	stamped := objects(3, acroForm, 10, page, 20, strings.Replace(plain(""), "9 9]", "0 0]", 1), 21, strings.Replace(dictionary, "/Sig", "/DocTimeStamp/SubFilter/ETSI.RFC3161", 1))
	for name, c := range map[string]struct {
		other, now string
		objects    []testpdf.Object
		want       changes.Kind
	}{
		"as it was, stamped":   {"/Other 7 0 R", "/Other 7 0 R", stamped, changes.LTV},
		"as it was, signed":    {"/Other 7 0 R", "/Other 7 0 R", signed, changes.Unknown},
		"as it was, described": {"/Other 7 0 R", "/Other 7 0 R", objects(8, "<</Title(x)>>"), changes.LTV},
		"gone":                 {"/Other 7 0 R", "", stamped, changes.Other},
		"another":              {"/Other 7 0 R", "/Other 6 0 R", stamped, changes.Other},
		"new":                  {"", "/Other 7 0 R", stamped, changes.Other},
		"leads to the page":    {"/Other 10 0 R", "/Other 10 0 R", stamped, changes.LTV},
		"leads to the form":    {"/Other 3 0 R", "/Other 3 0 R", stamped, changes.Other},
		"leads to nothing":     {"/Other 50 0 R", "/Other 50 0 R", stamped, changes.LTV},
		"leads to the field":   {"/Kids 20 0 R", "/Kids 20 0 R", stamped, changes.Other},
		"leads to the value":   {"/Other 21 0 R", "/Other 21 0 R", stamped, changes.Other},
		"a checksum":           {"", "/DocChecksum/AB", stamped, changes.LTV},
		"a checksum elsewhere": {"", "/DocChecksum 7 0 R", stamped, changes.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			before := testpdf.Contract(1, testpdf.Table)
			before.Trailer = trailer + c.other
			r := compare(t, before.Bytes(), testpdf.File{Trailer: trailer + c.now, Objects: c.objects})
			require.Equal(t, c.want, r.Kind, reason(r))
		})
	}
}

// TestStore lets the security store grow, shrink and move.
func TestStore(t *testing.T) {
	catalog := "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/DSS 30 0 R>>"
	before := testpdf.Contract(1, testpdf.Table)
	before.Objects[0].Body = catalog
	before.Objects = append(before.Objects, objects(30, "<</Certs 31 0 R/OCSPs[33 0 R]/VRI<</AB 32 0 R>>>>", 31, "[33 0 R]", 32, "<</Cert[33 0 R]>>")...)
	before.Objects = append(before.Objects, testpdf.Object{Number: 33, Body: "<<>>", Data: []byte("certificate")})
	stream := func(n int, text string) testpdf.Object {
		return testpdf.Object{Number: n, Body: "<<>>", Data: []byte(text)}
	}
	for _, tt := range []struct {
		name    string
		objects []testpdf.Object
		want    changes.Kind
	}{
		{"one more", append(objects(31, "[33 0 R 40 0 R]"), stream(40, "crl")), changes.LTV},
		{"more about the signature", append(objects(32, "<</Cert[33 0 R]/CRL[40 0 R]/TU(D:2026)>>"), stream(40, "crl")), changes.LTV},
		{"the same under another number", append(objects(31, "[40 0 R]"), stream(40, "certificate")), changes.LTV},
		{"another under another number", append(objects(31, "[40 0 R]"), stream(40, "other")), changes.LTV},
		{"another under the same number", []testpdf.Object{stream(33, "other")}, changes.Other},
		{"the same again", []testpdf.Object{stream(33, "certificate")}, changes.None},
		{"a list less", objects(30, "<</Certs 31 0 R/VRI<</AB 32 0 R>>>>"), changes.Other},
		{"no related data", objects(30, "<</Certs 31 0 R/OCSPs[33 0 R]>>"), changes.Other},
		{"a signature less", objects(30, "<</Certs 31 0 R/OCSPs[33 0 R]/VRI<<>>>>"), changes.Other},
		{"no store", objects(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R>>"), changes.Other},
		{"in place of the font", objects(1, strings.Replace(catalog, "30", "7", 1), 7, "<</Certs 31 0 R/OCSPs[33 0 R]/VRI<</AB 32 0 R>>>>"), changes.Other},
		{"references to nothing but references", objects(31, "[33 0 R (text)]"), changes.Other},
		{"something that is no dictionary", objects(30, "[]"), changes.Other},
		{"null for what was not there", objects(30, "<</Certs 31 0 R/OCSPs[33 0 R]/CRLs 41 0 R/Other null/VRI<</AB 32 0 R/CD null/EF 41 0 R>>>>"), changes.LTV},
		{"null within related data", objects(32, "<</Cert[33 0 R]/CRL 41 0 R/OCSP null/X null>>"), changes.LTV},
		{"null for a list", objects(30, "<</Certs null/OCSPs[33 0 R]/VRI<</AB 32 0 R>>>>"), changes.Other},
		{"a missing object for a list", objects(30, "<</Certs 41 0 R/OCSPs[33 0 R]/VRI<</AB 32 0 R>>>>"), changes.Other},
		{"null for related data", objects(30, "<</Certs 31 0 R/OCSPs[33 0 R]/VRI null>>"), changes.Other},
		{"null for the data of a signature", objects(30, "<</Certs 31 0 R/OCSPs[33 0 R]/VRI<</AB null>>>>"), changes.Other},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := compare(t, before.Bytes(), testpdf.File{Objects: tt.objects})
			require.Equal(t, tt.want, r.Kind, reason(r))
		})
	}
}

func TestNoPredecessor(t *testing.T) {
	file := testpdf.Contract(1, testpdf.Table).Bytes()
	f, err := pdf.Open(bytes.NewReader(file), int64(len(file)), nil)
	require.NoError(t, err)
	h := changes.NewHistory(f, func(int) *sigdict.Form { return nil })
	for _, revision := range []int{-1, 0, 1, 2} {
		require.Equal(t, changes.Unknown, h.Compare(revision).Kind)
	}
}
