package report_test

import (
	"encoding/csv"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/japanese"

	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verify/report"
)

// at returns a time of a report.
func at(text string) (t verify.Time) {
	if err := t.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
	return t
}

// archived is a report of a file with two signatures and a document time stamp, the
// first signature broken, with everything in it.
func archived() *verify.Report {
	r := passed()
	stamp := verify.Timestamp{
		Kind: "signature", Time: at("2026-04-01T00:10:00Z"), Valid: true, Indication: verify.TotalPassed, Policy: "1.2.3", Serial: "1e10",
		TSA: "CN=時刻認証局", TSASHA256: strings.Repeat("ab", 32), TSANotAfter: at("2036-04-01T00:00:00Z"), Imprint: "00ff", ImprintHash: "SHA-256",
		SHA256: strings.Repeat("cd", 32), Accredited: "MIC",
	}
	document := stamp
	document.Kind, document.SHA256 = "document", strings.Repeat("ef", 32)
	s := r.Signatures[0]
	s.Revisions, s.Signer.SHA256, s.DocumentDigest = 4, strings.Repeat("01", 32), strings.Repeat("23", 32)
	s.Chain = []verify.Certificate{
		{Subject: "CN=山田太郎", SHA256: s.Signer.SHA256, Revocation: verify.RevocationGood, Source: "dss", ThisUpdate: at("2026-04-01T00:00:00Z")},
		{Subject: "CN=中間認証局", SHA256: strings.Repeat("45", 32), Revocation: verify.RevocationGood, Source: "dss"},
		{Subject: "CN=Root", SHA256: strings.Repeat("67", 32), Anchor: true},
	}
	s.ByteRange, s.Location, s.Contact, s.BestTime, s.Timestamps = []int64{0, 10, 20, 30}, "旭川", "a@example.com", stamp.Time, []verify.Timestamp{stamp}
	s.Changes, s.Coverage = verify.ChangesForm, verify.CoverageRevision
	s.Additions = []verify.Addition{
		{Revision: 3, Kind: "annotation", Subtype: "Highlight", Page: 2, Rect: []float64{0, 0, 9, 9}, Overlaps: "content"},
		{Revision: 4, Kind: "timestamp", Field: "T", SignedBy: "T"},
	}
	broken := &verify.Signature{
		Field: "Second", Revision: 3, Revisions: 4, Indication: verify.TotalFailed, SubIndication: verify.HashFailure,
		Findings: []verify.Finding{{Code: "cms.digest", Text: "English", Offset: 12, Object: "7 0", Clause: "RFC 5652, 5"}},
	}
	last := &verify.Signature{
		Field: "T", Kind: verify.KindTimestamp, Revision: 4, Revisions: 4, Indication: verify.TotalPassed, Digest: "SHA-256", Timestamps: []verify.Timestamp{document},
	}
	r.Signatures = append(r.Signatures, broken, last)
	r.Indication, r.Intact = verify.TotalFailed, false
	return r
}

func unreadable() *verify.Report { return &verify.Report{File: "torn.pdf", Error: "not a PDF file"} }

func unsigned() *verify.Report {
	return &verify.Report{File: "plain.pdf", Indication: verify.NoSignature, ValidationTime: passed().ValidationTime}
}

// tokyo is where most readers of Japanese reports are.
func tokyo() *time.Location { return time.FixedZone("JST", 9*60*60) }

func TestJapaneseText(t *testing.T) {
	o := &report.Options{Language: report.Japanese, Location: tokyo()}
	require.Equal(t, `contract.pdf: 署名済みであり、すべての署名が有効です。
  TOTAL-PASSED、検証日時 2026/04/01 18:00:00 (JST)、検証ポリシー Default

署名1、フィールド「Seal」: 有効 TOTAL-PASSED
  署名者         CN=山田太郎(トラストアンカー: CN=Root)
  署名値         検証に成功しました。RSA-PSS(2048ビット)、SHA-256、ETSI.CAdES.detached
  文書           構造は正常です。ファイル全体が署名の対象です
  名前           山田太郎
  署名の理由     agreed
  署名日時(申告) 2026/04/01 09:00:00 (JST)
  レベル         PAdES-B-B
`, write(t, report.Text, o, passed()))
	got := write(t, report.Text, o, archived(), unreadable())
	for _, want := range []string{
		"contract.pdf: 3個の署名のうち1個が無効です。\n", "署名2、フィールド「Second」: 無効 TOTAL-FAILED / HASH_FAILURE\n",
		"  エラー         署名後に内容が改ざんされています。ハッシュ値が一致しません。 (cms.digest; RFC 5652, 5; オブジェクト 7 0; 12バイト目)\n",
		"  署名後         第3版: 注釈の追加(Highlight)、2ページ、ページの内容に重なっています、どの署名にも保護されていません\n",
		"\n\ntorn.pdf: 読み取れません: not a PDF file\n",
	} {
		require.Contains(t, got, want)
	}
}

