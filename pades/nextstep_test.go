package pades_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
)

// nextStep is something that can be done to a document that is signed.
type nextStep struct {
	least pades.Permission // the permission that it takes
	do    func(t *testing.T, d *pades.Document, force bool) error
}

// nextSteps are those of this package, by name.
func nextSteps(t *testing.T) map[string]nextStep {
	s := signer(t, nil)
	stamps := newAuthority(t)
	place := pades.Rect{X: 20, Y: 20, Width: 90, Height: 40}
	signing := func(o pades.SignOptions) func(*testing.T, *pades.Document, bool) error {
		return func(t *testing.T, d *pades.Document, force bool) error {
			key := &onceKey{Signer: s.Key}
			o.IgnoreSignatures = force
			err := d.Sign(t.Context(), &pades.Signer{Key: key, Chain: s.Chain}, &o)
			if err != nil {
				require.Zero(t, key.used)
			}
			return err
		}
	}
	stamping := func(a pades.Appearance) func(*testing.T, *pades.Document, bool) error {
		o := pades.TimestampOptions{TSA: stamps, Appearance: a}
		if a != nil {
			o.Rect = place
		}
		return func(t *testing.T, d *pades.Document, force bool) error {
			o.IgnoreSignatures = force
			before := stamps.stamps
			err := d.Timestamp(t.Context(), &o)
			if err != nil {
				require.Equal(t, before, stamps.stamps)
			}
			return err
		}
	}
	return map[string]nextStep{
		"sign in a field":       {pades.FillForms, signing(pades.SignOptions{Field: "second"})},
		"sign in a visible one": {pades.FillForms, signing(pades.SignOptions{Field: "shown", Appearance: &drawing{}})},
		"sign in a new field":   {pades.FillForms, signing(pades.SignOptions{})},
		"sign in a new group":   {pades.FillForms, signing(pades.SignOptions{NewField: "group.approval"})},
		"sign visibly":          {pades.FillForms, signing(pades.SignOptions{Appearance: &drawing{}, Rect: place})},
		"sign and lock":         {pades.FillForms, signing(pades.SignOptions{Lock: &pades.Lock{Action: pades.LockAll, Permission: pades.NoChanges}})},
		"stamp the document":    {0, stamping(nil)},
		"stamp visibly":         {pades.FillForms, stamping(&drawing{})},
		"add a field": {pades.Annotate, func(_ *testing.T, d *pades.Document, force bool) error {
			return d.AddFields([]*pades.NewField{{}}, &pades.FieldOptions{IgnoreSignatures: force})
		}},
		"add a field in a group": {pades.Annotate, func(_ *testing.T, d *pades.Document, force bool) error {
			return d.AddFields([]*pades.NewField{{Name: "party.b", Rect: place, Lock: &pades.Lock{Action: pades.LockAll}, SeedValues: &pades.SeedValues{V: 1}}}, &pades.FieldOptions{IgnoreSignatures: force})
		}},
		"certify": {9, signing(pades.SignOptions{Certify: pades.FillForms})},
	}
}

// form is a contract with the fields first, second and shown.
func form(t testing.TB) []byte {
	return addFields(t, testpdf.Contract(1, testpdf.Table).Bytes(),
		&pades.NewField{Name: "first"}, &pades.NewField{Name: "second"}, &pades.NewField{Name: "shown", Rect: pades.Rect{X: 200, Y: 20, Width: 90, Height: 40}})
}

// judged verifies a file; its first signature is of interest.
func judged(t *testing.T, data []byte) *verify.Signature {
	t.Helper()
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	report, _ := verify.Reader(t.Context(), bytes.NewReader(data), int64(len(data)), &verify.Options{Trust: pki.Pool(), At: testpki.Now()})
	require.NotNil(t, report)
	require.NotEmpty(t, report.Signatures)
	return report.Signatures[0]
}

