package main

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/keyfile"
	"github.com/inkan-go/inkan/tsa"
)

// town is a folder with a signer, and the services that its certificates name, all on
// the loopback interface.
type town struct {
	t      *testing.T
	dir    string
	server *testpki.Server
	stamps *httptest.Server
	user   string // that the time-stamping authority wants, with the password "stamp"
}

func newTown(t *testing.T) *town {
	t.Helper()
	server, err := testpki.NewServer(&testpki.Options{Now: time.Now()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	w := &town{t: t, dir: t.TempDir(), server: server}
	stamper := w.issue(testpki.TimeStamperProfile)
	responder := &tsa.Responder{
		Key: stamper.Key, Certificate: stamper.Certificate, Chain: stamper.Chain, Policies: []asn1.ObjectIdentifier{{1, 2, 3, 4, 1}},
	}
	w.stamps = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != w.user || w.user != "" && password != "stamp" {
			rw.WriteHeader(http.StatusUnauthorized)
			return
		}
		responder.ServeHTTP(rw, r)
	}))
	t.Cleanup(w.stamps.Close)
	signer := w.issue(testpki.SignerProfile)
	key, err := signer.KeyPEM()
	require.NoError(t, err)
	w.write("key.pem", key)
	w.write("chain.pem", signer.PEM())
	w.write("roots.pem", server.PKI.Root.PEM())
	w.write("contract.pdf", testpdf.Contract(1, testpdf.Table).Bytes())
	return w
}

// issue makes a certificate below the root with addresses that programs can reach.
func (w *town) issue(p testpki.Profile) *testpki.Identity {
	w.t.Helper()
	id, err := w.server.Issue(&testpki.Request{Profile: p, Issuer: w.server.PKI.Root, Change: reachable(w.server)})
	require.NoError(w.t, err)
	return id
}

func (w *town) path(name string) string { return filepath.Join(w.dir, name) }

func (w *town) write(name string, data []byte) {
	w.t.Helper()
	require.NoError(w.t, os.WriteFile(w.path(name), data, 0o600))
}

// run runs the command; arguments that name a file of the folder mean that one.
func (w *town) run(want int, args ...string) string {
	w.t.Helper()
	for i, a := range args {
		switch filepath.Ext(a) {
		case ".pdf", ".pem", ".txt":
			if !filepath.IsAbs(a) {
				args[i] = w.path(a)
			}
		}
	}
	var out, problems bytes.Buffer
	status := run(w.t.Context(), args, console{&out, &problems})
	require.Equal(w.t, want, status, "%v\n%s%s", args, out.String(), problems.String())
	return out.String() + problems.String()
}

func (w *town) sign(want int, out string, flags ...string) string {
	w.t.Helper()
	return w.run(want, append([]string{"sign", "--key", "key.pem", "--cert", "chain.pem", "contract.pdf", out}, flags...)...)
}

// verify judges offline and returns the report.
func (w *town) verify(want int, file string) string {
	w.t.Helper()
	return w.run(want, "verify", "--trust", "roots.pem", "--format", "json", file)
}

func TestSignLevels(t *testing.T) {
	w := newTown(t)
	w.sign(statusDone, "t.pdf", "--tsa", w.stamps.URL)
	require.Contains(t, w.verify(statusFailed, "t.pdf"), `"level":"PAdES-B-T"`)
	for level, name := range map[string]string{"B-LT": "lt.pdf", "B-LTA": "lta.pdf"} {
		w.sign(statusDone, name, "--tsa", w.stamps.URL, "--level", level, "--allow-private", "--trust", "roots.pem")
		require.Contains(t, w.verify(statusDone, name), `"level":"PAdES-`+level+`"`)
	}
	// Without anchors a path ends at the root that is fetched.
	w.sign(statusDone, "untold.pdf", "--tsa", w.stamps.URL, "--level", "B-LTA", "--allow-private")
	w.verify(statusDone, "untold.pdf")

	// Validation data from loopback addresses are not fetched unless that is allowed.
	text := w.sign(statusFailed, "none.pdf", "--tsa", w.stamps.URL, "--level", "B-LT", "--trust", "roots.pem")
	require.Contains(t, text, "no revocation data")
	require.NoFileExists(t, w.path("none.pdf"))
	for want, flags := range map[string][]string{
		"needs a time-stamping authority": {"--level", "B-LTA"},
		"has no time stamp":               {"--level", "B-B", "--tsa", w.stamps.URL},
		"apply to the levels":             {"--tsa", w.stamps.URL, "--trust", "roots.pem"},
		"need --tsa":                      {"--tsa-user", "me"},
		"not the URL of a server":         {"--tsa", "tsa.example"},
		"go together":                     {"--tsa", w.stamps.URL, "--tsa-cert", "chain.pem"},
		"needs --tsa-user":                {"--tsa", w.stamps.URL, "--tsa-password-file", "password.txt"},
		"B-LTA":                           {"--level", "B-X"},
	} {
		require.Contains(t, w.sign(statusUsage, "none.pdf", flags...), want)
		require.NoFileExists(t, w.path("none.pdf"))
	}
}

