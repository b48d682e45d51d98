// Sign PDFs with a key that stays in a token: a smart card, an HSM, SoftHSM.
//
//	go run . -module /usr/lib/softhsm/libsofthsm2.so -token office -key seal -cert chain.pem -out signed contract.pdf ...
//
// The PIN comes from a file (-pin-file) or is asked for, once. A key is found by its label (-key), its identifier in
// hexadecimal (-id), or both. Several files are signed at a time (-workers), each with a session of its own.
package main

import (
	"context"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/pades"
)

type flags struct {
	module, token, label, id, pinFile, chain, out string
	pss                                           bool
	workers                                       int
	files                                         []string
}

func main() {
	log.SetFlags(0)
	var f flags
	flag.StringVar(&f.module, "module", "", "the library of the token")
	flag.StringVar(&f.token, "token", "", "label of the token")
	flag.StringVar(&f.label, "key", "", "label of the key")
	flag.StringVar(&f.id, "id", "", "identifier of the key, in hexadecimal")
	flag.StringVar(&f.pinFile, "pin-file", "", "file that holds the PIN; without it the PIN is asked for")
	flag.StringVar(&f.chain, "cert", "", "PEM file with the certificate of the key and those above it")
	flag.StringVar(&f.out, "out", "", "folder for the signed files")
	flag.BoolVar(&f.pss, "pss", false, "sign with RSA-PSS")
	flag.IntVar(&f.workers, "workers", 8, "files, and sessions of the token, at a time")
	flag.Parse()
	f.files = flag.Args()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := sign(ctx, &f); err != nil {
		log.Fatal(err)
	}
}

func sign(ctx context.Context, f *flags) error {
	if f.module == "" || f.token == "" || f.chain == "" || f.out == "" || len(f.files) == 0 {
		return errors.New("usage: pkcs11 -module LIBRARY -token LABEL -key LABEL -cert CHAIN -out FOLDER FILES")
	}
	id, err := hex.DecodeString(f.id)
	if err != nil {
		return fmt.Errorf("the identifier of the key: %w", err)
	}
	text, err := os.ReadFile(f.chain)
	if err != nil {
		return err
	}
	chain, err := certificate.ParsePEM(text)
	if err != nil {
		return err
	}
	pin, err := readPIN(f.pinFile)
	if err != nil {
		return err
	}
	token, err := OpenToken(TokenOptions{Module: f.module, Label: f.token, PIN: pin, Sessions: f.workers})
	if err != nil {
		return err
	}
	defer token.Close()
	key, err := token.Key(f.label, id)
	if err != nil {
		return err
	}
	signer := &pades.Signer{Key: key, Chain: chain}
	if f.pss {
		signer.Algorithm = pssFor(key.Public())
	}
	return signAll(ctx, signer, f)
}

// signAll signs the files, several at a time, and tells of those that failed.
func signAll(ctx context.Context, signer *pades.Signer, f *flags) error {
	batch := &pades.Batch{Signer: signer, Workers: f.workers}
	jobs := func(yield func(pades.BatchJob) bool) {
		for _, name := range f.files {
			to := filepath.Join(f.out, filepath.Base(name))
			write := func(d *pades.Document) error { return d.WriteFile(to) }
			if !yield(pades.BatchJob{Name: name, Write: write}) {
				return
			}
		}
	}
	counts, err := batch.Sign(ctx, jobs, func(r pades.BatchResult) error {
		if r.Err != nil {
			log.Printf("%s: %v", r.Name, r.Err)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case counts.Failed > 0:
		return fmt.Errorf("%d of %d files were not signed", counts.Failed, counts.Documents)
	}
	return nil
}

// readPIN takes the PIN from the first line of a file, or asks for it.
func readPIN(file string) (string, error) {
	if file != "" {
		text, err := os.ReadFile(file)
		line, _, _ := strings.Cut(string(text), "\n")
		return strings.TrimSuffix(line, "\r"), err
	}
	terminal := int(os.Stdin.Fd())
	if !term.IsTerminal(terminal) {
		return "", errors.New("there is no terminal to ask for the PIN on; use -pin-file")
	}
	fmt.Fprint(os.Stderr, "PIN: ")
	defer fmt.Fprintln(os.Stderr)
	pin, err := term.ReadPassword(terminal)
	return string(pin), err
}
