package main

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"image"
	"image/png"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/font/gofont/goregular"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
)

// fixtures returns the files that every script finds in its folder.
func fixtures(t *testing.T) map[string][]byte {
	t.Helper()
	contract := testpdf.Contract(1, testpdf.Table)
	files := map[string][]byte{
		"contract.pdf":  contract.Bytes(),
		"stream.pdf":    testpdf.Contract(1, testpdf.Stream).Bytes(),
		"hybrid.pdf":    testpdf.Contract(1, testpdf.Hybrid).Bytes(),
		"field.pdf":     withEmptyField().Bytes(),
		"certified.pdf": certified().Bytes(),
		"encrypted.pdf": contract.Encrypted(testpdf.Encryption{Revision: 6, User: "reader", Owner: "owner", Permissions: -4}).Bytes(),
		"forbidden.pdf": contract.Encrypted(testpdf.Encryption{Revision: 4, Owner: "owner", Permissions: -4 &^ 32}).Bytes(),
		"constant.pdf":  contract.Encrypted(testpdf.Encryption{Revision: 4, Owner: "owner", Permissions: -4 &^ 8}).Bytes(),
		"recipient.pdf": forRecipients().Bytes(),
		"freed.pdf":     testpdf.File{Objects: []testpdf.Object{{Number: 5, Generation: 1, Free: true}}, Trailer: contract.Trailer}.Append(contract.Bytes()),
		"truncated.pdf": contract.Bytes()[:len(contract.Bytes())/2],
		"empty.pdf":     {},
		"latin.ttf":     goregular.TTF,
		"picture.png":   picture(t),
	}
	addKeys(t, files)
	return files
}

// picture is a small PNG.
func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 4, 3))))
	return b.Bytes()
}

// addKeys adds a signer below the root (chain.pem), the same key below an
// intermediate authority (deep.pem whole, leaf.pem alone), an expired
// certificate for it, and somebody else's key.
func addKeys(t *testing.T, files map[string][]byte) {
	t.Helper()
	now := time.Now()
	pki, err := testpki.New(&testpki.Options{Now: now})
	require.NoError(t, err)
	issue := func(r testpki.Request) *testpki.Identity {
		id, err := pki.Issue(&r)
		require.NoError(t, err)
		return id
	}
	signer := issue(testpki.Request{Issuer: pki.Root})
	deep := issue(testpki.Request{Key: signer.Key})
	expired := issue(testpki.Request{Key: signer.Key, Issuer: pki.Root, NotBefore: now.AddDate(-2, 0, 0), NotAfter: now.AddDate(-1, 0, 0)})
	other, err := testpki.FixedKeys(testpki.OtherRole, testpki.RSA2048)
	require.NoError(t, err)
	files["roots.pem"] = pki.Root.PEM()
	files["chain.pem"] = signer.PEM()
	files["deep.pem"] = deep.PEM()
	files["leaf.pem"] = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: deep.Certificate.Raw})
	files["expired.pem"] = expired.PEM()
	files["key.pem"] = keyPEM(t, signer.Key)
	files["other-key.pem"] = keyPEM(t, other)
	addLockedKeys(t, files, signer)
}

func keyPEM(t *testing.T, key crypto.Signer) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// withField returns a contract whose form has one more field, of that object.
func withField(field string, more ...testpdf.Object) testpdf.File {
	f := testpdf.Contract(1, testpdf.Table)
	for i := range f.Objects {
		if f.Objects[i].Number == 3 {
			f.Objects[i].Body = "<</Fields[4 0 R 20 0 R]/DR<</Font<</Helv 7 0 R>>>>/DA(/Helv 0 Tf 0 g)>>"
		}
	}
	f.Objects = append(f.Objects, testpdf.Object{Number: 20, Body: field})
	f.Objects = append(f.Objects, more...)
	return f
}

func withEmptyField() testpdf.File {
	return withField("<</T(approval)/Kids[21 0 R]>>",
		testpdf.Object{Number: 21, Body: "<</Type/Annot/Subtype/Widget/FT/Sig/T(manager)/Parent 20 0 R/Rect[0 0 0 0]/F 132/P 10 0 R>>"})
}

// certified returns a file whose author allows no change at all (DocMDP, P 1).
func certified() testpdf.File {
	f := withField("<</Type/Annot/Subtype/Widget/FT/Sig/T(author)/Rect[0 0 0 0]/F 132/P 10 0 R/V 21 0 R>>",
		testpdf.Object{Number: 21, Body: "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0 10 20 10]/Contents<3000>" +
			"/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]>>"})
	f.Objects[0].Body = "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/Perms<</DocMDP 21 0 R>>>>"
	return f
}

// forRecipients returns a file that claims to be encrypted for certificates.
func forRecipients() testpdf.File {
	f := testpdf.Contract(1, testpdf.Table)
	f.Trailer += "/Encrypt<</Filter/Adobe.PubSec/SubFilter/adbe.pkcs7.s5/V 4/R 4>>"
	return f
}

// reachable gives a certificate below the root of s the addresses at which
// programs find its services, in place of names that only resolvers of tests know.
func reachable(s *testpki.Server) func(*testpki.Template) {
	return func(c *testpki.Template) {
		c.Extensions = append(c.Extensions[:len(c.Extensions)-2],
			testpki.AuthorityInfoAccess([]string{s.RootURL(testpki.OCSPService)}, []string{s.RootURL(testpki.IssuerService)}),
			testpki.CRLDistributionPoints(&testpki.Point{URL: s.RootURL(testpki.CRLService)}))
	}
}
