package contract_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpdf"
)

// pageClaim is what an audit says of the page of a certificate.
func pageClaim(t testing.TB, r *contract.AuditReport) *contract.Claim {
	var out *contract.Claim
	for i := range r.Claims {
		if strings.HasPrefix(r.Claims[i].Code, "certificate.page") {
			require.Nil(t, out)
			out = &r.Claims[i]
		}
	}
	require.NotNil(t, out)
	return out
}

// TestAuditPageDiffers: the platform's key signed a certificate whose page shows something else
// than its evidence: the audit names the place.
func TestAuditPageDiffers(t *testing.T) {
	d := newDesk(t)
	c := d.run(t)
	proof := evidence(t, &c.Record)
	for _, tt := range []struct {
		name  string
		alter func(*contract.Record)
		where [2]string // in Japanese and English
	}{
		{"the ID", func(r *contract.Record) { r.ID[0] ^= 1 }, [2]string{"契約締結証明書, 締結証明書ID", "Certificate of Contract Conclusion, Conclusion certificate ID"}},
		{"when it was concluded", func(r *contract.Record) { later(&r.Events[len(r.Events)-1]) }, [2]string{"契約締結証明書, 締結日時", "Certificate of Contract Conclusion, Concluded"}},
		{"the title", func(r *contract.Record) { r.Documents[0].Title = "売買契約書" }, [2]string{"文書, 文書名", "Document, Name of document"}},
		{"the control number", func(r *contract.Record) { r.Documents[0].ManagementNo = "" }, [2]string{"文書, 管理番号", "Document, Control number"}},
		{"the creator", func(r *contract.Record) { r.Documents[0].Creator = "東川町" }, [2]string{"文書, 文書作成者", "Document, Created by"}},
		{"the ID of the document", func(r *contract.Record) { r.Documents[0].ID[0] ^= 1 }, [2]string{"文書, 文書ID", "Document, Document ID"}},
		{"when somebody signed", func(r *contract.Record) { later(&r.Events[2]) }, [2]string{"署名者 1, 操作日時", "Signers 1, Date and time"}},
		{"how", func(r *contract.Record) { r.Participants[1].Method = contract.Party }, [2]string{"署名者 2, 署名方法", "Signers 2, Method of signing"}},
		{"from where", func(r *contract.Record) { r.Events[2].IP = "198.51.100.1" }, [2]string{"署名者 1, IPアドレス", "Signers 1, IP address"}},
		{"a name", func(r *contract.Record) { r.Participants[0].Name = "山田次郎" }, [2]string{"署名者 1, 署名者情報", "Signers 1, Signer"}},
		{"a company", func(r *contract.Record) { r.Participants[1].Org = "XYZ株式会社" }, [2]string{"署名者 2, 署名者情報", "Signers 2, Signer"}},
		{"a certificate", func(r *contract.Record) { r.Participants[2].Subject[0] = "CN=岡島太郎" }, [2]string{"署名者 3, 署名者情報", "Signers 3, Signer"}},
		{"a signer left out", func(r *contract.Record) { r.Events = r.Events[4:] }, [2]string{"署名者 1, 署名者情報", "Signers 1, Signer"}},
		{"a signer more", func(r *contract.Record) { r.Events = append(r.Events, r.Events[len(r.Events)-2]) }, [2]string{"QR", "QR"}},
		{"the QR code", func(r *contract.Record) { r.ChainHead[0] ^= 1 }, [2]string{"QR", "QR"}},
		{"a document more", func(r *contract.Record) {
			more := r.Documents[0]
			more.Number = 2
			r.Documents = append(r.Documents, more)
		}, [2]string{"文書", "Document"}},
	} {
		for i, language := range []contract.Language{contract.Japanese, contract.English} {
			t.Run(tt.name+" "+string(language), func(t *testing.T) {
				shown := d.copyOf(t, &c.Record)
				tt.alter(shown)
				page, err := contract.Page(shown, c.Disclosure, proof.Data, &contract.CertificateOptions{Language: language, Fonts: contract.AnyFonts(t)})
				require.NoError(t, err)
				report := d.audit(t, d.signedPage(t, page, d.Platform.Signer, "Certification"), c.Disclosure, d.store.documents[0])
				require.Equal(t, contract.Refuted, report.Result)
				claim := pageClaim(t, report)
				require.Equal(t, "certificate.page-differs", claim.Code, claim.Text)
				require.Equal(t, tt.where[i], claim.Arguments[0], claim.Text)
			})
		}
	}
}

