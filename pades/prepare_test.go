package pades_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
)

var deterministic = []testpki.KeyType{testpki.RSA2048, testpki.Ed25519}

// rawSignature is what a key far away makes.
func rawSignature(t testing.TB, key crypto.Signer, p *pades.Prepared) []byte {
	t.Helper()
	var o crypto.SignerOpts = p.Algorithm().Hash
	if p.Algorithm().Scheme == cms.Ed25519 {
		o = crypto.Hash(0)
	}
	s, err := key.Sign(rand.Reader, p.SignatureDigest(), o)
	require.NoError(t, err)
	return s
}

func TestTwoStepsEqualOne(t *testing.T) {
	for _, form := range testpdf.Forms {
		for _, kind := range deterministic {
			t.Run(form.String()+"/"+kind.String(), func(t *testing.T) {
				original := testpdf.Contract(2, form).Bytes()
				s := signer(t, &testpki.Request{KeyType: kind})
				o := &pades.SignOptions{Name: "山田太郎", Location: "東京", Commitments: []asn1.ObjectIdentifier{{1, 2, 840, 113549, 1, 9, 16, 6, 1}}}
				one := document(t, original)
				require.NoError(t, one.Sign(t.Context(), s, o))

				two := document(t, original)
				p, err := two.Prepare(t.Context(), &pades.Signer{Chain: s.Chain}, o)
				require.NoError(t, err)
				require.Equal(t, original, content(t, two), "Prepare leaves the document as it is")
				value := rawSignature(t, s.Key, p)
				require.NoError(t, two.Complete(t.Context(), p, value, nil))
				require.True(t, bytes.Equal(content(t, one), content(t, two)))

				state, err := p.MarshalBinary()
				require.NoError(t, err)
				var read pades.Prepared
				require.NoError(t, read.UnmarshalBinary(state))
				three := document(t, original)
				require.NoError(t, three.Complete(t.Context(), &read, value, nil))
				require.True(t, bytes.Equal(content(t, one), content(t, three)))

				err = three.Complete(t.Context(), &read, value, nil)
				require.ErrorIs(t, err, pades.ErrChanged, "a second time is another document")
			})
		}
	}
}

// TestTwoProcesses prepares here, and completes in a process of its own.
func TestTwoProcesses(t *testing.T) {
	if dir := os.Getenv("INKAN_COMPLETE_IN"); dir != "" {
		completeHere(t, dir)
		return
	}
	for _, kind := range deterministic {
		t.Run(kind.String(), func(t *testing.T) {
			dir := t.TempDir()
			s := signer(t, &testpki.Request{KeyType: kind})
			write(t, filepath.Join(dir, "in.pdf"), testpdf.Contract(2, testpdf.Stream).Bytes())
			d, err := pades.Open(filepath.Join(dir, "in.pdf"), fixed)
			require.NoError(t, err)
			defer d.Close() //nolint:errcheck // only read
			o := &pades.SignOptions{Reason: "承認", NewField: "Board"}
			p, err := d.Prepare(t.Context(), &pades.Signer{Chain: s.Chain}, o)
			require.NoError(t, err)
			state, err := p.MarshalBinary()
			require.NoError(t, err)
			write(t, filepath.Join(dir, "state"), state)
			write(t, filepath.Join(dir, "signature"), rawSignature(t, s.Key, p))

			c := exec.Command(os.Args[0], "-test.run=^TestTwoProcesses$")
			c.Env = append(os.Environ(), "INKAN_COMPLETE_IN="+dir)
			out, err := c.CombinedOutput()
			require.NoError(t, err, "%s", out)

			require.NoError(t, d.Sign(t.Context(), s, o))
			got, err := os.ReadFile(filepath.Join(dir, "out.pdf"))
			require.NoError(t, err)
			require.True(t, bytes.Equal(content(t, d), got))
		})
	}
}

func completeHere(t *testing.T, dir string) {
	state, err := os.ReadFile(filepath.Join(dir, "state"))
	require.NoError(t, err)
	signature, err := os.ReadFile(filepath.Join(dir, "signature"))
	require.NoError(t, err)
	d, err := pades.Open(filepath.Join(dir, "in.pdf"), nil)
	require.NoError(t, err)
	defer d.Close() //nolint:errcheck // only read
	var p pades.Prepared
	require.NoError(t, p.UnmarshalBinary(state))
	require.NoError(t, d.Complete(t.Context(), &p, signature, nil))
	require.NoError(t, d.WriteFile(filepath.Join(dir, "out.pdf")))
}

