package vectors

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
)

// chronicle is a contract to which signatures, evidence and time stamps are added at
// times that one chooses. It keeps the first error.
type chronicle struct {
	*draft
	*authorities
	err    error
	stored map[string][]int // object numbers of the security store
	number int              // of the security store; 0 before there is one
}

// timed returns how to make a file out of what happened to it.
func timed(events func(c *chronicle)) func(m *Maker) ([]byte, error) {
	return func(m *Maker) ([]byte, error) {
		a, err := m.authorities()
		if err != nil {
			return nil, err
		}
		c := &chronicle{draft: newDraft(m, testpdf.Table), authorities: a, stored: make(map[string][]int)}
		events(c)
		if c.err != nil {
			return nil, fmt.Errorf("vectors: %w", c.err)
		}
		return c.data, nil
	}
}

// stamp is one time stamp: by whom, and when.
type stamp struct {
	by *testpki.Identity
	at time.Time
}

func (s stamp) over(digest []byte) ([]byte, error) {
	by := *s.by
	by.Key = repeatable(by.Key)
	return by.Stamp(&testpki.Token{Digest: digest, Time: s.at})
}

// approval is a signature and what it carries.
type approval struct {
	by *testpki.Identity // nil: the signer
	// content and value are the time stamps over what is signed and over the signature.
	content, value []stamp
	tokens         [][]byte // further ones beside the signature value
	attributes     []cms.Attribute
}

// sign adds a signature.
func (c *chronicle) sign(s approval) {
	if s.by == nil {
		s.by = c.signer
	}
	c.mark(mark{field: fmt.Sprintf("Signature%d", c.next()), value: s.make})
}

// stamp adds a document time stamp.
func (c *chronicle) stamp(by *testpki.Identity, at time.Time) { c.stampBy(stamp{by, at}.over) }

// stampBy adds a document time stamp with a token made by a function.
func (c *chronicle) stampBy(token func(digest []byte) ([]byte, error)) {
	c.mark(mark{field: fmt.Sprintf("Stamp%d", c.next()), stamp: true, value: token})
}

func (c *chronicle) mark(k mark) {
	if c.err == nil {
		c.err = c.put(k)
	}
}

// make returns the CMS of a signature over what has that digest.
func (s approval) make(digest []byte) ([]byte, error) {
	t := &cms.Template{ContentDigest: digest, Certificate: s.by.Certificate, Chain: s.by.Chain, Attributes: s.attributes}
	var err error
	if t.Algorithm, err = cms.AlgorithmFor(s.by.Key.Public()); err != nil {
		return nil, err
	}
	for _, content := range s.content {
		token, err := content.over(digest)
		if err != nil {
			return nil, err
		}
		t.Attributes = append(t.Attributes, cms.Attribute{Type: cms.OIDContentTimeStamp, Values: [][]byte{token}})
	}
	attributes, err := t.SignedAttributes()
	if err != nil {
		return nil, err
	}
	signature, err := cms.Sign(context.Background(), nil, repeatable(s.by.Key), t.Algorithm, attributes)
	if err != nil {
		return nil, err
	}
	var unsigned []cms.Attribute
	for _, token := range s.tokens {
		unsigned = append(unsigned, cms.Attribute{Type: cms.OIDSignatureTimeStamp, Values: [][]byte{token}})
	}
	for _, value := range s.value {
		sum := sha256.Sum256(signature)
		token, err := value.over(sum[:])
		if err != nil {
			return nil, err
		}
		unsigned = append(unsigned, cms.Attribute{Type: cms.OIDSignatureTimeStamp, Values: [][]byte{token}})
	}
	return t.SignedData(attributes, signature, unsigned...)
}

// evidence is what a security store is given.
type evidence struct {
	certs []*certificate.Certificate
	crls  []list
	ocsps []*testpki.OCSP // by the responder
}

// list is a CRL and who issued it.
type list struct {
	by *testpki.Identity
	testpki.CRL
}

// ltv is the evidence about signers, their authority and the time stampers as of a
// time: fresh for a week, that about time stampers for very long.
func (c *chronicle) ltv(at time.Time) evidence {
	return evidence{
		certs: []*certificate.Certificate{c.pki.Intermediate.Certificate},
		crls: []list{
			{c.pki.Root, testpki.CRL{ThisUpdate: at}},
			{c.pki.Intermediate, testpki.CRL{ThisUpdate: at}},
			c.stampers(at),
		},
	}
}

// stampers is a list of revoked time stampers.
func (c *chronicle) stampers(at time.Time, revoked ...testpki.CRLEntry) list {
	return list{c.stamps.Root, testpki.CRL{ThisUpdate: at, NextUpdate: years(60), Entries: revoked}}
}

// revoke tells of the signers that one was revoked, and of the authority that it was not.
func (c *chronicle) revoke(id *testpki.Identity, since, at time.Time) evidence {
	e := c.ltv(at)
	e.crls[1].Entries = revoked(id.Certificate, since, 1)
	return e
}

func revoked(cert *certificate.Certificate, since time.Time, reason int) []testpki.CRLEntry {
	return []testpki.CRLEntry{{Serial: cert.SerialNumber, Date: since, Reason: reason}}
}

// store adds evidence to the security store, by an update.
func (c *chronicle) store(e evidence) {
	objects := c.objects(c.next(), e)
	if c.err == nil {
		c.update(objects...)
	}
}

// objects writes evidence and the store that holds it, in objects from n on.
func (c *chronicle) objects(n int, e evidence) []testpdf.Object {
	var objects []testpdf.Object
	first := c.number == 0
	if first {
		c.number = n
		n++
	}
	add := func(key string, data []byte, err error) {
		if c.err == nil {
			c.err = err
		}
		objects = append(objects, testpdf.Object{Number: n, Body: "<<>>", Data: data})
		c.stored[key] = append(c.stored[key], n)
		n++
	}
	for _, cert := range e.certs {
		add("Certs", cert.Raw, nil)
	}
	for _, l := range e.crls {
		der, err := l.by.SignCRL(&l.CRL)
		add("CRLs", der, err)
	}
	for _, r := range e.ocsps {
		der, err := c.responder.SignOCSP(r)
		add("OCSPs", der, err)
	}
	var body strings.Builder
	for _, key := range []string{"Certs", "OCSPs", "CRLs"} {
		if len(c.stored[key]) > 0 {
			fmt.Fprintf(&body, "/%s[%s]", key, references(c.stored[key]))
		}
	}
	objects = append(objects, testpdf.Object{Number: c.number, Body: "<</Type/DSS" + body.String() + ">>"})
	if first {
		c.catalog = fmt.Sprintf("/DSS %d 0 R", c.number)
		objects = append(objects, c.root(""))
	}
	return objects
}
