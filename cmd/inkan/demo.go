package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verify/report"
)

// demoCommand shows the main job from end to end.
type demoCommand struct {
	Dir string `arg:"" name:"DIR" optional:"" help:"Folder for the files, made if missing (default: a new folder inkan-demo)."`
}

// Help is the long help of the command.
func (demoCommand) Help() string {
	return `A contract between a town and a contractor: prepared, signed by three participants in order (for two of them by the key of the platform, ` +
		`by the third with a certificate of her own), archived (PAdES B-LTA), certified, and audited from the files alone. Certification and ` +
		`time-stamping authorities run in this very process. The private keys stay in memory and are gone afterwards. ` +
		`The exit status is 0 only if all that was made was judged valid.

Writes contract.pdf, contract-signed.pdf, certificate.pdf, roots.pem with the certificate to trust, audit.html, verification.html, and the folder record.`
}

// Run makes, signs and judges a contract.
func (c *demoCommand) Run(ctx context.Context, to console) error {
	dir, err := demoFolder(c.Dir)
	if err != nil {
		return err
	}
	now := time.Now()
	d := &demonstration{dir: dir}
	if err := writeNew(d.path("contract.pdf"), contractPDF(now)); err != nil {
		return err
	}
	if d.services, err = newDemoServices(now); err != nil {
		return fmt.Errorf("making keys and services: %w", err)
	}
	defer d.services.close()
	if err := writeNew(d.path("roots.pem"), d.services.server.PKI.Root.PEM()); err != nil {
		return err
	}
	if err := d.make(ctx, now); err != nil {
		return err
	}
	result, audit, err := d.judge(ctx)
	if err != nil {
		return err
	}
	d.tell(to, result, audit)
	if !result.Passed() || audit.Result != contract.Proven {
		return errors.New("the demonstration did not pass")
	}
	return nil
}

// demonstration is what the command makes in its folder.
type demonstration struct {
	dir      string
	services *demoServices
	look     *demoLook
	contract *contract.Contract
}

func (d *demonstration) path(name string) string { return filepath.Join(d.dir, name) }

// make runs the contract and puts its papers where they are found.
func (d *demonstration) make(ctx context.Context, now time.Time) (err error) {
	folder := contract.Folder(d.path("record"))
	if err := os.Mkdir(string(folder), 0o777); err != nil {
		return fileError(string(folder), err)
	}
	if err := copyFile(d.path("contract.pdf"), folder.DocumentName(1)); err != nil {
		return err
	}
	if d.look, err = newDemoLook(ctx, contract.PageCharacters(contract.Japanese)); err != nil {
		return err
	}
	if d.contract, err = demoRun(ctx, d.services, d.look, folder, now); err != nil {
		return err
	}
	if err := copyFile(folder.DocumentName(1), d.path("contract-signed.pdf")); err != nil {
		return err
	}
	return copyFile(folder.DocumentName(contract.CompletionCertificate), d.path("certificate.pdf"))
}

// judge judges the papers from the files alone, and writes what it found.
func (d *demonstration) judge(ctx context.Context) (*verify.Report, *contract.AuditReport, error) {
	options := verify.Options{Trust: d.services.server.PKI.Pool()}
	result, err := verify.File(ctx, d.path("contract-signed.pdf"), &options)
	if result == nil {
		return nil, nil, err
	}
	language := report.English
	if d.look.language == contract.Japanese {
		language = report.Japanese
	}
	var page bytes.Buffer
	if err := report.Write(&page, report.HTML, &report.Options{Language: language}, result); err != nil {
		return nil, nil, err
	}
	if err := writeNew(d.path("verification.html"), page.Bytes()); err != nil {
		return nil, nil, err
	}
	in := &contract.AuditInput{Verify: options, Disclosure: d.contract.Disclosure, Fonts: d.look.fonts}
	for _, name := range []string{"contract-signed.pdf", "certificate.pdf"} {
		data, err := os.ReadFile(d.path(name))
		if err != nil {
			return nil, nil, err
		}
		f := contract.File{Name: name, Reader: bytes.NewReader(data), Size: int64(len(data))}
		if name == "certificate.pdf" {
			in.Certificate = f
		} else {
			in.Documents = append(in.Documents, f)
		}
	}
	audit, err := contract.Audit(ctx, in)
	if err != nil {
		return nil, nil, err
	}
	page.Reset()
	if err := audit.WriteHTML(&page, &contract.AuditOptions{Language: d.look.language}); err != nil {
		return nil, nil, err
	}
	return result, audit, writeNew(d.path("audit.html"), page.Bytes())
}

// tell says where everything is and what to look at.
func (d *demonstration) tell(to console, result *verify.Report, audit *contract.AuditReport) {
	for _, line := range [][2]string{
		{"contract.pdf", "a contract of one page between a town and a contractor"},
		{"contract-signed.pdf", "the same, with an ID lower left, three signatures and archive time stamps (PAdES B-LTA)"},
		{"certificate.pdf", "the completion certificate: who signed, when, how; evidence.json is attached"},
		{"audit.html", "what contract and certificate prove by themselves, and what is the platform's word"},
		{"verification.html", "every signature of the contract, judged"},
		{"roots.pem", "the certificate to trust"},
		{"record", "the state of the contract: inkan contract show " + d.path("record")},
	} {
		fmt.Fprintf(to.out, "%-36s %s\n", d.path(line[0]), line[1])
	}
	if d.look.note != "" {
		fmt.Fprintf(to.out, "\n%s\n", d.look.note)
	}
	fmt.Fprintf(to.out, "\n%s: %s, %s\n", d.path("contract-signed.pdf"), result.Indication, count(len(result.Signatures), "signature"))
	fmt.Fprintf(to.out, "audit: %s\n", audit.Result)
	fmt.Fprintf(to.out, "\nJudge it yourself:\n    inkan verify --trust %s %s\n    inkan contract audit --trust %s %s %s\n",
		d.path("roots.pem"), d.path("contract-signed.pdf"), d.path("roots.pem"), d.path("contract-signed.pdf"), d.path("certificate.pdf"))
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
