// Sign a PDF with a key and a certificate chain in PEM files.
//
//	go run ./examples/sign key.pem chain.pem contract.pdf contract-signed.pdf
package main

import (
	"context"
	"log"
	"os"

	"github.com/inkan-go/inkan/keyfile"
	"github.com/inkan-go/inkan/pades"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 5 {
		log.Fatal("usage: sign KEY CHAIN IN OUT")
	}
	if err := sign(context.Background(), os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		log.Fatal(err)
	}
}

func sign(ctx context.Context, keyFile, chainFile, in, out string) error {
	keyData, err := os.ReadFile(keyFile)
	if err != nil {
		return err
	}
	chainData, err := os.ReadFile(chainFile)
	if err != nil {
		return err
	}
	key, chain, err := keyfile.Load(keyData, chainData)
	if err != nil {
		return err
	}
	doc, err := pades.Open(in, nil)
	if err != nil {
		return err
	}
	defer doc.Close()
	if err := doc.Sign(ctx, &pades.Signer{Key: key, Chain: chain}, nil); err != nil {
		return err
	}
	return doc.WriteFile(out)
}
