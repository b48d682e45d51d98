package keyfile

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // files are protected with it
	"crypto/sha256"
	"crypto/sha512"
	"encoding/asn1"
	"errors"
	"fmt"
	"hash"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/internal/ber"
)

// pkcs12File is the outside of a PKCS#12 file (RFC 7292, 4).
type pkcs12File struct {
	version ber.Element
	content []byte      // of the authenticated safe
	mac     ber.Element // MacData; nothing where the file has no integrity code
}

var errDamagedPKCS12 = errors.New("keyfile: the PKCS #12 file is damaged")

func readPKCS12(data []byte) (*pkcs12File, error) {
	outer, rest, err := ber.Read(data)
	if err != nil || len(rest) > 0 {
		return nil, errDamagedPKCS12
	}
	parts, err := outer.Children()
	if err != nil || len(parts) < 2 || len(parts) > 3 {
		return nil, errDamagedPKCS12
	}
	f := &pkcs12File{version: parts[0]}
	if len(parts) == 3 {
		f.mac = parts[2]
	}
	safe, err := parts[1].Children()
	if err != nil || len(safe) != 2 || !safe[1].Is(ber.ContextSpecific, 0) {
		return nil, errDamagedPKCS12
	}
	inside, err := safe[1].Children()
	if err != nil || len(inside) != 1 {
		return nil, errDamagedPKCS12
	}
	if f.content, err = inside[0].OctetString(); err != nil {
		return nil, errDamagedPKCS12
	}
	return f, nil
}

// pkcs12InDER rewrites a file in BER as the library wants it. The integrity code covers the
// content as it was written: it is checked, and made again over the content in DER.
func pkcs12InDER(data []byte, password string) ([]byte, error) {
	f, err := readPKCS12(data)
	if err != nil {
		return nil, err
	}
	if whole, _ := ber.IsDER(data); whole {
		if inside, _ := ber.IsDER(f.content); inside {
			return data, nil
		}
	}
	content, err := contentInDER(f.content)
	if err != nil {
		return nil, err
	}
	var code *integrityCode
	if len(f.mac.Raw) > 0 {
		if code, err = readIntegrityCode(f.mac.Raw); err != nil {
			return nil, err
		}
		if !hmac.Equal(code.over(f.content, password), code.value) {
			return nil, ErrPassword
		}
		code.value = code.over(content, password)
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(3)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(oidData)
			b.AddASN1(cbasn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { b.AddASN1OctetString(content) })
		})
		if code != nil {
			code.add(b)
		}
	})
	return b.Bytes()
}

var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidEncryptedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 6}
)

// contentInDER rewrites an AuthenticatedSafe.
func contentInDER(content []byte) ([]byte, error) {
	list, rest, err := ber.Read(content)
	if err != nil || len(rest) > 0 || !list.IsSequence() {
		return nil, errDamagedPKCS12
	}
	infos, err := list.Children()
	if err != nil {
		return nil, errDamagedPKCS12
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, info := range infos {
			b.AddBytes(infoInDER(info))
		}
	})
	return b.Bytes()
}

// infoInDER rewrites a ContentInfo. What is encrypted has an implicit tag, under which
// ber.ToDER cannot know a string that is written in pieces. What cannot be rewritten stays
// as it is, for the library to refuse.
func infoInDER(info ber.Element) []byte {
	der, err := ber.ToDER(info.Raw)
	if err != nil {
		return info.Raw
	}
	var s, explicit, data, encrypted, algorithm cryptobyte.String
	var kind, inside asn1.ObjectIdentifier
	var version int
	input := cryptobyte.String(der)
	tagged := cbasn1.Tag(0).ContextSpecific().Constructed()
	if !input.ReadASN1(&s, cbasn1.SEQUENCE) || !s.ReadASN1ObjectIdentifier(&kind) || !kind.Equal(oidEncryptedData) ||
		!s.ReadASN1(&explicit, tagged) || !explicit.ReadASN1(&data, cbasn1.SEQUENCE) || !data.ReadASN1Integer(&version) ||
		!data.ReadASN1(&encrypted, cbasn1.SEQUENCE) || !encrypted.ReadASN1ObjectIdentifier(&inside) ||
		!encrypted.ReadASN1Element(&algorithm, cbasn1.SEQUENCE) || !encrypted.PeekASN1Tag(tagged) {
		return der
	}
	e, _, err := ber.Read(encrypted)
	if err != nil {
		return der
	}
	joined, err := e.OctetString()
	if err != nil {
		return der
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(kind)
		b.AddASN1(tagged, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(int64(version))
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier(inside)
					b.AddBytes(algorithm)
					b.AddASN1(cbasn1.Tag(0).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes(joined) })
				})
			})
		})
	})
	out, err := b.Bytes()
	if err != nil {
		return der
	}
	return out
}

// integrityCode is a MacData (RFC 7292, 4).
type integrityCode struct {
	algorithm  []byte // AlgorithmIdentifier of the hash function
	function   func() hash.Hash
	value      []byte
	salt       []byte
	iterations int
}

func readIntegrityCode(raw []byte) (*integrityCode, error) {
	der, err := ber.ToDER(raw)
	if err != nil {
		return nil, errDamagedPKCS12
	}
	var s, digest, algorithm, parameters, value, salt cryptobyte.String
	var id asn1.ObjectIdentifier
	c := &integrityCode{iterations: 1}
	input := cryptobyte.String(der)
	if !input.ReadASN1(&s, cbasn1.SEQUENCE) || !s.ReadASN1(&digest, cbasn1.SEQUENCE) ||
		!digest.ReadASN1Element(&algorithm, cbasn1.SEQUENCE) || !digest.ReadASN1(&value, cbasn1.OCTET_STRING) ||
		!s.ReadASN1(&salt, cbasn1.OCTET_STRING) || len(salt) == 0 || !s.Empty() && !s.ReadASN1Integer(&c.iterations) {
		return nil, errDamagedPKCS12
	}
	c.algorithm, c.value, c.salt = algorithm, value, salt
	if whole := algorithm; !readAlgorithm(&whole, &id, &parameters) {
		return nil, errDamagedPKCS12
	}
	switch id.String() {
	case "1.3.14.3.2.26":
		c.function = sha1.New
	case "2.16.840.1.101.3.4.2.1":
		c.function = sha256.New
	case "2.16.840.1.101.3.4.2.3":
		c.function = sha512.New
	default:
		return nil, fmt.Errorf("%w: integrity code %v of a PKCS #12 file in BER", ErrUnsupported, id)
	}
	return c, checkIterations(c.iterations)
}

// over computes the code of some content.
func (c *integrityCode) over(content []byte, password string) []byte {
	h := c.function()
	mac := hmac.New(c.function, derivePKCS12(h, 3, c.salt, secretOf(password), c.iterations, h.Size()))
	mac.Write(content)
	return mac.Sum(nil)
}

// add writes a MacData.
func (c *integrityCode) add(b *cryptobyte.Builder) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(c.algorithm)
			b.AddASN1OctetString(c.value)
		})
		b.AddASN1OctetString(c.salt)
		b.AddASN1Int64(int64(c.iterations))
	})
}
