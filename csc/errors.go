package csc

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/redact"
)

// What callers tell apart with errors.Is. Errors of signing also wrap cms.ErrNotSigned where certainly no signature was
// made, and cms.ErrKeyLost where asking again without a change is of no use, or locks a PIN.
var (
	// ErrNotSent: there was no connection, or something was wrong before one was sought. Nothing was signed.
	ErrNotSent = errors.New("csc: the request was not sent")
	// ErrTimeout: no whole answer in time.
	ErrTimeout = errors.New("csc: no answer in time")
	// ErrResponse: the answer is none of this API, contradicts itself or is over a limit.
	ErrResponse = errors.New("csc: not an answer of this API")
	// ErrAuthorization: the service does not authorize the signature: a wrong PIN or one-time password, or a SAD that it
	// does not take.
	ErrAuthorization = errors.New("csc: not authorized")
	// ErrSADExpired: the authorization has expired; authorize anew. It comes with ErrAuthorization.
	ErrSADExpired = errors.New("csc: the authorization (SAD) has expired")
	// ErrCredential: the credential cannot make this signature: disabled, expired, of another algorithm, or for fewer
	// signatures at once.
	ErrCredential = errors.New("csc: credential")
	// ErrCertificate: the certificate of the credential is missing, not readable, or not that of the key described.
	ErrCertificate = errors.New("csc: certificate of the credential")
	// ErrSignature: what came back is not a signature of the digest under the certificate of the credential.
	ErrSignature = errors.New("csc: not a signature of the digest by the credential")
	// ErrSignatureLength: it is not even as long as one. It comes with ErrSignature.
	ErrSignatureLength = errors.New("csc: signature of a wrong length")
)

// errOutcome: signatures/signHash was sent and no usable answer came. The key may have been used, and the authorization
// with it.
var errOutcome = errors.New("csc: the service may have signed")

// told adds to an error of signing what it means for the key.
func told(err error) error {
	if err == nil {
		return nil
	}
	if !errors.Is(err, errOutcome) && !errors.Is(err, ErrSignature) && !errors.Is(err, cms.ErrNotSigned) {
		err = fmt.Errorf("%w (%w)", err, cms.ErrNotSigned)
	}
	if (errors.Is(err, ErrAuthorization) || errors.Is(err, ErrCredential)) && !errors.Is(err, cms.ErrKeyLost) {
		err = fmt.Errorf("%w (%w)", err, cms.ErrKeyLost)
	}
	return err
}

// StatusError is an HTTP status other than 200, with what the service says about it. PINs, one-time passwords and SADs
// that it repeats are taken out.
type StatusError struct {
	Method      string // "signatures/signHash"
	Code        int
	Name        string // the member "error" (1.0.4, 10.1), for example "invalid_request"
	Description string // the member "error_description", cut off
	// RetryAfter is how long the service asks to wait (RFC 9110, 10.2.3), up to a day; 0 where it does not say.
	RetryAfter time.Duration

	expired bool
}

// Error implements error.
func (e *StatusError) Error() string {
	text := fmt.Sprintf("csc: %s: HTTP status %d", e.Method, e.Code)
	if e.Code >= 300 && e.Code < 400 {
		text += ", a redirect, which is not followed; correct the URL"
	}
	if e.Name != "" {
		text += ": " + e.Name
	}
	if e.Description != "" {
		text += fmt.Sprintf(" (%q)", e.Description)
	}
	if e.RetryAfter > 0 {
		text += fmt.Sprintf("; try again in %v", e.RetryAfter)
	}
	return text
}

// Is implements errors.Is for [ErrAuthorization] and [ErrSADExpired].
func (e *StatusError) Is(target error) bool {
	switch target { //nolint:errorlint // Is compares; errors.Is unwraps
	case ErrAuthorization:
		return e.Code == 401 || e.Code == 403 || e.expired || e.Code == 400 && e.authorizing()
	case ErrSADExpired:
		return e.expired
	case errOutcome:
		return e.Method == methodSignHash && e.Code >= 500 && e.Code != 501 && e.Code != 503
	}
	return false
}

// authorizing tells whether the service complains about what authorizes, and not about the form of the request.
func (e *StatusError) authorizing() bool {
	switch e.Name {
	case "invalid_pin", "invalid_otp", "access_denied", "authorization_error", "invalid_sad":
		return true
	}
	for _, word := range []string{"PIN", "OTP", "SAD", "authorization data"} {
		if strings.Contains(e.Description, word) {
			return true
		}
	}
	return false
}

// SignatureError is one signature of several that is not returned.
type SignatureError struct {
	Index int // in the list of digests
	Err   error
}

// Error implements error.
func (e *SignatureError) Error() string {
	return fmt.Sprintf("csc: digest %d: %s", e.Index+1, strings.TrimPrefix(e.Err.Error(), "csc: "))
}

// Unwrap returns Err.
func (e *SignatureError) Unwrap() error { return e.Err }

// secrets are texts that no error may repeat.
type secrets []string

const hidden = "[hidden]"

// scrub takes secrets out of a text, as they are and as they stand in JSON, in a URL and in Base64.
func (s secrets) scrub(text string) string {
	for _, secret := range s {
		if secret == "" {
			continue
		}
		quoted, _ := json.Marshal(secret) // of a string
		encoded := strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(secret)), "=")
		for _, form := range []string{
			secret, string(quoted[1 : len(quoted)-1]), url.QueryEscape(secret), url.PathEscape(secret),
			encoded, strings.NewReplacer("+", "-", "/", "_").Replace(encoded),
		} {
			text = strings.ReplaceAll(text, form, hidden)
		}
	}
	return text
}

// error takes URLs and secrets out of an error; what it wraps is kept only where there is nothing to take out.
func (s secrets) error(err error) error {
	err = redact.Error(err)
	if text := err.Error(); s.scrub(text) != text {
		return errors.New(s.scrub(text))
	}
	return err
}

func failf(kind error, format string, args ...any) error {
	return fmt.Errorf("%w: %w", kind, fmt.Errorf(format, args...))
}
