package keyfile_test

import (
	"errors"
	"fmt"

	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/keyfile"
)

// A key and the certificates that go with it, from the bytes of two files.
func ExampleLoad() {
	keyPEM, chainPEM, otherPEM := files()
	key, chain, err := keyfile.Load(keyPEM, chainPEM)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%T, %d certificates\n", key, len(chain)) // &pades.Signer{Key: key, Chain: chain}

	_, _, err = keyfile.Load(otherPEM, chainPEM)
	fmt.Println(errors.Is(err, keyfile.ErrMismatch))
	// Output:
	// *rsa.PrivateKey, 2 certificates
	// true
}

// files are a key, its chain, and another key, as they lie on a disk.
func files() (keyPEM, chainPEM, otherPEM []byte) {
	pki, err := testpki.New(nil)
	if err != nil {
		panic(err)
	}
	signer, err := pki.Issue(&testpki.Request{})
	if err != nil {
		panic(err)
	}
	if keyPEM, err = signer.KeyPEM(); err != nil {
		panic(err)
	}
	if otherPEM, err = pki.Root.KeyPEM(); err != nil {
		panic(err)
	}
	return keyPEM, signer.PEM(), otherPEM
}
