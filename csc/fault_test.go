package csc_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/csc"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

// hangUp ends a connection without an answer.
func hangUp(w http.ResponseWriter) {
	connection, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = connection.Close()
	}
}

// only makes a switch for one method.
func only(method string, do func(w http.ResponseWriter, body map[string]any)) func(http.ResponseWriter, *http.Request, string, map[string]any) bool {
	return func(w http.ResponseWriter, _ *http.Request, m string, body map[string]any) bool {
		if m != method {
			return false
		}
		do(w, body)
		return true
	}
}

// status answers a method with a status.
func status(method string, code int, name, description string, header ...string) func(f *fake) {
	return func(f *fake) {
		f.answer = only(method, func(w http.ResponseWriter, _ map[string]any) {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			refuse(w, code, name, description)
		})
	}
}

// body answers a method with a body.
func body(method, text string) func(f *fake) {
	return func(f *fake) {
		f.respond(only(method, func(w http.ResponseWriter, _ map[string]any) { _, _ = io.WriteString(w, text) }))
	}
}

// fault is one row of the table of faults.
type fault struct {
	name string
	set  func(f *fake)
	pin  string // another than the right one
	want []error
	not  []error
	// unknown: the service may have signed.
	unknown bool
	// keyUses is how many digests reached the service to be signed.
	authorizations, keyUses int
	retryAfter              time.Duration
}

func faults() []fault {
	const authorize, sign = "credentials/authorize", "signatures/signHash"
	return []fault{
		{name: "wrong PIN", pin: "pin-wrong", want: []error{csc.ErrAuthorization}, not: []error{csc.ErrSADExpired}, authorizations: 1},
		{name: "locked PIN", set: status(authorize, 400, "invalid_request", "PIN locked"), want: []error{csc.ErrAuthorization}, authorizations: 1},
		{name: "wrong OTP", set: status(authorize, 400, "invalid_otp", "no"), want: []error{csc.ErrAuthorization}, authorizations: 1},
		{name: "access denied", set: status(authorize, 401, "access_denied", ""), want: []error{csc.ErrAuthorization}, authorizations: 1},
		{name: "other error", set: status(authorize, 400, "invalid_request", "Missing parameter"), not: []error{csc.ErrAuthorization}, authorizations: 1},
		{name: "no SAD", set: body(authorize, `{"expiresIn":3600}`), want: []error{csc.ErrResponse}, authorizations: 1},
		{name: "asked to come back", set: body(authorize, `{"handle":"x"}`), want: []error{csc.ErrResponse}, authorizations: 1},
		{name: "SAD expired by our clock", set: func(f *fake) { f.expiresIn = 0 }, want: []error{csc.ErrSADExpired, csc.ErrAuthorization}, authorizations: 1},
		{name: "SAD expired by theirs", set: status(sign, 400, "invalid_request", "The SAD is expired"), want: []error{csc.ErrSADExpired, csc.ErrAuthorization}, authorizations: 1, keyUses: 1},
		{name: "SAD expired by a code", set: status(sign, 400, "expired_sad", ""), want: []error{csc.ErrSADExpired}, authorizations: 1, keyUses: 1},
		{name: "429", set: status(sign, 429, "too_many_requests", "", "Retry-After", "17"), not: []error{csc.ErrAuthorization}, authorizations: 1, keyUses: 1, retryAfter: 17 * time.Second},
		{name: "429 at authorization", set: status(authorize, 429, "", "", "Retry-After", "86401"), authorizations: 1, retryAfter: 24 * time.Hour},
		{name: "429 with nonsense", set: status(sign, 429, "", "", "Retry-After", "-5"), authorizations: 1, keyUses: 1},
		{name: "500", set: status(sign, 500, "server_error", ""), unknown: true, authorizations: 1, keyUses: 1},
		{name: "502", set: status(sign, 502, "", ""), unknown: true, authorizations: 1, keyUses: 1},
		{name: "503", set: status(sign, 503, "temporarily_unavailable", "", "Retry-After", "1"), authorizations: 1, keyUses: 1, retryAfter: time.Second},
		{name: "redirect", set: status(sign, 307, "", "", "Location", "http://127.0.0.1:1/csc/v2/signatures/signHash"), authorizations: 1, keyUses: 1},
		{name: "hangs up", set: func(f *fake) { f.answer = only(sign, func(w http.ResponseWriter, _ map[string]any) { hangUp(w) }) }, unknown: true, authorizations: 1, keyUses: 1},
		{name: "broken off", set: func(f *fake) {
			f.answer = only(sign, func(w http.ResponseWriter, _ map[string]any) {
				w.Header().Set("Content-Length", "1000")
				_, _ = io.WriteString(w, `{"signatures":["`)
			})
		}, unknown: true, authorizations: 1, keyUses: 1},
		{name: "not JSON", set: body(sign, "<html>"), want: []error{csc.ErrResponse}, unknown: true, authorizations: 1, keyUses: 1},
		{name: "no signatures", set: body(sign, `{}`), want: []error{csc.ErrResponse}, unknown: true, authorizations: 1, keyUses: 1},
		{name: "answers later", set: body(sign, `{"responseID":"1"}`), want: []error{csc.ErrResponse}, unknown: true, authorizations: 1, keyUses: 1},
		{name: "one too many", set: func(f *fake) { f.sign = func(_, s [][]byte) [][]byte { return append(s, s[0]) } }, want: []error{csc.ErrResponse}, unknown: true, authorizations: 1, keyUses: 1},
		{name: "not Base64", set: body(sign, `{"signatures":["?!"]}`), want: []error{csc.ErrSignature}, authorizations: 1, keyUses: 1},
		{name: "cut short", set: func(f *fake) { f.sign = func(_, s [][]byte) [][]byte { return [][]byte{s[0][:255]} } }, want: []error{csc.ErrSignature, csc.ErrSignatureLength}, authorizations: 1, keyUses: 1},
		{name: "empty signature", set: body(sign, `{"signatures":[""]}`), want: []error{csc.ErrSignatureLength}, authorizations: 1, keyUses: 1},
		{name: "another digest", set: func(f *fake) {
			f.sign = func(_, _ [][]byte) [][]byte {
				s, _ := f.id.Key.Sign(rand.Reader, digest("other"), crypto.SHA256)
				return [][]byte{s}
			}
		}, want: []error{csc.ErrSignature}, not: []error{csc.ErrSignatureLength}, authorizations: 1, keyUses: 1},
		{name: "another key", set: func(f *fake) {
			f.sign = func(in, _ [][]byte) [][]byte {
				other, _ := testpki.FixedKeys(testpki.OtherRole, testpki.RSA2048)
				s, _ := other.Sign(rand.Reader, in[0], crypto.SHA256)
				return [][]byte{s}
			}
		}, want: []error{csc.ErrSignature}, not: []error{csc.ErrSignatureLength}, authorizations: 1, keyUses: 1},
	}
}

