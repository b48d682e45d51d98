package pades

import (
	"fmt"

	"github.com/inkan-go/inkan/internal/pdf"
)

// follow resolves references and returns the value with the indirect object that
// it stands in, since the spans of the value count from there.
func follow(v *pdf.View, value pdf.Object, holder *pdf.Indirect) (pdf.Object, *pdf.Indirect, error) {
	for hops := 0; ; hops++ {
		ref, ok := value.(pdf.Reference)
		if !ok {
			return value, holder, nil
		}
		if hops == maxHops {
			return nil, nil, fmt.Errorf("more than %d references in a row", maxHops)
		}
		o, err := v.Object(ref)
		if err != nil {
			return nil, nil, fmt.Errorf("object %v: %w", ref, err)
		}
		value, holder = o.Value, o
	}
}

// followDict is follow for an entry that must be a dictionary. A nil dictionary
// with a nil error means that there is none.
func followDict(v *pdf.View, value pdf.Object, holder *pdf.Indirect) (*pdf.Dict, *pdf.Indirect, error) {
	value, holder, err := follow(v, value, holder)
	if err != nil {
		return nil, nil, err
	}
	switch d := value.(type) {
	case *pdf.Dict:
		return d, holder, nil
	case pdf.Null:
		return nil, holder, nil
	}
	return nil, nil, fmt.Errorf("object %v is not a dictionary", holder.Ref)
}

// findPage returns the page of that number, from 1, in the order of the page
// tree (ISO 32000-2, 7.7.3). Counts of the tree are not trusted.
func findPage(v *pdf.View, catalog *pdf.Indirect, number int) (*pdf.Indirect, error) {
	number = max(number, 1)
	w := &pageWalk{view: v, seen: make(map[int64]bool)}
	w.wanted = func(*pdf.Dict, *pdf.Indirect) bool { return w.pages == number }
	if !catalog.Dict().Has("Pages") {
		return nil, failf(ErrNotPDF, "the catalog names no page tree")
	}
	page, err := w.node(catalog.Dict().Get("Pages"), catalog, 1)
	switch {
	case err != nil:
		return nil, failf(ErrNotPDF, "the page tree cannot be read: %w", err)
	case page == nil && w.pages == 0:
		return nil, failf(ErrNotPDF, "the page tree holds no page")
	case page == nil:
		return nil, failf(ErrOptions, "there is no page %d: the document has %d", number, w.pages)
	}
	return page, nil
}

// sharesAnnotations tells whether another page names one of the given objects,
// through which a page reaches its array of annotations. A document of very many
// pages, or with a broken page tree, is taken for one that does.
func sharesAnnotations(v *pdf.View, catalog, page *pdf.Indirect, through map[pdf.Reference]bool) bool {
	w := &pageWalk{view: v, seen: make(map[int64]bool)}
	w.wanted = func(d *pdf.Dict, holder *pdf.Indirect) bool {
		ref, _ := d.Get("Annots").(pdf.Reference)
		return through[ref] && holder.Ref != page.Ref || w.pages > maxSharingPages
	}
	other, err := w.node(catalog.Dict().Get("Pages"), catalog, 1)
	return other != nil || err != nil
}

type pageWalk struct {
	view   *pdf.View
	wanted func(page *pdf.Dict, holder *pdf.Indirect) bool
	pages  int // pages met so far, with the one that may be wanted
	nodes  int
	seen   map[int64]bool // object numbers of the nodes met
}

// node walks a subtree until the wanted page is found. Depth counts from 1.
func (w *pageWalk) node(value pdf.Object, holder *pdf.Indirect, depth int) (*pdf.Indirect, error) {
	if w.nodes++; w.nodes > maxPages || depth > maxPageDepth {
		return nil, fmt.Errorf("more than %d nodes or %d levels", maxPages, maxPageDepth)
	}
	ref, indirect := value.(pdf.Reference)
	if indirect && w.seen[ref.Number] {
		return nil, fmt.Errorf("node %v occurs twice", ref)
	}
	if indirect {
		w.seen[ref.Number] = true
	}
	value, holder, err := follow(w.view, value, holder)
	if err != nil {
		return nil, err
	}
	dict, ok := value.(*pdf.Dict)
	if !ok {
		return nil, fmt.Errorf("a node in object %v is not a dictionary", holder.Ref)
	}
	if dict.Get("Type") != pdf.Name("Page") && dict.Has("Kids") {
		return w.kids(dict, holder, depth)
	}
	if w.pages++; !w.wanted(dict, holder) {
		return nil, nil
	}
	if !indirect {
		return nil, fmt.Errorf("page %d is not an indirect object", w.pages)
	}
	return holder, nil
}

// kids walks the children of a node.
func (w *pageWalk) kids(node *pdf.Dict, holder *pdf.Indirect, depth int) (*pdf.Indirect, error) {
	at := holder.Ref
	value, holder, err := follow(w.view, node.Get("Kids"), holder)
	if err != nil {
		return nil, err
	}
	kids, ok := value.(*pdf.Array)
	if !ok {
		return nil, fmt.Errorf("the Kids of node %v are not an array", at)
	}
	for _, kid := range kids.Items {
		page, err := w.node(kid, holder, depth+1)
		if page != nil || err != nil {
			return page, err
		}
	}
	return nil, nil
}
