package vectors

import (
	"fmt"
	"slices"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/verify"
)

// All returns every vector in the order of vectors.json.
func All() []*Vector {
	all := slices.Concat(honest(), unsigned(), forged(), incremented(), wrapped(), spoofed(), uncovered(), envelopes(), encrypted(), misled(), exfiltrations())
	for _, v := range all {
		if s, ok := standing[v.File]; ok {
			v.Clause, v.NearMiss = "EN 319 102-1, "+s.clause, s.nearly
		}
	}
	return slices.Concat(all, verdicts(), proofs())
}

// standing are the vectors that stand for what no time decides: a sub-indication, or
// falling short of some.
var standing = map[string]struct {
	clause string
	nearly []verify.SubIndication
}{
	"isa-update-table.pdf":           {"5.2.2", nil},
	"reader-update-table.pdf":        {"5.2.2", []verify.SubIndication{verify.FormatFailure}},
	"coverage-byte-changed.pdf":      {"5.2.7", nil},
	"coverage-letter-case.pdf":       {"5.2.7", []verify.SubIndication{verify.HashFailure}},
	"cms-broken-signature.pdf":       {"5.2.7", nil},
	"cms-no-signing-certificate.pdf": {"5.2.8", nil},
	"cms-no-certificates.pdf":        {"5.2.3", nil},
	"cms-plain.pdf": {"5.2.3, 5.2.7, 5.2.8",
		[]verify.SubIndication{verify.SigCryptoFailure, verify.SigConstraintsFailure, verify.NoSigningCertificateFound}},
}

// passed is a signature of the last revision with nothing to object to.
var passed = Signature{Crypto: verify.CryptoValid, Structure: verify.StructureSound, Coverage: verify.CoverageFile,
	Changes: verify.ChangesNone, Indication: verify.TotalPassed}

// earlier is a sound signature that further signatures follow.
var earlier = Signature{Crypto: verify.CryptoValid, Structure: verify.StructureSound, Coverage: verify.CoverageRevision,
	Changes: verify.ChangesForm, Indication: verify.TotalPassed}

// violated is a signature that does not stand in the file as it must; what is
// said of the other axes depends on how it is damaged.
var violated = Signature{Crypto: verify.CryptoInvalid, Structure: verify.StructureViolated, Coverage: verify.CoveragePartial,
	Changes: verify.ChangesUnknown, Indication: verify.TotalFailed, SubIndication: verify.FormatFailure,
	Any: []string{"crypto", "coverage", "changes"}}

func allPassed(signatures ...Signature) Expect {
	return Expect{Indication: verify.TotalPassed, Intact: true, Signatures: signatures}
}

func failed(signatures ...Signature) Expect {
	return Expect{Indication: verify.TotalFailed, Signatures: signatures}
}

// mutant is a vector made from another by a mutation.
func mutant(file, source string, e Expect, base func(m *Maker) ([]byte, error), mutate func(p placed) []byte) *Vector {
	return &Vector{File: file, Source: source, Expect: e, build: func(m *Maker) ([]byte, error) {
		data, err := base(m)
		if err != nil {
			return nil, err
		}
		return mutate(place(data)), nil
	}}
}

// signedContract returns a contract of one page in that form, signed once.
func signedContract(form testpdf.Form) func(m *Maker) ([]byte, error) {
	return func(m *Maker) ([]byte, error) { return m.signContract(testpdf.Contract(1, form), testpki.RSA2048) }
}

func forged() []*Vector {
	var all []*Vector
	for _, form := range testpdf.Forms {
		for _, d := range forgeries() {
			all = append(all, mutant(fmt.Sprintf("usf-%s-%s.pdf", d.name, form),
				"a signed contract ("+form.String()+") whose signature dictionary was damaged in place", failed(violated),
				signedContract(form), d.apply))
		}
	}
	return all
}

// readable are the increments that can be read without a repair: then it is
// certain that they change what was signed.
var readable = []string{"update", "missing-eof", "short-size"}

func incremented() []*Vector {
	var all []*Vector
	for _, form := range testpdf.Forms {
		for _, d := range increments(form) {
			s := earlier
			s.Changes, s.Indication, s.SubIndication = verify.ChangesUnknown, verify.Indeterminate, verify.SigConstraintsFailure
			if slices.Contains(readable, d.name) {
				s.Changes, s.Indication, s.SubIndication = verify.ChangesOther, verify.TotalFailed, verify.FormatFailure
			}
			s.Any = []string{"structure", "coverage", "changes"}
			all = append(all, mutant(fmt.Sprintf("isa-%s-%s.pdf", d.name, form),
				"a signed contract ("+form.String()+") with other page content appended", Expect{Indication: s.Indication, Signatures: []Signature{s}},
				signedContract(form), d.apply))
		}
	}
	return all
}

func wrapped() []*Vector {
	var all []*Vector
	for _, form := range testpdf.Forms {
		suffix := ""
		if form != testpdf.Table {
			suffix = "-" + form.String()
		}
		for _, d := range wrappings() {
			all = append(all, mutant("swa-"+d.name+suffix+".pdf", "a signed contract ("+form.String()+") whose second signed block was moved", failed(violated),
				signedContract(form), d.apply))
		}
	}
	return all
}

func spoofed() []*Vector {
	var all []*Vector
	for _, form := range testpdf.Forms {
		for _, d := range spoofs(form) {
			s := violated
			s.Crypto, s.Any = verify.CryptoValid, []string{"coverage", "changes"}
			all = append(all, mutant(fmt.Sprintf("spoof-%s-%s.pdf", d.name, form),
				"a signed contract ("+form.String()+") whose signature dictionary was redefined by an update", failed(s),
				signedContract(form), d.apply))
		}
	}
	return all
}
