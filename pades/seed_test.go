package pades_test

import (
	"bytes"
	"crypto"
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

// seeded returns a contract with one empty field, "Approval", with these seed values and
// this lock.
func seeded(t testing.TB, s *pades.SeedValues, l *pades.Lock) []byte {
	t.Helper()
	d := document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.AddFields([]*pades.NewField{{Name: "Approval", Rect: pades.Rect{X: 10, Y: 10, Width: 90, Height: 30}, SeedValues: s, Lock: l}}, nil))
	return content(t, d)
}

// seedCase is a signature in a field with seed values.
type seedCase struct {
	seeds   pades.SeedValues
	options pades.SignOptions // Field is set
	signer  func(*pades.Signer)
	refused string // what the error says; "" where it is signed
	warned  string // what one warning says
	check   func(t *testing.T, s *sigdict.Signature, sd *cms.SignedData)
}

// sign runs the case. A refusal comes before the key is used and leaves the document as
// it was; IgnoreSeedValues overrides it.
func (c *seedCase) sign(t *testing.T, s *pades.Signer) {
	original := seeded(t, &c.seeds, nil)
	key := &onceKey{Signer: s.Key}
	who := &pades.Signer{Key: key, Chain: s.Chain}
	if c.signer != nil {
		c.signer(who)
	}
	d := document(t, original)
	o := c.options
	o.Field = "Approval"
	var warnings []string
	o.Warn = func(w string) { warnings = append(warnings, w) }
	err := d.Sign(t.Context(), who, &o)
	if c.refused != "" {
		require.ErrorIs(t, err, pades.ErrNotPermitted)
		require.ErrorContains(t, err, "not permitted: the field \"Approval\" demands ")
		require.ErrorContains(t, err, c.refused)
		require.Zero(t, key.used)
		require.Equal(t, original, content(t, d))
		o.IgnoreSeedValues = true
		require.NoError(t, d.Sign(t.Context(), who, &o))
		return
	}
	require.NoError(t, err)
	if c.warned != "" {
		require.Len(t, warnings, 1)
		require.Contains(t, warnings[0], `the field "Approval" proposes `+c.warned)
	} else {
		require.Empty(t, warnings)
	}
	data := content(t, d)
	signed := signatures(t, data)
	require.Len(t, signed, 1)
	sd, _, err := cms.Parse(signed[0].Signature.Contents.Value)
	require.NoError(t, err)
	if c.check != nil {
		c.check(t, signed[0].Signature, sd)
	}
}

func (c seedCase) run(t *testing.T) {
	t.Helper()
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	id, err := pki.Issue(&testpki.Request{Change: func(x *testpki.Template) {
		x.Extensions = append(x.Extensions, policies(t, asn1.ObjectIdentifier{1, 2, 392, 9}, asn1.ObjectIdentifier{1, 2, 392, 10}))
	}})
	require.NoError(t, err)
	c.sign(t, &pades.Signer{Key: id.Key, Chain: id.Chain})
}

func subFilter(want string) func(*testing.T, *sigdict.Signature, *cms.SignedData) {
	return func(t *testing.T, s *sigdict.Signature, _ *cms.SignedData) { require.Equal(t, want, s.SubFilter) }
}

func digest(want crypto.Hash) func(*testing.T, *sigdict.Signature, *cms.SignedData) {
	return func(t *testing.T, _ *sigdict.Signature, sd *cms.SignedData) {
		h, err := sd.SignerInfos[0].DigestHash()
		require.NoError(t, err)
		require.Equal(t, cms.Hash(want), h)
	}
}

// asks tells what a signature asks of later changes: P of DocMDP, action and P of FieldMDP.
func asks(docMDP int, action string, fieldP int) func(*testing.T, *sigdict.Signature, *cms.SignedData) {
	return func(t *testing.T, s *sigdict.Signature, _ *cms.SignedData) {
		doc, _ := s.Reference(sigdict.MethodDocMDP)
		require.Equal(t, docMDP, doc.Permission)
		field, _ := s.Reference(sigdict.MethodFieldMDP)
		if action == "" {
			require.Nil(t, field.Lock)
			return
		}
		require.Equal(t, action, field.Lock.Action)
		require.Equal(t, fieldP, field.Lock.Permission)
	}
}

