package interop_test

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// suite is where the outside conformance suite lies, if it does.
const suite = "../../shared/conformance/corpus"

const (
	perProducer = 2
	maxForeign  = 1 << 20 // bytes of a file, to spare time
)

// TestArchiveForeign puts an archive time stamp over signatures of other producers
// whose certificates have expired, over what they hold: what cannot be had any more
// is accepted by name. Every judge still says of each signature what it said before,
// and accepts the time stamp.
func TestArchiveForeign(t *testing.T) {
	if _, err := os.Stat(suite); err != nil {
		t.Skip("the conformance suite is not here")
	}
	s := newServices(t)
	judges := adesPeers(t)
	for _, producer := range []string{"SIGNED-DSS", "SIGNED-ITEXT", "SIGNED-PYHANKO", "SIGNED-SIVA", "SIGNED-OTHER"} {
		files, err := filepath.Glob(filepath.Join(suite, producer, "*.pdf"))
		require.NoError(t, err)
		done := 0
		for _, file := range files {
			if done == perProducer || !expired(t, file) {
				continue
			}
			done++
			t.Run(producer+" "+filepath.Base(file), func(t *testing.T) { s.archive(t, judges, file) })
		}
		require.NotZero(t, done, producer)
	}
}

// expired tells whether the signatures of a file are intact, and the certificates of
// some signers have expired.
func expired(t *testing.T, file string) bool {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	if len(data) > maxForeign {
		return false
	}
	report, _ := verify.File(context.Background(), file, nil)
	if !report.Intact || report.Encrypted {
		return false
	}
	return slices.ContainsFunc(report.Signatures, func(s *verify.Signature) bool {
		contents, err := hex.DecodeString(string(data[s.ByteRange[1]+1 : s.ByteRange[2]-1]))
		if err != nil {
			return false
		}
		object, _, err := cms.Parse(contents)
		if err != nil {
			return false
		}
		signer, err := object.SignerCertificate(object.SignerInfos[0])
		return err == nil && signer.NotAfter.Before(time.Now())
	})
}

func (s *services) archive(t *testing.T, judges []*adesPeer, file string) {
	t.Helper()
	before, err := os.ReadFile(file)
	require.NoError(t, err)
	after := write(t, "archived.pdf", s.update(t, before, "", s.extendOverGaps))

	for _, judge := range judges {
		was, is := judge.do(t, s.task("judge", file)), judge.do(t, s.task("judge", after))
		require.Equal(t, was.Error, is.Error, judge.name)
		if is.Error != "" {
			continue // the judge does not read the producer's file
		}
		require.Len(t, is.Signatures, len(was.Signatures), judge.name)
		for i, signature := range is.Signatures {
			assert.Equal(t, verdictOf(was.Signatures[i]), verdictOf(signature), "%s: %+v", judge.name, signature)
		}
		require.Greater(t, len(is.Timestamps), len(was.Timestamps), judge.name)
		for _, stamp := range is.Timestamps[len(was.Timestamps):] { // two where there was none at all
			assert.Equal(t, "DOCUMENT_TIMESTAMP PASSED", stamp.Kind+" "+stamp.Indication, "%s: %+v", judge.name, stamp)
		}
	}
	theirs := pdfsig(t, file)
	for i, signature := range pdfsig(t, after)[:len(theirs)] {
		assert.Equal(t, theirs[i].validation, signature.validation)
	}
	report, _ := verify.File(context.Background(), after, nil)
	require.True(t, report.Intact)
}

// verdictOf is what must not get worse.
func verdictOf(s adesSignature) [4]string {
	intact := map[bool]string{true: "intact"}[s.Intact]
	return [4]string{intact, s.Format, s.Crypto, s.Indication}
}

// extendOverGaps raises a document to B-LTA, and lets exactly those gaps pass that a
// first attempt named.
func (s *services) extendOverGaps(d *pades.Document) error {
	var named []string
	attempt := func(decide func(gap string) pades.GapAction) error {
		o := s.extension()
		o.Trust = nil // paths lead to whoever signed themselves
		o.Evidence = &pades.EvidencePolicy{OnGap: func(g *pades.Gap) pades.GapAction {
			name := g.Kind.String() + " " + g.Field
			if g.Certificate != nil {
				name += fmt.Sprintf(" %x", g.Certificate.Raw)
			}
			return decide(name)
		}}
		return d.Extend(context.Background(), o)
	}
	err := attempt(func(gap string) pades.GapAction {
		named = append(named, gap)
		return pades.GapFails
	})
	var missing *pades.EvidenceError
	if !errors.As(err, &missing) {
		return err
	}
	return attempt(func(gap string) pades.GapAction {
		if slices.Contains(named, gap) {
			return pades.GapAllowed
		}
		return pades.GapFails
	})
}
