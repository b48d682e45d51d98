package verify

import (
	"slices"

	"github.com/inkan-go/inkan/internal/changes"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// permission is what one signature leaves open to later revisions.
type permission struct {
	// level is that of a DocMDP transform (ISO 32000-2, Table 257): 0 nothing,
	// 1 validation data, 2 forms and signatures as well, 3 annotations too.
	level     int
	certified bool // it was set by a certification
	locks     []*sigdict.Lock
}

// permissionOf reads what a signature permits: by its own certification, else by
// that of an earlier signature, else what a form is for; narrowed by its locks.
// Where several speak, the strictest counts.
func (f *file) permissionOf(c *candidate) permission {
	p := permission{level: 2}
	if level, ok := certification(c.signed()); ok {
		p.level, p.certified = level, true
	} else {
		for _, other := range f.candidates {
			if level, ok := certification(other.signed()); ok && other.closes && other.revision < c.revision {
				p.level, p.certified = level, true
				break
			}
		}
	}
	for _, ref := range c.signed().References {
		if ref.Method == sigdict.MethodFieldMDP && ref.Lock != nil {
			p.lock(ref.Lock)
		}
	}
	if form := f.forms.at(c.revision); form != nil {
		for _, field := range form.Fields {
			if field.Lock != nil && field.Signature != nil && field.Name == c.field {
				p.lock(field.Lock)
			}
		}
	}
	return p
}

func (p *permission) lock(l *sigdict.Lock) {
	p.locks = append(p.locks, l)
	if l.Permission > 0 {
		p.level = min(p.level, l.Permission)
	}
}

// lockedBy returns which fields the locks of a signature cover together: those that any
// of them covers. A lock that cannot be understood covers all.
func lockedBy(s *sigdict.Signature) (action string, fields []string) {
	for _, ref := range s.References {
		if ref.Method != sigdict.MethodFieldMDP || ref.Lock == nil {
			continue
		}
		next, names := ref.Lock.Action, ref.Lock.Fields
		switch {
		case next != lockInclude && next != lockExclude:
			return "All", nil
		case action == "":
			action, fields = next, slices.Clone(names)
		case action == lockInclude && next == lockInclude:
			fields = append(fields, names...)
		case action == lockInclude:
			action, fields = next, without(names, setOf(fields).covers)
		case next == lockInclude:
			fields = without(fields, setOf(names).covers)
		default: // open is what both leave open
			ours, theirs := setOf(fields), setOf(names)
			fields = without(fields, func(f string) bool { return !theirs.covers(f) })
			fields = append(fields, without(names, func(f string) bool { return ours[f] || !ours.covers(f) })...)
		}
	}
	return action, fields
}

// The actions of locks that name fields (ISO 32000-2, Table 256).
const (
	lockInclude = "Include"
	lockExclude = "Exclude"
)

// without returns the names that are not left out.
func without(names []string, leftOut func(string) bool) []string {
	return slices.DeleteFunc(slices.Clone(names), leftOut)
}

// fieldSet holds names of fields.
type fieldSet map[string]bool

func setOf(names []string) fieldSet {
	set := make(fieldSet, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}

// covers tells whether a field or one of its ancestors is in the set, as
// [sigdict.Lock.Covers] does.
func (s fieldSet) covers(field string) bool {
	for i, levels := 0, 0; i < len(field) && levels < maxLockLevels; i++ {
		if field[i] == '.' {
			levels++
			if s[field[:i]] {
				return true
			}
		}
	}
	return s[field]
}

// certification returns the level of a DocMDP transform, the strictest of several.
func certification(s *sigdict.Signature) (level int, ok bool) {
	for _, ref := range s.References {
		if ref.Method == sigdict.MethodDocMDP && (!ok || ref.Permission < level) {
			level, ok = ref.Permission, true
		}
	}
	return level, ok
}

// forbids tells what of a change a signature does not permit; nothing where it does.
// Validation data and document time stamps are always permitted (ISO 32000-2,
// 12.8.2.2.2).
func (p *permission) forbids(c changes.Change, kind changes.Kind) changes.Message {
	switch kind {
	case changes.LTV, changes.None:
		return changes.Message{}
	case changes.Form:
		if p.level < 2 {
			return changes.Message{Pattern: "%v, where nothing may be changed any more", Arguments: []any{c.Message()}}
		}
	default:
		if p.level < 3 {
			return changes.Message{Pattern: "%v, where only forms may be filled in and signed", Arguments: []any{c.Message()}}
		}
	}
	if !c.OfField() {
		return changes.Message{}
	}
	for _, l := range p.locks {
		if l.Covers(c.Field) {
			return changes.Message{Pattern: "%v, which the signature locks", Arguments: []any{c.Message()}}
		}
	}
	return changes.Message{}
}