// TestSeedValues holds a signature against every seed value: demanded and proposed,
// obeyed and violated.
func TestSeedValues(t *testing.T) {
	stamps := newAuthority(t)
	stamped := pades.SignOptions{Level: pades.BT, TSA: stamps}
	picture := &drawing{}
	with := func(a cms.Algorithm) func(*pades.Signer) { return func(s *pades.Signer) { s.Algorithm = a } }
	for name, c := range map[string]seedCase{
		"nothing asked":       {},
		"filter":              {seeds: pades.SeedValues{Required: pades.SeedFilter, Filter: "Adobe.PPKLite"}},
		"filter, another":     {seeds: pades.SeedValues{Required: pades.SeedFilter, Filter: "Entrust.PPKEF"}, refused: "the signature handler Entrust.PPKEF"},
		"filter, proposed":    {seeds: pades.SeedValues{Filter: "Entrust.PPKEF"}, warned: "the signature handler Entrust.PPKEF"},
		"encoding":            {seeds: pades.SeedValues{Required: pades.SeedSubFilter, SubFilter: []string{"x", "ETSI.CAdES.detached", "adbe.pkcs7.detached"}}, check: subFilter("ETSI.CAdES.detached")},
		"encoding, older":     {seeds: pades.SeedValues{Required: pades.SeedSubFilter, SubFilter: []string{"adbe.pkcs7.detached", "ETSI.CAdES.detached"}}, check: subFilter("adbe.pkcs7.detached")},
		"encoding, another":   {seeds: pades.SeedValues{Required: pades.SeedSubFilter, SubFilter: []string{"adbe.pkcs7.sha1", "ETSI.RFC3161"}}, refused: `the encoding "adbe.pkcs7.sha1" or "ETSI.RFC3161"`},
		"encoding, proposed":  {seeds: pades.SeedValues{SubFilter: []string{"adbe.pkcs7.detached", "ETSI.CAdES.detached"}}, check: subFilter("ETSI.CAdES.detached")},
		"encoding, only one":  {seeds: pades.SeedValues{SubFilter: []string{"adbe.pkcs7.detached"}}, check: subFilter("adbe.pkcs7.detached")},
		"encoding, not ours":  {seeds: pades.SeedValues{SubFilter: []string{"adbe.pkcs7.sha1"}}, warned: "the encoding", check: subFilter("ETSI.CAdES.detached")},
		"digest, default":     {seeds: pades.SeedValues{Required: pades.SeedDigestMethod, DigestMethod: []string{"SHA512", "SHA256"}}, check: digest(crypto.SHA256)},
		"digest, another":     {seeds: pades.SeedValues{Required: pades.SeedDigestMethod, DigestMethod: []string{"SHA1", "SHA512"}}, check: digest(crypto.SHA512)},
		"digest, SHA-3":       {seeds: pades.SeedValues{DigestMethod: []string{"SHA3-384"}}, check: digest(crypto.SHA3_384)},
		"digest, too weak":    {seeds: pades.SeedValues{Required: pades.SeedDigestMethod, DigestMethod: []string{"SHA1", "RIPEMD160"}}, refused: `the digest "SHA1" or "RIPEMD160"; it would be SHA-256`},
		"digest, weak offer":  {seeds: pades.SeedValues{DigestMethod: []string{"SHA1"}}, warned: "the digest", check: digest(crypto.SHA256)},
		"digest, chosen":      {seeds: pades.SeedValues{Required: pades.SeedDigestMethod, DigestMethod: []string{"SHA384"}}, signer: with(cms.Algorithm{Scheme: cms.RSAPSS, Hash: crypto.SHA384}), check: digest(crypto.SHA384)},
		"digest, contrary":    {seeds: pades.SeedValues{Required: pades.SeedDigestMethod, DigestMethod: []string{"SHA384"}}, signer: with(cms.Algorithm{Scheme: cms.RSAPSS, Hash: crypto.SHA256}), refused: "the digest"},
		"digest, declined":    {seeds: pades.SeedValues{DigestMethod: []string{"SHA384"}}, signer: with(cms.Algorithm{Scheme: cms.RSA, Hash: crypto.SHA256}), warned: "the digest", check: digest(crypto.SHA256)},
		"version":             {seeds: pades.SeedValues{Required: pades.SeedV, V: 3}},
		"version, later":      {seeds: pades.SeedValues{Required: pades.SeedV, V: 4}, refused: "version 4"},
		"version, offered":    {seeds: pades.SeedValues{V: 4}, warned: "that version 4"},
		"reason":              {seeds: pades.SeedValues{Required: pades.SeedReasons, Reasons: []string{"I approve", "承認"}}, options: pades.SignOptions{Reason: "承認"}},
		"reason, another":     {seeds: pades.SeedValues{Required: pades.SeedReasons, Reasons: []string{"I approve", "承認"}}, options: pades.SignOptions{Reason: "why not"}, refused: `the reason "I approve" or "承認"`},
		"reason, missing":     {seeds: pades.SeedValues{Required: pades.SeedReasons, Reasons: []string{"I approve"}}, refused: `the reason "I approve"`},
		"reason, proposed":    {seeds: pades.SeedValues{Reasons: []string{"I approve"}}, options: pades.SignOptions{Reason: "why not"}, warned: `the reason "I approve"`},
		"reason, left out":    {seeds: pades.SeedValues{Reasons: []string{"I approve"}}},
		"no reason":           {seeds: pades.SeedValues{Required: pades.SeedReasons, Reasons: []string{"."}}},
		"no reason, given":    {seeds: pades.SeedValues{Required: pades.SeedReasons, Reasons: []string{"."}}, options: pades.SignOptions{Reason: "I do"}, refused: "that no reason be given"},
		"none listed, given":  {seeds: pades.SeedValues{Required: pades.SeedReasons}, options: pades.SignOptions{Reason: "I do"}, refused: "that no reason be given"},
		"none listed":         {seeds: pades.SeedValues{Required: pades.SeedReasons}},
		"approval":            {seeds: pades.SeedValues{MDP: new(pades.Permission(0))}, check: asks(0, "", 0)},
		"approval, certified": {seeds: pades.SeedValues{MDP: new(pades.Permission(0))}, options: pades.SignOptions{Certify: pades.FillForms}, refused: "does not certify"},
		"certification":       {seeds: pades.SeedValues{MDP: new(pades.FillForms)}, check: asks(2, "", 0)},
		"certification, same": {seeds: pades.SeedValues{MDP: new(pades.NoChanges)}, options: pades.SignOptions{Certify: pades.NoChanges}, check: asks(1, "", 0)},
		"certification, else": {seeds: pades.SeedValues{MDP: new(pades.NoChanges)}, options: pades.SignOptions{Certify: pades.Annotate}, refused: "a certification that permits no changes (P = 1)"},
		"time stamp":          {seeds: pades.SeedValues{TimeStamp: &pades.TimestampSeed{URL: "https://tsa.example/", Required: true}}, options: stamped},
		"time stamp, missing": {seeds: pades.SeedValues{TimeStamp: &pades.TimestampSeed{URL: "https://tsa.example/", Required: true}}, refused: `a time stamp from "https://tsa.example/": level PAdES-B-T or above`},
		"time stamp, offered": {seeds: pades.SeedValues{TimeStamp: &pades.TimestampSeed{}}, warned: "a time stamp: level"},
		"attestation":         {seeds: pades.SeedValues{Required: pades.SeedLegalAttestation, LegalAttestation: []string{"as drawn"}}, options: pades.SignOptions{Certify: 2, Attestation: "as drawn"}},
		"attestation, else":   {seeds: pades.SeedValues{Required: pades.SeedLegalAttestation, LegalAttestation: []string{"as drawn"}}, options: pades.SignOptions{Certify: 2, Attestation: "x"}, refused: `the legal attestation "as drawn"`},
		"attestation, none":   {seeds: pades.SeedValues{Required: pades.SeedLegalAttestation, LegalAttestation: []string{"as drawn"}}, refused: "the legal attestation"},
		"attestation, offer":  {seeds: pades.SeedValues{LegalAttestation: []string{"as drawn"}}, options: pades.SignOptions{Certify: 3}, warned: "the legal attestation"},
		"attestation, other":  {seeds: pades.SeedValues{LegalAttestation: []string{"as drawn"}}},
		"revocation, missing": {seeds: pades.SeedValues{Required: pades.SeedAddRevInfo, AddRevInfo: true}, options: stamped, refused: "revocation data: level PAdES-B-LT or PAdES-B-LTA"},
		"revocation, offered": {seeds: pades.SeedValues{AddRevInfo: true}, options: stamped, warned: "revocation data"},
		"revocation, encoded": {seeds: pades.SeedValues{Required: pades.SeedAddRevInfo | pades.SeedSubFilter, AddRevInfo: true, SubFilter: []string{"adbe.pkcs7.detached"}}, refused: `the encoding "adbe.pkcs7.detached"`},
		"revocation, no":      {seeds: pades.SeedValues{Required: pades.SeedAddRevInfo}},
		"locked":              {seeds: pades.SeedValues{Required: pades.SeedLockDocument, LockDocument: "true"}, check: asks(0, "All", 1)},
		"locked, proposed":    {seeds: pades.SeedValues{LockDocument: "true"}, check: asks(0, "All", 1)},
		"locked by itself":    {seeds: pades.SeedValues{Required: pades.SeedLockDocument, LockDocument: "true"}, options: pades.SignOptions{Certify: pades.NoChanges}, check: asks(1, "", 0)},
		"locked, narrower":    {seeds: pades.SeedValues{Required: pades.SeedLockDocument, LockDocument: "true"}, options: pades.SignOptions{Lock: &pades.Lock{Action: pades.LockInclude, Fields: []string{"a"}}}, check: asks(0, "Include", 1)},
		"locked, contrary":    {seeds: pades.SeedValues{Required: pades.SeedLockDocument, LockDocument: "true"}, options: pades.SignOptions{Certify: pades.FillForms}, refused: "that the document be locked"},
		"locked, declined":    {seeds: pades.SeedValues{LockDocument: "true"}, options: pades.SignOptions{Certify: pades.FillForms}, warned: "that the document be locked", check: asks(2, "", 0)},
		"open":                {seeds: pades.SeedValues{Required: pades.SeedLockDocument, LockDocument: "false"}, check: asks(0, "", 0)},
		"open, certified":     {seeds: pades.SeedValues{Required: pades.SeedLockDocument, LockDocument: "false"}, options: pades.SignOptions{Certify: pades.NoChanges}, refused: "not be locked"},
		"open, locked":        {seeds: pades.SeedValues{LockDocument: "false"}, options: pades.SignOptions{Lock: &pades.Lock{Action: pades.LockAll, Permission: pades.NoChanges}}, warned: "that the document not be locked"},
		"either way":          {seeds: pades.SeedValues{Required: pades.SeedLockDocument, LockDocument: "auto"}, check: asks(0, "", 0)},
		"appearance":          {seeds: pades.SeedValues{Required: pades.SeedAppearanceFilter, AppearanceFilter: "社印"}, options: pades.SignOptions{Appearance: picture, AppearanceName: "社印"}},
		"appearance, another": {seeds: pades.SeedValues{Required: pades.SeedAppearanceFilter, AppearanceFilter: "社印"}, options: pades.SignOptions{Appearance: picture, AppearanceName: "認印"}, refused: `the appearance "社印"`},
		"appearance, none":    {seeds: pades.SeedValues{Required: pades.SeedAppearanceFilter, AppearanceFilter: "社印"}, options: pades.SignOptions{AppearanceName: "社印"}, refused: `the appearance "社印"`},
		"appearance, offered": {seeds: pades.SeedValues{AppearanceFilter: "社印"}, options: pades.SignOptions{Appearance: picture}, warned: `the appearance "社印"`},
		"several":             {seeds: pades.SeedValues{Required: pades.SeedReasons | pades.SeedV, Reasons: []string{"I approve"}, V: 9}, refused: `that version 9 of seed values is understood; this is version 3; the reason "I approve"`},
	} {
		t.Run(name, c.run)
	}
}

