package pades

import (
	"strings"

	"github.com/inkan-go/inkan/internal/pdf"
)

// additions are new fields of one update: what pages, form, groups of fields and the
// structure tree gain is gathered, and written once.
type additions struct {
	*formUpdate
	tree      *fieldTree
	structure *structure // nil where widgets get no elements

	pages  []*pdf.Indirect
	onPage map[pdf.Reference][][]byte
	tops   [][]byte
	groups []*group
}

// group is a field that others hang below: one of the file, or a new one.
type group struct {
	name   string
	object *pdf.Indirect // nil where it is new
	ref    pdf.Reference
	kids   [][]byte
}

// additions starts to add fields. The names of the fields were claimed from the tree.
func (u *formUpdate) additions(tree *fieldTree, s *structure) *additions {
	return &additions{formUpdate: u, tree: tree, structure: s, onPage: make(map[pdf.Reference][][]byte)}
}

// add writes a new field, merged with its widget where it has only one. Its value is
// that object; none where ref is zero.
func (a *additions) add(to *target, value pdf.Reference) {
	field := a.update.New()
	reference := pdf.AppendReference(nil, field)
	above, part := "", to.name
	if i := strings.LastIndexByte(to.name, '.'); i >= 0 {
		above, part = to.name[:i], to.name[i+1:]
	}
	b := append(make([]byte, 0, 128), "/FT/Sig/T"...)
	b = append(b, pdf.EncodeText(part)...)
	if above != "" {
		parent := a.group(above)
		parent.kids = append(parent.kids, reference)
		b = pdf.AppendReference(append(b, "/Parent "...), parent.ref)
	} else {
		a.tops = append(a.tops, reference)
	}
	b = a.describe(b, to)
	if !value.IsZero() {
		b = pdf.AppendReference(append(b, "/V "...), value)
	}
	if len(to.widgets) == 1 {
		a.put(field, &to.widgets[0], b)
		return
	}
	var kids [][]byte
	for i := range to.widgets {
		kid := a.update.New()
		entries := append([]byte("/Parent "), reference...)
		if !value.IsZero() { // in each: poppler looks nowhere else
			entries = pdf.AppendReference(append(entries, "/V "...), value)
		}
		a.put(kid, &to.widgets[i], entries)
		kids = append(kids, pdf.AppendReference(nil, kid))
	}
	b = append(append([]byte("<<"), b...), "/Kids"...)
	a.update.Put(field, append(append(b, newArray(kids...)...), ">>"...))
}

// describe appends the entries of a field that say what it is for.
func (a *additions) describe(b []byte, to *target) []byte {
	if tooltip := a.tooltip(to); tooltip != "" {
		b = append(append(b, "/TU"...), pdf.EncodeText(tooltip)...)
	}
	for _, e := range []struct {
		key  string
		dict []byte
	}{{"/Lock ", to.lockDictionary()}, {"/SV ", to.seedDictionary()}} {
		if e.dict != nil {
			ref := a.update.New() // ISO 32000-2, Table 235: an indirect reference
			a.update.Put(ref, e.dict)
			b = pdf.AppendReference(append(b, e.key...), ref)
		}
	}
	return b
}

// tooltip is what the field is called to those who cannot see it; in a tagged document
// every field says so (ISO 14289-1, 7.18.4).
func (a *additions) tooltip(to *target) string {
	if to.tooltip == "" && a.structure != nil {
		return to.name
	}
	return to.tooltip
}

// put writes a widget, or a field merged with it, for its page.
func (a *additions) put(ref pdf.Reference, w *widget, entries []byte) {
	if a.structure != nil {
		key := a.structure.add(a.update, ref, w.page.Ref)
		entries = appendInt(append(entries, "/StructParent "...), key)
	}
	a.blank(w)
	a.update.Put(ref, w.annotation(entries))
	if a.onPage[w.page.Ref] == nil {
		a.pages = append(a.pages, w.page)
	}
	a.onPage[w.page.Ref] = append(a.onPage[w.page.Ref], pdf.AppendReference(nil, ref))
}

// group returns the group of that name; a new one joins the group above it.
func (a *additions) group(name string) *group {
	for _, g := range a.groups {
		if g.name == name {
			return g
		}
	}
	g := &group{name: name}
	a.groups = append(a.groups, g)
	if n := a.tree.nodes[name]; n.object != nil {
		g.object, g.ref = n.object, n.object.Ref
		return g
	}
	g.ref = a.update.New()
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		above := a.group(name[:i])
		above.kids = append(above.kids, pdf.AppendReference(nil, g.ref))
	} else {
		a.tops = append(a.tops, pdf.AppendReference(nil, g.ref))
	}
	return g
}

// finish writes what was gathered.
func (a *additions) finish() error {
	for _, page := range a.pages {
		if err := a.addAnnotations(page, a.onPage[page.Ref]...); err != nil {
			return err
		}
	}
	for _, g := range a.groups {
		if err := a.putGroup(g); err != nil {
			return err
		}
	}
	if a.structure != nil {
		if err := a.structure.finish(a.formUpdate); err != nil {
			return err
		}
	}
	if len(a.tops) > 0 {
		return a.addFields(a.tops...)
	}
	return a.flagForm()
}

// putGroup writes a group with its new kids.
func (a *additions) putGroup(g *group) error {
	if g.object == nil {
		above, part := "", g.name
		if i := strings.LastIndexByte(g.name, '.'); i >= 0 {
			above, part = g.name[:i], g.name[i+1:]
		}
		b := append([]byte("<</T"), pdf.EncodeText(part)...)
		if above != "" {
			b = pdf.AppendReference(append(b, "/Parent "...), a.group(above).ref)
		}
		b = append(append(b, "/Kids"...), newArray(g.kids...)...)
		a.update.Put(g.ref, append(b, ">>"...))
		return nil
	}
	array, holder, err := a.array(g.object.Dict().Get("Kids"), g.object)
	switch {
	case err != nil:
		return failf(ErrField, "the kids of the field %q cannot be read: %w", g.name, err)
	case array == nil:
		a.update.Replace(g.object, pdf.Edit(g.object).Set("Kids", newArray(g.kids...)).Bytes())
	case holder == g.object:
		a.update.Replace(g.object, pdf.Edit(g.object).Set("Kids", pdf.AppendItems(holder.Raw, array, g.kids...)).Bytes())
	default:
		a.update.Replace(holder, pdf.AppendItems(holder.Raw, array, g.kids...))
	}
	return nil
}
