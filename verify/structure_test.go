package verify_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/verify"
)

// gap returns where the Contents of the last signature stands.
func gap(t testing.TB, file []byte) (from, to int) {
	at := bytes.LastIndex(file, []byte("/ByteRange[0 "))
	require.GreaterOrEqual(t, at, 0)
	var tail int
	_, err := fmt.Sscanf(string(file[at:at+50]), "/ByteRange[0 %d %d %d]", &from, &to, &tail)
	require.NoError(t, err)
	return from, to
}

// ranges replaces the numbers of the last ByteRange, keeping the length of the file.
func ranges(t testing.TB, file []byte, text string) []byte {
	at := bytes.LastIndex(file, []byte("/ByteRange[0 "))
	end := at + bytes.IndexByte(file[at:], ']') + 1
	return edit(t, file, string(file[at:end]), "/ByteRange"+text)
}

// TestStructureInvariants breaks one invariant after the other (attacks.md,
// step 0). Every one has a finding of its own, and none leaves a signature passed.
func TestStructureInvariants(t *testing.T) {
	m := newMaker(t)
	good := m.sign(t, contract(testpdf.Table), entry{})
	from, to := gap(t, good)
	size := len(good)
	for _, tt := range []struct {
		code string
		file []byte
	}{
		{"byte-range.missing", edit(t, good, "/ByteRange[", "/ByteRangX[")},
		{"byte-range.form", ranges(t, good, " null")},
		{"byte-range.form", ranges(t, good, "[]")},
		{"byte-range.form", ranges(t, good, fmt.Sprintf("[0 %d %d]", from, to))},
		{"byte-range.form", ranges(t, good, fmt.Sprintf("[0 %d %d %d 0 0]", from, to, size-to))},
		{"byte-range.form", ranges(t, good, fmt.Sprintf("[0 %d. %d %d]", from, to, size-to))},
		{"byte-range.form", ranges(t, good, "[0 1 99999999999999999999 1]")},
		{"byte-range.negative", ranges(t, good, fmt.Sprintf("[0 %d -1 %d]", from, size))},
		{"byte-range.start", ranges(t, good, fmt.Sprintf("[1 %d %d %d]", from-1, to, size-to))},
		{"byte-range.order", ranges(t, good, fmt.Sprintf("[0 %d %d %d]", to, from, size-from))},
		{"byte-range.end", ranges(t, good, fmt.Sprintf("[0 %d %d %d]", from, to, size-to+1))},
		{"byte-range.end", ranges(t, good, fmt.Sprintf("[0 %d 1 9223372036854775807]", from))},
		{"byte-range.gap", ranges(t, good, fmt.Sprintf("[0 %d %d %d]", from-1, to, size-to))},
		{"byte-range.gap", ranges(t, good, fmt.Sprintf("[0 %d %d %d]", from, to+1, size-to-1))},
		{"byte-range.gap", ranges(t, good, "[0 0 0 0]")},
		{"byte-range.revision", ranges(t, good, fmt.Sprintf("[0 %d %d %d]", from, to, size-to-9))},
		{"contents.missing", edit(t, good, "/Contents<", "/Contentz<")},
		{"contents.form", overwrite(good, from, to, " null")},
		{"contents.form", overwrite(good, from, to, "/Name")},
		{"contents.form", overwrite(good, from, to, "[<00>]")},
		{"contents.empty", overwrite(good, from, to, "<>")},
		{"contents.empty", overwrite(good, from, to, "<"+strings.Repeat("0", to-from-2)+">")},
		{"contents.literal", overwrite(good, from, to, "("+strings.Repeat("0", to-from-2)+")")},
		{"contents.characters", overwrite(good, from, to, string(good[from:from+100])+" "+string(good[from+101:to]))},
		{"contents.indirect", overwrite(good, from, to, " 8 0 R")},
		{"dictionary.filter", edit(t, good, "/Filter/Adobe.PPKLite", "/Filtre/Adobe.PPKLite")},
		{"dictionary.type", edit(t, good, "/Type/Sig/", "/Type/Sog/")},
		{"dictionary.type", m.sign(t, contract(testpdf.Table), entry{head: "/Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"})},
		{"dictionary.duplicate-key", m.sign(t, contract(testpdf.Table), entry{dictionary: "/Reason(a)/Reason(b)"})},
		{"dictionary.duplicate-key", m.sign(t, contract(testpdf.Table), entry{dictionary: "/ByteRange[0 1 2 3]"})},
		{"sub-filter.unknown", edit(t, good, "ETSI.CAdES.detached", "ETSI.CAdES.attached")},
	} {
		t.Run(tt.code, func(t *testing.T) {
			r := m.judge(t, tt.file)
			require.NotEqual(t, verify.NoSignature, r.Indication)
			require.NotEqual(t, verify.TotalPassed, r.Indication)
			require.False(t, r.Intact)
			require.Len(t, r.Signatures, 1)
			s := r.Signatures[0]
			require.Contains(t, codes(s.Findings), tt.code, "%+v", s.Findings)
			if strings.HasPrefix(tt.code, "sub-filter") {
				require.Equal(t, verify.CryptoUnsupported, s.Crypto)
				return
			}
			require.Equal(t, verify.StructureViolated, s.Structure)
			require.Equal(t, verify.FormatFailure, s.SubIndication)
			for _, f := range s.Findings {
				require.NotEmpty(t, f.Text)
				require.NotContains(t, f.Text, "%!", "the text does not go with its arguments")
			}
		})
	}
}

