package verify_test

import (
	"bytes"
	"context"
	"encoding/asn1"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/verify"
)

// hours is a time that many hours after the present of the fixed infrastructure.
func hours(n int) time.Time { return testpki.Now().Add(time.Duration(n) * time.Hour) }

// withoutNoRevAvail drops the extension by which certificates need no evidence.
func withoutNoRevAvail(c *testpki.Template) {
	kept := c.Extensions[:0:0]
	for _, e := range c.Extensions {
		if !e.Id.Equal(testpki.NoRevAvail().Id) {
			kept = append(kept, e)
		}
	}
	c.Extensions = kept
}

// chained is a maker whose signer stands below the intermediate authority and needs
// evidence.
func chained(t testing.TB) *maker {
	m := newMaker(t)
	var err error
	m.signer, err = m.pki.Issue(&testpki.Request{Change: withoutNoRevAvail})
	require.NoError(t, err)
	return m
}

// crl is a list by an authority.
func crl(t testing.TB, authority *testpki.Identity, list testpki.CRL) []byte {
	der, err := authority.SignCRL(&list)
	require.NoError(t, err)
	return der
}

// given makes evidence of lists and responses.
func given(raw ...[]byte) []*revocation.Evidence {
	var list []*revocation.Evidence
	for _, r := range raw {
		list = append(list, &revocation.Evidence{Raw: r})
	}
	return list
}

func revokedAt(c *certificate.Certificate, at time.Time, reason int) []testpki.CRLEntry {
	return []testpki.CRLEntry{{Serial: c.SerialNumber, Date: at, Reason: reason}}
}

// judgeBy verifies with other options than the maker's own.
func (m *maker) judgeBy(t testing.TB, file []byte, change func(*verify.Options)) *verify.Report {
	o := m.options()
	o.Now = func() time.Time { return o.At }
	change(o)
	r, err := verify.Reader(t.Context(), bytes.NewReader(file), int64(len(file)), o)
	require.NotNil(t, r, "%v", err)
	require.Equal(t, r.Passed(), err == nil)
	return r
}

