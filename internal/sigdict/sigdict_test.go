package sigdict_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/internal/testpdf"
)

// view opens a file made of these objects; object 1 is the catalog.
func view(t testing.TB, form testpdf.Form, objects ...string) *pdf.View {
	f := testpdf.File{Form: form, Trailer: "/Root 1 0 R"}
	for i, body := range objects {
		f.Objects = append(f.Objects, testpdf.Object{Number: i + 1, Body: body})
	}
	return open(t, f.Bytes())
}

func open(t testing.TB, file []byte) *pdf.View {
	f, err := pdf.Open(bytes.NewReader(file), int64(len(file)), nil)
	require.NoError(t, err)
	return f.Latest()
}

const dictionary = "<</Type/Sig/Filter/F/SubFilter/S/ByteRange[0 1 2 3]/Contents<0aFF>/Name(n)/Reason<FEFF5C71>/Location(l)/ContactInfo(c)/M(D:2026)/Cert(x)>>"

func names(form *sigdict.Form) []string {
	var out []string
	for _, f := range form.Fields {
		signed := ""
		if f.Signature != nil {
			signed = "*"
		}
		out = append(out, f.Name+signed)
	}
	return out
}

func TestFields(t *testing.T) {
	for _, tt := range []struct {
		name    string
		objects []string
		want    []string
		problem string
	}{
		{"no form", []string{"<</Type/Catalog>>"}, nil, ""},
		{"a form that is no dictionary", []string{"<</AcroForm[]>>"}, nil, "AcroForm is not a dictionary"},
		{"no fields", []string{"<</AcroForm<<>>>>"}, nil, ""},
		{"fields that are no array", []string{"<</AcroForm<</Fields 7>>>>"}, nil, "not an array"},
		{"merged with its widget", []string{"<</AcroForm<</Fields[2 0 R]>>>>", "<</FT/Sig/T(a)/V 3 0 R/Subtype/Widget>>", dictionary}, []string{"a*"}, ""},
		{"with a separate widget", []string{"<</AcroForm<</Fields[2 0 R]>>>>", "<</FT/Sig/T(a)/V 3 0 R/Kids[4 0 R]>>", dictionary, "<</Subtype/Widget/Parent 2 0 R>>"}, []string{"a*"}, ""},
		{"value direct in the field", []string{"<</AcroForm<</Fields[2 0 R]>>>>", "<</FT/Sig/T(a)/V" + dictionary + ">>"}, []string{"a*"}, ""},
		{"field direct in the array", []string{"<</AcroForm<</Fields[<</FT/Sig/T(a)/V 2 0 R>>]>>>>", dictionary}, []string{"a*"}, ""},
		{"everything by reference", []string{"<</AcroForm 2 0 R>>", "<</Fields 3 0 R>>", "[4 0 R]", "<</FT 5 0 R/T 6 0 R/V 7 0 R>>", "/Sig", "(a)", dictionary}, []string{"a*"}, ""},
		{"inherited type and value", []string{"<</AcroForm<</Fields[2 0 R]>>>>", "<</FT/Sig/T(a)/V 4 0 R/Kids[3 0 R]>>", "<</T(b)>>", dictionary}, []string{"a.b*"}, ""},
		{"names of three levels", []string{"<</AcroForm<</Fields[2 0 R]>>>>", "<</T(a)/Kids[3 0 R]>>", "<</T<FEFF5C71>/Kids[4 0 R]>>", "<</T(c)/FT/Sig>>"}, []string{"a.山.c"}, ""},
		{"not signed", []string{"<</AcroForm<</Fields[2 0 R 3 0 R 4 0 R]>>>>", "<</FT/Sig/T(a)>>", "<</FT/Sig/T(b)/V null>>", "<</FT/Sig/T(c)/V 99 0 R>>"}, []string{"a", "b", "c"}, ""},
		{"an empty text is no value", []string{"<</AcroForm<</Fields[2 0 R]>>>>", "<</T(a)/V()/Kids[3 0 R]>>", "<</FT/Sig/T(b)>>"}, []string{"a.b"}, ""},
		{"a text field is no signature", []string{"<</AcroForm<</Fields[2 0 R]>>>>", "<</FT/Tx/T(a)/V 3 0 R>>", dictionary}, nil, ""},
		{"listed twice", []string{"<</AcroForm<</Fields[2 0 R 2 0 R]>>>>", "<</FT/Sig/T(a)>>"}, []string{"a"}, "more than once"},
		{"its own child", []string{"<</AcroForm<</Fields[2 0 R]>>>>", "<</T(a)/Kids[2 0 R 3 0 R]>>", "<</FT/Sig/T(b)>>"}, []string{"a.b"}, "more than once"},
		{"no dictionary", []string{"<</AcroForm<</Fields[2 0 R 3 0 R]>>>>", "7", "<</FT/Sig/T(b)>>"}, []string{"b"}, "not a dictionary"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, form := range testpdf.Forms {
				f, err := sigdict.Find(view(t, form, tt.objects...))
				require.NoError(t, err)
				require.Equal(t, tt.want, names(f))
				if tt.problem == "" {
					require.Empty(t, f.Problems)
				} else {
					require.NotEmpty(t, f.Problems)
					require.Contains(t, f.Problems[0].Text, tt.problem)
				}
				require.True(t, f.Touched[1])
			}
		})
	}
}

