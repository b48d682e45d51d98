package contract_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/testpdf"
)

// leaves calls found with the path of every value of a JSON document that holds no others, and with
// what puts another in its place.
func leaves(v any, path string, found func(path string, value any, set func(any))) {
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			leaf(v[k], path+"."+k, func(w any) { v[k] = w }, found)
		}
	case []any:
		for i := range v {
			leaf(v[i], fmt.Sprintf("%s[%d]", path, i), func(w any) { v[i] = w }, found)
		}
	}
}

func leaf(v any, path string, set func(any), found func(string, any, func(any))) {
	switch v.(type) {
	case map[string]any, []any:
		leaves(v, path, found)
	default:
		found(path, v, set)
	}
}

// otherwise is another value of the same form.
func otherwise(v any) any {
	switch v := v.(type) {
	case bool:
		return !v
	case json.Number:
		return json.Number("1" + v.String())
	case string:
		if v == "" {
			return "x"
		}
		last := v[len(v)-1:]
		switch {
		case strings.HasSuffix(v, "Z"):
			return strings.Replace(v, "20", "19", 1)
		case last >= "0" && last <= "8":
			return v[:len(v)-1] + string(last[0]+1)
		case last == "9":
			return v[:len(v)-1] + "0"
		case last >= "a" && last <= "e":
			return v[:len(v)-1] + string(last[0]+1)
		}
		return v + "x"
	}
	return v
}

// told are the fields that nothing but the platform's word bears out, and that no page shows: of
// commitments, the value may be withheld.
var told = regexp.MustCompile(`^\.(deal|retention|consents)\b|^\.(documents|participants)\[\d+\]\.contact$`)

// TestAuditEveryField alters every single value of the evidence, and has the platform's key sign it
// with the page as it was: the audit finds each but those that only the platform can know, and of an
// event it names the number.
func TestAuditEveryField(t *testing.T) {
	d := newDesk(t)
	c := d.run(t)
	record := evidence(t, &c.Record).Data
	events, fields := 0, 0
	var untold []string
	var root any
	read := func() any {
		var v any
		reader := json.NewDecoder(bytes.NewReader(record))
		reader.UseNumber()
		require.NoError(t, reader.Decode(&v))
		return v
	}
	root = read()
	var paths []string
	leaves(root, "", func(path string, _ any, _ func(any)) { paths = append(paths, path) })
	for _, path := range paths {
		root = read()
		leaves(root, "", func(at string, v any, set func(any)) {
			if at == path {
				set(otherwise(v))
			}
		})
		altered, err := json.Marshal(root) // its keys are sorted, and its texts are plain: it is canonical
		require.NoError(t, err)
		page, err := contract.Page(&c.Record, c.Disclosure, altered, &contract.CertificateOptions{Fonts: contract.AnyFonts(t)})
		require.NoError(t, err)
		report := d.audit(t, d.signedPage(t, page, d.Platform.Signer, "Certification"), c.Disclosure, d.store.documents[0])
		fields++
		if report.Result != contract.Refuted {
			untold = append(untold, path)
			continue
		}
		if at := strings.TrimPrefix(path, ".events["); at != path {
			number, _, _ := strings.Cut(at, "]")
			for _, claim := range report.Claims {
				if claim.Code == "record.chain-broken" {
					require.Equal(t, number, fmt.Sprint(claim.Event), path)
					events++
				}
			}
		}
	}
	t.Log(fields, "fields,", events, "in events")
	for _, path := range untold {
		require.Regexp(t, told, path)
	}
}

// TestAuditEveryPage alters a byte on every page of documents and certificate, and leaves out or cuts
// off whatever can be.
func TestAuditEveryPage(t *testing.T) {
	d := newDesk(t)
	d.store.documents[0] = testpdf.Contract(3, testpdf.Table).Bytes()
	c := d.run(t)
	document := d.store.documents[0]
	certificate, err := d.Issue(t.Context(), c, d.store, &contract.CertificateOptions{Fonts: contract.AnyFonts(t)})
	require.NoError(t, err)
	require.Equal(t, contract.Proven, d.audit(t, certificate, c.Disclosure, document).Result)
	for page := range 3 {
		number := fmt.Appendf(nil, "\n%d 0 obj", 11+2*page) // the content
		at := bytes.Index(document, number)
		require.Positive(t, at)
		altered := bytes.Clone(document)
		altered[at+bytes.Index(document[at:], []byte("stream"))+10] ^= 1
		report := d.audit(t, certificate, c.Disclosure, altered)
		require.Equal(t, contract.Refuted, report.Result)
		require.Contains(t, codes(report, contract.Refuted), "document.altered")
	}
	signed := d.audit(t, certificate, nil, document).Certificate.Signatures[0].ByteRange
	for at := 20; at < int(signed[2]+signed[3]); at += len(certificate) / 60 {
		altered := bytes.Clone(certificate)
		altered[at] ^= 1
		if report := d.auditOrNil(t, altered, document); report != nil {
			require.NotEqual(t, contract.Proven, report.Result, "byte %d of %d", at, len(certificate))
			outside := at >= int(signed[1]) && at < int(signed[2]) // in the signature itself
			require.True(t, outside || report.Result == contract.Refuted, "byte %d of %d", at, len(certificate))
		}
	}
	for _, v := range c.Record.Documents[0].Revisions[:len(c.Record.Documents[0].Revisions)-1] {
		report := d.audit(t, certificate, c.Disclosure, document[:v.Length])
		require.Equal(t, contract.Refuted, report.Result)
		require.Contains(t, codes(report, contract.Refuted), "document.short", "revision %d", v.Number)
	}
	for _, share := range []int{2, 3, 10} {
		cut := certificate[:len(certificate)-len(certificate)/share]
		if report := d.auditOrNil(t, cut, document); report != nil {
			require.NotEqual(t, contract.Proven, report.Result, "1/%d cut off", share)
		}
	}
}

// auditOrNil is an audit of a certificate that may be no PDF any more.
func (d *desk) auditOrNil(t testing.TB, certificate, document []byte) *contract.AuditReport {
	report, err := contract.Audit(t.Context(), &contract.AuditInput{
		Certificate: pdfFile("certificate.pdf", certificate), Documents: []contract.File{pdfFile("contract.pdf", document)}, Verify: *d.pki.Options(),
	})
	if err != nil {
		return nil
	}
	return report
}
