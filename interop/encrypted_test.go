package interop_test

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/internal/vectors"
	"github.com/inkan-go/inkan/verify"
)

// TestPeersAcceptEncryptedVectors shows every encrypted vector that must pass to
// qpdf, poppler and pyHanko, with the password of a user and that of the owner.
func TestPeersAcceptEncryptedVectors(t *testing.T) {
	qpdf, poppler := peertest.Program(t, "qpdf"), peertest.Program(t, "pdfsig")
	byPassword := map[string][]string{}
	for _, v := range vectors.All() {
		if v.Expect.Indication != verify.TotalPassed {
			continue
		}
		for _, password := range v.Passwords {
			byPassword[password] = append(byPassword[password], filepath.Join("..", "testdata", v.File))
		}
	}
	require.Len(t, byPassword, 3, "a user's, the owner's and none")
	for password, files := range byPassword {
		for _, hanko := range pyhankoWith(t, password, filepath.Join("..", "testdata", "root.pem"), files...) {
			t.Run(filepath.Base(hanko.File)+" "+password, func(t *testing.T) {
				ours, err := verify.File(context.Background(), hanko.File, &verify.Options{Trust: pool(t), At: testpki.Now(), Password: password})
				require.NoError(t, err)
				out, err := exec.Command(qpdf, "--password="+password, "--check", hanko.File).CombinedOutput()
				require.NoError(t, err, "%s", out)
				for _, flag := range []string{"-upw", "-opw"} {
					// poppler takes either password for what it is; of the two flags one opens the file
					out, err = exec.Command(poppler, "-nocert", "-no-ocsp", flag, password, hanko.File).CombinedOutput()
					if err == nil {
						break
					}
				}
				require.NoError(t, err, "%s", out)
				require.Equal(t, len(ours.Signatures), strings.Count(string(out), "Signature is Valid."), "%s", out)
				if strings.Contains(hanko.File, "encrypted-r5-") {
					require.NotEmpty(t, hanko.Error, "pyHanko takes revision 5, which was never standardised, for 6; if it reads it now, ask it")
					return
				}
				require.Empty(t, hanko.Error)
				require.Len(t, hanko.Signatures, len(ours.Signatures))
				for i, s := range hanko.Signatures {
					require.True(t, s.BottomLine, "%+v", s)
					require.Equal(t, ours.Signatures[i].Field, s.Field)
				}
			})
		}
	}
}