func TestDictionary(t *testing.T) {
	v := view(t, testpdf.Table, "<</AcroForm<</SigFlags 3/Fields[2 0 R]>>>>", "<</FT/Sig/T(a)/V 3 0 R>>", dictionary)
	form, err := sigdict.Find(v)
	require.NoError(t, err)
	require.EqualValues(t, 3, form.SigFlags)
	s := form.Fields[0].Signature
	require.Equal(t, []string{"Sig", "F", "S", "n", "山", "l", "c", "D:2026"}, []string{s.Type, s.Filter, s.SubFilter, s.Name, s.Reason, s.Location, s.ContactInfo, s.Time})
	require.True(t, s.HasCert)
	r, ok := s.ByteRange.Four()
	require.True(t, ok && s.ByteRange.Direct)
	require.Equal(t, [4]int64{0, 1, 2, 3}, r)
	require.Equal(t, []byte{10, 255}, s.Contents.Value)
	require.Equal(t, dictionary, string(s.Raw()))
	start, end, ok := s.Place()
	require.True(t, ok)
	file := make([]byte, v.File().Size)
	_, err = v.File().Reader.ReadAt(file, 0)
	require.NoError(t, err)
	require.Equal(t, dictionary, string(file[start:end]))
	require.Equal(t, "<0aFF>", string(file[s.Contents.Start:s.Contents.End]))

	packed, err := sigdict.Find(view(t, testpdf.Stream, "<</AcroForm<</Fields[2 0 R]>>>>", "<</FT/Sig/T(a)/V 3 0 R>>", dictionary))
	require.NoError(t, err)
	_, _, ok = packed.Fields[0].Signature.Place()
	require.False(t, ok, "a dictionary in an object stream has no place in the file")
	require.EqualValues(t, -1, packed.Fields[0].Signature.Contents.Start)
}