// TestCSV: the columns that batch verification asks for, a line for every time stamp.
func TestCSV(t *testing.T) {
	hostile := passed()
	hostile.File, hostile.Signatures[0].Signer.Subject = "=cmd|' /C calc'!A0", "a\r\nb,\"c\""
	o := &report.Options{Language: report.Japanese, Location: tokyo()}
	text := write(t, report.CSV, o, archived(), unsigned(), unreadable(), hostile)
	require.Equal(t, strings.Count(text, "\n"), strings.Count(text, "\r\n"))
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	require.Len(t, lines, 7)
	column := func(line int, name string) string {
		for i, c := range lines[0] {
			if c == name {
				return lines[line][i]
			}
		}
		t.Fatalf("there is no column %s", name)
		return ""
	}
	for name, want := range map[string]string{
		"ファイル名": "contract.pdf", "検証結果": "無効", "検証日時 (UTC+09:00)": "2026/04/01 18:00:00", "署名の検証結果": "有効", "タイムスタンプ時刻 (UTC+09:00)": "2026/04/01 09:10:00",
		"タイムスタンプの検証結果": "有効", "TSA証明書": "CN=時刻認証局", "シリアル番号": "0x1e10", "TSA証明書の有効期限 (UTC+09:00)": "2036/04/01 09:00:00",
		"ハッシュアルゴリズム": "SHA-256", "ハッシュ値(Base64)": "AP8=", "認定": "MIC", "種別": "署名",
	} {
		require.Equal(t, want, column(1, name), name)
	}
	require.Equal(t, "HASH_FAILURE", column(2, "理由"))
	for _, name := range []string{"署名日時(申告)", "証明された日時", "証明可能期限"} {
		column(1, name+" (UTC+09:00)")
	}
	require.Equal(t, "文書タイムスタンプ", column(3, "種別"))
	require.Equal(t, "署名なし", column(4, "検証結果"))
	require.Equal(t, "not a PDF file", column(5, "エラー"))
	require.Equal(t, "'=cmd|' /C calc'!A0", column(6, "ファイル名"), "no formula")
	require.Equal(t, "a\uFFFD\uFFFDb,\"c\"", column(6, "署名者"))
	require.Equal(t, "File,Status", write(t, report.CSV, nil)[:11], "the names of the columns are there without any file")
}

// TestCSVZone: all times of a file are in the zone that the first report was made in, summer
// and winter, and those after now are in it too.
func TestCSVZone(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("the system has no time zones")
	}
	r := archived()
	r.NextAction = &verify.NextAction{Deadline: time.Date(2036, 12, 1, 0, 0, 0, 0, time.UTC)}
	text := write(t, report.CSV, &report.Options{Location: berlin}, r)
	require.Contains(t, text, "Verified at (UTC+02:00),")
	require.Contains(t, text, ",2026-04-01 11:00:00,")
	require.Contains(t, text, ",2036-12-01 02:00:00,\r\n")
}

