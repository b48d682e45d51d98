package chains_test

import (
	"crypto/x509"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/stretchr/testify/require"
)

// state is what is wrong with one certificate of a chain.
type state string

const (
	sound    state = "sound"
	expired  state = "expired"
	early    state = "not yet valid"
	revoked  state = "revoked"
	held     state = "on hold"
	later    state = "revoked later"
	forged   state = "forged"
	noCA     state = "not a CA"
	noCerts  state = "may not sign certificates"
	noCRLs   state = "may not sign CRLs"
	critical state = "unknown critical extension"
)

var (
	leafStates      = []state{sound, expired, early, revoked, held, later, forged, critical}
	authorityStates = []state{sound, expired, early, revoked, noCA, noCerts, noCRLs, critical}
	listStates      = []state{sound, expired, early, forged, critical, "missing", "delta", "delta revokes", "delta lifts"}
)

// cell is one chain: leaf, intermediate authority, root.
type cell struct {
	leaf, authority, list state
}

func (c cell) String() string {
	return fmt.Sprintf("leaf %s, authority %s, list %s", c.leaf, c.authority, c.list)
}

// made is a cell with its certificates and CRLs.
type made struct {
	leaf, authority, root *certificate.Certificate
	lists                 [][]byte
}

func (s state) change(c *testpki.Template) {
	now := testpki.Now()
	switch s {
	case expired:
		c.NotAfter = now.Add(-time.Hour)
	case early:
		c.NotBefore = now.Add(2 * time.Hour)
	case noCA:
		c.Extensions[3] = testpki.BasicConstraints(false, -1)
	case noCerts:
		c.Extensions[2] = testpki.KeyUsage(x509.KeyUsageCRLSign)
	case noCRLs:
		c.Extensions[2] = testpki.KeyUsage(x509.KeyUsageCertSign)
	case critical:
		c.Extensions = append(c.Extensions, testpki.Null([]int{1, 2, 3, 4}, true))
	}
}

// entry is about a certificate in that state.
func (s state) entry(c *certificate.Certificate) []testpki.CRLEntry {
	e := testpki.CRLEntry{Serial: c.SerialNumber, Date: testpki.Now(), Reason: 1}
	switch s {
	case revoked:
	case held:
		e.Reason = 6
	case later:
		e.Date = testpki.Now().Add(2 * time.Hour)
	default:
		return nil
	}
	return []testpki.CRLEntry{e}
}

func flip(der []byte) []byte {
	der = append([]byte(nil), der...)
	der[len(der)-1] ^= 1
	return der
}

func (c cell) make(t *testing.T, p *testpki.PKI, key testpki.KeyType) made {
	t.Helper()
	ca, err := p.Issue(&testpki.Request{
		Profile: testpki.AuthorityProfile, Role: testpki.IntermediateRole, KeyType: key, Issuer: p.Root,
		Subject: testpki.Person("matrix"), Change: c.authority.change,
	})
	require.NoError(t, err)
	leaf, err := p.Issue(&testpki.Request{KeyType: key, Issuer: ca, Change: func(x *testpki.Template) {
		x.Extensions = append(x.Extensions[:3:3], testpki.FreshestCRL(&testpki.Point{URL: "http://crl.example/"}))
		c.leaf.change(x)
	}})
	require.NoError(t, err)
	m := made{leaf.Certificate, ca.Certificate, p.Root.Certificate, nil}
	if c.leaf == forged {
		m.leaf, err = certificate.Parse(flip(m.leaf.Raw))
		require.NoError(t, err)
	}
	sign := func(id *testpki.Identity, list testpki.CRL) []byte {
		der, err := id.SignCRL(&list)
		require.NoError(t, err)
		return der
	}
	m.lists = append(m.lists, sign(p.Root, testpki.CRL{Number: big.NewInt(1), Entries: c.authority.entry(m.authority)}))
	list := testpki.CRL{Number: big.NewInt(1), Entries: c.leaf.entry(m.leaf)}
	// A delta CRL must have the authority key identifier of its base.
	id := testpki.AuthorityKeyID(m.authority.SubjectKeyID)
	list.Extensions = append(list.Extensions, id)
	switch c.list {
	case "missing":
		return m
	case expired:
		list.ThisUpdate, list.NextUpdate = testpki.Now().Add(-9*time.Hour), testpki.Now().Add(-time.Hour)
	case early:
		list.ThisUpdate = testpki.Now().AddDate(0, 0, 2)
	case critical:
		list.Extensions = append(list.Extensions, testpki.Null([]int{1, 2, 3, 4}, true))
	}
	base := sign(ca, list)
	if c.list == forged {
		base = flip(base)
	}
	m.lists = append(m.lists, base)
	if strings.HasPrefix(string(c.list), "delta") {
		delta := testpki.CRL{Number: big.NewInt(2)}
		delta.Extensions = append(delta.Extensions, id, testpki.DeltaCRL(big.NewInt(1)))
		entry := testpki.CRLEntry{Serial: m.leaf.SerialNumber, Date: testpki.Now()}
		switch c.list {
		case "delta revokes":
			entry.Reason = 4
			delta.Entries = append(delta.Entries, entry)
		case "delta lifts":
			entry.Reason = 8
			delta.Entries = append(delta.Entries, entry)
		}
		m.lists = append(m.lists, sign(ca, delta))
	}
	return m
}

