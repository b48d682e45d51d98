package contract

import (
	"strings"
	"time"

	"github.com/inkan-go/inkan/internal/redact"
	"github.com/inkan-go/inkan/verify"
)

// AuditColumns are the names of the columns of [AuditReport.Row] with the same options.
func AuditColumns(o *AuditOptions) []string {
	options := o.withDefaults()
	zone := time.Time{}.In(options.Zone).Format(" (UTC-07:00)")
	if options.Language == English {
		return []string{
			"Certificate", "Result", "Conclusion certificate ID", "Issuer", "Documents", "Date of the deal", "Counterparties", "Amount", "Currency",
			"Concluded" + zone, "Renew before" + zone, "Kept until", "What to look at",
		}
	}
	return []string{
		"契約締結証明書", "監査結果", "締結証明書ID", "発行者", "文書名", "取引年月日", "取引先", "取引金額", "通貨",
		"締結日時" + zone, "保護の延長期限" + zone, "保存期限", "指摘事項",
	}
}

// Row is the report as a row of a table, for archives of many contracts: a row for each. Texts that a
// spreadsheet would take for a formula begin with an apostrophe.
func (r *AuditReport) Row(o *AuditOptions) []string {
	options := o.withDefaults()
	w := options.Language.auditWords()
	row := make([]string, len(AuditColumns(o)))
	row[0], row[1] = r.Certificate.File, w.verdicts[r.Result]
	if deadline := r.NextAction(); !deadline.IsZero() {
		row[10] = deadline.In(options.Zone).Format(time.DateTime)
	}
	row[12] = strings.Join(r.Problems(o), " / ")
	if r.Record != nil {
		var titles []string
		for _, d := range r.Record.Documents {
			titles = append(titles, d.Title)
		}
		deal := &r.Record.Deal
		row[2], row[3], row[4] = r.Record.ID.String(), r.Record.Issuer, strings.Join(titles, "、")
		row[5], row[6] = deal.Date, strings.Join(deal.Counterparties, "、")
		if deal.Amount != nil {
			row[7], row[8] = deal.Amount.Value, deal.Amount.Currency
		}
		if at := r.Record.concluded(); !at.IsZero() {
			row[9] = at.In(options.Zone).Format(time.DateTime)
		}
		row[11] = r.Record.Retention.Until
	}
	for i := range row {
		row[i] = redact.Cell(redact.Visible(row[i]))
	}
	return row
}

// Problems are the texts of the claims that are why the result is no better.
func (r *AuditReport) Problems(o *AuditOptions) []string {
	options := o.withDefaults()
	w := options.Language.auditWords()
	var out []string
	for i := range r.Claims {
		if c := &r.Claims[i]; c.lowers() && c.Grade == r.Result {
			out = append(out, r.text(c, options.Language, w, options.Zone))
		}
	}
	return out
}

// NextAction is until when documents and certificate must be renewed to remain provable: the first of
// their deadlines; the zero time where none is known.
func (r *AuditReport) NextAction() time.Time {
	var first time.Time
	for _, judged := range append([]*verify.Report{r.Certificate}, r.Documents...) {
		if judged == nil || judged.NextAction == nil {
			continue
		}
		if at := judged.NextAction.Deadline; first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first
}
