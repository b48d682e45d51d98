package main

import (
	"context"
	"time"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/pades"
)

// Who takes part in the demonstration.
const (
	demoTown       = "Town of Sakae"
	demoContractor = "Misaki Tuning Works"
	demoDirector   = "Misaki Reiko"
	demoSeals      = "栄町岬印岬"
)

// demoParticipants sign in this order: for the first two the platform, the third with a
// certificate of her own.
var demoParticipants = []struct {
	contract.ParticipantDraft
	seal string
	rect pades.Rect
}{
	{contract.ParticipantDraft{ID: "town", Order: 1, Role: "client", Name: "Sakae Taro", Org: demoTown, Method: contract.Witness,
		Contact: "keiyaku@sakae.example", ContactKind: "email"}, "栄町", pades.Rect{X: 74, Y: 418, Width: 150, Height: 44}},
	{contract.ParticipantDraft{ID: "clerk", Order: 2, Role: "contractor", Name: "Misaki Jiro", Org: demoContractor, Method: contract.Witness,
		Contact: "jiro@misaki.example", ContactKind: "email"}, "岬印", pades.Rect{X: 322, Y: 418, Width: 98, Height: 44}},
	{contract.ParticipantDraft{ID: "director", Order: 3, Role: "contractor", Name: demoDirector, Org: demoContractor, Method: contract.Party},
		"岬", pades.Rect{X: 425, Y: 418, Width: 98, Height: 44}},
}

// demoDraft is the contract that the page speaks of.
func demoDraft(day time.Time) *contract.Draft {
	d := &contract.Draft{
		Documents: []contract.DocumentDraft{{
			Title: "Service Contract", ManagementNo: "2041-07", Creator: demoTown, CreatorContact: "keiyaku@sakae.example",
		}},
		Consents: []contract.ConsentDraft{{
			Company: demoContractor, Representative: demoDirector, Delegate: "Misaki Jiro", Contact: "jiro@misaki.example",
			Date: day.AddDate(0, -1, 0).Format(time.DateOnly),
		}},
		Deal: contract.Deal{
			Date: day.Format(time.DateOnly), Counterparties: []string{demoContractor}, Amount: &contract.Amount{Value: "336000", Currency: "JPY"},
		},
		Retention: contract.Retention{Profile: "7 years", Until: day.AddDate(7, 0, 0).Format(time.DateOnly)},
	}
	for _, p := range demoParticipants {
		d.Participants = append(d.Participants, p.ParticipantDraft)
	}
	return d
}

// demoRun takes the contract from the draft to the certificate.
func demoRun(ctx context.Context, t *demoServices, look *demoLook, folder contract.Folder, now time.Time) (*contract.Contract, error) {
	p := t.runs()
	c, err := p.Create(ctx, demoDraft(now), folder)
	if err != nil {
		return nil, err
	}
	places := make(map[string][]contract.Place)
	for _, d := range demoParticipants {
		places[d.ID] = []contract.Place{{Document: 1, Page: 1, Rect: d.rect}}
	}
	if err := p.Prepare(ctx, c, folder, &contract.PrepareOptions{Places: places}); err != nil {
		return nil, err
	}
	for _, d := range demoParticipants {
		q := &contract.SignRequest{Participant: d.ID, Appearance: look.appearance(d.seal), IP: "192.0.2.17"}
		if d.Method == contract.Witness {
			if err := p.Note(ctx, c, folder, &contract.Note{
				Type: contract.Authenticated, Actor: d.ID, IP: q.IP, Contact: d.Contact,
				Auth: &contract.Authentication{Type: "email", Provider: p.Name, Result: "success"},
			}); err != nil {
				return nil, err
			}
		} else {
			q.Signer, q.Level = t.party, pades.BT
		}
		if err := p.Sign(ctx, c, folder, q); err != nil {
			return nil, err
		}
	}
	if err := p.Conclude(ctx, c, folder); err != nil {
		return nil, err
	}
	_, err = p.Issue(ctx, c, folder, &contract.CertificateOptions{Language: look.language, Fonts: look.fonts})
	return c, err
}
