package pades_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

// Scenario 9: a remote signer takes 48 hours. What was prepared is resumed from its
// serialised state and the file, by a machine that has nothing else; the digest matches what
// the signer was shown, and signing completes at B-LTA, with the time of the completion
// proven. The options are given again.
func TestScenario9RemoteSigner(t *testing.T) {
	for name, whole := range map[string]bool{"raw signature": false, "whole CMS": true} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			dir := t.TempDir()
			file := func(name string) string { return filepath.Join(dir, name) }
			contract := testpdf.Contract(2, testpdf.Stream).Bytes()
			write(t, file("contract.pdf"), contract)
			begun := h.PKI.Now()
			chain := h.signer.Chain
			if whole {
				chain = nil // the service will say who signed
			}

			// The first machine knows the certificate at most; nobody is asked for anything.
			d, err := pades.Open(file("contract.pdf"), &pades.OpenOptions{Now: h.PKI.Now})
			require.NoError(t, err)
			p, err := d.Prepare(t.Context(), &pades.Signer{Chain: chain}, &pades.SignOptions{Level: pades.BLTA, TSA: h.tsa(), Revocation: h.source(), Reason: "承認"})
			require.NoError(t, err)
			state, err := p.MarshalBinary()
			require.NoError(t, err)
			write(t, file("state"), state)
			shown, _ := p.DocumentDigest()
			toSign := p.SignatureDigest()
			require.NoError(t, d.Close())
			require.Zero(t, h.Stamps())

			// The signer takes his time over the digest, and has no document.
			h.SetNow(begun.Add(48 * time.Hour))
			var answer []byte
			if whole {
				answer = outsideCMS(t, h.signer, nil, shown)
			} else {
				answer, err = h.signer.Key.Sign(rand.Reader, toSign, crypto.SHA256)
				require.NoError(t, err)
			}

			// The second machine has the file, the state and the answer.
			stored, err := os.ReadFile(file("state"))
			require.NoError(t, err)
			complete := func(name string) (*pades.Document, error) {
				var p pades.Prepared
				require.NoError(t, p.UnmarshalBinary(stored))
				digest, hash := p.DocumentDigest()
				require.Equal(t, hex.EncodeToString(shown), hex.EncodeToString(digest), "the digest matches")
				require.Equal(t, crypto.SHA256, hash)
				require.Equal(t, toSign, p.SignatureDigest())
				d, err := pades.Open(file(name), &pades.OpenOptions{Now: h.PKI.Now})
				require.NoError(t, err)
				t.Cleanup(func() { require.NoError(t, d.Close()) })
				o := h.options(pades.BLTA)
				if whole {
					return d, d.CompleteCMS(t.Context(), &p, answer, o)
				}
				return d, d.Complete(t.Context(), &p, answer, o)
			}
			write(t, file("changed.pdf"), bytes.Replace(contract, []byte("100 yen"), []byte("999 yen"), 1))
			_, err = complete("changed.pdf")
			require.ErrorIs(t, err, pades.ErrChanged)
			require.Zero(t, h.Stamps(), "nothing is bought for another document")

			h.Break(testpki.TSAService, testpki.Unavailable)
			_, err = complete("contract.pdf")
			require.ErrorIs(t, err, pades.ErrTimestamp, "the signature is not lost")
			h.Break(testpki.TSAService, testpki.Sound)
			d, err = complete("contract.pdf")
			require.NoError(t, err)
			require.NoError(t, d.WriteFile(file("signed.pdf")))
			signed, err := os.ReadFile(file("signed.pdf"))
			require.NoError(t, err)
			h.passes(t, signed, h.PKI.Now(), pades.BLTA)
			made := h.judge(t, signed, h.PKI.Now()).Signatures[0]
			require.Equal(t, begun.Add(48*time.Hour).Format(time.RFC3339), made.BestTime.String())
			require.Equal(t, begun.Format(time.RFC3339), made.ClaimedTime.String(), "as it was prepared")
		})
	}
}

// TestCompleteTooLate: a certificate that expired meanwhile costs no time stamp.
func TestCompleteTooLate(t *testing.T) {
	h := newHouse(t)
	now := h.PKI.Now()
	s := h.issue(t, &testpki.Request{NotAfter: now.Add(24 * time.Hour)})
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	p, err := h.document(t, original).Prepare(t.Context(), &pades.Signer{Chain: s.Chain}, h.options(pades.BLTA))
	require.NoError(t, err)
	value := rawSignature(t, s.Key, p)
	later := &pades.OpenOptions{Now: func() time.Time { return now.Add(48 * time.Hour) }}
	d, err := pades.NewDocument(bytes.NewReader(original), int64(len(original)), later)
	require.NoError(t, err)
	var told []string
	o := h.options(pades.BLTA)
	o.Warn = func(w string) { told = append(told, w) }
	require.ErrorIs(t, d.Complete(t.Context(), p, value, o), pades.ErrEvidence)
	require.Len(t, told, 1)
	require.Contains(t, told[0], "expired")
	require.Zero(t, h.Stamps())
	require.NoError(t, d.Complete(t.Context(), p, value, nil), "B-B it can be")
}

