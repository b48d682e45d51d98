package interop_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/vectors"
	"github.com/inkan-go/inkan/verify"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the table of docs/changes.md again")

const changesPage = "../docs/changes.md"

// TestChanges tables pyHanko's verdicts on the matrix of changes beside ours in
// docs/changes.md. Every difference must have its reason in hankoDiffers.
func TestChanges(t *testing.T) {
	maker, err := vectors.NewMaker()
	require.NoError(t, err)
	all := vectors.Changes()
	var files []string
	ours := map[string]*verify.Signature{}
	folder := t.TempDir()
	for _, c := range all {
		for permission := range 4 {
			data, err := c.Build(maker, testpdf.Table, permission)
			require.NoError(t, err)
			name := filepath.Join(folder, fmt.Sprintf("%s-%d.pdf", c.Name, permission))
			require.NoError(t, os.WriteFile(name, data, 0o600))
			report, _ := verify.Reader(context.Background(), bytes.NewReader(data), int64(len(data)), &verify.Options{Trust: maker.PKI.Pool(), At: maker.Time()})
			require.NotNil(t, report)
			files, ours[name] = append(files, name), report.Signatures[0]
		}
	}
	theirs := map[string]bool{}
	for _, r := range pyhanko(t, filepath.Join("..", "testdata", "root.pem"), files...) {
		theirs[r.File] = r.Error == "" && len(r.Signatures) > 0 && r.Signatures[0].BottomLine
	}
	var table strings.Builder
	table.WriteString("| change | called | approval | P=1 | P=2 | P=3 | pyHanko differs |\n|---|---|---|---|---|---|---|\n")
	for _, c := range all {
		fmt.Fprintf(&table, "| %s | %s |", c.Source, ours[filepath.Join(folder, c.Name+"-0.pdf")].Changes)
		var differs []string
		for permission := range 4 {
			name := filepath.Join(folder, fmt.Sprintf("%s-%d.pdf", c.Name, permission))
			word := map[bool]string{true: "allowed", false: "forbidden"}
			fmt.Fprintf(&table, " %s |", word[ours[name].Intact])
			if ours[name].Intact != theirs[name] {
				differs = append(differs, [...]string{"approval", "P=1", "P=2", "P=3"}[permission]+" "+word[theirs[name]])
			}
		}
		text := ""
		if len(differs) > 0 {
			reason := reasonFor(c.Name)
			assert.NotEmpty(t, reason, "%s: pyHanko says %v", c.Name, differs)
			text = strings.Join(differs, ", ") + ": " + reason
		}
		fmt.Fprintf(&table, " %s |\n", text)
	}
	page, err := os.ReadFile(changesPage)
	require.NoError(t, err)
	head, _, found := strings.Cut(string(page), "| change |")
	require.True(t, found, "docs/changes.md has lost its table")
	if *update {
		require.NoError(t, os.WriteFile(changesPage, []byte(head+table.String()), 0o644))
		return
	}
	require.Equal(t, string(page), head+table.String(), "docs/changes.md is not what the judges say now; run the test with -update")
}

// hankoDiffers gives the reason for each difference, by the beginning of the
// name of the change.
var hankoDiffers = []struct{ prefix, reason string }{
	{"annotation-", "P=3 permits comments to be created, deleted and modified (ISO 32000-2, table 257); pyHanko refuses all of them"},
	{"approval-visible", "P=2 permits signing (ISO 32000-2, table 257), and nothing says invisibly; we list the widget and warn where it covers content"},
	{"time-stamp-visible", "as a visible signature: P=1 forbids what it draws, P=2 permits signing (ISO 32000-2, table 257)"},
	{"fill-hidden", "the annotation flags are no value of the field: hiding it is not filling it in (ISO 32000-2, 12.7.4 and 12.5.3)"},
	{"disguised-letters", "with NeedAppearances readers draw the fields from what the form says (ISO 32000-2, table 224): the value is no longer seen; pyHanko does not look at the entry"},
	{"unsigned-field", "to make a field is not to fill one in or to sign (ISO 32000-2, table 257); under P=3 its widget is an annotation, and named as unsigned"},
}

func reasonFor(name string) string {
	for _, d := range hankoDiffers {
		if strings.HasPrefix(name, d.prefix) {
			return d.reason
		}
	}
	return ""
}
