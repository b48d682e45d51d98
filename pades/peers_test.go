package pades_test

import (
	"bytes"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

// run returns what a program prints. Validators that distrust the test root
// exit with an error, which is no concern of ours.
func run(name string, args ...string) (string, error) {
	out, err := exec.Command(name, args...).CombinedOutput()
	return string(out), err
}

// signedThrice writes a filled form with three signatures, one by each kind of key.
func signedThrice(t *testing.T, form testpdf.Form) (name string) {
	t.Helper()
	d := document(t, testpdf.Contract(3, form).Bytes())
	for i, kind := range []testpki.KeyType{testpki.RSA2048, testpki.P256, testpki.RSA3072} {
		who := testpki.JapaneseNames()[3:][i]
		o := &pades.SignOptions{Name: who, Reason: "承認 " + who, Location: "Higashikagura (東神楽)"}
		require.NoError(t, d.Sign(t.Context(), signer(t, &testpki.Request{KeyType: kind, Subject: testpki.Person(who)}), o))
	}
	name = filepath.Join(t.TempDir(), form.String()+".pdf")
	require.NoError(t, d.WriteFile(name))
	return name
}

func TestQPDF(t *testing.T) {
	qpdf := peertest.Program(t, "qpdf")
	for _, form := range testpdf.Forms {
		t.Run(form.String(), func(t *testing.T) {
			name := signedThrice(t, form)
			out, err := run(qpdf, "--check", name)
			require.NoError(t, err, "%s", out)
			out, err = run(qpdf, "--json", "--json-key=qpdf", name)
			require.NoError(t, err)
			for _, who := range testpki.JapaneseNames()[3:] {
				require.Contains(t, out, `"/Reason": "u:承認 `+who+`"`)
				require.Contains(t, out, `"/Name": "u:`+who+`"`)
			}
			require.Contains(t, out, `"/V": "u:Higashikagura Town"`)
		})
	}
}

func TestPdfsig(t *testing.T) {
	pdfsig := peertest.Program(t, "pdfsig")
	for _, form := range testpdf.Forms {
		t.Run(form.String(), func(t *testing.T) {
			out, err := run(pdfsig, "-nocert", "-no-ocsp", signedThrice(t, form))
			require.NoError(t, err, "%s", out)
			require.Equal(t, 3, strings.Count(out, "Signature is Valid."), out)
			require.Equal(t, 1, strings.Count(out, "- Total document signed"), out)
			require.Equal(t, 3, strings.Count(out, "ETSI.CAdES.detached"), out)
			for _, who := range testpki.JapaneseNames()[3:] {
				require.Contains(t, out, who)
			}
		})
	}
}

func TestPyHanko(t *testing.T) {
	pyhanko := peertest.Program(t, "pyhanko")
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	root := filepath.Join(t.TempDir(), "root.pem")
	write(t, root, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pki.Root.Certificate.Raw}))
	for _, form := range testpdf.Forms {
		t.Run(form.String(), func(t *testing.T) {
			args := []string{"sign", "validate", "--trust", root, "--trust-replace", "--no-revocation-check",
				"--executive-summary", "--validation-time", "2026-04-02T00:00:00+00:00"}
			if form == testpdf.Hybrid {
				args = append(args, "--no-strict-syntax") // or it reads no hybrid file
			}
			out, _ := run(pyhanko, append(args, signedThrice(t, form))...)
			require.Equal(t, 3, strings.Count(out, ":VALID"), out)
			require.Zero(t, strings.Count(out, "INVALID"), out)
		})
	}
}

// TestOpenSSL takes the CMS object out and verifies it over the signed bytes.
func TestOpenSSL(t *testing.T) {
	openssl := peertest.Program(t, "openssl")
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	for _, kind := range []testpki.KeyType{testpki.RSA2048, testpki.P384} {
		t.Run(kind.String(), func(t *testing.T) {
			d := document(t, testpdf.Contract(1, testpdf.Table).Bytes())
			require.NoError(t, d.Sign(t.Context(), signer(t, &testpki.Request{KeyType: kind}), nil))
			data := content(t, d)
			s := signatures(t, data)[0].Signature
			dir := t.TempDir()
			write(t, filepath.Join(dir, "cms"), s.Contents.Value)
			write(t, filepath.Join(dir, "content"), bytes.Join([][]byte{data[:s.Contents.Start], data[s.Contents.End:]}, nil))
			write(t, filepath.Join(dir, "root.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pki.Root.Certificate.Raw}))
			out, err := run(openssl, "cms", "-verify", "-binary", "-inform", "DER", "-in", filepath.Join(dir, "cms"),
				"-content", filepath.Join(dir, "content"), "-CAfile", filepath.Join(dir, "root.pem"), "-out", os.DevNull,
				"-purpose", "any", "-attime", "1775100000", "-cades")
			require.NoError(t, err, "%s", out)
		})
	}
}