// TestNextSteps: after certifying and locking with each permission, what is permitted is
// done and accepted; what is not is refused before any key is used, and judged forbidden
// when it is forced.
func TestNextSteps(t *testing.T) {
	for name, first := range map[string]struct {
		options pades.SignOptions
		level   pades.Permission
	}{
		"approval":      {pades.SignOptions{Field: "first"}, pades.FillForms},
		"P=1":           {pades.SignOptions{Field: "first", Certify: pades.NoChanges}, pades.NoChanges},
		"P=2":           {pades.SignOptions{Field: "first", Certify: pades.FillForms}, pades.FillForms},
		"P=3":           {pades.SignOptions{Field: "first", Certify: pades.Annotate}, pades.Annotate},
		"lock, P=1":     {pades.SignOptions{Field: "first", Lock: &pades.Lock{Action: pades.LockInclude, Fields: []string{"x"}, Permission: pades.NoChanges}}, pades.NoChanges},
		"lock, P=3":     {pades.SignOptions{Field: "first", Lock: &pades.Lock{Action: pades.LockInclude, Fields: []string{"x"}, Permission: pades.Annotate}}, pades.FillForms},
		"P=3, lock P=2": {pades.SignOptions{Field: "first", Certify: pades.Annotate, Lock: &pades.Lock{Action: pades.LockInclude, Permission: pades.FillForms}}, pades.FillForms},
	} {
		signed := sign(t, form(t), &first.options)
		require.Equal(t, int(first.options.Certify), judged(t, signed).DocMDP)
		for what, s := range nextSteps(t) {
			t.Run(name+"/"+what, func(t *testing.T) {
				d := document(t, signed)
				err := s.do(t, d, false)
				if first.level >= s.least {
					require.NoError(t, err)
					j := judged(t, content(t, d))
					require.True(t, j.Intact, "%+v", j.Findings)
					require.True(t, j.ChangesAllowed)
					return
				}
				require.ErrorIs(t, err, pades.ErrNotPermitted)
				require.Regexp(t, "^not permitted: ", err.Error())
				require.Equal(t, signed, content(t, d))
				require.NoError(t, s.do(t, d, true))
				j := judged(t, content(t, d))
				if what == "certify" && first.level >= pades.FillForms { // as a signature it may be made
					requireMisplaced(t, content(t, d))
					return
				}
				require.False(t, j.ChangesAllowed, "%+v", j)
				require.False(t, j.Intact)
			})
		}
	}
}

// requireMisplaced: a certification that is not the first signature is itself at fault.
func requireMisplaced(t *testing.T, data []byte) {
	t.Helper()
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	report, err := verify.Reader(t.Context(), bytes.NewReader(data), int64(len(data)), &verify.Options{Trust: pki.Pool(), At: testpki.Now()})
	require.Error(t, err)
	last := report.Signatures[len(report.Signatures)-1]
	require.NotEqual(t, verify.TotalPassed, last.Indication)
	require.Equal(t, verify.SeverityError, last.Findings[0].Severity)
	require.Contains(t, []string{"certification.not-first", "certification.several"}, last.Findings[0].Code)
}

// TestLocks: what a signature locks, by the field or by the options, is written as its
// transform, read back by the verifier, and keeps fields from being signed.
func TestLocks(t *testing.T) {
	for name, c := range map[string]struct {
		lock   pades.Lock
		closed []string
	}{
		"all":               {pades.Lock{Action: pades.LockAll}, []string{"second", "shown", "new", "party.new"}},
		"include":           {pades.Lock{Action: pades.LockInclude, Fields: []string{"second", "party"}}, []string{"second", "party.new"}},
		"exclude":           {pades.Lock{Action: pades.LockExclude, Fields: []string{"second", "party"}}, []string{"shown", "new"}},
		"include, P=2":      {pades.Lock{Action: pades.LockInclude, Fields: []string{"shown"}, Permission: pades.FillForms}, []string{"shown"}},
		"include no field":  {pades.Lock{Action: pades.LockInclude, Permission: pades.FillForms}, nil},
		"names of any text": {pades.Lock{Action: pades.LockInclude, Fields: []string{"承認(1)\\", "second"}}, []string{"second"}},
	} {
		for _, how := range []string{"field", "options", "new field", "certified"} {
			var signed []byte
			original := form(t)
			switch how {
			case "field":
				original = addFields(t, original, &pades.NewField{Name: "locking", Lock: &c.lock})
				signed = sign(t, original, &pades.SignOptions{Field: "locking"})
			case "options":
				signed = sign(t, original, &pades.SignOptions{Field: "first", Lock: &c.lock})
			case "new field":
				signed = sign(t, original, &pades.SignOptions{NewField: "locking", Lock: &c.lock})
			case "certified":
				signed = sign(t, original, &pades.SignOptions{NewField: "locking", Lock: &c.lock, Certify: pades.Annotate})
			}
			t.Run(name+"/"+how, func(t *testing.T) {
				field := signatures(t, signed)[0]
				ref, ok := field.Signature.Reference(sigdict.MethodFieldMDP)
				require.True(t, ok)
				require.Equal(t, &sigdict.Lock{Action: string(c.lock.Action), Fields: c.lock.Fields, Permission: int(c.lock.Permission)}, ref.Lock)
				require.Equal(t, ref.Lock, field.Lock)
				for _, other := range []string{"second", "shown", "new", "party.new"} {
					o := &pades.SignOptions{NewField: other}
					if other == "second" || other == "shown" {
						o = &pades.SignOptions{Field: other}
					}
					d := document(t, signed)
					s := signer(t, nil)
					key := &onceKey{Signer: s.Key}
					s.Key = key
					err := d.Sign(t.Context(), s, o)
					forbidden := false
					for _, f := range c.closed {
						forbidden = forbidden || f == other
					}
					require.Equal(t, forbidden, c.lock.Covers(other))
					if forbidden {
						require.ErrorIs(t, err, pades.ErrNotPermitted, other)
						require.ErrorContains(t, err, fmt.Sprintf("locks the field %q", other))
						require.Zero(t, key.used)
						o.IgnoreSignatures = true
						require.NoError(t, d.Sign(t.Context(), s, o))
						require.False(t, judged(t, content(t, d)).ChangesAllowed, other)
						continue
					}
					require.NoError(t, err, other)
					require.True(t, judged(t, content(t, d)).ChangesAllowed, other)
				}
			})
		}
	}
}