func TestEncodings(t *testing.T) {
	r := passed()
	r.Signatures[0].Signer.Subject = "CN=髙﨑~𠮷田"
	o := &report.Options{Language: report.Japanese, Encoding: report.ShiftJIS}
	encoded := write(t, report.CSV, o, r)
	back, err := japanese.ShiftJIS.NewDecoder().String(encoded)
	require.NoError(t, err)
	require.Contains(t, back, "CN=髙﨑~[U+20BB7]田")
	require.Contains(t, back, "ファイル名,検証結果,検証日時 (UTC),")
	require.NotContains(t, encoded, "検証")

	// macOS writes が as two characters in names of files; a character of its own stays one.
	r.Signatures[0].Signer.Subject = "CN=か\u3099は\u309Aあ\u3099\u3099神"
	back, err = japanese.ShiftJIS.NewDecoder().String(write(t, report.CSV, o, r))
	require.NoError(t, err)
	require.Contains(t, back, "CN=がぱあ[U+3099][U+3099]神")
	for _, chunks := range [][]string{{"か", "\u3099\n"}, {"か\xe3", "\x82\x99\n"}, {"か\xe3\x82", "\x99\n"}, {"\xe3", "\x81\x8b\u3099\n"}} {
		var b strings.Builder
		w := report.ShiftJIS.Writer(&b)
		for _, c := range chunks {
			_, err := io.WriteString(w, c)
			require.NoError(t, err)
		}
		require.Equal(t, "\x82\xaa\n", b.String(), "%q", chunks)
	}

	o.Encoding = report.UTF8BOM
	require.True(t, strings.HasPrefix(write(t, report.CSV, o, r), "\uFEFFファイル名"))
	o.Encoding = report.UTF8
	require.True(t, strings.HasPrefix(write(t, report.CSV, o, r), "ファイル名"))
	// Characters are not torn apart where what is buffered ends inside of one.
	r.Signatures[0].Signer.Subject = strings.Repeat("印", 5000)
	o.Encoding = report.ShiftJIS
	back, err = japanese.ShiftJIS.NewDecoder().String(write(t, report.CSV, o, r))
	require.NoError(t, err)
	require.Contains(t, back, r.Signatures[0].Signer.Subject)
}

func TestHTML(t *testing.T) {
	hostile := passed()
	hostile.File = "<script>alert(1)</script>\u202e"
	hostile.Signatures[0].Reason = `"><img src=x onerror=alert(1)>`
	hostile.Findings = []verify.Finding{{Code: "x", Text: "</style><b>", Offset: -1}}
	page := write(t, report.HTML, &report.Options{Language: report.Japanese, Location: tokyo()}, archived(), unsigned(), unreadable(), hostile)
	for _, want := range []string{
		`<html lang="ja">`, "3個の署名のうち1個が無効です。", "署名はありません。", "読み取れません", "4件のファイル: 有効1件", `<li><p class="revision">第3版</p>`,
		"default-src &#39;none&#39;", "&lt;script&gt;alert(1)&lt;/script&gt;\uFFFD", "prefers-color-scheme: dark", "@media print",
	} {
		require.Contains(t, strings.ReplaceAll(page, "default-src 'none'", "default-src &#39;none&#39;"), want)
	}
	for _, never := range []string{"<script", "<img", "<b>", "src=", "href=", "@import", "\u202e"} {
		require.NotContains(t, strings.ReplaceAll(strings.ReplaceAll(page, "default-src", ""), "img src=x onerror", ""), never)
	}
	require.NotContains(t, write(t, report.HTML, nil, passed()), "1 file:", "one file needs no summary")
	require.Contains(t, write(t, report.HTML, nil), "0 files")
}

// TestLongReports: of very many findings the first are shown and the rest counted.
func TestLongReports(t *testing.T) {
	r := passed()
	s := r.Signatures[0]
	for i := range 51 {
		s.Findings = append(s.Findings, verify.Finding{Code: "x", Text: "finding.", Offset: int64(i)})
	}
	for range 21 {
		s.Additions = append(s.Additions, verify.Addition{Revision: 3, Kind: "value", Field: "f"})
	}
	s.Revisions = 201
	require.Equal(t, 50, strings.Count(text(t, r), "finding."))
	require.Contains(t, text(t, r), "1 more is not shown")
	require.Equal(t, 20, strings.Count(text(t, r), "later      Revision 3"))
	page := write(t, report.HTML, nil, r)
	require.Equal(t, 201, strings.Count(page, `<p class="revision">`), "200 and how many more")
	s.Findings, s.Additions, s.Revisions = s.Findings[:50], s.Additions[:20], 200
	require.NotContains(t, text(t, r)+write(t, report.HTML, nil, r), "not shown")
}

// element is one element of an XML document.
type element struct {
	name     string
	id       string
	refs     []string
	children []*element
	text     string
}

