package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/term"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/keyfile"
	"github.com/inkan-go/inkan/pades"
)

// signerFlags say whose key signs, and where it is.
type signerFlags struct {
	Key             string `placeholder:"FILE" help:"Private key in PEM or DER (PKCS #8, PKCS #1 or SEC 1); it may be encrypted."`
	Cert            string `placeholder:"FILE" help:"Certificate of that key in PEM, followed by those of its issuers."`
	P12             string `name:"p12" placeholder:"FILE" help:"Key and certificates in one PKCS #12 file, in place of --key and --cert; --cert adds certificates."`
	KeyPasswordFile string `placeholder:"FILE" help:"File whose first line is the password of the key. Without it INKAN_KEY_PASSWORD counts; else you are asked, on a terminal."`
	SignerCommand   string `placeholder:"CMD" help:"Command that signs, in place of --key: the shell runs it with the digest on its standard input and the algorithm in INKAN_ALGORITHM, and it writes the signature."`
	Algorithm       string `placeholder:"NAME" help:"Signature algorithm, as RSA-PSS-SHA256. Default: the usual one for the key."`
}

// keyPasswordVariable names the environment variable that may hold the password of a key.
const keyPasswordVariable = "INKAN_KEY_PASSWORD"

// signer returns who signs.
func (f *signerFlags) signer(ctx context.Context, to console) (*pades.Signer, error) {
	keys := 0
	for _, flag := range []string{f.Key, f.P12, f.SignerCommand} {
		if flag != "" {
			keys++
		}
	}
	switch {
	case keys == 0:
		return nil, usage("missing flags: --key=FILE and --cert=FILE, or --p12=FILE")
	case keys > 1:
		return nil, usage("--key, --p12 and --signer-command exclude each other: each says who signs")
	case f.P12 == "" && f.Cert == "":
		return nil, usage("missing flags: --cert=FILE, the certificate of the key")
	case f.KeyPasswordFile != "" && f.SignerCommand != "":
		return nil, usage("--key-password-file goes with --key and --p12")
	}
	s, err := f.load(ctx, to)
	if err != nil {
		return nil, err
	}
	s.Algorithm, err = f.algorithm()
	return s, err
}

// load gets the key and its certificates.
func (f *signerFlags) load(ctx context.Context, to console) (*pades.Signer, error) {
	if f.SignerCommand != "" {
		chain, err := f.chain()
		if err != nil {
			return nil, err
		}
		return &pades.Signer{Key: &commandKey{command: f.SignerCommand, public: chain[0].PublicKey}, Chain: chain}, nil
	}
	s := &pades.Signer{}
	var list []*certificate.Certificate
	var err error
	if f.Cert != "" {
		if list, err = readCertificates(f.Cert); err != nil {
			return nil, err
		}
	}
	if f.Key != "" {
		err = f.unlock(ctx, to, f.Key, func(data []byte, password string) (err error) {
			s.Key, err = parseKey(data, password)
			return err
		})
	} else {
		err = f.unlock(ctx, to, f.P12, func(data []byte, password string) (err error) {
			s.Key, s.Chain, err = keyfile.ParsePKCS12(data, password)
			return err
		})
	}
	if err != nil {
		return nil, err
	}
	if s.Chain, err = keyfile.Chain(s.Key.Public(), append(s.Chain, list...)); err != nil {
		return nil, fmt.Errorf("%s and %s: %w", cmp.Or(f.Key, f.P12), f.Cert, err)
	}
	return s, nil
}

// chain returns the chain of a signer whose key is elsewhere: the first certificate is his.
func (f *signerFlags) chain() ([]*certificate.Certificate, error) {
	list, err := readCertificates(f.Cert)
	if err != nil {
		return nil, err
	}
	chain, err := keyfile.Chain(list[0].PublicKey, list)
	if err != nil {
		return nil, fmt.Errorf("%s: the first certificate has a key that cannot sign", f.Cert)
	}
	return chain, nil
}

// unlock reads a file with a key, with the password that was given, or with none. Where the
// file demands one and none was given, the terminal is asked, once.
func (f *signerFlags) unlock(ctx context.Context, to console, file string, parse func(data []byte, password string) error) error {
	data, err := readFile(file)
	if err != nil {
		return err
	}
	password, err := secret(f.KeyPasswordFile, keyPasswordVariable)
	if err != nil {
		return err
	}
	err = parse(data, password)
	if locked := errors.Is(err, keyfile.ErrEncrypted) || errors.Is(err, keyfile.ErrPassword); locked && password == "" {
		if !term.IsTerminal(int(os.Stdin.Fd())) {
			return fmt.Errorf("%s: the private key is encrypted: --key-password-file FILE or %s gives its password", file, keyPasswordVariable)
		}
		if password, err = ask(ctx, to, file); err != nil {
			return err
		}
		err = parse(data, password)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// algorithm returns the one that was asked for; none where nothing was.
func (f *signerFlags) algorithm() (cms.Algorithm, error) {
	if f.Algorithm == "" {
		return cms.Algorithm{}, nil
	}
	a, ok := algorithmNamed(f.Algorithm)
	if !ok {
		return a, usage("--algorithm %s is not known; names are as RSA-SHA256, RSA-PSS-SHA512, ECDSA-SHA384, Ed25519", f.Algorithm)
	}
	return a, nil
}
