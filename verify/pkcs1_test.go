package verify_test

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/verify"
)

const (
	rsaSHA1   = "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.x509.rsa_sha1"
	pkcs7SHA1 = "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.sha1"
)

var lastRange = regexp.MustCompile(`/ByteRange\[0 (\d+) (\d+) (\d+)\]`)

// refill puts another value into the last signature of a file, made from the signed bytes.
func refill(t testing.TB, file []byte, value func(signed []byte) []byte) []byte {
	all := lastRange.FindAllSubmatch(file, -1)
	require.NotEmpty(t, all)
	n := func(i int) int {
		v, err := strconv.Atoi(string(all[len(all)-1][i]))
		require.NoError(t, err)
		return v
	}
	from, to := n(1), n(2)
	text := hex.EncodeToString(value(append(bytes.Clone(file[:from]), file[to:]...)))
	out := bytes.Clone(file)
	copy(out[from+1:to-1], text+strings.Repeat("0", to-from-2-len(text)))
	return out
}

// bare makes a PKCS #1 signature in an OCTET STRING.
func (m *maker) bare(t testing.TB, h crypto.Hash) func(signed []byte) []byte {
	return func(signed []byte) []byte {
		w := h.New()
		w.Write(signed)
		signature, err := rsa.SignPKCS1v15(nil, m.signer.Key.(*rsa.PrivateKey), h, w.Sum(nil))
		require.NoError(t, err)
		der, err := asn1.Marshal(signature)
		require.NoError(t, err)
		return der
	}
}

func TestRSASHA1SubFilter(t *testing.T) {
	m := newMaker(t)
	own, root := m.signer.Certificate.Raw, m.pki.Root.Certificate.Raw
	nothing := func([]byte) []byte { return []byte{4, 0} }
	tests := []struct {
		name       string
		cert       string
		value      func([]byte) []byte
		crypto     verify.Crypto
		indication verify.Indication
		sub        verify.SubIndication
		code       string // of a finding
		digest     string
	}{
		{name: "SHA-256", cert: fmt.Sprintf("/Cert<%x>", own), value: m.bare(t, crypto.SHA256), crypto: verify.CryptoValid,
			indication: verify.TotalPassed, code: "cms.no-signed-attributes", digest: "SHA-256"},
		{name: "SHA-1", cert: fmt.Sprintf("/Cert[<%x><%x>]", own, root), value: m.bare(t, crypto.SHA1), crypto: verify.CryptoValid,
			indication: verify.Indeterminate, sub: verify.CryptoConstraintsFailureNoPOE, code: "cms.weak-algorithm", digest: "SHA-1"},
		{name: "a broken certificate behind", cert: fmt.Sprintf("/Cert[<%x>(x)]", own), value: m.bare(t, crypto.SHA512), crypto: verify.CryptoValid,
			indication: verify.TotalPassed, code: "cms.no-signed-attributes", digest: "SHA-512"},
		{name: "a chain in one string", cert: fmt.Sprintf("/Cert<%x%x>", own, root), value: m.bare(t, crypto.SHA256), crypto: verify.CryptoValid,
			indication: verify.TotalPassed, code: "cms.no-signed-attributes", digest: "SHA-256"},
		{name: "zeros behind the certificate", cert: fmt.Sprintf("/Cert<%x0000>", own), value: m.bare(t, crypto.SHA256), crypto: verify.CryptoValid,
			indication: verify.TotalPassed, code: "cms.no-signed-attributes", digest: "SHA-256"},
		{name: "another's certificate", cert: fmt.Sprintf("/Cert[<%x><%x>]", root, own), value: m.bare(t, crypto.SHA256), crypto: verify.CryptoInvalid,
			indication: verify.TotalFailed, sub: verify.SigCryptoFailure, code: "cms.signature", digest: "SHA-1"},
		{name: "no certificate", value: m.bare(t, crypto.SHA256), crypto: verify.CryptoInvalid,
			indication: verify.TotalFailed, sub: verify.FormatFailure, code: "cms.unreadable"},
		{name: "no readable certificate", cert: "/Cert[(x)]", value: m.bare(t, crypto.SHA256), crypto: verify.CryptoInvalid,
			indication: verify.TotalFailed, sub: verify.FormatFailure, code: "cms.unreadable"},
		{name: "CMS instead", cert: fmt.Sprintf("/Cert<%x>", own), crypto: verify.CryptoInvalid, value: func([]byte) []byte { return m.detached(t, make([]byte, 32)) },
			indication: verify.TotalFailed, sub: verify.FormatFailure, code: "cms.unreadable"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, form := range testpdf.Forms {
				file := refill(t, m.sign(t, contract(form), entry{head: rsaSHA1, dictionary: "/Reason(x)" + tt.cert, value: nothing, form: form}), tt.value)
				report := m.judge(t, file)
				require.Len(t, report.Signatures, 1)
				s := report.Signatures[0]
				require.Equal(t, tt.crypto, s.Crypto)
				require.Equal(t, tt.crypto == verify.CryptoValid, s.Intact)
				require.Equal(t, tt.indication, s.Indication)
				require.Equal(t, tt.sub, s.SubIndication)
				require.Equal(t, tt.digest, s.Digest)
				require.Contains(t, codes(s.Findings), tt.code)
				if tt.crypto == verify.CryptoValid {
					require.Equal(t, "RSA", s.Algorithm)
					changed := m.judge(t, edit(t, file, "/Reason(", "/Reasom(")).Signatures
					require.Equal(t, verify.CryptoInvalid, changed[0].Crypto)
					require.Equal(t, verify.TotalFailed, changed[0].Indication)
				}
			}
		})
	}
}

// TestPKCS7SHA1SubFilter: the CMS encapsulates the SHA-1 of the signed bytes.
func TestPKCS7SHA1SubFilter(t *testing.T) {
	m := newMaker(t)
	encapsulating := func(h crypto.Hash, spoil byte) func([]byte) []byte {
		return func(signed []byte) []byte {
			w := h.New()
			w.Write(signed)
			content := w.Sum(nil)
			content[0] ^= spoil
			return m.detached(t, nil, func(c *cms.Template) { c.Content = content })
		}
	}
	tests := []struct {
		name       string
		value      func([]byte) []byte
		crypto     verify.Crypto
		indication verify.Indication
		sub        verify.SubIndication
	}{
		{"SHA-1 inside", encapsulating(crypto.SHA1, 0), verify.CryptoValid, verify.Indeterminate, verify.CryptoConstraintsFailureNoPOE},
		{"another digest inside", encapsulating(crypto.SHA1, 1), verify.CryptoInvalid, verify.TotalFailed, verify.HashFailure},
		{"SHA-256 inside", encapsulating(crypto.SHA256, 0), verify.CryptoInvalid, verify.TotalFailed, verify.HashFailure},
		{"nothing inside", func([]byte) []byte { return m.detached(t, make([]byte, 32)) }, verify.CryptoInvalid, verify.TotalFailed, verify.HashFailure},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := refill(t, m.sign(t, contract(testpdf.Table), entry{head: pkcs7SHA1, dictionary: "/Reason(x)"}), tt.value)
			s := m.judge(t, file).Signatures[0]
			require.Equal(t, "SHA-1", s.Digest, "what the signed bytes are hashed with")
			require.Equal(t, tt.crypto, s.Crypto)
			require.Equal(t, tt.indication, s.Indication)
			require.Equal(t, tt.sub, s.SubIndication)
			changed := m.judge(t, edit(t, file, "/Reason(", "/Reasom(")).Signatures
			require.Equal(t, verify.TotalFailed, changed[0].Indication)
		})
	}
}