func prepared(t testing.TB, kind testpki.KeyType) (original []byte, s *pades.Signer, p *pades.Prepared) {
	original = testpdf.Contract(1, testpdf.Table).Bytes()
	s = signer(t, &testpki.Request{KeyType: kind})
	p, err := document(t, original).Prepare(t.Context(), &pades.Signer{Chain: s.Chain}, nil)
	require.NoError(t, err)
	return original, s, p
}

func TestCompleteRefusals(t *testing.T) {
	original, s, p := prepared(t, testpki.RSA2048)
	value := rawSignature(t, s.Key, p)
	d := document(t, original)

	wrong := bytes.Clone(value)
	wrong[9] ^= 1
	require.ErrorIs(t, d.Complete(t.Context(), p, wrong, nil), pades.ErrSignature)
	require.ErrorIs(t, d.Complete(t.Context(), p, nil, nil), pades.ErrSignature)
	require.ErrorIs(t, d.Complete(t.Context(), nil, value, nil), pades.ErrOptions)
	require.ErrorIs(t, d.Complete(t.Context(), p, value, &pades.SignOptions{Level: 7}), pades.ErrOptions)
	require.Equal(t, original, content(t, d))

	changed := bytes.Replace(original, []byte("100 yen"), []byte("999 yen"), 1)
	require.ErrorIs(t, document(t, changed).Complete(t.Context(), p, value, nil), pades.ErrChanged)
	longer := append(bytes.Clone(original), '\n')
	require.ErrorIs(t, document(t, longer).Complete(t.Context(), p, value, nil), pades.ErrChanged)

	require.NoError(t, d.Complete(t.Context(), p, value, nil), "after all that it still can be completed")
}

// TestTamperedState changes every byte of a state in turn: what can still be
// completed differs at most in what no signature covers, the certificates that
// accompany the signer's.
func TestTamperedState(t *testing.T) {
	original, s, p := prepared(t, testpki.Ed25519)
	value := rawSignature(t, s.Key, p)
	state, err := p.MarshalBinary()
	require.NoError(t, err)
	want := document(t, original)
	require.NoError(t, want.Complete(t.Context(), p, value, nil))
	whole, accepted := content(t, want), 0
	for i := range state {
		changed := bytes.Clone(state)
		changed[i] ^= 1
		var read pades.Prepared
		if read.UnmarshalBinary(changed) != nil {
			continue
		}
		d := document(t, original)
		if d.Complete(t.Context(), &read, value, nil) != nil {
			require.True(t, bytes.Equal(original, content(t, d)))
			continue
		}
		data := content(t, d)
		f := signatures(t, data)[0]
		checkSignature(t, data, f, len(data))
		start, end := f.Signature.Contents.Start, f.Signature.Contents.End
		require.Equal(t, string(whole[:start]), string(data[:start]), "byte %d", i)
		require.Equal(t, string(whole[end:]), string(data[end:]), "byte %d", i)
		accepted++
	}
	require.Less(t, accepted, len(s.Chain[1].Raw))
}

func TestUnmarshalRefusals(t *testing.T) {
	_, _, p := prepared(t, testpki.Ed25519)
	state, err := p.MarshalBinary()
	require.NoError(t, err)
	var read pades.Prepared
	for name, b := range map[string][]byte{
		"nothing": nil, "text": []byte("hello"), "truncated": state[:len(state)-1], "longer": append(bytes.Clone(state), 0),
		"too long": make([]byte, 64<<20+1),
	} {
		require.Error(t, read.UnmarshalBinary(b), name)
	}
	for attributes, ok := range map[int]bool{pades.MaxAttributes: true, pades.MaxAttributes + 1: false} {
		many, err := pades.Padded(p, attributes).MarshalBinary()
		require.NoError(t, err)
		require.Equal(t, ok, read.UnmarshalBinary(many) == nil, "%d attributes", attributes)
	}
	at := bytes.Index(state, []byte{2, 1, 1})
	require.Positive(t, at)
	newer := bytes.Clone(state)
	newer[at+2] = 2
	require.ErrorContains(t, read.UnmarshalBinary(newer), "version 2")
}

