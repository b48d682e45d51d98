package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/redact"
	"github.com/inkan-go/inkan/verify/report"
)

// contractShowCommand shows a contract.
type contractShowCommand struct {
	folderArgument
}

// Run prints what is known.
func (c *contractShowCommand) Run(to console) error {
	folder, made, err := c.folder()
	if err != nil {
		return err
	}
	r := &made.Record
	fmt.Fprintf(to.out, "contract %s: %s\n", r.ID, made.Phase())
	if err := showNext(to.out, made); err != nil {
		return err
	}
	w := tabwriter.NewWriter(to.out, 0, 0, 2, ' ', 0) // which does not know that kanji are wide: they stand last
	fmt.Fprintln(w, "\nDocuments")
	for _, d := range r.Documents {
		fmt.Fprintf(w, "  %d\t%s\t%s\t%s\n", d.Number, count(len(d.Revisions), "revision"), folder.DocumentName(d.Number), redact.Visible(d.Title))
	}
	fmt.Fprintln(w, "\nParticipants")
	for _, p := range r.Participants {
		state := "waits"
		if r.HasSigned(p.ID) {
			state = "signed"
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", redact.Visible(p.ID), p.Method, state, redact.Visible(strings.TrimSpace(p.Name+"  "+p.Org)))
	}
	fmt.Fprintln(w, "\nEvents")
	for _, e := range r.Events {
		fmt.Fprintf(w, "  %d\t%s\t%s\t%s\t%s\n", e.Sequence, e.Time, e.Type, redact.Visible(e.Actor), redact.Visible(e.Detail))
	}
	return w.Flush()
}

// contractExportCommand lists what contracts are searched by.
type contractExportCommand struct {
	Record   bool   `help:"Print the record of one contract as canonical JSON (RFC 8785) instead."`
	Encoding string `enum:"utf-8,utf-8-bom,shift_jis" default:"utf-8" placeholder:"utf-8|utf-8-bom|shift_jis" help:"Characters of the CSV."`

	Folders []string `arg:"" name:"FOLDER" help:"Folders of contracts."`
}

// Run prints the list, a line for every document.
func (c *contractExportCommand) Run(to console) error {
	if c.Record {
		return c.record(to)
	}
	w := newCSV(to.out, c.Encoding)
	if err := w.Write(contract.SearchColumns()); err != nil {
		return err
	}
	for _, name := range c.Folders {
		_, made, err := (&folderArgument{name}).folder()
		if err != nil {
			return err
		}
		if err := w.WriteAll(made.Record.SearchRows()); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func (c *contractExportCommand) record(to console) error {
	if len(c.Folders) != 1 {
		return usage("--record prints the record of one contract")
	}
	_, made, err := (&folderArgument{c.Folders[0]}).folder()
	if err != nil {
		return err
	}
	data, err := made.Record.Canonical()
	if err != nil {
		return err
	}
	_, err = to.out.Write(data)
	return err
}

// encodings are the characters of CSV by their names in flags.
var encodings = map[string]report.Encoding{"utf-8-bom": report.UTF8BOM, "shift_jis": report.ShiftJIS}

// newCSV writes CSV in an encoding.
func newCSV(w io.Writer, encoding string) *csv.Writer {
	out := csv.NewWriter(encodings[encoding].Writer(w))
	out.UseCRLF = true
	return out
}
