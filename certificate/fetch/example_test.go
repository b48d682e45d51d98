package fetch_test

import (
	"context"
	"fmt"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/internal/testpki"
)

// The status of a certificate is asked for where the certificate says, and kept for the
// next time.
func ExampleClient() {
	server, err := testpki.NewServer(nil)
	if err != nil {
		panic(err)
	}
	defer server.Close()
	signer, err := server.Issue(&testpki.Request{})
	if err != nil {
		panic(err)
	}
	// Resolver and Dial lead to the server on this machine; in a program leave them out.
	client := &fetch.Client{Resolver: server, Dial: server.DialContext, Now: testpki.Now}

	for range 2 {
		answer, err := client.OCSP(context.Background(), fetch.Query{Certificate: signer.Chain[0], Issuer: signer.Chain[1]})
		if err != nil {
			panic(err)
		}
		fmt.Println(answer.Evidence[0].Kind, answer.Attempts[0].Cached)
	}
	fmt.Println(client.Counts(fetch.KindOCSP).Requests, "request")
	// Output:
	// OCSP false
	// OCSP true
	// 1 request
}
