package contract

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Note is an event that the service tells of.
type Note struct {
	Type  EventType
	Actor string    // ID of a participant, Creator, or "" for the service
	Time  time.Time // zero is now
	IP    string
	// UserAgent is what the browser calls itself.
	UserAgent string
	Detail    string
	// Auth tells, of an authenticated event, how; Contact is the address or number that
	// was used for it.
	Auth    *Authentication
	Contact string
	// Consent, of a consented event, is the consent that was given, if it is a new one.
	Consent *ConsentDraft
	// To, of a reassigned event, is who takes the participant's place.
	To *ParticipantDraft
}

// noted are the events that a service tells of; the others come from the steps.
var noted = []EventType{Sent, Viewed, Consented, Authenticated, Declined, Reassigned, Expired, Withdrawn, Downloaded}

// Note adds an event. One with a given time that is there already, of the same type,
// actor, time and text, is not added again, so that the call can be repeated after a crash.
func (p *Platform) Note(ctx context.Context, c *Contract, s Store, n *Note) error {
	if err := c.settle(ctx, s); err != nil {
		return err
	}
	if !slices.Contains(noted, n.Type) {
		return fail(ErrOptions, "%q is no event that a service tells of; it comes from a step", n.Type)
	}
	at := p.now()
	if !n.Time.IsZero() {
		at = At(n.Time)
		if c.Record.has(n, at) {
			return nil
		}
	}
	if err := c.mayNote(n); err != nil {
		return err
	}
	next := c.clone()
	if err := next.note(p, n, at); err != nil {
		return err
	}
	return c.commit(ctx, next, s)
}

// has tells whether an event was noted already.
func (r *Record) has(n *Note, at Time) bool {
	return slices.ContainsFunc(r.Events, func(e Event) bool {
		same := e.Detail == n.Detail
		if n.Type == Reassigned && n.Detail == "" && n.To != nil {
			same = strings.HasSuffix(e.Detail, handedOver+n.To.Name) // the text that reassign made
		}
		return same && e.Type == n.Type && e.Actor == n.Actor && e.Time.Equal(at.Time)
	})
}

func (c *Contract) mayNote(n *Note) error {
	phase := c.Phase()
	ends := n.Type == Declined || n.Type == Expired || n.Type == Withdrawn
	switch {
	case phase == Ended && n.Type != Downloaded:
		return fail(ErrState, "the contract has ended; %q cannot follow", n.Type)
	case phase == Archived && n.Type != Downloaded && n.Type != Viewed && n.Type != Sent:
		return fail(ErrState, "the contract is concluded; %q cannot follow", n.Type)
	case ends && phase == Complete:
		return fail(ErrState, "everybody has signed; %q cannot follow", n.Type)
	case (n.Type == Reassigned || n.Type == Declined) && c.Record.HasSigned(n.Actor):
		return fail(ErrState, "%q has signed; %q cannot follow", n.Actor, n.Type)
	case n.Type == Reassigned && c.Record.signedAny(n.Actor):
		return fail(ErrState, "%q has signed one of the documents; they sign the others, or the contract is withdrawn", n.Actor)
	case n.Type == Reassigned && (n.To == nil || c.Record.Participant(n.Actor) == nil):
		return fail(ErrOptions, "a participant is reassigned to somebody (Note.Actor, Note.To)")
	case n.Type == Authenticated && (n.Auth == nil || c.Record.Participant(n.Actor) == nil):
		return fail(ErrOptions, "a participant is identified by something (Note.Actor, Note.Auth)")
	}
	return nil
}

func (c *Contract) note(p *Platform, n *Note, at Time) error {
	r := &c.Record
	e := Event{
		Time: at, TimeSource: ServerTime, Actor: n.Actor, Type: n.Type, IP: n.IP, UserAgent: n.UserAgent, Detail: n.Detail,
	}
	if c.Disclosure == nil && (n.Contact != "" || n.Consent != nil || n.To != nil) {
		return fail(ErrState, "the disclosure was deleted: no personal value can be added")
	}
	switch n.Type {
	case Authenticated:
		auth := *n.Auth
		if auth.Time.IsZero() {
			auth.Time = at
		}
		var err error
		if auth.Contact, err = c.Disclosure.commit(p.Rand, n.Contact); err != nil {
			return err
		}
		who := r.Participant(n.Actor)
		who.Auth = append(who.Auth, auth)
		e.Auth = &auth
	case Consented:
		if n.Consent != nil {
			number, err := c.addConsent(p.Rand, n.Consent)
			if err != nil {
				return err
			}
			e.Consent = number
		}
	case Reassigned:
		if c.waiting != nil && c.waiting.Participant == n.Actor {
			c.waiting = nil // it says the name of the former one
		}
		if err := c.reassign(p, r.Participant(n.Actor), n.To, &e); err != nil {
			return err
		}
	}
	if err := r.append(e); err != nil {
		return err
	}
	return r.Check()
}

// handedOver stands between the names of who was a participant and who is from now on.
const handedOver = " → "

// reassign puts somebody else into the place of a participant. How the former one was identified
// stays in the events.
func (c *Contract) reassign(p *Platform, q *Participant, to *ParticipantDraft, e *Event) error {
	if e.Detail == "" {
		e.Detail = q.Name + handedOver + to.Name
	}
	q.Name, q.Org, q.ContactKind, q.Auth = to.Name, to.Org, to.ContactKind, nil
	var err error
	q.Contact, err = c.Disclosure.commit(p.Rand, to.Contact)
	return err
}
