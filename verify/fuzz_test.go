package verify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
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

// FuzzArchive: long after everything but the last time stamp has expired, no file makes
// the verifier panic, and nothing passes or is older than what was signed and stamped.
func FuzzArchive(f *testing.F) {
	w, file := archivedFile(f)
	late := w.file(w.signature(nil, nil), w.ltv(days(1)), w.document(at{w.stamper(years(2), nil), days(2)}), w.document(at{w.stamper(years(30), nil), years(1)}))
	signed := make(map[string]bool)
	for _, seed := range [][]byte{file, late} {
		f.Add(seed)
		r := w.judgeAt(seed, years(22))
		require.True(f, r.Passed(), "%+v", r.Signatures[0].Findings)
		for _, s := range r.Signatures {
			signed[signedBytes(seed, s)] = true
		}
	}
	o := &verify.Options{Trust: certificate.NewPool(), At: years(22), Now: func() time.Time { return years(22) }}
	o.Trust.Add(w.pki.Root.Certificate, certificate.Signing)
	o.Trust.Add(w.stamps.Root.Certificate, certificate.TimeStamping)
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := verify.Reader(context.Background(), bytes.NewReader(file), int64(len(file)), o)
		if r == nil {
			require.Error(t, err)
			return
		}
		for _, s := range r.Signatures {
			// What time stamps cover has random signatures in it, other ones in every process.
			if s.Indication == verify.TotalPassed && s.Kind != verify.KindTimestamp {
				require.True(t, signed[signedBytes(file, s)], "valid over bytes that nobody signed")
			}
			require.True(t, s.BestTime.IsZero() || !s.BestTime.Before(hours(1)), "older than the first time stamp")
		}
	})
}

// TestArchiveFlips: no bit of what the last time stamp covers can change unseen.
func TestArchiveFlips(t *testing.T) {
	w, file := archivedFile(t)
	sound := w.judgeAt(file, years(22))
	require.True(t, sound.Passed())
	last := sound.Signatures[len(sound.Signatures)-1].ByteRange
	covered := append(append([]byte(nil), file[:last[1]]...), file[last[2]:last[2]+last[3]]...)
	for i := 0; i < len(covered); i += 97 {
		at := i
		if int64(i) >= last[1] {
			at += int(last[2] - last[1])
		}
		changed := bytes.Clone(file)
		changed[at] ^= 1 << (i % 8)
		r, err := verify.Reader(t.Context(), bytes.NewReader(changed), int64(len(changed)), &verify.Options{
			Trust: w.stamps.Pool(), At: years(22), Now: func() time.Time { return years(22) },
		})
		require.Error(t, err, "byte %d", at)
		if r == nil {
			continue
		}
		for _, s := range r.Signatures {
			require.NotEqual(t, verify.TotalPassed, s.Indication, "byte %d", at)
		}
	}
}
