package certificate_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/testpki"
)

// A path from a signer to an anchor that holds at a time, and why none does twenty years
// later.
func ExampleBuildPath() {
	pki, err := testpki.New(nil)
	if err != nil {
		panic(err)
	}
	signer, err := pki.Issue(&testpki.Request{})
	if err != nil {
		panic(err)
	}
	anchors := certificate.NewPool()
	anchors.Add(pki.Root.Certificate, certificate.Signing)
	options := certificate.PathOptions{
		Anchors: anchors, Purpose: certificate.Signing, Time: testpki.Now(),
		Candidates: []*certificate.Certificate{pki.Intermediate.Certificate},
	}

	path, err := certificate.BuildPath(context.Background(), signer.Certificate, options)
	if err != nil {
		panic(err)
	}
	fmt.Println(len(path.Certificates), "certificates, up to", path.Anchor().Subject.CommonName())

	options.Time = options.Time.AddDate(20, 0, 0)
	_, err = certificate.BuildPath(context.Background(), signer.Certificate, options)
	var failed *certificate.PathError
	fmt.Println(errors.As(err, &failed), failed.Reason)
	// Output:
	// 3 certificates, up to Inkan Test Root CA
	// true certificate has expired
}
