package contract_test

import (
	"context"
	"encoding/asn1"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"crypto/x509/pkix"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
)

func run(t testing.TB, program string, args ...string) string {
	out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
	require.NoError(t, err, string(out))
	return string(out)
}

func written(t testing.TB, data []byte) string {
	name := filepath.Join(t.TempDir(), "document.pdf")
	require.NoError(t, os.WriteFile(name, data, 0o600))
	return name
}

// peerNames has qpdf and poppler read the names in signature dictionaries.
func peerNames(t *testing.T, document []byte, names []string) {
	t.Run("qpdf", func(t *testing.T) {
		text := run(t, peertest.Program(t, "qpdf"), "--json=2", "--json-key=qpdf", written(t, document))
		for _, n := range names {
			require.Contains(t, text, `"/Name": "u:`+n+`"`)
		}
	})
	t.Run("pdfsig", func(t *testing.T) {
		text := run(t, peertest.Program(t, "pdfsig"), "-nocert", written(t, document))
		require.Equal(t, len(names), strings.Count(text, "Signature Validation: Signature is Valid."), text)
	})
}

// extractIDs has poppler extract the text of every page and returns what looks like id.
func extractIDs(t testing.TB, document []byte, id string) []string {
	var out []string
	name := written(t, document)
	pages := strings.Count(run(t, peertest.Program(t, "pdftotext"), name, "-"), "\f")
	for page := range pages {
		n := strconv.Itoa(page + 1)
		text := run(t, peertest.Program(t, "pdftotext"), "-f", n, "-l", n, name, "-")
		if strings.Contains(text, id) {
			out = append(out, id)
		}
	}
	return out
}

// attributed hands out tokens that hold a time attribute certificate.
type attributed struct {
	t testing.TB
	tsa.Timestamper
}

func (a attributed) Timestamp(ctx context.Context, r *tsa.Request) (*tsa.Response, error) {
	response, err := a.Timestamper.Timestamp(ctx, r)
	require.NoError(a.t, err)
	raw, err := testpki.WithAttributeCertificate(response.Token.Raw)
	require.NoError(a.t, err)
	response.Token, _, err = tsa.ParseToken(raw)
	return response, err
}

// faulty is a time-stamping authority that misbehaves.
func faulty(t testing.TB, fault testpki.Fault) tsa.Timestamper {
	s, err := testpki.NewServer(nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	s.Break(testpki.TSAService, fault)
	return &tsa.Client{URL: s.URL(testpki.TSAService), Now: s.PKI.Now, Policy: asn1.ObjectIdentifier{1, 2, 3, 4, 1}}
}

// citizen is a signer with a certificate like that of an Individual Number Card: the
// name is a number, the person stands in the subjectAltName.
func citizen(t testing.TB) (*pades.Signer, *certificate.Pool) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	var names cryptobyte.Builder
	names.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for i, text := range []string{"山田太郎", "1", "3520101", "北海道上川郡東神楽町南1条西1丁目"} {
			b.AddASN1(cbasn1.Tag(0).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 2, 392, 200149, 8, 5, 5, i + 1})
				b.AddASN1(cbasn1.Tag(0).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) {
					b.AddASN1(cbasn1.UTF8String, func(b *cryptobyte.Builder) { b.AddBytes([]byte(text)) })
				})
			})
		}
	})
	id, err := pki.Issue(&testpki.Request{Subject: testpki.Person("202611220101000000"), Change: func(c *testpki.Template) {
		kept := c.Extensions[:0]
		for _, e := range c.Extensions {
			if e.Id.String() != "2.5.29.56" { // not noRevAvail (RFC 9608)
				kept = append(kept, e)
			}
		}
		c.Extensions = append(kept, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Value: names.BytesOrPanic()})
	}})
	require.NoError(t, err)
	return &pades.Signer{Key: id.Key, Chain: id.Chain}, pki.Pool()
}
