package vectors_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/inkan-go/inkan/internal/vectors"
	"github.com/inkan-go/inkan/verify"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write testdata again")

const folder = "../../testdata"

// TestFiles makes every vector again and compares it with testdata.
func TestFiles(t *testing.T) {
	maker, err := vectors.NewMaker()
	require.NoError(t, err)
	if *update {
		old, err := filepath.Glob(filepath.Join(folder, "*.pdf"))
		require.NoError(t, err)
		for _, name := range old {
			require.NoError(t, os.Remove(name))
		}
	}
	all := vectors.All()
	built := map[string][]byte{}
	for _, v := range all {
		data, known := built[v.File]
		require.True(t, !known || v.Conditions != nil, "%s is there twice", v.File)
		if !known {
			data, err = v.Build(maker)
			require.NoError(t, err, v.File)
			built[v.File] = data
		}
		sum := sha256.Sum256(data)
		v.SHA256 = hex.EncodeToString(sum[:])
		if known {
			continue
		}
		name := filepath.Join(folder, v.File)
		if *update {
			require.NoError(t, os.WriteFile(name, data, 0o644))
		}
		want, err := os.ReadFile(name)
		require.NoError(t, err)
		require.True(t, bytes.Equal(want, data), "%s is not what its generator makes; see whether the change is meant, then run make golden", v.File)
	}
	list, err := json.MarshalIndent(all, "", " ")
	require.NoError(t, err)
	list = append(list, '\n')
	name := filepath.Join(folder, "vectors.json")
	if *update {
		require.NoError(t, os.WriteFile(name, list, 0o644))
	}
	for _, anchor := range []string{vectors.FixedRoot, vectors.SignRoot, vectors.StampRoot} {
		c, err := maker.Anchor(anchor)
		require.NoError(t, err)
		data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
		if *update {
			require.NoError(t, os.WriteFile(filepath.Join(folder, anchor), data, 0o644))
		}
		want, err := os.ReadFile(filepath.Join(folder, anchor))
		require.NoError(t, err)
		require.Equal(t, string(want), string(data), anchor)
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(want), string(list))
}

// TestVerdicts judges every file of testdata.
func TestVerdicts(t *testing.T) {
	maker, err := vectors.NewMaker()
	require.NoError(t, err)
	for _, v := range vectors.All() {
		t.Run(v.File+" "+v.Source, func(t *testing.T) {
			options, err := v.Options(maker)
			require.NoError(t, err)
			judge := func(password string) (*verify.Report, error) {
				o := *options
				o.Password = password
				return verify.File(context.Background(), filepath.Join(folder, v.File), &o)
			}
			report, err := judge("")
			if len(v.Passwords) == 0 {
				compare(t, v, report, err)
				return
			}
			for _, password := range v.Passwords {
				report, err := judge(password)
				compare(t, v, report, err)
				require.True(t, report.Encrypted)
			}
			if v.Passwords[0] == "" {
				return // anybody opens it
			}
			require.Nil(t, report)
			require.ErrorIs(t, err, verify.ErrPassword)
			report, wrong := judge("wrong")
			require.Nil(t, report)
			require.ErrorIs(t, wrong, verify.ErrPassword)
			require.NotEqual(t, err.Error(), wrong.Error(), "missing and wrong are told apart")
		})
	}
}

func compare(t *testing.T, v *vectors.Vector, report *verify.Report, err error) {
	want := v.Expect
	if want.Unreadable {
		require.Error(t, err)
		require.True(t, report == nil || report.Error != "")
		return
	}
	require.NotNil(t, report, "%v", err)
	text, jsonErr := json.MarshalIndent(report, "", " ")
	require.NoError(t, jsonErr)
	require.Equal(t, want.Indication == verify.TotalPassed, err == nil, "%v\n%s", err, text)
	require.Equal(t, want.Indication, report.Indication, "%s", text)
	require.Equal(t, want.Intact, report.Intact, "%s", text)
	require.Len(t, report.Signatures, len(want.Signatures), "%s", text)
	codes := []string{}
	for _, f := range report.Findings {
		codes = append(codes, f.Code)
	}
	for i, w := range want.Signatures {
		got := report.Signatures[i]
		open := func(axis string) bool { return slices.Contains(w.Any, axis) }
		if !open("crypto") {
			require.Equal(t, w.Crypto, got.Crypto, "%s", text)
		}
		if !open("structure") {
			require.Equal(t, w.Structure, got.Structure, "%s", text)
		}
		if !open("coverage") {
			require.Equal(t, w.Coverage, got.Coverage, "%s", text)
		}
		if !open("changes") {
			require.Equal(t, w.Changes, got.Changes, "%s", text)
		}
		require.Equal(t, w.Indication, got.Indication, "%s", text)
		if w.SubIndication != "" {
			require.Equal(t, w.SubIndication, got.SubIndication, "%s", text)
		}
		if v.Conditions != nil {
			require.Equal(t, w.SubIndication, got.SubIndication, "%s", text)
			require.Equal(t, w.BestTime, got.BestTime.String(), "%s", text)
		}
		for k, stamp := range w.Timestamps {
			require.Len(t, got.Timestamps, len(w.Timestamps), "%s", text)
			is := got.Timestamps[k]
			require.Equal(t, stamp, vectors.Timestamp{Kind: is.Kind, Indication: is.Indication, SubIndication: is.SubIndication}, "%s", text)
		}
		if got.Indication != verify.TotalPassed {
			require.NotEmpty(t, slices.Concat(got.Findings, report.Findings), "no finding says why\n%s", text)
		}
		for _, f := range got.Findings {
			codes = append(codes, f.Code)
		}
	}
	require.Subset(t, codes, want.Findings)
}
