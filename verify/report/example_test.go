package report_test

import (
	"os"

	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verify/report"
)

// What verify found, as lines for people. In a program it comes from verify.File.
func ExampleWrite() {
	found := &verify.Report{
		File: "contract.pdf", Policy: "Default", Indication: verify.TotalFailed, ValidationTime: at("2026-04-01T09:00:00Z").Time,
		Signatures: []*verify.Signature{{
			Field: "Signature1", Crypto: verify.CryptoInvalid, Structure: verify.StructureSound, Coverage: verify.CoverageFile,
			ByteRange: []int64{0, 1000, 3000, 500}, Revision: 2, Revisions: 2, Changes: verify.ChangesNone, ChangesAllowed: true, Indication: verify.TotalFailed, SubIndication: verify.HashFailure,
		}},
	}
	if err := report.Write(os.Stdout, report.Text, &report.Options{Language: report.English}, found); err != nil {
		panic(err)
	}
	// Output:
	// contract.pdf: The signature is invalid.
	//   TOTAL-FAILED, judged at 2026-04-01T09:00:00Z, policy Default
	//
	// Signature 1, field "Signature1": TOTAL-FAILED / HASH_FAILURE
	//   signer     not known
	//   signature  does not verify
	//   document   sound; covers the whole file
	//   to do      Do not rely on it: what was signed has been altered. Ask for the file as it was signed.
}
