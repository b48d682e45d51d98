package interop_test

import (
	"bytes"
	"context"
	"encoding/asn1"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
	"github.com/stretchr/testify/require"
)

// services is a PKI of the present with all that it offers, on one loopback
// address. That address is also a proxy that answers for the host named in the
// certificates, so programs that cannot be told how to resolve a name reach it.
type services struct {
	pki     *testpki.Server
	now     func() time.Time
	stamper atomic.Pointer[tsa.Responder]
	address string // host:port
	root    string // file
}

// newServices makes services that live now.
func newServices(t *testing.T) *services { return newServicesSince(t, time.Now(), time.Now) }

// newServicesSince makes services that begin at a time and go by a clock; nil is
// one that is set by hand, with SetNow.
func newServicesSince(t *testing.T, since time.Time, clock func() time.Time) *services {
	t.Helper()
	s := &services{now: clock}
	var err error
	s.pki, err = testpki.NewServer(&testpki.Options{Now: since.UTC().Truncate(time.Second)})
	require.NoError(t, err)
	if s.now == nil {
		s.now = s.pki.PKI.Now
	}
	t.Cleanup(func() { require.NoError(t, s.pki.Close()) })
	s.listAuthority(t)
	s.newAuthority(t, time.Time{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/tsa" {
			s.stamper.Load().ServeHTTP(w, r)
			return
		}
		s.pki.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.address = strings.TrimPrefix(server.URL, "http://")
	s.root = write(t, "root.pem", s.pki.PKI.Root.PEM())
	return s
}

// newAuthority replaces the time-stamping authority by one whose certificate is
// valid until then; zero means ten years.
func (s *services) newAuthority(t *testing.T, until time.Time) {
	t.Helper()
	id, err := s.pki.Issue(&testpki.Request{Profile: testpki.TimeStamperProfile, NotAfter: until})
	require.NoError(t, err)
	stamper := &tsa.Responder{
		Key: id.Key, Certificate: id.Certificate, Chain: id.Chain[1:], Now: s.now,
		Policies: []asn1.ObjectIdentifier{{1, 2, 3, 4, 1}}, Accuracy: time.Second,
	}
	require.NoError(t, stamper.Check())
	s.stamper.Store(stamper)
}

// listAuthority certifies the issuing authority again, with a CRL alone to tell of
// it, as is usual: where a root answers by OCSP with its own key, the past
// validation of pyHanko wants revocation data of the root.
func (s *services) listAuthority(t *testing.T) {
	t.Helper()
	url := "http://" + testpki.ServerHost + "/" + string(testpki.RootRole) + "/"
	authority, err := s.pki.PKI.Issue(&testpki.Request{
		Profile: testpki.AuthorityProfile, Key: s.pki.Issuing.Key, Subject: s.pki.Issuing.Certificate.RawSubject, Issuer: s.pki.PKI.Root,
		Change: func(c *testpki.Template) {
			c.Extensions = append(c.Extensions, testpki.AuthorityInfoAccess(nil, []string{url + string(testpki.IssuerService)}),
				testpki.CRLDistributionPoints(&testpki.Point{URL: url + string(testpki.CRLService)}))
		},
	})
	require.NoError(t, err)
	*s.pki.Issuing = *authority
}

// signer issues a certificate for signing, with the URLs of the services.
func (s *services) signer(t *testing.T, key testpki.KeyType) *testpki.Identity {
	t.Helper()
	private, err := testpki.FixedKeys(testpki.SignerRole, key)
	require.NoError(t, err)
	id, err := s.pki.Issue(&testpki.Request{Key: private, NotAfter: s.now().AddDate(1, 0, 0)})
	require.NoError(t, err)
	return id
}

// source is how inkan finds revocation data and issuers.
func (s *services) source() fetch.Source {
	return &fetch.Client{Now: s.now, Resolver: s.pki, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, s.address)
	}}
}

// options are what a level needs.
func (s *services) options(level pades.Level) *pades.SignOptions {
	o := &pades.SignOptions{Level: level}
	if level >= pades.BT {
		o.TSA = s.client()
	}
	if level >= pades.BLT {
		o.Revocation, o.Trust = s.source(), s.pki.PKI.Pool()
	}
	return o
}

// extension is what raising to B-LTA needs.
func (s *services) extension() *pades.ExtendOptions {
	return &pades.ExtendOptions{Level: pades.BLTA, TSA: s.client(), Revocation: s.source(), Trust: s.pki.PKI.Pool()}
}

func (s *services) client() tsa.Timestamper { return &tsa.Client{URL: s.tsaURL(), Now: s.now} }

// sign signs a file, which may be encrypted.
func (s *services) sign(t *testing.T, data []byte, password string, signer *pades.Signer, level pades.Level) []byte {
	t.Helper()
	return s.update(t, data, password, func(d *pades.Document) error { return d.Sign(context.Background(), signer, s.options(level)) })
}

// extend raises a file to B-LTA.
func (s *services) extend(t *testing.T, data []byte) []byte {
	t.Helper()
	return s.update(t, data, "", func(d *pades.Document) error { return d.Extend(context.Background(), s.extension()) })
}

func (s *services) update(t *testing.T, data []byte, password string, do func(*pades.Document) error) []byte {
	t.Helper()
	doc, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), &pades.OpenOptions{Password: password, Now: s.now})
	require.NoError(t, err)
	defer doc.Close()
	require.NoError(t, do(doc))
	var out bytes.Buffer
	_, err = doc.WriteTo(&out)
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(out.Bytes(), data), "bytes of the earlier file changed")
	return out.Bytes()
}

func (s *services) tsaURL() string { return "http://" + s.address + "/tsa" }

// task fills in what a task of the outside programs needs.
func (s *services) task(command, file string) adesTask {
	return adesTask{Command: command, File: file, Anchors: []string{s.root}, Proxy: s.address, TSA: s.tsaURL()}
}

// keyFiles writes the key and the chain of a signer.
func keyFiles(t *testing.T, id *testpki.Identity) (key, chain string) {
	t.Helper()
	pem, err := id.KeyPEM()
	require.NoError(t, err)
	return write(t, "key.pem", pem), write(t, "chain.pem", id.PEM())
}