// FuzzPrepared: a hostile state, with a signature that is right for the honest one. What can
// be completed differs at most in the certificates that no signature covers.
func FuzzPrepared(f *testing.F) {
	type seed struct {
		original, value, object, whole []byte
	}
	var seeds []seed
	for _, kind := range deterministic {
		original, s, p := prepared(f, kind)
		state, err := p.MarshalBinary()
		require.NoError(f, err)
		f.Add(state, len(seeds))
		digest, _ := p.DocumentDigest()
		d := document(f, original)
		value := rawSignature(f, s.Key, p)
		require.NoError(f, d.Complete(f.Context(), p, value, nil))
		seeds = append(seeds, seed{original, value, outsideCMS(f, s, nil, digest), content(f, d)})

		unknown, err := document(f, original).Prepare(f.Context(), &pades.Signer{Algorithm: p.Algorithm()}, &pades.SignOptions{Reason: "unknown"})
		require.NoError(f, err)
		state, err = unknown.MarshalBinary()
		require.NoError(f, err)
		f.Add(state, len(seeds))
		digest, _ = unknown.DocumentDigest()
		d = document(f, original)
		object := outsideCMS(f, s, nil, digest)
		require.NoError(f, d.CompleteCMS(f.Context(), unknown, object, nil))
		seeds = append(seeds, seed{original, value, object, content(f, d)})
	}
	require.Len(f, seeds, 4)
	f.Fuzz(func(t *testing.T, state []byte, which int) {
		s := seeds[uint(which)%uint(len(seeds))]
		var p pades.Prepared
		if p.UnmarshalBinary(state) != nil {
			return
		}
		again, err := p.MarshalBinary()
		require.NoError(t, err)
		require.Equal(t, state, again, "what can be read is written equal")
		p.SignatureDigest()
		d := document(t, s.original)
		require.Error(t, d.Complete(t.Context(), &p, []byte("no signature"), nil))
		require.Equal(t, s.original, content(t, d))
		errRaw, errCMS := d.Complete(t.Context(), &p, s.value, nil), error(nil)
		if errRaw != nil {
			errCMS = d.CompleteCMS(t.Context(), &p, s.object, nil)
		}
		data := content(t, d)
		if errCMS != nil {
			require.Equal(t, s.original, data)
			return
		}
		at := signatures(t, data)[0].Signature.Contents
		checkSignature(t, data, signatures(t, data)[0], len(data))
		require.Equal(t, string(s.whole[:at.Start]), string(data[:at.Start]))
		require.Equal(t, string(s.whole[at.End:]), string(data[at.End:]))
	})
}

// outsideCMS makes a CMS object as a signing service does that gets a digest alone.
func outsideCMS(t testing.TB, s *pades.Signer, change func(*cms.Template), digest []byte) []byte {
	t.Helper()
	a, err := cms.AlgorithmFor(s.Key.Public())
	require.NoError(t, err)
	template := &cms.Template{Algorithm: a, ContentType: cms.OIDData, ContentDigest: digest, Certificate: s.Chain[0], Chain: s.Chain[1:]}
	if change != nil {
		change(template)
	}
	attributes, err := template.SignedAttributes()
	require.NoError(t, err)
	value, err := cms.Sign(t.Context(), rand.Reader, s.Key, template.Algorithm, attributes)
	require.NoError(t, err)
	object, err := template.SignedData(attributes, value)
	require.NoError(t, err)
	return object
}

