package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
)

// stampCommand puts a mark on the pages of one file.
type stampCommand struct {
	Text   string  `placeholder:"TEXT" help:"What the stamp says. {page} is the number of the page, {pages} how many there are, {time} the time; \\n begins a new line."`
	At     string  `enum:"bottom-left,bottom,bottom-right,left,middle,right,top-left,top,top-right" default:"bottom-left" placeholder:"PLACE" help:"Where on the page as displayed: bottom-left (default), bottom, bottom-right, left, middle, right, top-left, top or top-right."`
	Margin string  `placeholder:"X,Y" default:"20,14" help:"Distance from the sides of the page, in points (1/72 inch). Default: 20,14."`
	Box    string  `placeholder:"W,H" help:"Width and height, in points. Default: a text may be as wide as the page; everything else is 60,60."`
	Size   float64 `placeholder:"POINTS" default:"8" help:"Size of the text, in points; smaller where it does not fit. Default: 8."`
	Pages  string  `placeholder:"LIST" help:"Pages to be stamped, as 1,3-5. Default: all."`
	Across bool    `help:"Stamp across each two neighbouring pages (割印): half of it on the edge of each."`
	Behind bool    `help:"Stamp behind what is on the page."`

	IgnoreSignatures bool `help:"Stamp a signed PDF, although that breaks its signatures."`

	pictureFlags `group:"What is seen:"`
	output
}

// Help is the long help of the command.
func (stampCommand) Help() string {
	return `OUT is IN, unchanged, with the stamp appended as a part of its pages. Whoever signs OUT signs the stamp, too: ` +
		`stamp before the first signature. A signed PDF is refused, for its signatures would no longer hold.

Examples:

    inkan stamp --text "ID 2f1c77d0" contract.pdf stamped.pdf
    inkan stamp --text "{page} / {pages}" --at bottom contract.pdf stamped.pdf
    inkan stamp --seal 山田 --across --at top contract.pdf stamped.pdf`
}

// Run stamps IN and writes OUT.
func (c *stampCommand) Run(ctx context.Context, to console) error {
	if err := c.check(ctx); err != nil {
		return err
	}
	stamp, err := c.stamp()
	if err != nil {
		return err
	}
	if stamp.Appearance, err = c.draw(ctx); err != nil {
		return err
	}
	return c.amend(ctx, to, &pades.Amendment{
		Stamps: []pades.Stamp{*stamp}, IgnoreSignatures: c.IgnoreSignatures, IgnorePermissions: c.IgnorePermissions,
	})
}

// amend amends IN and writes OUT.
func (o *output) amend(ctx context.Context, to console, a *pades.Amendment) error {
	doc, err := o.open(ctx, to)
	if err != nil {
		return err
	}
	defer doc.Close()
	if err := doc.Amend(ctx, a); err != nil {
		return fmt.Errorf("%s: %w", o.In, err)
	}
	return o.save(doc)
}

// places are the places of a stamp, in the order of pades.Anchor.
func places() []string {
	return []string{"bottom-left", "bottom", "bottom-right", "left", "middle", "right", "top-left", "top", "top-right"}
}

// stamp is where the stamp goes.
func (c *stampCommand) stamp() (*pades.Stamp, error) {
	s := &pades.Stamp{Across: c.Across, Behind: c.Behind}
	for i, place := range places() {
		if place == c.At {
			s.Anchor = pades.Anchor(i)
		}
	}
	var err error
	if s.Pages, err = parsePages(c.Pages); err != nil {
		return nil, err
	}
	if s.Rect.X, s.Rect.Y, err = pair("--margin", c.Margin); err != nil {
		return nil, err
	}
	switch {
	case c.Box != "":
		if s.Rect.Width, s.Rect.Height, err = pair("--box", c.Box); err == nil && !(s.Rect.Width > 0 && s.Rect.Height > 0) {
			err = usage("--box %s is no width and height, as 60,60", c.Box)
		}
		if err != nil {
			return nil, err
		}
	case c.pictured() || c.Across:
		s.Rect.Width, s.Rect.Height = 60, 60
	default:
		s.Rect.Height = 1.4 * c.Size * float64(1+strings.Count(lines(c.Text), "\n"))
	}
	if middle := int(s.Anchor) / 3; middle == 1 {
		s.Rect.Y = 0
	}
	if middle := int(s.Anchor) % 3; c.Across || middle == 1 && s.Rect.Width > 0 {
		s.Rect.X = 0
	}
	return s, nil
}

// draw is what the stamp looks like: words along the side that it stands at.
func (c *stampCommand) draw(ctx context.Context) (pades.Appearance, error) {
	if c.Text == "" && !c.pictured() {
		return nil, usage("what is to be stamped? --text TEXT, --seal NAME, --image FILE or --qr TEXT")
	}
	if c.Size <= 0 {
		return nil, usage("--size %g is no size of text", c.Size)
	}
	var text *appearance.Text
	if c.Text != "" {
		text = &appearance.Text{Text: lines(c.Text), Size: c.Size, Align: appearance.AlignStart}
		for i, place := range places() {
			if place == c.At {
				text.Align = appearance.AlignStart + appearance.Align(i%3)
			}
		}
	}
	return c.compose(ctx, text, c.Text+"0123456789-:+ ")
}

// pair reads two numbers.
func pair(flag, text string) (a, b float64, err error) {
	first, second, ok := strings.Cut(text, ",")
	if ok {
		a, err = strconv.ParseFloat(strings.TrimSpace(first), 64)
	}
	if ok && err == nil {
		b, err = strconv.ParseFloat(strings.TrimSpace(second), 64)
	}
	if !ok || err != nil {
		return 0, 0, usage("%s %s is not two numbers, as 20,14", flag, text)
	}
	return a, b, nil
}

// parsePages reads a list of pages and ranges, as 1,3-5; "" is all.
func parsePages(text string) ([]int, error) {
	if text == "" {
		return nil, nil
	}
	var pages []int
	for part := range strings.SplitSeq(text, ",") {
		first, last, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			last = first
		}
		from, err := strconv.Atoi(first)
		to, errTo := strconv.Atoi(last)
		if err != nil || errTo != nil || from < 1 || to < from || to > maxPageNumber {
			return nil, usage("--pages %s is no list of pages, as 1,3-5", text)
		}
		for n := from; n <= to; n++ {
			pages = append(pages, n)
		}
	}
	return pages, nil
}
