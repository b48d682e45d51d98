package vectors

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/verify"
)

// described is an update that every signature permits.
func described(form testpdf.Form) testpdf.File {
	return testpdf.File{Form: form, Trailer: "/Root 1 0 R/Info 8 0 R", Objects: []testpdf.Object{{Number: 8, Body: "<</Title(Second edition)>>"}}}
}

// misled are signed contracts with an update that changes nothing but the
// description of the file, written so that some readers show something else.
func misled() []*Vector {
	ltv, ambiguous := earlier, earlier
	ltv.Changes = verify.ChangesLTV
	ambiguous.Structure, ambiguous.Indication, ambiguous.SubIndication = verify.StructureRepaired, verify.Indeterminate, verify.SigConstraintsFailure
	ambiguous.Any = []string{"changes"}
	doubtful := Expect{Indication: verify.Indeterminate, Signatures: []Signature{ambiguous}}
	var all []*Vector
	for _, form := range testpdf.Forms {
		add := func(what, source string, e Expect, build func(m *Maker) ([]byte, error)) {
			all = append(all, &Vector{File: fmt.Sprintf("reader-%s-%s.pdf", what, form), Source: source + " (" + form.String() + ")", Expect: e, build: build})
		}
		updated := func(change func(data []byte) []byte) func(m *Maker) ([]byte, error) {
			return func(m *Maker) ([]byte, error) {
				signed, err := signedContract(form)(m)
				if err != nil {
					return nil, err
				}
				return change(described(form).Append(signed)), nil
			}
		}
		add("update", "a signed contract with another title", allPassed(ltv), updated(func(data []byte) []byte { return data }))
		add("size", "a signed contract with another title, and a /Size that leaves out its page", doubtful, updated(func(data []byte) []byte {
			at := bytes.LastIndex(data, []byte("/Size "))
			return append(append(bytes.Clone(data[:at]), "/Size 09"...), data[at+len("/Size ")+digits(data[at+len("/Size "):]):]...)
		}))
		add("prev", "a signed contract with another title, and a /Prev that passes over the signed revision", Expect{Indication: verify.Indeterminate, Signatures: []Signature{}}, updated(func(data []byte) []byte {
			at := bytes.LastIndex(data, []byte("/Prev "))
			old := testpdf.LastStartXRef(testpdf.Contract(1, form).Bytes())
			return append(fmt.Appendf(bytes.Clone(data[:at]), "/Prev %0*d", digits(data[at+len("/Prev "):]), old), data[at+len("/Prev ")+digits(data[at+len("/Prev "):]):]...)
		}))
		add("linearized", "a linearized contract, signed, with another title", allPassed(ltv), linearized(form, false))
		add("linearized-length", "a contract with a linearization dictionary that names the length it has after the update", doubtful, linearized(form, true))
	}
	return append(all, inStreams(doubtful), movedStart(), shortSection(), twoSections(doubtful), mutant("reader-entry-twice-table.pdf", "a signed contract and an update whose section lists the page's content twice, as it was and as it is not",
		doubtful, signedContract(testpdf.Table), func(p placed) []byte {
			was := testpdf.MustIndex(p.data, "\n11 0 obj", 0) + 1
			is := len(p.data)
			out := fmt.Appendf(bytes.Clone(p.data), "11 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n", len(evil[0].Data), evil[0].Data)
			return fmt.Appendf(out, "xref\n11 1\n%010d 00000 n \n11 1\n%010d 00000 n \ntrailer\n<</Size %d/Root 1 0 R/Info 8 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n",
				was, is, testpdf.LastSize(p.data), testpdf.LastStartXRef(p.data), len(out))
		}))
}

// linearized builds a signed and updated contract that begins with a
// linearization dictionary (annex F.3.3). A false one names the length of the
// whole: readers that trust it begin with the first section of the file.
func linearized(form testpdf.Form, forged bool) func(m *Maker) ([]byte, error) {
	return func(m *Maker) ([]byte, error) {
		build := func(length int) ([]byte, int, error) {
			f := testpdf.Contract(1, form)
			f.Objects = append([]testpdf.Object{{Number: 50, Plain: true, Body: fmt.Sprintf("<</Linearized 1/L %010d/O 10/N 1>>", length)}}, f.Objects...)
			whole := f.Bytes()
			signed, err := m.Sign(whole, testpki.RSA2048, cms.Algorithm{}, nil)
			return described(form).Append(signed), len(whole), err
		}
		data, whole, err := build(0)
		if err != nil {
			return nil, err
		}
		if !forged {
			data, _, err = build(whole)
		} else {
			data, _, err = build(len(data))
		}
		return data, err
	}
}

const honestFont, symbols = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>", "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"

// inObjectStream appends an update whose object stream has a header and a body,
// and in which object 7 stands at an index.
func inObjectStream(data []byte, header, body, first string, at int, more ...testpdf.Object) []byte {
	number := testpdf.LastSize(data)
	prev := testpdf.LastStartXRef(data)
	out := bytes.Clone(data)
	if last := out[len(out)-1]; last != '\n' {
		out = append(out, '\n')
	}
	var rows, index bytes.Buffer
	row := func(object int, kind byte, a, b int) {
		fmt.Fprintf(&index, "%d 1 ", object)
		rows.Write([]byte{kind, byte(a >> 16), byte(a >> 8), byte(a), byte(b)})
	}
	row(7, 2, number, at)
	row(number, 1, len(out), 0)
	out = fmt.Appendf(out, "%d 0 obj\n<</Type/ObjStm/N %d/First %s/Length %d>>\nstream\n%s%s\nendstream\nendobj\n",
		number, strings.Count(header, " ")/2, first, len(header)+len(body), header, body)
	size := number + 2
	for _, o := range more {
		row(o.Number, 1, len(out), 0)
		out = fmt.Appendf(out, "%d 0 obj\n%s\nendobj\n", o.Number, o.Body)
		size = max(size, o.Number+1)
	}
	row(number+1, 1, len(out), 0)
	return fmt.Appendf(out, "%d 0 obj\n<</Type/XRef/Size %d/Root 1 0 R/Info 8 0 R/Prev %d/W[1 3 1]/Index[%s]/Length %d>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n",
		number+1, size, prev, index.String(), rows.Len(), rows.String(), len(out))
}

