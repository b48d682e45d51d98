package main

import (
	"encoding/asn1"
	"time"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
)

// demoServices are what a contract needs around it, in this process: certification
// authorities that answer by OCSP and CRL on the loopback interface, a time-stamping
// authority, the key of a platform, and that of a party who has one.
type demoServices struct {
	server          *testpki.Server
	platform, party *pades.Signer
	tsa             *tsa.Responder
}

// newDemoServices makes all keys anew. Nobody keeps them.
func newDemoServices(now time.Time) (*demoServices, error) {
	server, err := testpki.NewServer(&testpki.Options{Now: now, Keys: testpki.FreshKeys})
	if err != nil {
		return nil, err
	}
	t := &demoServices{server: server}
	if err := t.issue(now); err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

// close stops the servers. Nobody waits for an answer.
func (t *demoServices) close() { _ = t.server.Close() }

// issue makes the certificates. That of the time-stamping authority says of itself that
// no revocation information will ever exist (RFC 9608): then the archive time stamp is
// provable offline for as long as it lasts.
func (t *demoServices) issue(now time.Time) (err error) {
	if t.platform, err = t.signer("inkan demonstration", "inkan demonstration platform", now); err != nil {
		return err
	}
	if t.party, err = t.signer(demoContractor, demoDirector, now); err != nil {
		return err
	}
	stamper, err := t.server.PKI.Issue(&testpki.Request{
		Profile: testpki.TimeStamperProfile, KeyType: testpki.P256, Issuer: t.server.PKI.Root, NotAfter: now.AddDate(10, 0, 0),
		Subject: testpki.Name(testpki.Organization("Nobody"), testpki.CommonName("inkan demonstration time stamps")),
	})
	if err != nil {
		return err
	}
	t.tsa = &tsa.Responder{
		Key: stamper.Key, Certificate: stamper.Certificate, Chain: stamper.Chain,
		Policies: []asn1.ObjectIdentifier{{1, 3, 6, 1, 4, 1, 32473, 1}}, // of the numbers for documentation (RFC 5612)
	}
	return nil
}

func (t *demoServices) signer(organization, name string, now time.Time) (*pades.Signer, error) {
	id, err := t.server.Issue(&testpki.Request{
		Subject:  testpki.Name(testpki.Country("JP"), testpki.Organization(organization), testpki.CommonName(name)),
		NotAfter: now.AddDate(0, 3, 0),
	})
	if err != nil {
		return nil, err
	}
	return &pades.Signer{Key: id.Key, Chain: id.Chain}, nil
}

// runs is the platform of the demonstration.
func (t *demoServices) runs() *contract.Platform {
	return &contract.Platform{
		Name: "inkan demonstration", Signer: t.platform, TSA: t.tsa, Trust: t.server.PKI.Pool(),
		Revocation: &fetch.Client{Resolver: t.server, Dial: t.server.DialContext},
	}
}
