package pades

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// fieldTree is the field tree of a form by fully qualified names, whatever the types
// of the fields: those at the top, and below them down to some depth.
type fieldTree struct {
	view  *pdf.View
	depth int
	nodes map[string]*fieldNode
	seen  map[pdf.Reference]bool
	grows bool // a new field takes a new group
}

// fieldNode is one field, or a group of fields.
type fieldNode struct {
	object *pdf.Indirect // nil where it is new, no indirect object, or several have the name
	dict   *pdf.Dict     // nil where it is new
	group  bool          // it is a new group of fields
}

// readFieldTree reads the fields at the top of the tree, and below it down to that depth.
func readFieldTree(v *pdf.View, form *sigdict.Form, depth int) (*fieldTree, error) {
	t := &fieldTree{view: v, depth: depth, nodes: make(map[string]*fieldNode), seen: make(map[pdf.Reference]bool)}
	if form.Dict != nil {
		if err := t.array(form.Dict.Get("Fields"), form.Object, "", 0); err != nil {
			return nil, failf(ErrField, "the form cannot be read: %w", err)
		}
	}
	return t, nil
}

func (t *fieldTree) array(value pdf.Object, holder *pdf.Indirect, prefix string, depth int) error {
	value, holder, err := follow(t.view, value, holder)
	if err != nil {
		return err
	}
	array, _ := value.(*pdf.Array)
	if array.Len() == 0 {
		return nil
	}
	if depth > maxFieldDepth {
		return fmt.Errorf("fields nest more than %d deep", maxFieldDepth)
	}
	for _, item := range array.Items {
		if ref, ok := item.(pdf.Reference); ok {
			if t.seen[ref] {
				continue // a cycle, or a field listed twice
			}
			t.seen[ref] = true
		}
		if err := t.field(item, holder, prefix, depth); err != nil {
			return err
		}
	}
	return nil
}

func (t *fieldTree) field(item pdf.Object, holder *pdf.Indirect, prefix string, depth int) error {
	value, holder, err := follow(t.view, item, holder)
	if err != nil {
		return err
	}
	dict, ok := value.(*pdf.Dict)
	if !ok {
		return nil // no field: a null item, for example
	}
	value, _, err = follow(t.view, dict.Get("T"), holder)
	if err != nil {
		return err
	}
	if s, ok := value.(pdf.String); ok {
		prefix = joinName(prefix, pdf.DecodeText(s.Value))
		n := &fieldNode{object: holder, dict: dict}
		if _, indirect := item.(pdf.Reference); !indirect || t.nodes[prefix] != nil {
			n.object = nil
		}
		t.nodes[prefix] = n
	}
	if depth == t.depth && t.depth < maxFieldDepth {
		return nil
	}
	return t.array(dict.Get("Kids"), holder, prefix, depth+1)
}

// isGroup tells whether fields may hang below a node: some do, or it is of no type.
func (t *fieldTree) isGroup(n *fieldNode) bool {
	switch {
	case n.dict == nil:
		return n.group
	case n.object == nil || n.dict.Has("V") || n.dict.Get("Subtype") == pdf.Name("Widget"):
		return false
	}
	kids, err := t.view.Array(n.dict.Get("Kids"))
	if err != nil || kids.Len() == 0 {
		return err == nil && !n.dict.Has("FT")
	}
	for _, kid := range kids.Items {
		if d, err := t.view.Dict(kid); err == nil && d.Has("T") {
			return true
		}
	}
	return false
}

// joinName joins a partial name to that of the fields above.
func joinName(above, part string) string {
	if above == "" {
		return part
	}
	return above + "." + part
}

// claim returns the name for a new field: the one wanted, or the first free one of
// that kind. It is taken from then on.
func (t *fieldTree) claim(wanted, kind string) (string, error) {
	if wanted == "" {
		// One of the first len(nodes)+1 is free.
		for n := 1; wanted == ""; n++ {
			if name := kind + strconv.Itoa(n); t.nodes[name] == nil {
				wanted = name
			}
		}
	}
	if t.nodes[wanted] != nil {
		return "", failf(ErrField, "there is a field %q already", wanted)
	}
	parts := strings.Split(wanted, ".")
	if len(parts) > maxFieldDepth {
		return "", failf(ErrOptions, "the name %q nests more than %d deep", wanted, maxFieldDepth)
	}
	above := ""
	for i, part := range parts {
		if part == "" {
			return "", failf(ErrOptions, "a part of the name %q of a new field is empty", wanted)
		}
		above = joinName(above, part)
		n := t.nodes[above]
		switch last := i == len(parts)-1; {
		case n == nil:
			t.nodes[above] = &fieldNode{group: !last}
			t.grows = t.grows || !last
		case !t.isGroup(n):
			return "", failf(ErrField, "%q cannot be made: %q is a field itself", wanted, above)
		}
	}
	return wanted, nil
}

// claim gives the target the name of one new field, as fieldTree.claim does, and reads
// what its widgets will join.
func (u *formUpdate) claim(to *target, wanted, kind string) (err error) {
	depth := 0
	if strings.Contains(wanted, ".") {
		depth = maxFieldDepth
	}
	if to.tree, err = readFieldTree(u.view, u.form, depth); err != nil {
		return err
	}
	if to.name, err = to.tree.claim(wanted, kind); err != nil {
		return err
	}
	to.structure, err = u.readStructure()
	return err
}
