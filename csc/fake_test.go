package csc_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/csc"
	"github.com/inkan-go/inkan/internal/testpki"
)

const (
	rightPIN = "pin-31415926"
	rightOTP = "otp-27182818"
)

// fake is a signing service in both versions of the API, with a switch for each misbehaviour. It shares no code with the
// client: requests are read as maps, as they came.
type fake struct {
	*httptest.Server
	t  testing.TB
	id *testpki.Identity

	versions     []string // spoken: "v1", "v2"
	methods      []string
	scal         string
	multisign    any
	algorithms   []string
	bits         any // key/len; nil is the true one
	status       string
	certStatus   string
	certificates [][]byte // nil is the chain
	mode         string
	factors      bool // PIN and OTP are asked for
	objects      int  // authentication objects in version 2, if not 0
	expiresIn    any

	// answer, if not nil, may answer in place of the service: true says that it did.
	answer func(w http.ResponseWriter, r *http.Request, method string, body map[string]any) bool
	// sign, if not nil, alters the signatures.
	sign func(digests, signatures [][]byte) [][]byte

	mu       sync.Mutex
	requests []request
	sads     map[string]grant
	serial   int
}

type request struct {
	version, method string
	body            map[string]any
	header          http.Header
}

type grant struct {
	digests    []string
	signatures int
}

