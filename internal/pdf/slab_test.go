package pdf

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSlabParts: what is cut from one piece never reaches into its neighbour, and each part
// is as it was copied, at all sizes around a piece.
func TestSlabParts(t *testing.T) {
	var s slab
	var dicts []*Dict
	var arrays []*Array
	for n := range 3 * slabItems {
		entries := make([]Entry, n)
		values := make([]Object, n)
		for i := range n {
			entries[i] = Entry{Key: Name(fmt.Sprint(n)), Value: Integer(i)}
			values[i] = Integer(n*1000 + i)
		}
		dicts = append(dicts, s.dict(entries, span(n, 2*n)))
		arrays = append(arrays, s.array(values, span(n, 3*n)))
	}
	for n, d := range dicts {
		a := arrays[n]
		require.Equal(t, span(n, 2*n), d.Span)
		require.Equal(t, span(n, 3*n), a.Span)
		require.Len(t, d.Entries, n)
		require.Len(t, a.Items, n)
		require.Equal(t, n, cap(d.Entries), "appending to it writes elsewhere")
		require.Equal(t, n, cap(a.Items), "appending to it writes elsewhere")
		for i := range n {
			require.Equal(t, Entry{Key: Name(fmt.Sprint(n)), Value: Integer(i)}, d.Entries[i])
			require.Equal(t, Object(Integer(n*1000+i)), a.Items[i])
		}
	}
}

// TestSlabSharing: goroutines that read one file at the same time get the objects that each
// would get alone.
func TestSlabSharing(t *testing.T) {
	b := onePage()
	const first, objects = 10, 200
	body := func(n int64) string {
		return fmt.Sprintf("<</N %d/A[%s]/D<</R %d 0 R>>>>", n, strings.Repeat(fmt.Sprintf("%d ", n), int(n%40)), n)
	}
	for n := int64(first); n < first+objects; n++ {
		b.object(n, body(n))
	}
	v := b.table("").open(t).Latest()
	var reading sync.WaitGroup
	for worker := range 4 {
		reading.Go(func() {
			for i := range int64(objects) {
				n := first + (i*7+int64(worker)*50)%objects
				o, err := v.Object(Reference{Number: n})
				if err == nil && string(AppendValue(nil, o.Value)) != string(AppendValue(nil, valueOf(body(n)))) {
					err = fmt.Errorf("object %d is %s", n, o.Raw)
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	reading.Wait()
}

// valueOf parses one value by itself.
func valueOf(text string) Object {
	p := parser{lexer: lexer{buf: []byte(text), eof: true}}
	v, err := p.value(0)
	if err != nil {
		panic(err)
	}
	return v
}

// TestInternReference: every reference equals itself as an Object, low or not.
func TestInternReference(t *testing.T) {
	for _, n := range []int64{-1, 0, 1, int64(len(firstReferences)) - 1, int64(len(firstReferences)), maxObjectNumber} {
		for _, g := range []int64{0, 1, 65535} {
			require.Equal(t, Object(Reference{n, g}), internReference(Reference{n, g}))
		}
	}
}
