package pades_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

// altered is a contract some of whose objects have been changed, signed by somebody.
func (h *house) altered(t testing.TB, form testpdf.Form, level pades.Level, alter func(*testpdf.File)) []byte {
	t.Helper()
	f := testpdf.Contract(1, form)
	alter(&f)
	data := f.Bytes()
	d := h.document(t, data)
	require.NoError(t, d.Sign(t.Context(), h.signer, h.options(level)))
	return content(t, d)
}

// inObject puts entries into a dictionary of a file.
func inObject(f *testpdf.File, number int, entries string) {
	for i := range f.Objects {
		if o := &f.Objects[i]; o.Number == number {
			o.Body = strings.Replace(o.Body, "<<", "<<"+entries, 1)
		}
	}
}

// Where another entry of the catalog, or an entry of the trailer that nobody knows, leads
// to what an update must change, that is written apart, or stays what it was: signing
// again, raising and renewing leave earlier signatures intact.
func TestKeepsIntact(t *testing.T) {
	for name, alter := range map[string]func(*testpdf.File){
		"the form":         func(f *testpdf.File) { inObject(f, 1, "/Other 3 0 R") },
		"the form, deeper": func(f *testpdf.File) { inObject(f, 1, "/Other<</Deep[<</A 3 0 R>>]>>") },
		"its fields": func(f *testpdf.File) {
			inObject(f, 1, "/Other 70 0 R")
			for i := range f.Objects {
				if o := &f.Objects[i]; o.Number == 3 {
					o.Body = strings.Replace(o.Body, "[4 0 R]", " 70 0 R", 1)
				}
			}
			f.Objects = append(f.Objects, plain(70, "[4 0 R]"))
		},
		"the form, by an unknown entry": func(f *testpdf.File) { f.Trailer += "/Other 3 0 R" },
		"an unknown entry":              func(f *testpdf.File) { f.Trailer += "/Other 7 0 R" },
		"an unknown entry for nothing":  func(f *testpdf.File) { f.Trailer += "/Other 999 0 R" },
		"the security store": func(f *testpdf.File) {
			inObject(f, 1, "/DSS 71 0 R/Other 71 0 R")
			f.Objects = append(f.Objects, plain(71, "<</Certs[]>>"))
		},
		"by way of another": func(f *testpdf.File) {
			inObject(f, 1, "/Other 72 0 R")
			for i := range f.Objects {
				if o := &f.Objects[i]; o.Number == 1 {
					o.Body = strings.Replace(o.Body, "/AcroForm 3 0 R", "/AcroForm 72 0 R", 1)
				}
			}
			f.Objects = append(f.Objects, plain(72, "3 0 R"))
		},
	} {
		for _, form := range testpdf.Forms {
			t.Run(fmt.Sprint(name, " ", form), func(t *testing.T) {
				h := newHouse(t)
				data := h.altered(t, form, pades.BB, alter)
				require.True(t, h.judge(t, data, h.PKI.Now()).Intact)
				d := h.document(t, data)
				if !strings.Contains(name, "unknown") { // what people see must not change there
					other := h.issue(t, &testpki.Request{Subject: testpki.Person("鈴木一郎"), Role: testpki.OtherRole})
					require.NoError(t, d.Sign(t.Context(), other, h.options(pades.BT)))
				}
				for range 2 {
					require.NoError(t, d.Extend(t.Context(), h.extension(pades.BLTA)))
				}
				h.passes(t, content(t, d), h.PKI.Now(), pades.BLTA)
			})
		}
	}
}

// Where that cannot be told from catalog and trailer, raising is refused by name and before
// anything is bought, unless it is asked for all the same.
func TestExtendRefusesToBreak(t *testing.T) {
	h := newHouse(t)
	odd := func(f *testpdf.File) { inObject(f, 10, "/Other 3 0 R") } // a page leads to the form
	for _, level := range []pades.Level{pades.BB, pades.BT} {
		data := h.altered(t, testpdf.Table, level, odd)
		require.True(t, h.judge(t, data, h.PKI.Now()).Intact)
		stamps := h.Stamps()
		d := h.document(t, data)
		for _, known := range []bool{false, true} {
			o := h.extension(pades.BLTA)
			o.Intact = known
			err := d.Extend(t.Context(), o)
			require.ErrorIs(t, err, pades.ErrNotPermitted)
			require.ErrorContains(t, err, "object 3 was changed, and object 10")
			require.Equal(t, data, content(t, d))
			require.Equal(t, stamps, h.Stamps())
		}

		o := h.extension(pades.BLTA)
		o.IgnoreSignatures = true
		require.NoError(t, d.Extend(t.Context(), o))
		require.False(t, h.judge(t, content(t, d), h.PKI.Now()).Intact)

		// What was not intact before is no reason.
		d = h.document(t, content(t, d))
		require.NoError(t, d.Extend(t.Context(), h.extension(pades.BLTA)))
	}

	// In an encrypted file the form cannot be moved.
	f := testpdf.Contract(1, testpdf.Table)
	inObject(&f, 1, "/Other 3 0 R")
	data := f.Encrypted(testpdf.Encryption{Revision: 4, Owner: "owner", Permissions: -4, Metadata: true, ID: bytes.Repeat([]byte{0x5a}, 16)}).Bytes()
	d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), &pades.OpenOptions{Now: h.PKI.Now})
	require.NoError(t, err)
	require.NoError(t, d.Sign(t.Context(), h.signer, nil), "nobody signed it before")
	require.ErrorIs(t, d.Sign(t.Context(), h.signer, nil), pades.ErrEncrypted)
}

// References that lead on and on are followed so far, and no further.
func TestLeadsElsewhereLimit(t *testing.T) {
	h := newHouse(t)
	for deep, same := range map[int]bool{10: true, 40: false} {
		data := h.altered(t, testpdf.Table, pades.BB, func(f *testpdf.File) {
			inObject(f, 1, "/Other"+strings.Repeat("[", deep)+strings.Repeat("]", deep))
		})
		catalog, err := open(t, data).Latest().Catalog()
		require.NoError(t, err)
		form, _ := catalog.Dict().Get("AcroForm").(pdf.Reference)
		require.EqualValues(t, 3, form.Number)
		extended := h.extend(t, data, pades.BLTA)
		catalog, err = open(t, extended).Latest().Catalog()
		require.NoError(t, err)
		form, _ = catalog.Dict().Get("AcroForm").(pdf.Reference)
		require.Equal(t, same, form.Number == 3, "what is too deep may lead anywhere")
		require.True(t, h.judge(t, extended, h.PKI.Now()).Intact)
	}
}
