package contract

import (
	"slices"
	"strconv"
	"strings"

	painted "github.com/inkan-go/inkan/internal/content"
	"github.com/inkan-go/inkan/internal/pdf"
)

// printed reads the ID from every page of a document as it was prepared, before anybody signed.
// The grade is that of the signatures, which all cover those pages; that the glyphs look like
// what their font says of them is the platform's word.
func (a *auditor) printed(f *auditedFile, grade Grade) {
	about := ofDocument(f.document.Number)
	i := slices.IndexFunc(f.document.Revisions, func(v Revision) bool { return v.Cause == CausePrepared })
	if i < 0 {
		a.claim(Unverifiable, about, "document.id-unread", f.Name, f.document.ID, "")
		return
	}
	pages, err := pagesAt(f.pdf, f.document.Revisions[i].Length)
	if err != nil {
		a.claim(Unverifiable, about, "document.id-unread", f.Name, f.document.ID, err)
		return
	}
	var missing, unread pageNumbers
	for n, p := range pages {
		switch shown := idOn(p, f.document.ID); {
		case shown == f.document.ID.String():
		case shown != "":
			a.claim(Refuted, about, "document.id-other", f.Name, n+1, shown, f.document.ID)
			return
		case p.Unknown:
			unread = append(unread, n+1)
		default:
			missing = append(missing, n+1)
		}
	}
	switch {
	case len(missing) > 0:
		a.claim(Refuted, about, "document.id-missing", f.Name, missing, f.document.ID)
	case len(unread) > 0:
		a.claim(Unverifiable, about, "document.id-unread", f.Name, f.document.ID, unread)
	default:
		a.claim(min(Asserted, grade), about, "document.id", f.document.ID, len(pages))
	}
}

// pageNumbers are numbers of pages, for a text.
type pageNumbers []int

// String returns the first numbers.
func (p pageNumbers) String() string {
	const most = 20
	var b strings.Builder
	for i, n := range p {
		if i == most {
			b.WriteString(", …")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}

// pagesAt are the pages of a file when it had a length, as they are painted.
func pagesAt(file *pdf.File, length int64) ([]*painted.Picture, error) {
	view := file.View(max(1, file.RevisionAt(length-1)))
	pages, err := painted.Pages(view)
	if err != nil {
		return nil, err
	}
	out := make([]*painted.Picture, len(pages))
	for i, page := range pages {
		out[i] = painted.PictureOf(view, page.Dict)
	}
	return out, nil
}

// idOn is the ID that people see lower left on a page, where the library prints it; "" is none.
func idOn(p *painted.Picture, want ID) string {
	other := ""
	for i := range p.Shown {
		s := &p.Shown[i]
		if len(s.Text) != len(want.String()) || !inIDPlace(s) || !isHex(s.Text) || !seen(p, i, true) {
			continue
		}
		if s.Text == want.String() {
			return s.Text
		}
		other = s.Text
	}
	return other
}

// inIDPlace tells whether a text stands where IDs do, as large.
func inIDPlace(s *painted.Shown) bool {
	const slack = 1
	return s.X >= idX-slack && s.X <= idX+idWidth && s.Y >= idY-slack && s.Y <= idY+idHeight+slack &&
		s.Size >= idSize/2 && s.Size <= idHeight+slack
}

// seen tells whether a text can be seen: in a dark colour, not on dark ground, and nothing painted
// over it, but for text if that does not count.
func seen(p *painted.Picture, i int, text bool) bool {
	s := &p.Shown[i]
	const dark = 0.5
	if !s.Visible || s.Light > dark {
		return false
	}
	ground := 1.0
	for k := range p.Shown {
		other := &p.Shown[k]
		if k == i || !other.Visible || other.Text != "" && (k < i || !text) || !other.Area.Overlaps(s.Area) {
			continue
		}
		if k > i {
			return false
		}
		if other.Path {
			ground = other.Light
		}
	}
	return ground > dark
}
