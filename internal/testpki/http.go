package testpki

import (
	"context"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/certificate"
)

// ServerHost is the host in the URLs of certificates that a [Server] issues. Only
// [Server.LookupNetIP] knows it.
const ServerHost = "pki.inkan.example"

// Service is what a [Server] offers.
type Service string

// The services.
const (
	IssuerService Service = "issuer" // certificates of an authority (caIssuers)
	CRLService    Service = "crl"
	OCSPService   Service = "ocsp"
)

// Services returns the services that certificates point to.
func Services() []Service { return []Service{IssuerService, CRLService, OCSPService} }

// Server is an infrastructure that answers over HTTP on the loopback interface.
// Every service can be made to misbehave with [Server.Break]. It is safe for
// concurrent use.
type Server struct {
	PKI *PKI
	// Issuing is an authority below PKI.Root. SecondRoot is another root, and Cross
	// its certificate for the name and key of Issuing.
	Issuing, SecondRoot, Cross *Identity
	// Responder signs OCSP responses for Issuing.
	Responder *Identity

	listener net.Listener
	server   *http.Server
	closed   chan struct{}

	mu       sync.Mutex
	faults   map[Service]Fault
	issued   map[string]*certificate.Certificate // by serial number
	revoked  []CRLEntry
	requests map[Service]int
	lookups  int
	dialled  []netip.Addr
	stamper  *Identity // of time stamps; nil until one is asked for
	serials  int64     // of time stamps
	stamps   int
}

// NewServer makes an infrastructure with keys on P-256 and starts to serve it. Nil
// options give fixed keys and times.
func NewServer(o *Options) (*Server, error) {
	options := Options{}
	if o != nil {
		options = *o
	}
	options.KeyType = P256
	s := &Server{
		closed: make(chan struct{}), faults: map[Service]Fault{}, requests: map[Service]int{},
		issued: map[string]*certificate.Certificate{},
	}
	var err error
	if s.PKI, err = New(&options); err != nil {
		return nil, err
	}
	if err := s.certify(); err != nil {
		return nil, err
	}
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("testpki: %w", err)
	}
	s.server = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.server.Serve(s.listener) }() // ends with Close
	return s, nil
}

// certify makes the certificates of the authorities.
func (s *Server) certify() (err error) {
	organization := func(text string) []byte {
		return Name(Country("JP"), Organization("Inkan Test"), CommonName(text))
	}
	s.Issuing, err = s.issue(&Request{
		Profile: AuthorityProfile, Role: "issuing", Issuer: s.PKI.Root, Subject: organization("Inkan Test Online CA"),
	})
	if err != nil {
		return err
	}
	s.SecondRoot, err = s.PKI.Issue(&Request{
		Profile: AuthorityProfile, Role: "second root", KeyType: P256, selfSigned: true, Subject: organization("Inkan Test Second Root CA"),
	})
	if err != nil {
		return err
	}
	s.Cross, err = s.PKI.Issue(&Request{
		Profile: AuthorityProfile, Key: s.Issuing.Key, Issuer: s.SecondRoot, Subject: organization("Inkan Test Online CA"),
	})
	if err != nil {
		return err
	}
	s.Responder, err = s.responder(&Request{Issuer: s.Issuing, Role: "responder"}, true)
	return err
}

// responder issues a certificate for signing OCSP responses.
func (s *Server) responder(r *Request, purpose bool) (*Identity, error) {
	r.Subject = Name(Country("JP"), Organization("Inkan Test"), CommonName("Inkan Test OCSP"))
	r.KeyType = P256
	r.Change = func(t *Template) {
		t.Extensions = append(without(t.Extensions, NoRevAvail().Id), OCSPNoCheck())
		if purpose {
			t.Extensions = append(t.Extensions, ExtendedKeyUsage(false, asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 9}))
		}
	}
	return s.PKI.Issue(r)
}

func without(list []pkix.Extension, id asn1.ObjectIdentifier) []pkix.Extension {
	var rest []pkix.Extension
	for _, e := range list {
		if !e.Id.Equal(id) {
			rest = append(rest, e)
		}
	}
	return rest
}

