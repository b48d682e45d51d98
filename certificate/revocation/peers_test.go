package revocation_test

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ocsp"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/internal/testpki"
)

func standard(t testing.TB, c *certificate.Certificate) *x509.Certificate {
	t.Helper()
	std, err := x509.ParseCertificate(c.Raw)
	require.NoError(t, err)
	return std
}

// TestStandardLibraryCRL compares with crypto/x509 both ways.
func TestStandardLibraryCRL(t *testing.T) {
	w := newWorld(t)
	theirs, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{
		Number: big.NewInt(3), ThisUpdate: now, NextUpdate: now.AddDate(0, 0, 7),
		RevokedCertificateEntries: []x509.RevocationListEntry{{SerialNumber: w.serial(), RevocationTime: now, ReasonCode: 4}},
	}, standard(t, w.ca.Certificate), w.ca.Key)
	require.NoError(t, err)
	a := w.judge(revocation.Options{}, &revocation.Evidence{Raw: theirs})
	require.Equal(t, revocation.Revoked, a.Status)
	require.Equal(t, revocation.Superseded, a.Reason)

	ours := w.crl(w.ca, testpki.CRL{Number: big.NewInt(3), Entries: w.revoked(now, 4)})
	list, err := x509.ParseRevocationList(ours.Raw)
	require.NoError(t, err)
	require.NoError(t, list.CheckSignatureFrom(standard(t, w.ca.Certificate)))
	require.Len(t, list.RevokedCertificateEntries, 3)
	require.Equal(t, w.serial(), list.RevokedCertificateEntries[1].SerialNumber)
}

// TestXCryptoOCSP compares with golang.org/x/crypto/ocsp both ways.
func TestXCryptoOCSP(t *testing.T) {
	w := newWorld(t)
	leaf, ca := standard(t, w.leaf.Certificate), standard(t, w.ca.Certificate)
	r := w.responder(w.ca, testpki.OCSPNoCheck())
	for _, status := range []int{ocsp.Good, ocsp.Revoked, ocsp.Unknown} {
		want := map[int]revocation.Status{ocsp.Good: revocation.Good, ocsp.Revoked: revocation.Revoked, ocsp.Unknown: revocation.Unknown}[status]
		for _, hash := range []crypto.Hash{crypto.SHA1, crypto.SHA256} {
			template := ocsp.Response{
				Status: status, SerialNumber: leaf.SerialNumber, ThisUpdate: now, NextUpdate: now.AddDate(0, 0, 1),
				RevokedAt: now, RevocationReason: ocsp.Superseded, IssuerHash: hash, Certificate: standard(t, r.Certificate),
			}
			theirs, err := ocsp.CreateResponse(ca, template.Certificate, template, r.Key)
			require.NoError(t, err)
			// That library writes the present as producedAt.
			o := revocation.Options{Now: time.Now().Add(time.Hour)}
			if o.Now.Before(now) {
				o.Now = now
			}
			require.Equal(t, want, w.judge(o, &revocation.Evidence{Raw: theirs}).Status, "%d", status)

			e := w.ocsp(r, testpki.OCSP{Certificates: r.Chain[:1], Responses: w.single(func(s *testpki.OCSPSingle) {
				s.Hash, s.Status = hash, testpki.OCSPStatus(status)
			})})
			read, err := ocsp.ParseResponseForCert(e.Raw, leaf, ca)
			require.NoError(t, err)
			require.Equal(t, status, read.Status)
		}
	}
}

// peer is the openssl command in a folder with the certificates of a world.
type peer struct {
	t       *testing.T
	program string
	dir     string
}

func newPeer(t *testing.T, w *world) *peer {
	t.Helper()
	p := &peer{t, peertest.Program(t, "openssl"), t.TempDir()}
	p.write("leaf.pem", w.leaf.PEM()[:len(w.leaf.PEM())-len(w.ca.PEM())])
	p.write("ca.pem", w.ca.PEM())
	p.write("chain.pem", append(w.ca.PEM(), w.pki.Root.PEM()...))
	key, err := w.ca.KeyPEM()
	require.NoError(t, err)
	p.write("ca.key", key)
	return p
}

func (p *peer) write(name string, data []byte) {
	p.t.Helper()
	require.NoError(p.t, os.WriteFile(filepath.Join(p.dir, name), data, 0o600))
}

func (p *peer) read(name string) []byte {
	p.t.Helper()
	data, err := os.ReadFile(filepath.Join(p.dir, name))
	require.NoError(p.t, err)
	return data
}

