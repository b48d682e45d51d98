package chains_test

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/stretchr/testify/require"
)

var ocspSigning = []int{1, 3, 6, 1, 5, 5, 7, 3, 9}

// responders makes who signs OCSP responses about certificates of an authority: those
// who may, and those who may not.
func responders(t *testing.T, p *testpki.PKI) map[string]*testpki.Identity {
	t.Helper()
	now := p.Now()
	request := func(issuer *testpki.Identity, from, to time.Time, purpose bool) *testpki.Identity {
		id, err := p.Issue(&testpki.Request{
			Issuer: issuer, Role: testpki.OtherRole, KeyType: testpki.P256, Subject: testpki.Person("responder"), NotBefore: from, NotAfter: to,
			Change: func(c *testpki.Template) {
				c.Extensions = append(c.Extensions[:3:3], testpki.OCSPNoCheck())
				if purpose {
					c.Extensions = append(c.Extensions, testpki.ExtendedKeyUsage(false, ocspSigning))
				}
			},
		})
		require.NoError(t, err)
		return id
	}
	day := 24 * time.Hour
	old := now.Add(-9 * day)
	other, err := p.Issue(&testpki.Request{Profile: testpki.AuthorityProfile, Role: "another authority", KeyType: testpki.P256, Issuer: p.Root, Subject: testpki.Person("another authority")})
	require.NoError(t, err)
	impostor, err := p.Issue(&testpki.Request{Profile: testpki.AuthorityProfile, Role: "impostor", KeyType: testpki.P256, Issuer: p.Root, Subject: p.Intermediate.Certificate.RawSubject})
	require.NoError(t, err)
	return map[string]*testpki.Identity{
		"authority": p.Intermediate, "delegate": request(p.Intermediate, old, time.Time{}, true),
		"without purpose": request(p.Intermediate, old, time.Time{}, false),
		"expired":         request(p.Intermediate, old, now.Add(-day), true),
		"young":           request(p.Intermediate, now.Add(day), now.Add(2*day), true),
		"of another":      request(other, old, time.Time{}, true),
		"another":         other, "of an impostor": request(impostor, old, time.Time{}, true), "impostor": impostor,
	}
}

// TestMatrixOfResponses compares the verdicts on OCSP responses: status, time, signer,
// form of the signer's name, hash function, and signature.
func TestMatrixOfResponses(t *testing.T) {
	for _, key := range []testpki.KeyType{testpki.RSA2048, testpki.P256, testpki.Ed25519} {
		t.Run(key.String(), func(t *testing.T) {
			o := newOpenSSL(t)
			p, err := testpki.New(&testpki.Options{KeyType: key})
			require.NoError(t, err)
			leaf, err := p.Issue(&testpki.Request{NotBefore: p.Now().AddDate(0, 0, -9), Change: func(c *testpki.Template) { c.Extensions = c.Extensions[:3] }})
			require.NoError(t, err)
			o.certificates(t, "leaf.pem", leaf.Certificate)
			o.certificates(t, "issuer.pem", p.Intermediate.Certificate)
			o.certificates(t, "chain.pem", p.Intermediate.Certificate, p.Root.Certificate)
			r := responseCells{t, o, p, leaf.Certificate, 0, 0}
			for name, signer := range responders(t, p) {
				for status := testpki.OCSPGood; status <= testpki.OCSPUnknown; status++ {
					for age, this := range map[string]time.Time{"fresh": p.Now(), "stale": p.Now().AddDate(0, 0, -3), "future": p.Now().AddDate(0, 0, 3)} {
						r.compare(name, signer, &testpki.OCSP{}, status, age, this)
					}
				}
				r.compare(name+" by key", signer, &testpki.OCSP{ByKey: true}, testpki.OCSPGood, "fresh", p.Now())
				r.compare(name+" forged", &testpki.Identity{Key: leaf.Key, Certificate: signer.Certificate}, &testpki.OCSP{}, testpki.OCSPGood, "fresh", p.Now())
			}
			t.Logf("%d responses, %d good", r.cells, r.good)
			require.Equal(t, 4, r.good, "the authority and its delegate, named in both ways")
		})
	}
}

