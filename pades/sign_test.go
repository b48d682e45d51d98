package pades_test

import (
	"bytes"
	"context"
	"crypto"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

func TestThreeSignatures(t *testing.T) {
	for _, form := range testpdf.Forms {
		t.Run(form.String(), func(t *testing.T) {
			original := testpdf.Contract(3, form).Bytes()
			d := document(t, original)
			s := signer(t, nil)
			var ends []int
			last := original
			for _, name := range testpki.JapaneseNames()[:3] {
				o := &pades.SignOptions{Name: name, Reason: name + "が承認", Location: "東京", ContactInfo: name + "@example.jp"}
				require.NoError(t, d.Sign(t.Context(), s, o))
				next := content(t, d)
				require.True(t, bytes.HasPrefix(next, last), "earlier bytes are left alone")
				last = next
				ends = append(ends, len(next))
			}
			signed := signatures(t, last)
			require.Len(t, signed, 3)
			for i, f := range signed {
				name := testpki.JapaneseNames()[i]
				checkSignature(t, last, f, ends[i])
				require.Equal(t, name, f.Signature.Name)
				require.Equal(t, name+"が承認", f.Signature.Reason)
				require.Equal(t, "東京", f.Signature.Location)
				require.Equal(t, name+"@example.jp", f.Signature.ContactInfo)
			}
			require.Equal(t, []string{"Signature1", "Signature2", "Signature3"}, []string{signed[0].Name, signed[1].Name, signed[2].Name})

			f := open(t, last)
			require.Len(t, f.Revisions, 4)
			for _, section := range f.Sections {
				require.Equal(t, form == testpdf.Stream, section.Stream)
			}
			require.False(t, f.Sections[len(f.Sections)-1].Hybrid)
			keepsForm(t, f)
		})
	}
}

// keepsForm checks that what testpdf.Contract has in its form is still there.
func keepsForm(t *testing.T, f *pdf.File) {
	v := f.Latest()
	for number, want := range map[int64]string{5: "(Higashikagura Town)", 3: "/DA(/Helv 0 Tf 0 g)", 8: "(Service contract)"} {
		o, err := v.Object(pdf.Reference{Number: number})
		require.NoError(t, err)
		require.Contains(t, string(o.Raw), want)
	}
	if v.File().Sections[0].Hybrid {
		o, err := v.Object(pdf.Reference{Number: 9})
		require.NoError(t, err)
		require.Contains(t, string(o.Raw), "HybridOnly")
	}
}

func TestAlgorithms(t *testing.T) {
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	for _, kind := range testpki.KeyTypes() {
		if kind == testpki.RSA1024 {
			continue // too short to sign with
		}
		t.Run(kind.String(), func(t *testing.T) {
			d := document(t, original)
			require.NoError(t, d.Sign(t.Context(), signer(t, &testpki.Request{KeyType: kind}), nil))
			data := content(t, d)
			checkSignature(t, data, signatures(t, data)[0], len(data))
		})
	}
	for _, a := range []cms.Algorithm{
		{Scheme: cms.RSA, Hash: crypto.SHA512}, {Scheme: cms.RSAPSS, Hash: crypto.SHA256},
		{Scheme: cms.RSAPSS, Hash: crypto.SHA3_384}, {Scheme: cms.RSA, Hash: crypto.SHA3_256},
	} {
		t.Run(a.String(), func(t *testing.T) {
			d := document(t, original)
			s := signer(t, nil)
			s.Algorithm = a
			require.NoError(t, d.Sign(t.Context(), s, nil))
			data := content(t, d)
			checkSignature(t, data, signatures(t, data)[0], len(data))
		})
	}
}

// TestDocumentIsReadOnce counts: three signatures hash the document once.
func TestDocumentIsReadOnce(t *testing.T) {
	for _, form := range testpdf.Forms {
		data := padded(form, 3<<20)
		r := &countingReader{ReaderAt: bytes.NewReader(data)}
		d, err := pades.NewDocument(r, int64(len(data)), fixed)
		require.NoError(t, err)
		s := signer(t, nil)
		for range 3 {
			require.NoError(t, d.Sign(t.Context(), s, nil))
		}
		const parsing = 128 << 10
		require.LessOrEqual(t, r.n, int64(len(data)+parsing), form.String())
		out := content(t, d)
		signed := signatures(t, out)
		require.Len(t, signed, 3)
		for i, f := range signed {
			end := len(out)
			if i < 2 {
				four, _ := f.Signature.ByteRange.Four()
				end = int(four[2] + four[3])
			}
			checkSignature(t, out, f, end)
		}
	}
}

func TestSameBytesTwice(t *testing.T) {
	for _, kind := range []testpki.KeyType{testpki.RSA2048, testpki.Ed25519} {
		var runs [2][]byte
		for i := range runs {
			d := document(t, testpdf.Contract(2, testpdf.Stream).Bytes())
			require.NoError(t, d.Sign(t.Context(), signer(t, &testpki.Request{KeyType: kind}), &pades.SignOptions{Time: at(9)}))
			runs[i] = content(t, d)
		}
		require.True(t, bytes.Equal(runs[0], runs[1]), kind.String())
	}
}

// onceKey counts how often it is used, and can fail or lie.
type onceKey struct {
	crypto.Signer
	used int
	fail error
	lie  bool
}

func (k *onceKey) Sign(rand io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	k.used++
	if k.fail != nil {
		return nil, k.fail
	}
	s, err := k.Signer.Sign(rand, digest, o)
	if k.lie {
		s[0] ^= 1
	}
	return s, err
}

func TestKeyIsUsedOnce(t *testing.T) {
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	s := signer(t, nil)
	for name, c := range map[string]struct {
		key  *onceKey
		want error
	}{
		"good":  {&onceKey{}, nil},
		"fails": {&onceKey{fail: io.ErrClosedPipe}, io.ErrClosedPipe},
		"lies":  {&onceKey{lie: true}, pades.ErrSignature},
	} {
		t.Run(name, func(t *testing.T) {
			c.key.Signer = s.Key
			d := document(t, original)
			err := d.Sign(t.Context(), &pades.Signer{Key: c.key, Chain: s.Chain}, nil)
			require.Equal(t, 1, c.key.used)
			if c.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, c.want)
			require.Equal(t, original, content(t, d), "a failed call leaves the document as it was")
			require.NoError(t, d.Sign(t.Context(), s, nil), "and fit for use")
		})
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	key := &onceKey{Signer: signer(t, nil).Key}
	d := document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	err := d.Sign(ctx, &pades.Signer{Key: key, Chain: signer(t, nil).Chain}, nil)
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, key.used)
}

func TestContentsSize(t *testing.T) {
	d := document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	s := signer(t, nil)
	var room *pades.RoomError
	require.ErrorAs(t, d.Sign(t.Context(), s, &pades.SignOptions{ContentsSize: 100}), &room)
	require.Equal(t, 100, room.Room)
	require.NoError(t, d.Sign(t.Context(), s, &pades.SignOptions{ContentsSize: room.Need}), "the size that the error names is enough")
	data := content(t, d)
	checkSignature(t, data, signatures(t, data)[0], len(data))
}