// TestLockAfterSignature: a lock that comes with a later signature stands in the signature
// alone, so that the field stays what it was.
func TestLockAfterSignature(t *testing.T) {
	lock := &pades.Lock{Action: pades.LockInclude, Fields: []string{"shown"}, Permission: pades.NoChanges}
	data := sign(t, sign(t, form(t), &pades.SignOptions{Field: "first"}), &pades.SignOptions{Field: "second", Lock: lock})
	require.True(t, judged(t, data).Intact)
	for _, f := range signatures(t, data) {
		require.Nil(t, f.Lock)
	}
	require.ErrorIs(t, document(t, data).Sign(t.Context(), signer(t, nil), nil), pades.ErrNotPermitted)
}

// TestLockOfTheField: a field that has a lock takes no other, and none that cannot be
// understood.
func TestLockOfTheField(t *testing.T) {
	data := addFields(t, form(t), &pades.NewField{Name: "locking", Lock: &pades.Lock{Action: pades.LockAll}})
	err := document(t, data).Sign(t.Context(), signer(t, nil), &pades.SignOptions{Field: "locking", Lock: &pades.Lock{Action: pades.LockAll}})
	require.ErrorIs(t, err, pades.ErrField)
	require.ErrorContains(t, err, "a lock of its own (all fields)")
	odd := testpdf.File{Trailer: "/Root 1 0 R", Objects: append(pages("/Annots[5 0 R]"),
		plain(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>"),
		plain(5, emptySignature[:len(emptySignature)-2], "/Lock<</Action/Some>>>>"))}.Bytes()
	err = document(t, odd).Sign(t.Context(), signer(t, nil), &pades.SignOptions{Field: "Approval"})
	require.ErrorIs(t, err, pades.ErrField)
	require.ErrorContains(t, err, `the action "Some"`)
	for _, o := range []pades.SignOptions{{Certify: 4}, {Certify: -1}, {Lock: &pades.Lock{}}, {Attestation: "x"}, {Field: "first", Tooltip: "x"}} {
		require.ErrorIs(t, document(t, data).Sign(t.Context(), signer(t, nil), &o), pades.ErrOptions)
	}
}

// TestCertification: a certification stands in the catalog, whatever it held, with the
// attestation, in files of every form and encrypted.
func TestCertification(t *testing.T) {
	for name, entries := range map[string]string{
		"nothing": "", "direct": "/Perms<</UR3 null>>/Legal<</JavaScriptActions 0>>", "apart": "/Perms 50 0 R/Legal 51 0 R",
	} {
		for _, form := range testpdf.Forms {
			for encryption := range map[string]bool{"": true, "R4": true, "R6": true} {
				t.Run(fmt.Sprint(name, " ", form, " ", encryption), func(t *testing.T) {
					f := testpdf.Contract(1, form)
					f.Objects[0].Body = f.Objects[0].Body[:len(f.Objects[0].Body)-2] + entries + ">>"
					f.Objects = append(f.Objects, plain(50, "<</X 1>>"), plain(51, "<</X(old)>>"))
					d := document(t, f.Bytes())
					if encryption != "" {
						d = openEncrypted(t, f.Encrypted(encryptions("", -4)[encryption]).Bytes(), ownerPassword)
					}
					require.NoError(t, d.Sign(t.Context(), signer(t, nil), &pades.SignOptions{Certify: pades.FillForms, Attestation: "図面のとおり"}))
					v := open(t, content(t, d)).Latest()
					read, err := sigdict.Find(v)
					require.NoError(t, err)
					require.NotNil(t, read.Permissions.DocMDP)
					require.Equal(t, read.Fields[0].Signature.Ref, read.Permissions.DocMDP.Ref)
					legal, err := v.Dict(read.Catalog.Dict().Get("Legal"))
					require.NoError(t, err)
					text, err := v.Text(legal.Get("Attestation"))
					require.NoError(t, err)
					require.Equal(t, "図面のとおり", text)
					require.Equal(t, name == "apart", legal.Has("X"))
					j := judged(t, content(t, d))
					require.Equal(t, verify.KindCertification, j.Kind)
					require.Equal(t, 2, j.DocMDP)
					require.True(t, j.Intact)
				})
			}
		}
	}
}
