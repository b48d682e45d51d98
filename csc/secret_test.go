package csc_test

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/csc"
	"github.com/inkan-go/inkan/internal/testpki"
)

// TestTokenEcho: a service that answers with the token that let the request in, or with a PIN in another
// form, finds neither in an error.
func TestTokenEcho(t *testing.T) {
	const token = "eyJhbGciOi+/x.y"
	for name, echo := range map[string]string{
		"header": "Bearer " + token, "token": token, "in a URL": url.QueryEscape(token),
		"in Base64": base64.StdEncoding.EncodeToString([]byte(token)), "PIN in Base64": base64.URLEncoding.EncodeToString([]byte(rightPIN)),
		"PIN in a URL": url.QueryEscape(rightPIN),
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, testpki.RSA2048)
			c := f.client()
			c.HTTPClient = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				r = r.Clone(r.Context())
				r.Header.Set("Authorization", "Bearer "+token)
				return http.DefaultTransport.RoundTrip(r)
			})}
			key := f.key(t, c)
			f.answer = only("credentials/authorize", func(w http.ResponseWriter, _ map[string]any) { refuse(w, 400, echo, "it was "+echo) })
			_, err := key.Sign(nil, digest("1"), crypto.SHA256)
			require.ErrorContains(t, err, "[hidden]")
			var status *csc.StatusError
			require.True(t, errors.As(err, &status))
			for _, text := range []string{err.Error(), status.Name, status.Description} {
				require.NotContains(t, text, echo)
				require.NotContains(t, text, token)
			}
		})
	}
}

// TestLogging: a grant that is logged as JSON shows nothing.
func TestLogging(t *testing.T) {
	var out bytes.Buffer
	grant := csc.Grant{Factors: map[string]string{"PIN": rightPIN}, SAD: "activation"}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("granted", "grant", grant, "pointer", &grant)
	require.NotContains(t, out.String(), rightPIN)
	require.NotContains(t, out.String(), "activation")
}
