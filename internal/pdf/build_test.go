package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// builder writes PDF files for tests, sound or not, byte by byte.
type builder struct {
	bytes.Buffer
	at   map[int64]string // entries of the next section: 20 bytes each
	prev int              // offset of the last section; 0 if none
	size int64
}

func newBuilder() *builder {
	b := &builder{at: map[int64]string{0: freeEntry}}
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	return b
}

const freeEntry = "0000000000 65535 f \n"

// object writes an object and its entry.
func (b *builder) object(number int64, body string) *builder {
	b.entry(number, fmt.Sprintf("%010d 00000 n \n", b.Len()))
	fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\n", number, body)
	return b
}

// stream writes a stream with the right /Length; dict is what else its dictionary holds.
func (b *builder) stream(number int64, dict string, data []byte) *builder {
	return b.object(number, streamBody(dict, data))
}

func streamBody(dict string, data []byte) string {
	return fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", dict, len(data), data)
}

func (b *builder) entry(number int64, line string) *builder {
	b.at[number] = line
	b.size = max(b.size, number+1)
	return b
}

func (b *builder) free(number int64) *builder { return b.entry(number, "0000000000 00001 f \n") }

// subsections returns the entries as a table writes them.
func (b *builder) subsections() string {
	var s strings.Builder
	numbers := slices.Sorted(maps.Keys(b.at))
	for i := 0; i < len(numbers); {
		k := i + 1
		for k < len(numbers) && numbers[k] == numbers[k-1]+1 {
			k++
		}
		fmt.Fprintf(&s, "%d %d\n", numbers[i], k-i)
		for ; i < k; i++ {
			s.WriteString(b.at[numbers[i]])
		}
	}
	return s.String()
}

func (b *builder) prevKey() string {
	if b.prev == 0 {
		return ""
	}
	return fmt.Sprintf("/Prev %d", b.prev)
}

// table ends a revision with a cross-reference table.
func (b *builder) table(trailer string) *builder {
	at := b.Len()
	fmt.Fprintf(b, "xref\n%strailer\n<</Size %d%s/Root 1 0 R%s>>\n", b.subsections(), b.size, b.prevKey(), trailer)
	return b.end(at)
}

func (b *builder) end(section int) *builder {
	fmt.Fprintf(b, "startxref\n%d\n%%%%EOF\n", section)
	b.prev, b.at = section, map[int64]string{}
	return b
}

// crossStream ends a revision with a cross-reference stream. Entries written as
// "c number index" are compressed ones.
func (b *builder) crossStream(number int64, trailer string) *builder {
	at := b.Len()
	b.writeCrossStream(number, trailer)
	return b.end(at)
}

func (b *builder) writeCrossStream(number int64, trailer string) {
	at := b.Len()
	b.entry(number, fmt.Sprintf("%010d 00000 n \n", at))
	var rows []byte
	var index strings.Builder
	for _, n := range slices.Sorted(maps.Keys(b.at)) {
		var first, second int64
		kind := byte(1)
		if _, err := fmt.Sscanf(b.at[n], "c %d %d", &first, &second); err == nil {
			kind = 2
		} else {
			var letter rune
			_, _ = fmt.Sscanf(b.at[n], "%d %d %c", &first, &second, &letter)
			if letter == 'f' {
				kind = 0
			}
		}
		rows = append(rows, kind, byte(first>>24), byte(first>>16), byte(first>>8), byte(first), byte(second>>8), byte(second))
		fmt.Fprintf(&index, "%d 1 ", n)
	}
	fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\n", number, streamBody(fmt.Sprintf("/Type/XRef/W[1 4 2]/Index[%s]/Size %d/Root 1 0 R/Filter/FlateDecode%s%s",
		index.String(), b.size, b.prevKey(), trailer), deflated(rows)))
}

// objects writes an object stream that holds bodies under their numbers.
func (b *builder) objects(container int64, dict string, numbers []int64, bodies []string) *builder {
	var head, data strings.Builder
	for i, n := range numbers {
		fmt.Fprintf(&head, "%d %d ", n, data.Len())
		data.WriteString(bodies[i] + " ")
		b.entry(n, fmt.Sprintf("c %d %d", container, i))
	}
	return b.stream(container, fmt.Sprintf("/Type/ObjStm/N %d/First %d/Filter/FlateDecode%s", len(numbers), head.Len(), dict),
		deflated([]byte(head.String()+data.String())))
}

func deflated(data []byte) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Bytes()
}

const (
	catalog = "<</Type/Catalog/Pages 2 0 R>>"
	pages   = "<</Type/Pages/Kids[3 0 R]/Count 1>>"
	page    = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>"
)

// onePage returns a builder with the objects 1 to 3.
func onePage() *builder {
	return newBuilder().object(1, catalog).object(2, pages).object(3, page)
}

// oneCompressedPage returns one with them in the object stream 4.
func oneCompressedPage() *builder {
	return newBuilder().objects(4, "", []int64{1, 2, 3}, []string{catalog, pages, page})
}

func openBytes(data []byte) (*File, error) {
	return Open(bytes.NewReader(data), int64(len(data)), nil)
}

func (b *builder) open(t *testing.T) *File {
	t.Helper()
	f, err := openBytes(b.Bytes())
	require.NoError(t, err)
	return f
}

// repaired opens a file that needs repair, and returns what was wrong with it.
func repaired(t *testing.T, data []byte) string {
	t.Helper()
	f, err := openBytes(data)
	require.NoError(t, err)
	require.True(t, f.Repaired)
	if f.Damage != nil {
		return f.Damage.Text
	}
	require.True(t, f.Sections[0].Repaired)
	for _, a := range f.Anomalies() {
		if a.Code == SectionRebuilt {
			return a.Text
		}
	}
	require.Fail(t, "no reason for the repair")
	return ""
}

// codes returns the codes of the anomalies, sorted, each once.
func codes(f *File) []AnomalyCode {
	var c []AnomalyCode
	for _, a := range f.Anomalies() {
		c = append(c, a.Code)
	}
	slices.Sort(c)
	return slices.Compact(c)
}

// value returns the value of an object of a view.
func value(t *testing.T, v *View, number int64) Object {
	t.Helper()
	o, err := v.Object(Reference{Number: number})
	require.NoError(t, err)
	return o.Value
}
