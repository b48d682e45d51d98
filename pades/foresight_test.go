package pades_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

// No time stamp is bought, and no key used, for what cannot come to its level: in every
// way of signing and of raising.
func TestNothingIsBoughtInVain(t *testing.T) {
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	for name, do := range map[string]func(h *house, d *pades.Document, o *pades.SignOptions) error{
		"sign": func(h *house, d *pades.Document, o *pades.SignOptions) error {
			key := &onceKey{Signer: h.signer.Key}
			defer func() { require.Zero(t, key.used) }()
			return d.Sign(t.Context(), &pades.Signer{Key: key, Chain: h.signer.Chain}, o)
		},
		"sign with a content time stamp": func(h *house, d *pades.Document, o *pades.SignOptions) error {
			o.ContentTimestamp = true
			return d.Sign(t.Context(), h.signer, o)
		},
		"prepare with a content time stamp": func(h *house, d *pades.Document, o *pades.SignOptions) error {
			o.ContentTimestamp = true
			_, err := d.Prepare(t.Context(), h.signer, o)
			return err
		},
		"complete": func(h *house, d *pades.Document, o *pades.SignOptions) error {
			p, err := d.Prepare(t.Context(), &pades.Signer{Chain: h.signer.Chain}, o)
			require.NoError(t, err)
			value, err := cms.Sign(t.Context(), nil, h.signer.Key, p.Algorithm(), p.ToBeSigned())
			require.NoError(t, err)
			return d.Complete(t.Context(), p, value, o)
		},
		"complete with a CMS object": func(h *house, d *pades.Document, o *pades.SignOptions) error {
			p, err := d.Prepare(t.Context(), &pades.Signer{}, o)
			require.NoError(t, err)
			digest, _ := p.DocumentDigest()
			return d.CompleteCMS(t.Context(), p, outsideCMS(t, h.signer, nil, digest), o)
		},
		"extend": func(h *house, d *pades.Document, o *pades.SignOptions) error {
			require.NoError(t, d.Sign(t.Context(), h.signer, nil))
			signed := content(t, d)
			err := d.Extend(t.Context(), h.extension(o.Level))
			require.Equal(t, signed, content(t, d))
			*d = *h.document(t, original)
			return err
		},
	} {
		for _, level := range []pades.Level{pades.BLT, pades.BLTA} {
			t.Run(name+" "+level.String(), func(t *testing.T) {
				h := newHouse(t)
				h.Break(testpki.OCSPService, testpki.Unavailable)
				h.Break(testpki.CRLService, testpki.Unavailable)
				d := h.document(t, original)
				err := do(h, d, h.options(level))
				var missing *pades.EvidenceError
				require.ErrorAs(t, err, &missing)
				for i := range missing.Gaps {
					require.Equal(t, pades.GapRevocation, missing.Gaps[i].Kind)
				}
				require.Zero(t, h.Stamps())
				require.Equal(t, original, content(t, d))
			})
		}
	}
}

// An authority about which nothing can be had costs one stamp, and not one each time.
func TestKnownAuthority(t *testing.T) {
	h := newHouse(t)
	stamper := mustStamper(t, h).Certificate
	client, source := h.tsa(), only{h.source(), func(c *certificate.Certificate) bool { return !c.Equal(stamper) }}
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	sign := func(key *onceKey) error {
		o := h.options(pades.BLTA)
		o.TSA, o.Revocation = client, source
		d := h.document(t, original)
		err := d.Sign(t.Context(), &pades.Signer{Key: key, Chain: h.signer.Chain}, o)
		if err != nil {
			require.Equal(t, original, content(t, d))
		}
		return err
	}
	require.Nil(t, client.Authority())
	for used := range 3 {
		key := &onceKey{Signer: h.signer.Key}
		var missing *pades.EvidenceError
		require.ErrorAs(t, sign(key), &missing)
		require.Len(t, missing.Gaps, 1)
		require.True(t, missing.Gaps[0].Certificate.Equal(stamper))
		require.True(t, missing.Gaps[0].Timestamp)
		require.Equal(t, 1, h.Stamps())
		require.Equal(t, used == 0, key.used == 1)
	}
	require.True(t, client.Authority().Equal(stamper))

	e := h.extension(pades.BLTA)
	e.TSA, e.Revocation = client, source
	d := h.document(t, original)
	require.NoError(t, d.Sign(t.Context(), h.signer, nil))
	require.ErrorIs(t, d.Extend(t.Context(), e), pades.ErrEvidence)
	require.Equal(t, 1, h.Stamps())

	// Where a time stamp is not needed for the signature it is no reason, either.
	e.Revocation = h.source()
	d = h.document(t, h.sign(t, pades.BT))
	require.NoError(t, d.Extend(t.Context(), &pades.ExtendOptions{Level: pades.BLT, Revocation: e.Revocation, Trust: e.Trust}))
	e.Revocation = source
	require.NoError(t, d.Extend(t.Context(), e))
	stamps := h.Stamps()

	// By now it may have another certificate: what is wrong with that one is no reason.
	h.Revoke(stamper, testpki.Now().Add(-1), 1)
	source.about = func(*certificate.Certificate) bool { return true }
	require.ErrorIs(t, sign(&onceKey{Signer: h.signer.Key}), pades.ErrEvidence)
	require.Equal(t, stamps+1, h.Stamps())
}

// The policy is asked about each gap once, and before anything is bought.
func TestGapsAreDecidedOnce(t *testing.T) {
	h := newHouse(t)
	h.Break(testpki.OCSPService, testpki.Unavailable)
	h.Break(testpki.CRLService, testpki.Unavailable)
	asked := map[string]int{}
	stampsThen := -1
	policy := &pades.EvidencePolicy{OnGap: func(g *pades.Gap) pades.GapAction {
		if stampsThen < 0 {
			stampsThen = h.Stamps()
		}
		asked[g.String()]++
		return pades.GapAllowed
	}}
	once := func() {
		t.Helper()
		require.Len(t, asked, 4)
		for gap, n := range asked {
			require.Equal(t, 1, n, gap)
		}
		require.Zero(t, stampsThen)
		clear(asked)
	}
	o := h.options(pades.BLTA)
	o.Evidence = policy
	d := h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Sign(t.Context(), h.signer, o))
	once()

	d = h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Sign(context.Background(), h.signer, nil))
	e := h.extension(pades.BLTA)
	e.Evidence = policy
	require.NoError(t, d.Extend(t.Context(), e))
	once()
}
