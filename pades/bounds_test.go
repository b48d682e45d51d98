package pades

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

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
