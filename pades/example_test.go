package pades_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"fmt"
	"os"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
)

// inFolderWithContract changes into a new folder that holds contract.pdf, and
// gives somebody's key and certificates. Leave must be called at the end.
func inFolderWithContract() (key crypto.Signer, chain []*certificate.Certificate, leave func()) {
	before, err := os.Getwd()
	check(err)
	dir, err := os.MkdirTemp("", "inkan")
	check(err)
	check(os.Chdir(dir))
	check(os.WriteFile("contract.pdf", testpdf.Contract(1, testpdf.Table).Bytes(), 0o600))
	pki, err := testpki.New(&testpki.Options{Now: time.Now()})
	check(err)
	signer, err := pki.Issue(&testpki.Request{})
	check(err)
	return signer.Key, signer.Chain, func() {
		check(os.Chdir(before))
		check(os.RemoveAll(dir))
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// A contract is signed with a key in memory. The original stays as it is.
func Example() {
	key, chain, leave := inFolderWithContract()
	defer leave()
	ctx := context.Background()

	sign := func() error {
		doc, err := pades.Open("contract.pdf", nil)
		if err != nil {
			return err
		}
		defer doc.Close()
		signer := &pades.Signer{Key: key, Chain: chain}
		if err := doc.Sign(ctx, signer, &pades.SignOptions{Reason: "I agree"}); err != nil {
			return err
		}
		return doc.WriteFile("contract-signed.pdf")
	}
	fmt.Println(sign())
	// Output: <nil>
}

// The key is elsewhere: this process prepares, that one signs a digest, and a
// third one completes what was prepared.
func ExampleDocument_Prepare() {
	key, chain, leave := inFolderWithContract()
	defer leave()
	ctx := context.Background()

	prepare := func() (state []byte, err error) {
		doc, err := pades.Open("contract.pdf", nil)
		if err != nil {
			return nil, err
		}
		defer doc.Close()
		prepared, err := doc.Prepare(ctx, &pades.Signer{Chain: chain}, nil)
		if err != nil {
			return nil, err
		}
		return prepared.MarshalBinary()
	}
	complete := func(state []byte) error {
		var prepared pades.Prepared
		if err := prepared.UnmarshalBinary(state); err != nil {
			return err
		}
		signature, err := key.Sign(rand.Reader, prepared.SignatureDigest(), prepared.Algorithm().Hash)
		if err != nil {
			return err
		}
		doc, err := pades.Open("contract.pdf", nil)
		if err != nil {
			return err
		}
		defer doc.Close()
		if err := doc.Complete(ctx, &prepared, signature, nil); err != nil {
			return err
		}
		return doc.WriteFile("contract-signed.pdf")
	}

	state, err := prepare()
	check(err)
	fmt.Println(complete(state))
	// Output: <nil>
}

// Many documents are signed with one key, several at a time; results come in order.
func ExampleBatch() {
	key, chain, leave := inFolderWithContract()
	defer leave()

	files := []string{"contract.pdf", "missing.pdf", "contract.pdf"}
	jobs := func(yield func(pades.BatchJob) bool) {
		for i, name := range files {
			write := func(signed *pades.Document) error { return signed.WriteFile(fmt.Sprintf("signed-%d.pdf", i)) }
			if !yield(pades.BatchJob{Name: name, Write: write}) {
				return
			}
		}
	}
	batch := &pades.Batch{Signer: &pades.Signer{Key: key, Chain: chain}}
	done, err := batch.Sign(context.Background(), jobs, func(r pades.BatchResult) error {
		fmt.Println(r.Name, r.Signed)
		return nil // an error here would end the batch
	})
	fmt.Println(done.Signed, done.Failed, done.Signatures, err)
	// Output:
	// contract.pdf true
	// missing.pdf false
	// contract.pdf true
	// 2 1 2 <nil>
}

// A contract is signed so that it stays provable, and protected again before the archive
// time stamp ends. The services are those of a test; in earnest they are
// &tsa.Client{URL: ...} and &fetch.Client{}.
func ExampleDocument_Extend() {
	_, _, leave := inFolderWithContract()
	defer leave()
	ctx := context.Background()
	services, err := testpki.NewServer(&testpki.Options{Now: time.Now()})
	check(err)
	defer services.Close()
	id, err := services.Issue(&testpki.Request{})
	check(err)
	signer := &pades.Signer{Key: id.Key, Chain: id.Chain}
	authority := &tsa.Client{URL: services.URL(testpki.TSAService)}
	source := &fetch.Client{Resolver: services, Dial: services.DialContext}

	sign := func() error {
		doc, err := pades.Open("contract.pdf", nil)
		if err != nil {
			return err
		}
		defer doc.Close()
		err = doc.Sign(ctx, signer, &pades.SignOptions{Level: pades.BLTA, TSA: authority, Revocation: source})
		if err != nil {
			return err
		}
		return doc.WriteFile("contract-signed.pdf")
	}
	renew := func() error {
		doc, err := pades.Open("contract-signed.pdf", nil)
		if err != nil {
			return err
		}
		defer doc.Close()
		err = doc.Extend(ctx, &pades.ExtendOptions{Level: pades.BLTA, TSA: authority, Revocation: source})
		if err != nil {
			return err
		}
		return doc.AppendFile("contract-signed.pdf")
	}
	fmt.Println(sign(), renew())
	// Output: <nil> <nil>
}

// A contract becomes a form for two parties. What the fields ask for is obeyed, and the
// signature of the second locks the document.
func ExampleDocument_AddFields() {
	key, chain, leave := inFolderWithContract()
	defer leave()
	ctx := context.Background()

	doc, err := pades.Open("contract.pdf", nil)
	check(err)
	defer doc.Close()
	check(doc.AddFields([]*pades.NewField{
		{
			Name: "seller", Page: 1, Rect: pades.Rect{X: 60, Y: 80, Width: 200, Height: 50},
			SeedValues: &pades.SeedValues{Required: pades.SeedReasons, Reasons: []string{"I sell", "売ります"}},
		},
		{
			Name: "buyer", Page: 1, Rect: pades.Rect{X: 330, Y: 80, Width: 200, Height: 50},
			Lock: &pades.Lock{Action: pades.LockAll, Permission: pades.NoChanges},
		},
	}, nil))

	signer := &pades.Signer{Key: key, Chain: chain}
	fmt.Println(doc.Sign(ctx, signer, &pades.SignOptions{Field: "seller", Reason: "why not"}))
	fmt.Println(doc.Sign(ctx, signer, &pades.SignOptions{Field: "seller", Reason: "I sell"}))
	fmt.Println(doc.Sign(ctx, signer, &pades.SignOptions{Field: "buyer"}))
	fmt.Println(doc.Sign(ctx, signer, nil))
	// Output:
	// not permitted: the field "seller" demands the reason "I sell" or "売ります"
	// <nil>
	// <nil>
	// not permitted: the lock of the signed field "buyer" permits no changes (P = 1)
}
