// Run a contract of two parties from the upload to the completion certificate, and audit
// it from the files alone.
//
//	INKAN_KEY_PASSWORD=… go run ./examples/contract FOLDER PLATFORM.p12 BUILDER.p12 ROOTS.pem TSA-URL
//
// The PDF is FOLDER/document-1.pdf.
package main

import (
	"bytes"
	"context"
	"io"
	"log"
	"os"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/keyfile"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
	"github.com/inkan-go/inkan/verify"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 6 {
		log.Fatal("usage: contract FOLDER PLATFORM.p12 BUILDER.p12 ROOTS.pem TSA-URL")
	}
	pem, err := os.ReadFile(os.Args[4])
	trust := certificate.NewPool()
	if err != nil || trust.AddPEM(pem, certificate.Signing, certificate.TimeStamping) != nil {
		log.Fatal("no certificates to trust in ", os.Args[4])
	}
	p := &contract.Platform{
		Name: "Example Sign", Signer: open(os.Args[2]), TSA: &tsa.Client{URL: os.Args[5]}, Revocation: &fetch.Client{}, Trust: trust,
	}
	if err := run(context.Background(), p, open(os.Args[3]), contract.Folder(os.Args[1]), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func open(name string) *pades.Signer {
	data, err := os.ReadFile(name)
	if err != nil {
		log.Fatal(err)
	}
	key, chain, err := keyfile.ParsePKCS12(data, os.Getenv("INKAN_KEY_PASSWORD"))
	if err != nil {
		log.Fatal(name, ": ", err)
	}
	return &pades.Signer{Key: key, Chain: chain}
}

func run(ctx context.Context, p *contract.Platform, builder *pades.Signer, folder contract.Folder, w io.Writer) error {
	c, err := conclude(ctx, p, builder, folder)
	if err != nil {
		return err
	}
	completion, err := p.Issue(ctx, c, folder, &contract.CertificateOptions{Language: contract.English})
	if err != nil {
		return err
	}
	return audit(ctx, folder, completion, p.Trust, w)
}

// conclude takes the contract from the draft to the archive. After a crash, folder.Load gives the state
// back, and every step goes on where it was.
func conclude(ctx context.Context, p *contract.Platform, builder *pades.Signer, folder contract.Folder) (*contract.Contract, error) {
	c, err := p.Create(ctx, &contract.Draft{
		Documents: []contract.DocumentDraft{{Title: "Construction contract", ManagementNo: "R8-015"}},
		Participants: []contract.ParticipantDraft{
			{ID: "town", Order: 1, Name: "Yamada Taro", Org: "Town", Method: contract.Witness, Contact: "town@example.com", ContactKind: "email"},
			{ID: "builder", Order: 2, Name: "Okajima Hanako", Org: "Builder Inc.", Method: contract.Party},
		},
		Deal: contract.Deal{Date: "2026-11-20", Counterparties: []string{"Builder Inc."}, Amount: &contract.Amount{Value: "1200000", Currency: "JPY"}},
	}, folder)
	if err != nil {
		return nil, err
	}
	identified := &contract.Note{
		Type: contract.Authenticated, Actor: "town", IP: "203.0.113.7", Contact: "town@example.com",
		Auth: &contract.Authentication{Type: "email", Result: "success"},
	}
	for _, step := range []func() error{
		func() error { return p.Prepare(ctx, c, folder, nil) },
		func() error { return p.Note(ctx, c, folder, identified) },
		func() error { return p.Sign(ctx, c, folder, &contract.SignRequest{Participant: "town"}) },
		func() error {
			return p.Sign(ctx, c, folder, &contract.SignRequest{Participant: "builder", Signer: builder, Level: pades.BT})
		},
		func() error { return p.Conclude(ctx, c, folder) },
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// audit needs the two PDFs and whom to trust, nothing of the platform.
func audit(ctx context.Context, folder contract.Folder, completion []byte, trust *certificate.Pool, w io.Writer) error {
	signed, err := folder.Open(ctx, 1)
	if err != nil {
		return err
	}
	defer signed.Close()
	report, err := contract.Audit(ctx, &contract.AuditInput{
		Certificate: contract.File{Name: "certificate.pdf", Reader: bytes.NewReader(completion), Size: int64(len(completion))},
		Documents:   []contract.File{{Name: "contract.pdf", Reader: signed, Size: signed.Size()}},
		Verify:      verify.Options{Trust: trust},
	})
	if err != nil {
		return err
	}
	return report.WriteText(w, &contract.AuditOptions{Language: contract.English})
}
