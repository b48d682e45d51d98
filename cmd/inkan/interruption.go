package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/redact"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/pades"
)

// interruption tells of an append to the named file that did not end; "" where
// there is none.
func interruption(ctx context.Context, name string) string {
	i, err := pades.FindInterruption(name)
	if i == nil && err == nil {
		return ""
	}
	state := pades.AppendUnknown
	if err == nil {
		state, err = i.Examine(ctx)
	}
	if err != nil {
		return redact.Visible(reasonText(err))
	}
	text := i.String()
	switch {
	case i.Length < 0 || state == pades.AppendPartial:
	case state == pades.AppendComplete:
		text = fmt.Sprintf("an append to %s is ending, or was interrupted when all of it was written: if no process is appending, remove %s", i.File, i.Record)
	case state == pades.AppendNothing:
		text = fmt.Sprintf("an append to %s is going on, or was interrupted before it wrote anything: the file has the %d bytes that it had; if no process is appending, remove %s", i.File, i.Length, i.Record)
	default:
		text = fmt.Sprintf("%s tells of an append to a file of %d bytes, which are not what %s begins with: it belongs to another file", i.Record, i.Length, i.File)
	}
	return redact.Visible(text)
}

// refuseInterrupted keeps a key from being used for a file that cannot be
// appended to. Where there is no such file, opening it says so.
func refuseInterrupted(ctx context.Context, name string) error {
	if _, err := os.Stat(name); err != nil {
		return nil
	}
	if text := interruption(ctx, name); text != "" {
		return errors.New(text)
	}
	return nil
}

// tornTail tells to what length a file is to be cut whose last revision is not
// there as a whole, as far as the file itself shows it.
func tornTail(f *pdf.File, form *sigdict.Form) []string {
	if d := f.Damage; d != nil {
		for _, r := range f.Revisions {
			if r.EndEOL == d.Offset || r.End == d.Offset {
				return []string{fmt.Sprintf("cut to %d bytes, the file ends with revision %d, as it was before the damaged part was appended", d.Offset, r.Number)}
			}
		}
		return nil
	}
	if form == nil {
		return nil
	}
	var told []string
	for _, field := range form.Fields {
		s := field.Signature
		if s == nil {
			continue
		}
		if r, ok := s.ByteRange.Four(); !ok || r[2] <= f.Size && r[3] <= f.Size-r[2] {
			continue
		}
		text := fmt.Sprintf("the signature in field %q covers bytes behind the end of the file, which are missing", field.Name)
		before := pdf.Revision{}
		for _, r := range f.Revisions {
			if r.EndEOL <= s.Contents.Start {
				before = r
			}
		}
		if before.Number > 0 {
			text += fmt.Sprintf("; cut to %d bytes, the file ends with revision %d, as it was before that signature", before.EndEOL, before.Number)
		}
		told = append(told, text)
	}
	return told
}
