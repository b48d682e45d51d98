package contract_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/pades"
)

var (
	contentsEntry = regexp.MustCompile(`/Contents\s*(\[[^\]]*\]|\d+ 0 R)`)
	streamsOf     = regexp.MustCompile(`\d+ 0 R`)
)

// repainted has a page paint something else than it did: of its streams of content the first so
// many, and what is given. The platform does that after it prepared the document.
func repainted(t testing.TB, data []byte, page, keep int, more string) []byte {
	at := bytes.LastIndex(data, fmt.Appendf(nil, "\n%d 0 obj", page))
	require.Positive(t, at)
	body := data[at+len(fmt.Sprintf("\n%d 0 obj", page)):]
	body = body[:bytes.Index(body, []byte("endobj"))]
	streams := streamsOf.FindAllString(contentsEntry.FindString(string(body)), -1)
	require.GreaterOrEqual(t, len(streams), 2)
	if keep < 0 {
		keep = len(streams)
	}
	n := testpdf.LastSize(data)
	with := contentsEntry.ReplaceAllString(string(body), fmt.Sprintf("/Contents[%s %d 0 R]", strings.Join(streams[:keep], " "), n))
	return testpdf.File{Form: testpdf.Table, Size: n + 1, Trailer: "/Root 1 0 R", Objects: []testpdf.Object{
		{Number: page, Body: with}, {Number: n, Body: "<<>>", Data: []byte(more)},
	}}.Append(data)
}

// TestAuditPrintedIDs: the ID is read from every page, also where the platform itself left one out
// or printed another.
func TestAuditPrintedIDs(t *testing.T) {
	const second = 12 // the object of the second page
	other := strings.Repeat("ab", 16)
	for _, tt := range []struct {
		name  string
		alter func(data []byte) []byte
		grade contract.Grade
		code  string
		text  string
	}{
		{"as prepared", nil, contract.Asserted, "document.id", "each of the 3 pages"},
		{"left out", func(data []byte) []byte { return repainted(t, data, second, 1, "") }, contract.Refuted, "document.id-missing", "on page 2 the ID"},
		{"another", func(data []byte) []byte {
			return repainted(t, data, second, 1, "BT /F1 7 Tf 26 14 Td ("+other+") Tj ET")
		}, contract.Refuted, "document.id-other", "page 2 shows the ID " + other},
		{"elsewhere", func(data []byte) []byte {
			id := "BT /F1 7 Tf 26 714 Td (" + other + ") Tj ET"
			return repainted(t, data, second, 1, id)
		}, contract.Refuted, "document.id-missing", "on page 2 the ID"},
		{"painted over", func(data []byte) []byte { return repainted(t, data, second, -1, "q 1 g 0 0 300 30 re f Q") }, contract.Refuted, "document.id-missing", "on page 2 the ID"},
		{"something above it", func(data []byte) []byte { return repainted(t, data, second, -1, "q 1 g 0 200 300 30 re f Q") }, contract.Asserted, "document.id", "each of the 3 pages"},
		{"not to be read", func(data []byte) []byte { return repainted(t, data, second, 1, strings.Repeat("q ", 600)) }, contract.Unverifiable, "document.id-unread", "cannot be read: 2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			d.store.documents[0] = testpdf.Contract(3, testpdf.Table).Bytes()
			c := d.begun(t, d.draft())
			if tt.alter != nil {
				data := tt.alter(d.store.documents[0])
				r := &c.Record.Documents[0]
				r.Revisions[1].Length, r.Revisions[1].SHA256 = int64(len(data)), sha256.Sum256(data)
				r.Digests.Prepared = r.Revisions[1].SHA256
				contract.Rechain(&c.Record)
				d.store.documents[0] = data
			}
			d.identify(t, c, "town", "keiyaku@town.example")
			d.sign(t, c, &contract.SignRequest{Participant: "town"})
			d.identify(t, c, "abc", "suzuki@abc.example")
			d.sign(t, c, &contract.SignRequest{Participant: "abc"})
			d.sign(t, c, &contract.SignRequest{Participant: "chief", Signer: d.party, Level: pades.BT})
			require.NoError(t, d.Conclude(t.Context(), c, d.store))
			report := d.audit(t, d.forged(t, d.Platform.Signer, "Certification", evidence(t, &c.Record)), nil, d.store.documents[0])
			require.Contains(t, codes(report, tt.grade), tt.code, report.Claims)
			for _, claim := range report.Claims {
				if claim.Code == tt.code {
					require.Contains(t, claim.Text, tt.text)
				}
			}
		})
	}
}
