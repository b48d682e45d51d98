package verify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/verify"
)

// seeds builds the files that fuzzing starts from.
func seeds(t testing.TB, m *maker) [][]byte {
	var out [][]byte
	for _, form := range testpdf.Forms {
		once := m.sign(t, contract(form), entry{form: form})
		out = append(out, contract(form), once, m.sign(t, once, entry{form: form}), m.sign(t, once, m.timestamp(t)),
			update(once, form, testpdf.Object{Number: 11, Body: "<<>>", Data: []byte("other")}))
	}
	require.GreaterOrEqual(t, len(out), 15)
	return out
}

// FuzzVerify: no file makes the verifier panic, and none passes or is intact
// that was not made by the owner of the key: the seeds and nothing else.
func FuzzVerify(f *testing.F) {
	m := newMaker(f)
	known := make(map[string]bool)
	for _, seed := range seeds(f, m) {
		f.Add(seed)
		known[string(bytes.TrimRight(seed, "\x00\t\n\f\r "))] = true
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := verify.Reader(context.Background(), bytes.NewReader(file), int64(len(file)), m.options())
		if r == nil {
			require.Error(t, err)
			return
		}
		require.Equal(t, r.Passed() && r.Indication == verify.TotalPassed, err == nil)
		_, err = json.Marshal(r)
		require.NoError(t, err)
		if !r.Intact || known[string(bytes.TrimRight(file, "\x00\t\n\f\r "))] {
			return
		}
		// Whoever cuts a file after a signed revision has a sound file again.
		for seed := range known {
			if bytes.HasPrefix([]byte(seed), bytes.TrimRight(file, "\x00\t\n\f\r ")) {
				return
			}
		}
		// Harmless updates may be made by anyone; the signed bytes are as they were.
		for _, s := range r.Signatures {
			require.NotEqual(t, verify.CoverageFile, s.Coverage, "an unknown file is covered in full by a valid signature")
		}
	})
}
