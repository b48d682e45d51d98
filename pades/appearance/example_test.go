package appearance_test

import (
	"context"
	"log"

	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
)

// A seal beside the signer's name and the time, in a frame at the lower right of
// the first page.
func Example() {
	var doc *pades.Document
	var signer *pades.Signer
	ctx := context.Background()

	font, err := appearance.OpenFont("ipaexm.ttf", 0) // once for all signatures
	if err != nil {
		log.Fatal(err)
	}
	fonts := []*appearance.Font{font}
	seal := &appearance.Frame{Border: 0.5, Padding: 3, Content: &appearance.Row{Gap: 4, Items: []appearance.Element{
		&appearance.Seal{Name: "山田", Fonts: fonts},
		&appearance.Text{Text: "{name}\n{time}", TimeLayout: "2006年1月2日 15:04", Fonts: fonts},
	}}}
	err = doc.Sign(ctx, signer, &pades.SignOptions{
		Name: "山田太郎", Appearance: seal, Page: 1, Rect: pades.Rect{X: 400, Y: 60, Width: 150, Height: 56},
	})
	if err != nil {
		log.Fatal(err)
	}
}
