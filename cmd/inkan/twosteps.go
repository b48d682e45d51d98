package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/alecthomas/kong"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/pades"
)

// stepFlags divide signing into two steps, for a key that is elsewhere.
type stepFlags struct {
	Prepare   string `placeholder:"STATE" help:"First step: write what --complete needs to the new file STATE, and print the digests. Neither key nor OUT is needed, nor --cert where the signer returns a whole CMS object."`
	ToSign    string `placeholder:"FILE" help:"With --prepare: write to FILE what a signer command would get."`
	Complete  string `placeholder:"STATE" help:"Second step: sign IN with what --prepare wrote and --signature."`
	Signature string `placeholder:"FILE" help:"With --complete: the signature (ECDSA in DER) or the CMS object (SignedData in DER), raw, in base64 or in PEM."`
}

// check refuses flags that do not belong to the step. What a signature covers is settled by
// the first one; how far it is raised is said in both.
func (f *stepFlags) check(call *kong.Context, o *output) error {
	ofKeys := []string{"key", "p12", "key-password-file", "signer-command"}
	ofCompleting := []string{
		"complete", "signature", "level", "tsa", "tsa-user", "tsa-password-file", "tsa-cert", "tsa-key",
		"trust", "allow-private", "ignore-permissions", "password-file", "in-place",
	}
	var wrong, settled string
	for _, p := range call.Path {
		switch {
		case p.Flag == nil:
		case slices.Contains(ofKeys, p.Flag.Name):
			wrong, settled = p.Flag.Name, p.Flag.Name
		case !slices.Contains(ofCompleting, p.Flag.Name):
			settled = p.Flag.Name
		}
	}
	switch {
	case f.Prepare != "" && f.Complete != "":
		return usage("--prepare and --complete are two calls")
	case f.Prepare == "" && f.ToSign != "":
		return usage("--to-sign goes with --prepare")
	case f.Complete == "" && f.Signature != "":
		return usage("--signature goes with --complete")
	case f.Prepare != "" && wrong != "":
		return usage("--%s is not for --prepare, which uses no key", wrong)
	case f.Prepare != "" && o.InPlace:
		return usage("--in-place is not for --prepare, which writes no PDF")
	case f.Prepare != "" && o.Out != "":
		return usage("--prepare writes no PDF: leave out %s", o.Out)
	case f.Complete != "" && f.Signature == "":
		return usage("--complete needs the signature: --signature FILE")
	case f.Complete != "" && settled != "":
		return usage("--%s was settled by --prepare: leave it out", settled)
	}
	return nil
}

// prepare is the first step.
func (c *signCommand) prepare(ctx context.Context, to console, o *pades.SignOptions) error {
	signer := &pades.Signer{}
	var err error
	if c.Cert != "" {
		if signer.Chain, err = c.chain(); err != nil {
			return err
		}
	}
	if signer.Algorithm, err = c.algorithm(); err != nil {
		return err
	}
	if err := c.draw(ctx, o, signer); err != nil {
		return err
	}
	doc, err := c.open(ctx, to)
	if err != nil {
		return err
	}
	defer doc.Close()
	p, err := doc.Prepare(ctx, signer, o)
	if err != nil {
		return fmt.Errorf("%s: %w", c.In, err)
	}
	state, err := p.MarshalBinary()
	if err != nil {
		return err
	}
	if err := writeNew(c.Prepare, state); err != nil {
		return err
	}
	digest, hash := p.DocumentDigest()
	if p.ToBeSigned() == nil {
		fmt.Fprintf(to.out, "document-digest: %s %s\nroom: %d\n", hash, hex.EncodeToString(digest), p.Room())
		return c.writeToSign(digest)
	}
	fmt.Fprintf(to.out, "algorithm: %s\ndocument-digest: %s %s\nto-sign: %s\n",
		algorithmName(p.Algorithm()), hash, hex.EncodeToString(digest), hex.EncodeToString(p.SignatureDigest()))
	return c.writeToSign(p.SignatureDigest())
}

// writeToSign writes what is to be signed; a state without it is of no use.
func (c *signCommand) writeToSign(data []byte) error {
	if c.ToSign == "" {
		return nil
	}
	if err := writeNew(c.ToSign, data); err != nil {
		return errors.Join(err, os.Remove(c.Prepare))
	}
	return nil
}

// complete is the second step.
func (c *signCommand) complete(ctx context.Context, to console, o *pades.SignOptions) error {
	state, err := readFile(c.Complete)
	if err != nil {
		return err
	}
	var p pades.Prepared
	if err := p.UnmarshalBinary(state); err != nil {
		return fmt.Errorf("%s: %w", c.Complete, err)
	}
	signature, err := readFile(c.Signature)
	if err != nil {
		return err
	}
	signature = unwrapped(signature)
	doc, err := c.open(ctx, to)
	if err != nil {
		return err
	}
	defer doc.Close()
	if _, _, malformed := cms.Parse(signature); malformed == nil || p.ToBeSigned() == nil {
		err = doc.CompleteCMS(ctx, &p, signature, o)
	} else {
		err = doc.Complete(ctx, &p, signature, o)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.In, err)
	}
	return c.save(doc)
}

// unwrapped returns a signature that stands in PEM or base64 as it is.
func unwrapped(data []byte) []byte {
	if block, _ := pem.Decode(data); block != nil {
		return block.Bytes
	}
	text := bytes.Join(bytes.Fields(data), nil)
	if raw, err := base64.StdEncoding.DecodeString(string(text)); err == nil && len(raw) > 0 {
		return raw
	}
	return data
}
