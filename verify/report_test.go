package verify_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/verify"
)

// keys returns the keys of a JSON object in the order in which they stand.
func keys(t *testing.T, object json.RawMessage) []string {
	d := json.NewDecoder(bytes.NewReader(object))
	_, err := d.Token()
	require.NoError(t, err)
	var out []string
	for d.More() {
		key, err := d.Token()
		require.NoError(t, err)
		out = append(out, key.(string))
		var value json.RawMessage
		require.NoError(t, d.Decode(&value))
	}
	return out
}

// TestJSON holds names and order of the fields against schema inkan.verify/1.
func TestJSON(t *testing.T) {
	m := newMaker(t)
	file := m.sign(t, m.sign(t, contract(testpdf.Table), entry{}), m.timestamp(t))
	text, err := json.Marshal(m.judge(t, file))
	require.NoError(t, err)
	require.Equal(t, strings.Fields("schema file error validation_time policy encrypted repaired indication intact next_action findings signatures"), keys(t, text))
	var report struct{ Signatures []json.RawMessage }
	require.NoError(t, json.Unmarshal(text, &report))
	require.Equal(t, strings.Fields("field kind sub_filter byte_range revision revisions intact crypto structure coverage changes changes_allowed additions "+
		"docmdp lock_action locks level digest algorithm key_bits document_digest indication sub_indication signer chain name reason location contact claimed_time best_time timestamps findings"),
		keys(t, report.Signatures[0]))
	var s struct {
		Signer     json.RawMessage
		Additions  []json.RawMessage
		Chain      []json.RawMessage
		Timestamps []json.RawMessage
	}
	require.NoError(t, json.Unmarshal(report.Signatures[0], &s))
	require.Equal(t, strings.Fields("subject issuer serial sha256"), keys(t, s.Signer))
	require.Equal(t, strings.Fields("revision kind page rect overlaps signed_by field subtype"), keys(t, s.Additions[0]))
	require.Equal(t, strings.Fields("subject sha256 anchor revocation source this_update"), keys(t, s.Chain[0]))
	require.NoError(t, json.Unmarshal(report.Signatures[1], &s))
	require.Equal(t, strings.Fields("kind time valid indication sub_indication policy serial tsa tsa_sha256 tsa_not_after imprint imprint_hash sha256 accredited"), keys(t, s.Timestamps[0]))
	require.NotContains(t, strings.ReplaceAll(string(text), `"signer":null`, ""), ":null", "lists are never null")

	var back verify.Report
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, verify.Indeterminate, min(back.Indication, verify.Indeterminate))
	again, err := json.Marshal(&back)
	require.NoError(t, err)
	require.Equal(t, string(text), string(again), "read and written again")
}

func TestJSONOfNothing(t *testing.T) {
	text, err := json.Marshal(&verify.Report{File: "a.pdf", Error: "why"})
	require.NoError(t, err)
	require.JSONEq(t, `{"schema":"inkan.verify/1","file":"a.pdf","error":"why"}`, string(text))

	text, err = json.Marshal(&verify.Report{Signatures: []*verify.Signature{{}}})
	require.NoError(t, err)
	for _, want := range []string{`"indication":"TOTAL-FAILED"`, `"crypto":"invalid"`, `"structure":"violated"`, `"coverage":"partial"`, `"changes":"unknown"`, `"intact":false`, `"kind":"approval"`} {
		require.Contains(t, string(text), want, "the zero value is the worst verdict")
	}
}

// TestStatusTexts reads back every word that is written, and refuses others.
func TestStatusTexts(t *testing.T) {
	for _, zero := range []any{new(verify.Indication), new(verify.Crypto), new(verify.Structure), new(verify.Coverage),
		new(verify.Changes), new(verify.Kind), new(verify.Revocation), new(verify.Severity)} {
		v := reflect.ValueOf(zero).Elem()
		n := 0
		for ; ; n++ {
			v.SetInt(int64(n))
			text, err := json.Marshal(v.Interface())
			if err != nil {
				break
			}
			back := reflect.New(v.Type())
			require.NoError(t, json.Unmarshal(text, back.Interface()))
			require.Equal(t, v.Int(), back.Elem().Int())
		}
		require.GreaterOrEqual(t, n, 3)
		require.Contains(t, v.MethodByName("String").Call(nil)[0].String(), "undefined")
		require.Error(t, json.Unmarshal([]byte(`"excellent"`), zero))
	}
}
