package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/redact"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
)

// contractSignCommand signs for a participant.
type contractSignCommand struct {
	Participant string `required:"" placeholder:"ID" help:"Who signs."`
	Reason      string `placeholder:"TEXT" help:"Why, as readers show it."`
	Location    string `placeholder:"TEXT" help:"Where, as readers show it."`
	IP          string `name:"ip" placeholder:"ADDRESS" help:"IP address of who signs, for the record."`
	Disclose    bool   `help:"The participant agreed that their certificate goes into the PDF although it tells more than a name."`
	Repeat      bool   `help:"Use the key again although it may have been used in a step that was cut off."`
	signerFlags `group:"Key and certificate:"`
	lookFlags   `group:"What is seen:"`
	serviceFlags

	folderArgument
}

// Help is the long help of the command.
func (contractSignCommand) Help() string {
	return `Whoever signs by the method witness is signed for with the key of the platform, after an authenticated event was noted for them; ` +
		`everybody else with their own. --key, --cert and the like name that key. With --tsa the signature is made at B-T.

The signature is seen where inkan contract new --visible made a place for it.

Example:

    inkan contract sign --participant town --key platform.pem --cert platform-chain.pem --seal 山田 C`
}

// Run signs.
func (c *contractSignCommand) Run(ctx context.Context, to console) error {
	p, made, folder, err := c.begin(&c.folderArgument)
	if err != nil {
		return err
	}
	level, err := levelOf("", p.TSA != nil)
	if err != nil {
		return err
	}
	signer, err := c.signer(ctx, to)
	if err != nil {
		return err
	}
	q := &contract.SignRequest{
		Participant: c.Participant, Level: level, Reason: c.Reason, Location: c.Location, IP: c.IP,
		Disclose: c.Disclose, Repeat: c.Repeat,
	}
	if who := made.Record.Participant(c.Participant); who != nil && who.Method == contract.Witness {
		p.Signer = signer
	} else {
		q.Signer = signer
	}
	if q.Appearance, err = c.appearance(ctx, p, made, folder); err != nil {
		return err
	}
	if err := p.Sign(ctx, made, folder, q); err != nil {
		return err
	}
	return showNext(to.out, made)
}

// appearance is what is to be seen of the signature: nil where it has no place.
func (c *contractSignCommand) appearance(ctx context.Context, p *contract.Platform, made *contract.Contract, folder contract.Folder) (pades.Appearance, error) {
	who := made.Record.Participant(c.Participant)
	if who == nil || made.Record.HasSigned(who.ID) {
		return nil, nil // which Sign tells, or leaves alone
	}
	places, err := p.Places(ctx, made, folder, who.ID)
	if err != nil {
		return nil, err
	}
	if len(places) > 0 {
		return c.look(ctx, said{name: who.Name, reason: c.Reason, location: c.Location})
	}
	if c.wanted() || len(c.Font) > 0 {
		return nil, usage("no place was made for %s: inkan contract new --visible %s=PAGE:X,Y,W,H does, before anybody signs", who.ID, who.ID)
	}
	return nil, nil
}

// contractConcludeCommand archives the documents.
type contractConcludeCommand struct {
	serviceFlags

	folderArgument
}

// Run concludes.
func (c *contractConcludeCommand) Run(ctx context.Context, to console) error {
	p, made, folder, err := c.begin(&c.folderArgument)
	if err != nil {
		return err
	}
	if err := p.Conclude(ctx, made, folder); err != nil {
		return err
	}
	return showNext(to.out, made)
}

// contractRenewCommand renews the archive time stamps.
type contractRenewCommand struct {
	serviceFlags

	folderArgument
}

// Run renews.
func (c *contractRenewCommand) Run(ctx context.Context, to console) error {
	p, made, folder, err := c.begin(&c.folderArgument)
	if err != nil {
		return err
	}
	if err := p.Renew(ctx, made, folder); err != nil {
		return err
	}
	fmt.Fprintf(to.out, "%s: renewed\n", c.Folder)
	return nil
}

// contractCertificateCommand issues the completion certificate.
type contractCertificateCommand struct {
	Lang        string   `enum:"ja,en" default:"ja" placeholder:"ja|en" help:"Language of the certificate."`
	Font        []string `sep:"none" placeholder:"FILE[:INDEX]" help:"Font for the certificate; without it the installed ones are searched. Repeatable."`
	Repeat      bool     `help:"Use the key again although it may have been used in a step that was cut off."`
	signerFlags `group:"Key and certificate:"`
	serviceFlags

	folderArgument
}

// Help is the long help of the command.
func (contractCertificateCommand) Help() string {
	return `The certificate is issued once, as certificate.pdf in the folder of the contract; asked again, it stays as it is.`
}

// Run issues.
func (c *contractCertificateCommand) Run(ctx context.Context, to console) error {
	p, made, folder, err := c.begin(&c.folderArgument)
	if err != nil {
		return err
	}
	if p.Signer, err = c.signer(ctx, to); err != nil {
		return err
	}
	o := &contract.CertificateOptions{Language: contract.Language(c.Lang), Repeat: c.Repeat}
	if o.Fonts, err = openFonts(c.Font); err != nil {
		return &failure{statusUsage, err}
	}
	if len(c.Font) == 0 {
		fonts, err := appearance.FindFonts(ctx, made.CertificateText(o), nil)
		if err != nil {
			return fmt.Errorf("%w; name a font that has them with --font", err)
		}
		o.Fonts = forReport(fonts)
	}
	if _, err := p.Issue(ctx, made, folder, o); err != nil {
		return err
	}
	fmt.Fprintln(to.out, folder.DocumentName(contract.CompletionCertificate))
	return nil
}

// showNext says what comes next.
func showNext(w io.Writer, c *contract.Contract) error {
	var err error
	switch phase := c.Phase(); phase {
	case contract.Signing:
		var names []string
		for _, p := range c.Record.Next() {
			names = append(names, fmt.Sprintf("%s (%s, %s)", p.Name, p.ID, p.Method))
		}
		_, err = fmt.Fprintf(w, "next to sign: %s\n", redact.Visible(strings.Join(names, ", ")))
	case contract.Complete:
		_, err = fmt.Fprintln(w, "everybody has signed; next: inkan contract conclude")
	case contract.Archived:
		_, err = fmt.Fprintln(w, "concluded; inkan contract certificate issues the completion certificate")
	default:
		_, err = fmt.Fprintln(w, phase)
	}
	return err
}
