package main

import (
	"bufio"
	"fmt"
	"time"

	"github.com/inkan-go/inkan/internal/redact"
	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verify/report"
)

// retainFlags say for how long files are kept.
type retainFlags struct {
	RetainUntil string `placeholder:"DATE" help:"List the files whose proof ends before the end of this day (as 2033-03-31), each with the last safe day to renew it. It never changes a verdict."`
}

// until is the end of the day; zero where none is named.
func (f *retainFlags) until() (time.Time, error) {
	if f.RetainUntil == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, f.RetainUntil, time.Local)
	if err != nil {
		return time.Time{}, fmt.Errorf("--retain-until %s is not a day, as 2033-03-31", f.RetainUntil)
	}
	y, m, d := day.Date()
	return time.Date(y, m, d, 23, 59, 59, 0, time.Local), nil
}

// retentionList collects the files that are not provable for as long as they are kept.
type retentionList []shortLived

type shortLived struct{ file, lastSafeDay string }

// add takes a file into the list, if it belongs there.
func (l *retentionList) add(file string, r *verify.Retention) {
	if r != nil && !r.Kept {
		*l = append(*l, shortLived{file, r.LastSafeDay})
	}
}

// print writes the list, one line a file.
func (l retentionList) print(out *bufio.Writer, until string, language report.Language) {
	texts := retentionTexts[language]
	if len(l) == 0 {
		fmt.Fprintf(out, "\n"+texts.none+"\n", until)
		return
	}
	fmt.Fprintf(out, "\n"+texts.heading+"\n", len(l), until)
	for _, s := range l {
		text := texts.unproven
		if s.lastSafeDay != "" {
			text = fmt.Sprintf(texts.renewBy, s.lastSafeDay)
		}
		fmt.Fprintf(out, "  %s: %s\n", redact.Visible(s.file), text)
	}
}

// retentionTexts are the words of the list.
var retentionTexts = map[report.Language]struct{ none, heading, renewBy, unproven string }{
	report.English: {
		"All files stay provable until %s.", "Files whose proof ends before %[2]s is over: %[1]d", "renew by %s at the latest", "not provable now: see its report",
	},
	report.Japanese: {
		"すべてのファイルが%sまで証明可能です。", "%[2]sまで証明できないファイル: %[1]d件", "遅くとも%sまでに延長してください", "現在証明できません(検証結果をご覧ください)",
	},
}
