// Raise the signatures of a PDF to B-LTA, or renew that, whoever signed it.
//
//	go run ./examples/extend https://tsa.example/ signed.pdf archived.pdf
//
// Run it over archived.pdf before the certificate of its last time stamp expires, to renew.
package main

import (
	"context"
	"errors"
	"log"
	"os"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 4 {
		log.Fatal("usage: extend TSA-URL IN OUT")
	}
	err := extend(context.Background(), &tsa.Client{URL: os.Args[1]}, &fetch.Client{}, os.Args[2], os.Args[3])
	var missing *pades.EvidenceError
	if errors.As(err, &missing) {
		for i := range missing.Gaps {
			log.Print(missing.Gaps[i].String()) // what is missing, where it was asked for, what was answered
		}
		log.Fatal("try again later, or accept the gaps with EvidencePolicy.OnGap")
	}
	if err != nil {
		log.Fatal(err)
	}
}

func extend(ctx context.Context, authority tsa.Timestamper, source fetch.Source, in, out string) error {
	doc, err := pades.Open(in, nil)
	if err != nil {
		return err
	}
	defer doc.Close()
	err = doc.Extend(ctx, &pades.ExtendOptions{
		Level: pades.BLTA, TSA: authority, Revocation: source,
		Warn: func(warning string) { log.Print(warning) },
	})
	if err != nil {
		return err
	}
	return doc.WriteFile(out)
}
