package revocation_test

import (
	"fmt"

	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/testpki"
)

// A CRL of the issuer is judged for a certificate.
func Example() {
	pki, err := testpki.New(nil)
	if err != nil {
		panic(err)
	}
	signer, err := pki.Issue(&testpki.Request{})
	if err != nil {
		panic(err)
	}
	list, err := pki.Intermediate.SignCRL(&testpki.CRL{Entries: []testpki.CRLEntry{
		{Serial: signer.Certificate.SerialNumber, Reason: int(revocation.KeyCompromise)},
	}})
	if err != nil {
		panic(err)
	}
	set := revocation.NewSet(&revocation.Evidence{
		Raw: list, Kind: revocation.KindCRL, Source: revocation.SourceURL, Where: "http://crl.example/ca.crl",
	})

	answer := set.Judge(signer.Certificate, pki.Intermediate.Certificate, revocation.Options{Time: testpki.Now()})
	fmt.Println(answer.Status, answer.Reason, answer.Evidence.Kind, answer.Evidence.Where)
	// Output: revoked keyCompromise CRL http://crl.example/ca.crl
}
