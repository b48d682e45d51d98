package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
)

// visibleFlags say what people see of a signature, and where.
type visibleFlags struct {
	Visible    []string `sep:"none" placeholder:"PAGE:X,Y,W,H" help:"Show the signature on this page (or all) in the rectangle of width W and height H whose lower left corner is X to the right of and Y above that of the page as displayed, in points (1/72 inch). May be given several times. A signature in an existing --field is shown there."`
	Text       string   `placeholder:"TEXT" help:"What the visible signature says; {name}, {time}, {reason}, {location} and {contact} are filled in, \\n begins a new line. Default, without a picture: name, time, reason and location."`
	Seal       string   `placeholder:"NAME" help:"Show a Japanese seal with this name."`
	SealShape  string   `enum:"round,square,date" default:"round" placeholder:"round|square|date" help:"The seal is round (of a person), square (of a company) or a date seal."`
	Image      string   `placeholder:"FILE" help:"Show this picture (PNG or JPEG)."`
	QR         string   `name:"qr" placeholder:"TEXT" help:"Show a QR code with this text, for example an address to verify at."`
	Background string   `placeholder:"FILE[:PAGE]" help:"Show a page of another PDF behind all that."`
	Font       []string `sep:"none" placeholder:"FILE[:INDEX]" help:"Font (TrueType or OpenType) for the text and the seal; of a collection, INDEX counts from 0. May be given several times: each is asked for what those before it lack. Default: a font for Latin, Greek and Cyrillic, else an installed one that holds every character."`
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
func (f *visibleFlags) wanted() bool {
	return len(f.Visible) > 0 || f.pictured() || f.Text != "" || f.Background != ""
}

func (f *visibleFlags) pictured() bool { return f.Seal != "" || f.Image != "" || f.QR != "" }

// show returns the visible signature that the flags ask for; nil where they ask for
// none. inField tells that it goes into an existing field.
func (f *visibleFlags) show(ctx context.Context, inField bool, s said) (*shown, error) {
	switch {
	case !f.wanted():
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
		p, err := parsePlacement(place)
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
	v.appearance, err = f.compose(ctx, s)
	return v, err
}

// parsePlacement reads PAGE:X,Y,W,H.
func parsePlacement(text string) (pades.Placement, error) {
	bad := usage("--visible %s is not PAGE:X,Y,W,H, as 1:400,60,120,60 or all:20,20,60,60", text)
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

// compose puts pictures to the left, text to the right, and all that on the
// background.
func (f *visibleFlags) compose(ctx context.Context, s said) (pades.Appearance, error) {
	const gap = 4 // points
	var items []appearance.Element
	if f.Image != "" {
		image, err := appearance.OpenImage(f.Image)
		if err != nil {
			return nil, err
		}
		items = append(items, image)
	}
	if f.Seal != "" {
		seal, err := f.seal(ctx)
		if err != nil {
			return nil, err
		}
		items = append(items, seal)
	}
	if f.QR != "" {
		items = append(items, &appearance.QRCode{Text: f.QR})
	}
	if f.Text != "" || len(items) == 0 && f.Background == "" {
		fonts, err := f.fonts(ctx, f.Text+s.all(), false)
		if err != nil {
			return nil, err
		}
		items = append(items, &appearance.Text{Text: strings.ReplaceAll(f.Text, `\n`, "\n"), Fonts: fonts})
	}
	var front appearance.Element = &appearance.Row{Items: items, Gap: gap}
	if len(items) == 1 {
		front = items[0]
	}
	if f.Background == "" {
		return front, nil
	}
	name, number := cutNumber(f.Background, 1)
	page, err := appearance.OpenPage(name, number)
	if err != nil {
		return nil, err
	}
	return appearance.Layers{page, front}, nil
}

// seal makes the seal that the flags ask for.
func (f *visibleFlags) seal(ctx context.Context) (appearance.Element, error) {
	fonts, err := f.fonts(ctx, f.Seal+"0123456789.", true)
	if err != nil {
		return nil, err
	}
	switch f.SealShape {
	case "square":
		return &appearance.Seal{Name: f.Seal, Shape: appearance.Square, Fonts: fonts}, nil
	case "date":
		return &appearance.DateSeal{Bottom: f.Seal, Fonts: fonts}, nil
	}
	return &appearance.Seal{Name: f.Seal, Fonts: fonts}, nil
}

// all is every text that may be shown.
func (s said) all() string {
	text := s.name + s.reason + s.location + s.contact
	if s.certificate != nil && s.name == "" {
		text += s.certificate.Subject.CommonName()
	}
	return text
}

// fonts returns the fonts that were given, or finds some that hold a text.
func (f *visibleFlags) fonts(ctx context.Context, text string, serif bool) ([]*appearance.Font, error) {
	var fonts []*appearance.Font
	for _, given := range f.Font {
		name, index := cutNumber(given, 0)
		font, err := appearance.OpenFont(name, index)
		if err != nil {
			return nil, err
		}
		fonts = append(fonts, font)
	}
	if len(fonts) > 0 {
		return fonts, nil
	}
	if missing, err := appearance.Missing(nil, text); err != nil || len(missing) == 0 {
		return nil, err
	}
	fonts, err := appearance.FindFonts(ctx, text, &appearance.FindOptions{Serif: serif})
	if err != nil {
		var missing *appearance.MissingGlyphError
		if errors.As(err, &missing) {
			return nil, fmt.Errorf("%w with --font, or install one, for example Noto Sans CJK", err)
		}
		return nil, err
	}
	return fonts, nil
}

// cutNumber cuts a number off the end of FILE:NUMBER. A file may have colons in
// its name, as in C:\font.ttf.
func cutNumber(text string, otherwise int) (file string, number int) {
	at := strings.LastIndexByte(text, ':')
	if at < 0 {
		return text, otherwise
	}
	n, err := strconv.Atoi(text[at+1:])
	if err != nil || n < 0 {
		return text, otherwise
	}
	return text[:at], n
}
