package verify_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/verify"
)

// update appends objects without a signature.
func update(file []byte, form testpdf.Form, objects ...testpdf.Object) []byte {
	return testpdf.File{Form: form, Trailer: "/Root 1 0 R/Info 8 0 R/ID[<00112233445566778899AABBCCDDEEFF><01>]", Objects: objects}.Append(file)
}

func TestFurtherSignaturesAreAllowed(t *testing.T) {
	m := newMaker(t)
	for _, form := range testpdf.Forms {
		t.Run(form.String(), func(t *testing.T) {
			file := contract(form)
			for i := range 3 {
				file = m.sign(t, file, entry{form: form, field: fmt.Sprintf("S%d", i)})
			}
			r := m.judge(t, file)
			require.Len(t, r.Signatures, 3)
			for i, s := range r.Signatures {
				require.Equal(t, fmt.Sprintf("S%d", i), s.Field, "in the order of their revisions")
				require.Equal(t, []int{i + 2, 4}, []int{s.Revision, s.Revisions})
				require.Len(t, s.Additions, 2-i)
				require.True(t, s.Intact, "%+v", s.Findings)
				want := verify.ChangesForm
				if i == 2 {
					want = verify.ChangesNone
				}
				require.Equal(t, want, s.Changes)
			}
			require.True(t, r.Intact)
			require.Equal(t, verify.TotalPassed, r.Indication)
		})
	}
}

