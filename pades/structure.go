package pades

import (
	"errors"
	"fmt"
	"math"

	"github.com/inkan-go/inkan/internal/pdf"
)

// structure is the structure tree of a tagged document (ISO 32000-2, 14.7), to which new
// widgets add an element each.
type structure struct {
	root    *pdf.Indirect // the structure tree root
	parent  *pdf.Indirect // the element that gets the new ones, or the root itself
	leaf    []treeNode    // from the parent tree's root down to its last leaf
	next    int64         // the next key of the parent tree
	added   [][]byte      // references to the elements
	entries [][]byte      // keys and values for the parent tree
}

// treeNode is a node of a number tree, and the object that it stands in.
type treeNode struct {
	dict   *pdf.Dict
	holder *pdf.Indirect
}

// readStructure reads the structure tree of the document; nil where it is not tagged.
// A document that is signed is left alone: an element, though it changes nothing that is
// shown, is a change that others take for a forbidden one.
func (u *formUpdate) readStructure() (*structure, error) {
	if _, signed := firstSigned(u.form); signed {
		return nil, nil
	}
	catalog := u.form.Catalog
	mark, err := u.view.Dict(catalog.Dict().Get("MarkInfo"))
	if err != nil {
		return nil, failf(ErrNotPDF, "MarkInfo cannot be read: %w", err)
	}
	if tagged, err := u.view.Boolean(mark.Get("Marked"), false); err != nil || !tagged {
		return nil, nil //nolint:nilerr // a file that does not say so is not tagged
	}
	root, holder, err := followDict(u.view, catalog.Dict().Get("StructTreeRoot"), catalog)
	if err != nil {
		return nil, failf(ErrNotPDF, "the structure tree cannot be read: %w", err)
	}
	if root == nil || holder == catalog || holder.Dict() != root {
		return nil, nil // nothing that an element could refer to
	}
	s := &structure{root: holder}
	if err := s.readParent(u.view); err != nil {
		return nil, failf(ErrNotPDF, "the structure tree cannot be read: %w", err)
	}
	if err := s.readTree(u.view); err != nil {
		return nil, failf(ErrNotPDF, "the parent tree of the structure cannot be read: %w", err)
	}
	return s, nil
}

// readParent finds the element that stands for the whole document, if there is one.
func (s *structure) readParent(v *pdf.View) error {
	s.parent = s.root
	value, holder, err := follow(v, s.root.Dict().Get("K"), s.root)
	if err != nil {
		return err
	}
	if array, ok := value.(*pdf.Array); ok {
		if array.Len() != 1 {
			return nil
		}
		if value, holder, err = follow(v, array.Items[0], holder); err != nil {
			return err
		}
	}
	if d, ok := value.(*pdf.Dict); ok && holder != s.root && holder.Value == pdf.Object(d) {
		s.parent = holder
	}
	return nil
}

// readTree walks down to the last leaf of the parent tree (14.7.5.4).
func (s *structure) readTree(v *pdf.View) error {
	next, err := v.Integer(s.root.Dict().Get("ParentTreeNextKey"), 0)
	if err != nil {
		return err
	}
	s.next = max(next, 0)
	value, holder := s.root.Dict().Get("ParentTree"), s.root
	for {
		node, at, err := followDict(v, value, holder)
		if err != nil {
			return err
		}
		if node == nil {
			return nil
		}
		if len(s.leaf) == maxHops {
			return fmt.Errorf("more than %d levels", maxHops)
		}
		s.leaf = append(s.leaf, treeNode{node, at})
		kids, err := v.Array(node.Get("Kids"))
		if err != nil {
			return err
		}
		if kids.Len() > 0 {
			value, holder = kids.Items[kids.Len()-1], at
			continue
		}
		nums, err := v.Array(node.Get("Nums"))
		if err != nil {
			return err
		}
		for i := 0; i+1 < nums.Len(); i += 2 {
			key, err := v.Integer(nums.Items[i], 0)
			if err != nil {
				return err
			}
			s.next = max(s.next, key+1)
		}
		if s.next < 0 || s.next > math.MaxInt32 {
			return fmt.Errorf("the key %d is too large", s.next)
		}
		return nil
	}
}

