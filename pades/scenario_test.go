package pades_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
)

// Scenario 10: the first time-stamping authority is down, the second is used, and that is
// told; with none there is a typed error and no signature at a lower level.
func TestScenario10FailOver(t *testing.T) {
	h := newHouse(t)
	down := &tsa.Client{URL: "http://127.0.0.1:1/", Now: h.PKI.Now}
	var told []string
	o := h.options(pades.BLTA)
	o.TSA = &tsa.FailOver{Servers: []tsa.Timestamper{down, h.tsa()}}
	o.Warn = func(w string) { told = append(told, w) }
	d := h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Sign(t.Context(), h.signer, o))
	h.passes(t, content(t, d), h.PKI.Now(), pades.BLTA)
	require.NotEmpty(t, told)
	require.Contains(t, told[0], "127.0.0.1:1")
	require.Contains(t, told[0], h.URL(testpki.TSAService))

	original := testpdf.Contract(1, testpdf.Table).Bytes()
	d = h.document(t, original)
	o.TSA = &tsa.FailOver{Servers: []tsa.Timestamper{down, down}}
	err := d.Sign(t.Context(), h.signer, o)
	require.ErrorIs(t, err, pades.ErrTimestamp)
	require.ErrorIs(t, err, tsa.ErrNoStamp)
	var tried *tsa.Error
	require.ErrorAs(t, err, &tried)
	require.Len(t, tried.Attempts, 2)
	require.Equal(t, original, content(t, d))
}

// attributed is an authority whose tokens hold a time attribute certificate.
type attributed struct {
	*authority
}

func (a attributed) Timestamp(ctx context.Context, r *tsa.Request) (*tsa.Response, error) {
	answer, err := a.authority.Timestamp(ctx, r)
	if err != nil {
		return nil, err
	}
	raw, err := testpki.WithAttributeCertificate(answer.Token.Raw)
	if err != nil {
		return nil, err
	}
	answer.Token, _, err = tsa.ParseToken(raw)
	return answer, err
}

// Scenario 13: a token with a time attribute certificate is taken, stored and verified.
func TestScenario13TimeAttributeCertificate(t *testing.T) {
	h := newHouse(t)
	o := h.options(pades.BLTA)
	a := attributed{newAuthority(t)}
	a.id, a.now = mustStamper(t, h), h.PKI.Now
	o.TSA = a
	d := h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Sign(t.Context(), h.signer, o))
	data := content(t, d)
	sd := checkSignature(t, data, signatures(t, data)[0], int(signedEnd(t, data)))
	kinds := map[cms.CertificateKind]int{}
	for _, c := range stamps(t, sd)[0].SignedData.Certificates {
		kinds[c.Kind]++
	}
	require.Equal(t, 1, kinds[cms.AttributeCertificateV2])
	h.passes(t, data, h.PKI.Now(), pades.BLTA)
	h.passes(t, h.extend(t, data, pades.BLTA), h.PKI.Now(), pades.BLTA)
}

// Scenario 14: a token with a wrong nonce, imprint or policy is refused.
func TestScenario14WrongToken(t *testing.T) {
	for fault, want := range map[testpki.Fault]error{
		testpki.WrongNonce: tsa.ErrNonce, testpki.NoNonce: tsa.ErrNonce, testpki.WrongImprint: tsa.ErrImprint,
		testpki.WrongHash: tsa.ErrImprint, testpki.WrongPolicy: tsa.ErrPolicy,
	} {
		t.Run(fault.String(), func(t *testing.T) {
			h := newHouse(t)
			h.Break(testpki.TSAService, fault)
			client := h.tsa()
			client.Policy = []int{1, 2, 3, 4, 1}
			original := testpdf.Contract(1, testpdf.Table).Bytes()
			for _, level := range []pades.Level{pades.BT, pades.BLTA} {
				o := h.options(level)
				o.TSA = client
				d := h.document(t, original)
				err := d.Sign(t.Context(), h.signer, o)
				require.ErrorIs(t, err, want)
				require.ErrorIs(t, err, pades.ErrTimestamp)
				require.Equal(t, original, content(t, d))
			}
		})
	}
}
