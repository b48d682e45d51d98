package pdf

import (
	"bytes"
	"strings"
	"testing"
)

// signedLike returns a file of about 100 KB with a form whose signature has
// 16 KB of contents, in the form that the writer of this project uses.
func signedLike() []byte {
	b := newBuilder().object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>").object(2, pages).object(3, page)
	b.object(5, "<</Fields[6 0 R]/SigFlags 3>>")
	for n := int64(10); n < 40; n++ {
		b.stream(n, "", bytes.Repeat([]byte("0 0 m 10 10 l S\n"), 150))
	}
	b.table("")
	b.object(6, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature1)/F 132/Rect[0 0 0 0]/P 3 0 R/V 7 0 R>>")
	b.object(7, "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 80000 100000 200]/Contents<"+
		strings.Repeat("30", 2000)+strings.Repeat("00", 6000)+">/M(D:20260102030405Z)>>")
	return b.table("").Bytes()
}

func BenchmarkOpen100KB(b *testing.B) {
	data := signedLike()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := openBytes(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenForm100KB(b *testing.B) {
	data := signedLike()
	b.ReportAllocs()
	for b.Loop() {
		f, err := openBytes(data)
		if err != nil {
			b.Fatal(err)
		}
		v := f.Latest()
		c, err := v.Catalog()
		if err != nil {
			b.Fatal(err)
		}
		form, err := v.Dict(c.Dict().Get("AcroForm"))
		if err != nil {
			b.Fatal(err)
		}
		fields, err := v.Array(form.Get("Fields"))
		if err != nil || fields.Len() != 1 {
			b.Fatal(err)
		}
		field, err := v.Dict(fields.Items[0])
		if err != nil {
			b.Fatal(err)
		}
		sig, err := v.Dict(field.Get("V"))
		if err != nil || !sig.Has("Contents") {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenStreams(b *testing.B) {
	data := oneCompressedPage().crossStream(5, "").Bytes()
	b.ReportAllocs()
	for b.Loop() {
		f, err := openBytes(data)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := f.Latest().Catalog(); err != nil {
			b.Fatal(err)
		}
	}
}
