package main

import (
	"encoding/asn1"
	"time"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
)

// demoTown is what a contract needs around it, in this process: certification
// authorities that answer by OCSP and CRL on the loopback interface, a time-stamping
// authority, and a signer.
type demoTown struct {
	server *testpki.Server
	signer *pades.Signer
	tsa    *tsa.Responder
}

// newDemoTown makes all keys anew. Nobody keeps them.
func newDemoTown(now time.Time) (*demoTown, error) {
	server, err := testpki.NewServer(&testpki.Options{Now: now, Keys: testpki.FreshKeys})
	if err != nil {
		return nil, err
	}
	t := &demoTown{server: server}
	if err := t.settle(now); err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

// close stops the servers. Nobody waits for an answer.
func (t *demoTown) close() { _ = t.server.Close() }

// settle issues the certificates of the signer and of the time-stamping authority. The
// latter says of itself that no revocation information will ever exist (RFC 9608): then
// the archive time stamp is provable offline for as long as it lasts.
func (t *demoTown) settle(now time.Time) error {
	signer, err := t.server.Issue(&testpki.Request{
		Subject:  testpki.Name(testpki.Country("JP"), testpki.Organization("Tanabe Timber Co., Ltd."), testpki.CommonName("Tanabe Hisako")),
		NotAfter: now.AddDate(0, 3, 0),
	})
	if err != nil {
		return err
	}
	stamper, err := t.server.PKI.Issue(&testpki.Request{
		Profile: testpki.TimeStamperProfile, KeyType: testpki.P256, Issuer: t.server.PKI.Root, NotAfter: now.AddDate(10, 0, 0),
		Subject: testpki.Name(testpki.Organization("Nobody"), testpki.CommonName("inkan demonstration time stamps")),
	})
	if err != nil {
		return err
	}
	t.signer = &pades.Signer{Key: signer.Key, Chain: signer.Chain}
	t.tsa = &tsa.Responder{
		Key: stamper.Key, Certificate: stamper.Certificate, Chain: stamper.Chain,
		Policies: []asn1.ObjectIdentifier{{1, 3, 6, 1, 4, 1, 32473, 1}}, // of the numbers for documentation (RFC 5612)
	}
	return nil
}

// options sign at the level that lasts longest.
func (t *demoTown) options() *pades.SignOptions {
	return &pades.SignOptions{
		Level: pades.BLTA, TSA: t.tsa, Trust: t.server.PKI.Pool(),
		Revocation: &fetch.Client{Resolver: t.server, Dial: t.server.DialContext},
		Name:       "Tanabe Hisako", Reason: "Agreement to contract 2041-07", Location: "Hita, Oita",
	}
}
