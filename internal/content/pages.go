package content

import (
	"errors"
	"fmt"

	"github.com/inkan-go/inkan/internal/pdf"
)

// DocumentPage is a page of a document.
type DocumentPage struct {
	*pdf.Dict
	Ref pdf.Reference // zero where it is no object of its own
}

// Pages returns the pages of a document in their order (ISO 32000-2, 7.7.3).
func Pages(v *pdf.View) ([]DocumentPage, error) {
	catalog, err := v.Catalog()
	if err != nil {
		return nil, err
	}
	w := &pageWalk{view: v, seen: make(map[pdf.Reference]bool)}
	if err := w.node(catalog.Dict().Get("Pages"), 1); err != nil {
		return nil, fmt.Errorf("the page tree cannot be read: %w", err)
	}
	return w.pages, nil
}

type pageWalk struct {
	view  *pdf.View
	seen  map[pdf.Reference]bool
	pages []DocumentPage
	nodes int
}

func (w *pageWalk) node(o pdf.Object, depth int) error {
	ref, indirect := o.(pdf.Reference)
	switch w.nodes++; {
	case w.nodes > maxNodes || depth > maxLevels:
		return fmt.Errorf("more than %d nodes or %d levels", maxNodes, maxLevels)
	case indirect && w.seen[ref]:
		return fmt.Errorf("node %v occurs twice", ref)
	}
	w.seen[ref] = indirect
	node, err := w.view.Dict(o)
	if err != nil {
		return err
	}
	if node == nil {
		return errors.New("a node is missing")
	}
	if node.Get("Type") == pdf.Object(pdf.Name("Page")) || !node.Has("Kids") {
		w.pages = append(w.pages, DocumentPage{node, ref})
		return nil
	}
	kids, err := w.view.Array(node.Get("Kids"))
	if err != nil {
		return err
	}
	if kids == nil {
		return fmt.Errorf("the kids of node %v are missing", ref)
	}
	for _, kid := range kids.Items {
		if err := w.node(kid, depth+1); err != nil {
			return err
		}
	}
	return nil
}
