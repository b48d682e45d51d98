// Command inkan signs PDF files and judges signed ones.
//
//	inkan demo                                     see it work, in a folder of its own
//	inkan sign --key K --cert C IN OUT             sign IN, write OUT
//	inkan extend --tsa URL IN OUT                  keep signatures provable, or renew that
//	inkan renew --in-place --trust ROOTS --tsa URL FOLDER
//	                                               renew what is due in an archive
//	inkan stamp --text TEXT IN OUT                 put text or a seal on the pages
//	inkan attach --file FILE IN OUT                attach files
//	inkan timestamp --tsa URL IN OUT               stamp a document
//	inkan fields IN                                list signature fields, or add some
//	inkan verify --trust ROOTS FILE...             judge signed files
//	inkan inspect FILE                             show what a file is made of
//	inkan contract new | sign | conclude | audit …  run a contract of several parties
//	inkan chain --trust ROOTS CERT                 explain who vouches for a certificate
//
// It decides nothing by itself: signing is package pades, judging is package
// verify. This command reads files and flags, prints, and chooses the exit
// status. It uses the network only when --online, --tsa or --level says so.
//
// # Exit status
//
//	0  done: the file was signed, every signature passed, the chain holds, the file was shown
//	1  the file cannot be signed, a signature did not pass or is missing, the chain does not hold
//	2  the command was called wrongly
//	3  a file cannot be read as a PDF
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/inkan-go/inkan/internal/redact"
)

// commands is the grammar of the command line.
type commands struct {
	Version kong.VersionFlag `help:"Print the version and stop."`

	Sign      signCommand      `cmd:"" help:"Sign a PDF with a private key and its certificate."`
	Extend    extendCommand    `cmd:"" help:"Raise or renew the protection of a signed PDF, whoever signed it."`
	Renew     renewCommand     `cmd:"" help:"Renew the protection of many signed PDFs before it ends."`
	Stamp     stampCommand     `cmd:"" help:"Put text, a seal or a picture on the pages of a PDF, before it is signed."`
	Attach    attachCommand    `cmd:"" help:"Attach files to a PDF, before it is signed."`
	Timestamp timestampCommand `cmd:"" help:"Add a document time stamp to a PDF."`
	Fields    fieldsCommand    `cmd:"" help:"List the signature fields of a PDF, or add some."`
	Verify    verifyCommand    `cmd:"" help:"Judge the signatures of PDF files."`
	Inspect   inspectCommand   `cmd:"" help:"Show what a PDF file is made of: revisions, fields, signatures, objects."`
	Chain     chainCommand     `cmd:"" help:"Explain who vouches for a certificate, and why a chain does not hold."`
	Contract  contractCommand  `cmd:"" help:"Run a contract: several parties who sign in order, evidence, completion certificate, audit."`
	Demo      demoCommand      `cmd:"" help:"Run a contract between a town and a contractor with throw-away keys, from the page to the audit."`
}

const description = `Signs PDF files and judges signed ones.

A signature tells who signed and that nothing they signed has changed since.
To make one you need a private key and a certificate that says whose key it is.
To judge one you need the certificates of those whom you trust to say so.

To see it work without having either:
    inkan demo

To sign a file, and to judge the result:
    inkan sign --key key.pem --cert chain.pem contract.pdf signed.pdf
    inkan verify --trust roots.pem signed.pdf

To number the pages or to attach a file, before anybody signs:
    inkan stamp --text "{page} / {pages}" --at bottom IN OUT
    inkan attach --file data.json IN OUT

To keep a signature provable for years, and to renew that in time:
    inkan sign --key key.pem --cert chain.pem --level B-LTA --tsa URL IN OUT
    inkan extend --tsa URL IN OUT
    inkan renew --in-place --trust roots.pem --tsa URL FOLDER

To run a contract of several parties, with evidence and completion certificate:
    inkan contract --help

A file is never changed unless you ask for it with --in-place, and nothing is
sent over the network unless you ask for it with --online, --tsa or --level.

Exit status: 0 done, and every signature passed; 1 it cannot be signed, or a
signature is missing or did not pass; 2 wrong call; 3 a file is not readable
as a PDF.`

// console is where a command prints: results to out, reasons to err.
type console struct{ out, err io.Writer }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(run(ctx, os.Args[1:], console{os.Stdout, os.Stderr}))
}

// run parses the arguments, runs the command and returns the exit status.
func run(ctx context.Context, args []string, to console) int {
	parser, err := kong.New(new(commands),
		kong.Name("inkan"),
		kong.Description(description),
		kong.ConfigureHelp(kong.HelpOptions{NoAppDescFormat: true, WrapUpperBound: 80}),
		kong.Vars{"version": "inkan " + version(), "asked": ""},
		kong.Writers(to.out, to.err),
	)
	if err != nil {
		fmt.Fprintln(to.err, "inkan:", err)
		return statusUsage
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	call, err := parser.Parse(args)
	if err != nil {
		return to.fail(wrongCall(err))
	}
	call.BindTo(ctx, (*context.Context)(nil))
	if err := call.Run(to); err != nil {
		return to.fail(err)
	}
	return statusDone
}

// wrongCall is the failure of arguments that the grammar does not know. It names the help
// of the command that was meant.
func wrongCall(err error) error {
	help := "inkan"
	var wrong *kong.ParseError
	if errors.As(err, &wrong) && wrong.Context != nil {
		if node := wrong.Context.Selected(); node != nil {
			help = node.FullPath()
		}
	}
	text := strings.Replace(err.Error(), `one of "",`, "one of ", 1) // nothing is what stands there by default
	text = strings.Replace(text, `one of "0",`, "one of ", 1)
	if name, ok := strings.CutPrefix(text, "expected "); ok {
		text = "missing " + strings.Trim(name, `"`)
	}
	return usage("%s (%s --help tells how it is called)", text, help)
}

// version is the version of the module that the command was built from.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// fail prints why on one line and returns the exit status that err stands for.
func (to console) fail(err error) int {
	status := statusFailed
	var f *failure
	switch {
	case errors.As(err, &f):
		status, err = f.status, f.why
	case errors.Is(err, context.Canceled):
		err = errInterrupted
	}
	if err != nil {
		to.say(reasonText(err))
	}
	return status
}

// say prints one line on stderr.
func (to console) say(text string) {
	text = redact.Visible(text)
	if !strings.HasPrefix(text, notPermitted) {
		text = "inkan: " + text
	}
	fmt.Fprintln(to.err, text)
}

// warn prints a doubt that does not stop the work.
func (to console) warn(text string) { to.say("warning: " + text) }
