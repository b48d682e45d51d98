package interop_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
	"github.com/stretchr/testify/require"
)

// TestTheyRaiseOurs lets EU DSS and pyHanko raise our signatures of each level to
// B-LTA: both must accept the result, and we must find our signature as it was.
func TestTheyRaiseOurs(t *testing.T) {
	s := newServices(t)
	judges := []*adesPeer{dss(t), hankoAdES(t)}
	for _, form := range testpdf.Forms {
		for _, level := range levels() {
			if level == pades.BLTA {
				continue
			}
			id := s.signer(t, testpki.RSA2048)
			ours := signWith(t, testpdf.Contract(1, form).Bytes(), "", &pades.Signer{Key: id.Key, Chain: id.Chain}, s.options(level))
			for _, maker := range judges {
				t.Run(form.String()+" "+level.String()+" "+maker.name, func(t *testing.T) {
					task := s.task("extend", write(t, "ours.pdf", ours))
					task.Level = "B-LTA"
					raised := maker.make(t, task)
					require.True(t, bytes.HasPrefix(raised, ours), "bytes of the earlier file changed")
					requireRaised(t, s, judges, raised)
				})
			}
		}
	}
}

// requireRaised demands that everybody accepts a file with one signature at B-LTA.
func requireRaised(t *testing.T, s *services, judges []*adesPeer, data []byte) {
	t.Helper()
	file := write(t, "raised.pdf", data)
	for _, judge := range judges {
		assertLevel(t, judge.do(t, s.judgeTask(file, "", pades.BLTA)), pades.BLTA, false, judge.name)
	}
	report, err := verify.File(context.Background(), file, &verify.Options{Trust: s.pki.PKI.Pool()})
	require.NotNil(t, report, "%v", err)
	require.True(t, report.Intact, "%+v", report.Findings)
	require.True(t, report.Signatures[0].Intact)
}
