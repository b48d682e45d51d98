package vectors

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"slices"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/testpki"
)

// years is a time that many years after the present of the fixed infrastructure,
// days and hours likewise.
func years(n int) time.Time { return testpki.Now().AddDate(n, 0, 0) }
func days(n int) time.Time  { return testpki.Now().AddDate(0, 0, n) }
func hours(n int) time.Time { return testpki.Now().Add(time.Duration(n) * time.Hour) }

// authorities are the infrastructure of vectors that time decides, on keys without an
// end where nothing else is said: signers below an intermediate authority, and
// time-stamping authorities below a root of their own. Evidence is needed of all.
type authorities struct {
	pki, stamps *testpki.PKI

	signer    *testpki.Identity // for ten years
	monthly   *testpki.Identity // for thirty days
	rsa       *testpki.Identity // with a key of RSA-2048, good until 2029
	answered  *testpki.Identity // who names an OCSP responder
	encipher  *testpki.Identity // for the encipherment of keys alone
	forged    *testpki.Identity // whose certificate its issuer did not sign
	responder *testpki.Identity // answers by OCSP, for thirty days

	long, short *testpki.Identity // time stampers for 30 and for 2 years
	second      *testpki.Identity // another one for 30 years
	stranger    *testpki.Identity // a time stamper whom nobody trusts
}

// authorities returns them; all are issued in one order, which the serial numbers
// depend on.
func (m *Maker) authorities() (*authorities, error) {
	if m.over != nil {
		return m.over, nil
	}
	a := &authorities{}
	issue := issuer{}
	a.pki, a.stamps = issue.pki("Inkan Signers"), issue.pki("Inkan Stamps")
	strangers := issue.pki("Inkan Strangers")
	a.signer = issue.identity(a.pki, testpki.Request{Role: "signer"})
	a.monthly = issue.identity(a.pki, testpki.Request{Role: "monthly signer", NotAfter: days(30)})
	rsa, err := testpki.FixedKeys(testpki.SignerRole, testpki.RSA2048)
	issue.note(err)
	a.rsa = issue.identity(a.pki, testpki.Request{Key: rsa})
	a.answered = issue.identity(a.pki, testpki.Request{Role: "answered signer", Change: func(t *testpki.Template) {
		t.Extensions = append(t.Extensions, testpki.AuthorityInfoAccess([]string{"http://" + testpki.ServerHost + "/ocsp"}, nil))
	}})
	a.encipher = issue.identity(a.pki, testpki.Request{Role: "encipherer", Change: func(t *testpki.Template) {
		usage := testpki.KeyUsage(x509.KeyUsageKeyEncipherment)
		t.Extensions = append(without(t.Extensions, usage), usage)
	}})
	a.responder = issue.identity(a.pki, testpki.Request{Role: "responder", NotAfter: days(30), Subject: testpki.Name(testpki.CommonName("OCSP")),
		Change: func(t *testpki.Template) {
			t.Extensions = append(t.Extensions, testpki.OCSPNoCheck(), testpki.ExtendedKeyUsage(false, asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 9}))
		}})
	a.long, a.second, a.short = issue.stamper(a.stamps, "long", years(30)), issue.stamper(a.stamps, "second", years(30)), issue.stamper(a.stamps, "short", years(2))
	a.stranger = issue.stamper(strangers, "stranger", years(30))
	a.forged = issue.forge(a.signer)
	if issue.err != nil {
		return nil, fmt.Errorf("vectors: %w", issue.err)
	}
	m.over = a
	return a, nil
}

// issuer makes infrastructures and keeps the first error.
type issuer struct{ err error }

func (i *issuer) pki(house string) *testpki.PKI {
	p, err := testpki.New(&testpki.Options{KeyType: testpki.P256, Organization: house, Keys: func(r testpki.Role, k testpki.KeyType) (crypto.Signer, error) {
		return testpki.FixedKeys(testpki.Role(house+", ")+r, k)
	}})
	i.note(err)
	return p
}

func (i *issuer) identity(p *testpki.PKI, r testpki.Request) *testpki.Identity {
	if i.err != nil {
		return nil
	}
	r.KeyType = testpki.P256 // where it brings no key
	change := r.Change
	r.Change = func(t *testpki.Template) {
		t.Extensions = without(t.Extensions, testpki.NoRevAvail())
		if change != nil {
			change(t)
		}
	}
	id, err := p.Issue(&r)
	i.note(err)
	return id
}

func (i *issuer) stamper(p *testpki.PKI, role testpki.Role, until time.Time) *testpki.Identity {
	if i.err != nil {
		return nil
	}
	return i.identity(p, testpki.Request{Profile: testpki.TimeStamperProfile, Role: role, Issuer: p.Root, NotBefore: years(-1), NotAfter: until,
		Subject: testpki.Name(testpki.CommonName("Time stamper, " + string(role)))})
}

// forge returns an identity whose certificate has another signature.
func (i *issuer) forge(id *testpki.Identity) *testpki.Identity {
	if i.err != nil {
		return nil
	}
	raw := bytes.Clone(id.Certificate.Raw)
	raw[len(raw)-1] ^= 1
	c, err := certificate.Parse(raw)
	i.note(err)
	return &testpki.Identity{Key: id.Key, Certificate: c, Chain: append([]*certificate.Certificate{c}, id.Chain[1:]...)}
}

func (i *issuer) note(err error) {
	if i.err == nil {
		i.err = err
	}
}

// without returns the extensions but those of the same type as one.
func without(list []pkix.Extension, one pkix.Extension) []pkix.Extension {
	return slices.DeleteFunc(slices.Clone(list), func(e pkix.Extension) bool { return e.Id.Equal(one.Id) })
}
