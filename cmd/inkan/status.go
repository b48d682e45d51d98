package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
)

// The exit statuses of the command.
const (
	statusDone       = 0 // signed; every signature passed; shown
	statusFailed     = 1 // cannot be signed; a signature did not pass or is missing
	statusUsage      = 2 // wrong call
	statusUnreadable = 3 // not readable as a PDF
)

// failure is an error with the exit status it leads to. A nil reason means that
// everything there was to say has been printed.
type failure struct {
	status int
	why    error
}

func (f *failure) Error() string {
	if f.why == nil {
		return fmt.Sprintf("exit status %d", f.status)
	}
	return f.why.Error()
}

func (f *failure) Unwrap() error { return f.why }

// usage is the failure of a call that cannot be carried out as written.
func usage(format string, args ...any) error {
	return &failure{statusUsage, fmt.Errorf(format, args...)}
}

// unreadable is the failure of a file that cannot be read as a PDF.
func unreadable(file string, why error) error {
	return &failure{statusUnreadable, fmt.Errorf("%s: %w", file, why)}
}

// errInterrupted is why work ends that a signal stopped.
var errInterrupted = errors.New("interrupted")

// notPermitted begins the reason when the file itself forbids the signature.
const notPermitted = "not permitted: "

// reasonText is the text of an error without the names of our packages, which
// mean nothing on a command line.
func reasonText(err error) string {
	text := err.Error()
	if _, reason, found := strings.Cut(text, notPermitted); found && errors.Is(err, pades.ErrNotPermitted) {
		return notPermitted + reason
	}
	for _, name := range []string{"pades", "verify", "cms", "certificate", "keyfile", "pdf", "sigdict", "tsa", "fetch", "revocation", "appearance", "font", "contract", "renew"} {
		text = strings.TrimPrefix(text, name+": ")
		text = strings.ReplaceAll(text, ": "+name+": ", ": ")
	}
	if errors.Is(err, pades.ErrPassword) || errors.Is(err, verify.ErrPassword) {
		text += " (--password-file FILE or " + passwordVariable + " gives it)"
	}
	return text
}
