package verify_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/verify"
)

// judgeCMS judges a signature outside a PDF.
func judgeCMS(t *testing.T, o *verify.Options, signature []byte, content io.Reader) *verify.Report {
	t.Helper()
	report, err := verify.CMS(t.Context(), signature, content, o)
	require.NotNil(t, report, "%v", err)
	require.Equal(t, err == nil, report.Passed())
	return report
}

func TestDetachedCMS(t *testing.T) {
	const content = "the agreed terms"
	m := newMaker(t)
	digest := sha256.Sum256([]byte(content))
	der := m.detached(t, digest[:], func(c *cms.Template) { c.SigningTime = testpki.Now() })

	s := judgeCMS(t, m.options(), der, strings.NewReader(content)).Signatures[0]
	require.Equal(t, verify.TotalPassed, s.Indication)
	require.True(t, s.Intact)
	require.Equal(t, "CAdES-B-B", s.Level)
	require.Equal(t, "2026-04-01T09:00:00Z", s.ClaimedTime.String())
	require.Zero(t, s.Revisions)

	report := judgeCMS(t, m.options(), der, strings.NewReader(content+"."))
	require.Equal(t, verify.HashFailure, report.Signatures[0].SubIndication)
	require.False(t, report.Intact)
	require.Equal(t, verify.NoCertificateChainFound, judgeCMS(t, &verify.Options{At: testpki.Now()}, der, strings.NewReader(content)).Signatures[0].SubIndication)

	o := m.options()
	o.Policy = verify.Default()
	o.Policy.Level = "T"
	require.Contains(t, codes(judgeCMS(t, o, der, strings.NewReader(content)).Signatures[0].Findings), "policy.level")
}

func TestEnclosedContent(t *testing.T) {
	m := newMaker(t)
	template := &cms.Template{
		Algorithm: cms.Algorithm{Scheme: cms.RSA, Hash: 5}, Content: []byte("enclosed"), Certificate: m.signer.Certificate, Chain: m.signer.Chain,
	}
	der, err := template.Sign(t.Context(), nil, m.signer.Key)
	require.NoError(t, err)
	require.True(t, judgeCMS(t, m.options(), der, nil).Passed())
	broken := bytes.Replace(der, []byte("enclosed"), []byte("enclosEd"), 1)
	require.Equal(t, verify.HashFailure, judgeCMS(t, m.options(), broken, nil).Signatures[0].SubIndication)
	_, err = verify.CMS(t.Context(), der, strings.NewReader("enclosed"), m.options())
	require.ErrorContains(t, err, "another one was given")
}

func TestBareToken(t *testing.T) {
	const content = "what was stamped"
	m := newMaker(t)
	digest := sha256.Sum256([]byte(content))
	token, err := m.stamp.Stamp(&testpki.Token{Digest: digest[:], Time: testpki.Now().Add(-time.Hour)})
	require.NoError(t, err)
	report := judgeCMS(t, m.options(), token, strings.NewReader(content))
	s := report.Signatures[0]
	require.Equal(t, verify.TotalPassed, report.Indication)
	require.Equal(t, verify.KindTimestamp, s.Kind)
	require.Equal(t, "TIMESTAMP", s.Level)
	require.Equal(t, "2026-04-01T08:00:00Z", s.Timestamps[0].Time.String())
	require.Empty(t, report.Findings)

	require.Equal(t, verify.HashFailure, judgeCMS(t, m.options(), token, strings.NewReader("something else")).Signatures[0].SubIndication)
	_, err = verify.CMS(t.Context(), token, nil, m.options())
	require.ErrorContains(t, err, "its content is needed")
}

func TestUnreadableCMS(t *testing.T) {
	m := newMaker(t)
	digest := sha256.Sum256(nil)
	der := m.detached(t, digest[:])
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for _, test := range []struct {
		name, want string
		ctx        context.Context
		signature  []byte
		content    io.Reader
	}{
		{"no CMS", "cms", t.Context(), []byte("no CMS"), strings.NewReader("")},
		{"nothing", "", t.Context(), nil, strings.NewReader("")},
		{"something behind", "behind the signature", t.Context(), append(der[:len(der):len(der)], 0), strings.NewReader("")},
		{"no content", "its content is needed", t.Context(), der, nil},
		{"content that cannot be read", "torn", t.Context(), der, iotest.ErrReader(errors.New("torn"))},
		{"stopped", "canceled", stopped, der, strings.NewReader("")},
	} {
		t.Run(test.name, func(t *testing.T) {
			report, err := verify.CMS(test.ctx, test.signature, test.content, nil)
			require.Nil(t, report)
			var unreadable *verify.UnreadableError
			require.ErrorAs(t, err, &unreadable)
			require.ErrorContains(t, err, test.want)
		})
	}
}