func TestSignWithPassword(t *testing.T) {
	w := newTown(t)
	w.user = "inkan"
	require.Contains(t, w.sign(statusFailed, "none.pdf", "--tsa", w.stamps.URL), "401")
	w.write("password.txt", []byte("stamp\n"))
	w.sign(statusDone, "one.pdf", "--tsa", w.stamps.URL, "--tsa-user", "inkan", "--tsa-password-file", "password.txt")
	t.Setenv(tsaPasswordVariable, "stamp")
	w.sign(statusDone, "two.pdf", "--tsa", w.stamps.URL, "--tsa-user", "inkan")
	t.Setenv(tsaPasswordVariable, "wrong")
	text := w.sign(statusFailed, "none.pdf", "--tsa", w.stamps.URL, "--tsa-user", "inkan")
	require.NotContains(t, text, "wrong")
	require.NoFileExists(t, w.path("none.pdf"))
}

// The second authority is asked where the first is down, and that is told.
func TestSignFailOver(t *testing.T) {
	w := newTown(t)
	text := w.sign(statusDone, "t.pdf", "--tsa", "http://127.0.0.1:1/", "--tsa", w.stamps.URL)
	require.Contains(t, text, "warning")
	require.Contains(t, text, "127.0.0.1:1")
}

func TestExtendCommand(t *testing.T) {
	w := newTown(t)
	w.sign(statusDone, "b.pdf")
	services := []string{"--tsa", w.stamps.URL, "--allow-private", "--trust", "roots.pem"}
	w.run(statusDone, append([]string{"extend", "b.pdf", "lta.pdf"}, services...)...)
	require.Contains(t, w.verify(statusDone, "lta.pdf"), `"level":"PAdES-B-LTA"`)
	require.Equal(t, 3, strings.Count(w.verify(statusDone, "lta.pdf"), `"sub_filter"`))

	// In place, and renewed.
	w.run(statusDone, append([]string{"extend", "--in-place", "lta.pdf"}, services...)...)
	require.Equal(t, 4, strings.Count(w.verify(statusDone, "lta.pdf"), `"sub_filter"`))

	w.run(statusDone, "extend", "--level", "B-T", "--tsa", w.stamps.URL, "b.pdf", "t.pdf")
	w.run(statusDone, "extend", "--level", "B-LT", "--allow-private", "t.pdf", "lt.pdf")
	require.Contains(t, w.verify(statusDone, "lt.pdf"), `"level":"PAdES-B-LT"`)

	require.Contains(t, w.run(statusUsage, "extend", "--level", "B-LT", "b.pdf", "none.pdf"), "--tsa URL")
	require.Contains(t, w.run(statusUsage, "extend", "b.pdf", "none.pdf"), "--tsa URL")
	require.Contains(t, w.run(statusUsage, "extend", "--level", "B-T", "--tsa", w.stamps.URL, "--accept-gaps", "x", "b.pdf", "none.pdf"), "accept-gaps")
	require.Contains(t, w.run(statusFailed, append([]string{"extend", "contract.pdf", "none.pdf"}, services...)...), "neither a signature")

	// What cannot be had stops the work, unless the field is named.
	w.server.Break(testpki.OCSPService, testpki.Unavailable)
	w.server.Break(testpki.CRLService, testpki.NotFound)
	text := w.run(statusFailed, append([]string{"extend", "t.pdf", "none.pdf"}, services...)...)
	require.Contains(t, text, "HTTP status 404")
	require.Contains(t, text, "--accept-gaps FIELD")
	require.NoFileExists(t, w.path("none.pdf"))
	text = w.run(statusDone, append([]string{"extend", "t.pdf", "gap.pdf", "--accept-gaps", "Signature1", "--accept-gaps", "Timestamp1"}, services...)...)
	require.Contains(t, text, "warning")
	w.verify(statusFailed, "gap.pdf")
}

func TestTimestampCommand(t *testing.T) {
	w := newTown(t)
	w.run(statusDone, "timestamp", "--tsa", w.stamps.URL, "contract.pdf", "stamped.pdf")
	require.Contains(t, w.verify(statusFailed, "stamped.pdf"), `"level":"TIMESTAMP"`)
	require.Contains(t, w.run(statusUsage, "timestamp", "contract.pdf", "none.pdf"), "--tsa URL")
	w.stamps.Close()
	require.Contains(t, w.run(statusFailed, "timestamp", "--tsa", w.stamps.URL, "contract.pdf", "none.pdf"), "no time stamp")
	require.NoFileExists(t, w.path("none.pdf"))
}

