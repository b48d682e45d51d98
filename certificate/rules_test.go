package certificate_test

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/internal/testpki"
)

// rule is a chain of a root, a CA "above", a CA "below" and a leaf, each CA with a
// change of its own, and what is to come of it.
type rule struct {
	name               string
	above, below, leaf func(*testpki.Template)
	want               certificate.Reason // ReasonUnknown: the path holds
	at                 time.Duration      // from the present
	policies           certificate.PolicyOptions
	// apart says why openssl judges otherwise; "" when it agrees.
	apart string
}

// withMail puts an address into the subject.
func withMail(mail string) func(*testpki.Template) {
	return func(c *testpki.Template) {
		c.Subject = testpki.Name(testpki.Country("JP"), testpki.Attribute{
			Type: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}, Tag: 22, Value: []byte(mail)})
	}
}

func nameRules() []rule {
	company := testpki.Name(testpki.Country("JP"), testpki.Organization("株式会社印鑑"))
	other := testpki.Name(testpki.Country("JP"), testpki.Organization("別会社"))
	upn := asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 20, 2, 3}
	mailbox := asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 8, 9}
	one := func(constraint, name []byte, want certificate.Reason) rule {
		return rule{above: constrain(constraint), leaf: alsoNamed(name), want: want}
	}
	var list []rule
	add := func(name string, r rule) { r.name = name; list = append(list, r) }
	respelt := func(name string, r rule) {
		r.apart = "openssl takes another spelling of a host for another host"
		add(name, r)
	}
	const bad = certificate.NameConstraints
	add("subject permitted", rule{above: constrain(permit(directoryName(company)))})
	add("subject not permitted", rule{above: constrain(permit(directoryName(other))), want: bad})
	add("subject excluded", rule{above: constrain(exclude(directoryName(company))), want: bad})
	add("subject of other case and string type", rule{above: constrain(permit(directoryName(
		testpki.Name(testpki.Country("jp"), testpki.Organization("株式会社印鑑").BMPString()))))})
	add("any subject", rule{above: constrain(permit(directoryName(testpki.Name())))})
	add("narrowed below", rule{above: constrain(permit(directoryName(company))), below: constrain(permit(directoryName(other))), want: bad})
	add("cannot be widened below", rule{above: constrain(permit(directoryName(other))),
		below: constrain(permit(directoryName(company))), want: bad})
	add("alternative directory name", one(exclude(directoryName(other)), directoryName(other), bad))
	add("no name of the form", rule{above: constrain(permit(dnsName("example.jp"), mailName("example.jp")))})

	add("mailbox", one(permit(mailName("a@example.jp")), mailName("a@EXAMPLE.jp"), 0))
	add("mailbox of other case", one(permit(mailName("a@example.jp")), mailName("A@example.jp"), bad))
	add("host of a mailbox", one(permit(mailName("example.jp")), mailName("a@example.jp"), 0))
	add("host below", one(permit(mailName("example.jp")), mailName("a@b.example.jp"), bad))
	add("domain of a mailbox", one(permit(mailName(".example.jp")), mailName("a@b.example.jp"), 0))
	add("domain itself", one(permit(mailName(".example.jp")), mailName("a@example.jp"), bad))
	add("mailbox excluded", one(exclude(mailName("example.jp")), mailName("a@example.jp"), bad))
	respelt("period behind an excluded host", one(exclude(mailName("example.jp")), mailName("a@example.jp."), bad))
	respelt("period behind an excluded mailbox", one(exclude(mailName("a@example.jp")), mailName("a@example.jp."), bad))
	add("excluded, and without a host", one(exclude(mailName("example.jp")), mailName("example.jp"), bad))
	add("at sign in the mailbox", one(exclude(mailName("example.jp")), mailName(`"x@other.jp"@example.jp`), bad))
	add("mailbox without a host", one(permit(mailName("example.jp")), mailName("example.jp"), bad))
	add("mail in the subject", rule{above: constrain(permit(mailName("example.jp"))), leaf: withMail("a@example.jp")})
	add("mail in the subject not permitted", rule{above: constrain(permit(mailName("example.jp"))), leaf: withMail("a@other.jp"), want: bad})
	add("mail hidden behind another name", rule{above: constrain(permit(mailName("example.jp"))),
		leaf: both(withMail("a@other.jp"), alsoNamed(mailName("a@example.jp"))), want: bad})
	r := one(exclude(mailName("example.jp")), otherName(mailbox, tlv(12, []byte("ユーザー@example.jp"))), bad)
	add("mailbox beyond ASCII", r)

	add("host", one(permit(dnsName("example.jp")), dnsName("EXAMPLE.jp"), 0))
	add("labels on the left", one(permit(dnsName("example.jp")), dnsName("a.b.example.jp"), 0))
	add("label that only ends so", one(permit(dnsName("example.jp")), dnsName("anexample.jp"), bad))
	add("host excluded", one(exclude(dnsName("example.jp")), dnsName("a.example.jp"), bad))
	add("period in front", one(permit(dnsName(".example.jp")), dnsName("example.jp"), bad))
	add("any host", one(permit(dnsName("")), dnsName("example.jp"), 0))
	add("wildcard permitted", one(permit(dnsName("example.jp")), dnsName("*.example.jp"), 0))
	r = one(exclude(dnsName("a.example.jp")), dnsName("*.example.jp"), bad)
	r.apart = "openssl compares the asterisk as a letter"
	add("wildcard that covers an excluded host", r)
	add("wildcard that covers none", one(exclude(dnsName("a.b.example.jp")), dnsName("*.example.jp"), 0))

	add("host of a URI", one(permit(uriName("example.jp")), uriName("https://example.jp:443/a"), 0))
	add("host below that of a URI", one(permit(uriName("example.jp")), uriName("https://a.example.jp"), bad))
	add("domain of a URI", one(permit(uriName(".example.jp")), uriName("https://a.example.jp"), 0))
	respelt("period behind the excluded host of a URI", one(exclude(uriName("example.jp")), uriName("https://example.jp./"), bad))
	respelt("encoded host of a URI", one(exclude(uriName("example.jp")), uriName("https://%65xample.jp/"), bad))
	add("URI excluded", one(exclude(uriName("example.jp")), uriName("https://EXAMPLE.jp/"), bad))
	add("URI without a host", one(exclude(uriName("example.jp")), uriName("urn:a"), bad))
	r = one(exclude(uriName("example.jp")), uriName("https://192.0.2.1/"), bad)
	r.apart = "openssl takes an address for a host name; RFC 5280, 4.2.1.10 wants it refused"
	add("URI with an address", r)
	r = one(exclude(uriName("example.jp")), uriName("https://user@example.jp/"), bad)
	r.apart = "openssl takes the user for a part of the host"
	add("URI with a user", r)

	net4, net6 := []byte{192, 0, 2, 0, 255, 255, 255, 0}, append(append([]byte{0x20, 1, 0xd, 0xb8}, make([]byte, 12)...),
		append([]byte{255, 255, 255, 255}, make([]byte, 12)...)...)
	add("address", one(permit(addressName(net4)), addressName([]byte{192, 0, 2, 9}), 0))
	add("address outside", one(permit(addressName(net4)), addressName([]byte{192, 0, 3, 9}), bad))
	add("address excluded", one(exclude(addressName(net4)), addressName([]byte{192, 0, 2, 9}), bad))
	add("address of the other family", one(permit(addressName(net4)), addressName(append([]byte{0x20, 1, 0xd, 0xb8}, make([]byte, 12)...)), bad))
	add("IPv6 address", one(permit(addressName(net6)), addressName(append([]byte{0x20, 1, 0xd, 0xb8}, make([]byte, 12)...)), 0))
	r = one(permit(addressName([]byte{192, 0, 2, 0})), addressName([]byte{192, 0, 2, 0}), certificate.Defective)
	add("address without a mask", r)

	r = one(permit(otherName(upn, tlv(12, []byte("a")))), otherName(upn, tlv(12, []byte("a"))), bad)
	add("form without a rule", r)
	add("form without a rule that does not occur", one(permit(otherName(upn, tlv(12, []byte("a")))), dnsName("example.jp"), 0))
	add("registeredID", one(exclude(tlv(0x88, []byte{0x2a, 3})), tlv(0x88, []byte{0x2a, 4}), bad))
	add("minimum", rule{above: constrain(tlv(0xA0, tlv(0x30, dnsName("example.jp"), tlv(0x80, []byte{1})))),
		leaf: alsoNamed(dnsName("example.jp")), want: bad})
	add("maximum", rule{above: constrain(tlv(0xA0, tlv(0x30, dnsName("example.jp"), tlv(0x81, []byte{1})))),
		leaf: alsoNamed(dnsName("example.jp")), want: bad})
	add("names that cannot be read", rule{above: constrain(permit(dnsName("example.jp"))), leaf: alsoNamed([]byte{0x82, 9}), want: certificate.Defective})
	r = rule{leaf: alsoNamed([]byte{0x82, 9})}
	r.apart = "openssl refuses any extension that it cannot read"
	add("names that cannot be read and need not", r)
	return list
}

