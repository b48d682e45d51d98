package cms

import (
	"bytes"
	"context"
	"crypto"
	"encoding/asn1"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/internal/ber"
)

// forgery builds SignedData that Template refuses to make. Every part is a finished element; the signature is right for
// whatever the attributes are, unless a test changes it.
type forgery struct {
	t           testing.TB
	id          *identity
	algorithm   Algorithm
	version     int64
	listed      []byte // content of digestAlgorithms
	contentType asn1.ObjectIdentifier
	content     []byte // element inside [0]; nil leaves it out
	choices     [][]byte
	revocations [][]byte
	sid         []byte
	digestID    []byte
	attributes  [][]byte // nil leaves them out
	unsorted    bool     // attributes stay in their order
	rawSet      []byte   // the element [0] as it is to be written, instead of attributes
	message     []byte   // what is signed, instead of the attributes under tag 31
	signatureID []byte
	signature   []byte // instead of a right one
	unsigned    [][]byte
}

func build(t testing.TB, f func(b *cryptobyte.Builder)) []byte {
	var b cryptobyte.Builder
	f(&b)
	der, err := b.Bytes()
	require.NoError(t, err)
	return der
}

// encode returns what the package's own encoder writes.
func encode(t testing.TB, f func(*encoder)) []byte {
	e := newEncoder(0)
	f(e)
	der, err := e.bytes()
	require.NoError(t, err)
	return der
}

func tlv(t testing.TB, tag byte, parts ...[]byte) []byte {
	return build(t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.Tag(tag), func(b *cryptobyte.Builder) {
			for _, p := range parts {
				b.AddBytes(p)
			}
		})
	})
}

func oidDER(t testing.TB, oid asn1.ObjectIdentifier) []byte {
	der, err := asn1.Marshal(oid)
	require.NoError(t, err)
	return der
}

// attr returns an attribute with any number of values.
func attr(t testing.TB, oid asn1.ObjectIdentifier, values ...[]byte) []byte {
	return tlv(t, 0x30, oidDER(t, oid), tlv(t, 0x31, values...))
}

func newForgery(t testing.TB, id *identity, a Algorithm) *forgery {
	signatureID, err := a.identifier().Identifier()
	require.NoError(t, err)
	f := &forgery{t: t, id: id, algorithm: a, version: 1, contentType: OIDData, choices: [][]byte{id.cert.Raw},
		digestID:    encode(t, func(e *encoder) { e.digestAlgorithm(a.Hash) }),
		signatureID: encode(t, func(e *encoder) { e.algorithm(signatureID) }),
		sid:         tlv(t, 0x30, id.cert.RawIssuer, build(t, func(b *cryptobyte.Builder) { b.AddASN1BigInt(id.cert.SerialNumber) })),
	}
	f.listed = f.digestID
	f.attributes = [][]byte{
		attr(t, OIDContentType, oidDER(t, OIDData)),
		attr(t, OIDMessageDigest, tlv(t, 4, digestOf(a.Hash, content))),
		attr(t, OIDSigningCertificateV2, encode(t, func(e *encoder) { e.certificateIDs(id.cert, a.Hash) })),
	}
	return f
}

func (f *forgery) replace(oid asn1.ObjectIdentifier, with ...[]byte) {
	prefix := oidDER(f.t, oid)
	var kept [][]byte
	for _, a := range f.attributes {
		e, _, err := ber.Read(a)
		require.NoError(f.t, err)
		r := e.Elements()
		first, err := r.Next()
		require.NoError(f.t, err)
		if string(first.Raw) != string(prefix) {
			kept = append(kept, a)
		}
	}
	f.attributes = append(kept, with...)
}

// ordered returns the attributes as they are to be written.
func (f *forgery) ordered() [][]byte {
	list := slices.Clone(f.attributes)
	if !f.unsorted {
		slices.SortFunc(list, bytes.Compare)
	}
	return list
}

func (f *forgery) sign() []byte {
	message := f.message
	if message == nil {
		message = tlv(f.t, 0x31, f.ordered()...)
	}
	signature, err := Sign(context.Background(), nil, f.id.key, f.algorithm, message)
	require.NoError(f.t, err)
	return signature
}

func (f *forgery) signerInfo() []byte {
	if f.signature == nil {
		f.signature = f.sign()
	}
	parts := [][]byte{build(f.t, func(b *cryptobyte.Builder) { b.AddASN1Int64(1) }), f.sid, f.digestID}
	switch {
	case f.rawSet != nil:
		parts = append(parts, f.rawSet)
	case f.attributes != nil:
		parts = append(parts, tlv(f.t, 0xa0, f.ordered()...))
	}
	parts = append(parts, f.signatureID, tlv(f.t, 4, f.signature))
	if f.unsigned != nil {
		parts = append(parts, tlv(f.t, 0xa1, f.unsigned...))
	}
	return tlv(f.t, 0x30, parts...)
}

func (f *forgery) der() []byte {
	encapsulated := [][]byte{oidDER(f.t, f.contentType)}
	if f.content != nil {
		encapsulated = append(encapsulated, tlv(f.t, 0xa0, f.content))
	}
	parts := [][]byte{build(f.t, func(b *cryptobyte.Builder) { b.AddASN1Int64(f.version) }),
		tlv(f.t, 0x31, f.listed), tlv(f.t, 0x30, encapsulated...)}
	if f.choices != nil {
		parts = append(parts, tlv(f.t, 0xa0, f.choices...))
	}
	if f.revocations != nil {
		parts = append(parts, tlv(f.t, 0xa1, f.revocations...))
	}
	parts = append(parts, tlv(f.t, 0x31, f.signerInfo()))
	return tlv(f.t, 0x30, oidDER(f.t, OIDSignedData), tlv(f.t, 0xa0, tlv(f.t, 0x30, parts...)))
}

// verify parses and verifies against the digest of content.
func (f *forgery) verify(der []byte) (*Verification, error) {
	sd, si := parse(f.t, der)
	h, err := si.DigestHash()
	if err != nil {
		return &Verification{}, err
	}
	cert, err := sd.SignerCertificate(si)
	if err != nil {
		return &Verification{}, err
	}
	return si.Verify(cert, digestOf(h, content))
}

// toBER rewrites DER with indefinite lengths and octet strings in segments of one byte, leaving alone whatever skip says.
func toBER(t testing.TB, der []byte, skip func(ber.Element) bool) []byte {
	var out []byte
	for r := ber.NewReader(der); !r.Empty(); {
		e, err := r.Next()
		require.NoError(t, err)
		switch {
		case skip != nil && skip(e):
			out = append(out, e.Raw...)
		case e.Constructed:
			out = append(append(append(out, e.Raw[0], 0x80), toBER(t, e.Content, skip)...), 0, 0)
		case e.Is(ber.Universal, ber.TagOctetString):
			out = append(out, 0x24, 0x80)
			for _, c := range e.Content {
				out = append(out, 4, 1, c)
			}
			out = append(out, 0, 0)
		default:
			out = append(out, e.Raw...)
		}
	}
	return out
}

var p256 = Algorithm{ECDSA, crypto.SHA256}
