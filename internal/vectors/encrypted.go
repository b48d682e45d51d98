package vectors

import (
	"bytes"
	"fmt"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/verify"
)

// The passwords of the encrypted vectors.
const (
	userPassword  = "for readers"
	ownerPassword = "for Saito"
)

// handler is a way to encrypt a file (ISO 32000-2, 7.6.4).
type handler struct {
	name       string
	encryption testpdf.Encryption
}

// handlers are the revisions of the standard security handler, with both passwords.
func handlers() []handler {
	var all []handler
	for revision := 2; revision <= 6; revision++ {
		all = append(all, handler{fmt.Sprintf("r%d", revision), testpdf.Encryption{
			Revision: revision, Number: 40, User: userPassword, Owner: ownerPassword, Permissions: -4}})
	}
	return all
}

// variants are further handlers: other ciphers and scopes, and files that anybody opens.
func variants() []handler {
	var all []handler
	add := func(name string, e testpdf.Encryption) {
		e.Number, e.Owner, e.Permissions = 40, ownerPassword, -4
		all = append(all, handler{name, e})
	}
	add("r4-rc4", testpdf.Encryption{Revision: 4, User: userPassword, RC4: true})
	add("r4-clear-metadata", testpdf.Encryption{Revision: 4, User: userPassword, Metadata: true})
	add("r6-clear-metadata", testpdf.Encryption{Revision: 6, User: userPassword, Metadata: true})
	add("r3-no-password", testpdf.Encryption{Revision: 3})
	add("r4-no-password", testpdf.Encryption{Revision: 4})
	add("r6-no-password", testpdf.Encryption{Revision: 6})
	return all
}

// passwords are those that open the file, each with the same verdict.
func (h handler) passwords() []string { return []string{h.encryption.User, h.encryption.Owner} }

// signed returns a contract, encrypted, and signed by whoever knows the passwords.
func (h handler) signed(m *Maker, form testpdf.Form, passwords ...string) ([]byte, error) {
	data := testpdf.Contract(1, form).Encrypted(h.encryption).Bytes()
	for i, password := range passwords {
		key := []testpki.KeyType{testpki.RSA2048, testpki.P256, testpki.P384}[i]
		var err error
		if data, err = m.sign(data, password, key, cms.Algorithm{}, nil); err != nil {
			return nil, err
		}
	}
	return data, nil
}

// update appends objects, encrypted as the file is.
func (h handler) update(p placed, form testpdf.Form, objects ...testpdf.Object) []byte {
	f := testpdf.File{Form: form, Objects: objects,
		Trailer: "/Root 1 0 R/Info 8 0 R/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]"}
	return f.Encrypted(h.encryption).Append(p.data)
}

// encrypted are twins of other vectors in every revision of the standard security handler.
func encrypted() []*Vector {
	var all []*Vector
	add := func(h handler, form testpdf.Form, what, source string, e Expect, build func(m *Maker) ([]byte, error)) {
		all = append(all, &Vector{File: fmt.Sprintf("encrypted-%s-%s-%s.pdf", h.name, what, form),
			Source: source + " (" + form.String() + "), encrypted", Passwords: h.passwords(), Expect: e, build: build})
	}
	once := func(h handler, form testpdf.Form) {
		add(h, form, "signed-once", "a contract signed once", allPassed(passed), func(m *Maker) ([]byte, error) {
			return h.signed(m, form, h.encryption.User)
		})
	}
	for i, h := range handlers() {
		for _, form := range testpdf.Forms {
			once(h, form)
		}
		form := testpdf.Forms[i%len(testpdf.Forms)]
		add(h, form, "signed-three-times", "a contract signed by a reader, the owner and a reader", allPassed(earlier, earlier, passed),
			func(m *Maker) ([]byte, error) { return h.signed(m, form, userPassword, ownerPassword, userPassword) })
		for _, a := range h.attacks(form) {
			add(h, form, a.what, a.source, a.expect, func(m *Maker) ([]byte, error) {
				data, err := h.signed(m, form, userPassword)
				if err != nil {
					return nil, err
				}
				return a.apply(place(data)), nil
			})
		}
	}
	for i, h := range variants() {
		once(h, testpdf.Forms[i%len(testpdf.Forms)])
	}
	return all
}

type encryptedAttack struct {
	what, source string
	expect       Expect
	apply        func(p placed) []byte
}

// attacks is one of each sort, by somebody who knows a password.
func (h handler) attacks(form testpdf.Form) []encryptedAttack {
	later, hash, spoof := earlier, passed, violated
	later.Changes, later.Indication, later.SubIndication = verify.ChangesOther, verify.TotalFailed, verify.FormatFailure
	hash.Crypto, hash.Indication, hash.SubIndication = verify.CryptoInvalid, verify.TotalFailed, verify.HashFailure
	spoof.Crypto, spoof.Any = verify.CryptoValid, []string{"coverage", "changes"}
	return []encryptedAttack{
		{"isa-update", "a signed contract with other page content appended", failed(later),
			func(p placed) []byte { return h.update(p, form, evil...) }},
		{"spoof-date", "a signed contract whose signature dictionary was redefined by an update", failed(spoof),
			func(p placed) []byte {
				return h.update(p, form, testpdf.Object{Number: p.number(), Body: withKey(p.body(), "M", "(D:19990101000000Z)"), Plain: true})
			}},
		{"usf-contents-null", "a signed contract whose signature dictionary was damaged in place", failed(violated),
			func(p placed) []byte { return p.overwrite(p.from, p.to, "null") }},
		{"coverage-byte-changed", "a signed contract with one byte of the page changed", failed(hash),
			func(p placed) []byte {
				out := bytes.Clone(p.data)
				at := testpdf.MustIndex(out, "\n11 0 obj", 0)
				out[testpdf.MustIndex(out, "stream\r\n", at)+40] ^= 1
				return out
			}},
	}
}
