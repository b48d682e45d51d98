package interop_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// nextStep is something that a tool does to a document that was certified, or signed.
type nextStep struct {
	name string
	do   func(t *testing.T, data []byte) []byte
	// try is do of our own, where the file may forbid it; nil where another tool does it.
	try func(t *testing.T, data []byte, force bool) ([]byte, error)
}

const protectionPage = "../docs/protection.md"

func (w *workshop) nextSteps(t *testing.T, authority tsa.Timestamper) []nextStep {
	ours := func(name string, do func(d *pades.Document, force bool) error) nextStep {
		return nextStep{name: name, try: func(t *testing.T, data []byte, force bool) (out []byte, err error) {
			out = w.update(t, data, func(d *pades.Document) error {
				err = do(d, force)
				return nil
			})
			return out, err
		}}
	}
	theirs := func(name, step string) nextStep {
		return nextStep{name: name, do: func(t *testing.T, data []byte) []byte {
			return w.hankoDoes(t, data, step)
		}}
	}
	sign := func(o pades.SignOptions) func(*pades.Document, bool) error {
		return func(d *pades.Document, force bool) error {
			o.IgnoreSignatures = force
			return d.Sign(t.Context(), w.signer(), &o)
		}
	}
	place := pades.Rect{X: 40, Y: 40, Width: 90, Height: 40}
	return []nextStep{
		ours("inkan: a document time stamp", func(d *pades.Document, _ bool) error {
			return d.Timestamp(t.Context(), &pades.TimestampOptions{TSA: authority})
		}),
		ours("inkan: a signature in an empty field", sign(pades.SignOptions{Field: "second"})),
		ours("inkan: a visible signature in an empty field", sign(pades.SignOptions{Field: "second", Appearance: frame{}})),
		ours("inkan: a signature in a new field", sign(pades.SignOptions{})),
		ours("inkan: a signature in a new group of fields", sign(pades.SignOptions{NewField: "group.approval"})),
		ours("inkan: a visible signature in a new field", sign(pades.SignOptions{Appearance: frame{}, Rect: place})),
		ours("inkan: an empty field", func(d *pades.Document, force bool) error {
			return d.AddFields([]*pades.NewField{{Rect: place}}, &pades.FieldOptions{IgnoreSignatures: force})
		}),
		ours("inkan: a visible document time stamp", func(d *pades.Document, force bool) error {
			return d.Timestamp(t.Context(), &pades.TimestampOptions{TSA: authority, Appearance: frame{}, Rect: place, IgnoreSignatures: force})
		}),
		ours("inkan: a stamp on the page", func(d *pades.Document, force bool) error {
			return d.Amend(t.Context(), &pades.Amendment{Stamps: []pades.Stamp{{Appearance: frame{}, Rect: place}}, IgnoreSignatures: force})
		}),
		theirs("pyHanko: another value in a text field", "fill"),
		theirs("pyHanko: a note", "annotate"),
		theirs("pyHanko: an empty field", "field"),
	}
}

// protections are what comes first.
func protections() []struct {
	name    string
	options pades.SignOptions
} {
	lock := func(a pades.LockAction, p pades.Permission, names ...string) *pades.Lock {
		return &pades.Lock{Action: a, Fields: names, Permission: p}
	}
	return []struct {
		name    string
		options pades.SignOptions
	}{
		{"signed", pades.SignOptions{}},
		{"P=1", pades.SignOptions{Certify: pades.NoChanges}},
		{"P=2", pades.SignOptions{Certify: pades.FillForms}},
		{"P=3", pades.SignOptions{Certify: pades.Annotate}},
		{"locks all", pades.SignOptions{Lock: lock(pades.LockAll, 0)}},
		{"locks `party`", pades.SignOptions{Lock: lock(pades.LockInclude, 0, "party")}},
		{"locks all but `second`", pades.SignOptions{Lock: lock(pades.LockExclude, 0, "second")}},
		{"locks none, P=1", pades.SignOptions{Lock: lock(pades.LockInclude, pades.NoChanges)}},
	}
}

