package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/redact"
	"github.com/inkan-go/inkan/pades/appearance"
)

// contractNoteCommand notes an event.
type contractNoteCommand struct {
	Type        string `required:"" enum:"sent,viewed,consented,authenticated,declined,expired,withdrawn,downloaded" placeholder:"EVENT" help:"What happened: sent, viewed, consented, authenticated, declined, expired, withdrawn or downloaded."`
	Participant string `placeholder:"ID" help:"Who acted; without it the service did."`
	By          string `placeholder:"KIND" help:"How a participant was identified, as email, sms or totp."`
	Provider    string `placeholder:"NAME" help:"Who identified them."`
	Contact     string `placeholder:"ADDRESS" help:"Address or telephone number that was used for it. Only a commitment to it goes into the record."`
	IP          string `name:"ip" placeholder:"ADDRESS" help:"IP address of who acted."`
	Detail      string `placeholder:"TEXT" help:"A few words for people."`
	At          string `placeholder:"TIME" help:"When (RFC 3339) instead of now. With it the call may be repeated."`

	folderArgument
}

// Run notes the event.
func (c *contractNoteCommand) Run(ctx context.Context) error {
	folder, made, err := c.folder()
	if err != nil {
		return err
	}
	n := &contract.Note{
		Type: contract.EventType(c.Type), Actor: c.Participant, IP: c.IP, Detail: c.Detail, Contact: c.Contact,
	}
	if c.At != "" {
		if n.Time, err = time.Parse(time.RFC3339, c.At); err != nil {
			return usage("--at %s is not a time as 2026-11-22T09:00:00+09:00", c.At)
		}
	}
	if n.Type == contract.Authenticated {
		if c.By == "" {
			return usage("--type authenticated needs --by: how the participant was identified")
		}
		n.Auth = &contract.Authentication{Type: c.By, Provider: c.Provider, Result: "success"}
	}
	return (&contract.Platform{}).Note(ctx, made, folder, n)
}

// contractSignCommand signs for a participant.
type contractSignCommand struct {
	Participant string `required:"" placeholder:"ID" help:"Who signs."`
	Reason      string `placeholder:"TEXT" help:"Why, as readers show it."`
	Location    string `placeholder:"TEXT" help:"Where, as readers show it."`
	IP          string `name:"ip" placeholder:"ADDRESS" help:"IP address of who signs, for the record."`
	Disclose    bool   `help:"The participant agreed that their certificate goes into the PDF although it tells more than a name."`
	Repeat      bool   `help:"Use the key again although it may have been used in a step that was cut off."`
	signerFlags `group:"Key and certificate:"`
	serviceFlags

	folderArgument
}

// Help is the long help of the command.
func (contractSignCommand) Help() string {
	return `Whoever signs by the method witness is signed for with the key of the platform, after an authenticated event was noted for them; ` +
		`everybody else with their own. --key, --cert and the like name that key. With --tsa the signature is made at B-T.`
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
	if err := p.Sign(ctx, made, folder, q); err != nil {
		return err
	}
	return showNext(to.out, made)
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