func TestDamage(t *testing.T) {
	for _, tt := range []struct {
		value   string
		damaged bool
		check   func(t *testing.T, s *sigdict.Signature)
	}{
		{"7", true, nil},
		{"(text)", true, nil},
		{"[]", true, nil},
		{"<<>>", false, func(t *testing.T, s *sigdict.Signature) {
			require.False(t, s.ByteRange.Present || s.Contents.Present)
			require.True(t, s.Contents.Zero())
		}},
		{"<</ByteRange[0 1 2]/Contents(lit)>>", false, func(t *testing.T, s *sigdict.Signature) {
			_, four := s.ByteRange.Four()
			require.False(t, four || s.Contents.Hex)
			require.True(t, s.ByteRange.Array && s.Contents.String)
		}},
		{"<</ByteRange[0 1 2 3.5]/Contents 7>>", false, func(t *testing.T, s *sigdict.Signature) {
			require.Nil(t, s.ByteRange.Values)
			require.False(t, s.Contents.String)
			require.True(t, s.Contents.Present)
		}},
		{"<</ByteRange null/Contents<0000>>>", false, func(t *testing.T, s *sigdict.Signature) {
			require.False(t, s.ByteRange.Array)
			require.True(t, s.Contents.Zero())
		}},
		{"<</ByteRange 4 0 R/Contents 5 0 R>>", false, func(t *testing.T, s *sigdict.Signature) {
			require.False(t, s.ByteRange.Direct || s.Contents.Direct)
			require.Equal(t, []int64{0, 1, 2, 3}, s.ByteRange.Values)
			require.Equal(t, []byte{1}, s.Contents.Value)
			require.EqualValues(t, -1, s.Contents.Start)
		}},
		{"<</ByteRange[0 1 2 6 0 R]>>", false, func(t *testing.T, s *sigdict.Signature) {
			require.False(t, s.ByteRange.Direct)
			require.Equal(t, []int64{0, 1, 2, 3}, s.ByteRange.Values)
		}},
	} {
		t.Run(tt.value, func(t *testing.T) {
			form, err := sigdict.Find(view(t, testpdf.Table, "<</AcroForm<</Fields[2 0 R]>>>>", "<</FT/Sig/T(a)/V 3 0 R>>", tt.value, "[0 1 2 3]", "<01>", "3"))
			require.NoError(t, err)
			s := form.Fields[0].Signature
			require.NotNil(t, s, "what is damaged still counts")
			require.Equal(t, tt.damaged, len(s.Damage) > 0)
			if tt.check != nil {
				tt.check(t, s)
			}
		})
	}
}

// TestReferenceAlone: a reference that stands in no array forbids what it forbids.
func TestReferenceAlone(t *testing.T) {
	for _, value := range []string{"<</TransformMethod/DocMDP/TransformParams<</P 1>>>>", "4 0 R"} {
		form, err := sigdict.Find(view(t, testpdf.Table, "<</AcroForm<</Fields[2 0 R]>>>>", "<</FT/Sig/T(a)/V 3 0 R>>",
			"<</Type/Sig/ByteRange[0 1 2 3]/Reference "+value+">>", "<</TransformMethod/DocMDP/TransformParams<</P 1>>>>"))
		require.NoError(t, err)
		require.Equal(t, []sigdict.Reference{{Method: sigdict.MethodDocMDP, Permission: 1}}, form.Fields[0].Signature.References)
	}
}

func TestReferencesAndLocks(t *testing.T) {
	const lock = "<</Type/SigFieldLock/Action/Include/Fields[(b)(c.d)]/P 1>>"
	form, err := sigdict.Find(view(t, testpdf.Table,
		"<</AcroForm<</Fields[2 0 R]>>/Perms<</DocMDP 3 0 R/UR3 4 0 R/UR 5 0 R>>>>", "<</FT/Sig/T(a)/V 3 0 R/Lock"+lock+">>",
		"<</Type/Sig/ByteRange[0 1 2 3]/Reference[<</TransformMethod/DocMDP/TransformParams<</P 1>>>><</TransformMethod/DocMDP>><</TransformMethod/DocMDP/TransformParams<</P 8>>>>"+
			"<</TransformMethod/FieldMDP/TransformParams<</Action/All>>>>]>>",
		"<</Type/Sig>>", "null"))
	require.NoError(t, err)
	f := form.Fields[0]
	require.Equal(t, &sigdict.Lock{Action: "Include", Fields: []string{"b", "c.d"}, Permission: 1}, f.Lock)
	for _, p := range []string{"0", "4", "/x", "null"} {
		form, err := sigdict.Find(view(t, testpdf.Table, "<</AcroForm<</Fields[2 0 R]>>>>", "<</FT/Sig/T(a)/Lock<</Action/All/P "+p+">>>>"))
		require.NoError(t, err)
		want := 1
		if p == "null" {
			want = 0
		}
		require.Equal(t, want, form.Fields[0].Lock.Permission, "P %s", p)
	}
	refs := f.Signature.References
	require.Len(t, refs, 4)
	require.Equal(t, []int{1, 2, 0}, []int{refs[0].Permission, refs[1].Permission, refs[2].Permission})
	require.Equal(t, "All", refs[3].Lock.Action)
	_, ok := f.Signature.Reference(sigdict.MethodUR3)
	require.False(t, ok)
	require.NotNil(t, form.Permissions.DocMDP)
	require.Len(t, form.Permissions.UsageRights, 1)

	for _, tt := range []struct {
		lock  *sigdict.Lock
		field string
		want  bool
	}{
		{nil, "a", false},
		{f.Lock, "b", true}, {f.Lock, "b.x", true}, {f.Lock, "bx", false}, {f.Lock, "c", false}, {f.Lock, "c.d", true},
		{&sigdict.Lock{Action: "Exclude", Fields: []string{"b"}}, "b.x", false},
		{&sigdict.Lock{Action: "Exclude", Fields: []string{"b"}}, "c", true},
		{&sigdict.Lock{Action: "All"}, "c", true},
		{&sigdict.Lock{}, "c", true},
	} {
		require.Equal(t, tt.want, tt.lock.Covers(tt.field), "%+v %s", tt.lock, tt.field)
	}
}

