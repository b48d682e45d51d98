package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/inkan-go/inkan/internal/changes"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/redact"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// history tells in words what revisions did.
type history struct {
	compared *changes.History
	forms    map[int]*sigdict.Form
	visited  int // nodes of forms
}

func newHistory(f *pdf.File) *history {
	h := &history{forms: map[int]*sigdict.Form{}}
	h.compared = changes.NewHistory(f, func(revision int) *sigdict.Form {
		form, done := h.forms[revision]
		if !done && h.visited < maxFormNodes {
			form, _ = sigdict.Find(f.View(revision))
			if form != nil {
				h.visited += len(form.Touched)
			}
			h.forms[revision] = form
		}
		return form
	})
	return h
}

// write tells what a revision did to the one before it.
func (h *history) write(w io.Writer, revision int) {
	result := h.compared.Compare(revision)
	delete(h.forms, revision-1)
	var lines []string
	for _, c := range result.Changes {
		if text := c.String(); !slices.Contains(lines, text) {
			lines = append(lines, text)
		}
	}
	for _, f := range result.Forbidden {
		lines = append(lines, "other: "+f.String())
	}
	for _, f := range result.Unread {
		lines = append(lines, "cannot be told: "+f.String())
	}
	if len(lines) == 0 {
		lines = append(lines, "nothing")
	}
	what := "changes"
	for i, line := range lines {
		if i == maxRemarks {
			line = fmt.Sprintf("... and %d more", len(lines)-i)
		}
		fmt.Fprintf(w, "  %-9s %s\n", what, redact.Visible(line))
		what = ""
		if i == maxRemarks {
			break
		}
	}
}