// TestFaults is the table of faults: a typed error, no output, nothing asked twice, the use of the key counted, and no
// secret in the error.
func TestFaults(t *testing.T) {
	for _, fault := range faults() {
		t.Run(fault.name, func(t *testing.T) {
			f := newFake(t, testpki.RSA2048)
			c := f.client()
			key := f.key(t, c)
			if fault.pin != "" {
				key.Approve = approve(fault.pin, rightOTP)
			}
			if fault.set != nil {
				fault.set(f)
			}
			original := contract(1)
			d := open(t, original)
			err := d.Sign(t.Context(), &pades.Signer{Key: key, Chain: key.Credential.Chain}, nil)
			require.Error(t, err)
			for _, want := range fault.want {
				require.ErrorIs(t, err, want)
			}
			for _, not := range fault.not {
				require.NotErrorIs(t, err, not)
			}
			require.Equal(t, !fault.unknown && !errors.Is(err, csc.ErrSignature), errors.Is(err, cms.ErrNotSigned), err)
			require.Equal(t, errors.Is(err, csc.ErrAuthorization), errors.Is(err, cms.ErrKeyLost), err)
			var s *csc.StatusError
			if errors.As(err, &s) {
				require.Equal(t, fault.retryAfter, s.RetryAfter)
			} else {
				require.Zero(t, fault.retryAfter)
			}
			require.Equal(t, int64(len(original)), d.Size())
			counts := c.Counts()
			require.EqualValues(t, fault.authorizations, counts.Authorizations)
			require.EqualValues(t, fault.keyUses, counts.Digests)
			require.Len(t, f.calls("signatures/signHash"), fault.keyUses)
			require.LessOrEqual(t, len(f.calls("credentials/authorize")), 1)
			require.Zero(t, counts.Signatures)
			withoutSecrets(t, err)
		})
	}
}

// withoutSecrets looks for PINs, passwords and SADs in everything that an error can be printed as.
func withoutSecrets(t *testing.T, err error) {
	t.Helper()
	for ; err != nil; err = errors.Unwrap(err) {
		for _, text := range []string{err.Error(), fmt.Sprintf("%+v %#v", err, err)} {
			for _, secret := range []string{rightPIN, rightOTP, "pin-wrong", "16180339887"} {
				require.NotContains(t, text, secret)
			}
		}
	}
}

// TestEcho: a service that repeats every secret, wherever it can.
func TestEcho(t *testing.T) {
	for _, method := range []string{"credentials/authorize", "credentials/extendTransaction", "signatures/signHash"} {
		for _, version := range []string{"v1", "v2"} {
			f := newFake(t, testpki.RSA2048)
			f.versions = []string{version}
			key := f.key(t, f.client())
			f.answer = only(method, func(w http.ResponseWriter, body map[string]any) {
				echo := fmt.Sprint("PIN ", body)
				w.Header().Set("Location", "http://127.0.0.1/"+strings.ReplaceAll(rightPIN, " ", ""))
				refuse(w, 400, echo, echo)
			})
			s, err := key.Session(t.Context(), 2)
			require.NoError(t, err)
			_, err = s.Sign(nil, digest("1"), crypto.SHA256)
			if err == nil {
				_, err = s.Sign(nil, digest("2"), crypto.SHA256)
			}
			require.ErrorIs(t, err, csc.ErrAuthorization, method)
			require.Contains(t, err.Error(), "[hidden]")
			withoutSecrets(t, err)
			_, err = s.Sign(nil, digest("3"), crypto.SHA256)
			withoutSecrets(t, err)
		}
	}
}

