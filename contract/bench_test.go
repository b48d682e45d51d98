package contract_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/asn1"
	"hash"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
	"github.com/inkan-go/inkan/verifytest"
)

// BenchmarkContract takes a contract of three parties from the draft to B-LTA (whole-ns)
// and, in turn with it, does with the same keys what no contract can be without:
//
//   - one signature of each party's key, three in all;
//   - the three time stamps that are bought: over the signature of the third party, over the
//     document for the two whose signatures have none, and over all of it;
//   - the digest under each of these five, from the second on of what was added alone,
//     since a running hash goes on;
//   - each signature verified once after it was made, and the three and the token in the third
//     once more before the conclusion, which may be years later and in another process;
//   - the signature of each certificate verified once: those of the platform, the party and the
//     time-stamping authority, of the authority above, and of its OCSP responder.
//
// Ratio is that of the medians (design: at most two with RSA-2048), least-ratio that of the
// fastest tenths; without the last two points it is signing-ratio. That the
// steps read the document anew, compare it with its record, parse what stands in it and store their state
// is not counted as raw. The services are in this process and on the loopback interface; the client of
// the revocation data remembers what it fetched, and the signatures on it, as that of a platform
// does. The platform, the party and the time-stamping authority have keys of the type in
// the name of the benchmark, the authorities above them ones on P-256.
func BenchmarkContract(b *testing.B) {
	for _, kind := range []testpki.KeyType{testpki.RSA2048, testpki.P256} {
		b.Run(kind.String(), func(b *testing.B) {
			d := newBenchDesk(b, kind)
			document := slices.Clone(d.store.documents[0])
			var whole, making, raw []time.Duration
			for b.Loop() {
				d.store = &memory{documents: [][]byte{document}}
				start := time.Now()
				c := d.run(b)
				whole = append(whole, time.Since(start))
				start = time.Now()
				made := d.make(b, c)
				making = append(making, time.Since(start))
				d.verify(b, made)
				raw = append(raw, time.Since(start))
			}
			for _, list := range [][]time.Duration{whole, making, raw} {
				slices.Sort(list)
			}
			ratio := func(a, b []time.Duration, part int) float64 { return float64(a[len(a)/part]) / float64(b[len(b)/part]) }
			b.ReportMetric(ratio(whole, raw, 2), "ratio")
			b.ReportMetric(ratio(whole, raw, 10), "least-ratio")
			b.ReportMetric(ratio(whole, making, 2), "signing-ratio")
			b.ReportMetric(float64(whole[len(whole)/2]), "whole-ns")
			b.ReportMetric(float64(raw[len(raw)/2]), "raw-ns")
		})
	}
}

// benchDesk is a desk that knows the certificates of its authorities.
type benchDesk struct {
	*desk
	issued [][2]*certificate.Certificate // each with its issuer
}

// made is what make made: signatures over digests, and the token over the last of them.
type made struct {
	signers         []*pades.Signer
	digests, values [][]byte
	token           *tsa.Token
}

// make makes the signatures and stamps of the contract that was just run anew, over the
// digests that they are over.
func (d *benchDesk) make(b *testing.B, c *contract.Contract) *made {
	document, running, at := d.store.documents[0], sha256.New(), int64(0)
	stamp := func(digest []byte) *tsa.Token {
		r, err := d.TSA.Timestamp(b.Context(), &tsa.Request{Digest: digest})
		require.NoError(b, err)
		return r.Token
	}
	signers := map[string]*pades.Signer{"town": d.Signer, "abc": d.Signer, "chief": d.party}
	require.Len(b, c.Record.Signatures, 5)
	out := &made{}
	for _, s := range c.Record.Signatures {
		r := s.ByteRange
		running.Write(document[at:r[1]])
		covered, err := running.(hash.Cloner).Clone()
		require.NoError(b, err)
		covered.Write(document[r[2] : r[2]+r[3]])
		at = r[1]
		digest := covered.Sum(nil)
		if s.Participant == "" {
			stamp(digest)
			continue
		}
		signer := signers[s.Participant]
		value, err := signer.Key.Sign(rand.Reader, digest, crypto.SHA256)
		require.NoError(b, err)
		out.signers, out.digests, out.values = append(out.signers, signer), append(out.digests, digest), append(out.values, value)
		if s.Level == pades.BT.String() {
			over := sha256.Sum256(value)
			out.token = stamp(over[:])
		}
	}
	return out
}

// verify verifies what was made, and the certificates.
func (d *benchDesk) verify(b *testing.B, m *made) {
	for range 2 {
		for i, s := range m.signers {
			switch key := s.Key.Public().(type) {
			case *rsa.PublicKey:
				require.NoError(b, rsa.VerifyPKCS1v15(key, crypto.SHA256, m.digests[i], m.values[i]))
			case *ecdsa.PublicKey:
				require.True(b, ecdsa.VerifyASN1(key, m.digests[i], m.values[i]))
			default:
				require.Fail(b, "unknown key")
			}
		}
	}
	over := sha256.Sum256(m.values[2])
	_, err := m.token.Verify(over[:])
	require.NoError(b, err)
	for _, c := range d.issued {
		require.NoError(b, c[0].CheckSignatureFrom(c[1]))
	}
}

// newBenchDesk is newDesk with keys of a type for the platform, the party and the
// time-stamping authority.
func newBenchDesk(b *testing.B, kind testpki.KeyType) *benchDesk {
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
	root, authorities := server.PKI.Root.Certificate, server.Issuing.Certificate
	issued := [][2]*certificate.Certificate{
		{platform.Certificate, authorities}, {party.Certificate, authorities}, {authority.Certificate, authorities},
		{server.Responder.Certificate, authorities}, {authorities, root},
	}
	return &benchDesk{issued: issued, desk: &desk{
		store: &memory{documents: [][]byte{verifytest.Document()}},
		party: &pades.Signer{Key: party.Key, Chain: party.Chain},
		Platform: &contract.Platform{
			Name: "Inkan Sign", Signer: &pades.Signer{Key: platform.Key, Chain: platform.Chain}, Trust: server.PKI.Pool(),
			TSA:        &tsa.Client{URL: stamps.URL},
			Revocation: &fetch.Client{Resolver: server, Dial: server.DialContext},
		},
	}}
}
