package attached

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"iter"

	"github.com/inkan-go/inkan/internal/pdf"
)

// Tree is the name tree of embedded files, or a part of it (ISO 32000-2, 7.9.6).
type Tree struct {
	dict    *pdf.Dict     // as it was; nil for a new one
	ref     pdf.Reference // of an object of its own; zero where it stands in another
	kids    []*Tree       // of an intermediate node
	names   []name        // of a leaf
	changed bool
	root    bool
}

// name is a name and the object that it stands for.
type name struct {
	key   []byte
	value pdf.Object
}

// reader reads a tree of bounded size.
type reader struct {
	view  *pdf.View
	seen  map[pdf.Reference]bool
	names int
	nodes int
}

// ReadTree reads a whole tree; an absent one is empty.
func ReadTree(v *pdf.View, value pdf.Object) (*Tree, error) {
	r := &reader{view: v, seen: make(map[pdf.Reference]bool)}
	t, err := r.node(value, 1)
	if err != nil {
		return nil, err
	}
	t.root = true
	return t, nil
}

// resolve follows references and returns the last of them, too.
func (r *reader) resolve(value pdf.Object) (pdf.Object, pdf.Reference, error) {
	var last pdf.Reference
	for range maxHops {
		ref, ok := value.(pdf.Reference)
		if !ok {
			return value, last, nil
		}
		o, err := r.view.Object(ref)
		if err != nil {
			return nil, last, err
		}
		value, last = o.Value, ref
	}
	return nil, last, fmt.Errorf("more than %d references in a row", maxHops)
}

func (r *reader) node(value pdf.Object, depth int) (*Tree, error) {
	if r.nodes++; r.nodes > maxNames || depth > maxTreeDepth {
		return nil, fmt.Errorf("more than %d nodes or %d levels", maxNames, maxTreeDepth)
	}
	value, ref, err := r.resolve(value)
	if err != nil {
		return nil, err
	}
	if !ref.IsZero() && r.seen[ref] {
		return nil, fmt.Errorf("node %v occurs twice", ref)
	}
	r.seen[ref] = true
	t := &Tree{ref: ref}
	if t.dict, err = r.view.Dict(value); err != nil || t.dict == nil {
		t.ref = pdf.Reference{} // a reference to nothing
		return t, err
	}
	if !t.dict.Has("Kids") {
		return t, r.leaf(t)
	}
	kids, err := r.view.Array(t.dict.Get("Kids"))
	if err != nil || kids == nil {
		return t, err
	}
	for _, item := range kids.Items {
		kid, err := r.node(item, depth+1)
		if err != nil {
			return nil, err
		}
		t.kids = append(t.kids, kid)
	}
	return t, nil
}

// leaf reads the names of a leaf.
func (r *reader) leaf(t *Tree) error {
	names, err := r.view.Array(t.dict.Get("Names"))
	if err != nil || names == nil {
		return err
	}
	for i := 0; i+1 < len(names.Items); i += 2 {
		if r.names++; r.names > maxNames {
			return fmt.Errorf("more than %d names", maxNames)
		}
		key, err := r.view.String(names.Items[i])
		if err != nil {
			return err
		}
		t.names = append(t.names, name{key, names.Items[i+1]})
	}
	return nil
}

// All yields every name, as text, with its value, in the order of the tree.
func (t *Tree) All() iter.Seq2[string, pdf.Object] {
	return func(yield func(string, pdf.Object) bool) { t.each(yield) }
}

func (t *Tree) each(yield func(string, pdf.Object) bool) bool {
	for _, n := range t.names {
		if !yield(pdf.DecodeText(n.key), n.value) {
			return false
		}
	}
	for _, kid := range t.kids {
		if !kid.each(yield) {
			return false
		}
	}
	return true
}

// Insert adds a name, before the first one that is greater.
func (t *Tree) Insert(text string, value pdf.Reference) {
	t.insert(name{key(text), value})
}

// key is the key of a text: the bytes of its text string.
func key(text string) []byte {
	token := pdf.EncodeText(text)
	if token[0] == '(' {
		return []byte(text)
	}
	key, _ := hex.DecodeString(string(token[1 : len(token)-1])) // EncodeText wrote it
	return key
}

func (t *Tree) insert(n name) {
	t.changed = true
	if len(t.kids) > 0 {
		into := t.kids[len(t.kids)-1]
		for _, kid := range t.kids {
			if _, greatest := kid.limits(); bytes.Compare(n.key, greatest) <= 0 {
				into = kid
				break
			}
		}
		into.insert(n)
		return
	}
	at := len(t.names)
	for at > 0 && bytes.Compare(t.names[at-1].key, n.key) > 0 {
		at--
	}
	t.names = append(t.names[:at], append([]name{n}, t.names[at:]...)...)
}

// limits returns the least and the greatest key; nil for an empty node.
func (t *Tree) limits() (least, greatest []byte) {
	widen := func(key []byte) {
		if key == nil {
			return
		}
		if least == nil || bytes.Compare(key, least) < 0 {
			least = key
		}
		if greatest == nil || bytes.Compare(key, greatest) > 0 {
			greatest = key
		}
	}
	for _, n := range t.names {
		widen(n.key)
	}
	for _, kid := range t.kids {
		a, b := kid.limits()
		widen(a)
		widen(b)
	}
	return least, greatest
}

// Put writes the nodes that changed. A tree that is no object of its own is returned
// as a value, written in clear.
func (t *Tree) Put(to *pdf.Update) []byte {
	key, other := pdf.Name("Names"), pdf.Name("Kids")
	if len(t.kids) > 0 {
		key, other = "Kids", "Limits"
	}
	body := []byte("<<")
	if t.dict != nil {
		for _, e := range t.dict.Entries {
			if e.Key != key && e.Key != other && e.Key != "Limits" {
				body = pdf.AppendEntry(body, e.Key, pdf.AppendValue(nil, e.Value))
			}
		}
	}
	if least, greatest := t.limits(); !t.root && least != nil {
		body = pdf.AppendHex(append(pdf.AppendHex(append(body, "/Limits["...), least), ' '), greatest)
		body = append(body, ']')
	}
	var items [][]byte
	for _, kid := range t.kids {
		item := pdf.AppendReference(nil, kid.ref)
		if kid.ref.IsZero() || kid.changed {
			if value := kid.Put(to); value != nil {
				item = value
			}
		}
		items = append(items, item)
	}
	for _, n := range t.names {
		items = append(items, pdf.AppendHex(nil, n.key), pdf.AppendValue(nil, n.value))
	}
	array := append(append([]byte{'['}, bytes.Join(items, []byte{' '})...), ']')
	body = append(pdf.AppendEntry(body, key, array), ">>"...)
	if t.ref.IsZero() {
		return body
	}
	to.Put(t.ref, body)
	return nil
}
