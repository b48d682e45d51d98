// Package migrating holds the code of docs/migrating.md: what programs do with other
// libraries, done with this module.
package migrating

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/keyfile"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
	"github.com/inkan-go/inkan/tsa"
	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verify/report"
)

func load(keyFile, chainFile string) (*pades.Signer, error) {
	keyData, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, err
	}
	chainData, err := os.ReadFile(chainFile)
	if err != nil {
		return nil, err
	}
	key, chain, err := keyfile.Load(keyData, chainData)
	if err != nil {
		return nil, err
	}
	return &pades.Signer{Key: key, Chain: chain}, nil
}

func signerOf(key crypto.Signer, list []*x509.Certificate) (*pades.Signer, error) {
	var chain []*certificate.Certificate
	for _, c := range list {
		read, err := certificate.FromX509(c)
		if err != nil {
			return nil, err
		}
		chain = append(chain, read)
	}
	return &pades.Signer{Key: key, Chain: chain}, nil
}

func sign(ctx context.Context, in, out string, signer *pades.Signer) error {
	doc, err := pades.Open(in, nil)
	if err != nil {
		return err
	}
	defer doc.Close()
	err = doc.Sign(ctx, signer, &pades.SignOptions{
		Name: "John Doe", Location: "New York", Reason: "Document approval", ContactInfo: "john@example.com",
		Time: time.Now(),
	})
	if err != nil {
		return err
	}
	return doc.WriteFile(out)
}

func signStream(ctx context.Context, w io.Writer, r io.ReaderAt, size int64, signer *pades.Signer, o *pades.SignOptions) error {
	doc, err := pades.NewDocument(r, size, nil)
	if err != nil {
		return err
	}
	if err := doc.Sign(ctx, signer, o); err != nil {
		return err
	}
	_, err = doc.WriteTo(w)
	return err
}

func stamped(url string) *pades.SignOptions {
	return &pades.SignOptions{Level: pades.BT, TSA: &tsa.Client{URL: url}}
}

func longTerm(url string) *pades.SignOptions {
	return &pades.SignOptions{Level: pades.BLT, TSA: &tsa.Client{URL: url}, Revocation: &fetch.Client{}}
}

func visible(file string) (*pades.SignOptions, error) {
	image, err := appearance.OpenImage(file)
	if err != nil {
		return nil, err
	}
	return &pades.SignOptions{Appearance: image, Page: 1, Rect: pades.Rect{X: 350, Y: 50, Width: 200, Height: 75}}, nil
}

func stampOnly(ctx context.Context, doc *pades.Document, url string) error {
	return doc.Timestamp(ctx, &pades.TimestampOptions{TSA: &tsa.Client{URL: url}})
}

func judge(ctx context.Context, file string, roots []byte) (*verify.Report, error) {
	trust := certificate.NewPool()
	if err := trust.AddPEM(roots); err != nil {
		return nil, err
	}
	return verify.File(ctx, file, &verify.Options{Trust: trust})
}

func judgeOnline(ctx context.Context, file string, trust *certificate.Pool) (*verify.Report, error) {
	return verify.File(ctx, file, &verify.Options{Trust: trust, Source: &fetch.Client{}})
}

func judgeAt(ctx context.Context, pdf []byte, trust *certificate.Pool, at time.Time) (*verify.Report, error) {
	return verify.Reader(ctx, bytes.NewReader(pdf), int64(len(pdf)), &verify.Options{Trust: trust, At: at})
}

func show(result *verify.Report) error {
	data, err := json.MarshalIndent(result, "", "  ")
	if err != nil {
		return err
	}
	fmt.Println(string(data))
	return report.Write(os.Stdout, report.Text, nil, result)
}

func tell(result *verify.Report) {
	for _, s := range result.Signatures {
		fmt.Println(s.Field, s.Indication, s.SubIndication) // the verdict, and why
		fmt.Println(s.Crypto, s.Intact, s.Changes)          // the mathematics, and what happened since
		fmt.Println(s.BestTime, s.ClaimedTime)              // proven, and only claimed
		for _, f := range s.Findings {
			fmt.Println(f.Severity, f.Code, f.Text, f.Clause)
		}
	}
}
