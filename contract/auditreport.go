package contract

import (
	"bufio"
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"image/color"
	"io"
	"strings"
	"time"

	"github.com/inkan-go/inkan/internal/redact"
	"github.com/inkan-go/inkan/internal/typeset"
	"github.com/inkan-go/inkan/verify/report"
)

// AuditOptions say how the report of an audit is written. Nil means the defaults.
type AuditOptions struct {
	Language Language // Japanese by default
	Zone     *time.Location
	Fonts    []report.Font // for PDF, as in CertificateOptions
}

func (o *AuditOptions) withDefaults() AuditOptions {
	var out AuditOptions
	if o != nil {
		out = *o
	}
	out.Language, out.Zone = cmp.Or(out.Language, Japanese), cmp.Or(out.Zone, japan)
	return out
}

// auditWords are the texts of a report besides those of the claims.
type auditWords struct {
	title, judged, contract, issuer string
	results                         [4]string // by Grade
	advice                          [4]string
	verdicts                        [4]string // the results in a word
	grades                          [4]string
	meanings                        [4]string
	legend                          string
	groups                          map[string]string // by the first part of a code
	document                        string
}

func (l Language) auditWords() *auditWords {
	if l == English {
		return &auditWords{
			title: "Audit of a contract", judged: "Judged at", contract: "Conclusion certificate ID", issuer: "Issuer",
			results: [4]string{
				"Contract and certificate contradict each other, or were altered.",
				"Something that matters cannot be verified.",
				"", "Contract and certificate agree, and nothing contradicts them.",
			},
			advice: [4]string{
				"Do not rely on these files. Ask the other parties for theirs.",
				"Give what is missing, or the certificates to be trusted, and audit again.",
				"", "File the documents and the certificate as they are.",
			},
			verdicts: [4]string{"contradicted", "not verifiable", "", "proven"},
			grades:   [4]string{"contradicted", "not verifiable", "said by the platform", "proven"},
			meanings: [4]string{
				"What was found contradicts it.", "Nothing that was given tells.",
				"The platform says so under its signature; only it can know.", "Cryptography shows it, whoever says so.",
			},
			legend: "What the grades mean",
			groups: map[string]string{
				"certificate": "Completion certificate", "record": "Completion certificate", "document": "Documents", "stamp": "Time stamps",
				"participant": "Signers", "event": "Events", "disclosure": "Personal values",
			},
			document: "document %d: ",
		}
	}
	return &auditWords{
		title: "契約の監査報告書", judged: "監査日時", contract: "締結証明書ID", issuer: "発行者",
		results: [4]string{
			"契約または契約締結証明書に、改変または矛盾があります。", "重要な事項の中に、確認できないものがあります。",
			"", "契約と契約締結証明書は一致しており、矛盾はありません。",
		},
		advice: [4]string{
			"このファイルを証拠として用いず、相手方の保管するファイルを取り寄せてください。",
			"不足しているファイル、または信頼する証明書を指定して、もう一度監査してください。",
			"", "文書と契約締結証明書を、このまま保管してください。",
		},
		verdicts: [4]string{"不一致", "確認不能", "", "一致"},
		grades:   [4]string{"不一致", "確認不能", "プラットフォームの記録", "証明済み"},
		meanings: [4]string{
			"確認した内容と矛盾しています。", "提示された資料からは判断できません。",
			"プラットフォームが署名して記録した内容です。第三者は確認できません。", "暗号技術により、誰の言葉にもよらず確認できます。",
		},
		legend: "区分の意味",
		groups: map[string]string{
			"certificate": "契約締結証明書", "record": "契約締結証明書", "document": "文書", "stamp": "タイムスタンプ",
			"participant": "署名者", "event": "イベント", "disclosure": "個人情報",
		},
		document: "文書%d：",
	}
}

// auditGroup is a part of a report.
type auditGroup struct {
	Heading string
	Lines   []auditLine
}

type auditLine struct {
	Grade Grade
	Word  string
	Text  string
}

// legendLines say what the grades mean, the best first.
func (w *auditWords) legendLines() []auditLine {
	var out []auditLine
	for g := Proven; g >= Refuted; g-- {
		out = append(out, auditLine{g, w.grades[g], w.meanings[g]})
	}
	return out
}

// groups puts the claims into the parts of a report, in the order in which they are first found.
func (r *AuditReport) groups(l Language, w *auditWords, zone *time.Location) []auditGroup {
	var out []auditGroup
	at := make(map[string]int)
	for i := range r.Claims {
		c := &r.Claims[i]
		kind, _, _ := strings.Cut(c.Code, ".")
		heading := w.groups[kind]
		k, known := at[heading]
		if !known {
			k = len(out)
			at[heading] = k
			out = append(out, auditGroup{Heading: heading})
		}
		out[k].Lines = append(out[k].Lines, auditLine{c.Grade, w.grades[c.Grade], r.text(c, l, w, zone)})
	}
	return out
}