// TestRevocationStatus: what evidence says about the signer and its authority, and
// what that comes to at the present.
func TestRevocationStatus(t *testing.T) {
	m := chained(t)
	file := m.sign(t, contract(testpdf.Table), entry{})
	ca, leaf := m.pki.Intermediate.Certificate, m.signer.Certificate
	good := crl(t, m.pki.Root, testpki.CRL{})
	for _, tt := range []struct {
		name     string
		evidence [][]byte
		sub      verify.SubIndication
		chain    []verify.Revocation // leaf first
		code     string
	}{
		{"all good", [][]byte{good, crl(t, m.pki.Intermediate, testpki.CRL{})}, "", []verify.Revocation{verify.RevocationGood, verify.RevocationGood}, ""},
		{"none", nil, verify.ChainGeneralFailure, []verify.Revocation{verify.RevocationNotChecked, verify.RevocationNotChecked}, "path.revocation-unchecked"},
		{"none about the leaf", [][]byte{good}, verify.ChainGeneralFailure, []verify.Revocation{verify.RevocationNotChecked, verify.RevocationGood}, "path.revocation-unchecked"},
		{"stale about the leaf", [][]byte{good, crl(t, m.pki.Intermediate, testpki.CRL{ThisUpdate: hours(-20), NextUpdate: hours(-1)})}, verify.TryLater,
			[]verify.Revocation{verify.RevocationUnknown, verify.RevocationGood}, "path.revocation-unknown"},
		{"of the future", [][]byte{good, crl(t, m.pki.Intermediate, testpki.CRL{ThisUpdate: hours(1)})}, verify.TryLater,
			[]verify.Revocation{verify.RevocationUnknown, verify.RevocationGood}, "path.revocation-unknown"},
		{"leaf revoked", [][]byte{good, crl(t, m.pki.Intermediate, testpki.CRL{Entries: revokedAt(leaf, hours(-1), 1)})}, verify.RevokedNoPOE,
			[]verify.Revocation{verify.RevocationRevoked, verify.RevocationGood}, "path.failed"},
		{"leaf on hold", [][]byte{good, crl(t, m.pki.Intermediate, testpki.CRL{Entries: revokedAt(leaf, hours(-1), 6)})}, verify.TryLater,
			[]verify.Revocation{verify.RevocationRevoked, verify.RevocationGood}, "path.on-hold"},
		{"another one revoked", [][]byte{good, crl(t, m.pki.Intermediate, testpki.CRL{Entries: revokedAt(m.stamp.Certificate, hours(-1), 1)})}, "",
			[]verify.Revocation{verify.RevocationGood, verify.RevocationGood}, ""},
		{"authority revoked", [][]byte{crl(t, m.pki.Root, testpki.CRL{Entries: revokedAt(ca, hours(-1), 2)}), crl(t, m.pki.Intermediate, testpki.CRL{})}, verify.RevokedCANoPOE,
			[]verify.Revocation{verify.RevocationNotChecked, verify.RevocationRevoked}, "path.failed"},
		{"by somebody else", [][]byte{good, crl(t, m.signer, testpki.CRL{Issuer: ca.RawSubject})}, verify.ChainGeneralFailure,
			[]verify.Revocation{verify.RevocationUnknown, verify.RevocationGood}, "path.revocation-unknown"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := m.judgeBy(t, file, func(o *verify.Options) { o.Evidence = given(tt.evidence...) }).Signatures[0]
			require.Equal(t, tt.sub, s.SubIndication, "%+v", s.Findings)
			require.Equal(t, tt.sub == "", s.Indication == verify.TotalPassed)
			require.True(t, s.Intact)
			require.Len(t, s.Chain, 3)
			require.Equal(t, tt.chain, []verify.Revocation{s.Chain[0].Revocation, s.Chain[1].Revocation})
			require.Equal(t, verify.RevocationNotNeeded, s.Chain[2].Revocation)
			if tt.code != "" {
				require.Contains(t, codes(s.Findings), tt.code)
			}
			if s.Chain[1].Revocation == verify.RevocationGood {
				require.Equal(t, []string{"given", testpki.Now().Format(time.RFC3339)}, []string{s.Chain[1].Source, s.Chain[1].ThisUpdate.String()})
			}
		})
	}
}

// archived is the value of adbe-revocationInfoArchival and of revocation-values.
func archived(crls ...[]byte) []byte {
	inside := asn1.RawValue{Class: asn1.ClassUniversal, Tag: asn1.TagSequence, IsCompound: true, Bytes: bytes.Join(crls, nil)}
	der, err := asn1.Marshal(inside)
	if err != nil {
		panic(err)
	}
	der, err = asn1.Marshal(asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: der})
	if err != nil {
		panic(err)
	}
	der, err = asn1.Marshal(asn1.RawValue{Class: asn1.ClassUniversal, Tag: asn1.TagSequence, IsCompound: true, Bytes: der})
	if err != nil {
		panic(err)
	}
	return der
}

// stream is an object of a file with bytes in it.
func stream(number int, data []byte) testpdf.Object {
	return testpdf.Object{Number: number, Plain: true, Body: fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(data), data)}
}

