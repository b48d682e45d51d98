package verifytest_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verifytest"
)

// recorder is a test that may fail.
type recorder struct {
	testing.TB
	said  []string
	fatal bool
}

func (r *recorder) Errorf(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}

// fatal stops the goroutine in a real test; here the panic is caught by fails.
func (r *recorder) Fatalf(format string, args ...any) {
	r.fatal = true
	r.Errorf(format, args...)
	panic(r)
}

// fails runs an assertion that must fail, and returns what it said.
func fails(t *testing.T, assertion func(testing.TB) bool) string {
	t.Helper()
	r := &recorder{TB: t}
	func() {
		defer func() {
			if e := recover(); e != nil && e != any(r) {
				panic(e)
			}
		}()
		require.False(t, assertion(r))
	}()
	require.Len(t, r.said, 1, "it must fail once")
	return r.said[0]
}

func TestLevels(t *testing.T) {
	pki := verifytest.NewPKI(t)
	for _, level := range []pades.Level{pades.BB, pades.BT, pades.BLT, pades.BLTA} {
		report := pki.Verify(t, pki.Sign(t, verifytest.Document(), &pades.SignOptions{Level: level}))
		verifytest.Passed(t, report)
		verifytest.Intact(t, report)
		verifytest.Level(t, report, level.String())
		verifytest.Indication(t, report, verify.TotalPassed, "")
		verifytest.NoFinding(t, report, "path.none")
	}
}

func TestFailuresSayWhatWasFound(t *testing.T) {
	pki := verifytest.NewPKI(t)
	signed := pki.Sign(t, verifytest.Document(), nil)
	changed := bytes.Replace(signed, []byte("100 yen"), []byte("900 yen"), 1)
	report := pki.Verify(t, changed)
	verifytest.Finding(t, report, "cms.digest")
	verifytest.Indication(t, report, verify.TotalFailed, verify.HashFailure)
	for name, assertion := range map[string]func(testing.TB) bool{
		"not every signature passed":    func(t testing.TB) bool { return verifytest.Passed(t, report) },
		"not every signature is intact": func(t testing.TB) bool { return verifytest.Intact(t, report) },
		`is of the level "PAdES-B-B"`:   func(t testing.TB) bool { return verifytest.Level(t, report, "PAdES-B-LT") },
		`there is no finding "path.x"`:  func(t testing.TB) bool { return verifytest.Finding(t, report, "path.x") },
		`there is a finding`:            func(t testing.TB) bool { return verifytest.NoFinding(t, report, "cms.digest") },
		`the verdict is not`:            func(t testing.TB) bool { return verifytest.Indication(t, report, verify.TotalPassed, "") },
		`no signature is`:               func(t testing.TB) bool { return verifytest.Indication(t, report, verify.TotalFailed, verify.Revoked) },
	} {
		said := fails(t, assertion)
		require.Contains(t, said, name)
		require.Contains(t, said, "error cms.digest: The signed bytes are not those that were signed", "the findings are printed")
	}
	// No report, one without signatures, and one that was never filled in pass nothing.
	for _, empty := range []*verify.Report{nil, {}, pki.Verify(t, verifytest.Document()), {Error: "torn"}} {
		for _, assertion := range []func(testing.TB) bool{
			func(t testing.TB) bool { return verifytest.Passed(t, empty) },
			func(t testing.TB) bool { return verifytest.Intact(t, empty) },
			func(t testing.TB) bool { return verifytest.Level(t, empty, "") },
			func(t testing.TB) bool { return verifytest.Finding(t, empty, "") },
		} {
			fails(t, assertion)
		}
	}
}

func TestStrangersAndRevocation(t *testing.T) {
	pki, strangers := verifytest.NewPKI(t), verifytest.NewPKI(t)
	signed := pki.Sign(t, verifytest.Document(), nil)
	// All have authorities of the same names, but nobody has the keys of another.
	verifytest.Indication(t, strangers.Verify(t, signed), verify.Indeterminate, verify.ChainGeneralFailure)
	pki.Revoke(pki.Signer(t), time.Time{})
	verifytest.Indication(t, pki.Verify(t, signed), verify.Indeterminate, verify.RevokedNoPOE)
	other := pki.NewSigner(t, "小林花子")
	verifytest.Passed(t, pki.Verify(t, pki.SignBy(t, other, verifytest.Document(), nil)))
}

func TestGolden(t *testing.T) {
	pki := verifytest.NewPKI(t)
	report := pki.Verify(t, pki.Sign(t, verifytest.Document(), nil))
	report.File = filepath.Join("some", "where", "signed.pdf")
	name := filepath.Join(t.TempDir(), "report.json")

	require.Contains(t, fails(t, func(t testing.TB) bool { return verifytest.Golden(t, report, name) }), verifytest.UpdateVariable+"=1")
	t.Setenv(verifytest.UpdateVariable, "1")
	require.True(t, verifytest.Golden(t, report, name))
	t.Setenv(verifytest.UpdateVariable, "")
	require.True(t, verifytest.Golden(t, report, name))
	written, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Contains(t, string(written), `"file": "signed.pdf"`)
	require.NoError(t, os.WriteFile(name, []byte(strings.ReplaceAll(string(written), "\n", "\r\n")), 0o600))
	require.True(t, verifytest.Golden(t, report, name))

	report.Signatures[0].Reason = "another"
	said := fails(t, func(t testing.TB) bool { return verifytest.Golden(t, report, name) })
	require.Contains(t, said, `got  "reason": "another"`)
}
