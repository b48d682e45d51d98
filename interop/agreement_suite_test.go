package interop_test

import (
	"bytes"
	"context"
	"encoding/pem"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/verify"
	"github.com/stretchr/testify/require"
)

// TestAgreementSuite compares verify with EU DSS and pyHanko on files of other
// producers, at one time and with what signed itself in each file as its anchors.
// It takes minutes, and is run with -update only, or with AGREEMENT_SUITE=1.
func TestAgreementSuite(t *testing.T) {
	if _, err := os.Stat(suite); err != nil {
		t.Skip("the conformance suite is not here")
	}
	if !*update && os.Getenv("AGREEMENT_SUITE") == "" {
		t.Skip("AGREEMENT_SUITE is not set")
	}
	judges := adesPeers(t)
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	files, err := filepath.Glob(filepath.Join(suite, "*", "*.pdf"))
	require.NoError(t, err)
	var all []question
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		if len(data) > maxForeign {
			continue
		}
		pool := certificate.NewPool()
		var text bytes.Buffer
		for _, c := range selfSignedIn(data) {
			pool.Add(c)
			require.NoError(t, pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
		}
		report, _ := verify.Reader(context.Background(), bytes.NewReader(data), int64(len(data)), &verify.Options{Trust: pool, At: at, Now: func() time.Time { return at }})
		if report == nil || len(report.Signatures) == 0 {
			continue
		}
		task := adesTask{Command: "judge", File: file, At: at.Format(time.RFC3339), Anchors: []string{}}
		if text.Len() > 0 {
			task.Anchors = append(task.Anchors, write(t, "anchors.pem", text.Bytes()))
		}
		all = append(all, question{strings.TrimPrefix(file, suite), task, report})
	}
	require.Greater(t, len(all), 400)
	section(t, interopPage, "agreement on others", agreementTables(t, judges, ask(t, judges, all), suiteCauses))
}

// selfSignedIn returns the certificates in a file that their own key signed: those of
// authorities.
func selfSignedIn(data []byte) []*certificate.Certificate {
	f, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		return nil
	}
	var all []*certificate.Certificate
	add := func(c *certificate.Certificate) {
		if bytes.Equal(c.RawSubject, c.RawIssuer) && !slices.ContainsFunc(all, func(o *certificate.Certificate) bool { return bytes.Equal(o.Raw, c.Raw) }) {
			all = append(all, c)
		}
	}
	for r := range f.Revisions {
		view := f.View(r + 1)
		if store, err := sigdict.ReadStore(view); err == nil && store != nil {
			for _, ref := range store.Certificates {
				raw, err := store.Value(ref)
				if err != nil {
					continue
				}
				if c, err := certificate.Parse(raw); err == nil {
					add(c)
				}
			}
		}
		form, err := sigdict.Find(view)
		if err != nil || form == nil {
			continue
		}
		for _, field := range form.Fields {
			if field.Signature == nil {
				continue
			}
			fromCMS(field.Signature.Contents.Value, add)
		}
	}
	return all
}

func fromCMS(value []byte, add func(*certificate.Certificate)) {
	sd, _, err := cms.Parse(value)
	if err != nil {
		return
	}
	for _, c := range sd.X509Certificates() {
		add(c)
	}
	for _, signer := range sd.SignerInfos {
		for _, token := range signer.UnsignedAttributes.All(cms.OIDSignatureTimeStamp) {
			if inner, _, err := cms.Parse(token); err == nil {
				for _, c := range inner.X509Certificates() {
					add(c)
				}
			}
		}
	}
}