// overwrite puts text at the beginning of a range and blanks behind it.
func overwrite(file []byte, from, to int, text string) []byte {
	out := bytes.Clone(file)
	copy(out[from:to], text+strings.Repeat(" ", max(0, to-from-len(text))))
	return out
}

// TestReplacedDictionary redefines the signature dictionary later (attacks.md §4).
func TestReplacedDictionary(t *testing.T) {
	m := newMaker(t)
	for _, form := range testpdf.Forms {
		t.Run(form.String(), func(t *testing.T) {
			good := m.sign(t, contract(form), entry{form: form, dictionary: "/Reason(agreed)"})
			start := bytes.LastIndex(good, []byte("<<"+head))
			end := start + bytes.Index(good[start:], []byte(">>\nendobj")) + 2
			dictionary := string(good[start:end])
			number := testpdf.LastSize(good) - 1
			for ; number > 0 && !bytes.Contains(good, fmt.Appendf(nil, "\n%d 0 obj\n<<"+head, number)); number-- {
			}
			again := func(body string) []byte {
				return testpdf.File{Form: form, Trailer: "/Root 1 0 R/Info 8 0 R/ID[<00112233445566778899AABBCCDDEEFF><01>]",
					Objects: []testpdf.Object{{Number: number, Plain: true, Body: body}}}.Append(good)
			}
			s := m.judge(t, again(dictionary)).Signatures[0]
			require.Equal(t, verify.StructureSound, s.Structure, "written again byte by byte: %+v", s.Findings)
			require.Equal(t, verify.CoverageRevision, s.Coverage)

			r := m.judge(t, again(strings.Replace(dictionary, "(agreed)", "(forged)", 1)))
			s = r.Signatures[0]
			require.Equal(t, verify.CryptoValid, s.Crypto)
			require.Equal(t, verify.StructureViolated, s.Structure)
			require.Contains(t, codes(s.Findings), "dictionary.replaced")
			require.Equal(t, "agreed", s.Reason, "what is shown comes from the signed revision")
			require.False(t, r.Intact)
		})
	}
}

// TestVanishedSignature removes a signed field from the form.
func TestVanishedSignature(t *testing.T) {
	m := newMaker(t)
	good := m.sign(t, contract(testpdf.Table), entry{})
	gone := testpdf.File{Trailer: "/Root 1 0 R/Info 8 0 R/ID[<00112233445566778899AABBCCDDEEFF><01>]",
		Objects: []testpdf.Object{{Number: 3, Body: "<</Fields[4 0 R]>>"}}}.Append(good)
	r := m.judge(t, gone)
	require.Len(t, r.Signatures, 1)
	require.Equal(t, verify.CryptoValid, r.Signatures[0].Crypto)
	require.Equal(t, verify.StructureViolated, r.Signatures[0].Structure)
	require.Contains(t, codes(r.Signatures[0].Findings), "dictionary.gone")
	require.Equal(t, verify.TotalFailed, r.Indication)
}

