package verify

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
)

// inspecting is a file of which only the fields are inspected.
func inspecting(t *testing.T, f testpdf.File) *file {
	t.Helper()
	data := f.Bytes()
	p, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	return &file{pdf: p, forms: readForms(p, maxFormWork), report: &Report{}}
}

// fieldsOf is a contract with those fields instead of its own.
func fieldsOf(fields string, objects ...testpdf.Object) testpdf.File {
	f := testpdf.Contract(1, testpdf.Table)
	f.Objects[2].Body = "<</Fields[" + fields + "]>>"
	f.Objects = append(f.Objects, objects...)
	return f
}

func TestInspectedFieldsLimit(t *testing.T) {
	for _, n := range []int{maxInspectedFields, maxInspectedFields + 1} {
		require.Equal(t, n > maxInspectedFields, inspecting(t, fieldsOf(strings.Repeat("<</T(a)/FT/Tx>>", n))).inspectFields(1), "%d direct fields", n)
		var objects []testpdf.Object
		var fields strings.Builder
		for i := range n {
			objects = append(objects, testpdf.Object{Number: 100 + i, Body: "<</T(a)/FT/Tx>>"})
			fmt.Fprintf(&fields, "%d 0 R ", 100+i)
		}
		require.Equal(t, n > maxInspectedFields, inspecting(t, fieldsOf(fields.String(), objects...)).inspectFields(1), "%d fields", n)
	}
	for _, depth := range []int{maxInspectedDepth, maxInspectedDepth + 1} {
		nested := strings.Repeat("<</T(a)/Kids[", depth) + "<</FT/Tx>>" + strings.Repeat("]>>", depth)
		require.Equal(t, depth > maxInspectedDepth, inspecting(t, fieldsOf(nested)).inspectFields(1), "depth %d", depth)
	}
}

func TestFieldHintsLimit(t *testing.T) {
	for _, n := range []int{maxFieldHints, maxFieldHints + 1} {
		f := inspecting(t, fieldsOf(strings.Repeat("<</T(a)/FT/Tx/V(another value)/AP<</N 6 0 R>>>>", n)))
		require.Equal(t, n > maxFieldHints, f.inspectFields(1))
		require.Len(t, f.report.Findings, maxFieldHints)
	}
}

func TestPaintedPagesLimit(t *testing.T) {
	contract := testpdf.Contract(maxPaintedPages+1, testpdf.Table)
	f := inspecting(t, contract)
	for i := range maxPaintedPages + 1 {
		page := pdf.Reference{Number: int64(10 + 2*i)}
		require.Equal(t, i < maxPaintedPages, f.paintedOn(f.pdf.Latest(), page) != nil, "page %d", i)
	}
	require.NotNil(t, f.paintedOn(f.pdf.Latest(), pdf.Reference{Number: 10}), "known already")
}

func TestAdditionsLimit(t *testing.T) {
	f, c := &file{}, &candidate{result: &Signature{}}
	f.list(c, &revisionChanges{additions: make([]Addition, maxAdditions)})
	require.Len(t, c.result.Additions, maxAdditions)
	require.Empty(t, c.result.Findings)
	f.list(c, &revisionChanges{additions: make([]Addition, 1)})
	require.Len(t, c.result.Additions, maxAdditions)
	require.Equal(t, []string{"changes.more"}, codesOf(c.result.Findings))
	c.addChange("changes.forbidden", nowhere, 2, "something")
	require.Equal(t, []string{"changes.more", "changes.forbidden"}, codesOf(c.result.Findings), "what forbids them is told nevertheless")
}

func TestChangeFindingsLimit(t *testing.T) {
	for n, more := range map[int]bool{maxChangeFindings - 1: false, maxChangeFindings: true, maxChangeFindings + 9: true} {
		c := &candidate{result: &Signature{}}
		for range n {
			c.addChange("changes.other", nowhere, 2, "something")
		}
		require.Len(t, c.result.Findings, min(n, maxChangeFindings))
		require.Equal(t, more, slices.Contains(codesOf(c.result.Findings), "changes.more"))
	}
}

// TestTimestampsLimit: so many time stamps of each kind are judged, and no more.
func TestTimestampsLimit(t *testing.T) {
	for _, n := range []int{maxTimestamps, maxTimestamps + 1} {
		values := slices.Repeat([][]byte{{5, 0}}, n)
		c := &candidate{result: &Signature{}, found: &sigdict.Signature{}, self: &signed{}, signer: &cms.SignerInfo{
			SignedAttributes:   cms.Attributes{{Type: cms.OIDContentTimeStamp, Values: values}},
			UnsignedAttributes: cms.Attributes{{Type: cms.OIDSignatureTimeStamp, Values: values}},
		}}
		(&file{}).readContentTimestamps(c)
		require.Len(t, c.result.Findings, maxTimestamps)
		(&file{}).collectTimestamps(c)
		require.Len(t, c.result.Findings, 2*maxTimestamps)
		require.Len(t, c.result.Timestamps, maxTimestamps)
	}
}

// TestNamesOfAuthorities: thousands of paths through the same authorities name them by the
// same text.
func TestNamesOfAuthorities(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	f := &file{}
	name := f.nameOf(pki.Root.Certificate)
	require.Equal(t, pki.Root.Certificate.Subject.String(), name.subject)
	require.Len(t, name.sha256, 64)
	require.Zero(t, testing.AllocsPerRun(10, func() { f.nameOf(pki.Root.Certificate) }))
	require.NotEqual(t, name, f.nameOf(pki.Intermediate.Certificate))
}

// TestSharedValuesLimit: signature values that stand in the file once and serve many
// signatures are read for each of them up to a limit.
func TestSharedValuesLimit(t *testing.T) {
	const size = 1000
	value := bytes.Repeat([]byte{1}, 500)
	for over, code := range map[int64]string{0: "malformed", 1: "limit exceeded"} {
		f := &file{size: size, values: size + maxSharedValues - int64(len(value)) + over}
		c := &candidate{result: &Signature{}, found: &sigdict.Signature{
			SubFilter: sigdict.SubFilterCAdES, Contents: sigdict.Contents{String: true, Value: value},
		}}
		f.readValue(c)
		require.Equal(t, []string{"cms.unreadable"}, codesOf(c.result.Findings))
		require.Contains(t, c.result.Findings[0].Text, code)
		require.Nil(t, c.cms)
	}
}