// Issue makes a certificate below Issuing, or below the root, with the URLs of this
// server and without noRevAvail. A nil issuer means Issuing.
func (s *Server) Issue(r *Request) (*Identity, error) {
	request := *r
	if request.Issuer == nil {
		request.Issuer = s.Issuing
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.issue(&request)
}

func (s *Server) issue(r *Request) (*Identity, error) {
	r.KeyType = P256
	authority, change := "issuing", r.Change
	if r.Issuer == s.PKI.Root {
		authority = "root"
	}
	r.Change = func(t *Template) {
		t.Extensions = append(without(t.Extensions, NoRevAvail().Id),
			AuthorityInfoAccess([]string{serviceURL(authority, OCSPService)}, []string{serviceURL(authority, IssuerService)}),
			CRLDistributionPoints(&Point{URL: serviceURL(authority, CRLService)}))
		if change != nil {
			change(t)
		}
	}
	id, err := s.PKI.Issue(r)
	if err != nil {
		return nil, err
	}
	s.issued[id.Certificate.SerialNumber.String()] = id.Certificate
	return id, nil
}

func serviceURL(authority string, service Service) string {
	return "http://" + ServerHost + "/" + authority + "/" + string(service)
}

// URL returns where a service of the issuing authority is, under the loopback
// address, for programs that do not use [Server.DialContext].
func (s *Server) URL(service Service) string {
	return "http://" + s.listener.Addr().String() + "/issuing/" + string(service)
}

// RootURL returns where a service of the root answers, as URL does for the
// authority below it.
func (s *Server) RootURL(service Service) string {
	return "http://" + s.listener.Addr().String() + "/" + string(RootRole) + "/" + string(service)
}

// Break makes a service misbehave; [Sound] mends it.
func (s *Server) Break(service Service, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[service] = f
	s.lookups = 0
}

// Revoke puts a certificate on the CRLs and into the OCSP responses. A zero time
// means the present; the reason is a CRLReason.
func (s *Server) Revoke(c *certificate.Certificate, at time.Time, reason int) {
	if at.IsZero() {
		at = s.PKI.Now()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked = append(s.revoked, CRLEntry{Serial: c.SerialNumber, Date: at, Reason: reason})
}

// Requests returns how many requests a service has had.
func (s *Server) Requests(service Service) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests[service]
}

// Close stops the server and lets go of requests that it keeps waiting.
func (s *Server) Close() error {
	close(s.closed)
	return s.server.Close()
}

// entry returns what is known about the revocation of a serial number.
func (s *Server) entry(serial *big.Int) *CRLEntry {
	for i := range s.revoked {
		if s.revoked[i].Serial.Cmp(serial) == 0 {
			return &s.revoked[i]
		}
	}
	return nil
}

// AuthorityInfoAccess makes the extension of RFC 5280, 4.2.2.1.
func AuthorityInfoAccess(ocsp, issuers []string) pkix.Extension {
	return extension(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 1}, false, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			addAccess(b, 1, ocsp)
			addAccess(b, 2, issuers)
		})
	})
}

func addAccess(b *cryptobyte.Builder, method int, urls []string) {
	for _, u := range urls {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, method})
			b.AddASN1(cbasn1.Tag(6).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes([]byte(u)) })
		})
	}
}

// publicAddress stands for the server in the answers of its resolver.
func publicAddress() netip.Addr { return netip.AddrFrom4([4]byte{93, 184, 215, 14}) }

// LookupNetIP resolves [ServerHost] to a public address, or as a fault wants it.
func (s *Server) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	if !strings.EqualFold(strings.TrimSuffix(host, "."), ServerHost) {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lookups++
	for _, f := range s.faults {
		switch {
		case f == PrivateName, f == RebindingName && s.lookups > 1:
			return []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()}, nil
		case f == MappedName:
			return []netip.Addr{netip.AddrFrom16(netip.AddrFrom4([4]byte{10, 0, 0, 1}).As16())}, nil
		case f == TranslatedName:
			return []netip.Addr{netip.MustParseAddr("64:ff9b::7f00:1")}, nil
		}
	}
	return []netip.Addr{publicAddress()}, nil
}

// DialContext connects to the server in place of its public address, and to nothing
// else. It notes every address that somebody wants to connect to.
func (s *Server) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return nil, fmt.Errorf("testpki: %w", err)
	}
	s.mu.Lock()
	s.dialled = append(s.dialled, to.Addr())
	s.mu.Unlock()
	if to.Addr() != publicAddress() {
		return nil, fmt.Errorf("testpki: nobody is at %v", to)
	}
	return (&net.Dialer{}).DialContext(ctx, network, s.listener.Addr().String())
}

// Strays returns the addresses other than the public one of the server that somebody
// wanted to connect to.
func (s *Server) Strays() []netip.Addr {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []netip.Addr
	for _, a := range s.dialled {
		if a != publicAddress() {
			list = append(list, a)
		}
	}
	return list
}