// roundTripper is a caller's transport.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestTransport: the caller's client is used, adds its token, and its errors lose our secrets.
func TestTransport(t *testing.T) {
	f := newFake(t, testpki.RSA2048)
	c := f.client()
	c.HTTPClient = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer xyz")
		return http.DefaultTransport.RoundTrip(r)
	})}
	key := f.key(t, c)
	_, err := key.Sign(nil, digest("1"), crypto.SHA256)
	require.NoError(t, err)
	for _, r := range f.requests {
		require.Equal(t, "Bearer xyz", r.header.Get("Authorization"))
	}

	c.HTTPClient.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
		sent, _ := io.ReadAll(r.Body)
		return nil, fmt.Errorf("proxy says no to %s", sent)
	})
	_, err = key.Sign(nil, digest("1"), crypto.SHA256)
	require.Error(t, err)
	withoutSecrets(t, err)
	require.Contains(t, err.Error(), "[hidden]")
}

// TestPrinting: nothing that holds a secret prints it.
func TestPrinting(t *testing.T) {
	f := newFake(t, testpki.RSA2048)
	c := f.client()
	c.URL = strings.Replace(f.URL, "http://", "http://user:"+rightPIN+"@", 1)
	key := f.key(t, c)
	grant := &csc.Grant{Factors: map[string]string{"PIN": rightPIN, "OTP": rightOTP}}
	a, err := c.Authorize(t.Context(), &csc.Approval{Credential: key.Credential, Signatures: 1, Hash: crypto.SHA256, Digests: [][]byte{digest("1")}}, grant)
	require.NoError(t, err)
	for _, v := range []any{a, *grant, grant, c, key} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			withoutSecrets(t, fmt.Errorf(verb, v))
		}
	}
}

// TestCancel: a call ends within 100 ms of its context, wherever it is.
func TestCancel(t *testing.T) {
	for _, method := range []string{"credentials/authorize", "signatures/signHash"} {
		f := newFake(t, testpki.RSA2048)
		key := f.key(t, f.client())
		ctx, cancel := context.WithCancelCause(t.Context())
		leave := make(chan struct{})
		t.Cleanup(func() { close(leave) })
		var ended time.Time
		f.answer = only(method, func(http.ResponseWriter, map[string]any) {
			ended = time.Now()
			cancel(nil)
			<-leave
		})
		original := contract(1)
		d := open(t, original)
		err := d.Sign(ctx, &pades.Signer{Key: key, Chain: key.Credential.Chain}, nil)
		require.ErrorIs(t, err, context.Canceled)
		require.Less(t, time.Since(ended), 100*time.Millisecond)
		require.Equal(t, method != "signatures/signHash", errors.Is(err, cms.ErrNotSigned))
		require.Equal(t, int64(len(original)), d.Size())
	}
}

// TestTimeout: the time-out of the client, and a deadline.
func TestTimeout(t *testing.T) {
	f := newFake(t, testpki.RSA2048)
	c := f.client()
	key := f.key(t, c)
	leave := make(chan struct{})
	t.Cleanup(func() { close(leave) })
	f.respond(only("signatures/signHash", func(http.ResponseWriter, map[string]any) { <-leave }))
	c.Timeout = 50 * time.Millisecond
	_, err := key.Sign(nil, digest("1"), crypto.SHA256)
	require.ErrorIs(t, err, csc.ErrTimeout)
	require.NotErrorIs(t, err, cms.ErrNotSigned)
	c.Timeout = time.Minute
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = key.SignContext(ctx, nil, digest("1"), crypto.SHA256)
	require.ErrorIs(t, err, csc.ErrTimeout)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// TestNotSent: what never left is told apart, and counts as nothing.
func TestNotSent(t *testing.T) {
	f := newFake(t, testpki.RSA2048)
	c := f.client()
	c.HTTPClient = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	key := f.key(t, c)
	before := c.Counts()
	f.Close()
	_, err := key.Sign(nil, digest("1"), crypto.SHA256)
	require.ErrorIs(t, err, csc.ErrNotSent)
	require.ErrorIs(t, err, cms.ErrNotSigned)
	require.Equal(t, before.Digests, c.Counts().Digests)
	require.Equal(t, before.Calls, c.Counts().Calls)

	for _, url := range []string{"", "ftp://service.example", "http://service.example", "https://service.example/?a=b", "http://\x7f", "https://"} {
		_, err := (&csc.Client{URL: url}).Info(t.Context())
		require.ErrorIs(t, err, csc.ErrNotSent, url)
	}
}

// TestErrorsAs: no exported error is found in errors of others.
func TestErrorsAs(t *testing.T) {
	var s *csc.StatusError
	var one *csc.SignatureError
	require.False(t, errors.As(io.EOF, &s))
	require.False(t, errors.As(io.EOF, &one))
}