func (p *peer) run(args ...string) (string, error) {
	command := exec.CommandContext(p.t.Context(), p.program, args...)
	command.Dir = p.dir
	out, err := command.CombinedOutput()
	return string(out), err
}

// TestOpenSSLJudgesCRLs has openssl give the verdicts of ours on a matrix.
func TestOpenSSLJudgesCRLs(t *testing.T) {
	const url = "http://crl.example/ca.crl"
	w := newWorld(t, testpki.CRLDistributionPoints(&testpki.Point{URL: url}))
	p := newPeer(t, w)
	p.write("root.crl", pemCRL(w.crl(w.pki.Root, testpki.CRL{Number: big.NewInt(1)}).Raw))
	scope := func(s testpki.Point) []pkix.Extension {
		return []pkix.Extension{testpki.IssuingDistributionPoint(&s)}
	}
	for name, test := range map[string]struct {
		crl    testpki.CRL
		signer *testpki.Identity
		want   revocation.Status
	}{
		"good":                {want: revocation.Good},
		"revoked":             {crl: testpki.CRL{Entries: w.revoked(now.Add(-time.Hour), 1)}, want: revocation.Revoked},
		"on hold":             {crl: testpki.CRL{Entries: w.revoked(now.Add(-time.Hour), 6)}, want: revocation.Revoked},
		"stale":               {crl: testpki.CRL{ThisUpdate: now.Add(-9 * time.Hour), NextUpdate: now.Add(-time.Hour)}},
		"future":              {crl: testpki.CRL{ThisUpdate: now.AddDate(0, 0, 2)}},
		"wrong key":           {signer: w.pki.Root, crl: testpki.CRL{Issuer: w.ca.Certificate.RawSubject}},
		"critical":            {crl: testpki.CRL{Extensions: []pkix.Extension{critical()}}},
		"the point":           {crl: testpki.CRL{Extensions: scope(testpki.Point{URL: url})}, want: revocation.Good},
		"another point":       {crl: testpki.CRL{Extensions: scope(testpki.Point{URL: url + "2"})}},
		"users":               {crl: testpki.CRL{Extensions: scope(testpki.Point{OnlyUsers: true})}, want: revocation.Good},
		"authorities":         {crl: testpki.CRL{Extensions: scope(testpki.Point{OnlyCAs: true})}},
		"attributes":          {crl: testpki.CRL{Extensions: scope(testpki.Point{OnlyAttributes: true})}},
		"indirect of its own": {crl: testpki.CRL{Extensions: scope(testpki.Point{Indirect: true}), Entries: w.revoked(now.Add(-time.Hour), 1)}, want: revocation.Revoked},
	} {
		signer := test.signer
		if signer == nil {
			signer = w.ca
		}
		test.crl.Number = big.NewInt(1)
		e := w.crl(signer, test.crl)
		require.Equal(t, test.want, w.judge(revocation.Options{}, e).Status, name)
		p.write("ca.crl", pemCRL(e.Raw))
		out, err := p.run("verify", "-attime", fmt.Sprint(now.Add(time.Hour).Unix()), "-crl_check_all", "-extended_crl",
			"-CAfile", "chain.pem", "-CRLfile", "root.crl", "-CRLfile", "ca.crl", "leaf.pem")
		require.Equal(t, test.want == revocation.Good, err == nil, "%s: %s", name, out)
		require.Equal(t, test.want == revocation.Revoked, strings.Contains(out, "certificate revoked"), "%s: %s", name, out)
	}
}

func pemCRL(der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: der}) }