// TestCertificateSeeds does so for what is asked of the certificate.
func TestCertificateSeeds(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	other, err := pki.Issue(&testpki.Request{Subject: testpki.Person("小林")})
	require.NoError(t, err)
	require.Greater(t, len(other.Chain), 1)
	issuer := other.Chain[1]
	root := pki.Root.Certificate
	stranger := strangerRoot(t)
	seeds := func(c pades.CertificateSeeds) pades.SeedValues { return pades.SeedValues{Cert: &c} }
	one := func(c ...*certificate.Certificate) []*certificate.Certificate { return c }
	for name, c := range map[string]seedCase{
		"another subject":     {seeds: seeds(pades.CertificateSeeds{Required: pades.SeedSubject, Subject: one(other.Certificate)}), refused: "the certificate of CN=小林"},
		"subject, proposed":   {seeds: seeds(pades.CertificateSeeds{Subject: one(other.Certificate)}), warned: "the certificate of CN=小林"},
		"issuer":              {seeds: seeds(pades.CertificateSeeds{Required: pades.SeedIssuer, Issuer: one(stranger, issuer)})},
		"issuer above":        {seeds: seeds(pades.CertificateSeeds{Required: pades.SeedIssuer, Issuer: one(root)})},
		"another issuer":      {seeds: seeds(pades.CertificateSeeds{Required: pades.SeedIssuer, Issuer: one(stranger)}), refused: "a certificate issued by"},
		"issuer, proposed":    {seeds: seeds(pades.CertificateSeeds{Issuer: one(stranger)}), warned: "a certificate issued by"},
		"policies":            {seeds: seeds(pades.CertificateSeeds{Required: pades.SeedOID, OID: []string{"1.2.392.9", "1.2.392.10"}})},
		"policies, not all":   {seeds: seeds(pades.CertificateSeeds{Required: pades.SeedOID, OID: []string{"1.2.392.9", "1.2.392.11"}}), refused: "the policies 1.2.392.9, 1.2.392.11"},
		"policies, proposed":  {seeds: seeds(pades.CertificateSeeds{OID: []string{"1.2.392.11"}}), warned: "a certificate with the policies"},
		"name":                {seeds: seeds(pades.CertificateSeeds{Required: pades.SeedSubjectDN, SubjectDN: []map[string]string{{"CN": "小林"}, {"cn": "山田太郎", "2.5.4.6": "JP"}}})},
		"name, not all of it": {seeds: seeds(pades.CertificateSeeds{Required: pades.SeedSubjectDN, SubjectDN: []map[string]string{{"CN": "小林"}, {"CN": "山田太郎", "C": "DE"}}}), refused: "a certificate of a subject with CN=小林 or C=DE, CN=山田太郎"},
		"name, proposed":      {seeds: seeds(pades.CertificateSeeds{SubjectDN: []map[string]string{{"CN": "小林"}}}), warned: "a certificate of a subject"},
		"usage":               {seeds: seeds(pades.CertificateSeeds{Required: pades.SeedKeyUsage, KeyUsage: []string{"00", "11"}})},
		"usage, left open":    {seeds: seeds(pades.CertificateSeeds{Required: pades.SeedKeyUsage, KeyUsage: []string{"XX0000000"}})},
		"usage, another":      {seeds: seeds(pades.CertificateSeeds{Required: pades.SeedKeyUsage, KeyUsage: []string{"111", "0"}}), refused: "the key usage 111 or 0"},
		"usage, proposed":     {seeds: seeds(pades.CertificateSeeds{KeyUsage: []string{"0"}}), warned: "a certificate with the key usage"},
		"address":             {seeds: seeds(pades.CertificateSeeds{Required: pades.SeedURL, URL: "https://ca.example/"})},
		"address, useful":     {seeds: seeds(pades.CertificateSeeds{Required: pades.SeedKeyUsage, KeyUsage: []string{"0"}, URL: "https://ca.example/"}), refused: "can be had at https://ca.example/"},
		"signature policy":    {seeds: seeds(pades.CertificateSeeds{PolicyOID: "1.2.3.4"}), options: pades.SignOptions{Policy: &pades.Policy{ID: asn1.ObjectIdentifier{1, 2, 3, 4}, Hash: crypto.SHA256, Digest: make([]byte, 32)}}},
		"policy, another":     {seeds: seeds(pades.CertificateSeeds{PolicyOID: "1.2.3.4"}), warned: "the signature policy 1.2.3.4"},
		"commitment":          {seeds: seeds(pades.CertificateSeeds{Commitments: []string{"1.2.840.113549.1.9.16.6.1"}}), options: pades.SignOptions{Commitments: []asn1.ObjectIdentifier{{1, 2, 840, 113549, 1, 9, 16, 6, 1}}}},
		"commitment, none":    {seeds: seeds(pades.CertificateSeeds{Commitments: []string{"1.2.840.113549.1.9.16.6.1"}}), warned: "the commitment"},
		"without certificate": {seeds: seeds(pades.CertificateSeeds{Required: pades.SeedURL})},
	} {
		t.Run(name, c.run)
	}
	t.Run("subject", func(t *testing.T) {
		c := seedCase{seeds: seeds(pades.CertificateSeeds{Required: pades.SeedSubject, Subject: one(issuer, other.Certificate)})}
		c.sign(t, &pades.Signer{Key: other.Key, Chain: other.Chain})
	})
	t.Run("a chain that does not hold", func(t *testing.T) {
		c := seedCase{seeds: seeds(pades.CertificateSeeds{Required: pades.SeedIssuer, Issuer: one(stranger)}), refused: "issued by"}
		c.sign(t, &pades.Signer{Key: other.Key, Chain: append(one(other.Certificate), stranger)})
	})
	t.Run("no certificate yet", func(t *testing.T) {
		s := seeds(pades.CertificateSeeds{Required: pades.SeedIssuer, Issuer: one(root)})
		d := document(t, seeded(t, &s, nil))
		_, err := d.Prepare(t.Context(), &pades.Signer{}, &pades.SignOptions{Field: "Approval"})
		require.ErrorIs(t, err, pades.ErrNotPermitted)
		require.ErrorContains(t, err, "is not known yet")
	})
}

