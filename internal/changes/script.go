package changes

import "github.com/inkan-go/inkan/internal/pdf"

// action allows an annotation to lead to a place of the document or to an
// address that the reader is asked about, and to nothing else.
func (c *comparison) action(a slot, ref pdf.Reference) {
	for _, key := range []pdf.Name{"AA", "PA"} {
		if a.has(key) {
			c.forbid(ref, "an annotation that starts actions by itself")
		}
	}
	if !a.has("A") {
		return
	}
	action := a.get("A").peek()
	kind, _ := action.get("S").value.(pdf.Name)
	if !action.isDict() || action.has("Next") || kind != "URI" && kind != "GoTo" {
		c.forbid(ref, "an annotation that starts the action %q", kind)
	}
}

// scripts forbids what an annotation brings along to be run: actions deep within
// it, and the scripts of three-dimensional and rich media (ISO 32000-2, 13.6.4 and
// 13.7).
func (c *comparison) scripts(a slot, ref pdf.Reference) {
	seen := make(map[int64]bool)
	queue := []pdf.Object{a.value}
	for len(queue) > 0 && !c.after.tired() {
		value := queue[0]
		queue = queue[1:]
		if name := actionIn(value, 0); name != "" && name != "URI" {
			c.forbid(ref, "an annotation that brings the action %q along", name)
			return
		}
		if key := scriptIn(value); key != "" {
			c.forbid(ref, "an annotation that runs what it has under %s", key)
			return
		}
		for _, r := range references(value, "", nil, 0) {
			c.after.scratch.work++
			if o := c.objects.find(r.to.Number); o.isNew() && !seen[o.number] {
				seen[o.number] = true
				queue = append(queue, o.after.Value)
			}
		}
	}
}

// scriptIn returns the key under which an object holds scripts; "" where there is none.
func scriptIn(o pdf.Object) pdf.Name {
	switch o := o.(type) {
	case *pdf.Stream:
		return scriptIn(o.Dict)
	case *pdf.Array:
		for _, item := range o.Items {
			if key := scriptIn(item); key != "" {
				return key
			}
		}
	case *pdf.Dict:
		for _, e := range o.Entries {
			if e.Key == "OnInstantiate" || e.Key == "Scripts" {
				return e.Key
			}
			if key := scriptIn(e.Value); key != "" {
				return key
			}
		}
	}
	return ""
}
