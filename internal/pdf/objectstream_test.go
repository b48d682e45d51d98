package pdf

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// compressed returns a file with one more object stream, written by hand: its
// header, its objects, what else its dictionary holds, and the entry of 10.
func compressed(t *testing.T, header, objects, dict, entry10 string) *File {
	t.Helper()
	b := oneCompressedPage()
	b.stream(6, fmt.Sprintf("/Type/ObjStm/First %d%s", len(header), dict), []byte(header+objects))
	return b.entry(10, entry10).crossStream(5, "").open(t)
}

func TestObjectStreams(t *testing.T) {
	for name, c := range map[string]struct {
		header, objects, dict, entry string
		want                         string // of the string object 10
		code                         AnomalyCode
		text                         string // of the error
	}{
		"plain":              {"9 0 10 4 ", "(x) (ten)", "/N 2", "c 6 1", "ten", "", ""},
		"wrong index":        {"9 0 10 4 ", "(x) (ten)", "/N 2", "c 6 0", "ten", ObjectStreamIndex, ""},
		"index too high":     {"9 0 10 4 ", "(x) (ten)", "/N 2", "c 6 77", "ten", ObjectStreamIndex, ""},
		"twice":              {"10 0 10 6 ", "(evil) (ten)", "/N 2", "c 6 1", "ten", ObjectStreamOrder, ""},
		"twice, the second":  {"10 0 9 6 10 8 ", "(ten) 9 (evil)", "/N 3", "c 6 0", "ten", ObjectStreamOrder, ""},
		"out of order":       {"9 6 10 0 ", "(ten) (x)", "/N 2", "c 6 1", "ten", ObjectStreamOrder, ""},
		"one in another":     {"10 0 9 2 ", "(ten)", "/N 2", "c 6 0", "ten", ObjectStreamOrder, ""},
		"N too high":         {"10 0 ", "(ten)", "/N 2000000000", "c 6 0", "ten", ObjectStreamHeader, ""},
		"Extends itself":     {"10 0 ", "(ten)", "/N 1/Extends 6 0 R", "c 6 0", "ten", "", ""},
		"not there":          {"9 0 ", "(x)", "/N 1/Extends 6 0 R", "c 6 0", "", "", "does not hold"},
		"unclosed string":    {"10 0 ", "<41", "/N 1", "c 6 0", "", "", "ends within"},
		"unclosed array":     {"10 0 ", "[1 2", "/N 1", "c 6 0", "", "", "ends within"},
		"offset behind end":  {"10 99 ", "(ten)", "/N 1", "c 6 0", "", "", "does not hold"},
		"no N":               {"10 0 ", "(ten)", "", "c 6 0", "", "", "/N"},
		"First behind end":   {"10 0 ", "(ten)", "/N 1/First 99", "c 6 0", "", "", "/First"},
		"another type":       {"10 0 ", "(ten)", "/N 1/Type/Other", "c 6 0", "ten", ObjectStreamType, ""},
		"no object stream":   {"10 0 ", "(ten)", "/Type/Other", "c 6 0", "", "", "not an object stream"},
		"stream missing":     {"10 0 ", "(ten)", "/N 1", "c 8 0", "", "", "not in the file"},
		"in a compressed":    {"10 0 ", "(ten)", "/N 1", "c 3 0", "", "", "not in the file"},
		"in itself":          {"10 0 ", "(ten)", "/N 1", "c 10 0", "", "", "not in the file"},
		"unsupported filter": {"10 0 ", "(ten)", "/N 1/Filter/JPXDecode", "c 6 0", "", "", "/JPXDecode"},
	} {
		t.Run(name, func(t *testing.T) {
			f := compressed(t, c.header, c.objects, c.dict, c.entry)
			o, err := f.Latest().Object(Reference{Number: 10})
			if c.text != "" {
				require.ErrorContains(t, err, c.text)
				var e *Error
				require.ErrorAs(t, err, &e)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, string(o.Value.(String).Value))
			require.Equal(t, "("+c.want+")", string(o.Raw))
			if c.code != "" {
				require.Equal(t, []AnomalyCode{c.code}, codes(f))
			} else {
				require.Empty(t, f.Anomalies())
			}
			o, err = f.Latest().Object(Reference{10, 1})
			require.NoError(t, err)
			require.Equal(t, Null{}, o.Value)
		})
	}
}

// The length of an object stream that stands in the stream itself.
func TestObjectStreamNeedsItself(t *testing.T) {
	b := oneCompressedPage()
	b.object(6, "<</Type/ObjStm/N 1/First 5/Length 10 0 R>>stream\n10 0 7\nendstream")
	f := b.entry(10, "c 6 0").crossStream(5, "").open(t)
	require.Equal(t, Integer(7), value(t, f.Latest(), 10))
}

// A chain of object streams in which each needs the next for its length: where
// it is longer than maxNesting, "endstream" is looked for instead.
func TestNestingLimit(t *testing.T) {
	file := func(n int) *File {
		b := oneCompressedPage()
		for i := range n {
			number, length := 100+10*i, 101+10*i
			body := fmt.Sprintf("%03d 0 7", number-9) // the length of the stream before
			ref := fmt.Sprintf("%d 0 R", length)
			if i == n-1 {
				ref = fmt.Sprint(len(body))
			}
			b.object(int64(number), fmt.Sprintf("<</Type/ObjStm/N 1/First %d/Length %s>>stream\n%s\nendstream", len(body)-1, ref, body))
			b.entry(int64(number-9), fmt.Sprintf("c %d 0", number))
		}
		return b.crossStream(5, "").open(t)
	}
	for _, n := range []int{1, 3, 20} {
		f := file(n)
		require.Equal(t, Integer(7), value(t, f.Latest(), 91), n)
		require.Equal(t, n > maxNesting, len(f.Anomalies()) > 0, n)
	}
}

// Many objects that overlap cost no more than the budget.
func TestWorkLimit(t *testing.T) {
	b := onePage()
	const n = 3000
	var body strings.Builder
	for i := range n {
		b.entry(int64(10+i), fmt.Sprintf("%010d 00000 n \n", b.Len()+body.Len()))
		fmt.Fprintf(&body, "%d 0 obj(", 10+i)
	}
	b.WriteString(body.String() + strings.Repeat("x", 30<<10) + strings.Repeat(")", n) + " endobj\n")
	f := b.table("").open(t)
	var err error
	for i := 0; i < n && err == nil; i++ {
		_, err = f.Latest().Object(Reference{Number: int64(10 + i)})
	}
	require.ErrorIs(t, err, ErrLimit)
	require.ErrorContains(t, err, "overlap")
}
