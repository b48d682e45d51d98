package main

import (
	"context"
	"os"

	"github.com/inkan-go/inkan/pades"
)

// output says which PDF is changed and where the result goes.
type output struct {
	InPlace bool `help:"Append to IN itself."`

	IgnorePermissions bool `help:"Go on although the access permissions of an encrypted PDF forbid it."`
	passwordFlags     `set:"asked=; else you are asked, on a terminal"`

	In  string `arg:"" name:"IN" help:"PDF to start from."`
	Out string `arg:"" name:"OUT" optional:"" help:"PDF to write; replaced if it exists."`
}

// open opens IN.
func (o *output) open(ctx context.Context, to console) (doc *pades.Document, err error) {
	err = o.try(ctx, to, o.In, func(password string) (err error) {
		doc, err = pades.Open(o.In, &pades.OpenOptions{Password: password})
		return err
	})
	if err != nil {
		return nil, openFailure(o.In, err)
	}
	return doc, nil
}

// save writes the result.
func (o *output) save(doc *pades.Document) error {
	if o.InPlace {
		return doc.AppendFile(o.In)
	}
	return doc.WriteFile(o.Out)
}

// check refuses calls that do not say clearly where the result goes, and a file to
// which something was appended in part.
func (o *output) check(ctx context.Context) error {
	switch {
	case o.InPlace && o.Out != "":
		return usage("--in-place changes %s itself: leave out %s", o.In, o.Out)
	case o.InPlace:
		return refuseInterrupted(ctx, o.In)
	case o.Out == "":
		return usage("missing OUT, the name of the file to write (or --in-place to append to %s itself)", o.In)
	}
	in, err := os.Stat(o.In)
	if err != nil {
		return nil // opening it says so, with its own status
	}
	if out, err := os.Stat(o.Out); err == nil && os.SameFile(in, out) {
		return usage("%s and %s are the same file: choose another name, or use --in-place", o.In, o.Out)
	}
	return nil
}
