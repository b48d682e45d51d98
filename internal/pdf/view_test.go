package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestResolve(t *testing.T) {
	b := onePage().object(4, "5 0 R").object(5, "6 0 R").object(6, "(end)").object(7, "8 0 R").object(8, "7 0 R")
	v := b.table("").open(t).Latest()
	o, err := v.Resolve(Reference{Number: 4})
	require.NoError(t, err)
	require.Equal(t, String{Value: []byte("end")}, o)
	_, err = v.Resolve(Reference{Number: 7})
	require.ErrorIs(t, err, ErrLimit)
	o, err = v.Resolve(nil)
	require.NoError(t, err)
	require.Equal(t, Null{}, o)
}

func TestResolveLimit(t *testing.T) {
	b := onePage()
	for i := range int64(maxIndirections) {
		b.object(10+i, fmt.Sprintf("%d 0 R", 11+i))
	}
	v := b.object(10+maxIndirections, "(end)").table("").open(t).Latest()
	_, err := v.Resolve(Reference{Number: 10})
	require.ErrorIs(t, err, ErrLimit)
	_, err = v.Resolve(Reference{Number: 12})
	require.NoError(t, err)
}

func TestGetters(t *testing.T) {
	b := onePage().object(4, "<</I 7/R 1.5/B true/N/Name/S(caf\\351)/A[1]/D<<>>/X 9 0 R/Ref 5 0 R>>").object(5, "8")
	v := b.stream(6, "", []byte("data")).table("").open(t).Latest()
	d, err := v.Dict(Reference{Number: 4})
	require.NoError(t, err)
	i, err := v.Integer(d.Get("Ref"), 0)
	require.NoError(t, err)
	require.Equal(t, int64(8), i)
	i, err = v.Integer(d.Get("None"), 3)
	require.NoError(t, err)
	require.Equal(t, int64(3), i)
	n, err := v.Number(d.Get("R"), 0)
	require.NoError(t, err)
	require.Equal(t, 1.5, n)
	bool1, err := v.Boolean(d.Get("B"), false)
	require.NoError(t, err)
	require.True(t, bool1)
	name, err := v.Name(d.Get("N"))
	require.NoError(t, err)
	require.Equal(t, Name("Name"), name)
	text, err := v.Text(d.Get("S"))
	require.NoError(t, err)
	require.Equal(t, "café", text)
	a, err := v.Array(d.Get("A"))
	require.NoError(t, err)
	require.Equal(t, 1, a.Len())
	absent, err := v.Dict(d.Get("X"))
	require.NoError(t, err)
	require.Nil(t, absent)
	s, err := v.StreamObject(Reference{Number: 6})
	require.NoError(t, err)
	data, err := v.Stream(s)
	require.NoError(t, err)
	require.Equal(t, "data", string(data))
	for _, err := range []error{
		second(v.Dict(d.Get("A"))), second(v.Array(d.Get("D"))), second(v.Integer(d.Get("S"), 0)), second(v.Name(d.Get("I"))),
		second(v.String(d.Get("I"))), second(v.Boolean(d.Get("I"), false)), second(v.Number(d.Get("S"), 0)), second(v.StreamObject(d)),
	} {
		require.ErrorIs(t, err, ErrMalformed)
	}
}

func second[T any](_ T, err error) error { return err }

// An entry that does not lead to its object is an error for that object, not
// another object.
func TestWrongEntries(t *testing.T) {
	b := onePage().object(4, "(four)").object(5, "(five)")
	b.at[4], b.at[5] = b.at[5], b.at[4]
	b.entry(6, fmt.Sprintf("%010d 00000 n \n", 15)).entry(7, "9999999999 00000 n \n").entry(8, "0000000000 00000 n \n")
	f := b.table("").open(t)
	require.Equal(t, Null{}, value(t, f.Latest(), 8))
	require.Equal(t, []AnomalyCode{EntryOffsetZero}, codes(f))
	for n := int64(4); n <= 7; n++ {
		_, err := f.Latest().Object(Reference{Number: n})
		require.ErrorIs(t, err, ErrMalformed, n)
		var e *Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, Reference{Number: n}, e.Ref)
		_, again := f.Latest().Object(Reference{Number: n})
		require.Equal(t, err, again)
	}
	require.Equal(t, []AnomalyCode{EntryOffsetZero, ObjectMissing}, codes(f))
	require.Len(t, f.Anomalies(), 5)
	require.Equal(t, 1, f.Anomalies()[1].Revision)
}

