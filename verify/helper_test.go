package verify_test

import (
	"bytes"
	"context"
	"crypto"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/verify"
)

// roomForValue is the length of every Contents that a maker writes, in bytes.
const roomForValue = 6000

// maker writes signed files by hand, so that everything in them can be wrong.
// It shares the CMS with the project and nothing else of what makes signatures.
type maker struct {
	pki    *testpki.PKI
	signer *testpki.Identity
	stamp  *testpki.Identity
}

func newMaker(t testing.TB) *maker {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	signer, err := pki.Issue(&testpki.Request{Issuer: pki.Root})
	require.NoError(t, err)
	stamp, err := pki.Issue(&testpki.Request{Issuer: pki.Root, Profile: testpki.TimeStamperProfile})
	require.NoError(t, err)
	return &maker{pki, signer, stamp}
}

func (m *maker) options() *verify.Options {
	return &verify.Options{Trust: m.pki.Pool(), At: testpki.Now()}
}

// entry is one signature to be written by a maker.
type entry struct {
	field      string
	dictionary string // entries besides Type, Filter, SubFilter, ByteRange and Contents
	head       string // in place of Type, Filter and SubFilter
	value      func(digest []byte) []byte
	catalog    string           // further entries of the catalog, which is then written again
	more       []testpdf.Object // further objects of the same update
	lock       string           // further entries of the field
	rect       string           // of the field; default "0 0 0 0"
	annots     string           // further annotations of the page
	form       testpdf.Form
}

const head = "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"

// contract is the file that is signed in these tests.
func contract(form testpdf.Form) []byte { return testpdf.Contract(1, form).Bytes() }

// signatureFields returns the objects of the signature fields that updates added, from a
// number on.
func signatureFields(file []byte, from int) []int {
	numbers := make(map[int]bool)
	object := []byte(" 0 obj\n")
	for rest := file; ; {
		i := bytes.Index(rest, []byte("<</Type/Annot/Subtype/Widget/FT/Sig"))
		if i < 0 {
			return slices.Sorted(maps.Keys(numbers))
		}
		before := bytes.TrimSuffix(rest[:i], object)
		n, err := strconv.Atoi(string(before[bytes.LastIndexByte(before, '\n')+1:]))
		if len(before) < i && err == nil && n >= from {
			numbers[n] = true
		}
		rest = rest[i+1:]
	}
}

// sign appends an update with one signature.
func (m *maker) sign(t testing.TB, file []byte, e entry) []byte {
	n := testpdf.LastSize(file)
	if e.field == "" {
		e.field = fmt.Sprintf("Signature%d", n)
	}
	if e.head == "" {
		e.head = head
	}
	if e.value == nil {
		e.value = func(digest []byte) []byte { return m.detached(t, digest) }
	}
	fields, annots := "4 0 R", "5 0 R"
	for _, k := range append(signatureFields(file, testpdf.LastSize(contract(e.form))), n) {
		fields += fmt.Sprintf(" %d 0 R", k)
		annots += fmt.Sprintf(" %d 0 R", k)
	}
	if e.rect == "" {
		e.rect = "0 0 0 0"
	}
	annots += e.annots
	placeholder := "<" + strings.Repeat("0", 2*roomForValue) + ">"
	const numbers = "[0 0000000000 0000000000 0000000000]"
	update := testpdf.File{
		Form: e.form, Trailer: "/Root 1 0 R/Info 8 0 R/ID[<00112233445566778899AABBCCDDEEFF><" + fmt.Sprintf("%032d", n) + ">]",
		Objects: append([]testpdf.Object{
			{Number: 3, Body: "<</Fields[" + fields + "]/DR<</Font<</Helv 7 0 R>>>>/DA(/Helv 0 Tf 0 g)/SigFlags 3>>"},
			{Number: 10, Body: "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 7 0 R>>>>/Contents 11 0 R/Annots[" + annots + "]>>"},
			{Number: n, Plain: true, Body: fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Sig/T(%s)/F 132/Rect[%s]/P 10 0 R/V %d 0 R%s>>", e.field, e.rect, n+1, e.lock)},
			{Number: n + 1, Plain: true, Body: "<<" + e.head + "/ByteRange" + numbers + "/Contents" + placeholder + e.dictionary + ">>"},
		}, e.more...),
	}
	if e.catalog != "" {
		update.Objects = append(update.Objects, testpdf.Object{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R" + e.catalog + ">>"})
	}
	out := update.Append(file)
	from := testpdf.MustIndex(out, placeholder, len(file))
	to := from + len(placeholder)
	at := testpdf.MustIndex(out, numbers, len(file))
	copy(out[at:], fmt.Sprintf("[0 %010d %010d %010d]", from, to, len(out)-to))
	h := crypto.SHA256.New()
	h.Write(out[:from])
	h.Write(out[to:])
	value := hex.EncodeToString(e.value(h.Sum(nil)))
	require.LessOrEqual(t, len(value), 2*roomForValue)
	copy(out[from+1:], value)
	return out
}

// detached makes the CMS of a PAdES baseline signature.
func (m *maker) detached(t testing.TB, digest []byte, change ...func(*cms.Template)) []byte {
	template := &cms.Template{
		Algorithm: cms.Algorithm{Scheme: cms.RSA, Hash: crypto.SHA256}, ContentType: cms.OIDData, ContentDigest: digest,
		Certificate: m.signer.Certificate, Chain: m.signer.Chain,
	}
	for _, f := range change {
		f(template)
	}
	attributes, err := template.SignedAttributes()
	require.NoError(t, err)
	signature, err := cms.Sign(context.Background(), nil, m.signer.Key, template.Algorithm, attributes)
	require.NoError(t, err)
	der, err := template.SignedData(attributes, signature)
	require.NoError(t, err)
	return der
}

// timestamp is an entry with a document time stamp.
func (m *maker) timestamp(t testing.TB) entry {
	return entry{
		head: "/Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161",
		value: func(digest []byte) []byte {
			token, err := m.stamp.Stamp(&testpki.Token{Digest: digest})
			require.NoError(t, err)
			return token
		},
	}
}

// judge verifies a file in memory with the maker's own anchors.
func (m *maker) judge(t testing.TB, file []byte) *verify.Report {
	report, err := verify.Reader(context.Background(), bytes.NewReader(file), int64(len(file)), m.options())
	require.NotNil(t, report, "%v", err)
	require.Equal(t, report.Passed(), err == nil)
	return report
}

// codes returns the codes of the findings of one signature.
func codes(list []verify.Finding) []string {
	var out []string
	for _, f := range list {
		out = append(out, f.Code)
	}
	return out
}

// edit replaces the first occurrence of old behind from by a text of the same
// length, padded with blanks.
func edit(t testing.TB, file []byte, old, text string) []byte {
	require.LessOrEqual(t, len(text), len(old))
	i := bytes.LastIndex(file, []byte(old))
	require.GreaterOrEqual(t, i, 0, "%q does not occur", old)
	out := bytes.Clone(file)
	copy(out[i:], text+strings.Repeat(" ", len(old)-len(text)))
	return out
}
