package contract_test

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"hash"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
	"github.com/inkan-go/inkan/verifytest"
)

// BenchmarkContract takes a contract of three parties from the draft to B-LTA (whole-ns)
// and, in turn with it, does what no contract can be without (raw-ns):
//
//   - one operation of each party's key, three in all;
//   - the time stamps that are bought: over the signature of the third party, over the document
//     for the two whose signatures have none, and over all of it;
//   - the digest under each of the three signatures and two document time stamps: from the
//     second on of what was added alone, since a running hash goes on.
//
// Verifying is not counted as raw, though the contract verifies every signature, token,
// certificate and piece of revocation data that it archives. The services are in this
// process and on the loopback interface, and the client of the revocation data remembers
// what it fetched, as that of a platform does. The platform, the parties and the
// time-stamping authority have keys of the type in the name of the benchmark, the
// certification authorities ones on P-256. Ratio is that of the medians (design: at most
// two with RSA-2048), least-ratio that of the fastest tenths.
func BenchmarkContract(b *testing.B) {
	for _, kind := range []testpki.KeyType{testpki.RSA2048, testpki.P256} {
		b.Run(kind.String(), func(b *testing.B) {
			d := newBenchDesk(b, kind)
			document := slices.Clone(d.store.documents[0])
			var whole, raw []time.Duration
			for b.Loop() {
				d.store = &memory{documents: [][]byte{document}}
				start := time.Now()
				c := d.run(b)
				whole = append(whole, time.Since(start))
				start = time.Now()
				d.rawOperations(b, c)
				raw = append(raw, time.Since(start))
			}
			slices.Sort(whole)
			slices.Sort(raw)
			b.ReportMetric(float64(whole[len(whole)/2])/float64(raw[len(raw)/2]), "ratio")
			b.ReportMetric(float64(whole[len(whole)/10])/float64(raw[len(raw)/10]), "least-ratio")
			b.ReportMetric(float64(whole[len(whole)/2]), "whole-ns")
			b.ReportMetric(float64(raw[len(raw)/2]), "raw-ns")
		})
	}
}

// rawOperations does what the contract that was just run cannot be without.
func (d *desk) rawOperations(b *testing.B, c *contract.Contract) {
	document, running, at := d.store.documents[0], sha256.New(), int64(0)
	stamp := func(digest []byte) {
		_, err := d.TSA.Timestamp(b.Context(), &tsa.Request{Digest: digest})
		require.NoError(b, err)
	}
	keys := map[string]crypto.Signer{"town": d.Signer.Key, "abc": d.Signer.Key, "chief": d.party.Key}
	require.Len(b, c.Record.Signatures, 5)
	for _, s := range c.Record.Signatures {
		r := s.ByteRange
		running.Write(document[at:r[1]])
		covered, err := running.(hash.Cloner).Clone()
		require.NoError(b, err)
		covered.Write(document[r[2] : r[2]+r[3]])
		at = r[1]
		if s.Participant == "" {
			stamp(covered.Sum(nil))
			continue
		}
		value, err := keys[s.Participant].Sign(rand.Reader, covered.Sum(nil), crypto.SHA256)
		require.NoError(b, err)
		if s.Level == pades.BT.String() {
			digest := sha256.Sum256(value)
			stamp(digest[:])
		}
	}
}

// newBenchDesk is newDesk with keys of a type for the platform, the party and the
// time-stamping authority.
func newBenchDesk(b *testing.B, kind testpki.KeyType) *desk {
	server, err := testpki.NewServer(&testpki.Options{Now: time.Now(), Keys: testpki.FreshKeys})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, server.Close()) })
	issue := func(profile testpki.Profile, name string) *testpki.Identity {
		key, err := testpki.FreshKeys("", kind)
		require.NoError(b, err)
		id, err := server.Issue(&testpki.Request{Profile: profile, Subject: testpki.Person(name), Key: key})
		require.NoError(b, err)
		return id
	}
	authority := issue(testpki.TimeStamperProfile, "TSA")
	stamps := httptest.NewServer(&tsa.Responder{
		Key: authority.Key, Certificate: authority.Certificate, Chain: authority.Chain[1:],
		Policies: []asn1.ObjectIdentifier{{1, 2, 3, 4, 1}},
	})
	b.Cleanup(stamps.Close)
	party, platform := issue(testpki.SignerProfile, "岡島花子"), issue(testpki.SignerProfile, "Inkan Sign")
	return &desk{
		store: &memory{documents: [][]byte{verifytest.Document()}},
		party: &pades.Signer{Key: party.Key, Chain: party.Chain},
		Platform: &contract.Platform{
			Name: "Inkan Sign", Signer: &pades.Signer{Key: platform.Key, Chain: platform.Chain}, Trust: server.PKI.Pool(),
			TSA:        &tsa.Client{URL: stamps.URL},
			Revocation: &fetch.Client{Resolver: server, Dial: server.DialContext},
		},
	}
}
