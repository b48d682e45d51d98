package interop_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// box is an appearance of one colour.
type box struct{}

func (box) Draw(_ context.Context, r *pades.AppearanceRequest) (*pades.AppearanceStream, error) {
	return &pades.AppearanceStream{Content: fmt.Appendf(nil, "0.8 0.1 0.1 rg 0 0 %g %g re f", r.Width, r.Height)}, nil
}

// TestVisible: visible signatures, in one place or on all pages, leave earlier ones
// valid for EU DSS and pyHanko, and are valid themselves.
func TestVisible(t *testing.T) {
	s := newServices(t)
	judges := adesPeers(t)
	for _, form := range testpdf.Forms {
		t.Run(form.String(), func(t *testing.T) {
			id := s.signer(t, testpki.RSA2048)
			data := testpdf.Contract(3, form).Bytes()
			for i, page := range []int{1, pades.AllPages, 2} {
				data = s.update(t, data, "", func(d *pades.Document) error {
					o := s.options(pades.BLT)
					o.Appearance, o.Page, o.Rect = box{}, page, pades.Rect{X: 20 + 90*float64(i), Y: 20, Width: 80, Height: 40}
					return d.Sign(t.Context(), &pades.Signer{Key: id.Key, Chain: id.Chain}, o)
				})
			}
			file := write(t, "visible.pdf", data)
			for _, judge := range judges {
				answer := judge.do(t, s.judgeTask(file, "", pades.BLT))
				require.Empty(t, answer.Error, judge.name)
				require.Len(t, answer.Signatures, 3, judge.name)
				for _, sig := range answer.Signatures {
					assert.True(t, sig.Intact, "%s: %+v", judge.name, sig)
					assert.Contains(t, sig.Indication, "PASSED", "%s: %+v", judge.name, sig)
				}
			}
			qpdfCheck(t, file)
		})
	}
}