// TestNextStepsJudged: after each protection, each step that a tool can make is judged by
// inkan, pyHanko and EU DSS. What inkan forbids it refuses to do. Differences have a
// reason; the table goes into docs/protection.md.
func TestNextStepsJudged(t *testing.T) {
	w, s := newWorkshop(t), newServices(t)
	type cell struct {
		step, protection string
		file             string
		ours             bool
	}
	var cells []cell
	var files []string
	firsts := make(map[string][]byte)
	for _, p := range protections() {
		o := p.options
		o.Field = "first"
		firsts[p.name] = w.sign(t, w.form(t), &o)
	}
	for _, step := range w.nextSteps(t, s.client()) {
		for _, p := range protections() {
			var made []byte
			refused := false
			if step.try != nil {
				var err error
				if made, err = step.try(t, firsts[p.name], false); err != nil {
					require.ErrorIs(t, err, pades.ErrNotPermitted)
					refused = true
					made, err = step.try(t, firsts[p.name], true)
					require.NoError(t, err)
				}
			} else {
				made = step.do(t, firsts[p.name])
			}
			j := w.verify(t, made)
			if step.try != nil {
				assert.Equal(t, !refused, j.ChangesAllowed && j.Intact, "%s after %s: refused %v, and judged %v", step.name, p.name, refused, j.ChangesAllowed)
			}
			c := cell{step.name, p.name, write(t, fmt.Sprintf("%d.pdf", len(cells)), made), j.Intact && j.ChangesAllowed}
			cells, files = append(cells, c), append(files, c.file)
		}
	}
	hankos := w.hankoReads(t, files...)
	var table strings.Builder
	table.WriteString("| step |")
	for _, p := range protections() {
		table.WriteString(" " + p.name + " |")
	}
	table.WriteString("\n|---|" + strings.Repeat("---|", len(protections())) + "\n")
	word := map[bool]string{true: "allowed", false: "forbidden"}
	used := make(map[string]bool)
	for i, c := range cells {
		if i%len(protections()) == 0 {
			table.WriteString("| " + c.step + " |")
		}
		h := hankos[c.file]
		d := w.dssReads(t, c.file).Signatures[0]
		table.WriteString(" " + word[c.ours])
		marks := ""
		for _, other := range []struct {
			name   string
			allows bool
		}{{"pyHanko", h.Error == "" && len(h.Signatures) > 0 && h.Signatures[0].BottomLine}, {"DSS", dssAllows(d)}} {
			if other.allows == c.ours {
				continue
			}
			mark := whyDifferent(other.name, c.step, c.protection, other.allows)
			assert.NotEmpty(t, mark, "%s after %s: inkan %s, %s %s: %s %+v %v", c.step, c.protection, word[c.ours], other.name, word[other.allows], h.Error, d.Protection, d.Warnings)
			if !strings.Contains(marks, mark) {
				marks += " (" + mark + ")"
			}
			used[mark] = true
		}
		table.WriteString(marks)
		table.WriteString(" |")
		if i%len(protections()) == len(protections())-1 {
			table.WriteString("\n")
		}
	}
	table.WriteString("\n")
	for _, d := range stepDiffers {
		if used[d.mark] {
			delete(used, d.mark) // several entries have it
			fmt.Fprintf(&table, "- (%s) %s\n", d.mark, d.reason)
		}
	}
	section(t, protectionPage, "next steps", strings.TrimSuffix(table.String(), "\n"))
}

// dssAllows tells whether EU DSS finds nothing that the protection forbids. Its default
// policy warns, where others fail the signature.
func dssAllows(s adesSignature) bool {
	if s.Indication != "TOTAL_PASSED" {
		return false
	}
	for _, w := range s.Warnings {
		if strings.Contains(w, "MDPD_ANS") || strings.Contains(w, "SFLD_ANS") || strings.Contains(w, "DSCNUOM") {
			return false
		}
	}
	return true
}

// stepDiffers gives the reasons for differences.
var stepDiffers = []struct {
	mark, judge, step, protection string // parts of their names
	allows                        bool   // what the judge says
	reason                        string
}{
	{"a", "pyHanko", "", "locks `party`", false, "pyHanko takes the appearance of a locked field that has one for changed in every later revision, though nothing touched it."},
	{"a", "pyHanko", "", "locks all", false, "pyHanko takes the appearance of a locked field that has one for changed in every later revision, though nothing touched it."},
	{"b", "DSS", "document time stamp", "locks all", false, "To DSS the field of a document time stamp is one that the lock covers. A time stamp never breaks a signature (ISO 32000-2, 12.8.2.2.2)."},
	{"c", "DSS", "in an empty field", "locks all", true, "DSS does not hold a lock (ISO 32000-2, 12.8.2.4) against the first signature in a field that was there."},
	{"d", "pyHanko", "group of fields", "", false, "pyHanko takes a new field that is but a group of others for another one than was signed, and DSS for an annotation. It serves the signature and is not seen. Make groups before the first signature."},
	{"d", "DSS", "group of fields", "", false, "pyHanko takes a new field that is but a group of others for another one than was signed, and DSS for an annotation. It serves the signature and is not seen. Make groups before the first signature."},
	{"e", "pyHanko", "visible signature in a new field", "", false, "P=2 permits signing (ISO 32000-2, Table 257), and nothing says invisibly."},
	{"e", "pyHanko", "visible document time stamp", "", false, "P=2 permits signing (ISO 32000-2, Table 257), and nothing says invisibly."},
	{"f", "DSS", "visible document time stamp", "P=1", true, "What a visible time stamp draws is a change like any other (12.8.2.2.2 speaks of the time stamp itself); DSS does not look at it."},
	{"g", "pyHanko", "an empty field", "signed", true, "To make a field is not to fill one in or to sign (Table 257): it is an annotation that asks for a signature."},
	{"h", "DSS", "an empty field", "", true, "Where nobody certified, DSS holds annotations against nothing; a signature that says nothing permits what forms are for, as P=2."},
	{"h", "DSS", "a note", "", true, "Where nobody certified, DSS holds annotations against nothing; a signature that says nothing permits what forms are for, as P=2."},
	{"i", "pyHanko", "an empty field", "P=3", false, "P=3 permits annotations (Table 257); pyHanko refuses all of them, and visible fields."},
	{"i", "pyHanko", "a note", "P=3", false, "P=3 permits annotations (Table 257); pyHanko refuses all of them, and visible fields."},
	{"j", "DSS", "text field", "", false, "DSS finds the new appearance of the field undefined, though it goes with its value (12.7.4.3)."},
}

func whyDifferent(judge, step, protection string, allows bool) string {
	for _, d := range stepDiffers {
		if d.judge == judge && strings.Contains(step, d.step) && strings.Contains(protection, d.protection) && d.allows == allows {
			return d.mark
		}
	}
	return ""
}
