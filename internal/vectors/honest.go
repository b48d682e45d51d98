package vectors

import (
	"crypto"
	"fmt"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
)

func (m *Maker) signContract(f testpdf.File, t testpki.KeyType) ([]byte, error) {
	return m.Sign(f.Bytes(), t, cms.Algorithm{}, nil)
}

// honest are signed files with nothing to object to.
func honest() []*Vector {
	var all []*Vector
	for _, form := range testpdf.Forms {
		all = append(all,
			&Vector{File: fmt.Sprintf("signed-once-%s.pdf", form), Source: "a contract signed once", Expect: allPassed(passed), build: signedContract(form)},
			&Vector{File: fmt.Sprintf("signed-three-times-%s.pdf", form), Source: "a contract with a filled form, signed by three parties",
				Expect: allPassed(earlier, earlier, passed), build: signedThrice(form)})
	}
	for _, a := range algorithms() {
		all = append(all, &Vector{File: "algorithm-" + a.name + ".pdf", Source: "a contract signed with " + a.algorithm.String(), Expect: allPassed(passed),
			build: func(m *Maker) ([]byte, error) {
				return m.Sign(testpdf.Contract(1, testpdf.Table).Bytes(), a.key, a.algorithm, nil)
			}})
	}
	for _, l := range layouts() {
		all = append(all, &Vector{File: "layout-" + l.name + ".pdf", Source: l.source, Expect: allPassed(passed),
			build: func(m *Maker) ([]byte, error) { return m.Sign(l.data(), testpki.RSA2048, cms.Algorithm{}, nil) }})
	}
	for i, name := range testpki.JapaneseNames() {
		all = append(all, &Vector{File: fmt.Sprintf("name-%d.pdf", i+1), Source: "signed with /Name, /Reason and /Location " + name, Expect: allPassed(passed),
			build: func(m *Maker) ([]byte, error) {
				return m.Sign(testpdf.Contract(1, testpdf.Table).Bytes(), testpki.RSA2048, cms.Algorithm{},
					&pades.SignOptions{Name: name, Reason: name + "が承認", Location: name})
			}})
	}
	return all
}

func signedThrice(form testpdf.Form) func(m *Maker) ([]byte, error) {
	return func(m *Maker) ([]byte, error) {
		data := testpdf.Contract(2, form).Bytes()
		for _, t := range []testpki.KeyType{testpki.RSA2048, testpki.P256, testpki.P384} {
			var err error
			if data, err = m.Sign(data, t, cms.Algorithm{}, nil); err != nil {
				return nil, err
			}
		}
		return data, nil
	}
}

type algorithmCase struct {
	name      string
	key       testpki.KeyType
	algorithm cms.Algorithm
}

func algorithms() []algorithmCase {
	all := []algorithmCase{{"ed25519", testpki.Ed25519, cms.Algorithm{Scheme: cms.Ed25519, Hash: crypto.SHA512}}}
	for _, h := range []struct {
		name string
		hash crypto.Hash
	}{{"sha256", crypto.SHA256}, {"sha384", crypto.SHA384}, {"sha512", crypto.SHA512},
		{"sha3-256", crypto.SHA3_256}, {"sha3-384", crypto.SHA3_384}, {"sha3-512", crypto.SHA3_512}} {
		all = append(all,
			algorithmCase{"rsa-" + h.name, testpki.RSA2048, cms.Algorithm{Scheme: cms.RSA, Hash: h.hash}},
			algorithmCase{"pss-" + h.name, testpki.RSA2048, cms.Algorithm{Scheme: cms.RSAPSS, Hash: h.hash}},
			algorithmCase{"p256-" + h.name, testpki.P256, cms.Algorithm{Scheme: cms.ECDSA, Hash: h.hash}},
			algorithmCase{"p384-" + h.name, testpki.P384, cms.Algorithm{Scheme: cms.ECDSA, Hash: h.hash}},
			algorithmCase{"p521-" + h.name, testpki.P521, cms.Algorithm{Scheme: cms.ECDSA, Hash: h.hash}})
	}
	return all
}

type layoutCase struct {
	name, source string
	data         func() []byte
}

// layouts are unusual but lawful ways to lay out a file.
func layouts() []layoutCase {
	return []layoutCase{
		{"header-moved", "bytes stand before the header, offsets count from it", func() []byte {
			return append([]byte("mail header\r\n"), testpdf.Contract(1, testpdf.Table).Bytes()...)
		}},
		{"cr-only", "lines end in a carriage return alone", func() []byte {
			f := testpdf.Contract(1, testpdf.Table)
			f.EOL = "\r"
			return f.Bytes()
		}},
		{"no-final-eol", "nothing follows %%EOF", func() []byte {
			data := testpdf.Contract(1, testpdf.Table).Bytes()
			return data[:len(data)-1]
		}},
		{"spaces-after-eof", "spaces follow %%EOF", func() []byte {
			f := testpdf.Contract(1, testpdf.Table)
			f.Tail = "   \n\n"
			return f.Bytes()
		}},
		{"mixed-chain", "a stream section follows a table section", func() []byte {
			update := testpdf.File{Form: testpdf.Stream, Trailer: "/Root 1 0 R/Info 8 0 R",
				Objects: []testpdf.Object{{Number: 8, Body: "<</Title(Second edition)>>"}}}
			return update.Append(testpdf.Contract(1, testpdf.Table).Bytes())
		}},
		{"freed-object", "an update frees an object", func() []byte {
			update := testpdf.File{Form: testpdf.Table, Trailer: "/Root 1 0 R",
				Objects: []testpdf.Object{{Number: 8, Generation: 1, Free: true}}}
			return update.Append(testpdf.Contract(1, testpdf.Table).Bytes())
		}},
	}
}

// unsigned are files without any signature.
func unsigned() []*Vector {
	var all []*Vector
	none := Expect{Indication: verify.NoSignature, Signatures: []Signature{}}
	for _, form := range testpdf.Forms {
		all = append(all, &Vector{File: "unsigned-" + form.String() + ".pdf", Source: "a contract that nobody signed", Expect: none,
			build: func(*Maker) ([]byte, error) { return testpdf.Contract(2, form).Bytes(), nil }})
	}
	unreadable := Expect{Unreadable: true}
	return append(all,
		&Vector{File: "unreadable-empty.pdf", Source: "an empty file", Expect: unreadable, build: func(*Maker) ([]byte, error) { return nil, nil }},
		&Vector{File: "unreadable-text.pdf", Source: "a text file", Expect: unreadable,
			build: func(*Maker) ([]byte, error) { return []byte("Dear town,\nthe contract follows.\n"), nil }},
		&Vector{File: "unreadable-truncated.pdf", Source: "the first half of a contract", Expect: unreadable,
			build: func(*Maker) ([]byte, error) {
				data := testpdf.Contract(1, testpdf.Table).Bytes()
				return data[:len(data)/2], nil
			}})
}
