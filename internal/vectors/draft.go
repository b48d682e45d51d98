package vectors

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
)

// draft is a contract that grows by updates written by hand, so that it can be
// certified, signed, stamped and changed in ways that package pades refuses.
type draft struct {
	maker   *Maker
	form    testpdf.Form
	data    []byte
	fields  []int  // of the AcroForm
	annots  []int  // of the page
	catalog string // entries besides those of the contract
	// resources are those of the page besides its font.
	resources string
}

func newDraft(m *Maker, form testpdf.Form) *draft {
	return &draft{maker: m, form: form, data: testpdf.Contract(1, form).Bytes(), fields: []int{4}, annots: []int{5}}
}

// next returns the first free object number.
func (d *draft) next() int { return testpdf.LastSize(d.data) }

func (d *draft) update(objects ...testpdf.Object) {
	d.data = testpdf.File{Form: d.form, Objects: objects, Trailer: "/Root 1 0 R/Info 8 0 R"}.Append(d.data)
}

// root is the catalog with the entries so far and more.
func (d *draft) root(more string) testpdf.Object {
	body := testpdf.Contract(1, d.form).Objects[0].Body
	return testpdf.Object{Number: 1, Body: body[:len(body)-2] + d.catalog + more + ">>"}
}

// page is the page with its annotations so far and more entries.
func (d *draft) page(more string) testpdf.Object {
	return testpdf.Object{Number: 10, Body: fmt.Sprintf("<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 7 0 R>>%s>>/Contents 11 0 R/Annots[%s]%s>>",
		d.resources, references(d.annots), more)}
}

// acroForm is the form with its fields so far.
func (d *draft) acroForm() testpdf.Object {
	return testpdf.Object{Number: 3, Body: fmt.Sprintf("<</Fields[%s]/DR<</Font<</Helv 7 0 R>>>>/DA(/Helv 0 Tf 0 g)/SigFlags 3>>", references(d.fields))}
}

func references(numbers []int) string {
	text := make([]string, len(numbers))
	for i, n := range numbers {
		text[i] = fmt.Sprintf("%d 0 R", n)
	}
	return strings.Join(text, " ")
}

// mark is a signature to be put on a draft.
type mark struct {
	field      string
	permission int    // of DocMDP; 0: no certification
	rect       string // default "0 0 0 0"
	appearance string // content stream; "" for none
	stamp      bool   // a document time stamp
	unsigned   bool   // the field alone
	// value makes the signature value of the digest; nil makes the usual one. It is
	// asked twice, since it also tells how much room there must be.
	value func(digest []byte) ([]byte, error)
	head  string // in place of what the dictionary begins with
}

// put adds the field, its widget and, unless it stays unsigned, the signature.
func (d *draft) put(k mark) error {
	signature := d.next()
	field, appearance := signature+1, signature+2
	rect := k.rect
	if rect == "" {
		rect = "0 0 0 0"
	}
	widget := fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Sig/T(%s)/F 132/Rect[%s]/P 10 0 R", k.field, rect)
	var objects []testpdf.Object
	if k.appearance != "" {
		widget += fmt.Sprintf("/AP<</N %d 0 R>>", appearance)
		objects = append(objects, testpdf.Object{Number: appearance, Data: []byte(k.appearance),
			Body: "<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F1 7 0 R>>>>>>"})
	}
	if !k.unsigned {
		widget += fmt.Sprintf("/V %d 0 R", signature)
		room, err := k.room()
		if err != nil {
			return err
		}
		objects = append(objects, testpdf.Object{Number: signature, Body: k.dictionary(room), Plain: true})
	}
	d.fields, d.annots = append(d.fields, field), append(d.annots, field)
	objects = append(objects, testpdf.Object{Number: field, Body: widget + ">>"}, d.page(""), d.acroForm())
	if k.permission > 0 {
		d.catalog += fmt.Sprintf("/Perms<</DocMDP %d 0 R>>", signature)
		objects = append(objects, d.root(""))
	}
	d.update(objects...)
	if k.unsigned {
		return nil
	}
	if k.value == nil {
		k.value = d.usual(k.stamp)
	}
	return d.seal(k.value)
}

// room is how many bytes of Contents the value needs; ECDSA values differ in length.
func (k mark) room() (int, error) {
	if k.value == nil {
		return 5000, nil
	}
	value, err := k.value(make([]byte, sha256.Size))
	return len(value) + 16, err
}

// usual makes the value of a signature or of a document time stamp at the fixed time.
func (d *draft) usual(stamp bool) func(digest []byte) ([]byte, error) {
	if !stamp {
		return func(digest []byte) ([]byte, error) {
			id, err := d.maker.Identity(testpki.RSA2048)
			if err != nil {
				return nil, err
			}
			return (&envelope{signer: id, digest: digest}).bytes()
		}
	}
	return func(digest []byte) ([]byte, error) {
		authority, err := d.maker.timeStamper()
		if err != nil {
			return nil, err
		}
		return authority.Stamp(&testpki.Token{Digest: digest})
	}
}

const emptyRange = "/ByteRange[0 0000000000 0000000000 0000000000]"

func (k mark) dictionary(room int) string {
	head := "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:20260401090000Z)"
	if k.stamp {
		head = "/Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161"
	}
	if k.head != "" {
		head = k.head
	}
	if k.permission > 0 {
		head += fmt.Sprintf("/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P %d/V/1.2>>>>]", k.permission)
	}
	return "<<" + head + emptyRange + "/Contents<" + strings.Repeat("00", room) + ">>>"
}

// seal fills the empty ranges and the empty Contents of the last update.
func (d *draft) seal(make func(digest []byte) ([]byte, error)) error {
	at := testpdf.MustIndex(d.data, emptyRange, 0)
	from := testpdf.MustIndex(d.data, "/Contents<", at) + len("/Contents")
	to := testpdf.MustIndex(d.data, ">", from) + 1
	copy(d.data[at:], fmt.Sprintf("/ByteRange[0 %010d %010d %010d]", from, to, len(d.data)-to))
	digest := sha256.Sum256(append(bytes.Clone(d.data[:from]), d.data[to:]...))
	value, err := make(digest[:])
	if err != nil {
		return fmt.Errorf("vectors: %w", err)
	}
	if len(value) > (to-from)/2-1 {
		return fmt.Errorf("vectors: a value of %d bytes does not fit into the gap", len(value))
	}
	hex.Encode(d.data[from+1:to-1], value)
	return nil
}

// timeStamper returns a time-stamp authority directly below the root.
func (m *Maker) timeStamper() (*testpki.Identity, error) {
	if m.stamper == nil {
		id, err := m.PKI.Issue(&testpki.Request{Profile: testpki.TimeStamperProfile, Issuer: m.PKI.Root})
		if err != nil {
			return nil, fmt.Errorf("vectors: %w", err)
		}
		m.stamper = id
	}
	return m.stamper, nil
}
