package mutate

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

const file = "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n" +
	"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000056 00000 n \ntrailer\n<</Size 3/Root 1 0 R>>\nstartxref\n101\n%%EOF\n"

func TestMutants(t *testing.T) {
	m := New([][]byte{[]byte(file), []byte("%PDF-1.0\n")})
	different := map[string]bool{}
	for seed := range uint64(500) {
		one := m.Mutant(seed)
		require.Equal(t, one, m.Mutant(seed), "a seed has one mutant")
		different[string(one)] = true
		given := []byte("<</A 1 0 R/B[2 3]>>")
		require.Equal(t, m.Of(given, seed), m.Of(given, seed))
		require.Equal(t, "<</A 1 0 R/B[2 3]>>", string(given), "what is given stays as it is")
	}
	require.Greater(t, len(different), 300)
	require.Equal(t, file, string(m.files[0]), "the files stay as they are")
	require.Panics(t, func() { New(nil) })
}

// Every change changes something, on any input it does not panic.
func TestEveryChange(t *testing.T) {
	m := New([][]byte{[]byte(file)})
	m.Mutant(1)
	for i, change := range []func([]byte) []byte{
		m.number, m.keyNumber, m.reference, m.name, m.entry, m.object, m.dictionary, m.inStream,
		m.bytes, m.bracket, m.remove, m.cut, m.repeat, m.splice, m.keyword,
	} {
		changed := false
		for range 50 {
			changed = changed || !bytes.Equal(change([]byte(file)), []byte(file))
			for _, short := range []string{"", "1", "stream\n\nendstream", "<<", "/A", "1 0 R", "obj"} {
				change([]byte(short))
			}
		}
		require.Equal(t, i != 7, changed, "change %d", i) // no compressed stream is in this file
	}
}
