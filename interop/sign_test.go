package interop_test

import (
	"bytes"
	"context"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/internal/vectors"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
	"github.com/stretchr/testify/require"
)

// TestPeersAcceptSoundVectors shows every vector of the project that must pass
// to all judges.
func TestPeersAcceptSoundVectors(t *testing.T) {
	root := filepath.Join("..", "testdata", "root.pem")
	var files []string
	for _, v := range vectors.All() {
		if v.Expect.Indication == verify.TotalPassed && len(v.Passwords) == 0 && v.Conditions == nil { // those: TestPeersAcceptEncryptedVectors, TestAgreement
			files = append(files, filepath.Join("..", "testdata", v.File))
		}
	}
	require.NotEmpty(t, files)
	reports := map[string]hankoReport{}
	for _, r := range pyhanko(t, root, files...) {
		reports[r.File] = r
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			qpdfCheck(t, file)
			ours, err := verify.File(context.Background(), file, &verify.Options{Trust: pool(t), At: testpki.Now()})
			require.NoError(t, err)
			theirs := pdfsig(t, file)
			require.Len(t, theirs, len(ours.Signatures))
			for i, s := range theirs {
				if popplerRefuses[filepath.Base(file)] != "" {
					require.NotEqual(t, "Signature is Valid.", s.validation, "take it off the list")
					continue
				}
				if o := ours.Signatures[i]; o.Algorithm == "Ed25519" || strings.HasPrefix(o.Digest, "SHA3-") {
					continue // NSS, which poppler signs with, knows neither in CMS
				}
				require.Equal(t, "Signature is Valid.", s.validation, "%v", s.text)
			}
			if hankoRefuses[filepath.Base(file)] != "" {
				refused := reports[file].Error != "" || !reports[file].Signatures[0].BottomLine
				require.True(t, refused, "take it off the list")
				return
			}
			require.Empty(t, reports[file].Error)
			require.Len(t, reports[file].Signatures, len(ours.Signatures))
			for i, s := range reports[file].Signatures {
				require.True(t, s.BottomLine, "%+v", s)
				require.Equal(t, ours.Signatures[i].Field, s.Field)
			}
		})
	}
}

// popplerRefuses and hankoRefuses say of each sound vector that the judge does
// not accept why that is not our fault.
var popplerRefuses = map[string]string{
	"cms-subject-key-id.pdf": "NSS does not find a signer that is named by key identifier",
}

var hankoRefuses = map[string]string{
	"algorithm-rsa-sha3-256.pdf": "pyHanko does not know the identifiers of RFC 9688, 3.1",
	"algorithm-rsa-sha3-384.pdf": "pyHanko does not know the identifiers of RFC 9688, 3.1",
	"algorithm-rsa-sha3-512.pdf": "pyHanko does not know the identifiers of RFC 9688, 3.1",
	"layout-header-moved.pdf":    "pyHanko reads no file whose header is not at byte 0",
}

func pool(t *testing.T) (p *certificate.Pool) {
	t.Helper()
	maker, err := vectors.NewMaker()
	require.NoError(t, err)
	return maker.PKI.Pool()
}

// TestNames holds names with awkward bytes against qpdf, poppler and pyHanko.
func TestNames(t *testing.T) {
	names := []string{"山田太郎", "小林一郎", "鈴木一郎", "岡島", "𠮷田", "髙﨑"}
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	root := write(t, "root.pem", pki.Root.PEM())
	for _, form := range testpdf.Forms {
		t.Run(form.String(), func(t *testing.T) {
			data := testpdf.Contract(1, form).Bytes()
			for _, name := range names { // every name also stands in a second and later signature
				id, err := pki.Issue(&testpki.Request{Subject: testpki.Person(name), Issuer: pki.Root})
				require.NoError(t, err)
				data = sign(t, data, id, cms.Algorithm{}, &pades.SignOptions{Name: name, Reason: name + "が承認", Location: name + "町"})
			}
			file := write(t, "names.pdf", data)
			report, err := verify.File(context.Background(), file, &verify.Options{Trust: pki.Pool()})
			require.NoError(t, err)
			poppler, certificates, hanko := popplerNames(t, file), pdfsig(t, file), pyhanko(t, root, file)[0]
			require.Empty(t, hanko.Error)
			qpdf := qpdfSignatures(t, file)
			require.Len(t, report.Signatures, len(names))
			for i, name := range names {
				require.Equal(t, name, report.Signatures[i].Name)
				require.Equal(t, name+"が承認", report.Signatures[i].Reason)
				require.Equal(t, name+"町", report.Signatures[i].Location)
				require.Contains(t, report.Signatures[i].Signer.Subject, name)

				require.Equal(t, [3]string{name, name + "が承認", name + "町"}, poppler[i])
				require.Equal(t, name, certificates[i].text["Signer Certificate Common Name"])

				require.Equal(t, name, hanko.Signatures[i].Name)
				require.Equal(t, name+"が承認", hanko.Signatures[i].Reason)
				require.Equal(t, name+"町", hanko.Signatures[i].Location)
				require.Equal(t, name, hanko.Signatures[i].Subject)

				require.Contains(t, qpdf, [3]string{name, name + "が承認", name + "町"})
			}
		})
	}
}

