package certificate_test

import (
	"bytes"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/testpki"
)

func TestParseLimits(t *testing.T) {
	id := func(i int) asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 2, 3, i} }
	for _, test := range []struct {
		name  string
		limit int
		build func(n int) func(*testpki.Template)
	}{
		{"serial", certificate.MaxSerialBytes, func(n int) func(*testpki.Template) {
			return func(c *testpki.Template) { c.Serial = bytes.Repeat([]byte{1}, n) }
		}},
		{"name attributes", certificate.MaxNameAttributes, func(n int) func(*testpki.Template) {
			return func(c *testpki.Template) {
				list := make([]testpki.Attribute, n)
				for i := range list {
					list[i] = testpki.CommonName("a")
				}
				c.Subject = testpki.Name(list...)
			}
		}},
		{"name bytes", certificate.MaxNameBytes, func(n int) func(*testpki.Template) {
			return func(c *testpki.Template) { // beside the text there are 17 bytes of structure
				c.Subject = testpki.Name(testpki.CommonName(strings.Repeat("a", n-17)))
			}
		}},
		{"extensions", certificate.MaxExtensions, func(n int) func(*testpki.Template) {
			return func(c *testpki.Template) {
				c.Extensions = nil
				for i := range n {
					c.Extensions = append(c.Extensions, testpki.Null(id(i), false))
				}
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			pki := fixed(t)
			_, err := pki.Issue(&testpki.Request{Change: test.build(test.limit)})
			require.NoError(t, err)
			_, err = pki.Issue(&testpki.Request{Change: test.build(test.limit + 1)})
			require.Error(t, err)
		})
	}
}

func TestSizeLimit(t *testing.T) {
	build := func(size int) []byte {
		var der []byte
		// The signature is stretched until the certificate has the size.
		for pad := size - 2000; len(der) < size; pad += size - len(der) {
			c := fixed(t).Root.Certificate
			var err error
			der, err = asn1.Marshal(struct {
				TBS, Algorithm asn1.RawValue
				Signature      asn1.BitString
			}{
				asn1.RawValue{FullBytes: c.RawTBSCertificate},
				asn1.RawValue{FullBytes: []byte{0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 11, 5, 0}},
				asn1.BitString{Bytes: make([]byte, pad), BitLength: 8 * pad},
			})
			require.NoError(t, err)
		}
		require.Len(t, der, size)
		return der
	}
	_, err := certificate.Parse(build(certificate.MaxCertificateBytes))
	require.NoError(t, err)
	_, err = certificate.Parse(build(certificate.MaxCertificateBytes + 1))
	require.ErrorContains(t, err, "more than the limit")
}

func TestListLimits(t *testing.T) {
	wrap := func(tag byte, content []byte) []byte {
		return append([]byte{tag, 0x82, byte(len(content) >> 8), byte(len(content))}, content...)
	}
	point := []byte{0x30, 0}
	access := []byte{0x30, 7, 6, 2, 0x2a, 3, 0x86, 1, 'a'}
	purpose := []byte{6, 2, 0x2a, 3}
	for _, n := range []int{certificate.MaxListItems, certificate.MaxListItems + 1} {
		c := changed(t, func(c *testpki.Template) {
			c.Extensions = append(c.Extensions,
				extension(oidCRLPoints, wrap(0x30, bytes.Repeat(point, n))),
				extension(oidInfoAccess, wrap(0x30, bytes.Repeat(access, n))),
				extension(asn1.ObjectIdentifier{2, 5, 29, 37}, wrap(0x30, bytes.Repeat(purpose, n))))
		})
		_, err := c.CRLDistributionPoints()
		require.Equal(t, n > certificate.MaxListItems, err != nil)
		_, err = c.AuthorityInfoAccess()
		require.Equal(t, n > certificate.MaxListItems, err != nil)
		require.Equal(t, n > certificate.MaxListItems, len(c.Defects) > 0)

		names := wrap(0xa0, wrap(0xa0, bytes.Repeat([]byte{0x86, 1, 'a'}, n)))
		c = changed(t, func(c *testpki.Template) {
			c.Extensions = append(c.Extensions, extension(oidCRLPoints, wrap(0x30, wrap(0x30, names))))
		})
		_, err = c.CRLDistributionPoints()
		require.Equal(t, n > certificate.MaxListItems, err != nil)
	}
}

