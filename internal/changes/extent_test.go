package changes_test

import (
	"bytes"
	"fmt"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/changes"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/internal/testpdf"
)

var sectionHeader = regexp.MustCompile(`(\d\d) 0 obj\s*<<[^>]*/Type\s*/XRef\b`)

// TestSectionUnderAnotherNumber: a cross-reference stream whose own number is that of
// another object is that object to some readers.
func TestSectionUnderAnotherNumber(t *testing.T) {
	for _, form := range []testpdf.Form{testpdf.Stream, testpdf.Hybrid} {
		before := contract(form, nil)
		after := testpdf.File{Form: form, Trailer: trailer, Objects: objects(8, "<</Title(other)/HybridOnly true>>")}.Append(before)
		found := sectionHeader.FindSubmatchIndex(after[len(before):])
		require.NotNil(t, found, form)
		container := regexp.MustCompile(`(\d\d) 0 obj\s*<<[^>]*/Type\s*/ObjStm\b`).FindSubmatch(after)
		require.NotNil(t, container, form)
		for _, tt := range []struct {
			number string
			kind   changes.Kind
		}{
			{string(after[len(before)+found[2] : len(before)+found[3]]), changes.LTV},
			{"11", changes.Unknown},
			{"01", changes.Unknown},
			{string(container[1]), changes.Unknown},
		} {
			file := bytes.Clone(after)
			copy(file[len(before)+found[2]:], tt.number)
			f, err := pdf.Open(bytes.NewReader(file), int64(len(file)), nil)
			require.NoError(t, err)
			r := changes.NewHistory(f, func(revision int) *sigdict.Form {
				form, err := sigdict.Find(f.View(revision))
				require.NoError(t, err)
				return form
			}).Compare(len(f.Revisions))
			require.Equal(t, tt.kind, r.Kind, "%v %s: %s", form, tt.number, reason(r))
			if tt.kind == changes.Unknown {
				require.Contains(t, reason(r), fmt.Sprintf("calls itself object %d,", f.Sections[len(f.Sections)-1].Ref.Number))
			}
		}
	}
}
