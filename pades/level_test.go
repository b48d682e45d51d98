package pades_test

import (
	"bytes"
	"context"
	"crypto"
	"encoding/asn1"
	"errors"
	"io"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
)

// authority is a time-stamping authority in memory that counts its stamps.
type authority struct {
	t      testing.TB
	id     *testpki.Identity
	now    func() time.Time
	stamps int
	// change, if not nil, alters the next token before it is signed, or refuses.
	change func(*testpki.Token) error
	// pad makes tokens longer by that many bytes.
	pad int
}

func newAuthority(t testing.TB) *authority {
	t.Helper()
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	id, err := pki.Issue(&testpki.Request{Profile: testpki.TimeStamperProfile})
	require.NoError(t, err)
	return &authority{t: t, id: id, now: testpki.Now}
}

// longer is a token with an unsigned attribute of that many bytes that nobody knows.
func longer(t testing.TB, der []byte, pad int) []byte {
	token, _, err := cms.Parse(der)
	require.NoError(t, err)
	value, err := asn1.Marshal(make([]byte, pad))
	require.NoError(t, err)
	der, err = token.AddUnsigned(cms.Attribute{Type: asn1.ObjectIdentifier{1, 2, 3, 4}, Values: [][]byte{value}})
	require.NoError(t, err)
	return der
}

func (a *authority) Timestamp(ctx context.Context, r *tsa.Request) (*tsa.Response, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	a.stamps++
	request := &testpki.Token{Digest: r.Digest, Hash: r.Hash, Serial: big.NewInt(int64(a.stamps)), Time: a.now()}
	if a.change != nil {
		if err := a.change(request); err != nil {
			return nil, err
		}
	}
	der, err := a.id.Stamp(request)
	require.NoError(a.t, err)
	if a.pad > 0 {
		der = longer(a.t, der, a.pad)
	}
	token, _, err := tsa.ParseToken(der)
	require.NoError(a.t, err)
	return &tsa.Response{Token: token, Server: "memory"}, nil
}

// stamps returns the tokens over a signature value.
func stamps(t testing.TB, sd *cms.SignedData) []*tsa.Token {
	t.Helper()
	var list []*tsa.Token
	for _, der := range sd.SignerInfos[0].UnsignedAttributes.All(cms.OIDSignatureTimeStamp) {
		token, rest, err := tsa.ParseToken(der)
		require.NoError(t, err)
		require.Empty(t, rest)
		h := token.Hash.New()
		h.Write(sd.SignerInfos[0].Signature)
		_, err = token.Verify(h.Sum(nil))
		require.NoError(t, err)
		list = append(list, token)
	}
	return list
}

func TestSignBT(t *testing.T) {
	for _, kind := range testpki.KeyTypes() {
		if kind == testpki.RSA1024 {
			continue
		}
		for _, form := range testpdf.Forms {
			t.Run(kind.String()+"/"+form.String(), func(t *testing.T) {
				s := signer(t, &testpki.Request{KeyType: kind})
				key := &onceKey{Signer: s.Key}
				a := newAuthority(t)
				original := testpdf.Contract(1, form).Bytes()
				d := document(t, original)
				require.NoError(t, d.Sign(t.Context(), &pades.Signer{Key: key, Chain: s.Chain}, &pades.SignOptions{Level: pades.BT, TSA: a}))
				require.Equal(t, 1, key.used)
				require.Equal(t, 1, a.stamps)
				data := content(t, d)
				require.True(t, bytes.HasPrefix(data, original))
				sd := checkSignature(t, data, signatures(t, data)[0], len(data))
				tokens := stamps(t, sd)
				require.Len(t, tokens, 1)
				require.Equal(t, testpki.Now(), tokens[0].Time)
			})
		}
	}
}