func TestPEMLimit(t *testing.T) {
	block := pem.EncodeToMemory(&pem.Block{Type: "X"})
	last := fixed(t).Root.PEM()
	_, err := certificate.ParsePEM(append(bytes.Repeat(block, certificate.MaxPEMBlocks-1), last...))
	require.NoError(t, err)
	_, err = certificate.ParsePEM(append(bytes.Repeat(block, certificate.MaxPEMBlocks), last...))
	require.ErrorContains(t, err, "more than 16384")
}

// chainOf returns a leaf and n authorities above it, the last one below the root.
func chainOf(t *testing.T, pki *testpki.PKI, n int) (*testpki.Identity, []*certificate.Certificate) {
	t.Helper()
	var list []*certificate.Certificate
	issuer := pki.Root
	for i := range n {
		issuer = issue(t, pki, authority(fmt.Sprintf("CA %d", i), issuer, nil))
		list = append(list, issuer.Certificate)
	}
	return issue(t, pki, testpki.Request{Issuer: issuer}), list
}

func TestPathLengthLimit(t *testing.T) {
	pki := fixed(t)
	for n, fits := range map[int]bool{certificate.MaxPathLength - 2: true, certificate.MaxPathLength - 1: false} { // and leaf and root
		leaf, list := chainOf(t, pki, n)
		_, err := certificate.BuildPath(t.Context(), leaf.Certificate, certificate.PathOptions{
			Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Candidates: list,
		})
		if fits {
			require.NoError(t, err)
			continue
		}
		requireReason(t, err, certificate.LimitExceeded)
	}
}

func TestSearchLimits(t *testing.T) {
	pki := fixed(t)
	leaf := issue(t, pki, testpki.Request{})
	signer := issue(t, pki, testpki.Request{KeyType: testpki.Ed25519})
	namesakes := func(n int) []*certificate.Certificate {
		// Each has the issuer's name and another key, so each costs a signature check.
		list := make([]*certificate.Certificate, n, n+1)
		for i := range list {
			list[i] = issue(t, pki, testpki.Request{
				Profile: testpki.AuthorityProfile, KeyType: testpki.P256, Issuer: signer,
				Subject: pki.Intermediate.Certificate.RawSubject,
				Change: func(c *testpki.Template) {
					c.Issuer = pki.Root.Certificate.RawSubject
					c.Extensions = c.Extensions[1:] // no key identifier
				},
			}).Certificate
		}
		right := *pki.Intermediate.Certificate
		right.SubjectKeyID = nil
		return append(list, &right)
	}
	o := certificate.PathOptions{Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now()}
	o.Candidates = namesakes(certificate.MaxSignatureChecks - 2) // and one check for the right one, and one for the root
	_, err := certificate.BuildPath(t.Context(), leaf.Certificate, o)
	require.NoError(t, err)
	o.Candidates = namesakes(certificate.MaxSignatureChecks - 1)
	_, err = certificate.BuildPath(t.Context(), leaf.Certificate, o)
	requireReason(t, err, certificate.LimitExceeded)

	padding := make([]*certificate.Certificate, certificate.MaxPathCandidates-1, certificate.MaxPathCandidates+1)
	o.Candidates = append(padding, pki.Intermediate.Certificate)
	_, err = certificate.BuildPath(t.Context(), leaf.Certificate, o)
	require.NoError(t, err)
	o.Candidates = append(padding, nil, pki.Intermediate.Certificate)
	_, err = certificate.BuildPath(t.Context(), leaf.Certificate, o)
	requireReason(t, err, certificate.NoPath)
}

