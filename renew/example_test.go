package renew_test

import (
	"bytes"
	"context"
	"encoding/asn1"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/renew"
	"github.com/inkan-go/inkan/tsa"
	"github.com/inkan-go/inkan/verify"
)

// A service goes through its archive once a year: the first time a file is due, the second
// time it is not.
func Example() {
	server, err := testpki.NewServer(&testpki.Options{Now: time.Now()})
	check(err)
	defer server.Close()
	source := &fetch.Client{Resolver: server, Dial: server.DialContext} // in a program: &fetch.Client{}
	name := archived(server, source)
	defer os.RemoveAll(filepath.Dir(name))

	renewer, err := renew.New(&renew.Options{
		Verify: &verify.Options{Trust: server.PKI.Pool(), Source: source},
		Extend: &pades.ExtendOptions{TSA: authority(server, 10), Revocation: source},
	})
	check(err)
	for range 2 {
		result, err := renewer.File(context.Background(), name)
		if err != nil {
			fmt.Println(err) // the file is what it was; go on with the others
			continue
		}
		fmt.Println(result.Outcome, result.Stamps, result.Now.Deadline.After(time.Now().AddDate(2, 0, 0)))
	}
	// Output:
	// renewed 1 true
	// kept 0 true
}

// archived is a file at B-LTA whose last time stamp is good for half a year.
func archived(server *testpki.Server, source fetch.Source) string {
	dir, err := os.MkdirTemp("", "inkan")
	check(err)
	id, err := server.Issue(&testpki.Request{})
	check(err)
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	doc, err := pades.NewDocument(bytes.NewReader(original), int64(len(original)), nil)
	check(err)
	check(doc.Sign(context.Background(), &pades.Signer{Key: id.Key, Chain: id.Chain},
		&pades.SignOptions{Level: pades.BLTA, TSA: authority(server, 0.5), Revocation: source}))
	name := filepath.Join(dir, "contract.pdf")
	check(doc.WriteFile(name))
	return name
}

// authority stamps with a certificate that expires in so many years.
func authority(server *testpki.Server, years float64) tsa.Timestamper {
	id, err := server.Issue(&testpki.Request{Profile: testpki.TimeStamperProfile, NotAfter: time.Now().AddDate(0, int(12*years), 0)})
	check(err)
	return &tsa.Responder{Key: id.Key, Certificate: id.Certificate, Chain: id.Chain, Policies: []asn1.ObjectIdentifier{{1, 2, 3, 4, 1}}}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
