package pdf_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/internal/testpdf"
)

func openBytes(t *testing.T, data []byte) *pdf.File {
	t.Helper()
	f, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	return f
}

// checkQPDF lets qpdf judge a file, where it is installed.
func checkQPDF(t *testing.T, data []byte) {
	t.Helper()
	qpdf, err := exec.LookPath("qpdf")
	if err != nil {
		require.False(t, peertest.Required(), "qpdf is missing")
		return
	}
	name := filepath.Join(t.TempDir(), "f.pdf")
	require.NoError(t, os.WriteFile(name, data, 0o600))
	out, err := exec.Command(qpdf, "--check", name).CombinedOutput()
	require.NoError(t, err, "%s", out)
}

func TestUpdate(t *testing.T) {
	for _, form := range testpdf.Forms {
		t.Run(form.String(), func(t *testing.T) {
			data := testpdf.Contract(2, form).Bytes()
			for round := range 3 {
				f := openBytes(t, data)
				v := f.Latest()
				u := pdf.NewUpdate(v)
				info, err := v.Object(pdf.Reference{Number: 8})
				require.NoError(t, err)
				title := fmt.Sprintf("(Round %d)", round)
				u.Put(info.Ref, pdf.Edit(info).Set("Title", []byte(title)).Bytes())
				added, stream := u.New(), u.New()
				u.Put(added, []byte("[1 2 3]"))
				u.PutStream(stream, []byte("<</Kind/Test>>"), []byte("stream data"))
				tail, err := u.Build()
				require.NoError(t, err)
				require.Equal(t, f.Size, tail.Start)
				start, end := tail.Body(added)
				require.Equal(t, "[1 2 3]", string(tail.Bytes[start:end]))
				start, _ = tail.Body(pdf.Reference{Number: 99})
				require.Equal(t, -1, start)
				again, err := u.Build()
				require.NoError(t, err)
				require.Equal(t, len(tail.Bytes), len(again.Bytes), "Build can be repeated")

				data = append(data, tail.Bytes...)
				checkQPDF(t, data)
				f = openBytes(t, data)
				require.Nil(t, f.Damage)
				require.Empty(t, f.Anomalies())
				require.Len(t, f.Revisions, round+2)
				last := f.Sections[len(f.Sections)-1]
				require.Equal(t, form == testpdf.Stream, last.Stream)
				require.False(t, last.Hybrid)
				v = f.Latest()
				o, err := v.Object(info.Ref)
				require.NoError(t, err)
				require.Contains(t, string(o.Raw), title)
				require.Contains(t, string(o.Raw), "/Producer(inkan testpdf)")
				o, err = v.Object(stream)
				require.NoError(t, err)
				decoded, err := v.Stream(o.Value.(*pdf.Stream))
				require.NoError(t, err)
				require.Equal(t, "stream data", string(decoded))
			}
		})
	}
}

// TestUpdateBase writes behind a file whose offsets count from a header that is not at byte 0.
func TestUpdateBase(t *testing.T) {
	for _, form := range testpdf.Forms {
		data := append([]byte("HTTP/1.1 200 OK\r\n\r\n"), testpdf.Contract(1, form).Bytes()...)
		f := openBytes(t, data)
		require.EqualValues(t, 19, f.Base)
		u := pdf.NewUpdate(f.Latest())
		r := u.New()
		u.Put(r, []byte("(here)"))
		tail, err := u.Build()
		require.NoError(t, err)
		f = openBytes(t, append(data, tail.Bytes...))
		require.EqualValues(t, 19, f.Base)
		o, err := f.Latest().Object(r)
		require.NoError(t, err)
		require.Contains(t, string(o.Raw), "(here)")
	}
}

// TestUpdateNumbers checks that new numbers collide with nothing, whatever /Size says.
func TestUpdateNumbers(t *testing.T) {
	for size, want := range map[int]int64{0: 41, 3: 41, 60: 60, 2_000_000_000: 41} {
		file := testpdf.Contract(1, testpdf.Table)
		file.Objects = append(file.Objects, testpdf.Object{Number: 40, Body: "null"})
		file.Size = size
		data := file.Bytes()
		if 0 < size && size < 41 {
			data = bytes.Replace(data, []byte("/Size 41"), fmt.Appendf(nil, "/Size %2d", size), 1)
		}
		require.Equal(t, want, pdf.NewUpdate(openBytes(t, data).Latest()).New().Number, "Size %d", size)
	}
}

