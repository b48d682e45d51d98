package pades

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// TestWidgetLimitOnAllPages: every page of a document counts as a place, and so does
// every other placement.
func TestWidgetLimitOnAllPages(t *testing.T) {
	update := func(pages int) *formUpdate {
		var kids strings.Builder
		bodies := []string{"<</Type/Catalog/Pages 2 0 R>>", ""}
		for n := range pages {
			fmt.Fprintf(&kids, "%d 0 R ", 3+n)
			bodies = append(bodies, "<</Type/Page/MediaBox[0 0 9 9]>>")
		}
		bodies[1] = "<</Type/Pages/Kids[" + kids.String() + "]>>"
		v, catalog := viewOf(t, bodies...)
		return &formUpdate{view: v, form: &sigdict.Form{Catalog: catalog, Object: catalog}}
	}
	var a struct{ Appearance } // to be placed, not drawn
	place := Placement{Page: 1, Rect: Rect{X: 1, Y: 1, Width: 5, Height: 5}}
	for _, c := range []struct {
		pages int
		also  []Placement
		fault string
	}{
		{maxWidgets, nil, ""},
		{maxWidgets + 1, nil, "more than %d"},
		{maxWidgets + 2, nil, "more than %d pages"}, // the pages beyond are not collected
		{maxWidgets - 1, []Placement{place}, ""},
		{maxWidgets, []Placement{place}, "more than %d places"},
	} {
		widgets, err := update(c.pages).placeNew(&visibility{appearance: a, page: AllPages, rect: place.Rect, also: c.also})
		if c.fault != "" {
			require.ErrorIs(t, err, ErrOptions, "%d pages and %d more", c.pages, len(c.also))
			require.ErrorContains(t, err, fmt.Sprintf(c.fault, maxWidgets))
			continue
		}
		require.NoError(t, err, "%d pages and %d more", c.pages, len(c.also))
		require.Len(t, widgets, maxWidgets)
	}
}

// TestWidgetLimitOnExistingField: one walk finds the pages of all widgets, however
// often they are named and however many there may be.
func TestWidgetLimitOnExistingField(t *testing.T) {
	bodies := []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R 4 0 R]>>",
		"<</Type/Page/MediaBox[0 0 9 9]>>", "<</Type/Page/MediaBox[0 0 9 9]/Annots[null 5 0 R 6 0 R]>>",
		"<</Subtype/Widget/Rect[0 0 5 5]>>", "<</Subtype/Widget/Rect[0 0 5 5]/P 3 0 R>>", "<</Subtype/Widget/Rect[0 0 5 5]>>"}
	v, catalog := viewOf(t, bodies...)
	u := &formUpdate{view: v, form: &sigdict.Form{Catalog: catalog, Object: catalog}}
	place := func(widgets ...int64) (*target, error) {
		to := &target{field: &sigdict.Field{Name: "a"}}
		for _, number := range widgets {
			to.field.Widgets = append(to.field.Widgets, pdf.Reference{Number: number})
		}
		return to, u.placeExisting(to)
	}
	to, err := place(slices.Repeat([]int64{5}, maxWidgets)...)
	require.NoError(t, err)
	require.Len(t, to.widgets, 1)
	_, err = place(slices.Repeat([]int64{5}, maxWidgets+1)...)
	require.ErrorIs(t, err, ErrField)
	require.ErrorContains(t, err, fmt.Sprint(maxWidgets))
	to, err = place(5, 6)
	require.NoError(t, err)
	require.Len(t, to.widgets, 2)
	_, err = place(5, 7)
	require.ErrorContains(t, err, "the widget 7 0 is on no page")
}
