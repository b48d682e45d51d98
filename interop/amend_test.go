package interop_test

import (
	"testing"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// amendment is what a contract gets before it is signed.
func amendment() *pades.Amendment {
	return &pades.Amendment{
		Stamps: []pades.Stamp{
			{Appearance: &appearance.Text{Text: "8f14e45fceea167a5a36dedd4bea2543", Size: 7}, Rect: pades.Rect{X: 20, Y: 14, Width: 240, Height: 10}},
			{Appearance: &appearance.Text{Text: "{page} / {pages}"}, Anchor: pades.BottomMiddle, Rect: pades.Rect{Y: 14, Width: 60, Height: 10}},
			{Appearance: &appearance.Seal{Name: "Ann Lee"}, Across: true, Rect: pades.Rect{Y: 300, Width: 60, Height: 60}},
		},
		Attachments: []pades.Attachment{{Name: "manifest.json", Data: []byte("{}"), MIMEType: "application/json", Relationship: pades.RelationData}},
		Metadata:    &pades.Metadata{Title: "業務委託契約書", Author: "A", Language: "ja"},
	}
}

// TestAmended: what is stamped, attached and described is valid for EU DSS and pyHanko
// when it is signed, at every level, in files of every form.
func TestAmended(t *testing.T) {
	s := newServices(t)
	judges := adesPeers(t)
	for _, form := range testpdf.Forms {
		for _, level := range []pades.Level{pades.BB, pades.BT, pades.BLT, pades.BLTA} {
			t.Run(form.String()+" "+level.String(), func(t *testing.T) {
				id := s.signer(t, testpki.RSA2048)
				data := s.update(t, testpdf.Contract(3, form).Bytes(), "", func(d *pades.Document) error { return d.Amend(t.Context(), amendment()) })
				data = s.update(t, data, "", func(d *pades.Document) error {
					return d.Sign(t.Context(), &pades.Signer{Key: id.Key, Chain: id.Chain}, s.options(level))
				})
				file := write(t, "amended.pdf", data)
				for _, judge := range judges {
					answer := judge.do(t, s.judgeTask(file, "", level))
					require.Empty(t, answer.Error, judge.name)
					require.NotEmpty(t, answer.Signatures, judge.name)
					for _, sig := range answer.Signatures {
						assert.True(t, sig.Intact, "%s: %+v", judge.name, sig)
						if level >= pades.BLT {
							assert.Contains(t, sig.Indication, "PASSED", "%s: %+v", judge.name, sig)
						}
					}
				}
				qpdfCheck(t, file)
			})
		}
	}
}

// TestRaisedPDFA: a file that follows PDF/A-2 follows PDF/A-3 when files are attached and
// the claim is raised.
func TestRaisedPDFA(t *testing.T) {
	s := newServices(t)
	data := s.update(t, archival(t, 2), "", func(d *pades.Document) error {
		a := amendment()
		a.Metadata.PDFAPart = 3
		return d.Amend(t.Context(), a)
	})
	file := write(t, "raised.pdf", data)
	veraPDF(t, "3b", file)
	veraPDF(t, "ua1", file)
}
