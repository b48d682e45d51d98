package verify_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/verify"
)

// padded is the contract with so much content that the file has that many bytes.
func padded(bytes int) []byte {
	f := testpdf.Contract(1, testpdf.Table)
	f.Objects[len(f.Objects)-1].Data = make([]byte, bytes)
	for i := range f.Objects[len(f.Objects)-1].Data {
		f.Objects[len(f.Objects)-1].Data[i] = "0123456789 Tj\n"[i%14]
	}
	return f.Bytes()
}

func benchmark(b *testing.B, file []byte, o *verify.Options) {
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		r, err := verify.Reader(context.Background(), bytes.NewReader(file), int64(len(file)), o)
		if err != nil {
			b.Fatal(r.Indication, err)
		}
	}
}

// BenchmarkVerify100KB judges one signature, its leaf directly under the anchor.
func BenchmarkVerify100KB(b *testing.B) {
	m := newMaker(b)
	benchmark(b, m.sign(b, padded(85<<10), entry{}), m.options())
}

// BenchmarkVerifyManySignatures compares one signature with 51 in files of one size.
func BenchmarkVerifyManySignatures(b *testing.B) {
	m := newMaker(b)
	const size = 100 << 20
	b.Run("1", func(b *testing.B) { benchmark(b, m.sign(b, padded(size), entry{}), m.options()) })
	b.Run("51", func(b *testing.B) {
		file := padded(size - 51*13<<10)
		for range 51 {
			file = m.sign(b, file, entry{})
		}
		benchmark(b, file, m.options())
	})
}

// TestManySignaturesReadOnce counts what is read of a file with many signatures.
func TestManySignaturesReadOnce(t *testing.T) {
	m := newMaker(t)
	file := padded(4 << 20)
	for range 20 {
		file = m.sign(t, file, entry{})
	}
	c := &countingReader{Reader: bytes.NewReader(file)}
	r, err := verify.Reader(t.Context(), c, int64(len(file)), m.options())
	require.NoError(t, err)
	require.Len(t, r.Signatures, 20)
	require.Less(t, c.bytes, int64(len(file))*4/3, "every byte once, and the objects of the form")
}

type countingReader struct {
	*bytes.Reader
	bytes int64
}

func (c *countingReader) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.Reader.ReadAt(p, off)
	c.bytes += int64(n)
	return n, err
}

// archivedFile is one at B-LTA, with everything that judging it takes, and who can.
func archivedFile(b testing.TB) (w *world, file []byte) {
	w = newWorld(b)
	long := w.stamper(years(30), nil)
	return w, w.file(w.signature(nil, []at{{long, hours(1)}}), w.ltv(days(1)), w.document(at{long, days(2)}))
}

// optionsAt are the options of one who judges at a time, by the clock too.
func (w *world) optionsAt(at time.Time) *verify.Options {
	return &verify.Options{Trust: w.roots(), At: at, Now: func() time.Time { return at }}
}

// BenchmarkVerifyLTA judges a file at B-LTA while its evidence is fresh (present) and
// when everything but the last time stamp has expired (past), and does what the former
// takes at the very least (raw).
func BenchmarkVerifyLTA(b *testing.B) {
	w, file := archivedFile(b)
	b.Run("raw", func(b *testing.B) {
		raw := archivedRaw(b, file)
		for b.Loop() {
			raw()
		}
	})
	for _, tt := range []struct {
		name string
		at   time.Time
	}{{"present", days(3)}, {"past", years(22)}} {
		b.Run(tt.name, func(b *testing.B) { benchmark(b, file, w.optionsAt(tt.at)) })
	}
}
