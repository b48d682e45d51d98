package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verify/report"
)

// demoCommand shows the main job from end to end.
type demoCommand struct {
	Dir string `arg:"" name:"DIR" optional:"" help:"Folder for the files, made if missing (default: a new folder inkan-demo)."`
}

// Help is the long help of the command.
func (demoCommand) Help() string {
	return `Writes contract.pdf, contract-signed.pdf, and roots.pem with the certificate to trust. ` +
		`The signature has a time stamp, the revocation data that it needs, and an archive time stamp over all of it: certification and ` +
		`time-stamping authorities run in this very process. The private keys stay in memory and are gone afterwards. The exit status is 0 only if what was made was judged valid.`
}

// Run makes, signs and judges a contract.
func (c *demoCommand) Run(ctx context.Context, to console) error {
	dir, err := demoFolder(c.Dir)
	if err != nil {
		return err
	}
	now := time.Now()
	contract, signed, roots := filepath.Join(dir, "contract.pdf"), filepath.Join(dir, "contract-signed.pdf"), filepath.Join(dir, "roots.pem")
	town, err := newDemoTown(now)
	if err != nil {
		return fmt.Errorf("making keys and services: %w", err)
	}
	defer town.close()
	root := town.server.PKI.Root
	if err := writeNew(contract, contractPDF(now)); err != nil {
		return err
	}
	if err := writeNew(roots, root.PEM()); err != nil {
		return err
	}
	options := town.options()
	note, err := showDemo(ctx, options)
	if err != nil {
		return err
	}
	if err := demoSign(ctx, town.signer, options, contract, signed); err != nil {
		return err
	}
	result, err := verify.File(ctx, signed, &verify.Options{Trust: town.server.PKI.Pool()})
	if result == nil {
		return err
	}
	fmt.Fprintf(to.out, "%-36s a contract of one page\n%-36s the same, signed and archived (PAdES B-LTA) with throw-away keys\n%-36s the certificate to trust\n\n", contract, signed, roots)
	if note != "" {
		fmt.Fprintf(to.out, "%s\n\n", note)
	}
	if err := report.Write(to.out, report.Text, nil, result); err != nil {
		return err
	}
	fmt.Fprintf(to.out, "\nJudge it yourself:  inkan verify --trust %s %s\n", roots, signed)
	if err != nil {
		return fmt.Errorf("the demonstration did not pass: %w", err)
	}
	return nil
}

// demoSign signs the contract as anybody would.
func demoSign(ctx context.Context, signer *pades.Signer, o *pades.SignOptions, contract, signed string) error {
	doc, err := pades.Open(contract, nil)
	if err != nil {
		return err
	}
	defer doc.Close()
	if err := doc.Sign(ctx, signer, o); err != nil {
		return err
	}
	return doc.WriteFile(signed)
}

// demoFolder makes the named folder, or a new one under the current folder.
func demoFolder(name string) (string, error) {
	if name != "" {
		if err := os.MkdirAll(name, 0o777); err != nil {
			return "", fileError(name, err)
		}
		return name, nil
	}
	for n := 1; ; n++ {
		name := "inkan-demo"
		if n > 1 {
			name = fmt.Sprintf("inkan-demo-%d", n)
		}
		err := os.Mkdir(name, 0o777)
		if err == nil {
			return name, nil
		}
		if !errors.Is(err, fs.ErrExist) || n == maxDemoFolders {
			return "", fileError(name, err)
		}
	}
}

// writeNew writes a file that does not exist yet.
func writeNew(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return fileError(name, err)
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		return errors.Join(fileError(name, err), f.Close(), os.Remove(name))
	}
	return f.Close()
}
