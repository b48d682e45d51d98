// Judge the signatures of a PDF, trusting the certificates of a PEM file.
//
//	go run ./examples/verify roots.pem contract-signed.pdf
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/verify"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: verify ROOTS FILE")
	}
	roots, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	trust := certificate.NewPool()
	if err := trust.AddPEM(roots); err != nil {
		log.Fatal(err)
	}
	report, err := verify.File(context.Background(), os.Args[2], &verify.Options{Trust: trust})
	if report != nil {
		for _, s := range report.Signatures {
			fmt.Printf("%s: %s %s\n", s.Field, s.Indication, s.SubIndication)
		}
	}
	if err != nil {
		log.Fatal(err) // unreadable, without a signature, or not all passed
	}
}
