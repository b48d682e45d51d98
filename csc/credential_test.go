package csc_test

import (
	"crypto"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/csc"
	"github.com/inkan-go/inkan/internal/testpki"
)

func TestInfo(t *testing.T) {
	f := newFake(t, testpki.RSA2048)
	c := f.client()
	info, err := c.Info(t.Context())
	require.NoError(t, err)
	require.Equal(t, csc.V2, info.Version)
	require.Equal(t, "2.0.0.2", info.Specs)
	require.Equal(t, "Fake", info.Name)
	require.Equal(t, []string{"oauth2code"}, info.AuthTypes)
	require.True(t, info.Offers("credentials/extendTransaction"))
	require.False(t, info.Offers("signatures/timestamp"))

	f.versions = []string{"v1"}
	info, err = f.client().Info(t.Context())
	require.NoError(t, err)
	require.Equal(t, csc.V1, info.Version)
	require.Equal(t, "v1", info.Version.String())

	// A version that the caller settled is not changed.
	c = f.client()
	c.Version = csc.V2
	_, err = c.Info(t.Context())
	var status *csc.StatusError
	require.ErrorAs(t, err, &status)
	require.Equal(t, http.StatusNotFound, status.Code)
	c = f.client()
	c.URL += "/csc/v1/"
	_, err = c.Credential(t.Context(), "seal")
	require.NoError(t, err)
	require.Empty(t, f.requests[len(f.requests)-1].body["lang"])

	// Other errors than "no such version" are no reason to try another.
	f.answer = func(w http.ResponseWriter, _ *http.Request, _ string, _ map[string]any) bool {
		refuse(w, http.StatusUnauthorized, "invalid_token", "")
		return true
	}
	f.versions = []string{"v1", "v2"}
	n := len(f.requests)
	_, err = f.client().Info(t.Context())
	require.ErrorIs(t, err, csc.ErrAuthorization)
	require.Len(t, f.requests, n+1)

	// Something else answers there.
	f.answer = func(w http.ResponseWriter, _ *http.Request, _ string, _ map[string]any) bool {
		reply(w, map[string]any{"hello": "world"})
		return true
	}
	_, err = f.client().Info(t.Context())
	require.ErrorIs(t, err, csc.ErrResponse)
}

func TestCredentials(t *testing.T) {
	f := newFake(t, testpki.RSA2048)
	c := f.client()
	c.Lang = "ja-JP"
	list, err := c.Credentials(t.Context(), &csc.ListOptions{UserID: "taro", OnlyValid: true})
	require.NoError(t, err)
	require.Equal(t, []string{"seal", "sign", "old"}, list)
	calls := f.calls("credentials/list")
	require.Len(t, calls, 3)
	require.Equal(t, "taro", calls[0].body["userID"])
	require.Equal(t, true, calls[0].body["onlyValid"])
	require.Equal(t, "3", calls[2].body["pageToken"])
	require.Equal(t, "ja-JP", f.calls("info")[0].body["lang"])
}

func TestCredential(t *testing.T) {
	for _, version := range []string{"v1", "v2"} {
		f := newFake(t, testpki.RSA2048)
		f.versions = []string{version}
		f.multisign, f.bits = "8", "2048" // as strings
		k, err := f.client().Credential(t.Context(), "seal")
		require.NoError(t, err)
		require.True(t, k.Enabled)
		require.True(t, k.BindsDigests)
		require.Equal(t, 8, k.MaxSignatures)
		require.Equal(t, 2048, k.KeyBits)
		require.Equal(t, "valid", k.CertificateStatus)
		require.Equal(t, "explicit", k.Mode)
		require.Equal(t, f.id.Certificate.Raw, k.Certificate.Raw)
		require.Len(t, k.Factors, 2)
		require.Equal(t, "PIN", k.Factors[0].ID)
		require.Equal(t, "PIN of the seal", k.Factors[0].Label)
		require.Equal(t, "OTP", k.Factors[1].ID)
		require.True(t, k.Factors[1].Sent)
		require.Equal(t, version == "v1", k.Factors[1].Optional)
		require.NoError(t, f.client().SendOTP(t.Context(), k, "OTP"))
		require.Len(t, f.calls(map[string]string{"v1": "credentials/sendOTP", "v2": "credentials/getChallenge"}[version]), 1)
	}
}

// TestCertificateMismatch: a certificate that cannot be that of the key.
func TestCertificateMismatch(t *testing.T) {
	other := newFake(t, testpki.P256)
	for name, set := range map[string]func(f *fake){
		"none":          func(f *fake) { f.certificates = [][]byte{} },
		"no X.509":      func(f *fake) { f.certificates = [][]byte{[]byte("hello")} },
		"empty":         func(f *fake) { f.certificates = [][]byte{nil} },
		"another size":  func(f *fake) { f.bits = 3072 },
		"another key's": func(f *fake) { f.bits = 2048; f.certificates = [][]byte{other.id.Certificate.Raw} },
	} {
		f := newFake(t, testpki.RSA2048)
		set(f)
		_, err := f.client().Credential(t.Context(), "seal")
		require.ErrorIs(t, err, csc.ErrCertificate, name)
	}
}

