package interop_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// withoutValue returns a signed file, up to the end of its signature, with the security
// store that the whole file has but for one value.
func withoutValue(t *testing.T, whole []byte, store *sigdict.Store, less pdf.Reference) []byte {
	t.Helper()
	f, err := pdf.Open(bytes.NewReader(whole), int64(len(whole)), nil)
	require.NoError(t, err)
	signed := bytes.Clone(whole[:f.Revisions[1].EndEOL])
	f, err = pdf.Open(bytes.NewReader(signed), int64(len(signed)), nil)
	require.NoError(t, err)
	catalog, err := f.Latest().Catalog()
	require.NoError(t, err)
	u := pdf.NewUpdate(f.Latest())
	body := []byte("<<")
	for key, list := range map[string][]pdf.Reference{"/Certs[": store.Certificates, "/OCSPs[": store.OCSPs, "/CRLs[": store.CRLs} {
		body = append(body, key...)
		for _, ref := range list {
			if ref == less {
				continue
			}
			der, err := store.Value(ref)
			require.NoError(t, err)
			copied := u.New()
			u.PutStream(copied, []byte("<<>>"), der)
			body = append(pdf.AppendReference(body, copied), ' ')
		}
		body = append(body, ']')
	}
	u.Replace(catalog, pdf.Edit(catalog).Set("DSS", append(body, ">>"...)).Bytes())
	tail, err := u.Build()
	require.NoError(t, err)
	return append(signed, tail.Bytes...)
}

// TestRemoval takes one piece of revocation data at a time out of a B-LT file of ours.
// pyHanko and verify do not pass it any more; EU DSS passes it where only the time stamp
// lacks it, and says so of the time stamp.
func TestRemoval(t *testing.T) {
	s := newServices(t)
	judges := adesPeers(t)
	id := s.signer(t, testpki.P256)
	whole := s.sign(t, testpdf.Contract(1, testpdf.Table).Bytes(), "", &pades.Signer{Key: id.Key, Chain: id.Chain}, pades.BLT)
	f, err := pdf.Open(bytes.NewReader(whole), int64(len(whole)), nil)
	require.NoError(t, err)
	store, err := sigdict.ReadStore(f.Latest())
	require.NoError(t, err)
	require.Len(t, store.OCSPs, 2, "signer, time-stamping authority")
	require.Len(t, store.CRLs, 1, "the issuer of both")
	passedByDSS := 0
	for _, less := range append(append([]pdf.Reference{{}}, store.OCSPs...), store.CRLs...) {
		data := withoutValue(t, whole, store, less)
		file := write(t, "less.pdf", data)
		report, _ := verify.Reader(context.Background(), bytes.NewReader(data), int64(len(data)), &verify.Options{Trust: s.pki.PKI.Pool()})
		assert.Equal(t, less.IsZero(), report.Passed())
		for _, judge := range judges {
			answer := judge.do(t, s.judgeTask(file, "", pades.BLT))
			require.Empty(t, answer.Error)
			signature := answer.Signatures[0]
			switch {
			case less.IsZero():
				assert.Contains(t, signature.Indication, "PASSED")
			case judge.name == "EU DSS" && signature.Indication == "TOTAL_PASSED":
				passedByDSS++
				assert.Equal(t, "INDETERMINATE", answer.Timestamps[0].Indication)
			default:
				assert.Equal(t, "INDETERMINATE", signature.Indication)
				assert.Equal(t, signature.SubIndication, string(report.Signatures[0].SubIndication), judge.name)
			}
		}
	}
	assert.Equal(t, 1, passedByDSS)
}
