package verify_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/verify"
)

func TestPassed(t *testing.T) {
	m := newMaker(t)
	for _, form := range testpdf.Forms {
		t.Run(form.String(), func(t *testing.T) {
			file := m.sign(t, contract(form), entry{form: form, field: "Seal", dictionary: "/M(D:20260401090000+09'00')/Name<FEFF5C71753059 2A90CE>/Reason(agreed)/Location(Hita)/ContactInfo(a@example.jp)"})
			r := m.judge(t, file)
			require.Equal(t, verify.TotalPassed, r.Indication)
			require.True(t, r.Intact)
			require.Empty(t, r.Findings)
			require.Len(t, r.Signatures, 1)
			s := r.Signatures[0]
			require.Equal(t, "Seal", s.Field)
			require.Equal(t, verify.KindApproval, s.Kind)
			require.Equal(t, verify.CryptoValid, s.Crypto)
			require.Equal(t, verify.StructureSound, s.Structure)
			require.Equal(t, verify.CoverageFile, s.Coverage)
			require.Equal(t, verify.ChangesNone, s.Changes)
			require.True(t, s.ChangesAllowed && s.Intact)
			require.Equal(t, []any{2, 2, "PAdES-B-B", "SHA-256", "RSA", 2048}, []any{s.Revision, s.Revisions, s.Level, s.Digest, s.Algorithm, s.KeyBits})
			require.Equal(t, []string{"山田太郎", "agreed", "Hita", "a@example.jp", "2026-04-01T09:00:00+09:00"},
				[]string{s.Name, s.Reason, s.Location, s.Contact, s.ClaimedTime.String()})
			require.Zero(t, s.BestTime, "a claim proves nothing")
			require.Len(t, s.Chain, 2)
			require.True(t, s.Chain[1].Anchor)
			require.Equal(t, verify.RevocationNotNeeded, s.Chain[0].Revocation)
			require.Empty(t, s.Findings)
		})
	}
}

func TestTrustAndTime(t *testing.T) {
	m := newMaker(t)
	file := m.sign(t, contract(testpdf.Table), entry{})
	needsRevocation, err := m.pki.Issue(&testpki.Request{})
	require.NoError(t, err)
	below := *m
	below.signer = needsRevocation
	chained := below.sign(t, contract(testpdf.Table), entry{})
	timeStampingOnly := certificate.NewPool()
	timeStampingOnly.Add(m.pki.Root.Certificate, certificate.TimeStamping)

	for _, tt := range []struct {
		name    string
		file    []byte
		options *verify.Options
		want    verify.SubIndication
	}{
		{"nil options", file, nil, verify.NoCertificateChainFound},
		{"no anchors", file, &verify.Options{At: testpki.Now()}, verify.NoCertificateChainFound},
		{"anchor for another purpose", file, &verify.Options{Trust: timeStampingOnly, At: testpki.Now()}, verify.NoCertificateChainFound},
		{"expired", file, &verify.Options{Trust: m.pki.Pool(), At: testpki.Now().AddDate(15, 0, 0)}, verify.OutOfBoundsNoPOE},
		{"not yet valid", file, &verify.Options{Trust: m.pki.Pool(), At: testpki.Now().AddDate(-1, 0, 0)}, verify.OutOfBoundsNoPOE},
		{"an authority whose revocation is not known", chained, m.options(), verify.ChainGeneralFailure},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := verify.Reader(context.Background(), bytes.NewReader(tt.file), int64(len(tt.file)), tt.options)
			var notPassed *verify.NotPassedError
			require.ErrorAs(t, err, &notPassed)
			require.Equal(t, verify.Indeterminate, r.Indication)
			require.Equal(t, tt.want, r.Signatures[0].SubIndication)
			require.True(t, r.Intact, "trust is no part of being intact")
			require.NotEmpty(t, r.Signatures[0].Findings)
		})
	}
}

