package main

import (
	"context"
	"fmt"

	"github.com/inkan-go/inkan/pades"
)

// timestampCommand stamps one file.
type timestampCommand struct {
	visibleFlags     `group:"What is seen:"`
	stampFlags       `group:"Time stamps and validation data:"`
	IgnoreSignatures bool `help:"Stamp visibly although an earlier signature forbids it, which breaks that signature."`
	output
}

// Help is the long help of the command.
func (timestampCommand) Help() string {
	return `OUT is IN, unchanged, with a document time stamp appended: the word of the time-stamping authority that the document ` +
		`existed as it is. Nobody signs.

Example:

    inkan timestamp --tsa https://tsa.example/ contract.pdf stamped.pdf`
}

// Run stamps IN and writes OUT.
func (c *timestampCommand) Run(ctx context.Context, to console) error {
	if err := c.check(ctx); err != nil {
		return err
	}
	authority, err := c.authority()
	if err != nil {
		return err
	}
	if authority == nil {
		return usage("a time stamp needs a time-stamping authority: --tsa URL")
	}
	v, err := c.show(ctx, false, said{})
	if err != nil {
		return err
	}
	doc, err := c.open(ctx, to)
	if err != nil {
		return err
	}
	defer doc.Close()
	o := &pades.TimestampOptions{
		TSA: authority, IgnorePermissions: c.IgnorePermissions, IgnoreSignatures: c.IgnoreSignatures,
		Warn: func(warning string) { to.warn(c.In + ": " + warning) },
	}
	if v != nil {
		o.Appearance, o.Page, o.Rect, o.Also = v.appearance, v.first.Page, v.first.Rect, v.also
	}
	err = doc.Timestamp(ctx, o)
	if err != nil {
		return fmt.Errorf("%s: %w", c.In, err)
	}
	return c.save(doc)
}
