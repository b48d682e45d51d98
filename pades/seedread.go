package pades

import (
	"errors"
	"fmt"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/pdf"
)

// seedReader reads a seed value dictionary. What is written otherwise than ISO 32000-2,
// 12.7.5.5 says is an error: it may have been meant as a demand.
type seedReader struct {
	view *pdf.View
	err  error // the first one
}

// readSeedValues reads the SV entry of a field; nil where there is none.
func readSeedValues(v *pdf.View, value pdf.Object) (*SeedValues, error) {
	r := &seedReader{view: v}
	d := r.dictionary(value, "SV")
	if d == nil {
		return nil, r.err
	}
	s := &SeedValues{
		Required:         SeedFlags(r.integer(d, "Ff")),
		Filter:           r.name(d, "Filter"),
		SubFilter:        r.names(d, "SubFilter"),
		DigestMethod:     r.names(d, "DigestMethod"),
		V:                r.version(d),
		Reasons:          r.texts(d, "Reasons"),
		LegalAttestation: r.texts(d, "LegalAttestation"),
		LockDocument:     r.lockDocument(d),
		AppearanceFilter: r.text(d, "AppearanceFilter"),
	}
	var err error
	s.AddRevInfo, err = v.Boolean(d.Get("AddRevInfo"), false)
	r.fail("AddRevInfo", err)
	if mdp := r.dictionary(d.Get("MDP"), "MDP"); mdp.Has("P") {
		p := r.integer(mdp, "P")
		if p < 0 || p > int64(Annotate) {
			r.fail("MDP", fmt.Errorf("P is %d", p))
		}
		s.MDP = new(Permission(p))
	}
	if stamp := r.dictionary(d.Get("TimeStamp"), "TimeStamp"); stamp != nil {
		s.TimeStamp = &TimestampSeed{URL: r.text(stamp, "URL"), Required: r.integer(stamp, "Ff")&1 != 0}
	}
	if c := r.dictionary(d.Get("Cert"), "Cert"); c != nil {
		s.Cert = r.certificateSeeds(c)
	}
	return s, r.err
}

func (r *seedReader) certificateSeeds(d *pdf.Dict) *CertificateSeeds {
	c := &CertificateSeeds{
		Required:            CertificateSeedFlags(r.integer(d, "Ff")),
		Subject:             r.certificates(d, "Subject"),
		Issuer:              r.certificates(d, "Issuer"),
		KeyUsage:            r.texts(d, "KeyUsage"),
		OID:                 r.texts(d, "OID"),
		URL:                 r.text(d, "URL"),
		URLType:             r.name(d, "URLType"),
		PolicyOID:           r.text(d, "SignaturePolicyOID"),
		PolicyHashAlgorithm: r.name(d, "SignaturePolicyHashAlgorithm"),
		Commitments:         r.texts(d, "SignaturePolicyCommitmentType"),
	}
	hash, err := r.view.String(d.Get("SignaturePolicyHashValue"))
	r.fail("SignaturePolicyHashValue", err)
	c.PolicyHash = hash
	for _, item := range r.items(d, "SubjectDN") {
		attributes := make(map[string]string)
		if a := r.dictionary(item, "SubjectDN"); a != nil {
			for _, e := range a.Entries {
				attributes[string(e.Key)] = r.text(a, e.Key)
			}
		}
		c.SubjectDN = append(c.SubjectDN, attributes)
	}
	return c
}

// fail keeps the first error.
func (r *seedReader) fail(key pdf.Name, err error) {
	if r.err == nil && err != nil {
		r.err = fmt.Errorf("%s: %w", key, err)
	}
}

func (r *seedReader) dictionary(value pdf.Object, key pdf.Name) *pdf.Dict {
	d, err := r.view.Dict(value)
	r.fail(key, err)
	return d
}

func (r *seedReader) integer(d *pdf.Dict, key pdf.Name) int64 {
	n, err := r.view.Integer(d.Get(key), 0)
	r.fail(key, err)
	return n
}

func (r *seedReader) name(d *pdf.Dict, key pdf.Name) string {
	n, err := r.view.Name(d.Get(key))
	r.fail(key, err)
	return string(n)
}

func (r *seedReader) text(d *pdf.Dict, key pdf.Name) string {
	t, err := r.view.Text(d.Get(key))
	r.fail(key, err)
	return t
}

// version reads V, which ISO 32000-1 calls a real number and ISO 32000-2 an integer.
func (r *seedReader) version(d *pdf.Dict) int {
	n, err := r.view.Number(d.Get("V"), 0)
	if err == nil && !(n >= 0 && n < 1000) {
		err = fmt.Errorf("it is %g", n)
	}
	r.fail("V", err)
	if float64(int(n)) < n {
		return int(n) + 1
	}
	return int(n)
}

// lockDocument reads LockDocument: a name, though some write a boolean.
func (r *seedReader) lockDocument(d *pdf.Dict) string {
	value, err := r.view.Resolve(d.Get("LockDocument"))
	r.fail("LockDocument", err)
	switch v := value.(type) {
	case pdf.Boolean:
		return fmt.Sprint(bool(v))
	case pdf.Name:
		if v != "true" && v != "false" && v != "auto" {
			r.fail("LockDocument", fmt.Errorf("it is %s", v))
		}
		return string(v)
	case pdf.Null, nil:
	default:
		r.fail("LockDocument", errors.New("it is no name"))
	}
	return ""
}

func (r *seedReader) items(d *pdf.Dict, key pdf.Name) []pdf.Object {
	a, err := r.view.Array(d.Get(key))
	if err == nil && a.Len() > maxSeeds {
		err = fmt.Errorf("more than %d items", maxSeeds)
	}
	r.fail(key, err)
	if err != nil || a == nil {
		return nil
	}
	return a.Items
}

// names reads an array of names; some write strings.
func (r *seedReader) names(d *pdf.Dict, key pdf.Name) []string {
	var list []string
	for _, item := range r.items(d, key) {
		value, err := r.view.Resolve(item)
		r.fail(key, err)
		switch v := value.(type) {
		case pdf.Name:
			list = append(list, string(v))
		case pdf.String:
			list = append(list, pdf.DecodeText(v.Value))
		default:
			r.fail(key, errors.New("an item is no name"))
		}
	}
	return list
}

// texts reads an array of strings; one that is empty is not nil.
func (r *seedReader) texts(d *pdf.Dict, key pdf.Name) []string {
	if !d.Has(key) {
		return nil
	}
	list := []string{}
	for _, item := range r.items(d, key) {
		t, err := r.view.Text(item)
		r.fail(key, err)
		list = append(list, t)
	}
	return list
}

func (r *seedReader) certificates(d *pdf.Dict, key pdf.Name) []*certificate.Certificate {
	var list []*certificate.Certificate
	for _, item := range r.items(d, key) {
		der, err := r.view.String(item)
		if err == nil {
			var c *certificate.Certificate
			if c, err = certificate.Parse(der); err == nil {
				list = append(list, c)
			}
		}
		r.fail(key, err)
	}
	return list
}
