package pades_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
)

// offline is a source that has nothing.
type offline struct{}

func (offline) Issuers(context.Context, fetch.Query) (*fetch.Answer, error) {
	return &fetch.Answer{}, errors.New("offline")
}

func (offline) Revocation(context.Context, fetch.Query) (*fetch.Answer, error) {
	return &fetch.Answer{}, errors.New("offline")
}

// Every test vector, attacks included, is archived as it is or refused: what is stamped
// over is judged as before, and the stamp itself passes.
func TestExtendVectors(t *testing.T) {
	h := newHouse(t)
	stamper := h.authorityUntil(t, years(5), true)
	names, err := filepath.Glob("../testdata/*.pdf")
	require.NoError(t, err)
	extended := 0
	for _, name := range names {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), &pades.OpenOptions{Now: h.PKI.Now})
		if err != nil {
			continue
		}
		err = d.Extend(t.Context(), &pades.ExtendOptions{
			Level: pades.BLTA, TSA: stamper, Revocation: offline{}, IgnorePermissions: true,
			Evidence: &pades.EvidencePolicy{OnGap: func(*pades.Gap) pades.GapAction { return pades.GapAllowed }},
		})
		if err != nil {
			require.Equal(t, data, content(t, d), name)
			continue
		}
		extended++
		after := content(t, d)
		require.True(t, bytes.HasPrefix(after, data), name)
		judge := func(b []byte) *verify.Report {
			r, _ := verify.Reader(t.Context(), bytes.NewReader(b), int64(len(b)), &verify.Options{Trust: h.PKI.Pool(), At: h.PKI.Now().Add(time.Minute)})
			require.NotNil(t, r, name)
			return r
		}
		was, is := judge(data), judge(after)
		require.Greater(t, len(is.Signatures), len(was.Signatures), name)
		require.Equal(t, verify.TotalPassed, is.Signatures[len(is.Signatures)-1].Indication, "%s: %s", name, findings(is))
		for i, s := range was.Signatures {
			require.Equal(t, s.Crypto, is.Signatures[i].Crypto, "%s: %s", name, s.Field)
			if slices.ContainsFunc(s.Findings, func(f verify.Finding) bool { return f.Code == "file.ambiguous" }) {
				continue // what the newest trailer left open, such as how many objects there are, a newer one may settle
			}
			require.Equal(t, s.Structure, is.Signatures[i].Structure, "%s: %s", name, s.Field)
			require.Equal(t, s.Intact, is.Signatures[i].Intact, "%s: %s: %s", name, s.Field, findings(is))
		}
	}
	require.Greater(t, extended, 20, "of %d", len(names))
}