func TestCompleteCMS(t *testing.T) {
	original := testpdf.Contract(1, testpdf.Hybrid).Bytes()
	s := signer(t, &testpki.Request{KeyType: testpki.P256})
	d := document(t, original)
	p, err := d.Prepare(t.Context(), &pades.Signer{}, nil)
	require.NoError(t, err)
	require.Nil(t, p.ToBeSigned())
	require.Nil(t, p.SignatureDigest())
	require.ErrorIs(t, d.Complete(t.Context(), p, []byte{1}, nil), pades.ErrOptions)
	digest, hash := p.DocumentDigest()
	require.Equal(t, crypto.SHA256, hash)
	digest[0] ^= 1
	again, _ := p.DocumentDigest()
	require.NotEqual(t, digest, again, "a copy")
	digest = again

	state, err := p.MarshalBinary()
	require.NoError(t, err)
	var read pades.Prepared
	require.NoError(t, read.UnmarshalBinary(state))

	good := outsideCMS(t, s, nil, digest)
	indefinite := append([]byte{0x30, 0x80}, good[4:]...)
	for name, der := range map[string][]byte{
		"nothing":        nil,
		"garbage":        []byte("garbage"),
		"bytes behind":   append(bytes.Clone(good), 0),
		"BER":            append(indefinite, 0, 0),
		"other digest":   outsideCMS(t, s, nil, make([]byte, 32)),
		"other hash":     outsideCMS(t, s, func(c *cms.Template) { c.Algorithm.Hash, c.ContentDigest = crypto.SHA384, make([]byte, 48) }, nil),
		"signing time":   outsideCMS(t, s, func(c *cms.Template) { c.SigningTime = testpki.Now() }, digest),
		"content inside": outsideCMS(t, s, func(c *cms.Template) { c.Content, c.ContentDigest = []byte("x"), nil }, nil),
		"altered":        func() []byte { b := bytes.Clone(good); b[len(b)-5] ^= 1; return b }(),
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorIs(t, d.CompleteCMS(t.Context(), &read, der, nil), pades.ErrSignature)
			require.Equal(t, original, content(t, d))
		})
	}
	var room *pades.RoomError
	require.ErrorAs(t, d.CompleteCMS(t.Context(), &read, make([]byte, p.Room()+1), nil), &room)
	require.Equal(t, p.Room()+1, room.Need)
	require.False(t, errors.As(os.ErrClosed, &room))

	require.NoError(t, d.CompleteCMS(t.Context(), &read, good, nil))
	data := content(t, d)
	checkSignature(t, data, signatures(t, data)[0], len(data))

	require.ErrorIs(t, d.CompleteCMS(t.Context(), nil, good, nil), pades.ErrOptions)
}

// TestCompleteCMSUnsigned: what stands in a CMS object besides the signature, and no signature
// covers, is refused where it is wrong; a time stamp that the service put there stays.
func TestCompleteCMSUnsigned(t *testing.T) {
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	s := signer(t, &testpki.Request{KeyType: testpki.P256})
	d := document(t, original)
	p, err := d.Prepare(t.Context(), &pades.Signer{}, nil)
	require.NoError(t, err)
	digest, _ := p.DocumentDigest()
	sd, _, err := cms.Parse(outsideCMS(t, s, nil, digest))
	require.NoError(t, err)
	stamper := signer(t, &testpki.Request{Profile: testpki.TimeStamperProfile})
	authority := &tsa.Responder{Key: stamper.Key, Certificate: stamper.Chain[0], Chain: stamper.Chain, Policies: []asn1.ObjectIdentifier{{1, 2, 3}}, Now: testpki.Now}
	stampOver := func(data []byte) []byte {
		imprint := sha256.Sum256(data)
		response, err := authority.Timestamp(t.Context(), &tsa.Request{Digest: imprint[:], Hash: crypto.SHA256})
		require.NoError(t, err)
		return response.Token.Raw
	}
	with := func(oid asn1.ObjectIdentifier, value []byte) []byte {
		der, err := sd.AddUnsigned(cms.Attribute{Type: oid, Values: [][]byte{value}})
		require.NoError(t, err)
		return der
	}
	for name, der := range map[string][]byte{
		"a stamp that is none":        with(cms.OIDSignatureTimeStamp, []byte{5, 0}),
		"a stamp over something else": with(cms.OIDSignatureTimeStamp, stampOver([]byte("something else"))),
		"a countersignature":          with(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 6}, []byte{0x30, 0}),
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorIs(t, d.CompleteCMS(t.Context(), p, der, nil), pades.ErrSignature)
			require.Equal(t, original, content(t, d))
		})
	}
	stamped := with(cms.OIDSignatureTimeStamp, stampOver(sd.SignerInfos[0].Signature))
	require.NoError(t, d.CompleteCMS(t.Context(), p, stamped, nil))
}

func TestCompleteCMSOfAnotherSigner(t *testing.T) {
	original, _, p := prepared(t, testpki.RSA2048)
	digest, _ := p.DocumentDigest()
	other := signer(t, &testpki.Request{Role: testpki.OtherRole})
	err := document(t, original).CompleteCMS(t.Context(), p, outsideCMS(t, other, nil, digest), nil)
	require.ErrorIs(t, err, pades.ErrSignature)
}
