package main

import (
	"strings"

	"github.com/inkan-go/inkan/pades"
)

// lockFlags say what a signature locks.
type lockFlags struct {
	Lock        string `placeholder:"all|only:NAME,...|except:NAME,..." help:"Which fields of the form may not change any more after the signature: all, only those named, or all except those named."`
	LockPermits int    `enum:"0,1,2,3" default:"0" placeholder:"1|2|3" help:"With --lock, what may happen to the document after the signature: 1 nothing, 2 forms may be filled in and signed, 3 annotations may be made as well."`
}

// lock returns the lock that the flags ask for; nil where they ask for none.
func (f *lockFlags) lock() (*pades.Lock, error) {
	l := &pades.Lock{Permission: pades.Permission(f.LockPermits)}
	how, names, named := strings.Cut(f.Lock, ":")
	switch {
	case f.Lock == "" && f.LockPermits == 0:
		return nil, nil
	case f.Lock == "":
		return nil, usage("--lock-permits goes with --lock")
	case how == "all" && !named:
		l.Action = pades.LockAll
		return l, nil
	case how == "only" && names != "":
		l.Action = pades.LockInclude
	case how == "except" && names != "":
		l.Action = pades.LockExclude
	default:
		return nil, usage("--lock %s is none of all, only:NAME,... and except:NAME,...", f.Lock)
	}
	l.Fields = strings.Split(names, ",")
	return l, nil
}

// protectFlags say what a signature asks of later changes, and which demands it ignores.
type protectFlags struct {
	Certify     int    `enum:"0,1,2,3" default:"0" placeholder:"1|2|3" help:"Certify the document, as its first signature: afterwards 1 nothing may change, 2 forms may be filled in and signed, 3 annotations may be made as well."`
	Attestation string `placeholder:"TEXT" help:"With --certify, why content that can be shown in other ways is used."`
	lockFlags
	NewField       string `placeholder:"NAME" help:"Name of the new field, if it is not to be Signature1 and so on; GROUP.NAME puts it into a group."`
	Tooltip        string `placeholder:"TEXT" help:"What the new field is for, said to those who cannot see it."`
	AppearanceName string `placeholder:"NAME" help:"What the visible signature is called, where a field asks for one by name."`

	IgnoreSignatures bool `help:"Go on although an earlier signature forbids it, which breaks that signature."`
	IgnoreSeedValues bool `help:"Go on although the --field asks for another signature."`
}

// apply puts the flags into the options of a signature.
func (f *protectFlags) apply(o *pades.SignOptions) (err error) {
	o.Certify, o.Attestation = pades.Permission(f.Certify), f.Attestation
	o.NewField, o.Tooltip, o.AppearanceName = f.NewField, f.Tooltip, f.AppearanceName
	o.IgnoreSignatures, o.IgnoreSeedValues = f.IgnoreSignatures, f.IgnoreSeedValues
	o.Lock, err = f.lock()
	return err
}
