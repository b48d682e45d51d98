package contract_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/transform"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verify/report"
	"github.com/inkan-go/inkan/verifytest"
)

// Scenario 19: all stamps of a tax year in one run, more than thirty files: a table in Shift_JIS that
// says of each whether it holds and by which regime its service was accredited.
func TestScenario19TaxYear(t *testing.T) {
	d := newDesk(t)
	list := bundle(contract.MIC, "2024-01-01", "", d.stamper(t))
	o := *d.pki.Options()
	o.Accreditation = list.Regime
	var table bytes.Buffer
	w, err := report.NewWriter(&table, report.CSV, &report.Options{
		Language: report.Japanese, Encoding: report.ShiftJIS, Location: time.FixedZone("JST", 9*60*60),
	})
	require.NoError(t, err)
	const files = 45
	for i := range files {
		data := d.pki.Sign(t, verifytest.Document(), &pades.SignOptions{Level: pades.BT, Name: "髙橋"})
		if i == files-1 {
			data[100] ^= 1
		}
		result, err := verify.Reader(t.Context(), bytes.NewReader(data), int64(len(data)), &o)
		require.Equal(t, i == files-1, err != nil, err)
		result.File = fmt.Sprintf("令和8年度/契約書-%02d.pdf", i)
		require.NoError(t, w.Write(result))
	}
	require.NoError(t, w.Close())
	require.NotContains(t, table.String(), "契約書", "it is not UTF-8")
	text, err := io.ReadAll(transform.NewReader(&table, japanese.ShiftJIS.NewDecoder()))
	require.NoError(t, err)
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, files+1, "a row for every stamp, and the names of the columns")
	for i, row := range rows[1:] {
		require.Contains(t, row, fmt.Sprintf("令和8年度/契約書-%02d.pdf", i))
		require.Contains(t, row, "MIC")
	}
}

// audited audits the same two files over and over, as an archive of contracts is.
func audited(t testing.TB, d *desk, certificate []byte, times int) {
	in := &contract.AuditInput{
		Certificate: pdfFile("certificate.pdf", certificate), Documents: []contract.File{pdfFile("contract.pdf", d.store.documents[0])},
		Verify: *d.pki.Options(),
	}
	for range times {
		r, err := contract.Audit(t.Context(), in)
		require.NoError(t, err)
		require.Equal(t, contract.Proven, r.Result)
	}
}

// TestAuditMany: nothing of one audit is kept for the next.
func TestAuditMany(t *testing.T) {
	d := newDesk(t)
	c := d.run(t)
	certificate := d.forged(t, d.Platform.Signer, "Certification", evidence(t, &c.Record))
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	audited(t, d, certificate, 10)
	before := heap()
	audited(t, d, certificate, 60)
	require.Less(t, heap(), before+2<<20)
}

// BenchmarkAudit audits a contract of three parties at B-LTA and its certificate.
func BenchmarkAudit(b *testing.B) {
	d := newDesk(b)
	c := d.run(b)
	certificate := d.forged(b, d.Platform.Signer, "Certification", evidence(b, &c.Record))
	b.ReportAllocs()
	for b.Loop() {
		audited(b, d, certificate, 1)
	}
}

// BenchmarkAuditMany audits contracts of which no two are alike, each made, signed and certified
// for it while the clock stands still. With -benchtime 10000x -v it tells of every thousand how long
// one audit takes, the fastest tenth and the median, and how large the heap is.
func BenchmarkAuditMany(b *testing.B) {
	fonts := contract.AnyFonts(b)
	d := newDesk(b)
	start, client := time.Now(), d.pki.TSA()
	d.Now = func() time.Time { return start } // as the clocks of its services stand still
	client.Now, d.TSA = d.Now, client
	var took []time.Duration
	const step = 1000
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		d.store = &memory{documents: [][]byte{verifytest.Document()}}
		draft := d.draft()
		draft.Documents[0].ManagementNo = fmt.Sprintf("R8-%d", n)
		c := d.signedBy(b, draft)
		certificate, err := d.Issue(b.Context(), c, d.store, &contract.CertificateOptions{Fonts: fonts})
		require.NoError(b, err)
		in := &contract.AuditInput{
			Certificate: pdfFile("certificate.pdf", certificate), Documents: []contract.File{pdfFile("contract.pdf", d.store.documents[0])},
			Verify: *d.pki.Options(), Disclosure: c.Disclosure,
		}
		b.StartTimer()
		began := time.Now()
		r, err := contract.Audit(b.Context(), in)
		took = append(took, time.Since(began))
		require.NoError(b, err)
		require.Equal(b, contract.Proven, r.Result)
		if len(took) == step {
			slices.Sort(took)
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			b.Logf("%6d: %v to %v each, heap %.1f MiB", n+1, took[step/10], took[step/2], float64(m.HeapAlloc)/(1<<20))
			took = took[:0]
		}
	}
}
