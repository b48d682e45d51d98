package interop_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
	"github.com/stretchr/testify/require"
)

// hankoFile is what pyHanko reads of fields and protection: see pyhanko_protection.py.
type hankoFile struct {
	File, Error string
	Fields      []struct {
		Name   string
		Signed bool
		Lock   *adesLock
		Seeds  *hankoSeeds
	}
	Signatures []hankoProtection
}

type hankoProtection struct {
	Field        string
	DocMDP       int
	FieldMDP     *adesLock
	SeedsOK      bool   `json:"seeds_ok"`
	SeedsError   string `json:"seeds_error"`
	BottomLine   bool   `json:"bottom_line"`
	Modification string
}

// hankoSeeds is a seed value dictionary as pyHanko reads and writes it.
type hankoSeeds struct {
	Flags             int          `json:"flags,omitempty"`
	Reasons           []string     `json:"reasons,omitempty"`
	Timestamp         string       `json:"timestamp,omitempty"`
	TimestampRequired bool         `json:"timestamp_required,omitempty"`
	SubFilters        []string     `json:"subfilters,omitempty"`
	Digests           []string     `json:"digests,omitempty"`
	AddRevInfo        bool         `json:"add_rev_info,omitempty"`
	Certify           *int         `json:"certify,omitempty"`
	Version           int          `json:"version,omitempty"`
	Attestations      []string     `json:"attestations,omitempty"`
	LockDocument      string       `json:"lock_document,omitempty"`
	Appearance        string       `json:"appearance,omitempty"`
	Cert              *hankoSVCert `json:"cert,omitempty"`
}

type hankoSVCert struct {
	Flags    int               `json:"flags,omitempty"`
	Subjects any               `json:"subjects,omitempty"` // a file; a number where it was read
	Issuers  any               `json:"issuers,omitempty"`
	KeyUsage []string          `json:"key_usage,omitempty"`
	URL      string            `json:"url,omitempty"`
	Subject  map[string]string `json:"subject,omitempty"`
}

// workshop has what the tests of protection sign with.
type workshop struct {
	pki              *testpki.PKI
	id               *testpki.Identity
	root, key, chain string    // files
	peer             *adesPeer // pyHanko: pyhanko_protection.py
}

func newWorkshop(t *testing.T) *workshop {
	t.Helper()
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	id, err := pki.Issue(&testpki.Request{Issuer: pki.Root})
	require.NoError(t, err)
	key, err := id.KeyPEM()
	require.NoError(t, err)
	peer := startPeer(t, "pyHanko", exec.Command(python(t), "judges/pyhanko_protection.py"))
	t.Cleanup(peer.stop)
	return &workshop{
		pki: pki, id: id, peer: peer,
		root: write(t, "root.pem", pki.Root.PEM()), key: write(t, "key.pem", key), chain: write(t, "chain.pem", id.PEM()),
	}
}

func (w *workshop) signer() *pades.Signer { return &pades.Signer{Key: w.id.Key, Chain: w.id.Chain} }

// update does something to a file.
func (w *workshop) update(t *testing.T, data []byte, do func(*pades.Document) error) []byte {
	t.Helper()
	d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), &pades.OpenOptions{Now: testpki.Now})
	require.NoError(t, err)
	require.NoError(t, do(d))
	var b bytes.Buffer
	_, err = d.WriteTo(&b)
	require.NoError(t, err)
	return b.Bytes()
}

func (w *workshop) sign(t *testing.T, data []byte, o *pades.SignOptions) []byte {
	t.Helper()
	return w.update(t, data, func(d *pades.Document) error { return d.Sign(t.Context(), w.signer(), o) })
}

// form is a contract with the empty fields first and second.
func (w *workshop) form(t *testing.T) []byte {
	t.Helper()
	return w.update(t, testpdf.Contract(1, testpdf.Table).Bytes(), func(d *pades.Document) error {
		return d.AddFields([]*pades.NewField{{Name: "first"}, {Name: "second", Rect: pades.Rect{X: 300, Y: 40, Width: 90, Height: 40}}}, nil)
	})
}

// hanko gives a task to pyHanko.
func (w *workshop) hanko(t *testing.T, task ...string) (files []hankoFile) {
	t.Helper()
	var answer struct {
		Error string
		Files []hankoFile
	}
	require.NoError(t, json.Unmarshal(w.peer.ask(t, task), &answer))
	require.Empty(t, answer.Error)
	return answer.Files
}

