// Judge the signatures of a PDF, trusting the certificates of a PEM file.
//
//	go run ./examples/verify roots.pem contract-signed.pdf
package main

import (
	"context"
	"fmt"
	"io"
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
	if err := judge(context.Background(), os.Stdout, os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err) // unreadable, without a signature, or not all passed
	}
}

func judge(ctx context.Context, out io.Writer, rootsFile, file string) error {
	roots, err := os.ReadFile(rootsFile)
	if err != nil {
		return err
	}
	trust := certificate.NewPool()
	if err := trust.AddPEM(roots); err != nil {
		return err
	}
	report, err := verify.File(ctx, file, &verify.Options{Trust: trust})
	if report != nil {
		for _, s := range report.Signatures {
			fmt.Fprintln(out, s.Field, s.Indication, s.SubIndication)
		}
	}
	return err
}