func TestStore(t *testing.T) {
	none, err := sigdict.ReadStore(view(t, testpdf.Table, "<</Type/Catalog>>"))
	require.NoError(t, err)
	require.Nil(t, none)
	file := testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{
		{Number: 1, Body: "<</Type/Catalog/DSS 2 0 R>>"},
		{Number: 2, Body: "<</Certs[3 0 R 4 0 R]/OCSPs 5 0 R/CRLs[null 7]/VRI<</AB<</Cert[3 0 R]/OCSP[4 0 R]/TU(D:2026)/TS 3 0 R>>/CD 9>>>>"},
		{Number: 3, Body: "<<>>", Data: []byte("three")},
		{Number: 4, Body: "<<>>"},
		{Number: 5, Body: "[3 0 R]"},
	}}
	s, err := sigdict.ReadStore(open(t, file.Bytes()))
	require.NoError(t, err)
	require.Len(t, s.Certificates, 2)
	require.Len(t, s.OCSPs, 1)
	require.Empty(t, s.CRLs)
	require.Len(t, s.Related, 1)
	require.Equal(t, sigdict.Related{Certificates: s.OCSPs, OCSPs: s.Certificates[1:], Time: "D:2026", HasTimestamp: true}, s.Related["AB"])
	value, err := s.Value(s.Certificates[0])
	require.NoError(t, err)
	require.Equal(t, "three", string(value))
	value, err = s.Value(s.Certificates[1])
	require.NoError(t, err)
	require.Nil(t, value)
}

