package main

import (
	"bufio"
	"context"
	"strconv"
	"time"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/renew"
	"github.com/inkan-go/inkan/verify/report"
)

// renewCommand renews the files of an archive that are due.
type renewCommand struct {
	InPlace bool `help:"Append to the files themselves. Nothing is renewed without it."`
	DryRun  bool `short:"n" help:"Only tell what is due: change no file and buy no time stamp."`

	Within int  `default:"365" placeholder:"DAYS" help:"Renew what is provable for fewer days than this: 365 if it is not given, so that work done once a year misses nothing."`
	Raise  bool `help:"Raise files to B-LTA too that are provable for longer but do not rest on an archive time stamp."`
	retainFlags

	stampFlags   `group:"Time stamps and validation data:"`
	judgingFlags `group:"Whom to trust, and what to demand:"`
	AllowPrivate bool `group:"Time stamps and validation data:" help:"Get validation data from inside private networks too."`

	Format string `enum:"text,json" default:"text" placeholder:"text|json" help:"text; json: one object a file, a line each."`
	Lang   string `enum:"en,ja" default:"en" placeholder:"en|ja" help:"Language of the text."`
	Jobs   int    `short:"j" placeholder:"N" help:"How many files to work on at a time; as many as there are processors if it is not given."`

	IgnorePermissions bool `help:"Go on although the access permissions of an encrypted PDF forbid it."`
	passwordFlags     `set:"asked="`

	Files []string `arg:"" name:"FILE" help:"PDF to renew, or folder: all files in it that end in .pdf, but for links."`
}

// Help is the long help of the command.
func (renewCommand) Help() string {
	return `Judges every file, and adds an archive time stamp and validation data to those whose proof ends soon, ` +
		`before it ends. No byte that is there changes, and what does not prolong the proof is not written.

The command may be stopped, or killed, at any time: call it again. A file is then either as it was or renewed, ` +
		`once; a file that was in work is put in order and named, for a time stamp may have been bought for it in vain. ` +
		`After ` + strconv.Itoa(maxRefused) + ` files in a row that got no time stamp the others are left alone. ` +
		`Several calls may work on the same folder. Files that are provable until the day of --retain-until are left alone.

Exit status: 0 every file is provable for as long as was asked; 1 at least one is not; 2 wrong call; 3 at least one file is not readable as a PDF.

Examples:

    inkan renew --dry-run --trust roots.pem --retain-until 2033-03-31 archive
    inkan renew --in-place --trust roots.pem --tsa https://tsa.example/ archive
    inkan renew --in-place --trust roots.pem --tsa https://tsa.example/ --format json archive >renewed.jsonl`
}

// Run renews the files and tells what became of each.
func (c *renewCommand) Run(ctx context.Context, to console) error {
	options, err := c.options()
	if err != nil {
		return err
	}
	language, err := report.ParseLanguage(c.Lang)
	if err != nil {
		return err
	}
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	b := &renewal{command: c, ctx: ctx, giveUp: giveUp, to: to, language: language, out: bufio.NewWriter(to.out), progress: newProgress(to, "renewing")}
	options.Interrupted = b.interrupted
	if b.renewer, err = renew.New(options); err != nil {
		return &failure{statusUsage, err}
	}
	return b.run()
}

// options turns flags into the options of package renew.
func (c *renewCommand) options() (*renew.Options, error) {
	switch {
	case c.InPlace == c.DryRun:
		return nil, usage("say either --in-place, to append to the files, or --dry-run, to see what is due")
	case c.Within < 0:
		return nil, usage("--within must be a number of days, 0 or more")
	case c.Jobs < 0:
		return nil, usage("--jobs must be a positive number")
	case len(c.Trust)+len(c.TrustSigner)+len(c.TrustTSA) == 0:
		return nil, usage("nobody is trusted, so nothing is provable: --trust FILE names certificates to trust")
	}
	o := &renew.Options{Margin: max(time.Duration(c.Within)*24*time.Hour, time.Nanosecond), Raise: c.Raise, DryRun: c.DryRun}
	var err error
	if o.Verify, err = c.judging(); err != nil {
		return nil, &failure{statusUsage, err}
	}
	if o.Verify.RetainUntil, err = c.until(); err != nil {
		return nil, &failure{statusUsage, err}
	}
	if o.Verify.Password, err = c.given(); err != nil {
		return nil, err
	}
	source := &fetch.Client{AllowPrivate: c.AllowPrivate}
	o.Verify.Source = source
	o.Extend = &pades.ExtendOptions{Revocation: source, Trust: o.Verify.Trust, IgnorePermissions: c.IgnorePermissions}
	if o.Extend.TSA, err = c.authority(); err != nil {
		return nil, err
	}
	if o.Extend.TSA == nil && c.InPlace {
		return nil, usage("who makes the time stamps? --tsa URL names an authority")
	}
	return o, nil
}
