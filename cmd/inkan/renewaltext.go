package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/inkan-go/inkan/internal/redact"
	"github.com/inkan-go/inkan/renew"
	"github.com/inkan-go/inkan/verify/report"
)

// renewalWords are the words of the renew command in one language.
type renewalWords struct {
	outcomes     map[renew.Outcome]string
	and          string
	until        string // a day
	unlimited    string
	interruption map[string]string
	lost         string // counts of stamps
	unknown      string
	summary      func(c *renewalCounts) string
}

// renewalWordsOf returns those of a language.
func renewalWordsOf(l report.Language) *renewalWords {
	if l == report.Japanese {
		return &renewalInJapanese
	}
	return &renewalInEnglish
}

var renewalInEnglish = renewalWords{
	outcomes: map[renew.Outcome]string{
		renew.Failed: "FAILED", renew.Busy: "IN WORK ELSEWHERE", renew.Unprovable: "NOT PROVABLE", renew.Unsigned: "NOT SIGNED", renew.Futile: "NOT PROLONGED", renew.Due: "due",
		renew.Kept: "not due", renew.Raised: "raised to B-LTA", renew.Renewed: "renewed",
	},
	and: ", ", until: "provable until %s", unlimited: "provable without a known end",
	interruption: map[string]string{
		"nothing":  "an earlier call was cut off before it wrote to the file; a time stamp may have been bought in vain",
		"partial":  "an earlier call was cut off while it wrote to the file, which was put back to what it was; a time stamp was bought in vain",
		"complete": "an earlier call was cut off when it had renewed the file",
	},
	lost: "time stamps bought in vain: %d", unknown: "requests after which a time stamp may have been made: %d",
	summary: func(c *renewalCounts) string {
		o := c.outcomes
		return fmt.Sprintf("%s: %d renewed, %d raised, %d due, %d not due, %d not prolonged, %d not provable, %d not signed, %d failed\n"+
			"Time stamps: %d bought, %d of them in vain, %d unclear; files in work when an earlier call was cut off: %d",
			count(c.files, "file"), o[renew.Renewed], o[renew.Raised], o[renew.Due], o[renew.Kept], o[renew.Futile], o[renew.Unprovable], o[renew.Unsigned], o[renew.Failed]+o[renew.Busy],
			c.stamps, c.lost, c.unknown, c.interrupted)
	},
}

var renewalInJapanese = renewalWords{
	outcomes: map[renew.Outcome]string{
		renew.Failed: "失敗", renew.Busy: "ほかの処理が作業中です", renew.Unprovable: "証明できません", renew.Unsigned: "署名なし", renew.Futile: "延長できません", renew.Due: "要延長",
		renew.Kept: "延長不要", renew.Raised: "B-LTAに引き上げました", renew.Renewed: "延長しました",
	},
	and: "、", until: "%sまで証明可能", unlimited: "証明可能(期限は不明)",
	interruption: map[string]string{
		"nothing":  "前回の処理はこのファイルに書き込む前に中断されました。タイムスタンプが無駄に発行された可能性があります",
		"partial":  "前回の処理はこのファイルへの書き込み中に中断されたため、元の内容に戻しました。タイムスタンプ1個が無駄になりました",
		"complete": "前回の処理はこのファイルの延長後に中断されました",
	},
	lost: "無駄になったタイムスタンプ: %d個", unknown: "タイムスタンプが発行されたか不明な要求: %d件",
	summary: func(c *renewalCounts) string {
		o := c.outcomes
		return fmt.Sprintf("%d件のファイル: 延長%d件、引き上げ%d件、要延長%d件、延長不要%d件、延長できない%d件、証明できない%d件、署名なし%d件、失敗%d件\n"+
			"タイムスタンプ: 取得%d個(うち無駄になったもの%d個)、発行されたか不明%d件。前回の中断時に処理中だったファイル: %d件",
			c.files, o[renew.Renewed], o[renew.Raised], o[renew.Due], o[renew.Kept], o[renew.Futile], o[renew.Unprovable], o[renew.Unsigned], o[renew.Failed]+o[renew.Busy],
			c.stamps, c.lost, c.unknown, c.interrupted)
	},
}

// text returns the counts as two lines.
func (c *renewalCounts) text(l report.Language) string { return renewalWordsOf(l).summary(c) }

// renewalText tells what became of one file: a line, and one more for each thing that
// should be known.
func renewalText(r *renew.Result, l report.Language) string {
	w := renewalWordsOf(l)
	var b strings.Builder
	line := w.outcomes[r.Outcome]
	switch {
	case r.Now != nil:
		line += w.and + fmt.Sprintf(w.until, r.Now.Deadline.In(time.Local).Format(time.DateOnly))
	case r.Outcome == renew.Kept:
		line += w.and + w.unlimited
	}
	if r.Error != "" {
		line += ": " + r.Error
	}
	fmt.Fprintf(&b, "%s: %s\n", redact.Visible(r.File), redact.Visible(line))
	more := func(text string) { fmt.Fprintf(&b, "  %s\n", redact.Visible(text)) }
	if r.Interrupted != "" && r.Outcome == renew.Due { // else it was told before
		more(w.interruption[r.Interrupted])
	}
	if r.Lost > 0 {
		more(fmt.Sprintf(w.lost, r.Lost))
	}
	if r.Unknown > 0 {
		more(fmt.Sprintf(w.unknown, r.Unknown))
	}
	for _, warning := range r.Warnings {
		more(warning)
	}
	return b.String()
}
