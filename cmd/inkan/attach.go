package main

import (
	"context"
	"mime"
	"os"
	"path/filepath"
	"strings"

	"github.com/inkan-go/inkan/pades"
)

// attachCommand attaches files to one file.
type attachCommand struct {
	File         []string `name:"file" short:"f" required:"" sep:"none" placeholder:"FILE" help:"File to be attached. Repeatable."`
	Type         string   `placeholder:"TYPE" help:"MIME type of the files, as application/json. Default: as the ending of the name says."`
	Description  string   `placeholder:"TEXT" help:"What the files are, shown to readers."`
	Relationship string   `enum:"unspecified,source,data,alternative,supplement,form-data,schema" default:"unspecified" placeholder:"KIND" help:"What the files are to the document: source (it was made from them), data (that it shows), alternative (the same in another form), supplement (more than it has), form-data or schema."`
	Title        string   `placeholder:"TEXT" help:"Also give the document this title."`
	Author       string   `placeholder:"TEXT" help:"Also name this author."`
	Language     string   `placeholder:"TAG" help:"Also say which language the document is in, as ja or en-GB."`
	RaisePDFA    bool     `name:"raise-pdfa" help:"Turn a claim of PDF/A-2, which allows no such files, into PDF/A-3, which does."`

	IgnoreSignatures bool `help:"Attach to a signed PDF, although that breaks its signatures."`

	output
}

// Help is the long help of the command.
func (attachCommand) Help() string {
	return `OUT is IN, unchanged, with the files appended as attachments. Whoever signs OUT signs them, too: attach before ` +
		`the first signature. A signed PDF is refused, for its signatures would no longer hold. "inkan inspect" lists ` +
		`attachments, and takes them out.

Example:

    inkan attach --file manifest.json --relationship data contract.pdf attached.pdf`
}

// Run attaches to IN and writes OUT.
func (c *attachCommand) Run(ctx context.Context, to console) error {
	if err := c.check(ctx); err != nil {
		return err
	}
	a := &pades.Amendment{IgnoreSignatures: c.IgnoreSignatures, IgnorePermissions: c.IgnorePermissions}
	for _, name := range c.File {
		attachment, err := c.attachment(name)
		if err != nil {
			return err
		}
		a.Attachments = append(a.Attachments, *attachment)
	}
	m := pades.Metadata{Title: c.Title, Author: c.Author, Language: c.Language}
	if c.RaisePDFA {
		m.PDFAPart = 3
	}
	if m != (pades.Metadata{}) {
		a.Metadata = &m
	}
	return c.amend(ctx, to, a)
}

// attachment reads a file.
func (c *attachCommand) attachment(name string) (*pades.Attachment, error) {
	info, err := os.Stat(name)
	if err == nil && info.IsDir() {
		return nil, usage("%s is a directory: a file can be attached", name)
	}
	var data []byte
	if err == nil {
		data, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, &failure{statusUsage, fileError(name, err)}
	}
	a := &pades.Attachment{
		Name: filepath.Base(name), Data: data, MIMEType: c.Type, Description: c.Description, Modified: info.ModTime(),
	}
	if a.MIMEType == "" {
		a.MIMEType = typeByName(name)
	}
	for r := pades.RelationUnspecified; r <= pades.RelationSchema; r++ {
		if strings.EqualFold(r.String(), strings.ReplaceAll(c.Relationship, "-", "")) {
			a.Relationship = r
		}
	}
	return a, nil
}

// typeByName returns the MIME type that the ending of a name stands for.
func typeByName(name string) string {
	switch strings.ToLower(filepath.Ext(name)) { // the same on every machine
	case ".json":
		return "application/json"
	case ".csv":
		return "text/csv"
	case ".txt":
		return "text/plain"
	}
	kind, _, _ := strings.Cut(mime.TypeByExtension(filepath.Ext(name)), ";")
	return kind
}
