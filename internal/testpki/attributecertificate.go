package testpki

import (
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/internal/ber"
)

// WithAttributeCertificate adds a time attribute certificate to a token, as one accredited authority did
// until 2023: a member of its certificates that is no X.509 certificate (RFC 5652,
// 10.2.2, v2AttrCert). The signature of the token still holds.
func WithAttributeCertificate(token []byte) ([]byte, error) {
	info, parts, err := children(token)
	if err != nil {
		return nil, err
	}
	explicit, inside, err := children(parts[1].Raw)
	if err != nil {
		return nil, err
	}
	data, fields, err := children(inside[0].Raw)
	if err != nil {
		return nil, err
	}
	var out [][]byte
	for _, f := range fields {
		raw := f.Raw
		if f.Is(ber.ContextSpecific, 0) {
			certificate := append([]byte{0xa2, 5}, 2, 1, 1, 5, 0)
			raw = rewrapped(f, f.Content, certificate)
		}
		out = append(out, raw)
	}
	return rewrapped(info, parts[0].Raw, rewrapped(explicit, rewrapped(data, out...))), nil
}

func children(raw []byte) (e ber.Element, list []ber.Element, err error) {
	if e, _, err = ber.Read(raw); err != nil {
		return e, nil, err
	}
	list, err = e.Children()
	return e, list, err
}

// rewrapped returns an element with other content.
func rewrapped(e ber.Element, content ...[]byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.Tag(e.Raw[0]), func(b *cryptobyte.Builder) {
		for _, c := range content {
			b.AddBytes(c)
		}
	})
	return b.BytesOrPanic()
}
