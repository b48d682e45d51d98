package pades

import (
	"crypto"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// seedVersion is the version of seed values that this package understands: PDF 2.0.
const seedVersion = 3

// obedience holds a signature that is about to be made against the seed values of its
// field (ISO 32000-2, 12.7.5.5). What the caller leaves open is settled as the field
// wants it; what the caller says is never changed.
type obedience struct {
	*terms
	seeds  *SeedValues
	signer *Signer
	o      *SignOptions

	unmet    []string // demands that are not met
	declined []string // proposals that are not followed
}

// obey completes the terms as the field wants them, and refuses where it demands what
// this signature will not be.
func (t *terms) obey(v *pdf.View, field *sigdict.Field, s *Signer, o *SignOptions) error {
	if o.IgnoreSeedValues {
		return nil
	}
	seeds, err := readSeedValues(v, field.Dict.Get("SV"))
	if err != nil {
		return failf(ErrNotPermitted, "the seed values of the field %q cannot be understood: %w", field.Name, err)
	}
	if seeds == nil {
		return nil
	}
	b := &obedience{terms: t, seeds: seeds, signer: s, o: o}
	if n := seeds.Required &^ knownSeeds; n != 0 {
		b.demand(true, "something that is not known (flags %#x)", int64(n))
	}
	b.encoding()
	b.digest()
	b.permissions()
	b.texts()
	b.services()
	if seeds.Cert != nil {
		b.certificate(seeds.Cert)
	}
	if len(b.unmet) > 0 {
		return failf(ErrNotPermitted, "the field %q demands %s", field.Name, strings.Join(b.unmet, "; "))
	}
	if o.Warn != nil {
		for _, what := range b.declined {
			o.Warn(fmt.Sprintf("the field %q proposes %s", field.Name, what))
		}
	}
	return nil
}

// demand notes what the signature will not be.
func (b *obedience) demand(required bool, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if required {
		b.unmet = append(b.unmet, text)
	} else {
		b.declined = append(b.declined, text)
	}
}

func (b *obedience) requires(f SeedFlags) bool { return b.seeds.Required&f != 0 }

// encoding settles Filter, SubFilter and V.
func (b *obedience) encoding() {
	s := b.seeds
	if s.Filter != "" && s.Filter != signatureFilter {
		b.demand(b.requires(SeedFilter), "the signature handler %s; this is %s", s.Filter, signatureFilter)
	}
	if s.V > seedVersion {
		b.demand(b.requires(SeedV), "that version %d of seed values is understood; this is version %d", s.V, seedVersion)
	}
	if len(s.SubFilter) == 0 {
		return
	}
	first := func(name string) bool {
		// Revocation data within a signature of this kind would be an attribute that is
		// not written here.
		return name == sigdict.SubFilterCAdES || name == sigdict.SubFilterPKCS7Detached && !(s.AddRevInfo && b.requires(SeedAddRevInfo))
	}
	switch i := slices.IndexFunc(s.SubFilter, first); {
	case i < 0:
		b.demand(b.requires(SeedSubFilter), "the encoding %s; %s is what is made here", choice(s.SubFilter), b.subFilter)
	case b.requires(SeedSubFilter) || !slices.Contains(s.SubFilter, b.subFilter):
		b.subFilter = s.SubFilter[i]
	}
}

// digest settles DigestMethod.
func (b *obedience) digest() {
	names := b.seeds.DigestMethod
	if len(names) == 0 {
		return
	}
	acceptable := make([]crypto.Hash, len(names))
	for i, name := range names {
		acceptable[i] = digestMethod(name)
	}
	if slices.Contains(acceptable, b.algorithm.Hash) {
		return
	}
	if b.signer.Algorithm == (cms.Algorithm{}) {
		for _, h := range acceptable {
			if a := (cms.Algorithm{Scheme: b.algorithm.Scheme, Hash: h}); h != 0 && b.makes(a) {
				b.algorithm = a
				return
			}
		}
	}
	b.demand(b.requires(SeedDigestMethod), "the digest %s; it would be %v", choice(names), b.algorithm.Hash)
}

// makes tells whether the signer can sign with an algorithm. One that is not known here
// has a hash function alone.
func (b *obedience) makes(a cms.Algorithm) bool {
	if len(b.signer.Chain) == 0 {
		return cms.Algorithm{Scheme: cms.RSA, Hash: a.Hash}.Validate() == nil
	}
	return a.CheckKey(b.signer.Chain[0].PublicKey) == nil
}

// digestMethod returns the hash function of that name in PDF (ISO 32000-2, Table 237, and
// ISO/TS 32001); 0 where no signature is made with it.
func digestMethod(name string) crypto.Hash {
	switch strings.ToUpper(name) {
	case "SHA256", "SHA-256":
		return crypto.SHA256
	case "SHA384", "SHA-384":
		return crypto.SHA384
	case "SHA512", "SHA-512":
		return crypto.SHA512
	case "SHA3-256":
		return crypto.SHA3_256
	case "SHA3-384":
		return crypto.SHA3_384
	case "SHA3-512":
		return crypto.SHA3_512
	}
	return 0
}

// permissions settles MDP and LockDocument.
func (b *obedience) permissions() {
	if p := b.seeds.MDP; p != nil {
		switch {
		case *p == 0 && b.certify != 0:
			b.demand(true, "a signature that does not certify the document")
		case b.certify == 0:
			b.certify = *p
		case b.certify != *p:
			b.demand(true, "a certification that permits %v (P = %d)", *p, *p)
		}
	}
	required := b.requires(SeedLockDocument)
	locks := b.certify == NoChanges || b.lock != nil && b.lock.Permission == NoChanges
	switch b.seeds.LockDocument {
	case "true":
		switch {
		case locks:
		case b.certify != 0 || b.lock != nil && b.lock.Permission != 0:
			b.demand(required, "that the document be locked")
		case b.lock != nil:
			l := *b.lock
			l.Permission = NoChanges
			b.lock = &l
		default:
			b.lock = &Lock{Action: LockAll, Permission: NoChanges}
		}
	case "false":
		if locks {
			b.demand(required, "that the document not be locked")
		}
	}
}

// texts settles Reasons, LegalAttestation and AppearanceFilter, which are the signer's
// own words and choice: they are never filled in.
func (b *obedience) texts() {
	s, o := b.seeds, b.o
	none := len(s.Reasons) == 0 || len(s.Reasons) == 1 && s.Reasons[0] == "."
	switch required := b.requires(SeedReasons); {
	case none && required && o.Reason != "":
		b.demand(true, "that no reason be given")
	case !none && !slices.Contains(s.Reasons, o.Reason) && (required || o.Reason != ""):
		b.demand(required, "the reason %s", choice(s.Reasons))
	}
	if len(s.LegalAttestation) > 0 && !slices.Contains(s.LegalAttestation, o.Attestation) {
		if required := b.requires(SeedLegalAttestation); required || b.certify != 0 {
			b.demand(required, "the legal attestation %s", choice(s.LegalAttestation))
		}
	}
	if s.AppearanceFilter != "" && (o.AppearanceName != s.AppearanceFilter || o.Appearance == nil) {
		if required := b.requires(SeedAppearanceFilter); required || o.Appearance != nil {
			b.demand(required, "the appearance %q", s.AppearanceFilter)
		}
	}
}

// services settles TimeStamp and AddRevInfo: what the level is to hold.
func (b *obedience) services() {
	if t := b.seeds.TimeStamp; t != nil && b.o.Level < BT {
		from := ""
		if t.URL != "" {
			from = " from " + strconv.Quote(t.URL)
		}
		b.demand(t.Required, "a time stamp%s: level %v or above", from, BT)
	}
	if b.seeds.AddRevInfo && b.o.Level < BLT {
		b.demand(b.requires(SeedAddRevInfo), "revocation data: level %v or %v", BLT, BLTA)
	}
}

// choice lists what there is to choose from.
func choice(list []string) string {
	quoted := make([]string, len(list))
	for i, text := range list {
		quoted[i] = strconv.Quote(text)
	}
	return strings.Join(quoted, " or ")
}