// ours judges a chain an hour after the present of the infrastructure.
func (m *made) ours(t *testing.T) error {
	t.Helper()
	anchors := certificate.NewPool()
	anchors.Add(m.root)
	set := revocation.NewSet()
	for _, der := range m.lists {
		set.Add(&revocation.Evidence{Raw: der, Kind: revocation.KindCRL})
	}
	_, err := certificate.BuildPath(t.Context(), m.leaf, certificate.PathOptions{
		Anchors: anchors, Purpose: certificate.Signing, Time: testpki.Now().Add(time.Hour),
		Candidates: []*certificate.Certificate{m.authority}, Revocation: &revocation.Checker{Set: set},
	})
	return err
}

func (m *made) theirs(t *testing.T, o *openssl) (string, bool) {
	t.Helper()
	o.certificates(t, "root.pem", m.root)
	o.certificates(t, "authority.pem", m.authority)
	o.certificates(t, "leaf.pem", m.leaf)
	o.crls(t, "lists.pem", m.lists...)
	return o.run(t, "verify", "-attime", fmt.Sprint(testpki.Now().Add(time.Hour).Unix()), "-crl_check_all", "-use_deltas",
		"-CAfile", "root.pem", "-untrusted", "authority.pem", "-CRLfile", "lists.pem", "leaf.pem")
}

// apart says why the verdicts on a cell differ; "" where they must not.
func (c cell) apart() string {
	switch {
	case c.leaf == later:
		return "openssl takes any entry in a CRL for a revocation, whatever its date"
	case c.list == "delta lifts" && c.leaf == revoked:
		return "openssl undoes any revocation by removeFromCRL, we undo a hold alone"
	}
	return ""
}

// requireReason compares why a chain with a single fault is refused.
func (c cell) requireReason(t *testing.T, ours error, out string) {
	t.Helper()
	fault := c.leaf
	if fault == sound {
		fault = c.authority
	} else if c.authority != sound {
		return
	}
	want, known := map[state]struct {
		reason certificate.Reason
		says   string
	}{
		expired: {certificate.Expired, "certificate has expired"}, early: {certificate.NotYetValid, "certificate is not yet valid"},
		revoked: {certificate.Revoked, "certificate revoked"}, held: {certificate.Revoked, "certificate revoked"},
		forged: {certificate.BadSignature, "certificate signature failure"}, noCA: {certificate.NotCA, "invalid CA certificate"},
		noCerts: {certificate.KeyUsage, "invalid CA certificate"}, critical: {certificate.UnknownCritical, "unhandled critical extension"},
		noCRLs: {certificate.RevocationUndetermined, "key usage does not include CRL signing"},
	}[fault]
	if !known || c.list != sound {
		return
	}
	var failure *certificate.PathError
	require.ErrorAs(t, ours, &failure, "%v", c)
	require.Equal(t, want.reason, failure.Reason, "%v", c)
	require.Contains(t, out, want.says, "%v", c)
}

// TestMatrixOfChains compares the verdicts on all chains of leaf, authority and CRL in
// all their states.
func TestMatrixOfChains(t *testing.T) {
	for _, key := range []testpki.KeyType{testpki.RSA2048, testpki.P256} {
		t.Run(key.String(), func(t *testing.T) {
			o := newOpenSSL(t)
			p, err := testpki.New(&testpki.Options{KeyType: key})
			require.NoError(t, err)
			cells, passed, differ := 0, 0, 0
			for _, leaf := range leafStates {
				for _, authority := range authorityStates {
					for _, list := range listStates {
						c := cell{leaf, authority, list}
						m := c.make(t, p, key)
						ours := m.ours(t)
						out, theirs := m.theirs(t, o)
						cells++
						if ours == nil {
							passed++
						}
						if (ours == nil) == theirs {
							c.requireReason(t, ours, out)
							continue
						}
						differ++
						require.NotEmpty(t, c.apart(), "%v\nours: %v\nopenssl: %s", c, ours, out)
					}
				}
			}
			t.Logf("%d chains, %d pass, %d differ for a reason", cells, passed, differ)
			require.Positive(t, passed)
		})
	}
}
