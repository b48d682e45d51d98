package contract_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/jsonschema"
	"github.com/inkan-go/inkan/verifytest"
)

// TestAuditReport writes a report in every form and language.
func TestAuditReport(t *testing.T) {
	d := newDesk(t)
	c, certificate := d.certified(t)
	sound := d.audit(t, certificate, c.Disclosure, d.store.documents[0])
	broken := d.audit(t, certificate, nil, changed(d.store.documents[0], "Service contract"))
	look := os.Getenv("INKAN_LOOK")
	for name, r := range map[string]*contract.AuditReport{"sound": sound, "broken": broken} {
		for _, language := range []contract.Language{contract.Japanese, contract.English} {
			o := &contract.AuditOptions{Language: language, Fonts: japaneseFonts(t)}
			var text, page, document, data bytes.Buffer
			require.NoError(t, r.WriteText(&text, o))
			require.NoError(t, r.WriteHTML(&page, o))
			require.NoError(t, r.WritePDF(&document, o))
			require.NoError(t, r.WriteJSON(&data))
			for _, claim := range r.Claims {
				require.NotEqual(t, claim.Code, claim.Text, "every code has a text")
				require.NotContains(t, claim.Text, "%!", "with as many arguments as it takes")
			}
			require.NotContains(t, text.String(), "%!")
			require.NotContains(t, text.String(), "[U+")
			require.Contains(t, page.String(), "</html>")
			require.True(t, bytes.HasPrefix(document.Bytes(), []byte("%PDF-")))
			if look != "" {
				base := filepath.Join(look, "audit-"+name+"-"+string(language))
				require.NoError(t, os.WriteFile(base+".txt", text.Bytes(), 0o600))
				require.NoError(t, os.WriteFile(base+".html", page.Bytes(), 0o600))
				require.NoError(t, os.WriteFile(base+".pdf", document.Bytes(), 0o600))
			}
		}
	}
}

// TestAuditReportIsRead: what was kept as JSON says the same when it is read, and is printed.
func TestAuditReportIsRead(t *testing.T) {
	d := newDesk(t)
	c, certificate := d.certified(t)
	for _, document := range [][]byte{d.store.documents[0], changed(d.store.documents[0], "Service contract")} {
		report := d.audit(t, certificate, c.Disclosure, document)
		var data, again, text bytes.Buffer
		require.NoError(t, report.WriteJSON(&data))
		kept := bytes.Clone(data.Bytes())
		var read contract.AuditReport
		require.NoError(t, json.NewDecoder(&data).Decode(&read))
		require.NoError(t, read.WriteJSON(&again))
		require.JSONEq(t, string(kept), again.String())
		require.Equal(t, report.Result, read.Result)
		require.NoError(t, read.WriteText(&text, &contract.AuditOptions{Language: contract.English}))
		require.NotContains(t, text.String(), "%!")
		for _, claim := range read.Claims {
			require.Contains(t, text.String(), claim.Text)
		}
	}
	require.Error(t, new(contract.Grade).UnmarshalText([]byte("good")))
}

// TestSchemasHold has an independent validator compare what is written with docs/schema.
func TestSchemasHold(t *testing.T) {
	d := newDesk(t)
	d.store.documents = append(d.store.documents, verifytest.Document())
	draft := d.draft()
	draft.Documents = append(draft.Documents, contract.DocumentDraft{Title: "仕様書"})
	c := d.signedBy(t, draft)
	record := evidence(t, &c.Record)
	report := d.audit(t, d.forged(t, d.Platform.Signer, "Certification", record), c.Disclosure, d.store.documents...)
	var audit bytes.Buffer
	require.NoError(t, report.WriteJSON(&audit))
	asJSON := func(v any) []byte {
		data, err := json.Marshal(v)
		require.NoError(t, err)
		return data
	}
	for name, value := range map[string][]byte{
		"contract.json": d.store.state, "record.json": record.Data, "disclosure.json": d.store.disclosure, "audit.json": audit.Bytes(),
		"manifest.json": asJSON(c.Record.Manifest(2)),
		"bundle.json":   asJSON(bundle(contract.MIC, "2024-01-01", "", d.stamper(t))),
	} {
		jsonschema.Validate(t, filepath.Join("..", "docs", "schema", name), value)
	}
}
