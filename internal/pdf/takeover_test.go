package pdf_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpdf"
)

// readAll reads every object of a file.
func readAll(t *testing.T, f *pdf.File) map[int64]*pdf.Indirect {
	out := make(map[int64]*pdf.Indirect)
	for e := range f.Latest().Entries() {
		if e.Kind == pdf.Free {
			continue
		}
		o, err := f.Latest().Object(pdf.Reference{Number: e.Number, Generation: e.Generation})
		require.NoError(t, err)
		out[e.Number] = o
	}
	require.Greater(t, len(out), 5)
	return out
}

// TestTakeOver: what was read of a file is what stands in it after bytes were appended, in
// every form of cross-references.
func TestTakeOver(t *testing.T) {
	for _, form := range testpdf.Forms {
		t.Run(fmt.Sprint(form), func(t *testing.T) {
			first := testpdf.Contract(2, form).Bytes()
			update := testpdf.File{Form: form, Trailer: "/Root 1 0 R", Objects: []testpdf.Object{{Number: 7, Body: "(new)"}, {Number: 60, Body: "(more)"}}}
			whole := update.Append(first)
			before, err := pdf.Open(bytes.NewReader(first), int64(len(first)), nil)
			require.NoError(t, err)
			old := readAll(t, before)
			plain, err := pdf.Open(bytes.NewReader(whole), int64(len(whole)), nil)
			require.NoError(t, err)
			f, err := pdf.Open(bytes.NewReader(whole), int64(len(whole)), &pdf.Options{Before: before})
			require.NoError(t, err)
			want, got := readAll(t, plain), readAll(t, f)
			require.Equal(t, want, got)
			require.Equal(t, plain.Anomalies(), f.Anomalies())
			shared := 0
			for number, o := range got {
				if o == old[number] {
					shared++
				}
			}
			require.Greater(t, shared, 3, "objects that are the same are not read again")
			require.NotSame(t, old[7], got[7])
		})
	}
}

// TestNothingOddIsTakenOver: what is odd about a file is found out anew.
func TestNothingOddIsTakenOver(t *testing.T) {
	sound := testpdf.Contract(1, testpdf.Table).Bytes()
	update := testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{{Number: 60, Body: "(more)"}}}
	other := testpdf.Contract(3, testpdf.Table).Bytes()
	odd := bytes.Replace(sound, []byte("endobj"), []byte("endobx"), 1)
	require.NotEqual(t, sound, odd)
	encrypted := testpdf.Contract(1, testpdf.Table).Encrypted(testpdf.Encryption{Revision: 4, User: "", Owner: "owner"})
	change := update
	change.Encrypt = encrypted.Encrypt
	for name, c := range map[string]struct{ before, whole []byte }{
		"the same file":  {sound, sound},
		"a longer one":   {update.Append(sound), sound},
		"another one":    {other, update.Append(sound)},
		"an anomaly":     {odd, update.Append(odd)},
		"damage":         {sound, append(update.Append(sound), "5 0 obj (x) endobj startxref 9 %%EOF"...)},
		"repaired":       {bytes.Replace(sound, []byte("startxref"), []byte("startxxxx"), 1), update.Append(sound)},
		"encrypted":      {encrypted.Bytes(), change.Append(encrypted.Bytes())},
		"trailing bytes": {append(bytes.Clone(sound), strings.Repeat("x", 99)...), update.Append(sound)},
	} {
		t.Run(name, func(t *testing.T) {
			before, err := pdf.Open(bytes.NewReader(c.before), int64(len(c.before)), nil)
			require.NoError(t, err)
			old := make(map[*pdf.Indirect]bool)
			for _, o := range readAll(t, before) {
				old[o] = true
			}
			plain, err := pdf.Open(bytes.NewReader(c.whole), int64(len(c.whole)), nil)
			require.NoError(t, err)
			f, err := pdf.Open(bytes.NewReader(c.whole), int64(len(c.whole)), &pdf.Options{Before: before})
			require.NoError(t, err)
			want, got := readAll(t, plain), readAll(t, f)
			require.Equal(t, want, got)
			require.Equal(t, plain.Anomalies(), f.Anomalies())
			for _, o := range got {
				require.False(t, old[o], "object %v", o.Ref)
			}
		})
	}
}