// TestLaterChanges lists what a later revision does, and how it is judged.
func TestLaterChanges(t *testing.T) {
	m := newMaker(t)
	form := testpdf.Table
	good := m.sign(t, contract(form), entry{})
	n := testpdf.LastSize(good)
	catalog := func(more string) testpdf.Object {
		return testpdf.Object{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R" + more + ">>"}
	}
	der := testpdf.Object{Number: n, Body: "<<>>", Data: []byte{0x30, 0}}
	xml := func(text string) testpdf.Object {
		return testpdf.Object{Number: n, Body: "<</Type/Metadata/Subtype/XML>>", Data: []byte(text)}
	}
	for _, tt := range []struct {
		name    string
		objects []testpdf.Object
		want    verify.Changes
	}{
		{"nothing", []testpdf.Object{{Number: 7, Body: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"}}, verify.ChangesNone},
		{"information", []testpdf.Object{{Number: 8, Body: "<</Title(Service contract)/ModDate(D:20260402)>>"}}, verify.ChangesLTV},
		{"information that refers to something", []testpdf.Object{{Number: 8, Body: "<</Title 10 0 R>>"}}, verify.ChangesOther},
		{"validation data", []testpdf.Object{catalog(fmt.Sprintf("/DSS<</Certs[%d 0 R]>>", n)), der}, verify.ChangesLTV},
		{"validation data that are no stream", []testpdf.Object{catalog(fmt.Sprintf("/DSS<</Certs[%d 0 R]>>", n)), {Number: n, Body: "<<>>"}}, verify.ChangesOther},
		{"an odd entry of the security store", []testpdf.Object{catalog("/DSS<</Odd 1>>")}, verify.ChangesOther},
		{"extensions", []testpdf.Object{catalog("/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 2>>>>")}, verify.ChangesLTV},
		{"metadata", []testpdf.Object{catalog(fmt.Sprintf("/Metadata %d 0 R", n)), xml("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")}, verify.ChangesLTV},
		{"metadata that are no XML", []testpdf.Object{catalog(fmt.Sprintf("/Metadata %d 0 R", n)), xml("not XML")}, verify.ChangesOther},
		{"metadata with entities", []testpdf.Object{catalog(fmt.Sprintf("/Metadata %d 0 R", n)), xml("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")}, verify.ChangesOther},
		{"an object that nothing refers to", []testpdf.Object{{Number: n, Body: "<<>>"}}, verify.ChangesLTV},
		{"an action", []testpdf.Object{catalog("/OpenAction[10 0 R/Fit]")}, verify.ChangesOther},
		{"content", []testpdf.Object{{Number: 11, Body: "<<>>", Data: []byte("BT (The contractor is paid 999 yen.) Tj ET")}}, verify.ChangesOther},
		{"a font", []testpdf.Object{{Number: 7, Body: "<</Type/Font/Subtype/Type1/BaseFont/Courier>>"}}, verify.ChangesOther},
		{"a freed object", []testpdf.Object{{Number: 6, Free: true}}, verify.ChangesOther},
		{"a field that is filled", []testpdf.Object{{Number: 5, Body: "<</Type/Annot/Subtype/Widget/FT/Tx/Parent 4 0 R/T(name)/V(Other)/Rect[72 640 340 660]/F 4/P 10 0 R>>"}}, verify.ChangesOther},
		{"a page", []testpdf.Object{{Number: 2, Body: "<</Type/Pages/Kids[10 0 R 10 0 R]/Count 2/MediaBox[0 0 595 842]>>"}}, verify.ChangesOther},
		{"the size of pages", []testpdf.Object{{Number: 2, Body: "<</Type/Pages/Kids[10 0 R]/Count 1/MediaBox[0 0 59 84]>>"}}, verify.ChangesOther},
		{"an unsigned signature field", []testpdf.Object{
			{Number: 3, Body: fmt.Sprintf("<</Fields[4 0 R %d 0 R %d 0 R]/DR<</Font<</Helv 7 0 R>>>>/DA(/Helv 0 Tf 0 g)/SigFlags 3>>", n-2, n)},
			{Number: n, Body: "<</Type/Annot/Subtype/Widget/FT/Sig/T(new)/Rect[0 0 9 9]/P 10 0 R>>"},
		}, verify.ChangesAnnotation},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := m.judge(t, update(good, form, tt.objects...))
			s := r.Signatures[0]
			require.Equal(t, tt.want, s.Changes, "%+v", s.Findings)
			require.Equal(t, tt.want > verify.ChangesAnnotation, s.ChangesAllowed)
			require.Equal(t, tt.want > verify.ChangesAnnotation, r.Intact)
			require.Equal(t, verify.StructureSound, s.Structure)
			require.Equal(t, verify.CryptoValid, s.Crypto)
			switch tt.want {
			case verify.ChangesOther:
				require.Contains(t, codes(s.Findings), "changes.other")
			case verify.ChangesAnnotation:
				require.Contains(t, codes(s.Findings), "changes.forbidden")
			default:
				return
			}
			require.Equal(t, verify.TotalFailed, s.Indication)
			require.Equal(t, verify.FormatFailure, s.SubIndication)
		})
	}
}

// TestDanglingReference fills a reference that led to nothing when it was signed.
func TestDanglingReference(t *testing.T) {
	m := newMaker(t)
	file := testpdf.Contract(1, testpdf.Table)
	file.Objects[0].Body = "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/Names 60 0 R>>"
	signed := m.sign(t, file.Bytes(), entry{})
	r := m.judge(t, update(signed, testpdf.Table, testpdf.Object{Number: 60, Body: "<</JavaScript<</Names[]>>>>"}))
	require.Equal(t, verify.ChangesOther, r.Signatures[0].Changes)
	require.False(t, r.Intact)
}

// TestSeveralPlaces changes an array that has another meaning elsewhere.
func TestSeveralPlaces(t *testing.T) {
	m := newMaker(t)
	file := testpdf.Contract(1, testpdf.Table)
	file.Objects[0].Body = "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/DSS 60 0 R/Other 60 0 R>>"
	file.Objects = append(file.Objects, testpdf.Object{Number: 60, Body: "<<>>"})
	signed := m.sign(t, file.Bytes(), entry{})
	r := m.judge(t, update(signed, testpdf.Table, testpdf.Object{Number: 60, Body: "<</Certs[]>>"}))
	require.Equal(t, verify.ChangesOther, r.Signatures[0].Changes)

	file.Objects[0].Body = "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/DSS 60 0 R>>"
	signed = m.sign(t, file.Bytes(), entry{})
	r = m.judge(t, update(signed, testpdf.Table, testpdf.Object{Number: 60, Body: "<</Certs[]>>"}))
	require.Equal(t, verify.ChangesLTV, r.Signatures[0].Changes, "%+v", r.Signatures[0].Findings)
}

// TestPermissions signs after signatures that allow it, or do not.
func TestPermissions(t *testing.T) {
	m := newMaker(t)
	docMDP := func(p int) string {
		return fmt.Sprintf("/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P %d/V/1.2>>>>]", p)
	}
	fieldMDP := func(action, field string) string {
		return fmt.Sprintf("/Reference[<</Type/SigRef/TransformMethod/FieldMDP/TransformParams<</Action/%s/Fields[(%s)]/V/1.2>>>>]", action, field)
	}
	for _, tt := range []struct {
		name, first string
		next        entry
		allowed     bool
	}{
		{"nothing said", "", entry{field: "B"}, true},
		{"certified without changes", docMDP(1), entry{field: "B"}, false},
		{"certified, a time stamp", docMDP(1), m.timestamp(t), true},
		{"certified for signing", docMDP(2), entry{field: "B"}, true},
		{"certified for annotations", docMDP(3), entry{field: "B"}, true},
		{"certified with nonsense", docMDP(9), entry{field: "B"}, false},
		{"another field locked", fieldMDP("Include", "C"), entry{field: "B"}, true},
		{"this field locked", fieldMDP("Include", "B"), entry{field: "B"}, false},
		{"all locked but this", fieldMDP("Exclude", "B"), entry{field: "B"}, true},
		{"all locked", fieldMDP("All", ""), entry{field: "B"}, false},
		{"locked with nonsense", fieldMDP("Some", "C"), entry{field: "B"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := m.sign(t, contract(testpdf.Table), entry{field: "A", dictionary: tt.first})
			r := m.judge(t, m.sign(t, file, tt.next))
			s := r.Signatures[0]
			require.Equal(t, tt.allowed, s.ChangesAllowed)
			require.Equal(t, tt.allowed, r.Intact)
			if !tt.allowed {
				require.Equal(t, verify.ChangesForm, s.Changes)
				require.Equal(t, verify.TotalFailed, s.Indication)
				require.Equal(t, verify.FormatFailure, s.SubIndication)
				require.Contains(t, codes(s.Findings), "changes.forbidden")
			}
		})
	}
}

// TestFieldLock holds the Lock of a signed field against later values where the
// signature itself says nothing of it.
func TestFieldLock(t *testing.T) {
	m := newMaker(t)
	filled := testpdf.Object{Number: 5, Body: "<</Type/Annot/Subtype/Widget/FT/Tx/Parent 4 0 R/T(name)/V(Biei)/DA(/Helv 11 Tf 0 g)/Rect[72 640 340 660]/F 4/P 10 0 R/AP<</N 6 0 R>>>>"}
	for lock, allowed := range map[string]bool{
		"": true, "/Lock<</Action/All>>": false, "/Lock<</Action/Include/Fields[(party)]>>": false, "/Lock<</Action/Include/Fields[(other)]>>": true,
		"/Lock<</Action/Exclude/Fields[(party.name)]>>": true, "/Lock<</Action/Include/Fields[(other)]/P 1>>": false,
	} {
		file := m.sign(t, contract(testpdf.Table), entry{field: "A", lock: lock})
		s := m.judge(t, update(file, testpdf.Table, filled)).Signatures[0]
		require.Equal(t, verify.ChangesForm, s.Changes, "%+v", s.Findings)
		require.Equal(t, allowed, s.ChangesAllowed, lock)
	}
}

// permissions names the signature that is put on a file next as certification.
func permissions(file []byte) string {
	return fmt.Sprintf("/Perms<</DocMDP %d 0 R>>", testpdf.LastSize(file)+1)
}

// TestAdditions lists what was added after a certification, and what it covers.
func TestAdditions(t *testing.T) {
	m := newMaker(t)
	certified := "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 3/V/1.2>>>>]"
	signed := m.sign(t, contract(testpdf.Table), entry{field: "A", dictionary: certified, rect: "400 60 560 110", catalog: permissions(contract(testpdf.Table))})
	n := testpdf.LastSize(signed)
	note := func(rect, more string) testpdf.Object {
		return testpdf.Object{Number: n, Body: "<</Type/Annot/Subtype/Stamp/Rect[" + rect + "]/P 10 0 R" + more + ">>"}
	}
	page := testpdf.Object{Number: 10, Body: fmt.Sprintf("<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 7 0 R>>>>/Contents 11 0 R/Annots[5 0 R %d 0 R %d 0 R]>>", n-2, n)}
	for _, tt := range []struct {
		rect, more, overlaps string
		codes                []string
	}{
		{"10 10 50 50", "", "", nil},
		{"72 700 200 720", "", "content", []string{"changes.covers"}},
		{"390 50 410 70", "", "signature", []string{"changes.covers"}},
		{"10 10 50 50", "/F 2", "", []string{"changes.hidden"}},
		{"10 10 50 50", "/CA 0", "", []string{"changes.hidden"}},
		{"0 0 0 0", "", "", nil},
	} {
		r := m.judge(t, update(signed, testpdf.Table, note(tt.rect, tt.more), page))
		s := r.Signatures[0]
		require.True(t, s.Intact, "%+v", s.Findings)
		require.Equal(t, verify.ChangesAnnotation, s.Changes)
		require.Len(t, s.Additions, 1)
		a := s.Additions[0]
		require.Equal(t, []any{3, "annotation", "Stamp", 1, tt.overlaps, ""}, []any{a.Revision, a.Kind, a.Subtype, a.Page, a.Overlaps, a.SignedBy})
		require.Equal(t, tt.codes, codes(s.Findings), tt)
	}
	file := m.sign(t, update(signed, testpdf.Table, note("10 10 50 50", ""), page), entry{field: "B", annots: fmt.Sprintf(" %d 0 R", n)})
	s := m.judge(t, file).Signatures[0]
	require.True(t, s.Intact, "%+v", s.Findings)
	require.Len(t, s.Additions, 2)
	require.Equal(t, "B", s.Additions[0].SignedBy, "a later signature covers it")
	require.Equal(t, "signature", s.Additions[1].Kind)
}

// TestManyRevisions judges a history longer than a report can list.
func TestManyRevisions(t *testing.T) {
	m := newMaker(t)
	file := m.sign(t, contract(testpdf.Table), entry{})
	for i := range 40 {
		file = update(file, testpdf.Table, testpdf.Object{Number: 11, Body: "<<>>", Data: fmt.Append(nil, i)})
	}
	s := m.judge(t, file).Signatures[0]
	require.Equal(t, verify.ChangesOther, s.Changes)
	count := 0
	for _, c := range codes(s.Findings) {
		if c == "changes.other" {
			count++
		}
	}
	require.Equal(t, 15, count)
	require.Contains(t, codes(s.Findings), "changes.more")
}