func policyRules() []rule {
	explicit := certificate.PolicyOptions{RequireExplicit: true}
	only := func(n ...int) certificate.PolicyOptions {
		o := explicit
		for _, i := range n {
			o.Acceptable = append(o.Acceptable, policy(i))
		}
		return o
	}
	one, two, any := policies(policy(1)), policies(policy(2)), policies(oidAnyPolicy)
	const bad = certificate.NoValidPolicy
	return []rule{
		{name: "no policies", policies: explicit, want: bad},
		{name: "no policies and none demanded"},
		{name: "one policy", above: with(one), below: with(one), leaf: with(one), policies: only(1)},
		{name: "another is acceptable", above: with(one), below: with(one), leaf: with(one), policies: only(2), want: bad},
		{name: "missing in the middle", above: with(one), leaf: with(one), policies: explicit, want: bad},
		{name: "different", above: with(one), below: with(one), leaf: with(two), policies: explicit, want: bad},
		{name: "different and none demanded", above: with(one), below: with(one), leaf: with(two)},
		{name: "any policy", above: with(any), below: with(any), leaf: with(one), policies: only(1)},
		{name: "any policy up to the leaf", above: with(any), below: with(any), leaf: with(any), policies: only(1, 2)},
		{name: "any policy not accepted", above: with(any), below: with(any), leaf: with(one), want: bad,
			policies: certificate.PolicyOptions{RequireExplicit: true, InhibitAny: true}},
		{name: "demanded by a CA", above: with(one, requireExplicit(0)), below: with(one), leaf: with(two), want: bad},
		{name: "demanded by a CA, later", above: with(one, requireExplicit(3)), below: with(one), leaf: with(two)},
		{name: "demanded by a CA, just", above: with(one, requireExplicit(2)), below: with(one), leaf: with(two), want: bad},
		{name: "mapped", above: with(one, mapPolicies(policy(1), policy(2))), below: with(two), leaf: with(two), policies: only(1)},
		{name: "mapped, in the subject's terms", above: with(one, mapPolicies(policy(1), policy(2))), below: with(two), leaf: with(two), policies: only(2), want: bad},
		{name: "mapped from any", above: with(any, mapPolicies(policy(1), policy(2))), below: with(two), leaf: with(two), policies: only(1)},
		{name: "mapping inhibited", above: with(one, inhibitMapping(0)), below: with(one, mapPolicies(policy(1), policy(2))), leaf: with(two),
			policies: explicit, want: bad},
		{name: "mapping inhibited at first", above: with(one, mapPolicies(policy(1), policy(2))), below: with(two), leaf: with(two), want: bad,
			policies: certificate.PolicyOptions{RequireExplicit: true, InhibitMapping: true}},
		{name: "any policy is mapped", above: with(any, mapPolicies(oidAnyPolicy, policy(2))), want: bad},
		{name: "any policy is mapped to", above: with(one, mapPolicies(policy(1), oidAnyPolicy)), want: bad},
		{name: "any policy inhibited", above: with(one, inhibitAny(0)), below: with(any), leaf: with(one), policies: explicit, want: bad},
		{name: "any policy inhibited later", above: with(one, inhibitAny(1)), below: with(any), leaf: with(one), policies: explicit},
		{name: "any policy inhibited just", above: with(one, inhibitAny(1)), below: with(any), leaf: with(any), policies: explicit, want: bad},
		{name: "malformed policies", below: with(extension(oidPolicies, []byte{0x30, 0})), want: certificate.Defective,
			apart: "openssl reads over it where no policy is demanded"},
		{name: "malformed mappings", below: with(critical(oidPolicyMappings, []byte{0x31, 0})), want: certificate.Defective,
			apart: "openssl reads over it where no policy is demanded"},
		{name: "malformed constraints", below: with(critical(oidPolicyConstraints, []byte{0x30, 3, 0x80, 1, 0xFF})), want: certificate.Defective},
		{name: "malformed inhibitAnyPolicy", below: with(critical(oidInhibitAnyPolicy, []byte{2, 1, 0xFF})), want: certificate.Defective,
			apart: "openssl reads over it where no policy is demanded"},
	}
}