type responseCells struct {
	t     *testing.T
	o     *openssl
	p     *testpki.PKI
	leaf  *certificate.Certificate
	cells int
	good  int
}

func (r *responseCells) compare(name string, signer *testpki.Identity, response *testpki.OCSP, status testpki.OCSPStatus, age string, this time.Time) {
	r.t.Helper()
	name = fmt.Sprintf("%s, status %d, %s", name, status, age)
	single := testpki.OCSPSingle{Certificate: r.leaf, Issuer: r.p.Intermediate.Certificate, Status: status, ThisUpdate: this, RevokedAt: r.p.Now(), Hash: crypto.SHA256}
	if response.ByKey {
		single.Hash = crypto.SHA1
	}
	response.Responses, response.Certificates = []testpki.OCSPSingle{single}, []*certificate.Certificate{signer.Certificate}
	der, err := signer.SignOCSP(response)
	require.NoError(r.t, err)
	at := r.p.Now().Add(time.Hour)
	ours := revocation.NewSet(&revocation.Evidence{Raw: der}).Judge(r.leaf, r.p.Intermediate.Certificate, revocation.Options{Time: at})

	r.o.write(r.t, "response.der", der)
	hash := "-sha256"
	if response.ByKey {
		hash = "-sha1"
	}
	out, _ := r.o.run(r.t, "ocsp", hash, "-issuer", "issuer.pem", "-cert", "leaf.pem", "-respin", "response.der", "-CAfile", "chain.pem",
		"-attime", fmt.Sprint(at.Unix()), "-no_nonce", "-validity_period", "1000000000")
	verified := strings.Contains(out, "Response verify OK")
	// The time of openssl is the present, which is not ours: it is judged here.
	inTime := age == "fresh"
	theirs := revocation.Unknown
	switch {
	case !verified:
	case strings.Contains(out, "leaf.pem: good") && inTime:
		theirs = revocation.Good
	case strings.Contains(out, "leaf.pem: revoked") && age != "future":
		theirs = revocation.Revoked
	}
	require.Equal(r.t, theirs, ours.Status, "%s\nours: %v\nopenssl: %s", name, ours.Rejected, out)
	r.cells++
	if ours.Status == revocation.Good {
		r.good++
	}
}

// TestOpenSSLAsResponder builds paths with openssl as OCSP responder of both authorities,
// over HTTP on the loopback interface.
func TestOpenSSLAsResponder(t *testing.T) {
	for _, key := range []testpki.KeyType{testpki.RSA2048, testpki.P256} {
		for _, delegated := range []bool{false, true} {
			for _, method := range []string{http.MethodPost, http.MethodGet} {
				t.Run(fmt.Sprintf("%v/delegated %v/%s", key, delegated, method), func(t *testing.T) { respond(t, key, delegated, method) })
			}
		}
	}
}

