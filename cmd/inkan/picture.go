package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/inkan-go/inkan/pades/appearance"
)

// pictureFlags say what people see beside a text, and in which fonts.
type pictureFlags struct {
	Seal       string   `placeholder:"NAME" help:"Show a Japanese seal with this name."`
	SealShape  string   `enum:"round,square,date" default:"round" placeholder:"round|square|date" help:"The seal is round (of a person), square (of a company) or a date seal."`
	Image      string   `placeholder:"FILE" help:"Show this picture (PNG or JPEG)."`
	QR         string   `name:"qr" placeholder:"TEXT" help:"Show a QR code with this text, for example an address to verify at."`
	Background string   `placeholder:"FILE[:PAGE]" help:"Show a page of another PDF behind all that."`
	Font       []string `sep:"none" placeholder:"FILE[:INDEX]" help:"Font (TrueType or OpenType) for the text and the seal; of a collection, INDEX counts from 0. May be given several times: each is asked for what those before it lack. Default: a font for Latin, Greek and Cyrillic, else an installed one that holds every character."`
}

// pictured tells whether there is anything but text.
func (f *pictureFlags) pictured() bool {
	return f.Seal != "" || f.Image != "" || f.QR != "" || f.Background != ""
}

// lines begins a new line at every \n.
func lines(text string) string { return strings.ReplaceAll(text, `\n`, "\n") }

// compose puts pictures to the left, text to the right, and all that on the
// background. Text may be nil; content is every character that it may show.
func (f *pictureFlags) compose(ctx context.Context, text *appearance.Text, content string) (appearance.Element, error) {
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
	if text != nil {
		var err error
		if text.Fonts, err = f.fonts(ctx, content, false); err != nil {
			return nil, err
		}
		items = append(items, text)
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
func (f *pictureFlags) seal(ctx context.Context) (appearance.Element, error) {
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

// fonts returns the fonts that were given, or finds some that hold a text.
func (f *pictureFlags) fonts(ctx context.Context, text string, serif bool) ([]*appearance.Font, error) {
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