func later(e *contract.Event) { e.Time = contract.At(e.Time.Add(time.Hour)) }

// TestAuditPageAddresses: an address is compared where it is disclosed; a whole address may be
// withheld, and nothing else hides behind it.
func TestAuditPageAddresses(t *testing.T) {
	d := newDesk(t)
	c := d.run(t)
	proof := evidence(t, &c.Record)
	lie := *c.Disclosure
	lie.Values = append([]contract.Disclosed(nil), lie.Values...)
	for i := range lie.Values {
		lie.Values[i].Value = "mallory@abc.example"
	}
	o := &contract.CertificateOptions{Fonts: contract.AnyFonts(t)}
	audited := func(shown *contract.Record, shows, discloses *contract.Disclosure, zone *time.Location) *contract.Claim {
		page, err := contract.Page(shown, shows, proof.Data, o)
		require.NoError(t, err)
		report, err := contract.Audit(t.Context(), &contract.AuditInput{
			Certificate: pdfFile("certificate.pdf", d.signedPage(t, page, d.Platform.Signer, "Certification")),
			Documents:   []contract.File{pdfFile("contract.pdf", d.store.documents[0])},
			Verify:      *d.pki.Options(), Disclosure: discloses, Zone: zone,
		})
		require.NoError(t, err)
		return pageClaim(t, report)
	}
	require.Equal(t, "certificate.page-text", audited(&c.Record, c.Disclosure, c.Disclosure, nil).Code)
	require.Equal(t, "certificate.page-text-withheld", audited(&c.Record, c.Disclosure, nil, nil).Code)
	require.Equal(t, "certificate.page-text-withheld", audited(&c.Record, &lie, nil, nil).Code)
	claim := audited(&c.Record, &lie, c.Disclosure, nil)
	require.Equal(t, "certificate.page-differs", claim.Code)
	require.Equal(t, "文書, 文書作成者メールアドレス", claim.Arguments[0])

	for _, zone := range []*time.Location{time.UTC, time.FixedZone("CET", 3600)} {
		o.Zone = zone
		want := map[string]string{"UTC": "certificate.page-text", "CET": "certificate.page-zone"}[zone.String()]
		require.Equal(t, want, audited(&c.Record, c.Disclosure, c.Disclosure, nil).Code)
		require.Equal(t, "certificate.page-text", audited(&c.Record, c.Disclosure, c.Disclosure, zone).Code)
	}
}

// contentOf returns the content of the first page and the number of its object.
func contentOf(t testing.TB, data []byte) (content []byte, number int64) {
	file, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	view := file.Latest()
	for e := range view.Entries() {
		page, err := view.Dict(pdf.Reference{Number: e.Number})
		if err != nil || page == nil || page.Get("Type") != pdf.Object(pdf.Name("Page")) {
			continue
		}
		stream, err := view.StreamObject(page.Get("Contents"))
		require.NoError(t, err)
		content, err = view.Stream(stream)
		require.NoError(t, err)
		ref, ok := page.Get("Contents").(pdf.Reference)
		require.True(t, ok)
		return content, ref.Number
	}
	t.Fatal("no page")
	return nil, 0
}

var textPlace = regexp.MustCompile(`1 0 0 1 ([\d.]+) ([\d.]+) Tm`)

