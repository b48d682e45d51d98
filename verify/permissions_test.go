package verify

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

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

// TestLockedByAncestors: a lock that names a field covers what is below it, too.
func TestLockedByAncestors(t *testing.T) {
	lock := func(action string, fields ...string) sigdict.Reference {
		return sigdict.Reference{Method: sigdict.MethodFieldMDP, Lock: &sigdict.Lock{Action: action, Fields: fields}}
	}
	for _, tt := range []struct{ first, second sigdict.Reference }{
		{lock("Exclude", "a.b"), lock("Exclude", "a")},
		{lock("Exclude", "a", "c.d"), lock("Exclude", "a.b", "c")},
		{lock("Exclude", "a.b", "ab"), lock("Include", "a")},
		{lock("Include", "a"), lock("Exclude", "a.b", "ab")},
		{lock("Include", "a.b"), lock("Include", "a")},
	} {
		s := &sigdict.Signature{References: []sigdict.Reference{tt.first, tt.second}}
		told := &sigdict.Lock{}
		told.Action, told.Fields = lockedBy(s)
		for _, field := range []string{"a", "a.b", "a.b.c", "a.c", "ab", "c", "c.d", "c.e", "d"} {
			require.Equal(t, tt.first.Lock.Covers(field) || tt.second.Lock.Covers(field), told.Covers(field), "%v %v: %s", tt.first.Lock, tt.second.Lock, field)
		}
	}
}

// TestLockLevelsLimit: a field is found below another one that so many levels lie between.
func TestLockLevelsLimit(t *testing.T) {
	for levels := range 3 {
		parent := "a" + strings.Repeat(".b", maxLockLevels-2+levels)
		require.Equal(t, levels < 2, setOf([]string{parent}).covers(parent+".c"))
		require.True(t, setOf([]string{parent}).covers(parent))
	}
}

// TestLongLocks: two locks of very many names are put together as fast as they are read.
func TestLongLocks(t *testing.T) {
	names := func(of string) (list []string) {
		for i := range 10_000 {
			list = append(list, fmt.Sprintf("%s%09d", of, i))
		}
		return append(list, strings.Repeat(".", 1<<18))
	}
	s := &sigdict.Signature{}
	for i := range 32 {
		s.References = append(s.References, sigdict.Reference{Method: sigdict.MethodFieldMDP, Lock: &sigdict.Lock{
			Action: "Exclude", Fields: names([]string{"text", "name"}[min(i, 30)/30]),
		}})
	}
	start := time.Now()
	action, fields := lockedBy(s)
	require.Equal(t, "Exclude", action)
	require.Equal(t, []string{strings.Repeat(".", 1<<18)}, fields)
	require.Less(t, time.Since(start), 2*time.Second)
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
