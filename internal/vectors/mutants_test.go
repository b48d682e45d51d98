package vectors_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/mutate"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/internal/vectors"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
)

const (
	mutantTime   = 2 * time.Second
	mutantMemory = 64 << 20 // beyond the size of the file

	vectorPassword = "for readers" // of the encrypted vectors
)

// TestMutants reads damaged files in every way that the project has. MUTANTS
// says how many, SEED where to begin: MUTANTS=1 SEED=n repeats one.
func TestMutants(t *testing.T) {
	m := mutate.New(vectorFiles(t))
	maker, err := vectors.NewMaker()
	require.NoError(t, err)
	id, err := maker.Identity(testpki.P256)
	require.NoError(t, err)
	signer := &pades.Signer{Key: id.Key, Chain: id.Chain}
	count, first := setting(t, "MUTANTS", 300), setting(t, "SEED", uint64(time.Now().Unix())*1_000_000)
	t.Logf("MUTANTS=%d SEED=%d", count, first)
	var slowest time.Duration
	var largest uint64
	readable, repaired, signed := 0, 0, 0
	for seed := first; seed < first+count; seed++ {
		data := m.Mutant(seed)
		done := make(chan outcome, 1)
		before, start := allocated(), time.Now()
		go func() { done <- readMutant(data, seed, signer) }()
		var o outcome
		select {
		case o = <-done:
		case <-time.After(10 * mutantTime):
			saveMutant(t, data, seed)
			require.Fail(t, "the mutant takes too long", "SEED=%d", seed)
		}
		took, used := time.Since(start), allocated()-before
		for range 3 { // a busy machine slows everything
			if took < mutantTime/4 {
				break
			}
			start = time.Now()
			o = readMutant(data, seed, signer)
			took = min(took, time.Since(start))
		}
		if o.failure != "" || took > mutantTime {
			saveMutant(t, data, seed)
			require.Fail(t, "the mutant fails", "SEED=%d after %v: %s", seed, took, o.failure)
		}
		if used > mutantMemory+uint64(len(data)) {
			used = peak(data, seed, signer)
			if used > mutantMemory+uint64(len(data)) {
				saveMutant(t, data, seed)
				require.Fail(t, "the mutant takes too much memory", "SEED=%d: %d bytes for a file of %d", seed, used, len(data))
			}
		}
		slowest, largest = max(slowest, took), max(largest, used)
		if o.readable {
			readable++
		}
		if o.repaired {
			repaired++
		}
		if o.signed {
			signed++
		}
	}
	t.Logf("%d mutants: %d readable, %d of them repaired, %d signed; slowest %v, largest %d bytes", count, readable, repaired, signed, slowest, largest)
	if count >= 300 {
		require.NotZero(t, readable)
		require.NotZero(t, repaired)
		require.NotZero(t, signed)
		require.Less(t, readable, int(count))
	}
}

func setting(t *testing.T, name string, otherwise uint64) uint64 {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	require.NoError(t, err, name)
	return n
}

// vectorFiles returns the files of testdata that are not large.
func vectorFiles(t *testing.T) [][]byte {
	names, err := filepath.Glob("../../testdata/*.pdf")
	require.NoError(t, err)
	var files [][]byte
	for _, name := range names {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		if len(data) > 0 {
			files = append(files, data)
		}
	}
	require.Greater(t, len(files), 50, "the vectors are missing")
	return files
}

func saveMutant(t *testing.T, data []byte, seed uint64) {
	name := filepath.Join(os.TempDir(), fmt.Sprintf("mutant-%d.pdf", seed))
	require.NoError(t, os.WriteFile(name, data, 0o600))
	t.Logf("the mutant is %s", name)
}

type outcome struct {
	failure                    string
	readable, repaired, signed bool
}

// readMutant judges a file, reads all of its objects and signs it. The seed is
// among the arguments so that a fatal error of the runtime shows it.
//
//go:noinline
func readMutant(data []byte, seed uint64, signer *pades.Signer) (o outcome) {
	defer func() {
		if r := recover(); r != nil {
			stack := make([]byte, 4096)
			o.failure = fmt.Sprintf("seed %d: panic: %v\n%s", seed, r, stack[:runtime.Stack(stack, false)])
		}
	}()
	ctx := context.Background()
	report, err := verify.Reader(ctx, bytes.NewReader(data), int64(len(data)), &verify.Options{Password: vectorPassword})
	if err == nil {
		o.failure = "it passes without any anchor"
		return o
	}
	o.readable = report != nil
	if report == nil {
		return o
	}
	o.repaired = report.Repaired
	f, err := pdf.Open(bytes.NewReader(data), int64(len(data)), &pdf.Options{Password: vectorPassword})
	if err != nil {
		o.failure = "judged, but cannot be opened: " + err.Error()
		return o
	}
	readAll(f)
	o.signed, o.failure = signMutant(ctx, data, signer)
	return o
}

// signMutant signs a file, if pades does, and judges the result: the new
// signature must be intact, whatever it was put into.
func signMutant(ctx context.Context, data []byte, signer *pades.Signer) (signed bool, failure string) {
	d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), &pades.OpenOptions{Password: vectorPassword})
	if err != nil {
		return false, ""
	}
	if err := d.Sign(ctx, signer, nil); err != nil {
		return false, ""
	}
	var out bytes.Buffer
	if _, err := d.WriteTo(&out); err != nil {
		return false, "cannot be written: " + err.Error()
	}
	if !bytes.HasPrefix(out.Bytes(), data) {
		return false, "signing changed the file"
	}
	report, _ := verify.Reader(ctx, bytes.NewReader(out.Bytes()), int64(out.Len()), &verify.Options{Password: vectorPassword})
	if report == nil || len(report.Signatures) == 0 {
		return false, "the new signature is not found"
	}
	s := report.Signatures[len(report.Signatures)-1]
	if !s.Intact || s.Coverage != verify.CoverageFile {
		return false, fmt.Sprintf("the new signature is not intact: %v", s.Findings)
	}
	return true, ""
}

// readAll reads every object of the newest revision, and decodes its streams.
func readAll(f *pdf.File) {
	v := f.Latest()
	for e := range v.Entries() {
		ref := pdf.Reference{Number: e.Number}
		if e.Kind == pdf.InUse {
			ref.Generation = e.Generation
		}
		o, err := v.Object(ref)
		if err != nil {
			continue
		}
		if s, ok := o.Value.(*pdf.Stream); ok {
			_, _ = v.Stream(s)
		}
	}
}

// allocated returns how many bytes were ever allocated.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// peak reads a mutant once more and returns how much memory it holds at most,
// as far as looking often can tell.
func peak(data []byte, seed uint64, signer *pades.Signer) uint64 {
	runtime.GC()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	base, highest := sample[0].Value.Uint64(), uint64(0)
	done := make(chan outcome, 1)
	go func() { done <- readMutant(data, seed, signer) }()
	for {
		select {
		case <-done:
			return highest
		case <-time.After(200 * time.Microsecond):
			metrics.Read(sample)
			if now := sample[0].Value.Uint64(); now > base {
				highest = max(highest, now-base)
			}
		}
	}
}
