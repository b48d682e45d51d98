package interop_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/stretchr/testify/require"
)

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

	files map[string]bool // to be judged: whether they obey
}

func seedCases() map[string]seedCase {
	flags := func(f pades.SeedFlags) int { return int(f) }
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

// certificateCases are those about the certificate.
func (w *workshop) certificateCases() map[string]seedCase {
	cert := func(f pades.CertificateSeedFlags, h hankoSVCert) *hankoSVCert {
		h.Flags = int(f)
		return &h
	}
	return map[string]seedCase{
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
	cases := seedCases()
	maps.Copy(cases, w.certificateCases())
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			c.files = make(map[string]bool)
			contract := testpdf.Contract(1, testpdf.Table).Bytes()
			theirs := w.hankoAdds(t, contract, map[string]any{"name": "seeded", "box": []int{10, 10, 100, 50}, "seeds": c.theirs})
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
					c.judged(t, w.sign(t, data, &pades.SignOptions{Field: "seeded", IgnoreSeedValues: true}), false)
				}
				if c.violate != nil {
					c.try(t, w, s, data, *c.violate, false)
				}
				c.judge(t, w)
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
			house := &workshop{root: s.root, peer: w.peer}
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
	c.judged(t, w.sign(t, data, &o), obeys)
}

// judged keeps a signed file for pyHanko, which judges all of a case at once.
func (c *seedCase) judged(t *testing.T, signed []byte, obeys bool) {
	t.Helper()
	if c.blind == "" {
		c.files[write(t, fmt.Sprintf("%d.pdf", len(c.files)), signed)] = obeys
	}
}

// judge asks pyHanko whether the seed values are obeyed.
func (c *seedCase) judge(t *testing.T, w *workshop) {
	t.Helper()
	if len(c.files) == 0 {
		return
	}
	for name, f := range w.hankoReads(t, slices.Collect(maps.Keys(c.files))...) {
		require.Empty(t, f.Error)
		require.Equal(t, c.files[name], f.Signatures[0].SeedsOK, "%s", f.Signatures[0].SeedsError)
	}
}
