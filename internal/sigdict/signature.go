package sigdict

import (
	"github.com/inkan-go/inkan/internal/ber"
	"github.com/inkan-go/inkan/internal/pdf"
)

// The subfilters of ISO 32000-2, Table 258, and EN 319 142-1.
const (
	SubFilterPKCS7Detached = "adbe.pkcs7.detached"
	SubFilterPKCS7SHA1     = "adbe.pkcs7.sha1"
	SubFilterX509RSASHA1   = "adbe.x509.rsa_sha1"
	SubFilterCAdES         = "ETSI.CAdES.detached"
	SubFilterRFC3161       = "ETSI.RFC3161"
)

// Signature is a signature dictionary as it stands in the file (ISO 32000-2,
// Table 255). Strings are decoded text; an absent entry is "".
type Signature struct {
	// Ref is the indirect object of the dictionary; zero where it stands
	// directly in its field. Object is the indirect object that holds it.
	Ref    pdf.Reference
	Object *pdf.Indirect
	// Dict is nil where the value of the field is no dictionary.
	Dict *pdf.Dict

	Type, Filter, SubFilter string
	ByteRange               ByteRange
	Contents                Contents

	Name, Reason, Location, ContactInfo string
	// Time is M, a PDF date as written: only claimed.
	Time string
	// HasCert tells of a Cert entry: certificates outside the CMS.
	HasCert bool
	// Certificates are those of the Cert entry, in order; a string that holds none is
	// here as it is.
	Certificates [][]byte
	References   []Reference

	// Damage says what makes the dictionary unreadable as a signature.
	Damage []Problem
}

// ByteRange is the entry of that name, with everything that can be wrong with it.
type ByteRange struct {
	Present bool
	// Direct is false where the array is an indirect object of its own.
	Direct bool
	// Array is false where the value is something else.
	Array bool
	// Values are the numbers; nil where an item is no integer.
	Values []int64
}

// Four returns the ranges where they are four integers.
func (b ByteRange) Four() (r [4]int64, ok bool) {
	if len(b.Values) != len(r) {
		return r, false
	}
	copy(r[:], b.Values)
	return r, true
}

// Contents is the entry of that name: the signature value itself.
type Contents struct {
	Present bool
	// Direct is false where the string is an indirect object of its own.
	Direct bool
	// String is false where the value is something else; Hex tells <...> from (...).
	String bool
	Hex    bool
	// Exact tells that nothing but digits stands between < and >.
	Exact bool
	// Value is the decoded string.
	Value []byte
	// Start and End are the offsets in the file of the token with its
	// delimiters; -1 where it does not lie in the file itself.
	Start, End int64
}

// Zero tells whether there is nothing but zero bytes in the value.
func (c Contents) Zero() bool {
	for _, b := range c.Value {
		if b != 0 {
			return false
		}
	}
	return true
}

// Place returns where the dictionary lies in the file; ok is false where it
// does not lie in the file itself.
func (s *Signature) Place() (start, end int64, ok bool) {
	if s.Dict == nil || s.Object == nil || s.Object.Offset < 0 {
		return 0, 0, false
	}
	return s.Object.Offset + int64(s.Dict.Span.Start), s.Object.Offset + int64(s.Dict.Span.End), true
}

// Raw returns the bytes of the dictionary, "<<" to ">>".
func (s *Signature) Raw() []byte {
	if s.Dict == nil || s.Object == nil || int(s.Dict.Span.End) > len(s.Object.Raw) {
		return nil
	}
	return s.Object.Raw[s.Dict.Span.Start:s.Dict.Span.End]
}

// IsTimestamp tells whether the dictionary is meant as a document time stamp
// (ISO 32000-2, 12.8.5), by its type or by its subfilter.
func (s *Signature) IsTimestamp() bool {
	return s.Type == "DocTimeStamp" || s.SubFilter == SubFilterRFC3161
}

// Reference returns the first signature reference with that transform method.
func (s *Signature) Reference(method string) (Reference, bool) {
	for _, r := range s.References {
		if r.Method == method {
			return r, true
		}
	}
	return Reference{}, false
}

