package main

import (
	"fmt"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/verify"
)

// judgingFlags say by what files are judged.
type judgingFlags struct {
	Trust       []string `placeholder:"FILE" sep:"none" help:"Certificates to trust, in PEM, for signing and for time stamping. Repeatable."`
	TrustSigner []string `placeholder:"FILE" sep:"none" help:"Certificates to trust for signing only. Repeatable."`
	TrustTSA    []string `name:"trust-tsa" placeholder:"FILE" sep:"none" help:"Certificates to trust for time stamping only. Repeatable."`
	Certs       []string `placeholder:"FILE" sep:"none" help:"Further certificates that a chain may run through, not trusted themselves. Repeatable."`
	Revocation  []string `placeholder:"FILE" sep:"none" help:"CRLs and OCSP responses to judge revocation by, beside those in the files. Repeatable."`
	Policy      string   `enum:"default,strict,archive" default:"default" placeholder:"default|strict|archive" help:"What is demanded: strict wants a time stamp and younger evidence, archive the level LTA."`
}

// judging turns the flags into options of package verify.
func (f *judgingFlags) judging() (*verify.Options, error) {
	options := &verify.Options{Trust: certificate.NewPool()}
	for _, anchors := range []struct {
		files    []string
		purposes []certificate.Purpose
	}{
		{f.Trust, []certificate.Purpose{certificate.Signing, certificate.TimeStamping}},
		{f.TrustSigner, []certificate.Purpose{certificate.Signing}},
		{f.TrustTSA, []certificate.Purpose{certificate.TimeStamping}},
	} {
		for _, file := range anchors.files {
			data, err := readFile(file)
			if err != nil {
				return nil, err
			}
			if err := options.Trust.AddPEM(data, anchors.purposes...); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	for _, file := range f.Certs {
		list, err := readCertificates(file)
		if err != nil {
			return nil, err
		}
		options.Certificates = append(options.Certificates, list...)
	}
	switch f.Policy {
	case "strict":
		options.Policy = verify.Strict()
	case "archive":
		options.Policy = verify.Archive()
	}
	var err error
	options.Evidence, err = readEvidence(f.Revocation)
	return options, err
}

// readEvidence reads CRLs and OCSP responses, one a file.
func readEvidence(files []string) ([]*revocation.Evidence, error) {
	var list []*revocation.Evidence
	for _, file := range files {
		data, err := readFile(file)
		if err != nil {
			return nil, err
		}
		e := &revocation.Evidence{Raw: data, Source: revocation.SourceGiven, Where: file}
		if _, _, err := e.Read(); err != nil {
			return nil, fmt.Errorf("%s: neither a CRL nor an OCSP response: %w", file, err)
		}
		list = append(list, e)
	}
	return list, nil
}