// inStreams has an object stream that holds the font twice: readers that go by
// the number and readers that go by the index show different letters.
func inStreams(e Expect) *Vector {
	return mutant("reader-object-twice-stream.pdf", "a signed contract and an update whose object stream holds the font twice, as it was and as another one",
		e, signedContract(testpdf.Stream), func(p placed) []byte {
			header := fmt.Sprintf("7 0 7 %d ", len(symbols)+1)
			return inObjectStream(p.data, header, symbols+"\n"+honestFont, fmt.Sprint(len(header)), 1)
		})
}

// movedStart has an object stream whose First is an object of its own, which the
// update writes anew: the objects in the stream become others.
func movedStart() *Vector {
	other := earlier
	other.Changes, other.Indication, other.SubIndication = verify.ChangesOther, verify.TotalFailed, verify.FormatFailure
	other.Any = []string{"structure"}
	const start = 99
	return &Vector{File: "reader-object-stream-start-stream.pdf", Expect: failed(other),
		Source: "a signed contract and an update that moves where the objects of an object stream start",
		build: func(m *Maker) ([]byte, error) {
			contract := testpdf.Contract(1, testpdf.Stream).Bytes()
			data := inObjectStream(contract, "7 0 ", honestFont+" "+symbols, fmt.Sprintf("%d 0 R", start), 0, testpdf.Object{Number: start, Body: "4"})
			signed, err := m.Sign(data, testpki.RSA2048, cms.Algorithm{}, nil)
			if err != nil {
				return nil, err
			}
			return testpdf.File{Form: testpdf.Stream, Trailer: "/Root 1 0 R/Info 8 0 R",
				Objects: []testpdf.Object{{Number: start, Body: fmt.Sprint(4 + len(honestFont) + 1), Plain: true}}}.Append(signed), nil
		}}
}

// twoSections has a hybrid section whose table lists the font where it was, and
// whose stream lists another one: readers disagree about which of them counts.
func twoSections(e Expect) *Vector {
	return mutant("reader-two-sections-hybrid.pdf", "a signed contract and an update whose /XRefStm lists another font than its table",
		e, signedContract(testpdf.Hybrid), func(p placed) []byte {
			number, was := testpdf.LastSize(p.data), testpdf.MustIndex(p.data, "\n7 0 obj", 0)+1
			at := len(p.data)
			out := fmt.Appendf(bytes.Clone(p.data), "%d 0 obj\n<</Type/ObjStm/N 1/First 4/Length %d>>\nstream\n7 0 %s\nendstream\nendobj\n", number, 4+len(symbols), symbols)
			stream := len(out)
			rows := []byte{2, byte(number >> 8), byte(number), 0}
			out = fmt.Appendf(out, "%d 0 obj\n<</Type/XRef/Size %d/W[1 2 1]/Index[7 1]/Length %d>>\nstream\n%s\nendstream\nendobj\n", number+1, number+2, len(rows), rows)
			return fmt.Appendf(out, "xref\n7 1\n%010d 00000 n \n%d 2\n%010d 00000 n \n%010d 00000 n \ntrailer\n<</Size %d/Root 1 0 R/Info 8 0 R/Prev %d/XRefStm %d>>\nstartxref\n%d\n%%%%EOF\n",
				was, number, at, stream, number+2, testpdf.LastStartXRef(p.data), stream, len(out))
		})
}

// shortSection has a cross-reference stream in what is signed whose Length is an
// object of its own, which the update makes smaller: readers that believe it find
// the font as it was before that section.
func shortSection() *Vector {
	other := earlier
	other.Changes, other.Indication, other.SubIndication = verify.ChangesOther, verify.TotalFailed, verify.FormatFailure
	other.Any = []string{"structure"}
	const length, section = 70, 71
	return &Vector{File: "reader-section-length-table.pdf", Expect: failed(other),
		Source: "a signed contract and an update that shortens a cross-reference stream that was signed",
		build: func(m *Maker) ([]byte, error) {
			contract := testpdf.Contract(1, testpdf.Table)
			contract.Objects[6].Body = symbols
			data := contract.Bytes()
			prev := testpdf.LastStartXRef(data)
			font := len(data)
			data = fmt.Appendf(data, "7 0 obj\n%s\nendobj\n", honestFont)
			number := len(data)
			data = fmt.Appendf(data, "%d 0 obj\n12\nendobj\n", length)
			at := len(data)
			var rows []byte
			for _, offset := range []int{font, number, at} {
				rows = append(rows, 1, byte(offset>>8), byte(offset), 0)
			}
			data = fmt.Appendf(data, "%d 0 obj\n<</Type/XRef/Size %d/Root 1 0 R/Info 8 0 R/Prev %d/W[1 2 1]/Index[7 1 %d 2]/Length %d 0 R>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n",
				section, section+1, prev, length, length, rows, at)
			signed, err := m.Sign(data, testpki.RSA2048, cms.Algorithm{}, nil)
			if err != nil {
				return nil, err
			}
			return testpdf.File{Form: testpdf.Stream, Trailer: "/Root 1 0 R/Info 8 0 R",
				Objects: []testpdf.Object{{Number: length, Body: "0", Plain: true}}}.Append(signed), nil
		}}
}