func TestCryptoFailures(t *testing.T) {
	m := newMaker(t)
	other, err := m.pki.Issue(&testpki.Request{Issuer: m.pki.Root, KeyType: testpki.KeyTypes()[1]})
	require.NoError(t, err)
	for _, tt := range []struct {
		name   string
		value  func(digest []byte) []byte
		crypto verify.Crypto
		want   verify.Indication
		sub    verify.SubIndication
		code   string
	}{
		{"another document", func(d []byte) []byte { d[0] ^= 1; return m.detached(t, d) }, verify.CryptoInvalid, verify.TotalFailed, verify.HashFailure, "cms.digest"},
		{"a broken signature", func(d []byte) []byte {
			der := m.detached(t, d)
			der[len(der)-1] ^= 1
			return der
		}, verify.CryptoInvalid, verify.TotalFailed, verify.SigCryptoFailure, "cms.signature"},
		{"content of its own", func(d []byte) []byte {
			return m.detached(t, d, func(template *cms.Template) { template.Content = []byte("inside"); template.ContentDigest = nil })
		}, verify.CryptoInvalid, verify.TotalFailed, verify.HashFailure, "cms.content"},
		{"the signer alone in the CMS", func(d []byte) []byte {
			return m.detached(t, d, func(template *cms.Template) { template.Chain = nil })
		}, verify.CryptoValid, verify.TotalPassed, "", ""},
		{"not CMS", func([]byte) []byte { return []byte{0x30, 3, 2, 1, 1} }, verify.CryptoInvalid, verify.TotalFailed, verify.FormatFailure, "cms.unreadable"},
		{"bytes behind the CMS", func(d []byte) []byte { return append(m.detached(t, d), 0, 0, 7) }, verify.CryptoValid, verify.TotalPassed, "", "contents.trailing"},
		{"another signer's certificate", func(d []byte) []byte {
			return m.detached(t, d, func(template *cms.Template) { template.Certificate, template.Chain = other.Certificate, other.Chain })
		}, verify.CryptoInvalid, verify.TotalFailed, verify.SigCryptoFailure, "cms.signature"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := m.judge(t, m.sign(t, contract(testpdf.Table), entry{value: tt.value}))
			s := r.Signatures[0]
			require.Equal(t, tt.crypto, s.Crypto)
			require.Equal(t, tt.want, s.Indication, "%+v", s.Findings)
			require.Equal(t, tt.sub, s.SubIndication)
			require.Equal(t, tt.crypto == verify.CryptoValid, s.Intact)
			require.Equal(t, verify.StructureSound, s.Structure)
			if tt.code != "" {
				require.Contains(t, codes(s.Findings), tt.code)
			}
		})
	}
}

func TestDocumentTimestamp(t *testing.T) {
	m := newMaker(t)
	alone := m.judge(t, m.sign(t, contract(testpdf.Table), m.timestamp(t)))
	require.Equal(t, verify.TotalPassed, alone.Indication)
	require.Contains(t, codes(alone.Findings), "file.only-timestamp")
	s := alone.Signatures[0]
	require.Equal(t, verify.KindTimestamp, s.Kind)
	require.Equal(t, "TIMESTAMP", s.Level)
	require.Len(t, s.Timestamps, 1)
	require.True(t, s.Timestamps[0].Valid)

	file := m.sign(t, contract(testpdf.Table), entry{})
	after := m.judge(t, m.sign(t, file, m.timestamp(t)))
	require.Equal(t, verify.ChangesLTV, after.Signatures[0].Changes)
	require.True(t, after.Intact)
	require.Equal(t, "PAdES-B-T", after.Signatures[0].Level)
	require.NotContains(t, codes(after.Findings), "file.only-timestamp")

	wrong := m.timestamp(t)
	wrong.value = func([]byte) []byte {
		token, err := m.stamp.Stamp(&testpki.Token{Digest: make([]byte, 32)})
		require.NoError(t, err)
		return token
	}
	s = m.judge(t, m.sign(t, contract(testpdf.Table), wrong)).Signatures[0]
	require.Equal(t, verify.CryptoInvalid, s.Crypto)
	require.Equal(t, verify.HashFailure, s.SubIndication)
	require.False(t, s.Timestamps[0].Valid)

	typed := m.timestamp(t)
	typed.head = "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161"
	s = m.judge(t, m.sign(t, contract(testpdf.Table), typed)).Signatures[0]
	require.Equal(t, verify.StructureViolated, s.Structure)
	require.Contains(t, codes(s.Findings), "dictionary.type")
}

func TestNoSignature(t *testing.T) {
	file := contract(testpdf.Stream)
	r, err := verify.Reader(context.Background(), bytes.NewReader(file), int64(len(file)), nil)
	require.ErrorIs(t, err, verify.ErrNoSignature)
	require.Equal(t, verify.NoSignature, r.Indication)
	require.False(t, r.Intact || r.Passed())
	require.WithinDuration(t, time.Now(), r.ValidationTime, time.Minute)
}

func TestUnreadable(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.pdf")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	text := filepath.Join(dir, "text.pdf")
	require.NoError(t, os.WriteFile(text, []byte("no PDF"), 0o600))
	for name, want := range map[string]error{
		empty: pdf.ErrNotPDF, text: pdf.ErrNotPDF, dir: nil, filepath.Join(dir, "missing.pdf"): os.ErrNotExist,
	} {
		r, err := verify.File(context.Background(), name, nil)
		require.Nil(t, r)
		var unreadable *verify.UnreadableError
		require.ErrorAs(t, err, &unreadable, name)
		require.Contains(t, err.Error(), filepath.Base(name))
		if want != nil {
			require.ErrorIs(t, err, want)
		}
	}
	var unreadable *verify.UnreadableError
	require.False(t, errors.As(io.EOF, &unreadable))
	var notPassed *verify.NotPassedError
	require.False(t, errors.As(io.EOF, &notPassed))
	require.NotEmpty(t, (&verify.NotPassedError{}).Error())
}

func TestCancelled(t *testing.T) {
	m := newMaker(t)
	file := m.sign(t, contract(testpdf.Table), entry{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := verify.Reader(ctx, bytes.NewReader(file), int64(len(file)), nil)
	require.ErrorIs(t, err, context.Canceled)
}
