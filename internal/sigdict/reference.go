package sigdict

import (
	"cmp"

	"github.com/inkan-go/inkan/internal/pdf"
)

// The transform methods of ISO 32000-2, Table 256.
const (
	MethodDocMDP   = "DocMDP"
	MethodFieldMDP = "FieldMDP"
	MethodUR3      = "UR3"
)

// Reference is a signature reference dictionary: what a signature asks of later
// changes (ISO 32000-2, 12.8.1, Table 256).
type Reference struct {
	Method string
	// Permission is P of a DocMDP transform: 1 none, 2 filling in and signing,
	// 3 annotations as well. It is 2 where P is absent and 0 where it is not
	// one of these (Table 257).
	Permission int
	// Lock is what a FieldMDP transform locks.
	Lock *Lock
}

// Lock names fields that must not change any more: a Lock dictionary (Table
// 236) or the parameters of a FieldMDP transform (Table 259).
type Lock struct {
	// Action is All, Include or Exclude; anything else is kept as it is.
	Action string
	// Fields are fully qualified names.
	Fields []string
	// Permission is P, 0 where there is none.
	Permission int
}

// Covers tells whether the lock covers a field or one of its ancestors. A lock
// that cannot be understood covers every field.
func (l *Lock) Covers(field string) bool {
	if l == nil {
		return false
	}
	named := false
	for _, f := range l.Fields {
		if f == field || len(field) > len(f) && field[:len(f)] == f && field[len(f)] == '.' {
			named = true
			break
		}
	}
	switch l.Action {
	case "Include":
		return named
	case "Exclude":
		return !named
	}
	return true
}

// Permissions is the catalog's Perms dictionary (ISO 32000-2, 12.8.6).
type Permissions struct {
	// DocMDP is the certification signature's dictionary; nil where there is none.
	DocMDP *Signature
	// UsageRights are the UR and UR3 signatures: no signatures of a person, and
	// deprecated.
	UsageRights []*Signature
}

// references reads the Reference entry: an array of dictionaries, or one alone, which
// must not lose what it forbids.
func (w *walker) references(dict *pdf.Dict, object *pdf.Indirect) []Reference {
	value, holder := w.follow(dict.Get("Reference"), object)
	var out []Reference
	if d, ok := value.(*pdf.Dict); ok {
		return append(out, w.reference(d, holder))
	}
	list, _ := value.(*pdf.Array)
	for _, item := range items(list) {
		if len(out) == maxReferences {
			w.problem(holder, "too many signature references")
			break
		}
		value, at := w.follow(item, holder)
		if d, ok := value.(*pdf.Dict); ok {
			out = append(out, w.reference(d, at))
		}
	}
	return out
}

func (w *walker) reference(dict *pdf.Dict, object *pdf.Indirect) Reference {
	w.spend(1 + entries(dict)/4)
	r := Reference{Method: w.name(dict, object, "TransformMethod")}
	value, holder := w.follow(dict.Get("TransformParams"), object)
	parameters, _ := value.(*pdf.Dict)
	switch r.Method {
	case MethodDocMDP:
		r.Permission = 2
		if p, told := w.permission(parameters, holder); told {
			r.Permission = p
		}
	case MethodFieldMDP:
		r.Lock = w.readLock(parameters, holder)
	}
	return r
}

// permission returns P of a dictionary, and 0 where it is not one of the three levels.
func (w *walker) permission(dict *pdf.Dict, holder *pdf.Indirect) (p int, told bool) {
	switch v := w.value(dict.Get("P"), holder).(type) {
	case pdf.Null:
		return 0, false
	case pdf.Integer:
		if v >= 1 && v <= 3 {
			return int(v), true
		}
	}
	return 0, true
}

// lock reads the Lock entry of a field.
func (w *walker) lock(value pdf.Object, holder *pdf.Indirect) *Lock {
	value, holder = w.follow(value, holder)
	dict, ok := value.(*pdf.Dict)
	if !ok {
		return nil
	}
	return w.readLock(dict, holder)
}

func (w *walker) readLock(dict *pdf.Dict, object *pdf.Indirect) *Lock {
	l := &Lock{Action: w.name(dict, object, "Action")}
	if p, told := w.permission(dict, object); told {
		l.Permission = cmp.Or(p, 1) // what is no level permits nothing
	}
	value, holder := w.follow(dict.Get("Fields"), object)
	list, _ := value.(*pdf.Array)
	for _, item := range items(list) {
		if len(l.Fields) == maxLockedFields || !w.spend(1) {
			w.problem(holder, "too many names in a lock")
			l.Action = "All"
			break
		}
		if t, ok := w.value(item, holder).(pdf.String); ok {
			w.spend(len(t.Value) / 16)
			l.Fields = append(l.Fields, pdf.DecodeText(t.Value))
		}
	}
	return l
}

// permissions reads the catalog's Perms entry.
func (w *walker) permissions(catalog *pdf.Indirect) Permissions {
	var p Permissions
	value, holder := w.follow(catalog.Dict().Get("Perms"), catalog)
	dict, ok := value.(*pdf.Dict)
	if !ok {
		return p
	}
	if dict.Has("DocMDP") {
		p.DocMDP = w.signature(dict.Get("DocMDP"), holder)
	}
	for _, key := range []pdf.Name{"UR", "UR3"} {
		if s := w.signature(dict.Get(key), holder); s != nil {
			p.UsageRights = append(p.UsageRights, s)
		}
	}
	return p
}
