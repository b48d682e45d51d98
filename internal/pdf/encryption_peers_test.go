package pdf_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/internal/testpdf"
)

// TestEncryptedByQPDF reads what qpdf encrypted.
func TestEncryptedByQPDF(t *testing.T) {
	qpdf := peertest.Program(t, "qpdf")
	dir := t.TempDir()
	in := filepath.Join(dir, "in.pdf")
	require.NoError(t, os.WriteFile(in, testpdf.Contract(2, testpdf.Table).Bytes(), 0o600))
	for name, encryption := range map[string][]string{
		"40":             {"40", "--"},
		"128 RC4":        {"128", "--use-aes=n", "--"},
		"128 V4 RC4":     {"128", "--use-aes=n", "--force-V4", "--"},
		"128 AES":        {"128", "--use-aes=y", "--"},
		"128 metadata":   {"128", "--use-aes=y", "--cleartext-metadata", "--"},
		"256 R5":         {"256", "--force-R5", "--"},
		"256":            {"256", "--"},
		"256 restricted": {"256", "--modify=none", "--"},
		"256 metadata":   {"256", "--cleartext-metadata", "--"},
	} {
		for form, arguments := range map[string][]string{
			"table":             {"--object-streams=disable"},
			"stream":            {"--object-streams=generate"},
			"linearized":        {"--linearize", "--object-streams=disable"},
			"linearized stream": {"--linearize", "--object-streams=generate"},
		} {
			t.Run(name+" "+form, func(t *testing.T) {
				out := filepath.Join(t.TempDir(), "out.pdf")
				all := append([]string{"--allow-weak-crypto", "--static-id"}, arguments...)
				all = append(append(append(all, "--encrypt", "u\u00dfer", "own\u00e9r"), encryption...), in, out)
				printed, err := exec.Command(qpdf, all...).CombinedOutput()
				require.NoError(t, err, "%s", printed)
				data, err := os.ReadFile(out)
				require.NoError(t, err)
				for password, owner := range map[string]bool{"u\u00dfer": false, "own\u00e9r": true} {
					f, err := openWith(data, password)
					require.NoError(t, err)
					require.Equal(t, owner, f.Encryption().Owner)
					for _, a := range f.Anomalies() {
						require.False(t, a.Ambiguous, "%v", a) // qpdf pads linearized files
					}
					require.Equal(t, "Service contract", text(t, f.Latest(), info(t, f.Latest()).Get("Title")))
				}
			})
		}
	}
}
