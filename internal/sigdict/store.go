package sigdict

import "github.com/inkan-go/inkan/internal/pdf"

// Store is the document security store of one revision (ISO 32000-2, 12.8.4.3;
// EN 319 142-1, 5.4): where certificates and revocation values for signatures
// lie. The values themselves are read by Value.
type Store struct {
	Object *pdf.Indirect
	Dict   *pdf.Dict
	// Certificates, OCSPs and CRLs are the items of the arrays.
	Certificates, OCSPs, CRLs []pdf.Reference
	// Related are the VRI dictionaries by their keys.
	Related map[string]Related
	// Touched holds the number of every object that reading the store visited.
	Touched map[int64]bool
	// Work is what it cost to read the store, as Form.Work.
	Work int

	view *pdf.View
}

// Related is the validation data of one signature: a VRI dictionary. Its key is
// the hexadecimal SHA-1 of the signature's Contents.
type Related struct {
	Certificates, OCSPs, CRLs []pdf.Reference
	Time                      string
	HasTimestamp              bool
}

// ReadStore reads the DSS of one revision; nil where there is none.
func ReadStore(v *pdf.View) (*Store, error) {
	catalog, err := v.Catalog()
	if err != nil {
		return nil, err
	}
	if !catalog.Dict().Has("DSS") {
		return nil, nil
	}
	w := &walker{view: v, form: &Form{Touched: make(map[int64]bool)}}
	value, holder := w.follow(catalog.Dict().Get("DSS"), catalog)
	dict, ok := value.(*pdf.Dict)
	if !ok {
		return nil, nil
	}
	s := &Store{Object: holder, Dict: dict, Touched: w.form.Touched, view: v, Related: make(map[string]Related)}
	s.Certificates = w.list(dict, holder, "Certs")
	s.OCSPs = w.list(dict, holder, "OCSPs")
	s.CRLs = w.list(dict, holder, "CRLs")
	w.related(s, dict, holder)
	s.Work = w.form.Work
	return s, nil
}

// Value returns the decoded bytes of one item: a certificate, an OCSP response
// or a CRL in DER.
func (s *Store) Value(ref pdf.Reference) ([]byte, error) {
	o, err := s.view.Object(ref)
	if err != nil {
		return nil, err
	}
	stream, ok := o.Value.(*pdf.Stream)
	if !ok {
		return nil, nil
	}
	return s.view.Stream(stream)
}

func (w *walker) related(s *Store, dict *pdf.Dict, object *pdf.Indirect) {
	value, holder := w.follow(dict.Get("VRI"), object)
	vri, ok := value.(*pdf.Dict)
	if !ok {
		return
	}
	for i, entry := range vri.Entries {
		if i == maxStoreItems || !w.spend(nodeWork) {
			w.problem(holder, "too many entries in the VRI dictionary")
			return
		}
		value, at := w.follow(entry.Value, holder)
		d, ok := value.(*pdf.Dict)
		if !ok {
			continue
		}
		r := Related{Time: w.text(d, at, "TU"), HasTimestamp: d.Has("TS")}
		r.Certificates = w.list(d, at, "Cert")
		r.OCSPs = w.list(d, at, "OCSP")
		r.CRLs = w.list(d, at, "CRL")
		s.Related[string(entry.Key)] = r
	}
}

// list returns the references of an array.
func (w *walker) list(dict *pdf.Dict, object *pdf.Indirect, key pdf.Name) []pdf.Reference {
	value, holder := w.follow(dict.Get(key), object)
	array, ok := value.(*pdf.Array)
	if !ok {
		return nil
	}
	var out []pdf.Reference
	for _, item := range array.Items {
		if len(out) == maxStoreItems || !w.spend(1) {
			w.problem(holder, "too many items in an array of the DSS")
			break
		}
		if ref, ok := item.(pdf.Reference); ok {
			w.touchNumber(ref)
			out = append(out, ref)
		}
	}
	return out
}
