package main

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
)

// stampFlags name the time-stamping authorities.
type stampFlags struct {
	TSA             []string `name:"tsa" placeholder:"URL" sep:"none" help:"Time-stamping authority (RFC 3161). Repeatable: the next one is asked where the one before certainly made no stamp."`
	TSAUser         string   `name:"tsa-user" placeholder:"NAME" help:"User name for the time-stamping authority."`
	TSAPasswordFile string   `name:"tsa-password-file" placeholder:"FILE" help:"File whose first line is the password for it. Without it INKAN_TSA_PASSWORD counts."`
	TSACert         string   `name:"tsa-cert" placeholder:"FILE" help:"Certificate in PEM that this side shows to the authority (mutual TLS)."`
	TSAKey          string   `name:"tsa-key" placeholder:"FILE" help:"Private key of that certificate, in PEM."`
	Accredited      string   `placeholder:"FILE" help:"List of accredited time-stamping services, as JSON (docs/contract.md): a stamp of any other is refused."`
}

// tsaPasswordVariable names the environment variable that may hold the password.
const tsaPasswordVariable = "INKAN_TSA_PASSWORD"

// authority returns who makes time stamps; nil where nobody is named.
func (f *stampFlags) authority() (tsa.Timestamper, error) {
	if len(f.TSA) == 0 {
		if f.Accredited != "" || f.TSAUser != "" || f.TSAPasswordFile != "" || f.TSACert != "" || f.TSAKey != "" {
			return nil, usage("--tsa-user, --tsa-password-file, --tsa-cert, --tsa-key and --accredited need --tsa")
		}
		return nil, nil
	}
	password := ""
	if f.TSAUser != "" {
		var err error
		if password, err = secret(f.TSAPasswordFile, tsaPasswordVariable); err != nil {
			return nil, err
		}
	} else if f.TSAPasswordFile != "" {
		return nil, usage("--tsa-password-file needs --tsa-user")
	}
	client, err := f.client()
	if err != nil {
		return nil, err
	}
	var servers []tsa.Timestamper
	for _, address := range f.TSA {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, usage("--tsa %s is not the URL of a server, as https://tsa.example/", address)
		}
		servers = append(servers, &tsa.Client{URL: address, HTTPClient: client, User: f.TSAUser, Password: password})
	}
	var all tsa.Timestamper = &tsa.FailOver{Servers: servers}
	if len(servers) == 1 {
		all = servers[0]
	}
	bundle, err := readBundle(f.Accredited)
	if err != nil || bundle == nil {
		return all, err
	}
	return contract.Accredited(all, bundle), nil
}

// client returns an HTTP client that shows a certificate; nil without one.
func (f *stampFlags) client() (*http.Client, error) {
	switch {
	case f.TSACert == "" && f.TSAKey == "":
		return nil, nil
	case f.TSACert == "" || f.TSAKey == "":
		return nil, usage("--tsa-cert and --tsa-key go together")
	}
	cert, err := readFile(f.TSACert)
	if err != nil {
		return nil, &failure{statusUsage, err}
	}
	key, err := readFile(f.TSAKey)
	if err != nil {
		return nil, &failure{statusUsage, err}
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, &failure{statusUsage, fmt.Errorf("%s and %s: %s", f.TSACert, f.TSAKey, strings.TrimPrefix(err.Error(), "tls: "))}
	}
	return &http.Client{Transport: &http.Transport{
		Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12},
	}}, nil
}

// evidenceFlags say where validation data come from.
type evidenceFlags struct {
	Trust        []string `placeholder:"FILE" sep:"none" help:"Certificates that paths end at, in PEM, for the levels B-LT and B-LTA. Without it any self-signed certificate ends one. Repeatable."`
	AllowPrivate bool     `help:"Get validation data from inside private networks too."`
}

// anchors returns where paths end; nil where nothing is said.
func (f *evidenceFlags) anchors() (*certificate.Pool, error) {
	if len(f.Trust) == 0 {
		return nil, nil
	}
	pool := certificate.NewPool()
	for _, file := range f.Trust {
		list, err := readCertificates(file)
		if err != nil {
			return nil, &failure{statusUsage, err}
		}
		for _, c := range list {
			pool.Add(c)
		}
	}
	return pool, nil
}

// levelOf reads a level by its name; without one it is B-B, or B-T with an authority.
func levelOf(name string, stamped bool) (pades.Level, error) {
	switch name {
	case "":
		if stamped {
			return pades.BT, nil
		}
		return pades.BB, nil
	case "B-B":
		if stamped {
			return 0, usage("--tsa is given, but the level B-B has no time stamp")
		}
		return pades.BB, nil
	case "B-T":
		return pades.BT, nil
	case "B-LT":
		return pades.BLT, nil
	}
	return pades.BLTA, nil
}

// source is who is asked for validation data at a level; nil where nobody is.
func (f *evidenceFlags) source(level pades.Level) (fetch.Source, error) {
	if level >= pades.BLT {
		return &fetch.Client{AllowPrivate: f.AllowPrivate}, nil
	}
	if len(f.Trust) > 0 || f.AllowPrivate {
		return nil, usage("--trust and --allow-private apply to the levels B-LT and B-LTA")
	}
	return nil, nil
}