func TestStepLimit(t *testing.T) {
	pki := fixed(t)
	leaf, list := chainOf(t, pki, 3) // four steps; the root is none
	o := certificate.PathOptions{Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Candidates: list}
	_, err := certificate.BuildPathAfter(t.Context(), certificate.MaxPathSteps-4, leaf.Certificate, o)
	require.NoError(t, err, "at the limit")
	_, err = certificate.BuildPathAfter(t.Context(), certificate.MaxPathSteps-3, leaf.Certificate, o)
	requireReason(t, err, certificate.LimitExceeded)
}

func TestConstraintLimits(t *testing.T) {
	pki := fixed(t)
	id := func(n int) []byte { return tlv(0x30, oid(policy(n))) }
	pair := func(n int) []byte { return tlv(0x30, oid(policy(n)), oid(policy(n))) }
	tree := func(n int) []byte { return tlv(0x30, dnsName(fmt.Sprint(n))) }
	for _, test := range []struct {
		limit int
		id    asn1.ObjectIdentifier
		item  func(int) []byte
		wrap  byte
	}{
		{certificate.MaxPolicies, oidPolicies, id, 0}, {certificate.MaxPolicies, oidPolicyMappings, pair, 0}, {certificate.MaxListItems, oidNameConstraints, tree, 0xA0}, {certificate.MaxListItems, oidNameConstraints, tree, 0xA1},
	} {
		for _, n := range []int{test.limit, test.limit + 1} {
			var items [][]byte
			for i := range n {
				items = append(items, test.item(i))
			}
			value := tlv(0x30, items...)
			if test.wrap != 0 {
				value = tlv(0x30, tlv(test.wrap, items...))
			}
			c := changed(t, with(extension(test.id, value)))
			require.Equal(t, n > test.limit, len(c.Defects) > 0, "%v", test.id)
		}
	}

	// 1024 subtrees are compared with the subject and 1023 names, and no more.
	require.Equal(t, 1024*1024, certificate.MaxPathWork)
	var trees [][]byte
	for i := range 1024 {
		trees = append(trees, dnsName(fmt.Sprintf("%d.jp", i)))
	}
	ca := issue(t, pki, authority("ca", pki.Root, constrain(exclude(trees...))))
	for n, want := range map[int]certificate.Reason{1023: 0, 1024: certificate.LimitExceeded, 1025: certificate.Defective} {
		names := make([][]byte, n)
		for i := range names {
			names[i] = mailName("a@b.jp")
		}
		leaf := issue(t, pki, testpki.Request{Issuer: ca, Change: alsoNamed(names...)})
		_, err := certificate.BuildPath(t.Context(), leaf.Certificate, certificate.PathOptions{
			Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Candidates: certificates(ca),
		})
		if want == 0 {
			require.NoError(t, err)
			continue
		}
		requireReason(t, err, want)
	}
}

func TestSourceLimit(t *testing.T) {
	pki := fixed(t)
	root := selfSigned(t, pki, "root")
	ca, middle := selfSigned(t, pki, "ca"), issue(t, pki, authority("middle", root, nil))
	leaf := issue(t, pki, testpki.Request{Issuer: ca}).Certificate
	for n, fits := range map[int]bool{certificate.MaxSourceQuestions - 2: true, certificate.MaxSourceQuestions - 1: false} { // and one question for the leaf, and one for the right one
		s := &source{}
		for i := range n {
			s.list = append(s.list, cross(t, pki, ca, selfSigned(t, pki, fmt.Sprintf("dead end %d", i)), nil))
		}
		s.list = append(s.list, cross(t, pki, ca, middle, nil), middle.Certificate)
		_, err := certificate.BuildPath(t.Context(), leaf, certificate.PathOptions{
			Anchors: pool(root.Certificate), Purpose: certificate.Signing, Time: pki.Now(), Issuers: s,
		})
		require.Len(t, s.asked, certificate.MaxSourceQuestions)
		if fits {
			require.NoError(t, err)
			continue
		}
		requireReason(t, err, certificate.LimitExceeded)
	}
}
