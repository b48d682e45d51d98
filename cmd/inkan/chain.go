package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/redact"
)

// chainCommand explains the path from a certificate to a trusted one.
type chainCommand struct {
	Trust        []string `placeholder:"FILE" sep:"none" help:"Certificates to trust. Repeatable."`
	Certs        []string `placeholder:"FILE" sep:"none" help:"Further certificates that a chain may run through, not trusted themselves. Repeatable."`
	Revocation   []string `aliases:"evidence" placeholder:"FILE" sep:"none" help:"CRLs and OCSP responses to judge revocation by. Repeatable."`
	Purpose      string   `enum:"signing,time-stamping" default:"signing" placeholder:"signing|time-stamping" help:"What the certificate must be fit for."`
	At           string   `placeholder:"TIME" help:"Judge as of this time (RFC 3339, as 2026-11-22T09:00:00+09:00) instead of now."`
	Online       bool     `help:"Ask the places that the certificates name for issuers, OCSP responses and CRLs."`
	AllowPrivate bool     `help:"With --online, ask places inside private networks too."`

	File string `arg:"" name:"CERT" help:"Certificate to explain, the first one of the file."`
}

// Help is the long help of the command.
func (chainCommand) Help() string {
	return `Says whose certificate it is, who vouches for whom up to one that you trust, and why a chain does not hold. ` +
		`Without --revocation and --online nobody is asked whether a certificate was revoked.

Example:

    inkan chain --trust roots.pem --online signer.pem`
}

// Run builds the path and prints it.
func (c *chainCommand) Run(ctx context.Context, to console) error {
	leaf, options, err := c.options()
	if err != nil {
		return &failure{statusUsage, err}
	}
	finder, err := c.finder()
	if err != nil {
		return &failure{statusUsage, err}
	}
	if finder != nil {
		options.Revocation = finder
	}
	if c.Online {
		options.Issuers = finder
	}
	path, problem := certificate.BuildPath(ctx, leaf, options)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	out := bufio.NewWriter(to.out)
	c.explain(out, path, problem, options.Anchors)
	if finder != nil {
		for _, a := range finder.Attempts() {
			fmt.Fprintf(out, "asked: %s\n", redact.Visible(reasonText(errors.New(a.String()))))
		}
	}
	if problem == nil {
		fmt.Fprintf(out, "The chain holds for %s at %s.\n", c.Purpose, options.Time.UTC().Format(time.RFC3339))
	} else {
		fmt.Fprintf(out, "The chain does not hold: %s\n", redact.Visible(reasonText(problem)))
	}
	if advice := c.advice(path, problem); advice != "" {
		fmt.Fprintf(out, "To do: %s\n", advice)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing the chain: %w", err)
	}
	if problem != nil {
		return &failure{status: statusFailed}
	}
	return nil
}

// options turns flags into the conditions of a path, and reads the certificate.
func (c *chainCommand) options() (leaf *certificate.Certificate, o certificate.PathOptions, err error) {
	o = certificate.PathOptions{Anchors: certificate.NewPool(), Purpose: c.purpose(), Time: time.Now()}
	if c.At != "" {
		if o.Time, err = time.Parse(time.RFC3339, c.At); err != nil {
			return nil, o, fmt.Errorf("--at %s is not a time as RFC 3339 writes it, as 2026-11-22T09:00:00Z", c.At)
		}
	}
	if c.AllowPrivate && !c.Online {
		return nil, o, errors.New("--allow-private needs --online")
	}
	for _, file := range c.Trust {
		list, err := readCertificates(file)
		if err != nil {
			return nil, o, err
		}
		for _, anchor := range list {
			o.Anchors.Add(anchor, o.Purpose)
		}
	}
	for _, file := range append([]string{c.File}, c.Certs...) {
		list, err := readCertificates(file)
		if err != nil {
			return nil, o, err
		}
		o.Candidates = append(o.Candidates, list...)
	}
	return o.Candidates[0], o, nil
}

// finder is who answers about revocation; nil when nobody is to be asked.
func (c *chainCommand) finder() (*fetch.Finder, error) {
	if !c.Online && len(c.Revocation) == 0 {
		return nil, nil
	}
	f := &fetch.Finder{Checker: revocation.Checker{Set: revocation.NewSet(), Now: time.Now()}}
	given, err := readEvidence(c.Revocation)
	if err != nil {
		return nil, err
	}
	f.Checker.Set.Add(given...)
	if c.Online {
		f.Source = &fetch.Client{AllowPrivate: c.AllowPrivate}
	}
	return f, nil
}

