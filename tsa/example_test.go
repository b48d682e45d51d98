package tsa_test

import (
	"context"
	"crypto/sha256"
	"encoding/asn1"
	"fmt"
	"net/http/httptest"

	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/tsa"
)

// The first server is down, the second one stamps.
func Example() {
	pki, err := testpki.New(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	id, err := pki.Issue(&testpki.Request{Profile: testpki.TimeStamperProfile})
	if err != nil {
		fmt.Println(err)
		return
	}
	authority := httptest.NewServer(&tsa.Responder{
		Key: id.Key, Certificate: id.Certificate, Chain: id.Chain,
		Policies: []asn1.ObjectIdentifier{{1, 2, 3, 4, 1}}, Now: testpki.Now,
	})
	defer authority.Close()
	down := httptest.NewServer(nil)
	down.Close()

	servers := &tsa.FailOver{Servers: []tsa.Timestamper{
		&tsa.Client{URL: down.URL, Now: testpki.Now},
		&tsa.Client{URL: authority.URL, Now: testpki.Now},
	}}
	digest := sha256.Sum256([]byte("contract"))
	response, err := servers.Timestamp(context.Background(), &tsa.Request{Digest: digest[:]})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(response.Token.Time, "by", response.Verification.Certificate.Subject.CommonName())
	for _, a := range response.Attempts {
		fmt.Println(a.Outcome)
	}
	// Output:
	// 2026-04-01 09:00:00 +0000 UTC by Inkan Test TSA
	// no stamp
	// stamp
}