// TestCompleteHigher: what was prepared for B-B has no room for a time stamp, which is told
// before one is bought.
func TestCompleteHigher(t *testing.T) {
	a := newAuthority(t)
	original, s, p := prepared(t, testpki.RSA2048)
	value := rawSignature(t, s.Key, p)
	d := document(t, original)
	var room *pades.RoomError
	err := d.Complete(t.Context(), p, value, &pades.SignOptions{Level: pades.BT, TSA: a})
	require.ErrorAs(t, err, &room)
	require.Equal(t, p.Room(), room.Room)
	require.Zero(t, a.stamps)
	require.Equal(t, original, content(t, d))

	p, err = d.Prepare(t.Context(), &pades.Signer{Chain: s.Chain}, &pades.SignOptions{ContentsSize: room.Need})
	require.NoError(t, err)
	require.NoError(t, d.Complete(t.Context(), p, rawSignature(t, s.Key, p), &pades.SignOptions{Level: pades.BT, TSA: a}), "the size that the error names is enough")
	require.Equal(t, 1, a.stamps)
}

// TestPreparePSS: by option, and by a certificate that restricts its key.
func TestPreparePSS(t *testing.T) {
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	pss := cms.Algorithm{Scheme: cms.RSAPSS, Hash: crypto.SHA256}
	for name, c := range map[string]struct {
		request testpki.Request
		option  cms.Algorithm
		want    cms.Algorithm
	}{
		"by default":      {want: cms.Algorithm{Scheme: cms.RSA, Hash: crypto.SHA256}},
		"by option":       {option: cms.Algorithm{Scheme: cms.RSAPSS, Hash: crypto.SHA512}, want: cms.Algorithm{Scheme: cms.RSAPSS, Hash: crypto.SHA512}},
		"by certificate":  {request: testpki.Request{RestrictToPSS: true}, want: pss},
		"by both":         {request: testpki.Request{RestrictToPSS: true}, option: pss, want: pss},
		"against the key": {request: testpki.Request{RestrictToPSS: true}, option: cms.Algorithm{Scheme: cms.RSA, Hash: crypto.SHA256}},
	} {
		t.Run(name, func(t *testing.T) {
			s := signer(t, &c.request)
			s.Algorithm = c.option
			key := &foreignKey{Signer: s.Key}
			d := document(t, original)
			err := d.Sign(t.Context(), &pades.Signer{Key: key, Chain: s.Chain, Algorithm: s.Algorithm}, nil)
			if c.want == (cms.Algorithm{}) {
				require.ErrorIs(t, err, pades.ErrSigner)
				require.ErrorIs(t, err, cms.ErrNotSigned)
				require.Zero(t, key.calls.Load())
				_, err = d.Prepare(t.Context(), &pades.Signer{Chain: s.Chain, Algorithm: s.Algorithm}, nil)
				require.ErrorIs(t, err, pades.ErrSigner)
				return
			}
			require.NoError(t, err)
			data := content(t, d)
			checkSignature(t, data, signatures(t, data)[0], len(data))

			p, err := document(t, original).Prepare(t.Context(), &pades.Signer{Chain: s.Chain, Algorithm: s.Algorithm}, nil)
			require.NoError(t, err)
			require.Equal(t, c.want, p.Algorithm())
			state, err := p.MarshalBinary()
			require.NoError(t, err)
			var read pades.Prepared
			require.NoError(t, read.UnmarshalBinary(state))
			require.Equal(t, c.want, read.Algorithm())
			var o crypto.SignerOpts = c.want.Hash
			other := crypto.SignerOpts(&rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: c.want.Hash})
			if c.want.Scheme == cms.RSAPSS {
				o, other = other, o
			}
			value, err := s.Key.Sign(rand.Reader, read.SignatureDigest(), other)
			require.NoError(t, err)
			d = document(t, original)
			require.ErrorIs(t, d.Complete(t.Context(), &read, value, nil), pades.ErrSignature, "the other padding")
			value, err = s.Key.Sign(rand.Reader, read.SignatureDigest(), o)
			require.NoError(t, err)
			require.NoError(t, d.Complete(t.Context(), &read, value, nil))
		})
	}
}
