package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/inkan-go/inkan/internal/redact"
	"github.com/inkan-go/inkan/pades"
)

// fieldsCommand lists the signature fields of a file, or adds some.
type fieldsCommand struct {
	Add     []string `sep:"none" placeholder:"NAME[=PAGE:X,Y,W,H]" help:"Add an empty field of this name, shown on this page (or all) in the rectangle of width W and height H whose lower left corner is X to the right of and Y above that of the page as displayed, in points (1/72 inch); invisible without a place. GROUP.NAME puts it into a group. May be given several times; the same name again is a further place."`
	Tooltip string   `placeholder:"TEXT" help:"What the fields are for, said to those who cannot see them."`
	lockFlags
	Require []string `sep:"none" placeholder:"WHAT=VALUE" help:"Demand this of a signature in the fields: WHAT is one of those above. May be given several times."`
	Propose []string `sep:"none" placeholder:"WHAT=VALUE" help:"Propose this for a signature in the fields. May be given several times."`

	IgnoreSignatures bool   `help:"Go on although an earlier signature forbids it, which breaks that signature."`
	Format           string `enum:"text,json" default:"text" placeholder:"text|json" help:"How to list the fields: text, or one JSON object on one line."`

	output
}

// Help is the long help of the command.
func (fieldsCommand) Help() string {
	return `Lists the signature fields of IN: name, place, whether they are signed, what a signature in them locks and what is asked of it. ` +
		`With --add, OUT is IN, unchanged, with empty signature fields appended, all alike in what they lock and ask for. ` +
		`Fields are best added before the first signature: afterwards only a certification that permits annotations (3) leaves that open.

WHAT can be demanded or proposed; where there is a choice, give it several times:

` + seedHelp() + `
Examples:

    inkan fields contract.pdf
    inkan fields --add seller=1:60,80,200,50 --add buyer=1:330,80,200,50 contract.pdf form.pdf
    inkan fields --add approval --lock all --require reason="I approve" --require timestamp contract.pdf form.pdf`
}

// Run lists the fields, or adds some and writes OUT.
func (c *fieldsCommand) Run(ctx context.Context, to console) error {
	if len(c.Add) == 0 {
		return c.list(ctx, to)
	}
	if err := c.check(ctx); err != nil {
		return err
	}
	fields, err := c.fields()
	if err != nil {
		return err
	}
	doc, err := c.open(ctx, to)
	if err != nil {
		return err
	}
	defer doc.Close()
	err = doc.AddFields(fields, &pades.FieldOptions{IgnorePermissions: c.IgnorePermissions, IgnoreSignatures: c.IgnoreSignatures})
	if err != nil {
		return fmt.Errorf("%s: %w", c.In, err)
	}
	return c.save(doc)
}

// fields returns the fields that the flags ask for.
func (c *fieldsCommand) fields() ([]*pades.NewField, error) {
	lock, err := c.lock()
	if err != nil {
		return nil, err
	}
	seeds, err := readSeeds(c.Require, c.Propose)
	if err != nil {
		return nil, err
	}
	var fields []*pades.NewField
	known := make(map[string]*pades.NewField)
	for _, text := range c.Add {
		name, place, placed := cutPlace(text)
		var at pades.Placement
		if placed {
			if at, err = parsePlacement("--add", place); err != nil {
				return nil, err
			}
		}
		f := known[name]
		switch {
		case f == nil:
			f = &pades.NewField{Name: name, Tooltip: c.Tooltip, Page: at.Page, Rect: at.Rect, Lock: lock, SeedValues: seeds}
			fields, known[name] = append(fields, f), f
		case placed && f.Rect != (pades.Rect{}):
			f.Also = append(f.Also, at)
		default:
			return nil, usage("--add %s: the field is there already, and a further place is NAME=PAGE:X,Y,W,H", text)
		}
	}
	return fields, nil
}

// cutPlace cuts the place off a field. A name may have an equals sign in it.
func cutPlace(text string) (name, place string, placed bool) {
	if at := strings.LastIndexByte(text, '='); at >= 0 {
		return text[:at], text[at+1:], true
	}
	return text, "", false
}

// list prints the fields of IN.
func (c *fieldsCommand) list(ctx context.Context, to console) error {
	switch {
	case c.Out != "":
		return usage("what is %s to hold? Without --add nothing is written", c.Out)
	case c.InPlace, c.Tooltip != "", c.Lock != "", c.LockPermits != 0, len(c.Require)+len(c.Propose) > 0, c.IgnoreSignatures:
		return usage("these flags are for new fields: --add NAME")
	}
	doc, err := c.open(ctx, to)
	if err != nil {
		return err
	}
	defer doc.Close()
	fields, err := doc.Fields()
	if err != nil {
		return openFailure(c.In, err)
	}
	if c.Format == "json" {
		return writeFieldsJSON(to.out, c.In, fields)
	}
	if len(fields) == 0 {
		_, err = fmt.Fprintln(to.out, "no signature fields")
		return err
	}
	for _, f := range fields {
		if err := writeField(to.out, f); err != nil {
			return err
		}
	}
	return nil
}

// writeField prints what there is to be known of a field.
func writeField(w io.Writer, f *pades.Field) error {
	state := "empty"
	switch {
	case f.Timestamp:
		state = "document time stamp"
	case f.Signed:
		state = "signed"
	}
	lines := []string{redact.Visible(f.Name) + ": " + state + placesOf(f.Widgets)}
	add := func(format string, args ...any) {
		lines = append(lines, "    "+redact.Visible(fmt.Sprintf(format, args...)))
	}
	if f.Tooltip != "" {
		add("for: %s", f.Tooltip)
	}
	if f.Flags != 0 {
		add("flags: %s", fieldFlags(f.Flags))
	}
	if f.Lock != nil {
		add("locks when signed: %v", f.Lock)
	}
	required, proposed := describeSeeds(f.SeedValues)
	for _, s := range required {
		add("requires: %s", s)
	}
	for _, s := range proposed {
		add("proposes: %s", s)
	}
	if f.SeedError != nil {
		add("%s", reasonText(f.SeedError))
	}
	_, err := fmt.Fprintln(w, strings.Join(lines, "\n"))
	return err
}

// placesOf says where a field is shown.
func placesOf(widgets []pades.FieldWidget) string {
	var text strings.Builder
	for _, w := range widgets {
		switch {
		case w.Page == 0:
			text.WriteString(", on no page")
		case w.Rect == pades.Rect{}:
			fmt.Fprintf(&text, ", page %d, invisible", w.Page)
		default:
			fmt.Fprintf(&text, ", page %d at %.5g,%.5g, %.5g by %.5g points", w.Page, w.Rect.X, w.Rect.Y, w.Rect.Width, w.Rect.Height)
		}
		if w.Flags&2 != 0 {
			text.WriteString(" (hidden)")
		}
	}
	return text.String()
}

// fieldFlags names the flags that all fields have (ISO 32000-2, Table 227).
func fieldFlags(flags int64) string {
	var names []string
	for i, name := range []string{"read-only", "required", "not exported"} {
		if flags&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	if rest := flags &^ 7; rest != 0 {
		names = append(names, fmt.Sprintf("%#x", rest))
	}
	return strings.Join(names, ", ")
}
