package verifytest_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verifytest"
)

// A test signs with a key of its own, and looks at the verdict on what it signed, on what
// was altered afterwards, and on what was signed after a revocation.
func Example() {
	testSeal := func(t *testing.T) { // in a test file: func TestSeal(t *testing.T)
		pki := verifytest.NewPKI(t)
		signed := pki.Sign(t, verifytest.Document(), &pades.SignOptions{Level: pades.BLTA})
		verifytest.Passed(t, pki.Verify(t, signed))
		verifytest.Level(t, pki.Verify(t, signed), "PAdES-B-LTA")

		altered := bytes.Replace(signed, []byte("100 yen"), []byte("900 yen"), 1)
		verifytest.Indication(t, pki.Verify(t, altered), verify.TotalFailed, verify.HashFailure)

		pki.Revoke(pki.Signer(t), time.Time{})
		verifytest.Intact(t, pki.Verify(t, pki.Sign(t, verifytest.Document(), nil)))
	}
	_ = testSeal
}
