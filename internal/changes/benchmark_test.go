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

// signedTwice is a contract of that many pages with two signatures.
func signedTwice(pages int, form testpdf.Form) []byte {
	file := testpdf.Contract(pages, form).Bytes()
	for i := range 2 {
		n := testpdf.LastSize(file)
		fields, annots := "4 0 R", "5 0 R"
		if i == 1 {
			fields += fmt.Sprintf(" %d 0 R", n-2-int(form%2))
			annots += fmt.Sprintf(" %d 0 R", n-2-int(form%2))
		}
		file = testpdf.File{Form: form, Trailer: trailer, Objects: objects(
			3, fmt.Sprintf("<</Fields[%s %d 0 R]/DR<</Font<</Helv 7 0 R>>>>/DA(/Helv 0 Tf 0 g)/SigFlags 3>>", fields, n),
			10, fmt.Sprintf("<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 7 0 R>>>>/Contents 11 0 R/Annots[%s %d 0 R]>>", annots, n),
			n, fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Sig/T(s%d)/Rect[0 0 9 9]/P 10 0 R/V %d 0 R>>", n, n+1),
			n+1, dictionary)}.Append(file)
	}
	return file
}

// opened opens a file and reads the forms of its revisions.
func opened(tb testing.TB, file []byte) (*pdf.File, func(int) *sigdict.Form) {
	f, err := pdf.Open(bytes.NewReader(file), int64(len(file)), nil)
	require.NoError(tb, err)
	return f, func(revision int) *sigdict.Form {
		form, err := sigdict.Find(f.View(revision))
		require.NoError(tb, err)
		return form
	}
}

// BenchmarkParse5000Pages reads every object of a file once: what the analysis
// of changes is measured against.
func BenchmarkParse5000Pages(b *testing.B) {
	file := signedTwice(5000, testpdf.Table)
	b.ReportAllocs()
	for b.Loop() {
		f, _ := opened(b, file)
		view := f.Latest()
		for e := range view.Entries() {
			if _, err := view.Object(pdf.Reference{Number: e.Number, Generation: e.Generation}); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkChanges5000Pages says what the second of two signatures changed.
func BenchmarkChanges5000Pages(b *testing.B) {
	file := signedTwice(5000, testpdf.Table)
	b.ReportAllocs()
	for b.Loop() {
		f, forms := opened(b, file)
		if r := changes.NewHistory(f, forms).Compare(3); r.Kind != changes.Form {
			b.Fatal(reason(r))
		}
	}
}

// BenchmarkChangesRevisions compares files of more and more revisions, each of
// which fills in a field.
func BenchmarkChangesRevisions(b *testing.B) {
	for _, revisions := range []int{10, 100, 1000} {
		file := testpdf.Contract(1, testpdf.Table).Bytes()
		for i := range revisions {
			file = testpdf.File{Trailer: trailer, Objects: objects(5, fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Tx/Parent 4 0 R/T(name)/V(%d)/DA(/Helv 11 Tf 0 g)/Rect[72 640 340 660]/F 4/P 10 0 R/AP<</N 6 0 R>>>>", i))}.Append(file)
		}
		b.Run(fmt.Sprint(revisions), func(b *testing.B) {
			for b.Loop() {
				f, forms := opened(b, file)
				h := changes.NewHistory(f, forms)
				for r := 2; r <= len(f.Revisions); r++ {
					if result := h.Compare(r); result.Kind != changes.Form {
						b.Fatal(reason(result))
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*revisions), "ns/revision")
		})
	}
}

// BenchmarkChangesArchived compares the revisions of a contract that was signed, given
// validation data and stamped, where all else of the file is read already.
func BenchmarkChangesArchived(b *testing.B) {
	file := testpdf.File{Trailer: trailer, Objects: objects(
		1, "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R>>",
		3, "<</Fields[4 0 R 12 0 R]/DR<</Font<</Helv 7 0 R>>>>/DA(/Helv 0 Tf 0 g)/SigFlags 3>>",
		10, "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 7 0 R>>>>/Contents 11 0 R/Annots[5 0 R 12 0 R]>>",
		12, "<</Type/Annot/Subtype/Widget/FT/Sig/T(s12)/F 132/Rect[0 0 0 0]/P 10 0 R/V 13 0 R>>",
		13, dictionary)}.Append(testpdf.Contract(1, testpdf.Table).Bytes())
	file = testpdf.File{Trailer: trailer, Objects: objects(
		1, "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/DSS<</Certs[14 0 R]/OCSPs[]/CRLs[15 0 R 16 0 R]>>>>",
		14, "<</Length 4>>\nstream\ncert\nendstream", 15, "<</Length 4>>\nstream\ncrl1\nendstream", 16, "<</Length 4>>\nstream\ncrl2\nendstream")}.Append(file)
	file = testpdf.File{Trailer: trailer, Objects: objects(
		3, "<</Fields[4 0 R 12 0 R 17 0 R]/DR<</Font<</Helv 7 0 R>>>>/DA(/Helv 0 Tf 0 g)/SigFlags 3>>",
		10, "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 7 0 R>>>>/Contents 11 0 R/Annots[5 0 R 12 0 R 17 0 R]>>",
		17, "<</Type/Annot/Subtype/Widget/FT/Sig/T(s17)/F 132/Rect[0 0 0 0]/P 10 0 R/V 18 0 R>>",
		18, strings.Replace(dictionary, "/Sig", "/DocTimeStamp/SubFilter/ETSI.RFC3161", 1))}.Append(file)
	f, forms := opened(b, file)
	known := make([]*sigdict.Form, len(f.Revisions)+1)
	for r := range f.Revisions {
		known[r+1] = forms(r + 1)
	}
	b.ReportAllocs()
	for b.Loop() {
		h := changes.NewHistory(f, func(revision int) *sigdict.Form { return known[revision] })
		for r := 3; r <= 4; r++ {
			if result := h.Compare(r); result.Kind != changes.LTV {
				b.Fatal(reason(result))
			}
		}
	}
}
