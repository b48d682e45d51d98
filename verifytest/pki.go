package verifytest

import (
	"bytes"
	"sync"
	"testing"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
	"github.com/inkan-go/inkan/verify"
)

// PKI is a root, an authority below it that answers by OCSP and CRL, and a
// time-stamping authority, alive while the test runs. It is safe for concurrent use.
type PKI struct {
	server *testpki.Server
	source *fetch.Client

	mu     sync.Mutex
	signer *pades.Signer
}

// NewPKI makes an infrastructure with new keys on P-256 and starts its servers on the
// loopback interface; they stop when the test ends. The names of the authorities are the
// same in all infrastructures.
func NewPKI(t testing.TB) *PKI {
	t.Helper()
	server, err := testpki.NewServer(&testpki.Options{Now: time.Now(), Keys: testpki.FreshKeys})
	if err != nil {
		t.Fatalf("verifytest: %v", err)
	}
	t.Cleanup(func() { _ = server.Close() }) // nobody waits for an answer
	return &PKI{server: server, source: &fetch.Client{Resolver: server, Dial: server.DialContext}}
}

// Signer returns somebody who may sign, the same at every call.
func (p *PKI) Signer(t testing.TB) *pades.Signer {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.signer == nil {
		p.signer = p.NewSigner(t, "山田太郎")
	}
	return p.signer
}

// NewSigner returns somebody else of that name, with a key and a certificate of their own.
func (p *PKI) NewSigner(t testing.TB, commonName string) *pades.Signer {
	t.Helper()
	id, err := p.server.Issue(&testpki.Request{Subject: testpki.Person(commonName)})
	if err != nil {
		t.Fatalf("verifytest: %v", err)
	}
	return &pades.Signer{Key: id.Key, Chain: id.Chain}
}

// Revoke revokes the certificate of a signer as of a time; zero means when the
// infrastructure was made. What was fetched or embedded before does not know of it.
func (p *PKI) Revoke(s *pades.Signer, at time.Time) {
	const keyCompromise = 1 // RFC 5280, 5.3.1
	p.server.Revoke(s.Chain[0], at, keyCompromise)
}

// TSA returns a client of the time-stamping authority.
func (p *PKI) TSA() *tsa.Client { return &tsa.Client{URL: p.server.URL(testpki.TSAService)} }

// Revocation returns where issuers, OCSP responses and CRLs are had.
func (p *PKI) Revocation() fetch.Source { return p.source }

// Anchors returns a pool that trusts the root for every purpose.
func (p *PKI) Anchors() *certificate.Pool { return p.server.PKI.Pool() }

// AnchorsPEM returns the root as PEM, for programs that read a file.
func (p *PKI) AnchorsPEM() []byte { return p.server.PKI.Root.PEM() }

// Options returns options that trust the root and ask for evidence where a file has none.
func (p *PKI) Options() *verify.Options {
	return &verify.Options{Trust: p.Anchors(), Source: &fetch.Client{Resolver: p.server, Dial: p.server.DialContext}}
}

// Document returns a contract of one page that nobody signed.
func Document() []byte { return testpdf.Contract(1, testpdf.Table).Bytes() }

// Sign signs a PDF by Signer and returns the result. The options may be nil; the
// services that their level needs are filled in where they have none.
func (p *PKI) Sign(t testing.TB, pdf []byte, o *pades.SignOptions) []byte {
	t.Helper()
	return p.SignBy(t, p.Signer(t), pdf, o)
}

// SignBy is [PKI.Sign] by another signer.
func (p *PKI) SignBy(t testing.TB, s *pades.Signer, pdf []byte, o *pades.SignOptions) []byte {
	t.Helper()
	options := pades.SignOptions{}
	if o != nil {
		options = *o
	}
	if options.TSA == nil && (options.Level > pades.BB || options.ContentTimestamp) {
		options.TSA = p.TSA()
	}
	if options.Revocation == nil && options.Level > pades.BT {
		options.Revocation = p.Revocation()
	}
	doc, err := pades.NewDocument(bytes.NewReader(pdf), int64(len(pdf)), nil)
	if err != nil {
		t.Fatalf("verifytest: %v", err)
	}
	if err := doc.Sign(t.Context(), s, &options); err != nil {
		t.Fatalf("verifytest: %v", err)
	}
	var out bytes.Buffer
	if _, err := doc.WriteTo(&out); err != nil {
		t.Fatalf("verifytest: %v", err)
	}
	return out.Bytes()
}

// Verify judges a PDF with Options. Only a file that cannot be read ends the test:
// what was found stands in the report.
func (p *PKI) Verify(t testing.TB, pdf []byte) *verify.Report {
	t.Helper()
	report, err := verify.Reader(t.Context(), bytes.NewReader(pdf), int64(len(pdf)), p.Options())
	if report == nil {
		t.Fatalf("verifytest: %v", err)
	}
	return report
}
