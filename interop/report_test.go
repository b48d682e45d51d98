package interop_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verify/report"
)

// dssPeer is EU DSS.
func dssPeer(t *testing.T) *adesPeer {
	t.Helper()
	return adesPeers(t)[0]
}

// TestReportSchema: the XML reports of all vectors, in both languages, one by one and all
// in one, keep to the schema of ETSI TS 119 102-2, V1.4.1; and the schema does refuse.
func TestReportSchema(t *testing.T) {
	peer := dssPeer(t)
	files, err := filepath.Glob("../testdata/*.pdf")
	require.NoError(t, err)
	require.Greater(t, len(files), 200)
	pool := poolOf(t, "../testdata/root.pem", "../testdata/sign-root.pem", "../testdata/stamps-root.pem")
	var all []*verify.Report
	for _, file := range files {
		r, err := verify.File(t.Context(), file, &verify.Options{Trust: pool, Hygiene: true, RetainUntil: time.Now().AddDate(50, 0, 0)})
		if r == nil {
			r = &verify.Report{File: file, Error: err.Error()}
		}
		all = append(all, r)
	}
	check := func(data []byte) string {
		name := filepath.Join(t.TempDir(), "report.xml")
		require.NoError(t, os.WriteFile(name, data, 0o600))
		return peer.do(t, adesTask{Command: "schema", File: name}).Error
	}
	var out bytes.Buffer
	for i, r := range all {
		out.Reset()
		language := report.Language(i % 2)
		require.NoError(t, report.Write(&out, report.XML, &report.Options{Language: language}, r))
		require.Empty(t, check(out.Bytes()), files[i])
	}
	out.Reset()
	require.NoError(t, report.Write(&out, report.XML, nil, all...))
	require.Empty(t, check(out.Bytes()))
	require.NotEmpty(t, check(bytes.Replace(out.Bytes(), []byte("<MainIndication>"), []byte("<MainIndication><x/>"), 1)), "it refuses")
	require.NotEmpty(t, check(bytes.Replace(out.Bytes(), []byte("<HashOnly>false</HashOnly>"), nil, 1)), "an element is missing")
}

// TestReportElements: what an XML report is made of is what EU DSS makes its own of. The
// schema sees to the order; here stands what only one of the two writes.
func TestReportElements(t *testing.T) {
	peer := dssPeer(t)
	const file = "../testdata/verdict-revoked-near.pdf"
	anchors := []string{"../testdata/sign-root.pem", "../testdata/stamps-root.pem"}
	name := filepath.Join(t.TempDir(), "dss.xml")
	require.Empty(t, peer.do(t, adesTask{Command: "report", File: file, Out: name, Anchors: anchors}).Error)
	theirs, err := os.ReadFile(name)
	require.NoError(t, err)
	r, err := verify.File(t.Context(), file, &verify.Options{Trust: poolOf(t, anchors...)})
	require.NoError(t, err)
	var ours bytes.Buffer
	require.NoError(t, report.Write(&ours, report.XML, nil, r))

	a, b := children(t, ours.Bytes()), children(t, theirs)
	for _, c := range []struct {
		parent             string
		onlyOurs, onlyDSSs []string
	}{
		{parent: "ValidationReport", onlyOurs: []string{"SignatureValidationProcess"}, onlyDSSs: []string{"ValidationConstraintsEvaluationReport", "SignatureQuality"}},
		{parent: "SignatureValidationReport", onlyDSSs: []string{"SignatureQuality"}},
		{parent: "SignatureIdentifier", onlyOurs: []string{"DAIdentifier"}, onlyDSSs: []string{"DigestAlgAndValue", "SignatureValue"}},
		{parent: "ValidationTimeInfo"}, {parent: "SignersDocument"}, {parent: "SignerInformation"}, {parent: "SignatureValidationStatus"},
		{parent: "AssociatedValidationReportData", onlyDSSs: []string{"RevocationStatusInformation", "CryptoInformation"}},
		{parent: "CertificateChain"}, {parent: "ValidationObject", onlyDSSs: []string{"POEProvisioning"}}, {parent: "POE", onlyDSSs: []string{"POEObject"}},
	} {
		require.NotEmpty(t, a[c.parent], "we write no %s", c.parent)
		require.NotEmpty(t, b[c.parent], "EU DSS writes no %s", c.parent)
		require.ElementsMatch(t, c.onlyOurs, without(a[c.parent], b[c.parent]), c.parent)
		require.ElementsMatch(t, c.onlyDSSs, without(b[c.parent], a[c.parent]), c.parent)
	}
}

// children reads which elements stand in which, in the order in which they were met first.
func children(t *testing.T, data []byte) map[string][]string {
	t.Helper()
	of := map[string][]string{}
	var path []string
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return of
		}
		require.NoError(t, err)
		switch e := token.(type) {
		case xml.StartElement:
			if n := len(path); n > 0 && !slices.Contains(of[path[n-1]], e.Name.Local) {
				of[path[n-1]] = append(of[path[n-1]], e.Name.Local)
			}
			path = append(path, e.Name.Local)
		case xml.EndElement:
			path = path[:len(path)-1]
		}
	}
}

// without returns what of one list is not in the other.
func without(list, others []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(others, s) })
}

// poolOf trusts the certificates of files for every purpose.
func poolOf(t *testing.T, files ...string) *certificate.Pool {
	t.Helper()
	pool := certificate.NewPool()
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, pool.AddPEM(data, certificate.Signing, certificate.TimeStamping))
	}
	return pool
}