// TestLimits stands at every limit, and one over.
func TestLimits(t *testing.T) {
	problems := func(objects ...string) []sigdict.Problem {
		f, err := sigdict.Find(view(t, testpdf.Table, objects...))
		require.NoError(t, err)
		return f.Problems
	}
	chain := func(depth int) []string {
		objects := []string{"<</AcroForm<</Fields[2 0 R]>>>>"}
		for i := range depth {
			objects = append(objects, fmt.Sprintf("<</T(a)/Kids[%d 0 R]>>", i+3))
		}
		return append(objects, "<</T(a)/FT/Sig>>")
	}
	require.Empty(t, problems(chain(sigdict.MaxDepth)...))
	require.NotEmpty(t, problems(chain(sigdict.MaxDepth+1)...))

	direct := func(n int) string {
		return "<</AcroForm<</Fields[" + strings.Repeat("<<>>", n) + "]>>>>"
	}
	require.Empty(t, problems(direct(sigdict.MaxFields)))
	require.NotEmpty(t, problems(direct(sigdict.MaxFields+1)))

	signature := func(value string) []string {
		return []string{"<</AcroForm<</Fields[<</FT/Sig/T(a)/V 2 0 R/Lock<</Action/Include/Fields 3 0 R>>>>]>>>>", "<</Reference[" + value + "]>>", "[]"}
	}
	require.Empty(t, problems(signature(strings.Repeat("<<>>", sigdict.MaxReferences))...))
	require.NotEmpty(t, problems(signature(strings.Repeat("<<>>", sigdict.MaxReferences+1))...))

	lock := func(n int) []string {
		objects := signature("")
		objects[2] = "[" + strings.Repeat("(a)", n) + "]"
		return objects
	}
	require.Empty(t, problems(lock(sigdict.MaxLockedFields)...))
	require.NotEmpty(t, problems(lock(sigdict.MaxLockedFields+1)...))

	store := func(n int) *sigdict.Store {
		s, err := sigdict.ReadStore(view(t, testpdf.Table, "<</DSS<</Certs["+strings.Repeat("2 0 R ", n)+"]>>>>", "<<>>"))
		require.NoError(t, err)
		return s
	}
	require.Len(t, store(sigdict.MaxStoreItems).Certificates, sigdict.MaxStoreItems)
	require.Len(t, store(sigdict.MaxStoreItems+1).Certificates, sigdict.MaxStoreItems)

	hops := func(n int) []string {
		objects := []string{"<</AcroForm 2 0 R>>"}
		for i := 1; i < n; i++ {
			objects = append(objects, fmt.Sprintf("%d 0 R", i+2))
		}
		return append(objects, "<<>>")
	}
	require.Empty(t, problems(hops(sigdict.MaxHops)...))
	require.NotEmpty(t, problems(hops(sigdict.MaxHops+1)...))
}

// TestMaxWork: what many fields share is read for each of them, up to a limit.
func TestMaxWork(t *testing.T) {
	const fields = 400
	names := strings.Repeat("(a)", sigdict.MaxLockedFields)
	form := func(last int) *sigdict.Form {
		objects := []string{
			"<</AcroForm<</Fields[" + strings.Repeat("<</FT/Sig/Lock 2 0 R>>", fields) + strings.Repeat("<</FT/Sig/Lock 3 0 R>>", 20) + "<<>>]>>>>",
			"<</Action/Include/Fields[" + names + "]>>", "<</Action/Include/Fields[" + names[:3*last] + "]>>",
		}
		f, err := sigdict.Find(view(t, testpdf.Table, objects...))
		require.NoError(t, err)
		return f
	}
	left := sigdict.MaxWork - form(0).Work
	n := left / 20
	f := form(n)
	require.Empty(t, f.Problems)
	require.Len(t, f.Fields, fields+20)
	require.Less(t, sigdict.MaxWork-f.Work, 20)

	require.NotEmpty(t, form(n+1).Problems)
	over := form(sigdict.MaxLockedFields)
	require.NotEmpty(t, over.Problems)
	require.Less(t, over.Work, sigdict.MaxWork+100)
	require.Equal(t, "All", over.Fields[len(over.Fields)-1].Lock.Action, "a lock that could not be read to its end locks everything")
}