// TestFilledFormSignedThreeTimes: three parties sign a form in each
// cross-reference form, and the form keeps its fields.
func TestFilledFormSignedThreeTimes(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	root := write(t, "root.pem", pki.Root.PEM())
	for _, form := range testpdf.Forms {
		t.Run(form.String(), func(t *testing.T) {
			data := testpdf.Contract(3, form).Bytes()
			for _, key := range []testpki.KeyType{testpki.RSA2048, testpki.P256, testpki.RSA4096} {
				id, err := pki.Issue(&testpki.Request{KeyType: key, Issuer: pki.Root})
				require.NoError(t, err)
				signed := sign(t, data, id, cms.Algorithm{}, nil)
				require.True(t, bytes.HasPrefix(signed, data), "bytes of the earlier file changed")
				data = signed
			}
			file := write(t, "form.pdf", data)
			qpdfCheck(t, file)
			for i, s := range pdfsig(t, file) {
				require.Equal(t, "Signature is Valid.", s.validation)
				require.Equal(t, i == 2, s.total)
			}
			hanko := pyhanko(t, root, file)[0]
			require.Empty(t, hanko.Error)
			require.Len(t, hanko.Signatures, 3)
			for _, s := range hanko.Signatures {
				require.True(t, s.BottomLine, "%+v", s)
			}
			out, err := exec.Command(peertest.Program(t, "qpdf"), "--json=2", "--json-key=acroform", file).Output()
			require.NoError(t, err)
			require.Contains(t, string(out), `"fullname": "party.name"`)
			require.Contains(t, string(out), `"value": "u:Higashikagura Town"`)
		})
	}
}

// TestLinearized signs a file that qpdf linearized, with tables and with streams.
func TestLinearized(t *testing.T) {
	maker, err := vectors.NewMaker()
	require.NoError(t, err)
	id, err := maker.Identity(testpki.RSA2048)
	require.NoError(t, err)
	root := write(t, "root.pem", maker.PKI.Root.PEM())
	for _, mode := range []string{"disable", "generate"} {
		t.Run(mode, func(t *testing.T) {
			in := write(t, "in.pdf", testpdf.Contract(4, testpdf.Table).Bytes())
			out := filepath.Join(t.TempDir(), "linear.pdf")
			text, err := exec.Command(peertest.Program(t, "qpdf"), "--linearize", "--object-streams="+mode, in, out).CombinedOutput()
			require.NoError(t, err, "%s", text)
			data, err := os.ReadFile(out)
			require.NoError(t, err)
			data = sign(t, sign(t, data, id, cms.Algorithm{}, nil), id, cms.Algorithm{}, nil)
			file := write(t, "signed.pdf", data)
			report, err := verify.File(context.Background(), file, &verify.Options{Trust: maker.PKI.Pool()})
			require.NoError(t, err)
			require.Equal(t, 3, report.Signatures[0].Revisions)
			for _, s := range pdfsig(t, file) {
				require.Equal(t, "Signature is Valid.", s.validation)
			}
			hanko := pyhanko(t, root, file)[0]
			require.Empty(t, hanko.Error)
			require.Len(t, hanko.Signatures, 2)
			for _, s := range hanko.Signatures {
				require.True(t, s.BottomLine, "%+v", s)
			}
		})
	}
}

