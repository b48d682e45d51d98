package pades_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
)

// house is an infrastructure with everything that the levels need, and a signer in it.
type house struct {
	*testpki.Server
	signer *pades.Signer
}

func newHouse(t testing.TB) *house {
	t.Helper()
	s, err := testpki.NewServer(nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	id, err := s.Issue(&testpki.Request{})
	require.NoError(t, err)
	return &house{Server: s, signer: &pades.Signer{Key: id.Key, Chain: id.Chain}}
}

func (h *house) source() *fetch.Client {
	return &fetch.Client{Resolver: h, Dial: h.DialContext, Now: h.PKI.Now, Timeout: 30 * time.Second}
}

func (h *house) tsa() *tsa.Client { return &tsa.Client{URL: h.URL(testpki.TSAService), Now: h.PKI.Now} }

func (h *house) document(t testing.TB, data []byte) *pades.Document {
	t.Helper()
	d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), &pades.OpenOptions{Now: h.PKI.Now})
	require.NoError(t, err)
	return d
}

func (h *house) options(level pades.Level) *pades.SignOptions {
	o := &pades.SignOptions{Level: level}
	if level >= pades.BT {
		o.TSA = h.tsa()
	}
	if level >= pades.BLT {
		o.Revocation, o.Trust = h.source(), h.PKI.Pool()
	}
	return o
}

// store reads the security store of a file.
func store(t testing.TB, data []byte) *sigdict.Store {
	t.Helper()
	s, err := sigdict.ReadStore(open(t, data).Latest())
	require.NoError(t, err)
	return s
}

func TestSignBLTA(t *testing.T) {
	for _, form := range testpdf.Forms {
		t.Run(form.String(), func(t *testing.T) {
			h := newHouse(t)
			original := testpdf.Contract(1, form).Bytes()
			d := h.document(t, original)
			require.NoError(t, d.Sign(t.Context(), h.signer, h.options(pades.BLTA)))
			data := content(t, d)
			require.True(t, bytes.HasPrefix(data, original))
			signed := signatures(t, data)
			require.Len(t, signed, 2)
			require.Equal(t, "Timestamp1", signed[1].Name)
			require.Equal(t, sigdict.SubFilterRFC3161, signed[1].Signature.SubFilter)
			require.Equal(t, 2, h.Stamps())

			s := store(t, data)
			require.Len(t, s.OCSPs, 3, "signer, authority, time-stamping authority")
			require.Empty(t, s.CRLs)
			require.Empty(t, s.Certificates, "all came with the signature or its time stamp")
			require.Equal(t, 3, h.Requests(testpki.OCSPService))
			require.Zero(t, h.Requests(testpki.CRLService))
		})
	}
}