// add makes the element of a widget and returns its key in the parent tree.
func (s *structure) add(u *pdf.Update, widget, page pdf.Reference) int64 {
	element := u.New()
	b := pdf.AppendReference([]byte("<</Type/StructElem/S/Form/P "), s.parent.Ref)
	b = pdf.AppendReference(append(b, "/Pg "...), page)
	b = pdf.AppendReference(append(b, "/K<</Type/OBJR/Pg "...), page)
	b = pdf.AppendReference(append(b, "/Obj "...), widget)
	u.Put(element, append(b, ">>>>"...))
	reference := pdf.AppendReference(nil, element)
	s.added = append(s.added, reference)
	key := s.next
	s.next++
	s.entries = append(s.entries, appendInt(nil, key), reference)
	return key
}

// finish hangs the new elements into the tree and into the parent tree.
func (s *structure) finish(u *formUpdate) error {
	root := pdf.Edit(s.root).Set("ParentTreeNextKey", appendInt(nil, s.next))
	kids, err := s.kids(u)
	if err != nil {
		return failf(ErrNotPDF, "the structure tree cannot be read: %w", err)
	}
	if s.parent == s.root {
		root.Set("K", kids)
	} else {
		u.update.Replace(s.parent, pdf.Edit(s.parent).Set("K", kids).Bytes())
	}
	if err := s.extendTree(u, root); err != nil {
		return failf(ErrNotPDF, "the parent tree of the structure cannot be read: %w", err)
	}
	u.update.Replace(s.root, root.Bytes())
	return nil
}

// kids returns the kids of the parent, with the new ones behind them.
func (s *structure) kids(u *formUpdate) ([]byte, error) {
	entry, ok := s.parent.Dict().Lookup("K")
	if !ok {
		return newArray(s.added...), nil
	}
	value, holder, err := follow(u.view, entry.Value, s.parent)
	if err != nil {
		return nil, err
	}
	array, ok := value.(*pdf.Array)
	if !ok { // a single kid
		old := s.parent.Raw[entry.ValueSpan.Start:entry.ValueSpan.End]
		return newArray(append([][]byte{old}, s.added...)...), nil
	}
	if err := u.movable(array); holder != s.parent && err != nil {
		return nil, err
	}
	return pdf.AppendItems(holder.Raw, array, s.added...), nil
}

// extendTree appends to the last leaf of the parent tree.
func (s *structure) extendTree(u *formUpdate, root *pdf.Editor) error {
	if len(s.leaf) == 0 {
		ref := u.update.New()
		u.update.Put(ref, append(append([]byte("<</Nums"), newArray(s.entries...)...), ">>"...))
		root.Set("ParentTree", pdf.AppendReference(nil, ref))
		return nil
	}
	for i, n := range s.leaf {
		edit := pdf.EditDict(n.holder.Raw, n.dict)
		last, limits := i == len(s.leaf)-1, n.dict.Has("Limits")
		if !last && !limits {
			continue // the root of a tree of several levels
		}
		if last {
			array, holder, err := u.array(n.dict.Get("Nums"), n.holder)
			switch {
			case err != nil:
				return err
			case array == nil:
				edit.Set("Nums", newArray(s.entries...))
			default:
				edit.Set("Nums", pdf.AppendItems(holder.Raw, array, s.entries...))
			}
		}
		if limits {
			pair, err := u.view.Array(n.dict.Get("Limits"))
			if err != nil || pair.Len() != 2 {
				return errors.New("the Limits of a node are no pair")
			}
			edit.Set("Limits", newArray(pdf.AppendValue(nil, pair.Items[0]), appendInt(nil, s.next-1)))
		}
		switch {
		case n.holder == s.root:
			root.Set("ParentTree", edit.Bytes())
		case n.holder.Value == pdf.Object(n.dict):
			u.update.Replace(n.holder, edit.Bytes())
		default:
			return errors.New("a node of it is no object of its own")
		}
	}
	return nil
}
