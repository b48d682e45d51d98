package interop_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
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

// TestWeRaiseTheirs raises signatures that EU DSS and pyHanko made, at each level,
// to B-LTA, and what is at B-LTA already gets a further document time stamp.
func TestWeRaiseTheirs(t *testing.T) {
	s := newServices(t)
	judges := []*adesPeer{dss(t), hankoAdES(t)}
	for _, form := range testpdf.Forms {
		for _, level := range levels() {
			id := s.signer(t, testpki.RSA2048)
			for _, maker := range judges {
				t.Run(form.String()+" "+level.String()+" "+maker.name, func(t *testing.T) {
					task := s.task("sign", write(t, "in.pdf", testpdf.Contract(1, form).Bytes()))
					task.Level = strings.TrimPrefix(level.String(), "PAdES-")
					task.Key, task.Chain = keyFiles(t, id)
					theirs := maker.make(t, task)
					raised := extend(t, theirs, &pades.ExtendOptions{
						Level: pades.BLTA, TSA: &tsa.Client{URL: s.tsaURL()}, Revocation: s.source(), Trust: s.pki.PKI.Pool(),
					})
					qpdfCheck(t, write(t, "raised.pdf", raised)) // DSS itself writes a /Size that qpdf does not like
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
	s.assertPassed(t, file, "", pades.BLTA)
}

func extend(t *testing.T, data []byte, o *pades.ExtendOptions) []byte {
	t.Helper()
	doc, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	defer doc.Close()
	require.NoError(t, doc.Extend(context.Background(), o))
	var out bytes.Buffer
	_, err = doc.WriteTo(&out)
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(out.Bytes(), data), "bytes of the earlier file changed")
	return out.Bytes()
}