func respond(t *testing.T, key testpki.KeyType, delegated bool, method string) {
	o := newOpenSSL(t)
	present := time.Now().Truncate(time.Second)
	p, err := testpki.New(&testpki.Options{KeyType: key, Now: present})
	require.NoError(t, err)
	server := httptest.NewServer(responder(t, o))
	defer server.Close()
	place := func(authority string) func(*testpki.Template) {
		return func(c *testpki.Template) {
			c.Extensions = append(c.Extensions, testpki.AuthorityInfoAccess([]string{server.URL + "/" + authority}, nil))
		}
	}
	ca, err := p.Issue(&testpki.Request{Profile: testpki.AuthorityProfile, Role: testpki.IntermediateRole, KeyType: key, Issuer: p.Root, Subject: testpki.Person("authority"), Change: place("root")})
	require.NoError(t, err)
	leaf, err := p.Issue(&testpki.Request{Issuer: ca, Change: func(c *testpki.Template) {
		c.Extensions = c.Extensions[:3:3]
		place("authority")(c)
	}})
	require.NoError(t, err)
	for name, id := range map[string]*testpki.Identity{"root": p.Root, "authority": ca} {
		o.certificates(t, name+".pem", id.Certificate)
		signer := id
		if delegated {
			signer, err = p.Issue(&testpki.Request{Issuer: id, Role: testpki.OtherRole, KeyType: testpki.P256, Subject: testpki.Person("responder"), Change: func(c *testpki.Template) {
				c.Extensions = append(c.Extensions[:3:3], testpki.OCSPNoCheck(), testpki.ExtendedKeyUsage(false, ocspSigning))
			}})
			require.NoError(t, err)
		}
		o.certificates(t, name+"-responder.pem", signer.Certificate)
		secret, err := signer.KeyPEM()
		require.NoError(t, err)
		o.write(t, name+"-responder.key", secret)
	}
	for _, test := range []struct {
		leaf, authority string // in the words of the index
		want            certificate.Reason
	}{
		{"V", "V", certificate.ReasonUnknown},
		{"R", "V", certificate.Revoked},
		{"V", "R", certificate.Revoked},
		{"", "V", certificate.RevocationUndetermined},
		{"V", "", certificate.RevocationUndetermined},
	} {
		o.write(t, "authority.index", indexOf(test.leaf, leaf.Certificate, present))
		o.write(t, "root.index", indexOf(test.authority, ca.Certificate, present))
		client := &fetch.Client{AllowPrivate: true, OCSPByGET: method == http.MethodGet, RememberFailures: -1, Timeout: time.Minute}
		if method == http.MethodPost {
			client.Nonce = bytes.NewReader(bytes.Repeat([]byte("nonce of a test "), 8))
		}
		f := &fetch.Finder{Source: client}
		// openssl writes its own present.
		f.Checker.Now = time.Now().Add(time.Minute)
		_, err := certificate.BuildPath(t.Context(), leaf.Certificate, certificate.PathOptions{
			Anchors: p.Pool(), Purpose: certificate.Signing, Time: present.Add(time.Second),
			Candidates: []*certificate.Certificate{ca.Certificate}, Revocation: f,
		})
		if test.want == certificate.ReasonUnknown {
			require.NoError(t, err)
			continue
		}
		var failure *certificate.PathError
		require.ErrorAs(t, err, &failure)
		require.Equal(t, test.want, failure.Reason, "%+v %v", test, err)
	}
}

// indexOf writes the index of an authority that issued one certificate.
func indexOf(status string, c *certificate.Certificate, now time.Time) []byte {
	const form = "060102150405Z"
	if status == "" {
		return nil
	}
	revoked := ""
	if status == "R" {
		revoked = now.Add(-time.Minute).UTC().Format(form) + ",keyCompromise"
	}
	return fmt.Appendf(nil, "%s\t%s\t%s\t%X\tunknown\t/CN=x\n", status, c.NotAfter.UTC().Format(form), revoked, c.SerialNumber)
}

// responder hands requests to openssl, which answers for the authority in the path.
func responder(t *testing.T, o *openssl) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil || !net.ParseIP(host).IsLoopback() {
			t.Errorf("a request from %s", r.RemoteAddr)
		}
		name, request, err := requestOf(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		o.write(t, "request.der", request)
		out, ok := o.run(t, "ocsp", "-index", name+".index", "-CA", name+".pem", "-rsigner", name+"-responder.pem", "-rkey", name+"-responder.key",
			"-reqin", "request.der", "-respout", "response.der", "-ndays", "7")
		if !ok {
			t.Errorf("openssl ocsp: %s", out)
		}
		http.ServeFile(w, r, o.folder+"/response.der")
	})
}

// requestOf reads both forms of RFC 6960, A.1.
func requestOf(r *http.Request) (name string, request []byte, err error) {
	name, encoded, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if name != "root" && name != "authority" {
		return "", nil, errors.New("no such authority")
	}
	if r.Method == http.MethodPost {
		request, err = io.ReadAll(r.Body)
	} else {
		request, err = base64.StdEncoding.DecodeString(encoded)
	}
	return name, request, err
}