// TestUnusable: credentials that cannot sign are refused before anybody is asked.
func TestUnusable(t *testing.T) {
	for name, set := range map[string]func(f *fake){
		"disabled":          func(f *fake) { f.status = "disabled" },
		"status unknown":    func(f *fake) { f.status = "" },
		"revoked":           func(f *fake) { f.certStatus = "revoked" },
		"another algorithm": func(f *fake) { f.algorithms = []string{"1.2.840.113549.1.1.13"} },
	} {
		f := newFake(t, testpki.RSA2048)
		set(f)
		c := f.client()
		key := f.key(t, c)
		_, err := key.Sign(nil, digest("1"), crypto.SHA256)
		require.ErrorIs(t, err, csc.ErrCredential, name)
		require.Zero(t, c.Counts().Authorizations, name)
	}
	require.ErrorIs(t, (&csc.Client{}).SendOTP(t.Context(), nil, "OTP"), csc.ErrCredential)
}

// TestLimits: each limit, and one over.
func TestLimits(t *testing.T) {
	many := func(n int) []string { return strings.Split(strings.Repeat("1.2.3,", n-1)+"1.2.3", ",") }
	for n, fits := range map[int]bool{256: true, 257: false} {
		f := newFake(t, testpki.RSA2048)
		f.algorithms = many(n)
		_, err := f.client().Credential(t.Context(), "seal")
		require.Equal(t, fits, err == nil, "%d algorithms: %v", n, err)
		f.methods = many(n)
		_, err = f.client().Info(t.Context())
		require.Equal(t, fits, err == nil, "%d methods: %v", n, err)
	}
	for n, fits := range map[int]bool{16: true, 17: false} {
		f := newFake(t, testpki.RSA2048)
		for range n {
			f.certificates = append(f.certificates, f.id.Certificate.Raw)
		}
		_, err := f.client().Credential(t.Context(), "seal")
		require.Equal(t, fits, err == nil, "%d certificates: %v", n, err)
	}
	for n, fits := range map[int]bool{4096: true, 4097: false} {
		f := newFake(t, testpki.RSA2048)
		f.answer = only("credentials/list", func(w http.ResponseWriter, _ map[string]any) {
			reply(w, map[string]any{"credentialIDs": []string{strings.Repeat("x", n)}})
		})
		_, err := f.client().Credentials(t.Context(), nil)
		require.Equal(t, fits, err == nil, "an identifier of %d bytes: %v", n, err)
		f.methods = []string{strings.Repeat("x", n)}
		_, err = f.client().Info(t.Context())
		require.Equal(t, fits, err == nil, "a name of %d bytes: %v", n, err)
	}
	for n, fits := range map[int]bool{10_000: true, 10_001: false} {
		f := newFake(t, testpki.RSA2048)
		f.respond(only("credentials/list", func(w http.ResponseWriter, _ map[string]any) { reply(w, map[string]any{"credentialIDs": many(n)}) }))
		_, err := f.client().Credentials(t.Context(), nil)
		require.Equal(t, fits, err == nil, "%d credentials: %v", n, err)
	}
	for n, fits := range map[int]bool{100: true, 101: false} {
		f := newFake(t, testpki.RSA2048)
		page := 0
		f.answer = only("credentials/list", func(w http.ResponseWriter, _ map[string]any) {
			page++
			next := "more"
			if page == n {
				next = ""
			}
			reply(w, map[string]any{"credentialIDs": []string{"x"}, "nextPageToken": next})
		})
		_, err := f.client().Credentials(t.Context(), nil)
		require.Equal(t, fits, err == nil, "%d pages: %v", n, err)
	}
	for n, fits := range map[int]bool{4 << 20: true, 4<<20 + 1: false} {
		f := newFake(t, testpki.RSA2048)
		f.answer = only("info", func(w http.ResponseWriter, _ map[string]any) {
			const head, tail = `{"specs":"2.0.0.0","x":"`, `"}`
			_, _ = w.Write([]byte(head + strings.Repeat("x", n-len(head)-len(tail)) + tail))
		})
		_, err := f.client().Info(t.Context())
		require.Equal(t, fits, err == nil, "%d bytes: %v", n, err)
	}
	for n, fits := range map[int]bool{64 << 10: true, 64<<10 + 1: false} {
		f := newFake(t, testpki.RSA2048)
		key := f.key(t, f.client())
		f.respond(only("credentials/authorize", func(w http.ResponseWriter, _ map[string]any) { reply(w, map[string]any{"SAD": strings.Repeat("x", n)}) }))
		_, err := key.Client.Authorize(t.Context(), &csc.Approval{Credential: key.Credential, Signatures: 1, Hash: crypto.SHA256, Digests: [][]byte{digest("1")}}, nil)
		require.Equal(t, fits, err == nil, "a SAD of %d bytes: %v", n, err)
	}
}

// TestFactorLimit: authentication objects, and digests of one call.
func TestFactorLimit(t *testing.T) {
	for n, fits := range map[int]bool{16: true, 17: false} {
		f := newFake(t, testpki.RSA2048)
		f.objects = n
		_, err := f.client().Credential(t.Context(), "seal")
		require.Equal(t, fits, err == nil, "%d factors: %v", n, err)
	}
	f := newFake(t, testpki.RSA2048)
	f.multisign = 1_000_000
	key := f.key(t, f.client())
	for n, fits := range map[int]bool{10_000: true, 10_001: false} {
		_, err := key.Session(t.Context(), n)
		require.Equal(t, fits, err == nil, "%d signatures: %v", n, err)
	}
}
