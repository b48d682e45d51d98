package pades_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/pades"
)

// FuzzAmend amends files into which other bytes were written anywhere: it neither panics
// nor changes a byte that is there; after an error the document is as it was, and after
// none the stamps are on the pages and the files among the attachments.
func FuzzAmend(f *testing.F) {
	existing := testpdf.Contract(2, testpdf.Table)
	existing.Objects[0].Body = existing.Objects[0].Body[:len(existing.Objects[0].Body)-2] + "/Names 60 0 R/AF[61 0 R]/Metadata 63 0 R/Lang(en)>>"
	existing.Objects = append(existing.Objects, plain(60, "<</EmbeddedFiles<</Kids[62 0 R]>>>>"), plain(61, "<</Type/Filespec/F(b)/EF<</F 64 0 R>>>>"),
		plain(62, "<</Limits[(b)(b)]/Names[(b) 61 0 R]>>"), testpdf.Object{Number: 64, Body: "<</Type/EmbeddedFile>>", Data: []byte("b")},
		testpdf.Object{Number: 63, Body: "<</Type/Metadata/Subtype/XML>>", Data: []byte(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF>`)})
	files := [][]byte{
		testpdf.Contract(2, testpdf.Table).Bytes(), testpdf.Contract(2, testpdf.Stream).Bytes(), testpdf.Contract(2, testpdf.Hybrid).Bytes(),
		existing.Bytes(), existing.Encrypted(testpdf.Encryption{Revision: 4, Permissions: -4}).Bytes(),
		shared("/Contents 8 0 R", "/Resources 11 0 R"), shared("/Contents[14 0 R]", ""), archival("3"),
	}
	seeds := 0
	for i, data := range files {
		for _, name := range []string{"/Contents", "/Resources", "/Kids", "/Names", "/Limits", "/AF", "/Info", "/Metadata", "rdf:RDF", "/XObject", " Tj", "/Parent", "/MediaBox", "q 2 0"} {
			for at := 0; ; at++ {
				next := bytes.Index(data[at:], []byte(name))
				if next < 0 {
					break
				}
				at += next
				f.Add(uint8(i), uint32(at), []byte(name))
				seeds++
			}
		}
	}
	require.Greater(f, seeds, 50)
	f.Fuzz(func(t *testing.T, file uint8, at uint32, patch []byte) {
		data := bytes.Clone(files[int(file)%len(files)])
		copy(data[int64(at)%int64(len(data)):], patch)
		d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), fixed)
		if err != nil {
			return
		}
		a := everything()
		a.Stamps[0].Pages = []int{1}
		a.IgnorePermissions, a.IgnoreSignatures = true, true
		err = d.Amend(t.Context(), a)
		after := content(t, d)
		if err != nil {
			require.True(t, bytes.Equal(data, after))
			return
		}
		require.True(t, bytes.HasPrefix(after, data))
		again, err := pades.NewDocument(bytes.NewReader(after), int64(len(after)), fixed)
		require.NoError(t, err)
		require.ErrorIs(t, again.Amend(t.Context(), a), pades.ErrOptions, "the file is attached already")
		a.Attachments = nil
		require.NoError(t, again.Amend(t.Context(), a))
		if attached, err := again.Attachments(); err == nil { // not where somebody else's file cannot be read
			require.Condition(t, func() bool {
				for _, file := range attached {
					if file.Name == "manifest.json" && string(file.Data) == "{}" {
						return true
					}
				}
				return false
			})
		}
	})
}
