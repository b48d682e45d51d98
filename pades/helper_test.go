package pades_test

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

// signer returns a signer with a fixed key and a certificate of the test PKI.
func signer(t testing.TB, r *testpki.Request) *pades.Signer {
	t.Helper()
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	if r == nil {
		r = &testpki.Request{}
	}
	id, err := pki.Issue(r)
	require.NoError(t, err)
	return &pades.Signer{Key: id.Key, Chain: id.Chain}
}

// fixed makes every run give the same bytes.
var fixed = &pades.OpenOptions{Now: testpki.Now}

func document(t testing.TB, data []byte) *pades.Document {
	t.Helper()
	d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), fixed)
	require.NoError(t, err)
	return d
}

// content returns the document as it is.
func content(t testing.TB, d *pades.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	n, err := d.WriteTo(&b)
	require.NoError(t, err)
	require.EqualValues(t, b.Len(), n)
	require.EqualValues(t, d.Size(), n)
	return b.Bytes()
}

func open(t testing.TB, data []byte) *pdf.File {
	t.Helper()
	f, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	require.Nil(t, f.Damage)
	return f
}

// signatures reads the signed fields of a file.
func signatures(t testing.TB, data []byte) []*sigdict.Field {
	t.Helper()
	form, err := sigdict.Find(open(t, data).Latest())
	require.NoError(t, err)
	require.Empty(t, form.Problems)
	var signed []*sigdict.Field
	for _, f := range form.Fields {
		if f.Signature != nil {
			require.Empty(t, f.Signature.Damage)
			signed = append(signed, f)
		}
	}
	return signed
}

// checkSignature verifies a signature that closes the first end bytes of a file,
// with nothing of package pades.
func checkSignature(t testing.TB, data []byte, f *sigdict.Field, end int) *cms.SignedData {
	t.Helper()
	s := f.Signature
	r, ok := s.ByteRange.Four()
	require.True(t, ok)
	require.EqualValues(t, 0, r[0])
	require.Equal(t, s.Contents.Start, r[1])
	require.Equal(t, s.Contents.End, r[2])
	require.EqualValues(t, end, r[2]+r[3])
	require.Equal(t, byte('<'), data[r[1]])
	require.Equal(t, byte('>'), data[r[2]-1])
	require.Equal(t, sigdict.SubFilterCAdES, s.SubFilter)

	sd, rest, err := cms.Parse(s.Contents.Value)
	require.NoError(t, err)
	require.Empty(t, bytes.Trim(rest, "\x00"))
	require.Len(t, sd.SignerInfos, 1)
	si := sd.SignerInfos[0]
	hash, err := si.DigestHash()
	require.NoError(t, err)
	h := hash.New()
	h.Write(data[:r[1]])
	h.Write(data[r[2] : r[2]+r[3]])
	c, err := sd.SignerCertificate(si)
	require.NoError(t, err)
	_, err = si.Verify(c, h.Sum(nil))
	require.NoError(t, err)
	return sd
}

// countingReader counts the bytes that are read from it.
type countingReader struct {
	io.ReaderAt
	n int64
}

func (c *countingReader) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, off)
	c.n += int64(n)
	return n, err
}

// padded is a contract with a stream that makes it size bytes or a little more.
func padded(form testpdf.Form, size int) []byte {
	f := testpdf.Contract(3, form)
	noise := make([]byte, size)
	x := uint32(2463534242)
	for i := range noise {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		noise[i] = byte(x)
	}
	f.Objects = append(f.Objects, testpdf.Object{Number: 30, Body: "<<>>", Data: noise})
	return f.Bytes()
}

func write(t testing.TB, name string, data []byte) {
	t.Helper()
	require.NoError(t, os.WriteFile(name, data, 0o600))
}

func at(hour int) time.Time {
	return time.Date(2026, 4, 1, hour, 30, 0, 0, time.FixedZone("JST", 9*60*60))
}

func plain(number int, body ...string) testpdf.Object {
	return testpdf.Object{Number: number, Body: strings.Join(body, "")}
}
