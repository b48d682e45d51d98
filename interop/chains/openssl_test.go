package chains_test

import (
	"bytes"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/stretchr/testify/require"
)

// openssl is the program in a folder of its own.
type openssl struct {
	program, folder string
}

func newOpenSSL(t *testing.T) *openssl {
	t.Helper()
	return &openssl{peertest.Program(t, "openssl"), t.TempDir()}
}

// write writes a file of the folder.
func (o *openssl) write(t *testing.T, name string, data []byte) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(o.folder, name), data, 0o600))
}

func (o *openssl) certificates(t *testing.T, name string, list ...*certificate.Certificate) {
	t.Helper()
	var text bytes.Buffer
	for _, c := range list {
		require.NoError(t, pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
	}
	o.write(t, name, text.Bytes())
}

func (o *openssl) crls(t *testing.T, name string, list ...[]byte) {
	t.Helper()
	var text bytes.Buffer
	for _, der := range list {
		require.NoError(t, pem.Encode(&text, &pem.Block{Type: "X509 CRL", Bytes: der}))
	}
	o.write(t, name, text.Bytes())
}

// run returns what the program prints, and whether it succeeded.
func (o *openssl) run(t *testing.T, args ...string) (string, bool) {
	t.Helper()
	command := exec.CommandContext(t.Context(), o.program, args...)
	command.Dir = o.folder
	out, err := command.CombinedOutput()
	return string(out), err == nil
}