// The certificate that --tsa-cert names is shown to the authority.
func TestClientCertificate(t *testing.T) {
	w := newTown(t)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		_, _ = rw.Write([]byte(r.TLS.PeerCertificates[0].SerialNumber.String()))
	}))
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	server.StartTLS()
	defer server.Close()
	flags := &stampFlags{TSACert: w.path("chain.pem"), TSAKey: w.path("key.pem")}
	client, err := flags.client()
	require.NoError(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	client.Transport.(*http.Transport).TLSClientConfig.RootCAs = roots
	answer, err := client.Get(server.URL)
	require.NoError(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	list, err := readCertificates(w.path("chain.pem"))
	require.NoError(t, err)
	require.Equal(t, list[0].SerialNumber.String(), string(body))

	for _, bad := range []*stampFlags{
		{TSACert: w.path("chain.pem"), TSAKey: w.path("none.pem")}, {TSACert: w.path("none.pem"), TSAKey: w.path("key.pem")},
		{TSACert: w.path("key.pem"), TSAKey: w.path("key.pem")},
	} {
		_, err := bad.client()
		var f *failure
		require.ErrorAs(t, err, &f)
		require.Equal(t, statusUsage, f.status)
	}
}

// TestTwoStepsToBLTA: the second step gets the level and the services again, and no time
// stamp is bought for what is not right.
func TestTwoStepsToBLTA(t *testing.T) {
	w := newTown(t)
	level := []string{"--level", "B-LTA", "--tsa", w.stamps.URL, "--allow-private", "--trust", "roots.pem"}
	w.run(statusDone, append([]string{"sign", "--prepare", w.path("state"), "--to-sign", w.path("digest.txt"), "--cert", "chain.pem", "contract.pdf"}, level...)...)
	require.Zero(t, w.server.Stamps())
	digest, err := os.ReadFile(w.path("digest.txt"))
	require.NoError(t, err)
	data, err := os.ReadFile(w.path("key.pem"))
	require.NoError(t, err)
	key, err := keyfile.ParseKey(data)
	require.NoError(t, err)
	value, err := key.Sign(rand.Reader, digest, crypto.SHA256)
	require.NoError(t, err)
	for name, form := range map[string][]byte{
		"raw":    value,
		"base64": []byte(base64.StdEncoding.EncodeToString(value) + "\r\n"),
		"PEM":    pem.EncodeToMemory(&pem.Block{Type: "SIGNATURE", Bytes: value}),
	} {
		w.write("signature.txt", form)
		out := name + ".pdf"
		complete := []string{"sign", "--complete", w.path("state"), "--signature", "signature.txt", "contract.pdf", out}
		w.run(statusDone, append(complete, level...)...)
		require.Contains(t, w.verify(statusDone, out), `"level":"PAdES-B-LTA"`)
	}
	value[7] ^= 1
	w.write("signature.txt", value)
	problem := w.run(statusFailed, append([]string{"sign", "--complete", w.path("state"), "--signature", "signature.txt", "contract.pdf", "out.pdf"}, level...)...)
	require.Contains(t, problem, "signature")
	require.NoFileExists(t, w.path("out.pdf"))
}

// TestWholeCMS: the service returns a CMS object; the certificate was not known before.
func TestWholeCMS(t *testing.T) {
	w := newTown(t)
	w.run(statusDone, "sign", "--prepare", w.path("state"), "--to-sign", w.path("digest.txt"), "contract.pdf")
	digest, err := os.ReadFile(w.path("digest.txt"))
	require.NoError(t, err)
	signer, err := (&signerFlags{Key: w.path("key.pem"), Cert: w.path("chain.pem")}).signer(t.Context(), console{io.Discard, io.Discard})
	require.NoError(t, err)
	algorithm, err := cms.AlgorithmForCertificate(signer.Chain[0])
	require.NoError(t, err)
	template := &cms.Template{Algorithm: algorithm, ContentDigest: digest, Certificate: signer.Chain[0], Chain: signer.Chain[1:]}
	der, err := template.Sign(t.Context(), nil, signer.Key)
	require.NoError(t, err)
	for name, form := range map[string][]byte{"der": der, "pem": pem.EncodeToMemory(&pem.Block{Type: "CMS", Bytes: der})} {
		w.write("signature.txt", form)
		w.run(statusDone, "sign", "--complete", w.path("state"), "--signature", "signature.txt", "contract.pdf", name+".pdf")
		require.Contains(t, w.verify(statusFailed, name+".pdf"), `"crypto":"valid"`) // nothing says whether it was revoked
	}
}