// strangerRoot is a root of the same kind with another key.
func strangerRoot(t testing.TB) *certificate.Certificate {
	t.Helper()
	pki, err := testpki.New(&testpki.Options{Keys: testpki.FreshKeys})
	require.NoError(t, err)
	return pki.Root.Certificate
}

// TestSeedRevocation: at B-LT the revocation data that a field demands are there.
func TestSeedRevocation(t *testing.T) {
	h := newHouse(t)
	s := &pades.SeedValues{
		Required: pades.SeedAddRevInfo | pades.SeedSubFilter, AddRevInfo: true, SubFilter: []string{"adbe.pkcs7.detached", "ETSI.CAdES.detached"},
		TimeStamp: &pades.TimestampSeed{Required: true},
	}
	d := h.document(t, seeded(t, s, nil))
	o := h.options(pades.BLT)
	o.Field = "Approval"
	require.NoError(t, d.Sign(t.Context(), h.signer, o))
	h.passes(t, content(t, d), h.PKI.Now(), pades.BLT)
}

// TestSeedValuesUnreadable: what cannot be understood may have been a demand.
func TestSeedValuesUnreadable(t *testing.T) {
	for name, sv := range map[string]string{
		"no dictionary":     "[1]",
		"flags":             "<</Ff(x)>>",
		"unknown flag":      "<</Ff 512>>",
		"reasons":           "<</Reasons 1>>",
		"one reason":        "<</Reasons[/a]>>",
		"digests":           "<</DigestMethod[1]>>",
		"permission":        "<</MDP<</P 4>>>>",
		"no permission":     "<</MDP<</P(1)>>>>",
		"certificate":       "<</Cert<</Subject[<3000>]>>>>",
		"certificate flags": "<</Cert<</Ff 16>>>>",
		"attributes":        "<</Cert<</SubjectDN[(CN)]>>>>",
		"lock":              "<</LockDocument/perhaps>>",
		"lock, number":      "<</LockDocument 1>>",
		"version":           "<</V -1>>",
		"time stamp":        "<</TimeStamp(url)>>",
	} {
		t.Run(name, func(t *testing.T) {
			original := testpdf.File{Trailer: "/Root 1 0 R", Objects: append(pages("/Annots[5 0 R]"),
				plain(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>"),
				plain(5, emptySignature[:len(emptySignature)-2], "/SV ", sv, ">>"))}.Bytes()
			d := document(t, original)
			s := signer(t, nil)
			key := &onceKey{Signer: s.Key}
			s.Key = key
			err := d.Sign(t.Context(), s, &pades.SignOptions{Field: "Approval"})
			require.ErrorIs(t, err, pades.ErrNotPermitted)
			require.Zero(t, key.used)
			require.Equal(t, original, content(t, d))
			require.NoError(t, d.Sign(t.Context(), s, &pades.SignOptions{Field: "Approval", IgnoreSeedValues: true}))
		})
	}
}

// TestSeedValuesRead: what is written is read again.
func TestSeedValuesRead(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	want := &pades.SeedValues{
		Required: pades.SeedFilter | pades.SeedAppearanceFilter, Filter: "Adobe.PPKLite", SubFilter: []string{"a", "b c"}, DigestMethod: []string{"SHA256"},
		V: 2, Reasons: []string{"承認", "."}, MDP: new(pades.Annotate), TimeStamp: &pades.TimestampSeed{URL: "https://tsa.example/(1)", Required: true},
		LegalAttestation: []string{"x"}, AddRevInfo: true, LockDocument: "auto", AppearanceFilter: "社印",
		Cert: &pades.CertificateSeeds{
			Required: pades.SeedSubject | pades.SeedURL, Subject: []*certificate.Certificate{pki.Root.Certificate}, Issuer: []*certificate.Certificate{pki.Root.Certificate},
			SubjectDN: []map[string]string{{"CN": "山田", "2.5.4.10": "会社"}, {}}, KeyUsage: []string{"1X0"}, OID: []string{"1.2.3"}, URL: "https://ca.example/", URLType: "Browser",
			PolicyOID: "1.2.3", PolicyHashAlgorithm: "SHA256", PolicyHash: []byte{1, 2}, Commitments: []string{"1.2"},
		},
	}
	for name, e := range encryptions("", -4) {
		t.Run(name, func(t *testing.T) {
			d := openEncrypted(t, testpdf.Contract(1, testpdf.Stream).Encrypted(e).Bytes(), ownerPassword)
			require.NoError(t, d.AddFields([]*pades.NewField{{Name: "A", SeedValues: want}}, nil))
			fields, err := openEncrypted(t, content(t, d), "").Fields()
			require.NoError(t, err)
			require.NoError(t, fields[0].SeedError)
			got := fields[0].SeedValues
			for _, list := range [][]*certificate.Certificate{got.Cert.Subject, got.Cert.Issuer} {
				require.Len(t, list, 1)
				require.True(t, bytes.Equal(pki.Root.Certificate.Raw, list[0].Raw))
			}
			got.Cert.Subject, got.Cert.Issuer = want.Cert.Subject, want.Cert.Issuer
			require.Equal(t, want, got)
		})
	}
}

// policies makes the extension of RFC 5280, 4.2.1.4.
func policies(t testing.TB, ids ...asn1.ObjectIdentifier) pkix.Extension {
	t.Helper()
	type information struct{ ID asn1.ObjectIdentifier }
	var list []information
	for _, id := range ids {
		list = append(list, information{id})
	}
	value, err := asn1.Marshal(list)
	require.NoError(t, err)
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 32}, Value: value}
}