func issuerRules() []rule {
	last := func(e func(*testpki.Template)) func(*testpki.Template) {
		return func(c *testpki.Template) { c.Extensions = c.Extensions[:len(c.Extensions)-1]; e(c) }
	}
	unknown := testpki.Null(asn1.ObjectIdentifier{1, 2, 3}, true)
	return []rule{
		{name: "plain"},
		{name: "no CA", below: last(with(testpki.BasicConstraints(false, -1))), want: certificate.NotCA},
		{name: "no basicConstraints", below: last(with()), want: certificate.NotCA},
		{name: "path length", above: last(with(testpki.BasicConstraints(true, 0))), want: certificate.PathLength},
		{name: "path length that fits", above: last(with(testpki.BasicConstraints(true, 1)))},
		{name: "may not sign certificates", below: func(c *testpki.Template) { c.Extensions[2] = testpki.KeyUsage(x509.KeyUsageCRLSign) },
			want: certificate.KeyUsage},
		{name: "unknown critical extension above", above: with(unknown), want: certificate.UnknownCritical},
		{name: "unknown critical extension of the leaf", leaf: with(unknown), want: certificate.UnknownCritical},
		{name: "expired", leaf: func(c *testpki.Template) { c.NotAfter = testpki.Now() }, at: time.Second, want: certificate.Expired},
		{name: "expires now", leaf: func(c *testpki.Template) { c.NotAfter = testpki.Now() },
			apart: "openssl lets certificates expire a second early; RFC 5280, 4.1.2.5 says inclusive"},
		{name: "CA not yet valid", above: func(c *testpki.Template) { c.NotBefore = testpki.Now() }, at: -time.Second, want: certificate.NotYetValid},
		{name: "signature", leaf: func(c *testpki.Template) { c.Signature = testpki.DefaultSignature(nil) }, want: certificate.BadSignature},
	}
}

