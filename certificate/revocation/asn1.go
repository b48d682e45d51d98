package revocation

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/internal/ber"
)

const constructed = cbasn1.Tag(0x80 | 0x20) // [0] constructed; the number is added

// readTime reads UTCTime or GeneralizedTime (RFC 5280, 5.1.2.4). Fractions of a
// second, missing seconds and zone offsets are accepted besides what DER demands.
func readTime(s *cryptobyte.String) (time.Time, bool) {
	var content cryptobyte.String
	var tag cbasn1.Tag
	if !s.ReadAnyASN1(&content, &tag) {
		return time.Time{}, false
	}
	return parseTime(tag, content)
}

func parseTime(tag cbasn1.Tag, content []byte) (time.Time, bool) {
	text := string(content)
	if len(text) < 11 || len(text) > maxTimeBytes {
		return time.Time{}, false
	}
	switch tag {
	case cbasn1.UTCTime:
		century := "20"
		if text[0] >= '5' {
			century = "19"
		}
		text = century + text
	case cbasn1.GeneralizedTime:
	default:
		return time.Time{}, false
	}
	for _, layout := range []string{"20060102150405Z0700", "200601021504Z0700"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// readBoolean also takes the BER forms of TRUE.
func readBoolean(s *cryptobyte.String, out *bool) bool {
	var content cryptobyte.String
	if !s.ReadASN1(&content, cbasn1.BOOLEAN) || len(content) != 1 {
		return false
	}
	*out = content[0] != 0
	return true
}

// readExtensions reads the content of Extensions.
func readExtensions(list cryptobyte.String, arcs *ber.Arcs) ([]pkix.Extension, bool) {
	var all []pkix.Extension
	for !list.Empty() {
		e, ok := readExtension(&list, arcs)
		if !ok || len(all) == maxExtensions {
			return nil, false
		}
		all = append(all, e)
	}
	return all, true
}

func readExtension(list *cryptobyte.String, arcs *ber.Arcs) (e pkix.Extension, ok bool) {
	var body, value cryptobyte.String
	if !list.ReadASN1(&body, cbasn1.SEQUENCE) || !arcs.Read(&body, &e.Id) {
		return e, false
	}
	if body.PeekASN1Tag(cbasn1.BOOLEAN) && !readBoolean(&body, &e.Critical) {
		return e, false
	}
	if !body.ReadASN1(&value, cbasn1.OCTET_STRING) || !body.Empty() {
		return e, false
	}
	e.Value = value
	return e, true
}

// readAlgorithm reads an AlgorithmIdentifier (RFC 5280, 4.1.1.2). The parameters
// stay raw; absent ones leave FullBytes empty.
func readAlgorithm(s *cryptobyte.String, arcs *ber.Arcs) (id pkix.AlgorithmIdentifier, ok bool) {
	var body, element, content cryptobyte.String
	var tag cbasn1.Tag
	if !s.ReadASN1(&body, cbasn1.SEQUENCE) || !arcs.Read(&body, &id.Algorithm) {
		return id, false
	}
	if body.Empty() {
		return id, true
	}
	if !body.ReadAnyASN1Element(&element, &tag) || !body.Empty() {
		return id, false
	}
	whole := element
	element.ReadAnyASN1(&content, &tag)
	id.Parameters = asn1.RawValue{
		Class: int(tag >> 6), Tag: int(tag & 0x1f), IsCompound: tag&0x20 != 0,
		FullBytes: whole, Bytes: content,
	}
	return id, true
}

// readInteger reads two's complement of bounded length, minimal or not.
func readInteger(s *cryptobyte.String, limit int) (*big.Int, bool) {
	var content cryptobyte.String
	if !s.ReadASN1(&content, cbasn1.INTEGER) || len(content) == 0 || len(content) > limit {
		return nil, false
	}
	return signedInteger(content), true
}

func signedInteger(b []byte) *big.Int {
	n := new(big.Int).SetBytes(b)
	if b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(len(b))*8))
	}
	return n
}

// minimal drops the octets of an integer that DER would not write.
func minimal(b []byte) []byte {
	for len(b) > 1 && (b[0] == 0 && b[1]&0x80 == 0 || b[0] == 0xff && b[1]&0x80 != 0) {
		b = b[1:]
	}
	return b
}

// integerBytes returns the content octets of an INTEGER in DER.
func integerBytes(n *big.Int) []byte {
	if n.Sign() >= 0 {
		return n.FillBytes(make([]byte, n.BitLen()/8+1)) // a sign bit goes before the first
	}
	var b cryptobyte.Builder
	b.AddASN1BigInt(n)
	der, err := b.Bytes()
	var content cryptobyte.String
	s := cryptobyte.String(der)
	if err != nil || !s.ReadASN1(&content, cbasn1.INTEGER) {
		return nil
	}
	return content
}

func contains(list []asn1.ObjectIdentifier, id asn1.ObjectIdentifier) bool {
	for _, one := range list {
		if one.Equal(id) {
			return true
		}
	}
	return false
}
