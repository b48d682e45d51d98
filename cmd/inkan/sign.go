package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/alecthomas/kong"

	"github.com/inkan-go/inkan/pades"
)

// signCommand signs one file.
type signCommand struct {
	signerFlags `group:"Key and certificate:"`

	Field    string `placeholder:"NAME" help:"Sign this existing, empty signature field instead of a new one."`
	Reason   string `placeholder:"TEXT" help:"Why you sign, shown to readers."`
	Location string `placeholder:"TEXT" help:"Where you sign, shown to readers."`
	Name     string `placeholder:"TEXT" help:"Your name, shown to readers. The certificate has the name that counts."`
	Contact  string `placeholder:"TEXT" help:"How to reach you, shown to readers."`
	Level    string `enum:",B-B,B-T,B-LT,B-LTA" default:"" placeholder:"B-B|B-T|B-LT|B-LTA" help:"How long the signature is to be provable: B-T adds a time stamp, B-LT revocation data, B-LTA an archive time stamp. Default: B-B, or B-T with --tsa."`

	visibleFlags  `group:"What is seen:"`
	protectFlags  `group:"Fields, locks and certification:"`
	stampFlags    `group:"Time stamps and validation data:"`
	evidenceFlags `group:"Time stamps and validation data:"`
	stepFlags     `group:"In two steps, for a key that is elsewhere:"`
	output
}

// Help is the long help of the command.
func (signCommand) Help() string {
	return `OUT is IN, unchanged, with a PAdES signature appended, invisible unless --visible says where it is to be seen. Earlier signatures stay as they were. ` +
		`Either OUT is written whole, at the level asked for, or not at all. The levels B-T and above ask the time-stamping ` +
		`authority, B-LT and B-LTA also the places that the certificates name.

A key that is elsewhere signs by --signer-command, or in two steps, days apart if need be: --prepare prints what is to be ` +
		`signed, --complete takes the signature. Everything is verified before OUT is written, and --level and --tsa are given in both steps.

Examples:

    inkan sign --key key.pem --cert chain.pem --reason "I agree" contract.pdf signed.pdf
    inkan sign --key key.pem --cert chain.pem --visible 1:400,60,150,60 --seal 山田 contract.pdf signed.pdf
    inkan sign --key key.pem --cert chain.pem --certify 2 --lock only:price form.pdf certified.pdf
    inkan sign --key key.pem --cert chain.pem --level B-LTA --tsa https://tsa.example/ contract.pdf signed.pdf
    inkan sign --p12 me.p12 contract.pdf signed.pdf
    inkan sign --cert chain.pem --signer-command "openssl pkeyutl -sign -inkey key.pem -pkeyopt digest:sha256" contract.pdf signed.pdf
    inkan sign --prepare STATE --cert chain.pem --to-sign digest.bin contract.pdf
    inkan sign --complete STATE --signature signature.bin contract.pdf signed.pdf`
}

// Run signs IN and writes OUT.
func (c *signCommand) Run(ctx context.Context, call *kong.Context, to console) error {
	if err := c.stepFlags.check(call, &c.output); err != nil {
		return err
	}
	if c.Prepare == "" {
		if err := c.output.check(ctx); err != nil {
			return err
		}
	}
	o, err := c.options(to)
	if err != nil {
		return err
	}
	switch {
	case c.Prepare != "":
		return c.prepare(ctx, to, o)
	case c.Complete != "":
		return c.complete(ctx, to, o)
	}
	signer, err := c.signer(ctx, to)
	if err != nil {
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
	if err := doc.Sign(ctx, signer, o); err != nil {
		return fmt.Errorf("%s: %w", c.In, err)
	}
	return c.save(doc)
}

// options turns flags into what is signed and how.
func (c *signCommand) options(to console) (*pades.SignOptions, error) {
	o := &pades.SignOptions{
		Field: c.Field, Reason: c.Reason, Location: c.Location, Name: c.Name, ContactInfo: c.Contact,
		IgnorePermissions: c.IgnorePermissions,
		Warn:              func(warning string) { to.warn(c.In + ": " + warning) },
	}
	if c.Field != "" && (c.NewField != "" || c.Tooltip != "") {
		return nil, usage("--new-field and --tooltip are for a new field: leave out --field, which names an existing one")
	}
	if err := c.apply(o); err != nil {
		return nil, err
	}
	var err error
	if o.TSA, err = c.authority(); err != nil {
		return nil, err
	}
	if o.Level, err = levelOf(c.Level, o.TSA != nil); err != nil {
		return nil, err
	}
	if o.Level >= pades.BT && o.TSA == nil {
		return nil, usage("--level %s needs a time-stamping authority: --tsa URL", c.Level)
	}
	if o.Revocation, err = c.source(o.Level); err != nil {
		return nil, err
	}
	o.Trust, err = c.anchors()
	return o, err
}

// draw sets what is to be seen of the signature.
func (c *signCommand) draw(ctx context.Context, o *pades.SignOptions, signer *pades.Signer) error {
	s := said{name: c.Name, reason: c.Reason, location: c.Location, contact: c.Contact}
	if len(signer.Chain) > 0 {
		s.certificate = signer.Chain[0]
	}
	v, err := c.show(ctx, c.Field != "", s)
	if err != nil || v == nil {
		return err
	}
	o.Appearance, o.Page, o.Rect, o.Also = v.appearance, v.first.Page, v.first.Rect, v.also
	return nil
}

// openFailure gives the error of opening a PDF its exit status: whatever cannot
// be read as a PDF is unreadable, as is a file that cannot be read at all.
func openFailure(file string, err error) error {
	var known *failure
	if errors.As(err, &known) || errors.Is(err, context.Canceled) {
		return err
	}
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err // it repeats the name of the file
	}
	if path != nil || errors.Is(err, pades.ErrNotPDF) || errors.Is(err, pades.ErrPassword) || errors.Is(err, pades.ErrEncrypted) {
		return unreadable(file, err)
	}
	return fmt.Errorf("%s: %w", file, err)
}