// text is the text of a claim, with the number of the document where there are several.
func (r *AuditReport) text(c *Claim, l Language, w *auditWords, zone *time.Location) string {
	text := l.claimText(c, zone)
	if c.Document > 0 && len(r.Documents) > 1 {
		text = fmt.Sprintf(w.document, c.Document) + text
	}
	return redact.Visible(text)
}

// facts are what the report is about.
func (r *AuditReport) facts(w *auditWords, zone *time.Location) [][2]string {
	out := [][2]string{{w.judged, moment(r.Time, zone)}}
	if r.Record != nil {
		out = append(out, [2]string{w.contract, r.Record.ID.String()}, [2]string{w.issuer, redact.Visible(r.Record.Issuer)})
	}
	return out
}

// WriteJSON writes the report as one JSON object in a line.
func (r *AuditReport) WriteJSON(w io.Writer) error { return json.NewEncoder(w).Encode(r) }

// WriteText writes the report for a terminal: the result first.
func (r *AuditReport) WriteText(to io.Writer, o *AuditOptions) error {
	options := o.withDefaults()
	w := options.Language.auditWords()
	b := bufio.NewWriter(to)
	fmt.Fprintf(b, "%s\n%s\n\n", w.results[r.Result], w.advice[r.Result])
	for _, f := range r.facts(w, options.Zone) {
		fmt.Fprintf(b, "%s: %s\n", f[0], f[1])
	}
	for _, g := range r.groups(options.Language, w, options.Zone) {
		fmt.Fprintf(b, "\n%s\n", g.Heading)
		for _, line := range g.Lines {
			fmt.Fprintf(b, "  %s %s: %s\n", gradeMarks[line.Grade], line.Word, line.Text)
		}
	}
	return b.Flush()
}

var gradeMarks = [4]string{"✗", "?", "·", "✓"}

//go:embed audit.html
var auditPage string

var auditTemplate = template.Must(template.New("audit").Parse(auditPage))

// WriteHTML writes the report as one self-contained page.
func (r *AuditReport) WriteHTML(to io.Writer, o *AuditOptions) error {
	options := o.withDefaults()
	w := options.Language.auditWords()
	return auditTemplate.Execute(to, map[string]any{
		"Language": options.Language, "Title": w.title, "Result": w.results[r.Result], "Advice": w.advice[r.Result], "Grade": r.Result,
		"Facts": r.facts(w, options.Zone), "Groups": r.groups(options.Language, w, options.Zone), "Legend": w.legendLines(), "LegendTitle": w.legend,
	})
}

// WritePDF writes the report as a PDF.
func (r *AuditReport) WritePDF(to io.Writer, o *AuditOptions) error {
	options := o.withDefaults()
	w := options.Language.auditWords()
	fonts, err := parsed(options.Fonts)
	if err != nil {
		return err
	}
	d := typeset.New(&typeset.Options{
		Title: w.title, Language: string(options.Language), Time: r.Time.In(options.Zone), Fonts: fonts, Substitute: true,
		Footer: func(page, pages int) typeset.Running {
			return typeset.Running{Left: w.title, Right: fmt.Sprintf("%d / %d", page, pages)}
		},
	})
	d.Heading(1, w.title)
	d.Paragraph(w.results[r.Result], &typeset.Style{Size: 12, Bold: true, Bar: gradeColors[r.Result], Background: color.Gray{0xf4}})
	d.Paragraph(w.advice[r.Result], nil)
	d.Space(4)
	var facts [][]typeset.Cell
	for _, f := range r.facts(w, options.Zone) {
		facts = append(facts, typeset.Cells(f[0], f[1]))
	}
	d.Table(&typeset.Table{Columns: []float64{3, 7}, RowHeaders: true, Rows: facts})
	for _, g := range r.groups(options.Language, w, options.Zone) {
		d.Heading(2, g.Heading)
		d.Table(gradeTable(g.Lines))
	}
	d.Heading(2, w.legend)
	d.Table(gradeTable(w.legendLines()))
	return d.Write(to)
}

var gradeColors = [4]color.Color{
	color.NRGBA{0xb3, 0x21, 0x1b, 0xff}, color.NRGBA{0x85, 0x55, 0x00, 0xff}, color.NRGBA{0x33, 0x55, 0x80, 0xff}, color.NRGBA{0x14, 0x71, 0x3a, 0xff},
}

func gradeTable(lines []auditLine) *typeset.Table {
	t := &typeset.Table{Columns: []float64{25, 75}, RowHeaders: true}
	for _, line := range lines {
		t.Rows = append(t.Rows, []typeset.Cell{
			{Text: line.Word, Style: &typeset.Style{Color: gradeColors[line.Grade], Bold: true}}, {Text: line.Text},
		})
	}
	return t
}