// chain makes the certificates of a rule: leaf, below, above, root.
func (r *rule) chain(t *testing.T, pki *testpki.PKI) []*certificate.Certificate {
	t.Helper()
	above := issue(t, pki, authority("above", pki.Root, r.above))
	below := issue(t, pki, authority("below", above, r.below))
	request := testpki.Request{KeyType: testpki.P256, Issuer: below, Change: r.leaf}
	if r.want == certificate.BadSignature {
		request.Change = func(c *testpki.Template) { c.Serial = []byte{1} }
		leaf := issue(t, pki, request)
		forged := replaceOnce(t, leaf.Certificate.Raw, []byte{2, 1, 1}, []byte{2, 1, 2})
		c, err := certificate.Parse(forged)
		require.NoError(t, err)
		return append([]*certificate.Certificate{c}, certificates(below, above, pki.Root)...)
	}
	return certificates(issue(t, pki, request), below, above, pki.Root)
}

func rules() []rule { return append(append(issuerRules(), nameRules()...), policyRules()...) }

func TestRules(t *testing.T) {
	pki := fixed(t)
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			chain := r.chain(t, pki)
			path, err := certificate.BuildPath(t.Context(), chain[0], certificate.PathOptions{
				Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now().Add(r.at), Candidates: chain[1:], Policies: r.policies,
			})
			if r.want == certificate.ReasonUnknown {
				require.NoError(t, err)
				require.Equal(t, chain, path.Certificates)
				return
			}
			requireReason(t, err, r.want)
		})
	}
}

// TestOpenSSLAgrees asks openssl verify about the same chains.
func TestOpenSSLAgrees(t *testing.T) {
	tool := peertest.Program(t, "openssl")
	pki := fixed(t)
	folder := t.TempDir()
	write := func(name string, list ...*certificate.Certificate) string {
		var text []byte
		for _, c := range list {
			text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
		}
		name = filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(name, text, 0o600))
		return name
	}
	for i, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			chain := r.chain(t, pki)
			arguments := []string{"verify", "-CAfile", write("root.pem", chain[3]),
				"-untrusted", write(fmt.Sprintf("%d-ca.pem", i), chain[1], chain[2]), "-policy_check",
				"-attime", fmt.Sprint(pki.Now().Add(r.at).Unix())}
			for flag, on := range map[string]bool{
				"-explicit_policy": r.policies.RequireExplicit, "-inhibit_any": r.policies.InhibitAny, "-inhibit_map": r.policies.InhibitMapping,
			} {
				if on {
					arguments = append(arguments, flag)
				}
			}
			if r.policies.RequireExplicit && len(r.policies.Acceptable) == 0 {
				arguments = append(arguments, "-policy", oidAnyPolicy.String())
			}
			for _, id := range r.policies.Acceptable {
				arguments = append(arguments, "-policy", id.String())
			}
			var output bytes.Buffer
			command := exec.CommandContext(t.Context(), tool, append(arguments, write(fmt.Sprintf("%d-leaf.pem", i), chain[0]))...)
			command.Stdout, command.Stderr = &output, &output
			holds := command.Run() == nil
			agrees := holds == (r.want == certificate.ReasonUnknown)
			if r.apart != "" {
				t.Logf("agrees: %v; %s", agrees, r.apart)
				return
			}
			require.True(t, agrees, "%s\n%s", strings.Join(arguments, " "), output.String())
		})
	}
}
