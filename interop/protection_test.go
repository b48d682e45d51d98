package interop_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
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
	root, key, chain string // files
}

func newWorkshop(t *testing.T) *workshop {
	t.Helper()
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	id, err := pki.Issue(&testpki.Request{Issuer: pki.Root})
	require.NoError(t, err)
	key, err := id.KeyPEM()
	require.NoError(t, err)
	return &workshop{pki, id, write(t, "root.pem", pki.Root.PEM()), write(t, "key.pem", key), write(t, "chain.pem", id.PEM())}
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

// hanko runs pyhanko_protection.py.
func hanko(t *testing.T, arguments ...string) []byte {
	t.Helper()
	cmd := exec.Command(python(t), append([]string{"judges/pyhanko_protection.py"}, arguments...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s", stderr.String())
	return out
}

// hankoReads asks pyHanko what it reads of files.
func (w *workshop) hankoReads(t *testing.T, files ...string) map[string]hankoFile {
	t.Helper()
	all := make(map[string]hankoFile)
	decoder := json.NewDecoder(bytes.NewReader(hanko(t, append([]string{"read", w.root}, files...)...)))
	for decoder.More() {
		var f hankoFile
		require.NoError(t, decoder.Decode(&f))
		all[f.File] = f
	}
	require.Len(t, all, len(files))
	return all
}

// hankoAdds lets pyHanko add fields.
func hankoAdds(t *testing.T, data []byte, specs ...map[string]any) []byte {
	t.Helper()
	spec, err := json.Marshal(specs)
	require.NoError(t, err)
	out := filepath.Join(t.TempDir(), "out.pdf")
	hanko(t, "fields", write(t, "spec.json", spec), write(t, "in.pdf", data), out)
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

// seedCase is one seed value: as pyHanko writes it and as we do, how it is obeyed and how
// it is violated.
type seedCase struct {
	theirs     hankoSeeds
	ours       pades.SeedValues
	obey       pades.SignOptions
	violate    *pades.SignOptions
	forcedOnly bool // a signature violates it only where it ignores it
	impossible bool // this signer cannot obey
	strings    bool // it writes strings where ISO 32000-2, Table 237 asks for names, and judges its own alone
	// blind says why pyHanko does not judge it as we do; it then says anything.
	blind string
}

func (w *workshop) seedCases() map[string]seedCase {
	flags := func(f pades.SeedFlags) int { return int(f) }
	cert := func(f pades.CertificateSeedFlags, h hankoSVCert) *hankoSVCert {
		h.Flags = int(f)
		return &h
	}
	return map[string]seedCase{
		"digest": {
			theirs:     hankoSeeds{Flags: flags(pades.SeedDigestMethod), Digests: []string{"sha384", "sha512"}},
			strings:    true,
			ours:       pades.SeedValues{Required: pades.SeedDigestMethod, DigestMethod: []string{"SHA384", "SHA512"}},
			forcedOnly: true,
		},
		"reason": {
			theirs: hankoSeeds{Flags: flags(pades.SeedReasons), Reasons: []string{"承認", "I approve"}},
			ours:   pades.SeedValues{Required: pades.SeedReasons, Reasons: []string{"承認", "I approve"}},
			obey:   pades.SignOptions{Reason: "承認"}, violate: &pades.SignOptions{Reason: "why not"},
		},
		"no reason": {
			theirs:  hankoSeeds{Flags: flags(pades.SeedReasons), Reasons: []string{"."}},
			ours:    pades.SeedValues{Required: pades.SeedReasons, Reasons: []string{"."}},
			violate: &pades.SignOptions{Reason: "why not"},
		},
		"approval": {
			theirs:  hankoSeeds{Certify: new(0)},
			ours:    pades.SeedValues{MDP: new(pades.Permission(0))},
			violate: &pades.SignOptions{Certify: pades.FillForms},
		},
		"certification": {
			theirs: hankoSeeds{Certify: new(2)},
			ours:   pades.SeedValues{MDP: new(pades.FillForms)},
			obey:   pades.SignOptions{}, violate: &pades.SignOptions{Certify: pades.NoChanges},
		},
		"encoding": {
			theirs:     hankoSeeds{Flags: flags(pades.SeedSubFilter), SubFilters: []string{"adbe.pkcs7.detached", "ETSI.CAdES.detached"}},
			ours:       pades.SeedValues{Required: pades.SeedSubFilter, SubFilter: []string{"adbe.pkcs7.detached", "ETSI.CAdES.detached"}},
			forcedOnly: true,
		},
		"time stamp": {
			theirs:  hankoSeeds{Timestamp: "https://tsa.example/", TimestampRequired: true},
			ours:    pades.SeedValues{TimeStamp: &pades.TimestampSeed{URL: "https://tsa.example/", Required: true}},
			obey:    pades.SignOptions{Level: pades.BT},
			violate: &pades.SignOptions{},
		},
		"locked": {
			theirs:  hankoSeeds{Flags: flags(pades.SeedLockDocument), LockDocument: "LOCK"},
			ours:    pades.SeedValues{Required: pades.SeedLockDocument, LockDocument: "true"},
			violate: &pades.SignOptions{Certify: pades.FillForms},
		},
		"not locked": {
			theirs:  hankoSeeds{Flags: flags(pades.SeedLockDocument), LockDocument: "DO_NOT_LOCK"},
			ours:    pades.SeedValues{Required: pades.SeedLockDocument, LockDocument: "false"},
			violate: &pades.SignOptions{Certify: pades.NoChanges},
		},
		"certificate": {
			theirs: hankoSeeds{Cert: cert(pades.SeedSubject, hankoSVCert{Subjects: []string{w.chain}})},
			ours:   pades.SeedValues{Cert: &pades.CertificateSeeds{Required: pades.SeedSubject, Subject: w.id.Chain}},
		},
		"another certificate": {
			theirs:     hankoSeeds{Cert: cert(pades.SeedSubject, hankoSVCert{Subjects: []string{w.root}})},
			ours:       pades.SeedValues{Cert: &pades.CertificateSeeds{Required: pades.SeedSubject, Subject: w.pki.Root.Chain}},
			impossible: true,
			violate:    &pades.SignOptions{},
		},
		"issuer": {
			theirs: hankoSeeds{Cert: cert(pades.SeedIssuer, hankoSVCert{Issuers: []string{w.root}})},
			ours:   pades.SeedValues{Cert: &pades.CertificateSeeds{Required: pades.SeedIssuer, Issuer: w.pki.Root.Chain}},
		},
		"another issuer": {
			theirs:     hankoSeeds{Cert: cert(pades.SeedIssuer, hankoSVCert{Issuers: []string{w.chain}})},
			ours:       pades.SeedValues{Cert: &pades.CertificateSeeds{Required: pades.SeedIssuer, Issuer: w.id.Chain}},
			impossible: true,
			violate:    &pades.SignOptions{},
		},
		"key usage": {
			theirs: hankoSeeds{Cert: cert(pades.SeedKeyUsage, hankoSVCert{KeyUsage: []string{"0XXXXXXXX", "1XXXX0XXX"}})},
			ours:   pades.SeedValues{Cert: &pades.CertificateSeeds{Required: pades.SeedKeyUsage, KeyUsage: []string{"0XXXXXXXX", "1XXXX0XXX"}}},
		},
		"another key usage": {
			theirs:     hankoSeeds{Cert: cert(pades.SeedKeyUsage, hankoSVCert{KeyUsage: []string{"XXXXX1XXX"}})},
			ours:       pades.SeedValues{Cert: &pades.CertificateSeeds{Required: pades.SeedKeyUsage, KeyUsage: []string{"XXXXX1XXX"}}},
			impossible: true,
			violate:    &pades.SignOptions{},
		},
		"subject": {
			theirs: hankoSeeds{Cert: cert(pades.SeedSubjectDN, hankoSVCert{Subject: map[string]string{"common_name": "山田太郎"}})},
			ours:   pades.SeedValues{Cert: &pades.CertificateSeeds{Required: pades.SeedSubjectDN, SubjectDN: []map[string]string{{"CN": "山田太郎"}}}},
		},
		"another subject": {
			theirs:     hankoSeeds{Cert: cert(pades.SeedSubjectDN, hankoSVCert{Subject: map[string]string{"common_name": "小林"}})},
			ours:       pades.SeedValues{Cert: &pades.CertificateSeeds{Required: pades.SeedSubjectDN, SubjectDN: []map[string]string{{"CN": "小林"}}}},
			impossible: true,
			violate:    &pades.SignOptions{},
		},
		"attestation": {
			theirs: hankoSeeds{Flags: flags(pades.SeedLegalAttestation), Attestations: []string{"as drawn"}},
			ours:   pades.SeedValues{Required: pades.SeedLegalAttestation, LegalAttestation: []string{"as drawn"}},
			obey:   pades.SignOptions{Certify: pades.FillForms, Attestation: "as drawn"}, violate: &pades.SignOptions{},
			blind: "it does not know attestations (ISO 32000-2, 12.8.7) and gives up",
		},
		"revocation data": {
			theirs:  hankoSeeds{Flags: flags(pades.SeedAddRevInfo), AddRevInfo: true},
			ours:    pades.SeedValues{Required: pades.SeedAddRevInfo, AddRevInfo: true},
			obey:    pades.SignOptions{Level: pades.BLT},
			violate: &pades.SignOptions{},
			blind:   "it looks for them in an attribute that only adbe.pkcs7.detached may have (EN 319 142-1, 6.3), not in the security store",
		},
		"appearance": {
			theirs:  hankoSeeds{Flags: flags(pades.SeedAppearanceFilter), Appearance: "社印"},
			ours:    pades.SeedValues{Required: pades.SeedAppearanceFilter, AppearanceFilter: "社印"},
			obey:    pades.SignOptions{AppearanceName: "社印", Appearance: frame{}},
			violate: &pades.SignOptions{Appearance: frame{}},
			blind:   "a file does not say which appearance was chosen",
		},
		"version": {
			theirs: hankoSeeds{Flags: flags(pades.SeedV), Version: 3},
			ours:   pades.SeedValues{Required: pades.SeedV, V: 3},
		},
	}
}

// frame is an appearance.
type frame struct{}

func (frame) Draw(_ context.Context, r *pades.AppearanceRequest) (*pades.AppearanceStream, error) {
	return &pades.AppearanceStream{Content: fmt.Appendf(nil, "1 1 %g %g re S", r.Width-2, r.Height-2)}, nil
}

// TestSeedValuesBothWays: seed values that pyHanko writes we read and obey, those that we
// write it reads, and it judges a signature that obeys or violates them as we do.
func TestSeedValuesBothWays(t *testing.T) {
	w, s := newWorkshop(t), newServices(t)
	place := pades.Rect{X: 10, Y: 10, Width: 90, Height: 40}
	for name, c := range w.seedCases() {
		t.Run(name, func(t *testing.T) {
			contract := testpdf.Contract(1, testpdf.Table).Bytes()
			theirs := hankoAdds(t, contract, map[string]any{"name": "seeded", "box": []int{10, 10, 100, 50}, "seeds": c.theirs})
			ours := w.update(t, contract, func(d *pades.Document) error {
				return d.AddFields([]*pades.NewField{{Name: "seeded", Rect: place, SeedValues: &c.ours}}, nil)
			})
			read := w.hankoReads(t, write(t, "theirs.pdf", theirs), write(t, "ours.pdf", ours))
			var both []*hankoSeeds
			for _, f := range read {
				require.Empty(t, f.Error)
				if c.theirs.Version == 0 {
					f.Fields[0].Seeds.Version = 0 // which it writes always
				}
				both = append(both, f.Fields[0].Seeds)
			}
			if !c.strings {
				require.Equal(t, both[0], both[1], "it reads ours as its own")
			}

			for i, data := range [][]byte{theirs, ours} {
				c.blind = map[bool]string{true: "strings", false: c.blind}[c.strings && i == 1]
				d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), nil)
				require.NoError(t, err)
				fields, err := d.Fields()
				require.NoError(t, err)
				require.NoError(t, fields[0].SeedError)
				if c.ours.V == 0 {
					fields[0].SeedValues.V = 0
				}
				require.Equal(t, normalised(c.ours), normalised(*fields[0].SeedValues))

				if !c.impossible {
					c.try(t, w, s, data, c.obey, true)
				}
				if c.forcedOnly {
					c.judged(t, w, w.sign(t, data, &pades.SignOptions{Field: "seeded", IgnoreSeedValues: true}), false)
				}
				if c.violate != nil {
					c.try(t, w, s, data, *c.violate, false)
				}
			}
		})
	}
}

// normalised is what seed values say, however it is written.
func normalised(s pades.SeedValues) string {
	s.DigestMethod = slices.Clone(s.DigestMethod)
	for i, name := range s.DigestMethod {
		s.DigestMethod[i] = strings.ToUpper(name)
	}
	if c := s.Cert; c != nil {
		text := *c
		text.Subject, text.Issuer = nil, nil
		if text.URLType == "Browser" {
			text.URLType = ""
		}
		for _, x := range slices.Concat(c.Subject, c.Issuer) {
			text.OID = append(text.OID, x.String())
		}
		s.Cert = &text
	}
	data, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// try signs as the options say. Where that violates the seed values it is refused, and
// forced; pyHanko must see both.
func (c *seedCase) try(t *testing.T, w *workshop, s *services, data []byte, o pades.SignOptions, obeys bool) {
	t.Helper()
	o.Field = "seeded"
	if o.Level > 0 { // with time stamps and revocation data, of another house
		full := s.options(o.Level)
		full.Field = o.Field
		signer := s.signer(t, testpki.RSA2048)
		signed := s.update(t, data, "", func(d *pades.Document) error {
			return d.Sign(t.Context(), &pades.Signer{Key: signer.Key, Chain: signer.Chain}, full)
		})
		if c.blind == "" {
			name := write(t, "stamped.pdf", signed)
			house := &workshop{root: s.root}
			f := house.hankoReads(t, name)[name]
			require.Empty(t, f.Error)
			require.True(t, f.Signatures[0].SeedsOK, "%s", f.Signatures[0].SeedsError)
		}
		return
	}
	if !obeys {
		d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), nil)
		require.NoError(t, err)
		require.ErrorIs(t, d.Sign(t.Context(), w.signer(), &o), pades.ErrNotPermitted)
		o.IgnoreSeedValues = true
	}
	c.judged(t, w, w.sign(t, data, &o), obeys)
}

func (c *seedCase) judged(t *testing.T, w *workshop, signed []byte, obeys bool) {
	t.Helper()
	if c.blind != "" {
		return
	}
	name := write(t, "signed.pdf", signed)
	f := w.hankoReads(t, name)[name]
	require.Empty(t, f.Error)
	require.Equal(t, obeys, f.Signatures[0].SeedsOK, "%s", f.Signatures[0].SeedsError)
}

// hankoDoes lets pyHanko do one step.
func (w *workshop) hankoDoes(t *testing.T, data []byte, step string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out.pdf")
	hanko(t, "step", step, w.key, w.chain, write(t, "in.pdf", data), out)
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
			data := hankoAdds(t, w.form(t), map[string]any{"name": "locking", "lock": spec}, map[string]any{"name": "apart", "box": []int{10, 10, 60, 40}, "apart": true, "lock": spec})
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