// TestOpenSSLIssuesCRLs judges lists that openssl writes.
func TestOpenSSLIssuesCRLs(t *testing.T) {
	w := newWorld(t)
	p := newPeer(t, w)
	p.write("ca.cnf", []byte("[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ndefault_md=sha256\ncrlnumber=number\ncrl_extensions=x\n[x]\nauthorityKeyIdentifier=keyid\n"))
	for line, want := range map[string]revocation.Status{
		"": revocation.Good,
		"R\t360401090000Z\t%s\t%X\tunknown\t/CN=x\n":               revocation.Revoked,
		"R\t360401090000Z\t%s,keyCompromise\t%X\tunknown\t/CN=x\n": revocation.Revoked,
	} {
		if line != "" {
			line = fmt.Sprintf(line, now.Add(-time.Minute).Format("060102150405Z"), w.serial())
		}
		p.write("index.txt", []byte(line))
		p.write("number", []byte("01\n"))
		out, err := p.run("ca", "-config", "ca.cnf", "-gencrl", "-cert", "ca.pem", "-keyfile", "ca.key", "-out", "out.crl",
			"-crl_lastupdate", now.Format("20060102150405Z"), "-crl_nextupdate", now.AddDate(0, 0, 7).Format("20060102150405Z"))
		require.NoError(t, err, out)
		a := w.judge(revocation.Options{}, &revocation.Evidence{Raw: p.read("out.crl")})
		require.Equal(t, want, a.Status, "%q %v", line, a.Rejected)
		require.Equal(t, strings.Contains(line, "key"), a.Reason == revocation.KeyCompromise)
		require.NotEmpty(t, a.Notes, "it came in PEM")
	}
}

// TestOpenSSLResponder judges what openssl answers to our requests.
func TestOpenSSLResponder(t *testing.T) {
	w := newWorld(t)
	p := newPeer(t, w)
	nonce := []byte("0123456789abcdef")
	request, err := revocation.NewRequest(w.leaf.Certificate, w.ca.Certificate, revocation.RequestOptions{Nonce: nonce})
	require.NoError(t, err)
	p.write("request.der", request)
	for line, want := range map[string]revocation.Status{
		"": revocation.Unknown,
		"V\t360401090000Z\t\t%X\tunknown\t/CN=x\n":                         revocation.Good,
		"R\t360401090000Z\t260101000000Z,superseded\t%X\tunknown\t/CN=x\n": revocation.Revoked,
	} {
		if line != "" {
			line = fmt.Sprintf(line, w.serial())
		}
		p.write("index.txt", []byte(line))
		out, err := p.run("ocsp", "-index", "index.txt", "-CA", "ca.pem", "-rsigner", "ca.pem", "-rkey", "ca.key",
			"-reqin", "request.der", "-respout", "response.der", "-ndays", "7")
		require.NoError(t, err, out)
		present := time.Now()
		if present.Before(now) {
			present = now
		}
		e := &revocation.Evidence{Raw: p.read("response.der"), Nonce: nonce}
		a := w.judge(revocation.Options{Time: present.Add(time.Minute)}, e)
		require.Equal(t, want, a.Status, "%q %v", line, a.Rejected)
		r, err := revocation.ParseResponse(e.Raw)
		require.NoError(t, err)
		require.Equal(t, nonce, r.Nonce)
	}
}

// TestOpenSSLJudgesResponses has openssl read and verify ours.
func TestOpenSSLJudgesResponses(t *testing.T) {
	w := newWorld(t)
	p := newPeer(t, w)
	delegate := w.responder(w.ca, testpki.OCSPNoCheck())
	nobody := w.issue(&testpki.Request{Role: testpki.OtherRole, Subject: testpki.Person("nobody")})
	for name, test := range map[string]struct {
		signer *testpki.Identity
		status testpki.OCSPStatus
		want   revocation.Status
		says   string
	}{
		"good":      {w.ca, testpki.OCSPGood, revocation.Good, "leaf.pem: good"},
		"revoked":   {w.ca, testpki.OCSPRevoked, revocation.Revoked, "leaf.pem: revoked"},
		"unknown":   {w.ca, testpki.OCSPUnknown, revocation.Unknown, "leaf.pem: unknown"},
		"delegated": {delegate, testpki.OCSPGood, revocation.Good, "leaf.pem: good"},
		"nobody":    {nobody, testpki.OCSPGood, revocation.Unknown, "Response Verify Failure"},
	} {
		e := w.ocsp(test.signer, testpki.OCSP{Certificates: test.signer.Chain[:1], Responses: w.single(func(s *testpki.OCSPSingle) { s.Status = test.status })})
		require.Equal(t, test.want, w.judge(revocation.Options{}, e).Status, name)
		p.write("response.der", e.Raw)
		out, _ := p.run("ocsp", "-issuer", "ca.pem", "-cert", "leaf.pem", "-respin", "response.der", "-CAfile", "chain.pem",
			"-attime", fmt.Sprint(now.Add(time.Hour).Unix()), "-validity_period", "1000000000", "-no_nonce")
		require.Contains(t, out, test.says, name)
		require.Equal(t, test.says == "Response Verify Failure", !strings.Contains(out, "Response verify OK"), "%s: %s", name, out)
	}
}