// TestOpenSSLVerifiesOurs hands the signed bytes and the CMS object to openssl.
func TestOpenSSLVerifiesOurs(t *testing.T) {
	root := filepath.Join("..", "testdata", "root.pem")
	n := 0
	for _, v := range vectors.All() {
		if !strings.HasPrefix(v.File, "algorithm-") || strings.Contains(v.File, "ed25519") { // openssl 3.0 has no Ed25519 in CMS
			continue
		}
		n++
		t.Run(v.File, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("..", "testdata", v.File))
			require.NoError(t, err)
			content, object := parts(t, data)
			out, err := exec.Command(peertest.Program(t, "openssl"), "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any",
				"-attime", strconv.FormatInt(testpki.Now().Unix(), 10),
				"-in", write(t, "cms.der", object), "-content", write(t, "content", content), "-CAfile", root, "-out", os.DevNull).CombinedOutput()
			require.NoError(t, err, "%s", out)
		})
	}
	require.NotZero(t, n)
}

// TestWeAcceptHanko judges what pyHanko signed, over and under our signatures.
func TestWeAcceptHanko(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	for _, form := range testpdf.Forms {
		for _, key := range []testpki.KeyType{testpki.RSA2048, testpki.P256, testpki.P384, testpki.P521, testpki.Ed25519} {
			for _, mode := range []struct{ subFilter, pss string }{{"pades", "0"}, {"adobe", "0"}, {"pades", "1"}} {
				if mode.pss == "1" && key != testpki.RSA2048 {
					continue
				}
				t.Run(fmt.Sprintf("%s %s %s %s", form, key, mode.subFilter, mode.pss), func(t *testing.T) {
					id, err := pki.Issue(&testpki.Request{KeyType: key, Issuer: pki.Root})
					require.NoError(t, err)
					keyPEM, err := id.KeyPEM()
					require.NoError(t, err)
					ours := sign(t, testpdf.Contract(1, form).Bytes(), id, cms.Algorithm{}, nil)
					out := filepath.Join(t.TempDir(), "out.pdf")
					text, err := exec.Command(python(t), "judges/pyhanko_sign.py", write(t, "key.pem", keyPEM), write(t, "cert.pem", id.PEM()),
						write(t, "in.pdf", ours), out, "Theirs", mode.subFilter, mode.pss).CombinedOutput()
					require.NoError(t, err, "%s", text)
					data, err := os.ReadFile(out)
					require.NoError(t, err)
					file := write(t, "final.pdf", sign(t, data, id, cms.Algorithm{}, nil))
					report, err := verify.File(context.Background(), file, &verify.Options{Trust: pki.Pool()})
					require.NoError(t, err)
					require.Len(t, report.Signatures, 3)
					require.Equal(t, "Theirs", report.Signatures[1].Field)
					require.Equal(t, "山田太郎が承認", report.Signatures[1].Reason)
				})
			}
		}
	}
}

func sign(t *testing.T, data []byte, id *testpki.Identity, a cms.Algorithm, o *pades.SignOptions) []byte {
	t.Helper()
	doc, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	defer doc.Close()
	require.NoError(t, doc.Sign(context.Background(), &pades.Signer{Key: id.Key, Chain: id.Chain, Algorithm: a}, o))
	var out bytes.Buffer
	_, err = doc.WriteTo(&out)
	require.NoError(t, err)
	return out.Bytes()
}

// parts returns the bytes that the only signature of a file covers, and its CMS
// object without the padding.
func parts(t *testing.T, data []byte) (content, object []byte) {
	t.Helper()
	report, err := verify.Reader(context.Background(), bytes.NewReader(data), int64(len(data)), &verify.Options{Trust: pool(t), At: time.Time{}})
	require.NoError(t, err)
	require.Len(t, report.Signatures, 1)
	r := report.Signatures[0].ByteRange
	padded, err := hex.DecodeString(string(data[r[1]+1 : r[2]-1]))
	require.NoError(t, err)
	var first asn1.RawValue
	_, err = asn1.Unmarshal(padded, &first)
	require.NoError(t, err)
	return append(bytes.Clone(data[:r[1]]), data[r[2]:]...), first.FullBytes
}
