package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/pades"
)

// demoSigner makes a throw-away certification authority and a signer under it.
// The signer's certificate says that no revocation information will ever exist
// for it (RFC 9608), since nobody keeps the authority's key.
func demoSigner(now time.Time) (*pades.Signer, *certificate.Certificate, error) {
	rootKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, nil, err
	}
	root, err := issue(&x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "inkan demonstration root", Organization: []string{"Nobody"}},
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              now.AddDate(1, 0, 0),
		BasicConstraintsValid: true,
		IsCA:                  true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}, nil, rootKey.Public(), rootKey)
	if err != nil {
		return nil, nil, err
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, nil, err
	}
	leaf, err := issue(&x509.Certificate{
		SerialNumber:    big.NewInt(2),
		Subject:         pkix.Name{CommonName: "Tanabe Hisako", Organization: []string{"Tanabe Timber Co., Ltd."}, Country: []string{"JP"}},
		NotBefore:       now.Add(-time.Hour),
		NotAfter:        now.AddDate(0, 3, 0),
		KeyUsage:        x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 56}, Value: asn1.NullBytes}}, // noRevAvail
	}, root, key.Public(), rootKey)
	if err != nil {
		return nil, nil, err
	}
	anchor, err := certificate.FromX509(root)
	if err != nil {
		return nil, nil, err
	}
	signing, err := certificate.FromX509(leaf)
	if err != nil {
		return nil, nil, err
	}
	return &pades.Signer{Key: key, Chain: []*certificate.Certificate{signing}}, anchor, nil
}

// issue signs a certificate; without a parent it signs itself.
func issue(template, parent *x509.Certificate, public crypto.PublicKey, key crypto.Signer) (*x509.Certificate, error) {
	if parent == nil {
		parent = template
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}