func TestUpdateRefusals(t *testing.T) {
	u := pdf.NewUpdate(openBytes(t, testpdf.Contract(1, testpdf.Table).Bytes()).Latest())
	u.Put(pdf.Reference{Number: 8}, []byte("1"))
	u.Put(pdf.Reference{Number: 8, Generation: 1}, []byte("2"))
	_, err := u.Build()
	require.ErrorIs(t, err, pdf.ErrUpdate)
	require.ErrorContains(t, err, "two generations")

	for generation, want := range map[int64]error{65535: nil, 65536: pdf.ErrUpdate} {
		u = pdf.NewUpdate(openBytes(t, testpdf.Contract(1, testpdf.Table).Bytes()).Latest())
		u.Put(pdf.Reference{Number: 8, Generation: generation}, []byte("1"))
		_, err = u.Build()
		require.ErrorIs(t, err, want)
	}
}

// sparse is a file with a hole of zeros after its head.
type sparse struct {
	head, tail []byte
	size       int64
}

func (s sparse) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	for ; n < len(p) && off < s.size; n, off = n+1, off+1 {
		switch {
		case off < int64(len(s.head)):
			p[n] = s.head[off]
		case off >= s.size-int64(len(s.tail)):
			p[n] = s.tail[off-s.size+int64(len(s.tail))]
		default:
			p[n] = 0
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// large returns a file with a stream of length bytes, whose last section stands behind it.
func large(length int64, form testpdf.Form) sparse {
	file := testpdf.Contract(1, form)
	file.Objects = append(file.Objects, testpdf.Object{Number: 30, Body: "<</Marker 1>>", Data: []byte{}})
	whole := file.Bytes()
	marker := []byte("/Length 0>>\nstream\r\n")
	i := bytes.Index(whole, marker)
	head, tail := bytes.Clone(whole[:i]), bytes.Clone(whole[i+len(marker):])
	head = fmt.Appendf(head, "/Length %d>>\nstream\r\n", length)
	shift := int64(len(head)+len(tail)-len(whole)) + length
	// Only startxref lies behind the hole; a cross-reference stream's own entry is wrong then, and read by nobody.
	old := testpdf.LastStartXRef(whole)
	j := bytes.LastIndex(tail, []byte("startxref"))
	tail = append(tail[:j], strings.Replace(string(tail[j:]), strconv.FormatInt(old, 10), strconv.FormatInt(old+shift, 10), 1)...)
	s := sparse{head: head, tail: tail}
	s.size = int64(len(head)) + length + int64(len(tail))
	return s
}

// largeStream returns a file with a cross-reference stream, to which a stream of
// length bytes was appended, and behind it another cross-reference stream.
func largeStream(length int64) sparse {
	head := testpdf.Contract(1, testpdf.Stream).Bytes()
	size, prev, at := testpdf.LastSize(head), testpdf.LastStartXRef(head), int64(len(head))
	head = fmt.Appendf(head, "%d 0 obj\n<</Length %d>>\nstream\n", size, length)
	s := sparse{head: head, tail: []byte("\nendstream\nendobj\n")}
	section := int64(len(s.head)) + length + int64(len(s.tail))
	entries := binary.BigEndian.AppendUint64([]byte{1}, uint64(at))
	entries = binary.BigEndian.AppendUint64(append(entries, 1), uint64(section))
	s.tail = fmt.Appendf(s.tail, "%d 0 obj\n<</Type/XRef/Size %d/W[1 8 0]/Index[%d 2]/Root 1 0 R/Prev %d/Length %d>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n",
		size+1, size+2, size, prev, len(entries), entries, section)
	s.size = int64(len(s.head)) + length + int64(len(s.tail))
	return s
}

func TestUpdateLargeOffsets(t *testing.T) {
	for _, c := range []struct {
		size int64
		form testpdf.Form
		want error
	}{
		{5 << 30, testpdf.Table, nil}, {9_999_990_000, testpdf.Table, nil}, {10_000_000_000, testpdf.Table, pdf.ErrUpdate},
		{10_000_000_000, testpdf.Stream, nil}, {5 << 40, testpdf.Stream, nil},
	} {
		t.Run(fmt.Sprint(c.form, c.size), func(t *testing.T) {
			s := large(c.size, c.form)
			if c.form == testpdf.Stream {
				s = largeStream(c.size)
			}
			f, err := pdf.Open(s, s.size, nil)
			require.NoError(t, err)
			u := pdf.NewUpdate(f.Latest())
			r := u.New()
			u.Put(r, []byte("(far away)"))
			tail, err := u.Build()
			require.ErrorIs(t, err, c.want)
			if c.want != nil {
				return
			}
			next := sparse{head: s.head, tail: append(bytes.Clone(s.tail), tail.Bytes...), size: s.size + int64(len(tail.Bytes))}
			f, err = pdf.Open(next, next.size, nil)
			require.NoError(t, err)
			o, err := f.Latest().Object(r)
			require.NoError(t, err)
			require.Greater(t, o.Offset, c.size)
			require.Contains(t, string(o.Raw), "(far away)")
		})
	}
}

func TestUpdateMentionedNumbers(t *testing.T) {
	for _, form := range testpdf.Forms {
		file := testpdf.Contract(1, form)
		size := int64(testpdf.LastSize(file.Bytes()))
		for i := range file.Objects {
			if file.Objects[i].Number == 8 {
				file.Objects[i].Body = fmt.Sprintf("<</Title(x)/A[<</B %d 0 R>>]/C %d 0 R>>", size, size+2)
			}
		}
		data := file.Bytes()
		f := openBytes(t, data)
		require.Equal(t, size, pdf.NewUpdate(f.Latest()).New().Number, "not read yet")
		_, err := f.Latest().Object(pdf.Reference{Number: 8})
		require.NoError(t, err)
		u := pdf.NewUpdate(f.Latest())
		for _, want := range []int64{size + 1, size + 3} {
			r := u.New()
			require.Equal(t, want, r.Number)
			u.Put(r, []byte("(new)"))
		}
		tail, err := u.Build()
		require.NoError(t, err)
		checkQPDF(t, append(bytes.Clone(data), tail.Bytes...))
	}
}

// What a trailer refers to is not made by accident either: some writers leave references
// there to objects that are gone.
func TestUpdateNumbersInTrailer(t *testing.T) {
	for _, form := range testpdf.Forms {
		file := testpdf.Contract(1, form)
		size := testpdf.LastSize(file.Bytes())
		file.Trailer += fmt.Sprintf("/AdditionalStreams[/x %d 0 R]", size)
		f := openBytes(t, file.Bytes())
		require.EqualValues(t, size+1, pdf.NewUpdate(f.Latest()).New().Number)
	}
}

// TestUpdatePutAgain: the last value of an object counts, among few objects and many.
func TestUpdatePutAgain(t *testing.T) {
	for _, n := range []int{1, 31, 32, 33, 34, 200} {
		data := testpdf.Contract(1, testpdf.Table).Bytes()
		u := pdf.NewUpdate(openBytes(t, data).Latest())
		refs := make([]pdf.Reference, n)
		for i := range refs {
			refs[i] = u.New()
			u.Put(refs[i], []byte("1"))
			u.Put(refs[i/2], []byte("2"))
		}
		for i := range refs {
			u.Put(refs[i], strconv.AppendInt(nil, int64(i), 10))
		}
		tail, err := u.Build()
		require.NoError(t, err)
		v := openBytes(t, append(bytes.Clone(data), tail.Bytes...)).Latest()
		for i, ref := range refs {
			o, err := v.Object(ref)
			require.NoError(t, err)
			require.Equal(t, pdf.Integer(i), o.Value)
		}
	}
}

// TestUpdateInfo: the trailer of an update can name new document information.
func TestUpdateInfo(t *testing.T) {
	for _, form := range testpdf.Forms {
		for _, other := range []string{"", "/Info 8 0 R", "/Info 8 0 R/Info 8 0 R"} {
			f := testpdf.Contract(1, form)
			f.Trailer = strings.Replace(f.Trailer, "/Info 8 0 R", other, 1)
			data := f.Bytes()
			u := pdf.NewUpdate(openBytes(t, data).Latest())
			info := u.New()
			u.Put(info, []byte("<</Title(New)>>"))
			u.SetInfo(info)
			tail, err := u.Build()
			require.NoError(t, err)
			changed := append(bytes.Clone(data), tail.Bytes...)
			trailer := openBytes(t, changed).Latest().Trailer()
			require.Equal(t, info, trailer.Get("Info"))
			require.Empty(t, trailer.Duplicates())
			if strings.Count(other, "Info") < 2 { // of which qpdf warns in the file as it was
				checkQPDF(t, changed)
			}
		}
	}
}
