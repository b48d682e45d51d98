package changes

// own gives everything new that a value refers to, and what that refers to in
// turn, to the addition that brings it along. Where rewritten is set, objects
// that were there before and were changed belong to it too; that nothing else
// uses them is for justify to find out.
func (c *comparison) own(s slot, rewritten bool) {
	if c.before.tired() {
		return
	}
	refs := references(s.value, "", c.history.scratch.references[:0], 0)
	c.history.scratch.work += len(refs)
	for i, r := range refs {
		s.side.entries.add(s, r.to, i)
	}
	queue := c.take(refs, rewritten, nil)
	for len(queue) > 0 {
		o := queue[0]
		queue = queue[1:]
		refs = refs[:0]
		if o.after != nil {
			refs = references(o.after.Value, "", refs, 0)
		}
		if rewritten && o.before != nil {
			refs = references(o.before.Value, "", refs, 0)
		}
		queue = c.take(refs, rewritten, queue)
	}
	c.history.scratch.references = refs
}

// take marks objects as owned that may be, each once, and adds them to the queue.
func (c *comparison) take(refs []keyedReference, rewritten bool, queue []*object) []*object {
	for _, r := range refs {
		if o := c.objects.find(r.to.Number); o != nil && !o.owned && (rewritten || o.isNew()) {
			o.owned = true
			queue = append(queue, o)
		}
	}
	return queue
}
