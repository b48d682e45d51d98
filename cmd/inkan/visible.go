package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
)

// visibleFlags say what people see of a signature, and where.
type visibleFlags struct {
	Visible []string `sep:"none" placeholder:"PAGE:X,Y,W,H" help:"Show the signature on this page (or all) in the rectangle of width W and height H whose lower left corner is X to the right of and Y above that of the page as displayed, in points (1/72 inch). May be given several times. A signature in an existing --field is shown there."`
	lookFlags
}

// lookFlags say what people see of a signature, wherever that is.
type lookFlags struct {
	Text string `placeholder:"TEXT" help:"What the visible signature says; {name}, {time}, {reason}, {location} and {contact} are filled in, \\n begins a new line. Default, without a picture: name, time, reason and location."`
	pictureFlags
}

// shown is a visible signature.
type shown struct {
	appearance pades.Appearance
	first      pades.Placement
	also       []pades.Placement
}

// said is what a signature states, as far as it may be shown.
type said struct {
	name, reason, location, contact string
	certificate                     *certificate.Certificate
}

// wanted tells whether anything is to be seen.
func (f *lookFlags) wanted() bool { return f.Text != "" || f.pictured() }

// show returns the visible signature that the flags ask for; nil where they ask for
// none. inField tells that it goes into an existing field.
func (f *visibleFlags) show(ctx context.Context, inField bool, s said) (*shown, error) {
	switch {
	case len(f.Visible) == 0 && !f.wanted():
		if len(f.Font) > 0 {
			return nil, usage("--font is for what is seen: add --visible PAGE:X,Y,W,H")
		}
		return nil, nil
	case inField && len(f.Visible) > 0:
		return nil, usage("--visible is for a new field: an existing one (--field) is shown where it is")
	case !inField && len(f.Visible) == 0:
		return nil, usage("where is the signature to be seen? add --visible PAGE:X,Y,W,H")
	}
	v := &shown{}
	for i, place := range f.Visible {
		p, err := parsePlacement("--visible", place)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			v.first = p
		} else {
			v.also = append(v.also, p)
		}
	}
	var err error
	v.appearance, err = f.look(ctx, s)
	return v, err
}

// look composes what people see.
func (f *lookFlags) look(ctx context.Context, s said) (pades.Appearance, error) {
	return f.compose(ctx, f.text(), f.Text+s.all())
}

// text is what the signature says in words; nil where a picture says enough.
func (f *lookFlags) text() *appearance.Text {
	if f.Text == "" && f.pictured() {
		return nil
	}
	return &appearance.Text{Text: lines(f.Text)}
}

// parsePlacement reads PAGE:X,Y,W,H, which was given to that flag.
func parsePlacement(flag, text string) (pades.Placement, error) {
	bad := usage("%s %s is not PAGE:X,Y,W,H, as 1:400,60,120,60 or all:20,20,60,60", flag, text)
	page, place, ok := strings.Cut(text, ":")
	numbers := strings.Split(place, ",")
	if !ok || len(numbers) != 4 {
		return pades.Placement{}, bad
	}
	p := pades.Placement{Page: pades.AllPages}
	if page != "all" {
		n, err := strconv.Atoi(page)
		if err != nil || n < 1 {
			return pades.Placement{}, bad
		}
		p.Page = n
	}
	for i, to := range []*float64{&p.Rect.X, &p.Rect.Y, &p.Rect.Width, &p.Rect.Height} {
		v, err := strconv.ParseFloat(strings.TrimSpace(numbers[i]), 64)
		if err != nil {
			return pades.Placement{}, bad
		}
		*to = v
	}
	if !(p.Rect.Width > 0 && p.Rect.Height > 0) {
		return pades.Placement{}, bad
	}
	return p, nil
}

// all is every text that may be shown.
func (s said) all() string {
	text := s.name + s.reason + s.location + s.contact
	if s.certificate != nil && s.name == "" {
		text += s.certificate.Subject.CommonName()
	}
	return text
}