// hankoReads asks pyHanko what it reads of files.
func (w *workshop) hankoReads(t *testing.T, files ...string) map[string]hankoFile {
	t.Helper()
	all := make(map[string]hankoFile)
	for _, f := range w.hanko(t, append([]string{"read", w.root}, files...)...) {
		all[f.File] = f
	}
	require.Len(t, all, len(files))
	return all
}

// hankoAdds lets pyHanko add fields.
func (w *workshop) hankoAdds(t *testing.T, data []byte, specs ...map[string]any) []byte {
	t.Helper()
	spec, err := json.Marshal(specs)
	require.NoError(t, err)
	out := filepath.Join(t.TempDir(), "out.pdf")
	w.hanko(t, "fields", write(t, "spec.json", spec), write(t, "in.pdf", data), out)
	made, err := os.ReadFile(out)
	require.NoError(t, err)
	return made
}

func (w *workshop) dssReads(t *testing.T, file string) adesAnswer {
	t.Helper()
	a := dssPeer(t).do(t, adesTask{Command: "judge", File: file, Anchors: []string{w.root}, At: testpki.Now().Format("2006-01-02T15:04:05Z07:00"), Unlisted: true})
	require.Empty(t, a.Error)
	return a
}

func (w *workshop) verify(t *testing.T, data []byte) *verify.Signature {
	t.Helper()
	report, _ := verify.Reader(t.Context(), bytes.NewReader(data), int64(len(data)), &verify.Options{Trust: w.pki.Pool(), At: testpki.Now()})
	require.NotNil(t, report)
	require.NotEmpty(t, report.Signatures)
	return report.Signatures[0]
}

// TestProtectionReadAlike: what we certify and lock, in a new field, an existing one, and
// one with a lock of its own, pyHanko and EU DSS read as we do.
func TestProtectionReadAlike(t *testing.T) {
	w := newWorkshop(t)
	locks := []*pades.Lock{
		nil,
		{Action: pades.LockAll},
		{Action: pades.LockInclude, Fields: []string{"party.name", "承認(1)"}},
		{Action: pades.LockExclude, Fields: []string{"second"}},
		{Action: pades.LockAll, Permission: pades.NoChanges},
		{Action: pades.LockInclude, Fields: []string{"second"}, Permission: pades.FillForms},
		{Action: pades.LockExclude, Fields: []string{"second"}, Permission: pades.Annotate},
	}
	type made struct {
		certify pades.Permission
		lock    *pades.Lock
	}
	files := make(map[string]made)
	var names []string
	for certify := range pades.Annotate + 1 {
		for i, lock := range locks {
			for _, how := range []string{"new", "existing", "own"} {
				o := &pades.SignOptions{Certify: certify, Lock: lock}
				data := w.form(t)
				switch {
				case how == "existing":
					o.Field = "first"
				case how == "own" && lock != nil:
					data = w.update(t, data, func(d *pades.Document) error { return d.AddFields([]*pades.NewField{{Name: "own", Lock: lock}}, nil) })
					o.Field, o.Lock = "own", nil
				case how == "own":
					continue
				}
				name := write(t, fmt.Sprintf("%d-%d-%s.pdf", certify, i, how), w.sign(t, data, o))
				files[name] = made{certify, lock}
				names = append(names, name)
			}
		}
	}
	theirs := w.hankoReads(t, names...)
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			qpdfCheck(t, name)
			m := files[name]
			data, err := os.ReadFile(name)
			require.NoError(t, err)
			ours := w.verify(t, data)
			require.True(t, ours.Intact)
			require.Equal(t, int(m.certify), ours.DocMDP)

			want := (*adesLock)(nil)
			permission := int(m.certify)
			if m.lock != nil {
				want = &adesLock{Action: string(m.lock.Action), Fields: m.lock.Fields}
				if permission == 0 {
					permission = int(m.lock.Permission) // pyHanko calls P of a lock by the same name
				}
			}
			require.Empty(t, theirs[name].Error)
			h := theirs[name].Signatures[0]
			require.True(t, h.BottomLine)
			require.Equal(t, permission, h.DocMDP)
			requireLock(t, want, h.FieldMDP)

			d := w.dssReads(t, name).Signatures[0]
			require.Equal(t, "TOTAL_PASSED", d.Indication, "%v", d.Errors)
			require.Equal(t, int(m.certify), d.Protection.DocMDP)
			requireLock(t, want, d.Protection.FieldMDP)
			if want != nil {
				want.Permission = int(m.lock.Permission) // which has its place in the Lock dictionary alone
			}
			requireLock(t, want, d.Protection.FieldLock)
		})
	}
}

