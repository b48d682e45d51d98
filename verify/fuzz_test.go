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

// signedBytes are the bytes that a signature of a report was made over.
func signedBytes(file []byte, s *verify.Signature) string {
	r := s.ByteRange
	return string(file[r[0]:r[0]+r[1]]) + "|" + string(file[r[2]:r[2]+r[3]])
}

// FuzzVerify: no file makes the verifier panic, and no signature is valid over
// other bytes than those that the owner of the key signed. (The gap itself is
// open to changes in the padding and the unsigned parts of the CMS.)
func FuzzVerify(f *testing.F) {
	m := newMaker(f)
	signed := make(map[string]bool)
	for _, seed := range seeds(f, m) {
		f.Add(seed)
		for _, s := range m.judge(f, seed).Signatures {
			signed[signedBytes(seed, s)] = true
		}
	}
	require.NotEmpty(f, signed)
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := verify.Reader(context.Background(), bytes.NewReader(file), int64(len(file)), m.options())
		if r == nil {
			require.Error(t, err)
			return
		}
		require.Equal(t, r.Passed() && r.Indication == verify.TotalPassed, err == nil)
		_, err = json.Marshal(r)
		require.NoError(t, err)
		for _, s := range r.Signatures {
			if s.Intact || s.Crypto == verify.CryptoValid || s.Indication == verify.TotalPassed {
				require.True(t, signed[signedBytes(file, s)], "valid over bytes that nobody signed")
			}
		}
	})
}
