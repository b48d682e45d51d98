package main

import (
	"context"
	"time"

	"github.com/inkan-go/inkan/contract"
)

// contractNoteCommand notes an event.
type contractNoteCommand struct {
	Type        string `required:"" enum:"sent,viewed,consented,authenticated,declined,reassigned,expired,withdrawn,downloaded" placeholder:"EVENT" help:"What happened: sent, viewed, consented, authenticated, declined, reassigned, expired, withdrawn or downloaded."`
	Participant string `placeholder:"ID" help:"Who acted; without it the service did."`
	By          string `placeholder:"KIND" help:"authenticated: how the participant was identified, as email, sms or totp."`
	Provider    string `placeholder:"NAME" help:"authenticated: who identified them."`
	Contact     string `placeholder:"ADDRESS" help:"authenticated: address or telephone number that was used for it. reassigned: that of who takes the place. Only a commitment to it goes into the record."`
	ContactKind string `enum:",email,phone" default:"" placeholder:"email|phone" help:"reassigned: what --contact is."`
	To          string `placeholder:"NAME" help:"reassigned: who signs in the place of the participant from now on, and must be identified anew."`
	Org         string `placeholder:"NAME" help:"reassigned: for which organization."`
	IP          string `name:"ip" placeholder:"ADDRESS" help:"IP address of who acted."`
	Detail      string `placeholder:"TEXT" help:"A few words for people."`
	At          string `placeholder:"TIME" help:"When (RFC 3339) instead of now. With it the call may be repeated."`

	folderArgument
}

// Help is the long help of the command.
func (contractNoteCommand) Help() string {
	return `Examples:

    inkan contract note --type authenticated --participant town --by email --contact a@town.example C
    inkan contract note --type reassigned --participant town --to 小林一郎 --org 東神楽町 --contact b@town.example --contact-kind email C`
}

// Run notes the event.
func (c *contractNoteCommand) Run(ctx context.Context) error {
	n, err := c.note()
	if err != nil {
		return err
	}
	folder, made, err := c.folder()
	if err != nil {
		return err
	}
	return (&contract.Platform{}).Note(ctx, made, folder, n)
}

// note turns flags into the event.
func (c *contractNoteCommand) note() (*contract.Note, error) {
	n := &contract.Note{Type: contract.EventType(c.Type), Actor: c.Participant, IP: c.IP, Detail: c.Detail}
	identified, reassigned := n.Type == contract.Authenticated, n.Type == contract.Reassigned
	switch {
	case identified && c.By == "":
		return nil, usage("--type authenticated needs --by: how the participant was identified")
	case !identified && c.By+c.Provider != "":
		return nil, usage("--by and --provider are for --type authenticated")
	case reassigned && c.To == "":
		return nil, usage("--type reassigned needs --to: the name of who takes the place of the participant")
	case !reassigned && c.To+c.Org+c.ContactKind != "":
		return nil, usage("--to, --org and --contact-kind are for --type reassigned")
	case !identified && !reassigned && c.Contact != "":
		return nil, usage("--contact is for --type authenticated and --type reassigned")
	}
	if c.At != "" {
		var err error
		if n.Time, err = time.Parse(time.RFC3339, c.At); err != nil {
			return nil, usage("--at %s is not a time as 2026-11-22T09:00:00+09:00", c.At)
		}
	}
	switch {
	case identified:
		n.Auth, n.Contact = &contract.Authentication{Type: c.By, Provider: c.Provider, Result: "success"}, c.Contact
	case reassigned:
		n.To = &contract.ParticipantDraft{Name: c.To, Org: c.Org, Contact: c.Contact, ContactKind: c.ContactKind}
	}
	return n, nil
}