// TestAuditPageRepainted has the platform's key sign a page whose texts are all there, and which
// people see otherwise.
func TestAuditPageRepainted(t *testing.T) {
	d := newDesk(t)
	c := d.run(t)
	page, err := contract.Page(&c.Record, c.Disclosure, evidence(t, &c.Record).Data, &contract.CertificateOptions{Fonts: contract.AnyFonts(t)})
	require.NoError(t, err)
	place := func(s string, mark int) []int { // where the text of marked content begins
		from := strings.Index(s, fmt.Sprintf("<</MCID %d>>BDC", mark))
		at := textPlace.FindStringIndex(s[from:])
		return []int{from + at[0], from + at[1]}
	}
	const concluded, title, number = 5, 8, 10 // the marks of these values
	replaced := func(old, with string) func(string) string {
		return func(s string) string {
			require.Contains(t, s, old)
			return strings.Replace(s, old, with, 1)
		}
	}
	for _, tt := range []struct {
		name  string
		alter func(string) string
		code  string
		about string
	}{
		{"as it is", func(s string) string { return s }, "certificate.page-text", ""},
		{"comments", func(s string) string { return s + "% nothing\n" }, "certificate.page-text", ""},
		{"another text", func(s string) string { return s + "BT /F1 9 Tf 1 0 0 1 100 300 Tm [<0001>]TJ ET\n" }, "certificate.page-more", ""},
		{"another text as artifact", func(s string) string {
			return s + "/Artifact<<>>BDC BT /F1 9 Tf 1 0 0 1 100 300 Tm [<0001>]TJ ET EMC\n"
		}, "certificate.page-more", ""},
		{"a longer footer", func(s string) string {
			return s + "/Artifact<<>>BDC BT /F1 9 Tf 1 0 0 1 100 30 Tm [<0001>]TJ ET EMC\n"
		}, "certificate.page-more", ""},
		{"a text within another", replaced("]TJ\nET\nQ\nEMC", "]TJ\n[<0001>]TJ\nET\nQ\nEMC"), "certificate.page-differs", "契約締結証明書"},
		{"an area over a text", func(s string) string {
			at := place(s, concluded)
			m := textPlace.FindStringSubmatch(s[at[0]:at[1]])
			return s + "/Artifact<<>>BDC 1 g " + m[1] + " " + m[2] + " 200 8 re f EMC\n"
		}, "certificate.page-differs", "締結日時"},
		{"white text", func(s string) string {
			at := place(s, concluded)
			head := s[:at[0]]
			k := strings.LastIndex(head, "0 g\n")
			return s[:k] + "1 g\n" + s[k+4:]
		}, "certificate.page-differs", "締結日時"},
		{"a text that is not painted", func(s string) string {
			at := place(s, concluded)
			return s[:at[0]] + "3 Tr " + s[at[0]:]
		}, "certificate.page-differs", "締結日時"},
		{"a dark ground", func(s string) string { return "/Artifact<<>>BDC 0.2 g 0 0 600 850 re f EMC\n" + s }, "certificate.page-differs", "契約締結証明書"},
		{"two texts exchanged", func(s string) string {
			a, b := place(s, title), place(s, number)
			return s[:a[0]] + s[b[0]:b[1]] + s[a[1]:b[0]] + s[a[0]:a[1]] + s[b[1]:]
		}, "certificate.page-differs", "文書, 文書名"},
		{"a text in another column", func(s string) string {
			at := place(s, title)
			return s[:at[0]] + textPlace.ReplaceAllString(s[at[0]:at[1]], "1 0 0 1 70 $2 Tm") + s[at[1]:]
		}, "certificate.page-differs", "文書, 文書名"},
		{"a text beside the page", func(s string) string {
			at := place(s, title)
			return s[:at[0]] + textPlace.ReplaceAllString(s[at[0]:at[1]], "1 0 0 1 900 $2 Tm") + s[at[1]:]
		}, "certificate.page-differs", "文書, 文書名"},
		{"a transparent text", func(s string) string { return "/G gs\n" + s }, "certificate.page-more", "operator gs"},
		{"a picture", func(s string) string { return s + "/X Do\n" }, "certificate.page-more", "operator Do"},
		{"a picture in line", func(s string) string { return s + "BI /W 1 /H 1 /BPC 8 /CS /G ID x EI\n" }, "certificate.page-more", ""},
		{"a line", func(s string) string { return s + "0 0 m 9 9 l S\n" }, "certificate.page-more", "operator"},
		{"another QR code", replaced("0 0 7 1 re\n", "0 0 6 1 re\n"), "certificate.page-differs", "QR"},
		{"more than the QR code", replaced("EMC\n/P<</MCID", "0 0 500 500 re\nf\nEMC\n/P<</MCID"), "", ""},
		{"content that cannot be read", func(s string) string { return s + strings.Repeat("q ", 600) }, "certificate.page-unread", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			content, number := contentOf(t, page)
			altered := testpdf.File{Form: testpdf.Stream, Objects: []testpdf.Object{
				{Number: int(number), Body: "<<>>", Data: []byte(tt.alter(string(content)))},
			}}
			file, err := pdf.Open(bytes.NewReader(page), int64(len(page)), nil)
			require.NoError(t, err)
			root, ok := file.Latest().Trailer().Get("Root").(pdf.Reference)
			require.True(t, ok)
			altered.Trailer = fmt.Sprintf("/Root %d 0 R", root.Number)
			size, err := file.Latest().Integer(file.Latest().Trailer().Get("Size"), 0)
			require.NoError(t, err)
			altered.Size = int(size)
			report := d.audit(t, d.signedPage(t, altered.Append(page), d.Platform.Signer, "Certification"), c.Disclosure, d.store.documents[0])
			claim := pageClaim(t, report)
			if tt.code == "" {
				require.Equal(t, contract.Refuted, claim.Grade, claim.Text)
				return
			}
			require.Equal(t, tt.code, claim.Code, claim.Text)
			if tt.about != "" {
				require.Contains(t, claim.Text, tt.about)
			}
			require.Equal(t, tt.code == "certificate.page-text", report.Result == contract.Proven)
		})
	}
}

