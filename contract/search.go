package contract

import (
	"strings"
	"time"

	"github.com/inkan-go/inkan/internal/redact"
)

// SearchColumns are the names of the columns of SearchRows.
func SearchColumns() []string {
	return []string{"締結証明書ID", "文書ID", "文書名", "管理番号", "取引年月日", "取引先", "取引金額", "通貨", "締結日時", "保存期限", "状態"}
}

// SearchRows are what a contract is searched by (電子帳簿保存法施行規則2条6項5号: date, amount and counterparty of the deal),
// a row for every document. Texts that a spreadsheet would take for a formula begin with an apostrophe.
func (r *Record) SearchRows() [][]string {
	value, currency := "", ""
	if r.Deal.Amount != nil {
		value, currency = r.Deal.Amount.Value, r.Deal.Amount.Currency
	}
	concluded := ""
	if at := r.concluded(); !at.IsZero() {
		concluded = at.In(japan).Format(time.DateTime)
	}
	phase := (&Contract{Record: *r}).Phase()
	var rows [][]string
	for _, d := range r.Documents {
		rows = append(rows, []string{
			r.ID.String(), d.ID.String(), redact.Cell(d.Title), redact.Cell(d.ManagementNo), r.Deal.Date,
			redact.Cell(strings.Join(r.Deal.Counterparties, "、")), value, currency, concluded, r.Retention.Until, string(phase),
		})
	}
	return rows
}