func newFake(t testing.TB, kind testpki.KeyType) *fake {
	t.Helper()
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	id, err := pki.Issue(&testpki.Request{KeyType: kind, Issuer: pki.Root})
	require.NoError(t, err)
	f := &fake{
		t: t, id: id, versions: []string{"v1", "v2"}, scal: "2", multisign: 8, status: "enabled", certStatus: "valid",
		mode: "explicit", factors: true, expiresIn: 300, sads: map[string]grant{},
		methods: []string{"credentials/list", "credentials/info", "credentials/authorize", "credentials/extendTransaction", "signatures/signHash"},
	}
	f.algorithms = []string{"1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"}
	if _, ok := id.Key.Public().(*ecdsa.PublicKey); ok {
		f.algorithms = []string{"1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3"}
	}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

// client returns a client of the service.
func (f *fake) client() *csc.Client { return &csc.Client{URL: f.URL, Timeout: 20 * time.Second} }

// key returns the key of the only credential; its owner knows PIN and one-time password.
func (f *fake) key(t testing.TB, c *csc.Client) *csc.Key {
	t.Helper()
	credential, err := c.Credential(t.Context(), "seal")
	require.NoError(t, err)
	return &csc.Key{Client: c, Credential: credential, Approve: approve(rightPIN, rightOTP)}
}

// respond sets answer between requests.
func (f *fake) respond(answer func(w http.ResponseWriter, r *http.Request, method string, body map[string]any) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer = answer
}

// calls returns what was asked of a method.
func (f *fake) calls(method string) []request {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []request
	for _, r := range f.requests {
		if r.method == method {
			list = append(list, r)
		}
	}
	return list
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	version, method, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/csc/"), "/")
	body := map[string]any{}
	raw, _ := io.ReadAll(r.Body)
	if err := json.Unmarshal(raw, &body); err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
		http.Error(w, "not a request of this API", http.StatusBadRequest)
		return
	}
	f.mu.Lock()
	f.requests = append(f.requests, request{version, method, body, r.Header})
	f.mu.Unlock()
	if !slices.Contains(f.versions, version) {
		http.Error(w, "<html>no such page</html>", http.StatusNotFound)
		return
	}
	f.mu.Lock()
	answer := f.answer
	f.mu.Unlock()
	if answer != nil && answer(w, r, method, body) {
		return
	}
	switch method {
	case "info":
		reply(w, map[string]any{"specs": map[string]string{"v1": "1.0.4.0", "v2": "2.0.0.2"}[version], "name": "Fake", "region": "JP",
			"lang": "en-US", "authType": []string{"oauth2code"}, "oauth2": f.URL, "methods": f.methods})
	case "credentials/list":
		f.list(w, body)
	case "credentials/info":
		f.info(w, version)
	case "credentials/authorize", "credentials/extendTransaction":
		f.authorize(w, version, method, body)
	case "credentials/sendOTP", "credentials/getChallenge":
		w.WriteHeader(http.StatusOK)
		_, _ = io.WriteString(w, "{}")
	case "signatures/signHash":
		f.signHash(w, version, body)
	default:
		refuse(w, http.StatusNotImplemented, "unsupported", "no such method")
	}
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func refuse(w http.ResponseWriter, code int, name, description string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": name, "error_description": description})
}

// list serves three credentials, one a page.
func (f *fake) list(w http.ResponseWriter, body map[string]any) {
	switch body["pageToken"] {
	case nil:
		reply(w, map[string]any{"credentialIDs": []string{"seal"}, "nextPageToken": "2"})
	case "2":
		reply(w, map[string]any{"credentialIDs": []string{"sign"}, "nextPageToken": "3"})
	default:
		reply(w, map[string]any{"credentialIDs": []string{"old"}})
	}
}

func (f *fake) info(w http.ResponseWriter, version string) {
	list := f.certificates
	if list == nil {
		for _, c := range f.id.Chain {
			list = append(list, c.Raw)
		}
	}
	encoded := []string{}
	for _, der := range list {
		encoded = append(encoded, base64.StdEncoding.EncodeToString(der))
	}
	bits := f.bits
	if bits == nil {
		switch k := f.id.Key.Public().(type) {
		case *rsa.PublicKey:
			bits = k.N.BitLen()
		case *ecdsa.PublicKey:
			bits = k.Curve.Params().BitSize
		}
	}
	answer := map[string]any{
		"description": "a seal", "key": map[string]any{"status": f.status, "algo": f.algorithms, "len": bits},
		"cert": map[string]any{"status": f.certStatus, "certificates": encoded}, "SCAL": f.scal, "multisign": f.multisign,
	}
	switch {
	case version == "v1":
		answer["authMode"] = f.mode
		if f.factors {
			answer["PIN"] = map[string]string{"presence": "true", "format": "A", "label": "PIN of the seal"}
			answer["OTP"] = map[string]string{"presence": "optional", "type": "online", "format": "N"}
		}
	default:
		answer["signatureQualifier"] = "eu_eidas_aes"
		auth := map[string]any{"mode": f.mode}
		if f.factors {
			auth["expression"] = "PIN AND OTP"
			auth["objects"] = []map[string]string{{"type": "Password", "id": "PIN", "format": "A", "label": "PIN of the seal"}, {"type": "ChallengeResponse", "id": "OTP", "format": "N"}}
		}
		if f.objects > 0 {
			auth["objects"] = make([]map[string]string, f.objects)
		}
		answer["auth"] = auth
	}
	reply(w, answer)
}

// secret returns what came as PIN or OTP.
func secret(version string, body map[string]any, id string) string {
	if version == "v1" {
		s, _ := body[id].(string)
		return s
	}
	list, _ := body["authData"].([]any)
	for _, e := range list {
		if m, ok := e.(map[string]any); ok && m["id"] == id {
			s, _ := m["value"].(string)
			return s
		}
	}
	return ""
}

func digests(version string, body map[string]any) []string {
	name := "hashes"
	if version == "v1" {
		name = "hash"
	}
	list, _ := body[name].([]any)
	out := make([]string, 0, len(list))
	for _, e := range list {
		s, _ := e.(string)
		out = append(out, s)
	}
	return out
}

func (f *fake) authorize(w http.ResponseWriter, version, method string, body map[string]any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := digests(version, body)
	g := grant{digests: list}
	if n, ok := body["numSignatures"].(float64); ok {
		g.signatures = int(n)
	}
	switch {
	case method == "credentials/extendTransaction":
		old, ok := f.sads[fmt.Sprint(body["SAD"])]
		if !ok {
			refuse(w, 400, "invalid_request", "Invalid parameter SAD")
			return
		}
		delete(f.sads, fmt.Sprint(body["SAD"]))
		g.signatures = old.signatures
	case f.factors && secret(version, body, "PIN") != rightPIN:
		refuse(w, 400, "invalid_request", "The PIN "+secret(version, body, "PIN")+" is invalid")
		return
	case f.factors && secret(version, body, "OTP") != rightOTP:
		refuse(w, 400, "invalid_otp", "The OTP "+secret(version, body, "OTP")+" is invalid")
		return
	}
	if version == "v2" && len(list) > 0 && body["hashAlgorithmOID"] == nil {
		refuse(w, 400, "invalid_request", "Missing string parameter hashAlgorithmOID")
		return
	}
	if f.scal == "2" && len(list) == 0 {
		refuse(w, 400, "invalid_request", "Missing array parameter hash")
		return
	}
	if f.scal == "1" && len(list) > 0 && len(list) != g.signatures {
		refuse(w, 400, "invalid_request", "Not as many hashes as signatures")
		return
	}
	f.serial++
	sad := fmt.Sprintf("sad-%d-16180339887", f.serial)
	f.sads[sad] = g
	answer := map[string]any{"SAD": sad}
	if f.expiresIn != nil {
		answer["expiresIn"] = f.expiresIn
	}
	reply(w, answer)
}

func (f *fake) signHash(w http.ResponseWriter, version string, body map[string]any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	sad := fmt.Sprint(body["SAD"])
	g, ok := f.sads[sad]
	list := digests(version, body)
	switch {
	case !ok && sad != "token":
		refuse(w, 400, "invalid_request", "Invalid parameter SAD "+sad)
		return
	case ok && len(list) > g.signatures:
		refuse(w, 400, "invalid_request", "Numbers of signatures is too high")
		return
	}
	for _, d := range list {
		if ok && len(g.digests) > 0 && !slices.Contains(g.digests, d) {
			refuse(w, 400, "invalid_request", "Hash is not authorized by the SAD")
			return
		}
	}
	g.signatures -= len(list)
	f.sads[sad] = g
	if g.signatures <= 0 {
		delete(f.sads, sad)
	}
	var in, out [][]byte
	for _, d := range list {
		digest, err := base64.StdEncoding.DecodeString(d)
		if err != nil {
			refuse(w, 400, "invalid_request", "Invalid Base64 hash")
			return
		}
		signature, err := f.id.Key.Sign(rand.Reader, digest, options(len(digest), fmt.Sprint(body["signAlgo"])))
		if err != nil {
			refuse(w, 500, "server_error", err.Error())
			return
		}
		in, out = append(in, digest), append(out, signature)
	}
	if f.sign != nil {
		out = f.sign(in, out)
	}
	encoded := []string{}
	for _, s := range out {
		encoded = append(encoded, base64.StdEncoding.EncodeToString(s))
	}
	reply(w, map[string]any{"signatures": encoded})
}

// options returns what the fixed keys need to know.
func options(size int, algorithm string) crypto.SignerOpts {
	h := map[int]crypto.Hash{32: crypto.SHA256, 48: crypto.SHA384, 64: crypto.SHA512}[size]
	if algorithm == "1.2.840.113549.1.1.10" {
		return &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: h}
	}
	return h
}

// grantOf is an authorization for one digest.
func grantOf(digest []byte) grant {
	return grant{digests: []string{base64.StdEncoding.EncodeToString(digest)}, signatures: 1}
}
