package contracts

import (
	"bytes"
	"testing"
	"time"

	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verifytest"
)

// service is the service over an infrastructure that lives as long as the test.
func service(t *testing.T) (*Service, *verifytest.PKI) {
	pki := verifytest.NewPKI(t)
	return &Service{Signer: pki.Signer(t), TSA: pki.TSA(), Revocation: pki.Revocation()}, pki
}

// TestConclude: what customers get is valid, at the level that was promised.
func TestConclude(t *testing.T) {
	s, pki := service(t)
	signed, err := s.Conclude(t.Context(), verifytest.Document(), "山田 太郎")
	if err != nil {
		t.Fatal(err)
	}
	report := pki.Verify(t, signed)
	verifytest.Passed(t, report)
	verifytest.Intact(t, report)
	verifytest.Level(t, report, "PAdES-B-LTA")
	if name := report.Signatures[0].Name; name != "山田 太郎" {
		t.Errorf("the panel of a viewer shows %q", name)
	}
	if end := report.NextAction.Deadline; end.Before(time.Now().AddDate(5, 0, 0)) {
		t.Errorf("the contract must be renewed as early as %s", end)
	}
}

// TestAltered: a changed amount is found.
func TestAltered(t *testing.T) {
	s, pki := service(t)
	signed, err := s.Conclude(t.Context(), verifytest.Document(), "山田 太郎")
	if err != nil {
		t.Fatal(err)
	}
	altered := bytes.Replace(signed, []byte("100 yen"), []byte("900 yen"), 1)
	verifytest.Indication(t, pki.Verify(t, altered), verify.TotalFailed, verify.HashFailure)
	verifytest.Finding(t, pki.Verify(t, altered), "cms.digest")
}

// TestRevoked: the certificate of the platform is revoked later; contracts of before stay
// valid.
func TestRevoked(t *testing.T) {
	s, pki := service(t)
	signed, err := s.Conclude(t.Context(), verifytest.Document(), "山田 太郎")
	if err != nil {
		t.Fatal(err)
	}
	pki.Revoke(s.Signer, time.Now().Add(time.Hour))
	verifytest.Passed(t, pki.Verify(t, signed))
}
