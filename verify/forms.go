package verify

import (
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// forms holds the signature fields of every revision. Revisions in which
// nothing of the form changed share one reading.
type forms struct {
	file    *pdf.File
	byIndex []*sigdict.Form // index 0 is revision 1; nil where it could not be read
	// cut tells that the limit was reached: older revisions are missing.
	cut bool
}

// workPerObject is how much work it is to read an object of an ordinary form.
const workPerObject = 16

// readForms reads the form of every revision, newest first, until it has visited
// so many objects.
func readForms(file *pdf.File, limit int) *forms {
	n := len(file.Revisions)
	f := &forms{file: file, byIndex: make([]*sigdict.Form, n)}
	work := 0
	for i := n - 1; i >= 0; i-- {
		if i+1 < n && f.byIndex[i+1] != nil && !f.touches(i+1, f.byIndex[i+1]) {
			f.byIndex[i] = f.byIndex[i+1]
			continue
		}
		if work > limit {
			f.cut = true
			return f
		}
		f.byIndex[i], _ = sigdict.Find(file.View(i + 1)) // without a catalog: changes tells it
		if f.byIndex[i] != nil {
			work += max(len(f.byIndex[i].Touched), f.byIndex[i].Work/workPerObject)
		}
	}
	return f
}

// touches tells whether the revision with that index rewrites or frees anything
// that reading the form visited.
func (f *forms) touches(index int, form *sigdict.Form) bool {
	for _, s := range f.file.Revisions[index].Sections {
		section := f.file.Sections[s]
		root, ok := section.Trailer.Get("Root").(pdf.Reference)
		if ok && root != form.Catalog.Ref || !ok && section.Trailer.Has("Root") {
			return true
		}
		for e := range section.Entries() {
			if form.Touched[e.Number] {
				return true
			}
		}
	}
	return false
}

// at returns the form of a revision, nil where it could not be read.
func (f *forms) at(revision int) *sigdict.Form {
	if revision < 1 || revision > len(f.byIndex) {
		return nil
	}
	return f.byIndex[revision-1]
}

// newest returns the form that a reader of the file sees.
func (f *forms) newest() *sigdict.Form { return f.at(len(f.byIndex)) }
