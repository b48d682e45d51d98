package verify

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/changes"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// TestStrictestPermission: of several DocMDP transforms the strictest counts.
func TestStrictestPermission(t *testing.T) {
	transforms := func(levels ...int) *sigdict.Signature {
		s := &sigdict.Signature{References: []sigdict.Reference{{Method: sigdict.MethodFieldMDP}}}
		for _, p := range levels {
			s.References = append(s.References, sigdict.Reference{Method: sigdict.MethodDocMDP, Permission: p})
		}
		return s
	}
	for _, tt := range []struct {
		levels []int
		want   int
		ok     bool
	}{{nil, 0, false}, {[]int{3}, 3, true}, {[]int{3, 1}, 1, true}, {[]int{1, 3}, 1, true}, {[]int{2, 0}, 0, true}} {
		level, ok := certification(transforms(tt.levels...))
		require.Equal(t, tt.want, level)
		require.Equal(t, tt.ok, ok)
	}
}

// TestLockedBy: what is reported as locked is what any of the locks covers.
func TestLockedBy(t *testing.T) {
	lock := func(action string, fields ...string) *sigdict.Lock {
		return &sigdict.Lock{Action: action, Fields: fields}
	}
	for _, tt := range []struct {
		locks  []*sigdict.Lock
		action string
		fields []string
	}{
		{},
		{[]*sigdict.Lock{nil}, "", nil},
		{[]*sigdict.Lock{lock("All", "a")}, "All", nil},
		{[]*sigdict.Lock{lock("Other", "a")}, "All", nil},
		{[]*sigdict.Lock{lock("Include", "a", "b")}, "Include", []string{"a", "b"}},
		{[]*sigdict.Lock{lock("Exclude", "a")}, "Exclude", []string{"a"}},
		{[]*sigdict.Lock{lock("Include", "a"), lock("Include", "b")}, "Include", []string{"a", "b"}},
		{[]*sigdict.Lock{lock("Include", "a"), lock("Exclude", "a", "b")}, "Exclude", []string{"b"}},
		{[]*sigdict.Lock{lock("Exclude", "a", "b"), lock("Include", "a")}, "Exclude", []string{"b"}},
		{[]*sigdict.Lock{lock("Exclude", "a", "b"), lock("Exclude", "b", "c")}, "Exclude", []string{"b"}},
		{[]*sigdict.Lock{lock("Exclude", "a"), lock("All")}, "All", nil},
	} {
		s := &sigdict.Signature{References: []sigdict.Reference{{Method: sigdict.MethodDocMDP}}}
		for _, l := range tt.locks {
			s.References = append(s.References, sigdict.Reference{Method: sigdict.MethodFieldMDP, Lock: l})
		}
		action, fields := lockedBy(s)
		require.Equal(t, tt.action, action)
		require.Equal(t, tt.fields, fields)
		for _, field := range []string{"a", "b", "c", "d"} {
			covered := slices.ContainsFunc(tt.locks, func(l *sigdict.Lock) bool { return l.Covers(field) })
			told := action == "All" || action == "Include" && slices.Contains(fields, field) || action == "Exclude" && !slices.Contains(fields, field)
			require.Equal(t, covered, told, field)
		}
	}
}

// TestLockOfNamelessFields: a lock that covers all fields covers one without a name;
// one that lists fields does not, nor does any cover an annotation.
func TestLockOfNamelessFields(t *testing.T) {
	for _, tt := range []struct {
		lock *sigdict.Lock
		what changes.What
		want bool
	}{
		{&sigdict.Lock{Action: "All"}, changes.Filled, true},
		{&sigdict.Lock{Action: "Exclude", Fields: []string{"a"}}, changes.Filled, true},
		{&sigdict.Lock{Action: "Include", Fields: []string{"a"}}, changes.Filled, false},
		{&sigdict.Lock{Action: "All"}, changes.FieldAdded, true},
		{&sigdict.Lock{Action: "All"}, changes.Signed, true},
		{&sigdict.Lock{Action: "All"}, changes.AnnotationAdded, false},
	} {
		change := changes.Change{What: tt.what}
		p := permission{level: 3, locks: []*sigdict.Lock{tt.lock}}
		why := p.forbids(change, change.Kind())
		require.Equal(t, tt.want, !why.IsZero(), "%+v %v", tt.lock, tt.what)
	}
}
