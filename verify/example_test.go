package verify_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
)

// inFolderWithSigned changes into a new folder that holds contract-signed.pdf,
// and gives the anchors that its signer hangs on. Leave must be called at the end.
func inFolderWithSigned() (roots *certificate.Pool, leave func()) {
	before, err := os.Getwd()
	check(err)
	dir, err := os.MkdirTemp("", "inkan")
	check(err)
	check(os.Chdir(dir))
	check(os.WriteFile("contract.pdf", testpdf.Contract(1, testpdf.Table).Bytes(), 0o600))
	pki, err := testpki.New(&testpki.Options{Now: time.Now()})
	check(err)
	signer, err := pki.Issue(&testpki.Request{Issuer: pki.Root})
	check(err)
	doc, err := pades.Open("contract.pdf", nil)
	check(err)
	check(doc.Sign(context.Background(), &pades.Signer{Key: signer.Key, Chain: signer.Chain}, nil))
	check(doc.WriteFile("contract-signed.pdf"))
	check(doc.Close())
	return pki.Pool(), func() {
		check(os.Chdir(before))
		check(os.RemoveAll(dir))
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// A signed contract is judged. Only the certificates in roots are trusted.
func Example() {
	roots, leave := inFolderWithSigned()
	defer leave()
	ctx := context.Background()

	judge := func() error {
		report, err := verify.File(ctx, "contract-signed.pdf", &verify.Options{Trust: roots})
		if report == nil {
			return err // not readable as a PDF
		}
		for _, s := range report.Signatures {
			fmt.Println(s.Field, s.Indication, s.SubIndication, s.Intact, s.Coverage, s.Changes)
		}
		return err
	}
	fmt.Println(judge())
	// Output:
	// Signature1 TOTAL-PASSED  true file none
	// <nil>
}

// Nobody is trusted by default: a sound signature by a stranger is indeterminate.
func ExampleReport_Passed() {
	_, leave := inFolderWithSigned()
	defer leave()

	report, err := verify.File(context.Background(), "contract-signed.pdf", nil)
	fmt.Println(report.Passed(), report.Intact)
	fmt.Println(err)
	// Output:
	// false true
	// verify: not every signature passed: INDETERMINATE
}

// A house that accepted RSA keys below 3000 bits only until 2020 says so in a policy.
func ExamplePolicy() {
	roots, leave := inFolderWithSigned()
	defer leave()
	algorithms := certificate.TS119312()
	algorithms.Name = "house rules"
	rsa := certificate.KeyEnd{Kind: cms.RSA, Below: 3000, Until: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)}
	algorithms.Keys = append([]certificate.KeyEnd{rsa}, algorithms.Keys...) // the first that fits counts

	policy := verify.Default()
	policy.Name, policy.Algorithms = algorithms.Name, algorithms
	report, _ := verify.File(context.Background(), "contract-signed.pdf", &verify.Options{Trust: roots, Policy: policy})
	fmt.Println(report.Policy, report.Signatures[0].SubIndication)
	// Output: house rules CRYPTO_CONSTRAINTS_FAILURE_NO_POE
}
