package csc_test

import (
	"context"
	"log"
	"net/http"

	"github.com/inkan-go/inkan/csc"
	"github.com/inkan-go/inkan/pades"
)

// A document is signed by a credential that a signing service keeps. The HTTP client lets the program in, by OAuth 2.0
// for example; PIN and one-time password come from the owner of the credential.
func ExampleKey() {
	ctx := context.Background()
	var oauth2Client *http.Client
	var ask func(csc.Factor) string // a dialogue

	client := &csc.Client{URL: "https://service.example", HTTPClient: oauth2Client}
	credential, err := client.Credential(ctx, "seal-of-the-office")
	if err != nil {
		log.Fatal(err)
	}
	key := &csc.Key{Client: client, Credential: credential, Approve: func(_ context.Context, p *csc.Approval) (*csc.Grant, error) {
		g := &csc.Grant{Factors: map[string]string{}}
		for _, f := range p.Credential.Factors {
			g.Factors[f.ID] = ask(f)
		}
		return g, nil
	}}
	doc, err := pades.Open("contract.pdf", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer doc.Close()
	if err := doc.Sign(ctx, &pades.Signer{Key: key, Chain: credential.Chain}, nil); err != nil {
		log.Fatal(err)
	}
	if err := doc.WriteFile("contract-signed.pdf"); err != nil {
		log.Fatal(err)
	}
}
