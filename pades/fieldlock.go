package pades

import (
	"slices"
	"strings"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// Permission says which later changes a certification or a lock leaves open (P in
// ISO 32000-2, Table 257 and Table 236). Validation data and document time stamps
// may follow whatever it says (12.8.2.2.2). The zero value says nothing: no
// certification, or a lock of fields alone.
type Permission int

// The permissions.
const (
	// NoChanges permits nothing.
	NoChanges Permission = 1
	// FillForms permits filling in forms and signing.
	FillForms Permission = 2
	// Annotate permits annotations as well, which empty signature fields are among.
	Annotate Permission = 3
)

// String says what is permitted.
func (p Permission) String() string {
	switch p {
	case 0:
		return "nothing said"
	case NoChanges:
		return "no changes"
	case FillForms:
		return "filling in forms and signing"
	case Annotate:
		return "filling in forms, signing and annotating"
	}
	return "not known"
}

// LockAction tells how a Lock chooses fields.
type LockAction string

// The actions (ISO 32000-2, Table 236).
const (
	LockAll     LockAction = "All"     // every field
	LockInclude LockAction = "Include" // those that are named
	LockExclude LockAction = "Exclude" // all but those that are named
)

// Lock names the fields that must not change any more once a signature is made: the
// Lock dictionary of a field (ISO 32000-2, Table 236), and the FieldMDP transform of the
// signature in it (12.8.2.4).
type Lock struct {
	Action LockAction
	// Fields are fully qualified names. One that others lie below stands for all of them.
	Fields []string
	// Permission also says which changes of the document may follow; 0 says nothing.
	Permission Permission
}

// Covers tells whether the lock covers a field, given its fully qualified name.
func (l *Lock) Covers(field string) bool {
	if l == nil {
		return false
	}
	return (&sigdict.Lock{Action: string(l.Action), Fields: l.Fields}).Covers(field)
}

// check refuses a lock that says nothing clear.
func (l *Lock) check() error {
	if l == nil {
		return nil
	}
	switch l.Action {
	case LockAll:
		if len(l.Fields) > 0 {
			return failf(ErrOptions, "a lock of all fields names %q", l.Fields[0])
		}
	case LockInclude, LockExclude:
		if len(l.Fields) == 0 && l.Permission == 0 {
			return failf(ErrOptions, "a lock (%s) names no fields", l.Action)
		}
	default:
		return failf(ErrOptions, "the action %q of a lock is not known: use All, Include or Exclude", l.Action)
	}
	if len(l.Fields) > maxLocked {
		return failf(ErrOptions, "a lock names %d fields, more than %d", len(l.Fields), maxLocked)
	}
	if slices.Contains(l.Fields, "") {
		return failf(ErrOptions, "a lock names a field without a name")
	}
	return l.Permission.check("of a lock")
}

// check refuses what is none of the permissions; of says whose it is.
func (p Permission) check(of string) error {
	if p < 0 || p > Annotate {
		return failf(ErrOptions, "the permission %d %s is none of 1, 2 and 3", int(p), of)
	}
	return nil
}

// lockOf returns what a lock dictionary says; nil where there is none.
func lockOf(l *sigdict.Lock) *Lock {
	if l == nil {
		return nil
	}
	return &Lock{Action: LockAction(l.Action), Fields: l.Fields, Permission: Permission(l.Permission)}
}

// entries writes what Lock dictionaries and FieldMDP transforms have in common.
func (l *Lock) entries(dst []byte) []byte {
	dst = append(append(dst, "/Action/"...), l.Action...)
	if l.Action != LockAll {
		dst = appendTexts(append(dst, "/Fields"...), l.Fields)
	}
	if l.Permission != 0 {
		dst = appendInt(append(dst, "/P "...), int64(l.Permission))
	}
	return dst
}

// dictionary is the Lock dictionary of a field.
func (l *Lock) dictionary() []byte {
	return append(l.entries([]byte("<</Type/SigFieldLock")), ">>"...)
}

// reference is the FieldMDP transform of a signature. Data is the object whose changes
// it is about: the catalog.
func (l *Lock) reference(dst []byte, catalog pdf.Reference) []byte {
	dst = append(dst, "<</Type/SigRef/TransformMethod/FieldMDP/Data "...)
	dst = append(pdf.AppendReference(dst, catalog), "/TransformParams<</Type/TransformParams/V/1.2"...)
	return append(l.entries(dst), ">>>>"...)
}

// reference is the DocMDP transform of a certification.
func (p Permission) reference(dst []byte) []byte {
	dst = append(dst, "<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/V/1.2/P "...)
	return append(appendInt(dst, int64(p)), ">>>>"...)
}

// String says what is locked.
func (l *Lock) String() string {
	if l == nil {
		return "nothing"
	}
	var text string
	switch l.Action {
	case LockInclude:
		text = "the fields " + strings.Join(l.Fields, ", ")
		if len(l.Fields) == 0 {
			text = "no field"
		}
	case LockExclude:
		text = "all fields but " + strings.Join(l.Fields, ", ")
	default:
		text = "all fields"
	}
	if l.Permission != 0 {
		text += "; permits " + l.Permission.String()
	}
	return text
}

func (to *target) lockDictionary() []byte {
	if to.lock == nil {
		return nil
	}
	return to.lock.dictionary()
}

func (to *target) seedDictionary() []byte {
	if to.seeds == nil {
		return nil
	}
	return to.seeds.dictionary()
}
