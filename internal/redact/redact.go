// Package redact makes URLs and the errors of network requests fit to be shown: in
// errors, in reports and in logs, where secrets in a URL must not stand and strangers
// must not write as much as they like.
//
// It does not decide what is secret: user information, query and fragment of a URL
// always go, the path always stays.
package redact

import (
	"errors"
	"net"
	"net/url"
	"strings"
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
