// Sign a PDF with a key in a cloud KMS: AWS, Google Cloud, Azure, or HashiCorp Vault.
//
//	go run . -key awskms:///alias/seal -cert chain.pem contract.pdf contract-signed.pdf
//
// Keys are named as sigstore names them: awskms://[ENDPOINT]/ID-OR-ALIAS,
// gcpkms://projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/1, azurekms://VAULT.vault.azure.net/KEY,
// hashivault://KEY. Who may use them is said where the provider's own programs look for it: environment, files.
package main

import (
	"context"
	"crypto"
	"errors"
	"flag"
	"log"
	"os"
	"os/signal"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/pades"
)

func main() {
	log.SetFlags(0)
	reference := flag.String("key", "", "the key, such as awskms:///alias/seal")
	chain := flag.String("cert", "", "PEM file with the certificate of the key and those above it")
	pss := flag.Bool("pss", false, "the key makes RSA-PSS signatures")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := sign(ctx, *reference, *chain, *pss, flag.Args()); err != nil {
		log.Fatal(err)
	}
}

func sign(ctx context.Context, reference, chainFile string, pss bool, files []string) error {
	if reference == "" || chainFile == "" || len(files) != 2 {
		return errors.New("usage: kms -key REFERENCE -cert CHAIN [-pss] IN OUT")
	}
	text, err := os.ReadFile(chainFile)
	if err != nil {
		return err
	}
	chain, err := certificate.ParsePEM(text)
	if err != nil {
		return err
	}
	key, err := OpenKey(ctx, reference)
	if err != nil {
		return err
	}
	signer := &pades.Signer{Key: key, Chain: chain}
	if signer.Algorithm, err = key.Algorithm(pss); err != nil {
		return err
	}
	doc, err := pades.Open(files[0], nil)
	if err != nil {
		return err
	}
	defer doc.Close()
	if err := doc.Sign(ctx, signer, nil); err != nil {
		return err
	}
	return doc.WriteFile(files[1])
}

// Algorithm returns how the key signs: what KMS keys sign with was settled when they were made.
func (k *Key) Algorithm(pss bool) (cms.Algorithm, error) {
	a, err := cms.AlgorithmFor(k.public)
	if err != nil {
		return a, err
	}
	if a.Hash = k.hash; pss {
		a.Scheme = cms.RSAPSS
	}
	return a, a.CheckKey(k.public)
}

var _ crypto.Signer = (*Key)(nil)
