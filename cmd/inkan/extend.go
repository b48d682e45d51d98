package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/inkan-go/inkan/pades"
)

// extendCommand raises or renews the signatures of one file.
type extendCommand struct {
	Level      string   `enum:"B-T,B-LT,B-LTA" default:"B-LTA" placeholder:"B-T|B-LT|B-LTA" help:"How far to raise. B-LTA, the default, also renews."`
	AcceptGaps []string `name:"accept-gaps" placeholder:"FIELD" sep:"none" help:"Go on although validation data for the signature in this field cannot be had. Repeatable."`

	stampFlags    `group:"Time stamps and validation data:"`
	evidenceFlags `group:"Time stamps and validation data:"`
	output
}

// Help is the long help of the command.
func (extendCommand) Help() string {
	return `OUT is IN, unchanged, with what keeps its signatures provable appended: time stamps, certificates and revocation data, ` +
		`and at B-LTA an archive time stamp over all of it. Repeat B-LTA before the certificate of the last time stamp expires. ` +
		`Signatures of others that are broken, expired or not trusted are told, and the rest is raised; data that cannot be had ` +
		`at the moment stop the work, unless --accept-gaps names the field.

Examples:

    inkan extend --tsa https://tsa.example/ signed.pdf archived.pdf
    inkan extend --tsa https://tsa.example/ --accept-gaps Signature1 --in-place signed.pdf`
}

// Run extends IN and writes OUT.
func (c *extendCommand) Run(ctx context.Context, to console) error {
	if err := c.check(ctx); err != nil {
		return err
	}
	o, err := c.options(to)
	if err != nil {
		return err
	}
	doc, err := c.open(ctx, to)
	if err != nil {
		return err
	}
	defer doc.Close()
	if err := doc.Extend(ctx, o); err != nil {
		if o.TSA == nil && errors.Is(err, pades.ErrOptions) {
			return usage("%s: a signature has no time stamp yet: --tsa URL says who makes one", c.In)
		}
		if errors.Is(err, pades.ErrEvidence) {
			return fmt.Errorf("%s: %w; nothing was written: try again later, or go on without them with --accept-gaps FIELD", c.In, err)
		}
		return fmt.Errorf("%s: %w", c.In, err)
	}
	return c.save(doc)
}

// options turns flags into how far is raised.
func (c *extendCommand) options(to console) (*pades.ExtendOptions, error) {
	o := &pades.ExtendOptions{
		IgnorePermissions: c.IgnorePermissions,
		Warn:              func(warning string) { to.warn(c.In + ": " + warning) },
	}
	var err error
	if o.TSA, err = c.authority(); err != nil {
		return nil, err
	}
	if o.Level, err = levelOf(c.Level, o.TSA != nil); err != nil {
		return nil, err
	}
	if o.TSA == nil && o.Level != pades.BLT {
		return nil, usage("--level %s needs a time-stamping authority: --tsa URL", c.Level)
	}
	if o.Revocation, err = c.source(o.Level); err != nil {
		return nil, err
	}
	if len(c.AcceptGaps) > 0 {
		if o.Level < pades.BLT {
			return nil, usage("--accept-gaps applies to the levels B-LT and B-LTA")
		}
		o.Evidence = &pades.EvidencePolicy{OnGap: c.decide}
	}
	o.Trust, err = c.anchors()
	return o, err
}

// decide lets gaps pass in the fields that were named.
func (c *extendCommand) decide(g *pades.Gap) pades.GapAction {
	if slices.Contains(c.AcceptGaps, g.Field) {
		return pades.GapWarns
	}
	return pades.DefaultGapAction(g)
}