// TestRevocationSources: evidence counts wherever a file may carry it, and the report
// names the place.
func TestRevocationSources(t *testing.T) {
	m := chained(t)
	lists := [][]byte{crl(t, m.pki.Root, testpki.CRL{}), crl(t, m.pki.Intermediate, testpki.CRL{})}
	ocsp, err := m.pki.Intermediate.SignOCSP(&testpki.OCSP{Responses: []testpki.OCSPSingle{{Certificate: m.signer.Certificate, Issuer: m.pki.Intermediate.Certificate}}})
	require.NoError(t, err)
	revocationValues := asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 24}
	store := func(file []byte, crls, ocsps string, data ...[]byte) []byte {
		n := testpdf.LastSize(file)
		u := testpdf.File{Trailer: "/Root 1 0 R"}
		for i, d := range data {
			u.Objects = append(u.Objects, stream(n+i, d))
		}
		u.Objects = append(u.Objects, testpdf.Object{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/DSS<</CRLs[" + fmt.Sprintf(crls, n, n+1) + "]/OCSPs[" + fmt.Sprintf(ocsps, n+len(data)-1) + "]>>>>"})
		return u.Append(file)
	}
	signed := m.sign(t, contract(testpdf.Table), entry{})
	for _, tt := range []struct {
		name, source string
		file         []byte
	}{
		{"signed attribute of Adobe", "cms", m.sign(t, contract(testpdf.Table), entry{value: func(d []byte) []byte {
			return m.detached(t, d, func(c *cms.Template) {
				c.Attributes = append(c.Attributes, cms.Attribute{Type: cms.OIDRevocationArchival, Values: [][]byte{archived(lists...)}})
			})
		}})},
		{"unsigned attribute of CAdES", "cms", m.sign(t, contract(testpdf.Table), entry{value: func(d []byte) []byte {
			sd, _, err := cms.Parse(m.detached(t, d))
			require.NoError(t, err)
			der, err := sd.AddUnsigned(cms.Attribute{Type: revocationValues, Values: [][]byte{archived(lists...)}})
			require.NoError(t, err)
			return der
		}})},
		{"crls of the CMS", "cms", m.sign(t, contract(testpdf.Table), entry{value: func(d []byte) []byte { return withCRLs(t, m.detached(t, d), lists...) }})},
		{"security store", "dss", store(signed, "%d 0 R %d 0 R", "%[1]d 0 R", append(lists[:2:2], ocsp)...)},
		{"security store that a later revision dropped", "dss",
			testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/DSS<</CRLs[]/OCSPs[]>>>>"}}}.Append(
				store(signed, "%d 0 R %d 0 R", "%[1]d 0 R", append(lists[:2:2], ocsp)...))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := m.judgeBy(t, tt.file, func(*verify.Options) {})
			s := r.Signatures[0]
			require.Equal(t, verify.TotalPassed, s.Indication, "%+v", s.Findings)
			require.Equal(t, []string{tt.source, tt.source}, []string{s.Chain[0].Source, s.Chain[1].Source})
		})
	}
}

// editSignedData changes the fields of a SignedData (RFC 5652, 5.1).
func editSignedData(t testing.TB, der []byte, edit func(parts [][]byte) [][]byte) []byte {
	var info struct {
		Type asn1.ObjectIdentifier
		Data asn1.RawValue
	}
	_, err := asn1.Unmarshal(der, &info)
	require.NoError(t, err)
	var data asn1.RawValue
	_, err = asn1.Unmarshal(info.Data.Bytes, &data)
	require.NoError(t, err)
	var parts [][]byte
	for rest := data.Bytes; len(rest) > 0; {
		var part asn1.RawValue
		rest, err = asn1.Unmarshal(rest, &part)
		require.NoError(t, err)
		parts = append(parts, part.FullBytes)
	}
	data.FullBytes, data.Bytes = nil, bytes.Join(edit(parts), nil)
	info.Data.FullBytes = nil
	info.Data.Bytes, err = asn1.Marshal(data)
	require.NoError(t, err)
	out, err := asn1.Marshal(info)
	require.NoError(t, err)
	return out
}

// withCRLs adds the field crls.
func withCRLs(t testing.TB, der []byte, lists ...[]byte) []byte {
	field, err := asn1.Marshal(asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 1, IsCompound: true, Bytes: bytes.Join(lists, nil)})
	require.NoError(t, err)
	return editSignedData(t, der, func(parts [][]byte) [][]byte { return slices.Insert(parts, len(parts)-1, field) })
}

// online is a maker whose certificates name the services of a server.
func online(t testing.TB) (*maker, *testpki.Server, *fetch.Client) {
	s, err := testpki.NewServer(nil)
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	signer, err := s.Issue(&testpki.Request{})
	require.NoError(t, err)
	stamp, err := s.Issue(&testpki.Request{Profile: testpki.TimeStamperProfile})
	require.NoError(t, err)
	client := &fetch.Client{
		Resolver: s, Dial: s.DialContext, Now: testpki.Now, Timeout: 300 * time.Millisecond, Cache: fetch.NoCache{}, RememberFailures: -1,
	}
	return &maker{pki: s.PKI, signer: signer, stamp: stamp}, s, client
}