// TestUnreachableSignature keeps the dictionary and never names it in a field.
func TestUnreachableSignature(t *testing.T) {
	file := testpdf.Contract(1, testpdf.Table)
	file.Objects = append(file.Objects, testpdf.Object{Number: 30, Body: "<</Type/Sig/Filter/X/ByteRange[0 1 2 3]/Contents<00>>>"})
	m := newMaker(t)
	r := m.judge(t, file.Bytes())
	require.Empty(t, r.Signatures)
	require.Equal(t, verify.Indeterminate, r.Indication, `not "no signature"`)
	require.Contains(t, codes(r.Findings), "file.unreachable")
	require.Equal(t, "30 0", r.Findings[0].Object)

	file.Objects[len(file.Objects)-1] = testpdf.Object{Number: 30, Body: "<<>>", Data: []byte("/Type/Sig/ByteRange[0 1 2 3]/Contents<00>")}
	require.Equal(t, verify.NoSignature, m.judge(t, file.Bytes()).Indication, "data of a stream are no dictionary")

	usage := testpdf.Contract(1, testpdf.Table)
	usage.Objects[0].Body = "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/Perms<</UR3 30 0 R>>>>"
	usage.Objects = append(usage.Objects, testpdf.Object{Number: 30, Body: "<</Type/Sig/Filter/X/ByteRange[0 1 2 3]/Contents<00>>>"})
	require.Equal(t, verify.NoSignature, m.judge(t, usage.Bytes()).Indication, "usage rights are nobody's signature")
}

// TestSharedGap gives two fields dictionaries with one ByteRange.
func TestSharedGap(t *testing.T) {
	m := newMaker(t)
	good := m.sign(t, contract(testpdf.Table), entry{})
	start := bytes.LastIndex(good, []byte("<<"+head))
	end := start + bytes.Index(good[start:], []byte(">>\nendobj")) + 2
	n := testpdf.LastSize(good)
	twice := testpdf.File{Trailer: "/Root 1 0 R/Info 8 0 R/ID[<00112233445566778899AABBCCDDEEFF><01>]",
		Objects: []testpdf.Object{
			{Number: 3, Body: fmt.Sprintf("<</Fields[4 0 R %d 0 R %d 0 R]/SigFlags 3>>", n-2, n)},
			{Number: n, Body: fmt.Sprintf("<</FT/Sig/T(copy)/V %d 0 R>>", n+1)},
			{Number: n + 1, Body: string(good[start:end])},
		}}.Append(good)
	r := m.judge(t, twice)
	require.Len(t, r.Signatures, 2)
	for _, s := range r.Signatures {
		require.Equal(t, verify.StructureViolated, s.Structure)
		require.Contains(t, codes(s.Findings), "byte-range.shared")
	}
	require.Contains(t, codes(append(r.Signatures[0].Findings, r.Signatures[1].Findings...)), "dictionary.not-in-revision")
}

// TestBytesBehind appends what no revision explains.
func TestBytesBehind(t *testing.T) {
	m := newMaker(t)
	good := m.sign(t, contract(testpdf.Table), entry{})
	require.True(t, m.judge(t, append(bytes.Clone(good), " \r\n\x00\x00"...)).Intact, "white space says nothing")
	for _, text := range []string{"more", "\n99 0 obj\n<<>>\nendobj\n", "\n1 0 obj\n<</Type/Catalog/Pages 98 0 R>>\nendobj\n%%EOF\n", "\ntrailer\n<</Root 98 0 R>>\nstartxref\n99999999\n%%EOF\n"} {
		r := m.judge(t, append(bytes.Clone(good), text...))
		require.False(t, r.Intact, text)
		require.Equal(t, verify.Indeterminate, r.Indication, text)
		require.Equal(t, verify.CryptoValid, r.Signatures[0].Crypto)
		require.Equal(t, verify.CoverageRevision, r.Signatures[0].Coverage)
		require.Equal(t, verify.ChangesUnknown, r.Signatures[0].Changes)
	}
}

// TestFlippedByte: whatever byte of a ByteRange is changed, nothing stays passed
// or intact. Bytes whose change leaves the file unreadable are fine as well.
func TestFlippedByte(t *testing.T) {
	m := newMaker(t)
	for _, form := range testpdf.Forms {
		file := m.sign(t, m.sign(t, contract(form), entry{form: form}), entry{form: form})
		from, to := gap(t, file)
		for i, turn := 0, 0; i < len(file); i, turn = i+29, turn+1 {
			if i >= from && i < to {
				i = to
			}
			changed := bytes.Clone(file)
			changed[i] ^= []byte{1, 0x20, 0xff, 0x10}[turn%4]
			r, err := verify.Reader(t.Context(), bytes.NewReader(changed), int64(len(changed)), m.options())
			require.Error(t, err, "%v: byte %d", form, i)
			require.False(t, r != nil && (r.Intact || r.Passed()), "%v: byte %d", form, i)
		}
	}
}
