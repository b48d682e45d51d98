package changes

import "github.com/inkan-go/inkan/internal/pdf"

// own gives everything new that a value refers to, and what that refers to in
// turn, to the addition that brings it along. Where rewritten is set, objects
// that were there before and were changed belong to it too; that nothing else
// uses them is for justify to find out.
func (c *comparison) own(s slot, rewritten bool) {
	s.enter()
	var queue []int64
	visit := func(_ pdf.Name, r pdf.Reference) {
		ch, changed := c.pending[r.Number]
		if !changed || c.owned[r.Number] || !rewritten && !c.isNew(r.Number) {
			return
		}
		if ch.after == nil && !rewritten {
			return
		}
		c.owned[r.Number] = true
		queue = append(queue, r.Number)
	}
	keyed(s.value, "", visit, 0)
	for len(queue) > 0 {
		ch := c.pending[queue[0]]
		queue = queue[1:]
		if ch.after != nil {
			keyed(ch.after.Value, "", visit, 0)
		}
		if rewritten && ch.before != nil {
			keyed(ch.before.Value, "", visit, 0)
		}
	}
}