// TestSharedByMany: small files that ask for much memory get little.
func TestSharedByMany(t *testing.T) {
	long := strings.Repeat("x", 200_000)
	var references strings.Builder
	for i := range 9_000 {
		fmt.Fprintf(&references, "%d 0 R ", 100+i)
	}
	for name, objects := range map[string][]string{
		"names of fields": {"<</AcroForm<</Fields[2 0 R]>>>>", "<</T(" + long + ")/Kids[" + strings.Repeat("<</T(a)/FT/Sig>>", 1000) + "]>>"},
		"texts":           {"<</AcroForm<</Fields[" + strings.Repeat("<</FT/Sig/V<</Reason 2 0 R>>>>", 1000) + "]>>>>", "(" + long + ")"},
		"entries":         {"<</AcroForm<</Fields[<</FT/Sig/V<<" + strings.Repeat("/A 1", 50_000) + ">>/Kids[" + strings.Repeat("<</T(a)>>", 1000) + "]>>]>>>>"},
		"kids":            {"<</AcroForm<</Fields[" + strings.Repeat("<</Kids 2 0 R>>", 1000) + "]>>>>", "[" + strings.Repeat("3 0 R ", 50_000) + "]", "<<>>"},
		"parameters":      {"<</AcroForm<</Fields[" + strings.Repeat("<</FT/Sig/V<</Reference 2 0 R>>>>", 1000) + "]>>>>", "[" + strings.Repeat("3 0 R ", 30) + "]", "<<" + strings.Repeat("/A 1", 50_000) + ">>"},
		"certificates":    {"<</AcroForm<</Fields[" + strings.Repeat("<</FT/Sig/V<</Cert 2 0 R>>>>", 1000) + "]>>>>", "[" + strings.Repeat("3 0 R ", 100) + "]", "(" + long + ")"},
		"names of locks":  {"<</AcroForm<</Fields[" + strings.Repeat("<</FT/Sig/Lock 2 0 R>>", 1000) + "]>>>>", "<</Action/Include/Fields[" + strings.Repeat("(a)", 9_000) + "]>>"},
	} {
		f, err := sigdict.Find(view(t, testpdf.Table, objects...))
		require.NoError(t, err)
		require.NotEmpty(t, f.Problems, name)
		require.Less(t, f.Work, 2*sigdict.MaxWork, name)
	}
	// What the last field lacks is told, though no field is left out.
	for n, cut := range map[int]bool{sigdict.MaxWork / len(long) * 15: false, sigdict.MaxWork/(len(long)/16) + 1: true} {
		f, err := sigdict.Find(view(t, testpdf.Table, "<</AcroForm<</Fields["+strings.Repeat("<</FT/Sig/V<</Reason 2 0 R>>>>", n)+"]>>>>", "("+long+")"))
		require.NoError(t, err)
		require.Len(t, f.Fields, n)
		require.Equal(t, cut, f.Fields[n-1].Signature.Reason == "")
		require.Equal(t, cut, len(f.Problems) > 0)
	}

	entry := "<</Cert 3 0 R/OCSP 3 0 R/CRL 3 0 R>>"
	var related strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&related, "/K%d 2 0 R", i)
	}
	s, err := sigdict.ReadStore(view(t, testpdf.Table, "<</DSS<</VRI<<"+related.String()+">>>>>>", entry, "["+references.String()+"]"))
	require.NoError(t, err)
	require.Less(t, len(s.Related), 200)
	require.Less(t, s.Work, 2*sigdict.MaxWork)
}

// A kid that repeats the reference to its parent's value is a widget of it; one with any
// other value is a field.
func TestWidgetsRepeatTheValue(t *testing.T) {
	for kid, want := range map[string]struct{ fields, widgets int }{
		"/V 3 0 R":             {1, 2},
		"":                     {1, 2},
		"/V 5 0 R":             {1, 1}, // the one field is that kid
		"/V null":              {1, 1},
		"/V<</Type/Sig>>":      {1, 1},
		"/V 3 0 R/FT/Sig":      {1, 1},
		"/V 3 0 R/T(x)":        {1, 1},
		"/V 3 0 R/Kids[6 0 R]": {1, 1},
	} {
		form, err := sigdict.Find(view(t, testpdf.Table, "<</Type/Catalog/AcroForm<</Fields[2 0 R]>>>>", "<</FT/Sig/T(s)/V 3 0 R/Kids[4 0 R 7 0 R]>>",
			"<</Type/Sig>>", "<</Subtype/Widget/Parent 2 0 R"+kid+">>", "<</Type/Sig/Name(other)>>", "<</Subtype/Widget>>", "<</Subtype/Widget/Parent 2 0 R>>"))
		require.NoError(t, err)
		require.Len(t, form.Fields, want.fields, kid)
		require.Len(t, form.Fields[0].Widgets, want.widgets, kid)
	}
}