// "4 0 obj" inside "14 0 obj": all who follow the entry read object 4, as the
// one file known to do so wants, but who scans reads object 14. What ends in a
// letter may stand right before an object.
func TestEntryIntoNumber(t *testing.T) {
	b := onePage()
	b.entry(4, fmt.Sprintf("%010d 00000 n \n", b.Len()+1))
	b.WriteString("14 0 obj(fourteen)endobj\n%%EOF")
	b.object(5, "(five)")
	f := b.table("").open(t)
	require.Equal(t, "fourteen", string(value(t, f.Latest(), 4).(String).Value))
	require.Equal(t, []AnomalyCode{ObjectOffset}, codes(f))
	require.True(t, f.Anomalies()[0].Ambiguous)
	require.Equal(t, "five", string(value(t, f.Latest(), 5).(String).Value))

	b = onePage()
	at := b.Len()
	b.writeCrossStream(15, "")
	data := strings.Replace(b.end(at+1).String(), "/Size 16", "/Size 6 ", 1)
	require.Contains(t, repaired(t, []byte(data)), "token")
}

func TestObjectTolerances(t *testing.T) {
	b := onePage()
	b.entry(4, fmt.Sprintf("%010d 00000 n \n", b.Len()))
	b.WriteString("\n 4  0\tobj(space before)endobj\n")
	b.entry(5, fmt.Sprintf("%010d 00000 n \n", b.Len()))
	b.WriteString("5 0 obj\nendobj\n")
	b.entry(6, fmt.Sprintf("%010d 00000 n \n", b.Len()))
	b.WriteString("6 0 obj <</A(x)>>\n")
	b.entry(7, fmt.Sprintf("%010d 00000 n \n", b.Len()))
	b.WriteString("7 0 obj<</Length 3>>stream\rabc\nendstream\nendobj\n")
	b.entry(8, fmt.Sprintf("%010d 00000 n \n", b.Len()))
	b.WriteString("8 0 obj<</Length 2>>stream\nabcdef\r\nendstream\nendobj\n")
	b.entry(9, fmt.Sprintf("%010d 00000 n \n", b.Len()))
	b.WriteString("9 0 obj<<>>stream\r\nabcdef\rendstream\n")
	f := b.table("").open(t)
	v := f.Latest()
	for n, want := range map[int64]AnomalyCode{4: ObjectOffset, 5: ObjectEmpty, 6: EndobjMissing, 7: StreamStart, 8: StreamLength, 9: StreamLength} {
		_ = value(t, v, n)
		var got []AnomalyCode
		for _, a := range f.Anomalies() {
			if a.Ref.Number == n {
				got = append(got, a.Code)
			}
		}
		require.Contains(t, got, want, n)
	}
	o, err := v.Object(Reference{Number: 4})
	require.NoError(t, err)
	require.Equal(t, "4  0\tobj(space before)endobj", string(o.Raw))
	o, err = v.Object(Reference{Number: 6})
	require.NoError(t, err)
	require.Equal(t, "<</A(x)>>", string(o.Raw[o.Dict().Span.Start:o.Dict().Span.End]))
	for n, want := range map[int64]string{7: "abc", 8: "abcdef", 9: "abcdef"} {
		data, err := v.Stream(value(t, v, n).(*Stream))
		require.NoError(t, err)
		require.Equal(t, want, string(data), n)
	}
}

func TestStreamExtent(t *testing.T) {
	b := onePage().object(4, "<</Length 5 0 R>>stream\n0123456789\nendstream").object(5, "10")
	f := b.table("").object(5, "4").table("").open(t)
	o, err := f.View(2).Object(Reference{Number: 4})
	require.NoError(t, err)
	s := o.Value.(*Stream)
	require.Equal(t, int64(10), s.Length, "the length is that of the stream's own revision")
	require.Equal(t, "4 0 obj\n<</Length 5 0 R>>stream\n", string(o.Raw))
	require.Equal(t, o.Offset+int64(len(o.Raw)), s.Offset)
	require.Equal(t, "endobj", string(b.Bytes()[o.End-6:o.End]))
	require.Empty(t, f.Anomalies())

	// A length that needs the stream itself.
	f = onePage().object(4, "<</Length 4 0 R>>stream\nabc\nendstream").table("").open(t)
	data, err := f.Latest().Stream(value(t, f.Latest(), 4).(*Stream))
	require.NoError(t, err)
	require.Equal(t, "abc", string(data))

	_, err = onePage().object(4, "<</Length 99>>stream\nabc\n").table("").open(t).Latest().Object(Reference{Number: 4})
	require.ErrorIs(t, err, ErrMalformed)
}

