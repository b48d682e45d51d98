package interop_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/inkan-go/inkan/internal/vectors"
	"github.com/inkan-go/inkan/verify"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// opinion is what a validator says of a signature.
type opinion struct{ indication, reason string }

// notSeen is the opinion of a validator that lists no such signature, or does not read
// the file at all.
var notSeen = opinion{indication: "not seen"}

func (o opinion) String() string {
	if o.reason == "" {
		return o.indication
	}
	return o.indication + " / " + o.reason
}

// question is one file to be judged by all, and what verify says of it.
type question struct {
	name   string // in the table
	task   adesTask
	report *verify.Report
}

// comparison is what verify and another validator say of one signature.
type comparison struct {
	judge, name  string
	ours, theirs opinion
	findings     string // codes of verify, between blanks
	errors       []string
}

func (c *comparison) agree() bool { return c.ours == c.theirs }

// ask puts all questions to all judges.
func ask(t *testing.T, judges []*adesPeer, all []question) []comparison {
	t.Helper()
	lists := make([][]comparison, len(judges))
	var running sync.WaitGroup
	for i, judge := range judges {
		running.Go(func() {
			for _, q := range all {
				lists[i] = append(lists[i], q.compare(judge.name, judge.do(t, q.task))...)
			}
		})
	}
	running.Wait()
	return slices.Concat(lists...)
}

// compare holds the answer of a judge against the report, by the names of fields.
func (q *question) compare(judge string, answer adesAnswer) []comparison {
	theirs, errors := opinionsOf(answer)
	byField := make(map[string]*comparison)
	for _, s := range q.report.Signatures {
		if s.Kind == verify.KindTimestamp {
			continue
		}
		c := &comparison{judge: judge, name: q.name, theirs: notSeen, errors: []string{answer.Error}, findings: " ",
			ours: opinion{strings.ReplaceAll(s.Indication.String(), "-", "_"), string(s.SubIndication)}}
		for _, f := range s.Findings {
			c.findings += f.Code + " "
		}
		byField[s.Field] = c
	}
	rename(byField, theirs, errors)
	for field, o := range theirs {
		if byField[field] == nil {
			byField[field] = &comparison{judge: judge, name: q.name, ours: notSeen, findings: " "}
		}
		byField[field].theirs, byField[field].errors = o, errors[field]
	}
	var list []comparison
	for _, field := range slices.Sorted(maps.Keys(byField)) {
		list = append(list, *byField[field])
	}
	return list
}

// rename gives the only signature that is left on each side the same name: validators
// spell the names of fields in their own ways.
func rename(ours map[string]*comparison, theirs map[string]opinion, errors map[string][]string) {
	var mine, others []string
	for field := range ours {
		if _, ok := theirs[field]; !ok {
			mine = append(mine, field)
		}
	}
	for field := range theirs {
		if ours[field] == nil {
			others = append(others, field)
		}
	}
	if len(mine) == 1 && len(others) == 1 {
		theirs[mine[0]], errors[mine[0]] = theirs[others[0]], errors[others[0]]
		delete(theirs, others[0])
	}
}

// opinionsOf returns what an answer says, and why, by the names of fields.
func opinionsOf(a adesAnswer) (map[string]opinion, map[string][]string) {
	all, errors := make(map[string]opinion), make(map[string][]string)
	for _, s := range a.Signatures {
		o := opinion{s.Indication, s.SubIndication}
		if o.indication == "PASSED" || o.indication == "FAILED" {
			o.indication = "TOTAL_" + o.indication
		}
		if s.Modification == "OTHER" && o.indication == "TOTAL_PASSED" {
			o.indication += ", changed" // pyHanko says this beside the processes of the standard
		}
		for _, field := range s.Fields {
			all[field], errors[field] = o, s.Errors
		}
	}
	return all, errors
}

// cause is why a validator says something else of some signatures. An empty pattern
// fits everything.
type cause struct {
	judge          string // a pattern, as the rest
	ours, theirs   string
	name, findings string
	class, clause  string
	why            string
}

func (k *cause) explains(c *comparison) bool {
	fits := func(pattern, text string) bool { return pattern == "" || regexp.MustCompile(pattern).MatchString(text) }
	return fits(k.judge, c.judge) && fits("^("+k.ours+")$", c.ours.String()) && fits("^("+k.theirs+")$", c.theirs.String()) &&
		fits(k.name, c.name) && fits(k.findings, c.findings)
}

