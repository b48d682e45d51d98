package changes

import "github.com/inkan-go/inkan/internal/pdf"

// appearance compares the appearance dictionaries of a field or annotation (ISO
// 32000-2, 12.5.5) that may be drawn anew, and gives to it what only it uses. It
// tells whether anything changed.
func (c *comparison) appearance(before, after slot) bool {
	old, now := c.open(before), c.open(after)
	if !now.absent() && !now.isDict() {
		c.forbid(pdf.Reference{Number: now.holder}, "an appearance that is no dictionary")
		return true
	}
	changed := false
	for _, key := range c.differences(old, now) {
		switch key {
		case "N", "R", "D":
			changed = true
		default:
			c.forbid(pdf.Reference{Number: now.holder}, "the entry %s of an appearance", key)
		}
	}
	for _, key := range []pdf.Name{"N", "R", "D"} {
		changed = c.drawing(old.get(key), now.get(key)) || changed
	}
	return changed
}

// drawing compares one appearance: a stream, or a dictionary of streams by state.
func (c *comparison) drawing(before, after slot) bool {
	old, now := before.peek(), after.peek()
	changed := c.stream(before, old)
	switch now.value.(type) {
	case *pdf.Stream:
		return c.stream(after, now) || changed
	case *pdf.Dict:
	default:
		if !now.absent() {
			c.forbid(pdf.Reference{Number: now.holder}, "an appearance that is no stream")
		}
		return changed
	}
	old, now = c.open(before), c.open(after)
	changed = c.changed(now.holder) && !after.ref().IsZero() || changed
	for _, e := range old.entries() {
		s := old.get(e.Key)
		changed = c.stream(s, s.peek()) || changed
	}
	for _, e := range now.entries() {
		s := now.get(e.Key)
		state := s.peek()
		if _, ok := state.value.(*pdf.Stream); !ok && !state.absent() {
			c.forbid(pdf.Reference{Number: now.holder}, "the state %s of an appearance, which is no stream", e.Key)
			continue
		}
		changed = c.stream(s, state) || changed
	}
	return changed || len(c.differences(old, now)) > 0
}

// stream gives an appearance stream to what it draws, and tells whether it was
// written anew.
func (c *comparison) stream(s, opened slot) bool {
	if _, ok := opened.value.(*pdf.Stream); !ok {
		return false
	}
	s.claim()
	c.own(s, true)
	return c.changed(opened.holder)
}
