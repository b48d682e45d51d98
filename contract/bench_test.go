package contract_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
)

// BenchmarkContract runs a contract of three parties to B-LTA against what it cannot do
// without: three operations of an RSA-2048 key, the digests of the file as it grows, and as
// many time stamps, of services in this process (design: at most twice).
func BenchmarkContract(b *testing.B) {
	d := newDesk(b)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(b, err)
	document := slices.Clone(d.store.documents[0])
	var whole, raw []time.Duration
	for b.Loop() {
		d.store = &memory{documents: [][]byte{document}}
		start := time.Now()
		c, err := d.Create(b.Context(), d.draft(), d.store)
		require.NoError(b, err)
		require.NoError(b, d.Prepare(b.Context(), c, d.store, nil))
		for _, who := range []string{"town", "abc"} {
			d.identify(b, c, who, who+"@example.com")
			d.sign(b, c, &contract.SignRequest{Participant: who})
		}
		d.sign(b, c, &contract.SignRequest{Participant: "chief", Signer: d.party, Level: pades.BT})
		require.NoError(b, d.Conclude(b.Context(), c, d.store))
		whole = append(whole, time.Since(start))

		start = time.Now()
		digest := sha256.Sum256(d.store.documents[0])
		for range 3 {
			_, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
			require.NoError(b, err)
		}
		for range 3 { // over the signature of the third, and two over the document
			_, err := d.TSA.Timestamp(b.Context(), &tsa.Request{Digest: digest[:]})
			require.NoError(b, err)
		}
		raw = append(raw, time.Since(start))
	}
	slices.Sort(whole)
	slices.Sort(raw)
	b.ReportMetric(float64(whole[len(whole)/2])/float64(raw[len(raw)/2]), "ratio")
	b.ReportMetric(float64(raw[len(raw)/2]), "raw-ns")
}