// TestAgreement compares verify with EU DSS and pyHanko on all vectors, each at its
// time and with its anchors, and tables the disagreements in docs/interop.md. Each must
// have its cause.
func TestAgreement(t *testing.T) {
	judges := adesPeers(t)
	maker, err := vectors.NewMaker()
	require.NoError(t, err)
	var all []question
	for _, v := range vectors.All() {
		file := filepath.Join("..", "testdata", v.File)
		options, err := v.Options(maker)
		require.NoError(t, err)
		report, _ := verify.File(context.Background(), file, options)
		if report == nil {
			require.True(t, v.Expect.Unreadable, v.File)
			continue
		}
		// Certificates of vectors without conditions say that they need no evidence.
		task := adesTask{Command: "judge", File: file, Password: options.Password, At: options.At.Format(time.RFC3339), Unlisted: v.Conditions == nil}
		anchors := []string{vectors.FixedRoot}
		if v.Conditions != nil {
			anchors = v.Conditions.Anchors
		}
		for _, name := range anchors {
			task.Anchors = append(task.Anchors, filepath.Join("..", "testdata", name))
		}
		all = append(all, question{strings.TrimSuffix(v.File, ".pdf"), task, report})
	}
	section(t, interopPage, "agreement", agreementTables(t, judges, ask(t, judges, all), vectorCauses))
}

// agreementTables has a table of disagreements for each judge.
func agreementTables(t *testing.T, judges []*adesPeer, all []comparison, causes []cause) string {
	t.Helper()
	var text strings.Builder
	used := make(map[int]bool)
	for _, judge := range judges {
		agreed, alike, total := 0, 0, 0   // alike: passing, or not
		rows := make(map[string][]string) // names by the row without them
		order := make(map[string]int)
		for _, c := range all {
			if c.judge != judge.name {
				continue
			}
			if total++; (c.ours.indication == "TOTAL_PASSED") == (c.theirs.indication == "TOTAL_PASSED") {
				alike++
			}
			if c.agree() {
				agreed++
				continue
			}
			i := slices.IndexFunc(causes, func(k cause) bool { return k.explains(&c) })
			if !assert.GreaterOrEqual(t, i, 0, "unexplained: %s says %v of %s, verify %v:%s %v", c.judge, c.theirs, c.name, c.ours, c.findings, c.errors) {
				continue
			}
			used[i] = true
			k := causes[i]
			row := fmt.Sprintf("| %v | %v | %%s | %s | %s: %s |\n", c.ours, c.theirs, k.clause, k.class, k.why)
			rows[row], order[row] = append(rows[row], c.name), i
		}
		fmt.Fprintf(&text, "\n%s says the same of %d of %d signatures, and of %d whether they pass:\n\n| verify | %s | signatures | clause | cause |\n|---|---|---|---|---|\n", judge.name, agreed, total, alike, judge.name)
		for _, row := range slices.SortedFunc(maps.Keys(rows), func(a, b string) int { return cmp.Or(order[a]-order[b], strings.Compare(a, b)) }) {
			fmt.Fprintf(&text, row, groupsOf(rows[row]))
		}
	}
	for i, k := range causes {
		assert.True(t, used[i], "no disagreement has this cause any more: %+v", k)
	}
	return text.String()
}

var groupOfName = regexp.MustCompile(`^(verdict|proof|cms|algorithm|layout|coverage)-.*$|^([a-z]+)`)

// groupsOf counts names by their groups, and spells out those that stand for themselves.
func groupsOf(names []string) string {
	counts := make(map[string]int)
	var order []string
	for _, name := range names {
		m := groupOfName.FindStringSubmatch(name)
		if m == nil {
			return fmt.Sprint(len(names)) // of files that are not ours
		}
		group := m[0]
		if counts[group]++; counts[group] == 1 {
			order = append(order, group)
		}
	}
	for i, group := range order {
		if order[i] = "`" + group + "`"; counts[group] > 1 {
			order[i] += fmt.Sprintf(" %d", counts[group])
		}
	}
	return strings.Join(order, ", ")
}
