package certificate_test

import (
	"encoding/asn1"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/peertest"
)

// pkitsVector is one test of NIST's "Path Validation Testing Program".
type pkitsVector struct {
	Name                        string
	CertPath, CRLPath           []string
	ShouldValidate              bool
	InitialPolicySet            []string
	InitialPolicyMappingInhibit bool
	InitialExplicitPolicy       bool
	InitialAnyPolicyInhibit     bool
}

// policyOf returns the identifier of a policy of the suite.
func policyOf(t *testing.T, name string) asn1.ObjectIdentifier {
	t.Helper()
	arc, ok := map[string]int{
		"NIST-test-policy-1": 1, "NIST-test-policy-2": 2, "NIST-test-policy-3": 3, "NIST-test-policy-6": 6,
	}[name]
	if name == "anyPolicy" {
		return asn1.ObjectIdentifier{2, 5, 29, 32, 0}
	}
	require.True(t, ok, name)
	return asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 2, 1, 48, arc}
}

// TestPKITS judges NIST's suite, which lies beside the project. The path is looked
// for among all certificates of the suite; of CRLs, all are at hand, too.
func TestPKITS(t *testing.T) {
	folder := filepath.Join("..", "..", "shared", "conformance", "pkits")
	text := peertest.File(t, filepath.Join(folder, "vectors.json"))
	var vectors []pkitsVector
	require.NoError(t, json.Unmarshal(text, &vectors))
	require.Len(t, vectors, 249)

	known := map[string]*certificate.Certificate{}
	var all []*certificate.Certificate
	files := readFolder(t, filepath.Join(folder, "certs"))
	for _, name := range slices.Sorted(maps.Keys(files)) {
		c, err := certificate.Parse(files[name])
		require.NoError(t, err, name)
		known[name] = c
		all = append(all, c)
	}
	require.Greater(t, len(all), 400)
	crls := readFolder(t, filepath.Join(folder, "crls"))
	require.Greater(t, len(crls), 170)
	// What the invalid ones of each section are about.
	revoked := []certificate.Reason{certificate.Revoked, certificate.RevocationUndetermined}
	reasons := map[string][]certificate.Reason{
		"4.1": {certificate.BadSignature},
		"4.2": {certificate.Expired, certificate.NotYetValid},
		"4.3": {certificate.NoPath},
		"4.4": revoked, "4.14": revoked, "4.15": revoked,
		"4.5": {certificate.Revoked, certificate.NotCA},
		"4.6": {certificate.NotCA, certificate.PathLength},
		"4.7": {certificate.KeyUsage, certificate.RevocationUndetermined},
		"4.8": {certificate.NoValidPolicy}, "4.9": {certificate.NoValidPolicy}, "4.10": {certificate.NoValidPolicy},
		"4.11": {certificate.NoValidPolicy}, "4.12": {certificate.NoValidPolicy},
		"4.13": {certificate.NameConstraints},
		"4.16": {certificate.UnknownCritical},
	}
	at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, v := range vectors {
		t.Run(v.Name, func(t *testing.T) {
			set := revocation.NewSet()
			for _, name := range v.CRLPath {
				require.Contains(t, crls, name)
				set.Add(&revocation.Evidence{Raw: crls[name]})
			}
			anchors := certificate.NewPool()
			anchors.Add(known[v.CertPath[0]])
			o := certificate.PathOptions{
				Anchors: anchors, Purpose: certificate.Signing, Time: at, Candidates: all,
				Revocation: &revocation.Checker{Set: set},
				Policies: certificate.PolicyOptions{
					RequireExplicit: v.InitialExplicitPolicy,
					InhibitMapping:  v.InitialPolicyMappingInhibit,
					InhibitAny:      v.InitialAnyPolicyInhibit,
				},
			}
			for _, name := range v.InitialPolicySet {
				o.Policies.Acceptable = append(o.Policies.Acceptable, policyOf(t, name))
			}
			for range 2 { // in both orders
				path, err := certificate.BuildPath(t.Context(), known[v.CertPath[len(v.CertPath)-1]], o)
				slices.Reverse(o.Candidates)
				if v.ShouldValidate {
					require.NoError(t, err)
					require.Equal(t, known[v.CertPath[0]], path.Anchor())
					continue
				}
				var failure *certificate.PathError
				require.ErrorAs(t, err, &failure)
				t.Log(err)
				section := strings.Join(strings.SplitN(v.Name, ".", 3)[:2], ".")
				require.Contains(t, reasons[section], failure.Reason, "%v", err)
			}
		})
	}
}

func readFolder(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	files := map[string][]byte{}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(folder, e.Name()))
		require.NoError(t, err)
		files[e.Name()] = content
	}
	return files
}
