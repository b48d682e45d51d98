package sealing

import (
	"bytes"
	"testing"
	"time"

	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verifytest"
)

func newService(t *testing.T) (*Service, *verifytest.PKI) {
	pki := verifytest.NewPKI(t) // gone when the test ends
	return &Service{Signer: pki.Signer(t), TSA: pki.TSA(), Revocation: pki.Revocation()}, pki
}

func TestSeal(t *testing.T) {
	service, pki := newService(t)
	sealed, err := service.Seal(t.Context(), verifytest.Document(), "agreed")
	if err != nil {
		t.Fatal(err)
	}
	report := pki.Verify(t, sealed)
	verifytest.Passed(t, report)
	verifytest.Level(t, report, "PAdES-B-LTA")

	// The signature stays valid when the certificate is revoked later.
	pki.Revoke(service.Signer, time.Now().Add(time.Hour))
	verifytest.Passed(t, pki.Verify(t, sealed))
}

func TestChangesAreFound(t *testing.T) {
	service, pki := newService(t)
	sealed, err := service.Seal(t.Context(), verifytest.Document(), "agreed")
	if err != nil {
		t.Fatal(err)
	}
	altered := bytes.Replace(sealed, []byte("100 yen"), []byte("900 yen"), 1)
	report := pki.Verify(t, altered)
	verifytest.Indication(t, report, verify.TotalFailed, verify.HashFailure)
	verifytest.Finding(t, report, "cms.digest")
}
