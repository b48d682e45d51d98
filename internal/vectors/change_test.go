package vectors_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/vectors"
	"github.com/inkan-go/inkan/verify"
	"github.com/stretchr/testify/require"
)

// TestChanges makes every change after an approval signature and after a
// certification with each permission, in every cross-reference form.
func TestChanges(t *testing.T) {
	maker, err := vectors.NewMaker()
	require.NoError(t, err)
	for _, c := range vectors.Changes() {
		for permission := range 4 {
			for _, form := range testpdf.Forms {
				t.Run(fmt.Sprintf("%s P%d %s", c.Name, permission, form), func(t *testing.T) {
					data, err := c.Build(maker, form, permission)
					require.NoError(t, err)
					report, _ := verify.Reader(context.Background(), bytes.NewReader(data), int64(len(data)), &verify.Options{Trust: maker.PKI.Pool(), At: maker.Time()})
					require.NotNil(t, report)
					first := report.Signatures[0]
					text, err := json.MarshalIndent(first, "", " ")
					require.NoError(t, err)
					require.Equal(t, verify.CryptoValid, first.Crypto, "%s", text)
					require.Equal(t, verify.StructureSound, first.Structure, "%s", text)
					require.Equal(t, c.Worst, first.Changes, "%s", text)
					require.Equal(t, c.Allowed[permission], first.ChangesAllowed, "%s", text)
					require.Equal(t, c.Allowed[permission], first.Intact, "%s", text)
					if !first.Intact {
						require.NotEmpty(t, first.Findings, "no finding says why")
					}
				})
			}
		}
	}
}