// TestAuditLyingFont: a page whose font says another character than the one that people see is not
// proven, whatever its text is.
func TestAuditLyingFont(t *testing.T) {
	d := newDesk(t)
	draft := d.draft()
	draft.Documents[0].ManagementNo = "甲"
	c := d.signedBy(t, draft)
	shown := d.copyOf(t, &c.Record)
	shown.Documents[0].ManagementNo = "乙"
	page, err := contract.Page(shown, c.Disclosure, evidence(t, &c.Record).Data, &contract.CertificateOptions{Fonts: contract.AnyFonts(t)})
	require.NoError(t, err)
	report := d.audit(t, d.signedPage(t, page, d.Platform.Signer, "Certification"), c.Disclosure, d.store.documents[0])
	require.Contains(t, codes(report, contract.Refuted), "certificate.page-differs")

	file, err := pdf.Open(bytes.NewReader(page), int64(len(page)), nil)
	require.NoError(t, err)
	lying := testpdf.File{Form: testpdf.Stream}
	for e := range file.Latest().Entries() {
		stream, err := file.Latest().StreamObject(pdf.Reference{Number: e.Number})
		if err != nil || stream == nil {
			continue
		}
		data, err := file.Latest().Stream(stream)
		require.NoError(t, err)
		if bytes.Contains(data, []byte("beginbfchar")) && bytes.Contains(data, []byte("<4E59>")) {
			data = bytes.Replace(data, []byte("<4E59>"), []byte("<7532>"), 1) // 乙 is called 甲
			lying.Objects = append(lying.Objects, testpdf.Object{Number: int(e.Number), Body: "<<>>", Data: data})
		}
	}
	require.Len(t, lying.Objects, 1)
	root, _ := file.Latest().Trailer().Get("Root").(pdf.Reference)
	size, err := file.Latest().Integer(file.Latest().Trailer().Get("Size"), 0)
	require.NoError(t, err)
	lying.Trailer, lying.Size = fmt.Sprintf("/Root %d 0 R", root.Number), int(size)
	report = d.audit(t, d.signedPage(t, lying.Append(page), d.Platform.Signer, "Certification"), c.Disclosure, d.store.documents[0])
	claim := pageClaim(t, report)
	require.Equal(t, "certificate.page-text", claim.Code, claim.Text)
	require.Equal(t, contract.Asserted, claim.Grade)
}
