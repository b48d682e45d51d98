package pades_test

import (
	"context"
	"fmt"

	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
)

// Before the first signature: the ID of the document and page numbers on every page, and
// data that whoever signs signs as well.
func ExampleDocument_Amend() {
	_, _, leave := inFolderWithContract()
	defer leave()
	doc, err := pades.Open("contract.pdf", nil)
	check(err)
	defer doc.Close()
	err = doc.Amend(context.Background(), &pades.Amendment{
		Stamps: []pades.Stamp{
			{
				Appearance: &appearance.Text{Text: "ID 8f14e45fceea167a5a36dedd4bea2543", Size: 7},
				Rect:       pades.Rect{X: 20, Y: 14, Width: 240, Height: 10},
			},
			{
				Appearance: &appearance.Text{Text: "{page} / {pages}", Size: 8, Align: appearance.AlignMiddle},
				Anchor:     pades.BottomMiddle,
				Rect:       pades.Rect{Y: 14, Width: 60, Height: 10},
			},
		},
		Attachments: []pades.Attachment{{
			Name: "manifest.json", Data: []byte(`{"parties": 2}`), MIMEType: "application/json", Relationship: pades.RelationData,
		}},
		Metadata: &pades.Metadata{Title: "Service contract", Language: "en"},
	})
	check(err)
	check(doc.WriteFile("prepared.pdf"))
	attached, err := doc.Attachments()
	check(err)
	for _, a := range attached {
		fmt.Println(a.Name, a.MIMEType, a.Relationship, string(a.Data))
	}
	// Output: manifest.json application/json Data {"parties": 2}
}
