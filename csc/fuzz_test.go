package csc_test

import (
	"context"
	"crypto"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/csc"
	"github.com/inkan-go/inkan/internal/testpki"
)

// answers returns what the fake answers to each method in each version.
func answers(f *testing.F) []string {
	f.Helper()
	service := newFake(f, testpki.P256)
	var list []string
	for _, version := range []string{"v1", "v2"} {
		service.versions = []string{version}
		c := &csc.Client{URL: service.URL, HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			w := httptest.NewRecorder()
			service.ServeHTTP(w, r)
			list = append(list, w.Body.String())
			return w.Result(), nil
		})}}
		_, err := c.Credentials(f.Context(), nil)
		require.NoError(f, err)
		credential, err := c.Credential(f.Context(), "seal")
		require.NoError(f, err)
		s, err := (&csc.Key{Client: c, Credential: credential, Approve: approve(rightPIN, rightOTP)}).Session(f.Context(), 2)
		require.NoError(f, err)
		for range 2 {
			_, err = s.Sign(nil, digest("1"), crypto.SHA256)
			require.NoError(f, err)
		}
	}
	return list
}

// FuzzAnswers: whatever a service answers, nothing panics, and no signature is returned that does not hold.
func FuzzAnswers(f *testing.F) {
	seeds := answers(f)
	require.GreaterOrEqual(f, len(seeds), 16)
	for _, s := range seeds {
		require.True(f, json.Valid([]byte(s)) || strings.HasPrefix(s, "<html>"), s)
		f.Add(200, s)
		f.Add(400, s)
	}
	service := newFake(f, testpki.P256)
	good := service.key(f, service.client())
	f.Fuzz(func(t *testing.T, code int, body string) {
		if code < 200 || code > 599 {
			return
		}
		for _, version := range []csc.Version{csc.V1, csc.V2} {
			c := &csc.Client{URL: "http://127.0.0.1", Version: version, HTTPClient: &http.Client{
				Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
					_, _ = io.Copy(io.Discard, r.Body)
					return &http.Response{StatusCode: code, Body: io.NopCloser(strings.NewReader(body)), Header: http.Header{"Retry-After": {body}}, Request: r}, nil
				})}}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			_, _ = c.Info(ctx)
			list, err := c.Credentials(ctx, nil)
			require.True(t, err == nil || list == nil)
			if k, err := c.Credential(ctx, "seal"); err == nil {
				require.NotNil(t, k.Certificate)
				require.Positive(t, k.MaxSignatures)
			}
			key := &csc.Key{Client: c, Credential: good.Credential}
			_, err = key.Sign(nil, digest("never signed"), crypto.SHA256)
			require.Error(t, err)
		}
	})
}