// TestSeedValuesAsOthersWrite: names that are written as strings are read, as are versions
// that are real numbers, and truth that is none.
func TestSeedValuesAsOthersWrite(t *testing.T) {
	original := testpdf.File{Trailer: "/Root 1 0 R", Objects: append(pages("/Annots[5 0 R]"),
		plain(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>"), plain(6, "[(sha512) 7 0 R]"), plain(7, "/SHA384"),
		plain(5, emptySignature[:len(emptySignature)-2], "/SV<</Ff 64/DigestMethod 6 0 R/SubFilter[(ETSI.CAdES.detached)]/V 1.5/LockDocument false/TimeStamp<</Ff 0>>>>>>"))}.Bytes()
	fields, err := document(t, original).Fields()
	require.NoError(t, err)
	require.NoError(t, fields[0].SeedError)
	require.Equal(t, &pades.SeedValues{
		Required: pades.SeedDigestMethod, DigestMethod: []string{"sha512", "SHA384"}, SubFilter: []string{"ETSI.CAdES.detached"}, V: 2,
		LockDocument: "false", TimeStamp: &pades.TimestampSeed{},
	}, fields[0].SeedValues)
	require.Equal(t, "ETSI.CAdES.detached", signatures(t, sign(t, original, &pades.SignOptions{Field: "Approval"}))[0].Signature.SubFilter)
}