// Complete and CompleteCMS add the time stamp as Sign does.
func TestCompleteBT(t *testing.T) {
	s := signer(t, nil)
	a := newAuthority(t)
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	o := &pades.SignOptions{Level: pades.BT, TSA: a}
	d := document(t, original)
	p, err := d.Prepare(t.Context(), &pades.Signer{Chain: s.Chain}, o)
	require.NoError(t, err)
	require.Zero(t, a.stamps)
	state, err := p.MarshalBinary()
	require.NoError(t, err)
	var read pades.Prepared
	require.NoError(t, read.UnmarshalBinary(state))
	value, err := cms.Sign(t.Context(), nil, s.Key, p.Algorithm(), p.ToBeSigned())
	require.NoError(t, err)

	require.ErrorIs(t, d.Complete(t.Context(), &read, value, &pades.SignOptions{Level: pades.BT}), pades.ErrOptions)
	require.ErrorIs(t, d.Complete(t.Context(), &read, value, &pades.SignOptions{TSA: a}), pades.ErrOptions)
	require.Equal(t, original, content(t, d))
	require.NoError(t, d.Complete(t.Context(), &read, value, o))
	data := content(t, d)
	require.Len(t, stamps(t, checkSignature(t, data, signatures(t, data)[0], len(data))), 1)

	d = document(t, original)
	p, err = d.Prepare(t.Context(), &pades.Signer{}, o)
	require.NoError(t, err)
	digest, _ := p.DocumentDigest()
	require.NoError(t, d.CompleteCMS(t.Context(), p, outsideCMS(t, s, nil, digest), o))
	data = content(t, d)
	require.Len(t, stamps(t, checkSignature(t, data, signatures(t, data)[0], len(data))), 1)
}

func TestContentTimestamp(t *testing.T) {
	for _, kind := range []testpki.KeyType{testpki.RSA2048, testpki.Ed25519} {
		a := newAuthority(t)
		d := document(t, testpdf.Contract(1, testpdf.Stream).Bytes())
		s := signer(t, &testpki.Request{KeyType: kind})
		require.NoError(t, d.Sign(t.Context(), s, &pades.SignOptions{ContentTimestamp: true, TSA: a, StampHash: crypto.SHA384}))
		require.Equal(t, 1, a.stamps)
		data := content(t, d)
		f := signatures(t, data)[0]
		sd := checkSignature(t, data, f, len(data))
		require.Empty(t, stamps(t, sd))
		values := sd.SignerInfos[0].SignedAttributes.All(cms.OIDContentTimeStamp)
		require.Len(t, values, 1)
		token, _, err := tsa.ParseToken(values[0])
		require.NoError(t, err)
		require.Equal(t, crypto.SHA384, token.Hash)
		r, _ := f.Signature.ByteRange.Four()
		h := token.Hash.New()
		h.Write(data[:r[1]])
		h.Write(data[r[2]:])
		_, err = token.Verify(h.Sum(nil))
		require.NoError(t, err)
	}
}

// A level without its service, or a service that the level does not use, is refused
// before anything is used.
func TestServicesFitLevel(t *testing.T) {
	a := newAuthority(t)
	for name, o := range map[string]*pades.SignOptions{
		"no TSA":           {Level: pades.BT},
		"unused TSA":       {TSA: a},
		"content":          {ContentTimestamp: true},
		"unused hash":      {StampHash: crypto.SHA256},
		"weak hash":        {Level: pades.BT, TSA: a, StampHash: crypto.SHA1},
		"no such level":    {Level: 9, TSA: a},
		"below all levels": {Level: -1},
	} {
		t.Run(name, func(t *testing.T) {
			s := signer(t, nil)
			key := &onceKey{Signer: s.Key}
			original := testpdf.Contract(1, testpdf.Table).Bytes()
			d := document(t, original)
			require.ErrorIs(t, d.Sign(t.Context(), &pades.Signer{Key: key, Chain: s.Chain}, o), pades.ErrOptions)
			_, err := d.Prepare(t.Context(), &pades.Signer{Chain: s.Chain}, o)
			require.ErrorIs(t, err, pades.ErrOptions)
			require.Zero(t, key.used)
			require.Zero(t, a.stamps)
			require.Equal(t, original, content(t, d))
		})
	}
}

