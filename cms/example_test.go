package cms_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpki"
)

// A detached signature is made, read again, and verified against two contents.
func Example() {
	pki, err := testpki.New(nil)
	if err != nil {
		panic(err)
	}
	id, err := pki.Issue(&testpki.Request{})
	if err != nil {
		panic(err)
	}
	algorithm, err := cms.AlgorithmForCertificate(id.Certificate)
	if err != nil {
		panic(err)
	}
	digest := sha256.Sum256([]byte("100 yen"))
	template := &cms.Template{Algorithm: algorithm, ContentDigest: digest[:], Certificate: id.Certificate, Chain: id.Chain}
	der, err := template.Sign(context.Background(), nil, id.Key)
	if err != nil {
		panic(err)
	}

	signed, _, err := cms.Parse(der)
	if err != nil {
		panic(err)
	}
	for _, text := range []string{"100 yen", "900 yen"} {
		signer := signed.SignerInfos[0]
		cert, err := signed.SignerCertificate(signer)
		if err != nil {
			panic(err)
		}
		digest := sha256.Sum256([]byte(text))
		v, err := signer.Verify(cert, digest[:])
		fmt.Println(text, v.DigestValid, errors.Is(err, cms.ErrDigest), v.Algorithm)
	}
	// Output:
	// 100 yen true false RSA with SHA-256
	// 900 yen false true RSA with SHA-256
}