// signature reads the value of a signature field. It returns nil where the
// value is null, and a damaged Signature where it is anything but a dictionary.
func (w *walker) signature(value pdf.Object, holder *pdf.Indirect) *Signature {
	s := &Signature{}
	if ref, ok := value.(pdf.Reference); ok {
		s.Ref = ref
	}
	resolved, object, err := follow(w.view, value, holder, w.touchNumber)
	s.Object = object
	if err != nil {
		s.damage(object, err.Error())
		return s
	}
	switch v := resolved.(type) {
	case *pdf.Dict:
		s.Dict = v
	case pdf.Null:
		return nil
	case pdf.String:
		// What a text field has for no text; forms made of XFA inherit it.
		if len(v.Value) == 0 {
			return nil
		}
	}
	if s.Dict == nil {
		s.damage(object, "the value of the signature field is not a dictionary")
		return s
	}
	dict := s.Dict
	w.spend(nodeWork + entries(dict))
	s.Type, s.Filter, s.SubFilter = w.name(dict, object, "Type"), w.name(dict, object, "Filter"), w.name(dict, object, "SubFilter")
	s.ByteRange = w.byteRange(dict, object)
	s.Contents = w.contents(dict, object)
	s.Name, s.Reason = w.text(dict, object, "Name"), w.text(dict, object, "Reason")
	s.Location, s.ContactInfo = w.text(dict, object, "Location"), w.text(dict, object, "ContactInfo")
	s.Time = w.text(dict, object, "M")
	s.HasCert = dict.Has("Cert")
	s.Certificates = w.certificates(dict, object)
	s.References = w.references(dict, object)
	return s
}

func (s *Signature) damage(o *pdf.Indirect, text string) {
	p := Problem{Ref: s.Ref, Offset: -1, Text: text}
	if o != nil {
		p.Ref, p.Offset = o.Ref, o.Offset
	}
	s.Damage = append(s.Damage, p)
}

func (w *walker) byteRange(dict *pdf.Dict, object *pdf.Indirect) ByteRange {
	entry, ok := dict.Lookup("ByteRange")
	if !ok {
		return ByteRange{}
	}
	_, indirect := entry.Value.(pdf.Reference)
	b := ByteRange{Present: true, Direct: !indirect}
	value, holder := w.follow(entry.Value, object)
	array, ok := value.(*pdf.Array)
	if !ok {
		return b
	}
	b.Array = true
	if array.Len() > maxReferences {
		return b
	}
	values := make([]int64, 0, array.Len())
	for _, item := range array.Items {
		if _, indirect := item.(pdf.Reference); indirect {
			b.Direct = false
		}
		n, ok := w.value(item, holder).(pdf.Integer)
		if !ok {
			return b
		}
		values = append(values, int64(n))
	}
	b.Values = values
	return b
}

func (w *walker) contents(dict *pdf.Dict, object *pdf.Indirect) Contents {
	entry, ok := dict.Lookup("Contents")
	if !ok {
		return Contents{Start: -1, End: -1}
	}
	_, indirect := entry.Value.(pdf.Reference)
	c := Contents{Present: true, Direct: !indirect, Start: -1, End: -1}
	value, holder := w.follow(entry.Value, object)
	text, ok := value.(pdf.String)
	if !ok {
		return c
	}
	c.String, c.Hex, c.Exact, c.Value = true, text.Hex, text.Exact, text.Value
	if c.Direct && holder.Offset >= 0 {
		c.Start = holder.Offset + int64(entry.ValueSpan.Start)
		c.End = holder.Offset + int64(entry.ValueSpan.End)
	}
	return c
}

// certificates reads the Cert entry: one string, or an array of strings.
func (w *walker) certificates(dict *pdf.Dict, object *pdf.Indirect) [][]byte {
	value, holder := w.follow(dict.Get("Cert"), object)
	var list [][]byte
	switch v := value.(type) {
	case pdf.String:
		if w.spend(len(v.Value) / 16) {
			list = appendCertificates(list, v.Value)
		}
	case *pdf.Array:
		for _, item := range v.Items[:min(len(v.Items), maxCertificates)] {
			if s, ok := w.value(item, holder).(pdf.String); ok && w.spend(len(s.Value)/16) {
				list = appendCertificates(list, s.Value)
			}
		}
	}
	return list
}

// appendCertificates appends what one string holds: one certificate, or a chain of
// them without anything between, as some programs write it. What follows the last
// of a chain is left out.
func appendCertificates(list [][]byte, s []byte) [][]byte {
	for first := true; len(list) < maxCertificates; first = false {
		e, rest, err := ber.Read(s)
		if err != nil || !e.IsSequence() {
			if first {
				list = append(list, s)
			}
			return list
		}
		list, s = append(list, e.Raw), rest
	}
	return list
}

func (w *walker) name(dict *pdf.Dict, object *pdf.Indirect, key pdf.Name) string {
	n, _ := w.value(dict.Get(key), object).(pdf.Name)
	return string(n)
}

func (w *walker) text(dict *pdf.Dict, object *pdf.Indirect, key pdf.Name) string {
	t, ok := w.value(dict.Get(key), object).(pdf.String)
	if !ok || !w.spend(len(t.Value)/16) {
		return ""
	}
	return pdf.DecodeText(t.Value)
}