// explain prints every certificate of a path with what is known about it.
func (c *chainCommand) explain(out *bufio.Writer, path *certificate.Path, problem error, anchors *certificate.Pool) {
	if path == nil {
		return
	}
	weak := map[int][]string{}
	for _, w := range path.Weaknesses() {
		text := fmt.Sprintf("%s, from %s on", w.Name, w.Until.Format(time.DateOnly))
		if !slices.Contains(weak[w.Depth], text) { // the key of the issuer and that of the leaf may be alike
			weak[w.Depth] = append(weak[w.Depth], text)
		}
	}
	for i, cert := range path.Certificates {
		fmt.Fprintf(out, "%d. %s\n", i+1, redact.Visible(cert.Subject.String()))
		fmt.Fprintf(out, "   valid       %s to %s\n", cert.NotBefore.Format(time.RFC3339), cert.NotAfter.Format(time.RFC3339))
		if anchors.Contains(cert, c.purpose()) {
			fmt.Fprintln(out, "   trusted     you named it with --trust")
			continue
		}
		fmt.Fprintf(out, "   issued by   %s\n", redact.Visible(cert.Issuer.String()))
		if i < len(path.Revocation) {
			fmt.Fprintf(out, "   revocation  %s\n", redact.Visible(describeRevocation(path.Revocation[i])))
		}
		for _, text := range weak[i] {
			fmt.Fprintf(out, "   weak        %s\n", redact.Visible(text))
		}
		var failed *certificate.PathError
		if errors.As(problem, &failed) && failed.Depth == i {
			fmt.Fprintf(out, "   problem     %v\n", failed.Reason)
		}
	}
}

func (c *chainCommand) purpose() certificate.Purpose {
	if c.Purpose == "time-stamping" {
		return certificate.TimeStamping
	}
	return certificate.Signing
}

// describeRevocation says what is known about the revocation of one certificate.
func describeRevocation(r certificate.Revocation) string {
	text := r.Status.String()
	if answer, ok := r.Evidence.(*revocation.Answer); ok && !answer.RevokedAt.IsZero() {
		text += fmt.Sprintf(", %v, since %s", answer.Reason, answer.Since().UTC().Format(time.RFC3339))
	}
	if r.Detail != "" {
		text += ": " + r.Detail
	}
	return text
}

// advice says what to do about a chain that does not hold, or that holds by less than
// could be known; "" where nothing helps but another certificate.
func (c *chainCommand) advice(path *certificate.Path, problem error) string {
	var failed *certificate.PathError
	if problem != nil && !errors.As(problem, &failed) {
		return ""
	}
	if failed == nil {
		for _, r := range path.Revocation {
			if r.Status == certificate.RevocationNotChecked {
				return "nobody was asked whether a certificate was revoked; add --online, or CRLs and OCSP responses with --revocation."
			}
		}
		return ""
	}
	if failed.Reason == certificate.Revoked {
		if known, ok := path.Revocation[failed.Depth].Evidence.(*revocation.Answer); ok && known.Reason == revocation.CertificateHold {
			return "the certificate is on hold, which may be lifted; ask its issuer, or ask again later."
		}
	}
	switch failed.Reason {
	case certificate.NoPath:
		if c.Online {
			return "name the missing issuers with --certs, and with --trust the root if you have reason to trust it."
		}
		return "name the missing issuers with --certs or let --online find them, and name with --trust the root if you have reason to trust it."
	case certificate.RevocationUndetermined:
		if c.Online {
			return "ask again later, or get a CRL or an OCSP response from the issuer and name it with --revocation."
		}
		return "name CRLs and OCSP responses that are in date with --revocation, or ask for them with --online."
	case certificate.Expired, certificate.NotYetValid, certificate.Revoked:
		return "trust nothing made with the key at that time; if something proves an earlier time of use, judge that time with --at."
	case certificate.KeyUsage, certificate.ExtendedKeyUsage:
		return "use a certificate that was issued for " + c.Purpose + ", or name another use with --purpose."
	case certificate.LimitExceeded:
		return "name fewer certificates with --certs."
	}
	return ""
}
