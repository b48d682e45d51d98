// Package redact makes URLs, the errors of network requests and texts of strangers fit to be
// shown: in errors, in reports and in logs, where secrets in a URL must not stand and strangers
// must not write as much as they like, nor command a terminal.
//
// It does not decide what is secret: user information, query and fragment of a URL
// always go, the path always stays.
package redact

import (
	"errors"
	"net"
	"net/url"
	"strings"
	"unicode"
)

// maxShown is the length of a text in bytes.
const maxShown = 200

// URL returns a URL without user information, query and fragment, and of bounded length.
// A query that was there is shown as "?...".
func URL(u *url.URL) string {
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath, Opaque: u.Opaque}
	text := shown.String()
	if u.RawQuery != "" {
		text += "?..."
	}
	return Short(text)
}

// Text is URL for a URL that was not parsed yet.
func Text(text string) string {
	if u, err := url.Parse(text); err == nil {
		return URL(u)
	}
	return "(malformed URL)"
}

// Error takes out of a network error what repeats the URL.
func Error(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	var parse *net.ParseError
	if errors.As(err, &parse) {
		return errors.New("malformed address")
	}
	return err
}

// Short cuts a text off.
func Short(text string) string {
	if len(text) > maxShown {
		return strings.ToValidUTF8(text[:maxShown], "") + "..."
	}
	return text
}

// Visible replaces what would end the line, command the terminal, or turn the direction of
// writing.
func Visible(text string) string {
	return strings.Map(func(r rune) rune {
		if Commands(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// Commands tells whether a character commands what shows a text instead of being shown.
func Commands(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}

// formula are the characters that begin a formula in a spreadsheet, in Japan also the
// full-width ones.
const formula = "=+-@\t\r\n＝＋－＠"

// Cell keeps a spreadsheet from taking a text for a formula, or a part of it where the
// spreadsheet splits cells at semicolons, as it does in much of Europe.
func Cell(text string) string {
	var b strings.Builder
	begins := true
	for _, r := range text {
		if begins && strings.ContainsRune(formula, r) {
			b.WriteByte('\'')
		}
		b.WriteRune(r)
		begins = r == ';'
	}
	return b.String()
}
