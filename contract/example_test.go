package contract_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"time"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
	"github.com/inkan-go/inkan/verify"
)

// A contract of one document and two parties, from the upload to the audit.
func Example() {
	platform, party, folder, leave := exampleServices()
	defer leave()
	ctx := context.Background()

	c, err := platform.Create(ctx, &contract.Draft{
		Documents: []contract.DocumentDraft{{Title: "Construction contract"}},
		Participants: []contract.ParticipantDraft{
			{ID: "town", Order: 1, Name: "Yamada Taro", Method: contract.Witness, Contact: "town@example.com", ContactKind: "email"},
			{ID: "builder", Order: 2, Name: "Okajima Hanako", Method: contract.Party},
		},
	}, folder)
	check(err)
	check(platform.Prepare(ctx, c, folder, nil))
	check(platform.Note(ctx, c, folder, &contract.Note{
		Type: contract.Authenticated, Actor: "town", Contact: "town@example.com",
		Auth: &contract.Authentication{Type: "email", Result: "success"},
	}))
	check(platform.Sign(ctx, c, folder, &contract.SignRequest{Participant: "town"}))
	check(platform.Sign(ctx, c, folder, &contract.SignRequest{Participant: "builder", Signer: party}))
	check(platform.Conclude(ctx, c, folder))
	completion, err := platform.Issue(ctx, c, folder, &contract.CertificateOptions{Language: contract.English})
	check(err)

	// The other side has two PDFs, and knows whom to trust.
	signed, err := folder.Open(ctx, 1)
	check(err)
	defer signed.Close()
	report, err := contract.Audit(ctx, &contract.AuditInput{
		Certificate: contract.File{Name: "certificate.pdf", Reader: bytes.NewReader(completion), Size: int64(len(completion))},
		Documents:   []contract.File{{Name: "contract.pdf", Reader: signed, Size: signed.Size()}},
		Verify:      verify.Options{Trust: platform.Trust},
	})
	check(err)
	fmt.Println(c.Phase(), report.Result)
	// Output: archived proven
}

// exampleServices are a platform, the key of a party, and a folder with the document.
func exampleServices() (*contract.Platform, *pades.Signer, contract.Folder, func()) {
	services, err := testpki.NewServer(&testpki.Options{Now: time.Now()})
	check(err)
	signer := func(name string) *pades.Signer {
		id, err := services.Issue(&testpki.Request{Subject: testpki.Name(testpki.CommonName(name))})
		check(err)
		return &pades.Signer{Key: id.Key, Chain: id.Chain}
	}
	dir, err := os.MkdirTemp("", "inkan")
	check(err)
	folder := contract.Folder(dir)
	check(os.WriteFile(folder.DocumentName(1), testpdf.Contract(1, testpdf.Stream).Bytes(), 0o600))
	platform := &contract.Platform{
		Name: "Example Sign", Signer: signer("Example Sign"), TSA: &tsa.Client{URL: services.URL(testpki.TSAService)},
		Revocation: &fetch.Client{Resolver: services, Dial: services.DialContext}, Trust: services.PKI.Pool(),
	}
	return platform, signer("Okajima Hanako"), folder, func() {
		check(services.Close())
		check(os.RemoveAll(dir))
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