func parseXML(t *testing.T, document string) *element {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(document))
	root := &element{}
	stack := []*element{root}
	for {
		token, err := d.Token()
		if err == io.EOF {
			require.Len(t, root.children, 1)
			return root.children[0]
		}
		require.NoError(t, err)
		top := stack[len(stack)-1]
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Local}
			for _, a := range token.Attr {
				switch a.Name.Local {
				case "id":
					e.id = a.Value
				case "VOReference":
					e.refs = strings.Fields(a.Value)
				}
			}
			top.children = append(top.children, e)
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += strings.TrimSpace(string(token))
		}
	}
}

// order holds the elements of the types of ETSI TS 119 102-2 V1.4.1 in the order of its
// schema, by the name of the element that has the type.
func order() map[string]string {
	signature := "SignatureIdentifier ValidationConstraintsEvaluationReport ValidationTimeInfo SignersDocument SignatureAttributes SignerInformation " +
		"SignatureQuality SignatureValidationProcess SignatureValidationStatus OtherInformation"
	return map[string]string{
		"ValidationReport": "SignatureValidationReport SignatureValidationObjects SignatureValidator Signature", "SignatureValidationReport": signature,
		"SignatureIdentifier":       "DigestAlgAndValue SignatureValue HashOnly DocHashOnly DAIdentifier OtherInformation",
		"SignatureValidationPolicy": "SignaturePolicyIdentifier PolicyName FormalPolicyURI", "ValidationTimeInfo": "ValidationTime BestSignatureTime",
		"BestSignatureTime": "POETime TypeOfProof POEObject", "POE": "POETime TypeOfProof POEObject",
		"SignersDocument": "DigestAlgAndValue SignersDocumentRepresentation SignersDocumentRef", "DigestAlgAndValue": "DigestMethod DigestValue",
		"SignerInformation":              "SignerCertificate Signer OtherInformation",
		"SignatureValidationStatus":      "MainIndication SubIndication AssociatedValidationReportData",
		"AssociatedValidationReportData": "TrustAnchor CertificateChain RelatedValidationObject RevocationStatusInformation CryptoInformation AdditionalValidationReportData",
		"CertificateChain":               "SigningCertificate IntermediateCertificate TrustAnchor OtherInformation", "ReportData": "Type Value",
		"ValidationObject":   "ObjectType ValidationObjectRepresentation POE POEProvisioning ValidationReport",
		"SignatureTimeStamp": "AttributeObject TimeStampValue", "DocTimeStamp": "AttributeObject TimeStampValue",
	}
}

// TestXML: the elements stand in the order of the schema, what is referred to is there,
// and what must be there is.
func TestXML(t *testing.T) {
	for _, r := range [][]*verify.Report{{passed()}, {archived(), unsigned(), unreadable(), archived()}, {{Signatures: []*verify.Signature{{}}}}} {
		root := parseXML(t, write(t, report.XML, nil, r...))
		require.Equal(t, "ValidationReport", root.name)
		known, types := map[string]bool{}, order()
		var references []string
		var walk func(e *element, inside string)
		walk = func(e *element, inside string) {
			if e.id != "" {
				require.False(t, known[e.id], "%s is there twice", e.id)
				known[e.id] = true
			}
			references = append(references, e.refs...)
			sequence, typed := types[e.name]
			if e.name == "ValidationReport" && inside == "ValidationObject" {
				sequence = types["SignatureValidationReport"]
			}
			at, names := 0, strings.Fields(sequence)
			for _, child := range e.children {
				for typed && at < len(names) && names[at] != child.name {
					at++
				}
				require.False(t, typed && at == len(names), "%s is out of order in %s", child.name, e.name)
				walk(child, e.name)
			}
		}
		walk(root, "")
		require.NotEmpty(t, known)
		for _, id := range references {
			require.True(t, known[id], "nothing has the id %s", id)
		}
	}
	document := write(t, report.XML, &report.Options{Language: report.Japanese}, archived())
	for _, want := range []string{
		"mainindication:total-failed<", "subindication:HASH_FAILURE<", "mainindication:passed<", "<ByteRange>0 10 20 30</ByteRange>", "validationObject:timestamp<",
		"署名後に内容が改ざんされています。",
	} {
		require.Contains(t, document, want)
	}
}