func requireLock(t *testing.T, want, got *adesLock) {
	t.Helper()
	if want == nil {
		require.Nil(t, got)
		return
	}
	require.NotNil(t, got)
	require.Equal(t, want.Action, got.Action)
	require.ElementsMatch(t, want.Fields, got.Fields)
	require.Equal(t, want.Permission, got.Permission)
}

// hankoDoes lets pyHanko do one step.
func (w *workshop) hankoDoes(t *testing.T, data []byte, step string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out.pdf")
	w.hanko(t, "step", step, w.key, w.chain, write(t, "in.pdf", data), out)
	made, err := os.ReadFile(out)
	require.NoError(t, err)
	return made
}

// TestLocksOfHanko: locks that pyHanko writes into fields we list and turn into transforms;
// those with which it signs, and its certifications, we obey.
func TestLocksOfHanko(t *testing.T) {
	w := newWorkshop(t)
	allowed := func(t *testing.T, data []byte, do func(*pades.Document) error) bool {
		d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), &pades.OpenOptions{Now: testpki.Now})
		require.NoError(t, err)
		if err := do(d); err != nil {
			require.ErrorIs(t, err, pades.ErrNotPermitted)
			return false
		}
		return true
	}
	signs := func(o pades.SignOptions) func(*pades.Document) error {
		return func(d *pades.Document) error { return d.Sign(t.Context(), w.signer(), &o) }
	}
	adds := func(d *pades.Document) error { return d.AddFields([]*pades.NewField{{}}, nil) }
	for name, c := range map[string]struct {
		lock        pades.Lock
		second, new bool // whether these may be signed afterwards
	}{
		"all":          {pades.Lock{Action: pades.LockAll}, false, false},
		"all, P=1":     {pades.Lock{Action: pades.LockAll, Permission: pades.NoChanges}, false, false},
		"include":      {pades.Lock{Action: pades.LockInclude, Fields: []string{"second"}}, false, true},
		"include, P=2": {pades.Lock{Action: pades.LockInclude, Fields: []string{"承認"}, Permission: pades.FillForms}, true, true},
		"include, P=1": {pades.Lock{Action: pades.LockInclude, Fields: []string{"承認"}, Permission: pades.NoChanges}, false, false},
		"exclude":      {pades.Lock{Action: pades.LockExclude, Fields: []string{"second"}}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			spec := map[string]any{"action": string(c.lock.Action), "permission": int(c.lock.Permission)}
			if c.lock.Fields != nil {
				spec["fields"] = c.lock.Fields
			}
			data := w.hankoAdds(t, w.form(t), map[string]any{"name": "locking", "lock": spec}, map[string]any{"name": "apart", "box": []int{10, 10, 60, 40}, "apart": true, "lock": spec})
			d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), nil)
			require.NoError(t, err)
			fields, err := d.Fields()
			require.NoError(t, err)
			require.Len(t, fields, 4)
			require.Equal(t, &c.lock, fields[2].Lock)
			require.Equal(t, &c.lock, fields[3].Lock)
			for maker, signed := range map[string][]byte{
				"inkan": w.sign(t, data, &pades.SignOptions{Field: "locking"}), "inkan, apart": w.sign(t, data, &pades.SignOptions{Field: "apart"}),
				"pyHanko": w.hankoDoes(t, data, "sign locking"),
			} {
				file := write(t, "signed.pdf", signed)
				read := w.hankoReads(t, file)[file]
				require.Empty(t, read.Error)
				h := read.Signatures[0]
				require.True(t, h.BottomLine, maker)
				require.Equal(t, int(c.lock.Permission), h.DocMDP, maker)
				requireLock(t, &adesLock{Action: string(c.lock.Action), Fields: c.lock.Fields}, h.FieldMDP)
				require.True(t, w.verify(t, signed).Intact, maker)
				require.Equal(t, c.second, allowed(t, signed, signs(pades.SignOptions{Field: "second"})), maker)
				require.Equal(t, c.new, allowed(t, signed, signs(pades.SignOptions{NewField: "new"})), maker)
				require.False(t, allowed(t, signed, adds), maker)
			}
		})
	}
	for p := pades.NoChanges; p <= pades.Annotate; p++ {
		certified := w.hankoDoes(t, w.form(t), fmt.Sprintf("certify %d", p))
		j := w.verify(t, certified)
		require.Equal(t, verify.KindCertification, j.Kind)
		require.Equal(t, int(p), j.DocMDP)
		require.Equal(t, p >= pades.FillForms, allowed(t, certified, signs(pades.SignOptions{})))
		require.Equal(t, p >= pades.Annotate, allowed(t, certified, adds))
		require.False(t, allowed(t, certified, signs(pades.SignOptions{Certify: pades.Annotate})))
	}
}
