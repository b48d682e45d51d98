package contract_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/contract"
)

// commanding are texts that command what shows them.
var commanding = []string{"a\nb", "a\x1b[2Jb", "a\u202eb", "a\u2066b", "a\u200fb", "a\u2028b", "a\x00b", "a\xffb"}

// TestTexts: what people read on pages and in reports holds no characters that mislead them, and a
// text comes back from a state as it went in.
func TestTexts(t *testing.T) {
	for _, bad := range commanding {
		for name, alter := range map[string]func(*contract.Draft){
			"title":        func(d *contract.Draft) { d.Documents[0].Title = bad },
			"creator":      func(d *contract.Draft) { d.Documents[0].Creator = bad },
			"address":      func(d *contract.Draft) { d.Documents[0].CreatorContact = bad },
			"name":         func(d *contract.Draft) { d.Participants[0].Name = bad },
			"ID":           func(d *contract.Draft) { d.Participants[0].ID = bad },
			"contact":      func(d *contract.Draft) { d.Participants[0].Contact = bad },
			"counterparty": func(d *contract.Draft) { d.Deal.Counterparties[0] = bad },
			"company":      func(d *contract.Draft) { d.Consents[0].Company = bad },
		} {
			d := newDesk(t)
			draft := d.draft()
			alter(draft)
			_, err := d.Create(t.Context(), draft, d.store)
			require.Error(t, err, "%s %q", name, bad)
			require.Empty(t, d.store.state)
		}
	}
}

// TestReportShows: what a stranger wrote in an event, or a record that the library would not write,
// commands neither terminal nor page.
func TestReportShows(t *testing.T) {
	d := newDesk(t)
	c := d.run(t)
	for _, bad := range append(commanding, "<script>alert(1)</script>", "</td></tr></table><h1>proven</h1>") {
		r := d.copyOf(t, &c.Record)
		r.Documents[0].Title, r.Issuer, r.Participants[0].Name = bad, bad, bad
		r.Events[1].Auth.Type, r.Participants[0].Auth[0].Type = bad, bad
		contract.Rechain(r)
		report := d.audit(t, d.forged(t, d.Platform.Signer, "Certification", evidence(t, r)), nil, d.store.documents[0])
		require.Equal(t, contract.Refuted, report.Result)
		var text, page, document bytes.Buffer
		require.NoError(t, report.WriteText(&text, nil))
		require.NoError(t, report.WriteHTML(&page, nil))
		require.NoError(t, report.WritePDF(&document, &contract.AuditOptions{Fonts: japaneseFonts(t)}))
		for _, out := range []string{text.String(), page.String()} {
			for _, c := range "\x1b\u202e\u2066\u200f\u2028\x00" {
				require.NotContains(t, out, string(c))
			}
		}
		require.NotContains(t, text.String(), "a\nb")
		require.NotContains(t, page.String(), "<script>")
		require.NotContains(t, page.String(), "<h1>proven")
	}
}

// TestSearchCells: no cell of the search rows is a formula.
func TestSearchCells(t *testing.T) {
	for _, bad := range []string{"=1+1", "+1", "-1", "@x", "\t=1", "＝1", "＋1", "－1", "＠x"} {
		r := &contract.Record{Documents: []contract.Document{{Title: bad, ManagementNo: bad}}, Deal: contract.Deal{Counterparties: []string{bad}}}
		row := r.SearchRows()[0]
		for _, i := range []int{2, 3, 5} {
			require.Equal(t, "'"+bad, row[i])
		}
	}
}
