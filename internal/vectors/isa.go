package vectors

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/inkan-go/inkan/internal/testpdf"
)

// evil are objects that show another page: the content stream of the first
// page (object 11 of testpdf.Contract) replaced.
var evil = []testpdf.Object{{Number: 11, Body: "<<>>", Data: []byte("BT /F1 18 Tf 72 770 Td (The contractor is paid 1000000 yen.) Tj ET")}}

// increments returns the incremental saving attacks of attacks.md §2: what each
// appends behind a signed file of the given form.
func increments(form testpdf.Form) []damage {
	update := func(p placed) []byte {
		return testpdf.File{Form: form, Objects: evil, Trailer: "/Root 1 0 R"}.Append(p.data)
	}
	objects := func(p placed) []byte { // objects alone, with neither section nor trailer
		out := bytes.Clone(p.data)
		return fmt.Appendf(out, "11 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n", len(evil[0].Data), evil[0].Data)
	}
	startXRef := func(file []byte, offset int64) []byte {
		return fmt.Appendf(file, "startxref\n%d\n%%%%EOF\n", offset)
	}
	return []damage{
		{"update", update},
		{"no-section", func(p placed) []byte {
			return startXRef(append(objects(p), "trailer\n<</Root 1 0 R>>\n"...), testpdf.LastStartXRef(p.data))
		}},
		{"startxref-plus-one", func(p placed) []byte {
			return startXRef(append(objects(p), "trailer\n<</Root 1 0 R>>\n"...), testpdf.LastStartXRef(p.data)+1)
		}},
		{"no-entries", func(p placed) []byte {
			out := objects(p)
			at := int64(len(out))
			out = append(out, "xref\n0 0\ntrailer\n<</Root 1 0 R>>\n"...)
			return startXRef(out, at)
		}},
		{"no-entries-no-eof", func(p placed) []byte {
			out := objects(p)
			at := len(out)
			return fmt.Appendf(out, "xref\ntrailer\n<</Root 1 0 R>>\nstartxref\n%d\n", at)
		}},
		{"trailer-only", func(p placed) []byte {
			out := objects(p)
			at := int64(len(out))
			return startXRef(append(out, "trailer\n<</Root 1 0 R>>\n"...), at)
		}},
		{"eof-only", func(p placed) []byte { return append(objects(p), "%%EOF\n"...) }},
		{"objects-only", objects},
		{"copied-dictionary", func(p placed) []byte {
			from, to := p.dictionary()
			out := append(objects(p), p.data[from:to]...)
			return append(out, "\n%%EOF\n"...)
		}},
		{"missing-eof", func(p placed) []byte {
			out := update(p)
			return out[:bytes.LastIndex(out, []byte("%%EOF"))]
		}},
		{"missing-startxref", func(p placed) []byte {
			out := update(p)
			return out[:bytes.LastIndex(out, []byte("startxref"))]
		}},
		{"short-size", func(p placed) []byte {
			out := update(p)
			at := bytes.LastIndex(out, []byte("/Size "))
			return append(append(bytes.Clone(out[:at]), "/Size 00003"...), out[at+len("/Size ")+digits(out[at+len("/Size "):]):]...)
		}},
	}
}

func digits(b []byte) int {
	return len(b) - len(strings.TrimLeft(string(b), "0123456789"))
}