// What is wrong with a time stamp is an error, and no signature at a lower level.
func TestTimestampRefused(t *testing.T) {
	down := errors.New("nobody is there")
	for name, change := range map[string]func(*testpki.Token) error{
		"down":      func(*testpki.Token) error { return down },
		"imprint":   func(k *testpki.Token) error { k.Digest = bytes.Clone(k.Digest); k.Digest[0] ^= 1; return nil },
		"hash":      func(k *testpki.Token) error { k.Hash, k.Digest = crypto.SHA384, make([]byte, 48); return nil },
		"not valid": func(k *testpki.Token) error { k.Time = k.Time.AddDate(30, 0, 0); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			a := newAuthority(t)
			a.change = change
			original := testpdf.Contract(1, testpdf.Table).Bytes()
			d := document(t, original)
			err := d.Sign(t.Context(), signer(t, nil), &pades.SignOptions{Level: pades.BT, TSA: a})
			require.ErrorIs(t, err, pades.ErrTimestamp)
			if name == "down" {
				require.ErrorIs(t, err, down)
			}
			require.Equal(t, 1, a.stamps)
			require.Equal(t, original, content(t, d))
		})
	}
}

// A token that does not fit is an error that names the size; the next signature with
// the same document has room for it.
func TestLargeToken(t *testing.T) {
	a := newAuthority(t)
	a.pad = 40 << 10
	d := document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	s := signer(t, nil)
	o := &pades.SignOptions{Level: pades.BT, TSA: a}
	var room *pades.RoomError
	require.ErrorAs(t, d.Sign(t.Context(), s, o), &room)
	require.Greater(t, room.Need, a.pad)
	require.Equal(t, int64(len(testpdf.Contract(1, testpdf.Table).Bytes())), d.Size())

	fresh := document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, fresh.Sign(t.Context(), s, &pades.SignOptions{Level: pades.BT, TSA: a, ContentsSize: room.Need + 64}))
	require.NoError(t, d.Sign(t.Context(), s, o))
}

// A content time stamp is made by Prepare and kept by Complete, with the same options.
func TestContentTimestampInTwoSteps(t *testing.T) {
	a := newAuthority(t)
	o := &pades.SignOptions{ContentTimestamp: true, TSA: a}
	s := signer(t, nil)
	d := document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	p, err := d.Prepare(t.Context(), &pades.Signer{Chain: s.Chain}, o)
	require.NoError(t, err)
	require.Equal(t, 1, a.stamps)
	value, err := cms.Sign(t.Context(), nil, s.Key, p.Algorithm(), p.ToBeSigned())
	require.NoError(t, err)
	require.NoError(t, d.Complete(t.Context(), p, value, o))
	require.Equal(t, 1, a.stamps)
	data := content(t, d)
	sd := checkSignature(t, data, signatures(t, data)[0], len(data))
	require.Len(t, sd.SignerInfos[0].SignedAttributes.All(cms.OIDContentTimeStamp), 1)

	a.change = func(*testpki.Token) error { return errors.New("down") }
	_, err = d.Prepare(t.Context(), &pades.Signer{Chain: s.Chain}, o)
	require.ErrorIs(t, err, pades.ErrTimestamp)
}

func TestNamesOfLevelsAndGaps(t *testing.T) {
	for level, want := range map[pades.Level]string{
		pades.BB: "PAdES-B-B", pades.BT: "PAdES-B-T", pades.BLT: "PAdES-B-LT", pades.BLTA: "PAdES-B-LTA", 7: "unknown level",
	} {
		require.Equal(t, want, level.String())
	}
	seen := map[string]bool{}
	for kind := pades.GapUnknown; kind <= pades.GapSignature; kind++ {
		require.False(t, seen[kind.String()], kind.String())
		seen[kind.String()] = true
	}
	var missing *pades.EvidenceError
	require.False(t, errors.As(io.EOF, &missing))
	require.Equal(t, pades.GapFails, pades.GapAction(0), "the zero value refuses")
	g := &pades.Gap{Kind: pades.GapSignature, Field: "A\nB", Err: io.EOF}
	require.Equal(t, `"A\nB": does not verify: EOF`, g.String())
}
