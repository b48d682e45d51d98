package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/inkan-go/inkan/internal/attached"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/redact"
)

// writeAttachments lists the attached files, if there are any.
func writeAttachments(w io.Writer, view *pdf.View) error {
	files, err := attached.List(view)
	if err != nil || len(files) == 0 {
		return err
	}
	fmt.Fprint(w, "\nAttachments\n")
	rows := make([][]string, len(files))
	var widths [4]int
	for i, f := range files {
		size := "size unknown"
		if f.Size >= 0 {
			size = fmt.Sprintf("%d bytes", f.Size)
		}
		relationship := f.Relationship
		if relationship == "" {
			relationship = "not associated"
		}
		rows[i] = []string{f.Name, size, f.MIMEType, relationship, f.Description}
		for j := range widths {
			widths[j] = min(40, max(widths[j], len([]rune(rows[i][j]))))
		}
	}
	for _, row := range rows {
		line := ""
		for j, width := range widths {
			line += fmt.Sprintf("  %-*s", width, redact.Visible(row[j]))
		}
		fmt.Fprintln(w, strings.TrimRight(line+"  "+redact.Visible(row[4]), " "))
	}
	return nil
}

// detach writes an attached file.
func (c *inspectCommand) detach(from *os.File, view *pdf.View, stdout io.Writer) error {
	files, err := attached.List(view)
	if err != nil {
		return unreadable(c.File, fmt.Errorf("the attached files: %w", err))
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
		if f.Name != c.Attachment {
			continue
		}
		data, err := f.Data()
		if err != nil {
			return unreadable(c.File, err)
		}
		if err := extract(from, bytes.NewReader(data), int64(len(data)), c.Out, stdout); err != nil {
			return &failure{statusUsage, fmt.Errorf("writing %s: %w", c.Attachment, err)}
		}
		return nil
	}
	if len(names) == 0 {
		return usage("%s: no attachment %q: the file has none", c.File, c.Attachment)
	}
	return usage("%s: no attachment %q: the file has %s", c.File, c.Attachment, strings.Join(names, ", "))
}
