package vectors_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"github.com/inkan-go/inkan/internal/vectors"
	"github.com/inkan-go/inkan/verify"
	"github.com/stretchr/testify/require"
)

// unreachable are the sub-indications of EN 319 102-1, Table 6, that no PDF can get,
// with the reason. Package verify has no names for them.
var unreachable = map[string]string{
	"SIGNED_DATA_NOT_FOUND": "what is signed is the file itself: a ByteRange that leads elsewhere is FORMAT_FAILURE, and a detached CMS is not judged without its content",
}

// standard are the sub-indications of EN 319 102-1, Table 6.
var standard = []verify.SubIndication{
	"FORMAT_FAILURE", "HASH_FAILURE", "SIG_CRYPTO_FAILURE", "REVOKED", "EXPIRED", "NOT_YET_VALID", "SIG_CONSTRAINTS_FAILURE", "CHAIN_CONSTRAINTS_FAILURE",
	"CERTIFICATE_CHAIN_GENERAL_FAILURE", "CRYPTO_CONSTRAINTS_FAILURE", "POLICY_PROCESSING_ERROR", "SIGNATURE_POLICY_NOT_AVAILABLE",
	"TIMESTAMP_ORDER_FAILURE", "NO_SIGNING_CERTIFICATE_FOUND", "NO_CERTIFICATE_CHAIN_FOUND", "NO_CERTIFICATE_CHAIN_FOUND_NO_POE", "REVOKED_NO_POE",
	"REVOKED_CA_NO_POE", "OUT_OF_BOUNDS_NOT_REVOKED", "OUT_OF_BOUNDS_NO_POE", "REVOCATION_OUT_OF_BOUNDS_NO_POE", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
	"NO_POE", "TRY_LATER", "SIGNED_DATA_NOT_FOUND",
}

// TestSubIndications: every sub-indication that package verify knows is reached by a
// vector and narrowly missed by one that passes, each with the clause that decides;
// and verify knows all those of the standard that a PDF can get.
func TestSubIndications(t *testing.T) {
	reached, missed := map[verify.SubIndication]int{}, map[verify.SubIndication]int{}
	for _, v := range vectors.All() {
		if v.Clause == "" {
			require.Empty(t, v.NearMiss, v.File)
			continue
		}
		if len(v.NearMiss) == 0 && len(v.Expect.Signatures) > 0 {
			reached[v.Expect.Signatures[0].SubIndication]++
		}
		for _, sub := range v.NearMiss {
			require.Equal(t, verify.TotalPassed, v.Expect.Indication, v.File)
			missed[sub]++
		}
	}
	names := subIndications(t)
	for _, sub := range names {
		require.NotZero(t, reached[sub], "no vector reaches %s", sub)
		require.NotZero(t, missed[sub], "no vector narrowly misses %s", sub)
		require.Contains(t, standard, sub)
	}
	for _, sub := range standard {
		require.NotEqual(t, slices.Contains(names, sub), unreachable[string(sub)] != "", sub)
	}
}

// subIndications reads the constants of that type from the source of package verify.
func subIndications(t *testing.T) []verify.SubIndication {
	file, err := parser.ParseFile(token.NewFileSet(), "../../verify/status.go", nil, 0)
	require.NoError(t, err)
	var list []verify.SubIndication
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if name, is := typeOf(spec, ok); is && name == "SubIndication" {
			for _, value := range spec.Values {
				text, err := strconv.Unquote(value.(*ast.BasicLit).Value)
				require.NoError(t, err)
				list = append(list, verify.SubIndication(text))
			}
		}
		return true
	})
	require.Greater(t, len(list), 20)
	return list
}

func typeOf(spec *ast.ValueSpec, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	name, is := spec.Type.(*ast.Ident)
	if !is {
		return "", false
	}
	return name.Name, true
}