// Objects longer than a window, and objects at every position of one.
func TestWindows(t *testing.T) {
	b := onePage()
	var want []string
	for i := range 60 {
		s := strings.Repeat("x", i*i*3)
		want = append(want, s)
		b.object(int64(10+i), "("+s+")")
	}
	f := b.table("").open(t)
	for i, s := range want {
		require.Equal(t, s, string(value(t, f.Latest(), int64(10+i)).(String).Value))
	}
	big := bytes.Repeat([]byte("ab"), 3<<20)
	f = onePage().object(4, fmt.Sprintf("<</Contents<%x>>>", big)).table("").open(t)
	require.Equal(t, big, value(t, f.Latest(), 4).(*Dict).Get("Contents").(String).Value)
}

// countingReader counts the bytes that are read of a file with a hole.
type countingReader struct {
	data   []byte
	hole   int64 // where it begins
	length int64
	read   int64
}

func (r *countingReader) ReadAt(p []byte, at int64) (int, error) {
	r.read += int64(len(p))
	for i := range p {
		k := at + int64(i)
		switch {
		case k < r.hole:
			p[i] = r.data[k]
		case k < r.hole+r.length:
			p[i] = 'x'
		case k-r.length < int64(len(r.data)):
			p[i] = r.data[k-r.length]
		default:
			return i, io.EOF
		}
	}
	return len(p), nil
}

func TestLargeFileIsNotRead(t *testing.T) {
	const hole = 5 << 30
	b := onePage()
	fmt.Fprintf(b.entry(4, fmt.Sprintf("%010d 00000 n \n", b.Len())), "4 0 obj<</Length %d>>stream\n", int64(hole))
	r := &countingReader{hole: int64(b.Len()), length: hole}
	b.WriteString("\nendstream endobj\n")
	at := int64(b.Len()) + hole
	fmt.Fprintf(b, "5 0 obj(behind)endobj xref\n%s", b.entry(5, fmt.Sprintf("%010d 00000 n \n", at)).subsections())
	fmt.Fprintf(b, "trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", at+int64(len("5 0 obj(behind)endobj ")))
	r.data = b.Bytes()
	f, err := Open(r, int64(len(r.data))+hole, nil)
	require.NoError(t, err)
	require.Equal(t, "behind", string(value(t, f.Latest(), 5).(String).Value))
	require.Equal(t, int64(hole), value(t, f.Latest(), 4).(*Stream).Length)
	require.Less(t, r.read, int64(16<<10))
	_, err = f.Latest().Stream(value(t, f.Latest(), 4).(*Stream))
	require.ErrorIs(t, err, ErrLimit)
}

type failingReader struct {
	io.ReaderAt
	fail *bool
}

var errDisk = errors.New("disk on fire")

func (r failingReader) ReadAt(p []byte, at int64) (int, error) {
	if *r.fail {
		return 0, errDisk
	}
	return r.ReaderAt.ReadAt(p, at)
}

func TestReaderErrors(t *testing.T) {
	b := onePage().object(4, "(far)")
	b.stream(5, "", make([]byte, 100<<10)).stream(6, "", make([]byte, 100<<10))
	data := b.table("").Bytes()
	fail := false
	r := failingReader{bytes.NewReader(data), &fail}
	f, err := Open(r, int64(len(data)), nil)
	require.NoError(t, err)
	fail = true
	_, err = f.Latest().Object(Reference{Number: 5})
	require.ErrorIs(t, err, errDisk)
	fail = false
	_, err = f.Latest().Object(Reference{Number: 5})
	require.NoError(t, err, "the error of the reader is not remembered")
	_, err = Open(bytes.NewReader(data), int64(len(data))+10, nil)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

func TestConcurrentReaders(t *testing.T) {
	b := oneCompressedPage()
	for n := int64(20); n < 60; n++ {
		b.object(n, fmt.Sprintf("<</N %d/P 3 0 R>>", n))
	}
	f := b.crossStream(5, "").open(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for n := int64(1); n < 60; n++ {
				_, err := f.Latest().Object(Reference{Number: n})
				if err != nil {
					t.Error(err)
				}
			}
			for range f.Latest().Entries() {
				_ = f.Anomalies()
			}
		})
	}
	wg.Wait()
}

// TestFindEntry: the entry of every number is found, dense tables and sparse ones.
func TestFindEntry(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		s := &Section{}
		numbers := make(map[int64]bool)
		for n, gap := random.IntN(40), 1+random.IntN(3); n > 0; n-- {
			numbers[int64(random.IntN(40*gap))] = true
		}
		for _, n := range slices.Sorted(maps.Keys(numbers)) {
			s.entries = append(s.entries, entry{number: uint32(n), offset: n + 1, kind: InUse})
		}
		for n := int64(-1); n < 130; n++ {
			e, ok := s.find(n)
			require.Equal(t, numbers[n], ok, "%d of %v", n, numbers)
			if ok {
				require.Equal(t, n+1, e.offset)
			}
		}
	}
}
