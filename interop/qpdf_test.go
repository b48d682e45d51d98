package interop_test

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/peertest"
)

// qpdfSignatures returns /Name, /Reason and /Location of every signature
// dictionary, as qpdf reads them.
func qpdfSignatures(t *testing.T, file string) [][3]string {
	t.Helper()
	out, err := exec.Command(peertest.Program(t, "qpdf"), "--json=2", "--json-key=qpdf", file).Output()
	require.NoError(t, err)
	var dump struct {
		QPDF []json.RawMessage `json:"qpdf"`
	}
	require.NoError(t, json.Unmarshal(out, &dump))
	require.Len(t, dump.QPDF, 2)
	var objects map[string]struct {
		Value json.RawMessage `json:"value"`
	}
	require.NoError(t, json.Unmarshal(dump.QPDF[1], &objects))
	var all [][3]string
	for _, o := range objects {
		var dict map[string]any
		if json.Unmarshal(o.Value, &dict) != nil || dict["/Type"] != "/Sig" {
			continue
		}
		text := func(key string) string {
			s, _ := dict[key].(string)
			return strings.TrimPrefix(s, "u:")
		}
		all = append(all, [3]string{text("/Name"), text("/Reason"), text("/Location")})
	}
	return all
}
