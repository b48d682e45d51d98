package pades

import (
	"bytes"
	"fmt"

	"github.com/inkan-go/inkan/internal/pdf"
)

// nameTree is a name tree or a part of one (ISO 32000-2, 7.9.6).
type nameTree struct {
	dict    *pdf.Dict     // as it was; nil for a new one
	ref     pdf.Reference // of an object of its own; zero where it stands in another
	kids    []*nameTree   // of an intermediate node
	names   []namedValue  // of a leaf
	changed bool
	root    bool
}

type namedValue struct {
	key   []byte
	value []byte // written in clear
}

// treeReader reads a name tree of bounded size.
type treeReader struct {
	view  *pdf.View
	seen  map[pdf.Reference]bool
	names int
	nodes int
}

// readNameTree reads a whole tree; an absent one is empty.
func readNameTree(v *pdf.View, value pdf.Object, holder *pdf.Indirect) (*nameTree, error) {
	r := &treeReader{view: v, seen: make(map[pdf.Reference]bool)}
	if holder == nil {
		return &nameTree{root: true}, nil
	}
	t, err := r.node(value, holder, 1)
	if err != nil {
		return nil, err
	}
	t.root = true
	return t, nil
}

func (r *treeReader) node(value pdf.Object, holder *pdf.Indirect, depth int) (*nameTree, error) {
	if r.nodes++; r.nodes > maxNames || depth > maxTreeDepth {
		return nil, fmt.Errorf("more than %d nodes or %d levels", maxNames, maxTreeDepth)
	}
	dict, at, err := followDict(r.view, value, holder)
	if err != nil {
		return nil, err
	}
	t := &nameTree{dict: dict}
	if dict == nil {
		return t, nil
	}
	if at.Dict() == dict {
		if t.ref = at.Ref; r.seen[t.ref] {
			return nil, fmt.Errorf("node %v occurs twice", t.ref)
		}
		r.seen[t.ref] = true
	}
	if !dict.Has("Kids") {
		return t, r.leaf(t)
	}
	kids, err := r.view.Array(dict.Get("Kids"))
	if err != nil {
		return nil, err
	}
	_, at, err = follow(r.view, dict.Get("Kids"), at)
	if err != nil {
		return nil, err
	}
	for _, item := range kids.Items {
		kid, err := r.node(item, at, depth+1)
		if err != nil {
			return nil, err
		}
		t.kids = append(t.kids, kid)
	}
	return t, nil
}

// leaf reads the names of a leaf.
func (r *treeReader) leaf(t *nameTree) error {
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
		t.names = append(t.names, namedValue{key, pdf.AppendValue(nil, names.Items[i+1])})
	}
	return nil
}

// texts returns all names, as text.
func (t *nameTree) texts() map[string]bool {
	all := make(map[string]bool)
	for _, n := range t.names {
		all[pdf.DecodeText(n.key)] = true
	}
	for _, kid := range t.kids {
		for text := range kid.texts() {
			all[text] = true
		}
	}
	return all
}

// insert adds a name, before the first one that is greater.
func (t *nameTree) insert(text, value string) {
	t.insertKey(namedValue{nameKey(text), []byte(value)})
}

func (t *nameTree) insertKey(n namedValue) {
	t.changed = true
	if len(t.kids) > 0 {
		kid := t.kids[len(t.kids)-1]
		for _, k := range t.kids {
			if _, last := k.limits(); bytes.Compare(n.key, last) <= 0 {
				kid = k
				break
			}
		}
		kid.insertKey(n)
		return
	}
	at := len(t.names)
	for at > 0 && bytes.Compare(t.names[at-1].key, n.key) > 0 {
		at--
	}
	t.names = append(t.names[:at], append([]namedValue{n}, t.names[at:]...)...)
}

// limits returns the least and the greatest key; nil for an empty node.
func (t *nameTree) limits() (least, greatest []byte) {
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

// put writes the nodes that changed, and returns the tree as a value in clear where it
// is no object of its own.
func (t *nameTree) put(to *pdf.Update) []byte {
	key, other := pdf.Name("Names"), pdf.Name("Kids")
	if len(t.kids) > 0 {
		key, other = "Kids", "Limits"
	}
	body := []byte("<<")
	for _, e := range entries(t.dict) {
		if e.Key != key && e.Key != other && e.Key != "Limits" {
			body = pdf.AppendEntry(body, e.Key, pdf.AppendValue(nil, e.Value))
		}
	}
	if least, greatest := t.limits(); !t.root && least != nil {
		body = pdf.AppendHex(append(pdf.AppendHex(append(body, "/Limits["...), least), ' '), greatest)
		body = append(body, ']')
	}
	var items [][]byte
	for _, kid := range t.kids {
		reference := pdf.AppendReference(nil, kid.ref)
		if kid.ref.IsZero() || kid.changed {
			if value := kid.put(to); value != nil {
				reference = value
			}
		}
		items = append(items, reference)
	}
	for _, n := range t.names {
		items = append(items, pdf.AppendHex(nil, n.key), n.value)
	}
	body = append(pdf.AppendEntry(body, key, newArray(items...)), ">>"...)
	if t.ref.IsZero() {
		return body
	}
	to.Put(t.ref, body)
	return nil
}
