package cms

import (
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/internal/ber"
)

// AddUnsigned returns a copy of a SignedData's ContentInfo in which the only signer has further unsigned attributes; all
// other bytes of the SignerInfo stay as they were received. It is how a time stamp gets into a signature made before.
func (sd *SignedData) AddUnsigned(attributes ...Attribute) ([]byte, error) {
	if len(sd.SignerInfos) != 1 {
		return nil, fail(ErrMalformed, "%d signers instead of one", len(sd.SignerInfos))
	}
	signer, err := sd.SignerInfos[0].withUnsigned(attributes)
	if err != nil {
		return nil, err
	}
	info, _, err := ber.Read(sd.Raw)
	if err != nil {
		return nil, malformed("ContentInfo", err)
	}
	outer := info.Elements()
	id, _ := outer.Next()
	explicit, _ := outer.Next()
	inner := explicit.Elements()
	body, err := inner.Next()
	if err != nil {
		return nil, malformed("SignedData", err)
	}
	children, err := body.Children()
	if err != nil {
		return nil, malformed("SignedData", err)
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(id.Raw)
		b.AddASN1(cbasn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				for _, child := range children[:len(children)-1] {
					b.AddBytes(child.Raw)
				}
				b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) { b.AddBytes(signer) })
			})
		})
	})
	return encoded(&b)
}

// withUnsigned returns the SignerInfo with more unsigned attributes.
func (si *SignerInfo) withUnsigned(attributes []Attribute) ([]byte, error) {
	list := make([][]byte, 0, len(si.UnsignedAttributes)+len(attributes))
	for i := range si.UnsignedAttributes {
		list = append(list, si.UnsignedAttributes[i].Raw)
	}
	for i := range attributes {
		der, err := attributes[i].marshal()
		if err != nil {
			return nil, err
		}
		list = append(list, der)
	}
	set, err := encodeSet(cbasn1.Tag(1).ContextSpecific().Constructed(), list)
	if err != nil {
		return nil, err
	}
	e, _, err := ber.Read(si.Raw)
	if err != nil {
		return nil, malformed("SignerInfo", err)
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for r := e.Elements(); !r.Empty(); {
			child, err := r.Next()
			if err != nil {
				b.SetError(malformed("SignerInfo", err))
				return
			}
			if !child.Is(ber.ContextSpecific, 1) {
				b.AddBytes(child.Raw)
			}
		}
		if len(list) > 0 {
			b.AddBytes(set)
		}
	})
	return encoded(&b)
}