// alone makes signatures that carry the certificate of the signer alone.
func (m *maker) alone(t testing.TB) entry {
	return entry{value: func(d []byte) []byte {
		return m.detached(t, d, func(c *cms.Template) {
			c.Algorithm, _ = cms.AlgorithmFor(m.signer.Key.Public())
			c.Chain = nil
		})
	}}
}

// TestOnline: what the file does not hold is fetched where the caller gives a source,
// and nothing leaves the machine where not.
func TestOnline(t *testing.T) {
	m, server, client := online(t)
	file := m.sign(t, contract(testpdf.Table), m.alone(t))
	r := m.judgeBy(t, file, func(*verify.Options) {})
	require.Equal(t, verify.NoCertificateChainFound, r.Signatures[0].SubIndication)
	for _, service := range testpki.Services() {
		require.Zero(t, server.Requests(service))
	}

	r = m.judgeBy(t, file, func(o *verify.Options) { o.Source = client })
	s := r.Signatures[0]
	require.Equal(t, verify.TotalPassed, s.Indication, "%+v %+v", s.Findings, r.Findings)
	require.Equal(t, []string{"url", "url", ""}, []string{s.Chain[0].Source, s.Chain[1].Source, s.Chain[2].Source})
	require.Positive(t, server.Requests(testpki.IssuerService))

	server.Revoke(m.signer.Certificate, hours(-1), 1)
	s = m.judgeBy(t, file, func(o *verify.Options) { o.Source = client }).Signatures[0]
	require.Equal(t, verify.RevokedNoPOE, s.SubIndication)
}

// TestOnlineFaults: however a service misbehaves, a revoked certificate never passes,
// a good one passes or stays open, and the report says what did not answer.
func TestOnlineFaults(t *testing.T) {
	for _, revoked := range []bool{false, true} {
		m, server, client := online(t)
		file := m.sign(t, contract(testpdf.Table), m.alone(t))
		if revoked {
			server.Revoke(m.signer.Certificate, hours(-1), 1)
		}
		for _, fault := range testpki.Faults() {
			t.Run(fmt.Sprintf("%v, revoked %v", fault, revoked), func(t *testing.T) {
				for _, service := range []testpki.Service{testpki.OCSPService, testpki.CRLService} {
					server.Break(service, fault)
				}
				defer server.Break(testpki.OCSPService, testpki.Sound)
				defer server.Break(testpki.CRLService, testpki.Sound)
				started := time.Now()
				r := m.judgeBy(t, file, func(o *verify.Options) { o.Source = client })
				require.Less(t, time.Since(started), 8*time.Second)
				s := r.Signatures[0]
				require.True(t, s.Intact)
				if revoked {
					require.NotEqual(t, verify.TotalPassed, s.Indication)
				}
				if s.Indication != verify.TotalPassed {
					require.Equal(t, verify.Indeterminate, s.Indication)
					require.Contains(t, []verify.SubIndication{verify.TryLater, verify.ChainGeneralFailure, verify.RevokedNoPOE, verify.NoCertificateChainFound, verify.RevocationOutOfBoundsNoPOE}, s.SubIndication)
				}
				if s.SubIndication == verify.NoCertificateChainFound {
					require.Contains(t, codes(r.Findings), "fetch.failed")
				}
			})
		}
		require.Empty(t, server.Strays())
	}
}

// TestOnlineCancelled: a file that was not judged to the end has no report.
func TestOnlineCancelled(t *testing.T) {
	m, server, client := online(t)
	file := m.sign(t, contract(testpdf.Table), m.alone(t))
	server.Break(testpki.IssuerService, testpki.Silent)
	client.Timeout = time.Minute
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	o := m.options()
	o.Source = client
	r, err := verify.Reader(ctx, bytes.NewReader(file), int64(len(file)), o)
	require.Nil(t, r)
	require.ErrorIs(t, err, ctx.Err())
}
