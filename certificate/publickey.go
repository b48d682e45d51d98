package certificate

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/asn1"
	"errors"
	"fmt"
	"math"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/ber"
)

// ErrUnsupportedKey is what [Certificate.PublicKeyError] wraps when the key may
// be sound but is of a kind that this package cannot use.
var ErrUnsupportedKey = errors.New("certificate: public key not supported")

// Key types (RFC 3279, RFC 4055, RFC 5480, RFC 8410, RFC 9881).
var (
	oidRSA     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidRSAPSS  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	oidECDSA   = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	oidEd25519 = asn1.ObjectIdentifier{1, 3, 101, 112}
	oidEd448   = asn1.ObjectIdentifier{1, 3, 101, 113}
	oidDSA     = asn1.ObjectIdentifier{1, 2, 840, 10040, 4, 1}
	oidMLDSA44 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 17}
	oidMLDSA65 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 18}
	oidMLDSA87 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 19}

	oidP224 = asn1.ObjectIdentifier{1, 3, 132, 0, 33}
	oidP256 = asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7}
	oidP384 = asn1.ObjectIdentifier{1, 3, 132, 0, 34}
	oidP521 = asn1.ObjectIdentifier{1, 3, 132, 0, 35}
)

// RestrictedToPSS tells whether the key is an RSA key that may only make
// RSASSA-PSS signatures (RFC 4055, 1.2). PublicKeyInfo.Algorithm.Parameters then
// holds the parameters demanded, if any.
func (i PublicKeyInfo) RestrictedToPSS() bool { return i.Algorithm.Algorithm.Equal(oidRSAPSS) }

// parsePublicKey fills PublicKeyInfo, PublicKey and PublicKeyError. Only a broken
// SubjectPublicKeyInfo is an error; a broken key in it is not.
func (c *Certificate) parsePublicKey(element cryptobyte.String, room *ber.Arcs) error {
	var info, algorithm cryptobyte.String
	var key asn1.BitString
	if !element.ReadASN1(&info, cbasn1.SEQUENCE) || !info.ReadASN1Element(&algorithm, cbasn1.SEQUENCE) ||
		!info.ReadASN1BitString(&key) || !info.Empty() {
		return errors.New("certificate: malformed public key")
	}
	var err error
	if c.PublicKeyInfo.Algorithm, err = parseAlgorithm(algorithm, room); err != nil {
		return err
	}
	c.PublicKeyInfo.Key = key.Bytes
	if key.BitLength%8 != 0 { // readers differ in where such a key begins
		c.PublicKeyError = fmt.Errorf("certificate: public key of %d bits, not of whole octets", key.BitLength)
		return nil
	}
	c.PublicKey, c.PublicKeyError = c.PublicKeyInfo.decode(room)
	return nil
}

func (i PublicKeyInfo) decode(room *ber.Arcs) (crypto.PublicKey, error) {
	id := i.Algorithm.Algorithm
	switch {
	case id.Equal(oidRSA), id.Equal(oidRSAPSS):
		return decodeRSA(i.Key)
	case id.Equal(oidECDSA):
		return decodeECDSA(i.Algorithm.Parameters, i.Key, room)
	case id.Equal(oidEd25519):
		if len(i.Key) != ed25519.PublicKeySize {
			return nil, fmt.Errorf("certificate: Ed25519 key has %d bytes, not %d", len(i.Key), ed25519.PublicKeySize)
		}
		return ed25519.PublicKey(i.Key), nil
	}
	return i.decodeVerifyOnly()
}

// decodeVerifyOnly reads the keys that this module verifies with and the
// standard library does not know or no longer supports.
func (i PublicKeyInfo) decodeVerifyOnly() (crypto.PublicKey, error) {
	id := i.Algorithm.Algorithm
	switch {
	case id.Equal(oidEd448):
		if len(i.Key) != algorithm.Ed448KeySize {
			return nil, fmt.Errorf("certificate: Ed448 key has %d bytes, not %d", len(i.Key), algorithm.Ed448KeySize)
		}
		return algorithm.Ed448Key(i.Key), nil
	case id.Equal(oidMLDSA44):
		return decodeMLDSA(algorithm.MLDSA44, i.Key)
	case id.Equal(oidMLDSA65):
		return decodeMLDSA(algorithm.MLDSA65, i.Key)
	case id.Equal(oidMLDSA87):
		return decodeMLDSA(algorithm.MLDSA87, i.Key)
	case id.Equal(oidDSA):
		return decodeDSA(i.Algorithm.Parameters, i.Key)
	}
	return nil, fmt.Errorf("%w: key type %s", ErrUnsupportedKey, id)
}

// decodeMLDSA reads a post-quantum key (RFC 9881), where this program was built with a Go that has them.
func decodeMLDSA(s algorithm.Scheme, key []byte) (crypto.PublicKey, error) {
	pub, err := algorithm.ParseMLDSAKey(s, key)
	switch {
	case errors.Is(err, algorithm.ErrUnsupported):
		return nil, fmt.Errorf("%w: %w", ErrUnsupportedKey, err)
	case err != nil:
		return nil, fmt.Errorf("certificate: %w", err)
	}
	return pub, nil
}

// decodeDSA reads a key with its parameters (RFC 3279, 2.3.2). They may be absent
// where the issuer's are meant; a path fills them in.
func decodeDSA(parameters asn1.RawValue, der []byte) (crypto.PublicKey, error) {
	key := &algorithm.DSAKey{P: new(big.Int), Q: new(big.Int), G: new(big.Int), Y: new(big.Int)}
	p := cryptobyte.String(parameters.FullBytes)
	if p.Empty() {
		return nil, fmt.Errorf("%w: DSA key without parameters", ErrUnsupportedKey)
	}
	var body cryptobyte.String
	if len(der) > maxDSABytes || len(p) > maxDSABytes {
		return nil, fmt.Errorf("%w: DSA key of more than %d bytes", ErrUnsupportedKey, maxDSABytes)
	}
	if !p.ReadASN1(&body, cbasn1.SEQUENCE) || !p.Empty() || !body.ReadASN1Integer(key.P) || !body.ReadASN1Integer(key.Q) ||
		!body.ReadASN1Integer(key.G) || !body.Empty() || !readDSAValue(der, key.Y) {
		return nil, errMalformedDSA
	}
	return key, nil
}

var errMalformedDSA = errors.New("certificate: malformed DSA key")

func readDSAValue(der []byte, y *big.Int) bool {
	s := cryptobyte.String(der)
	return s.ReadASN1Integer(y) && s.Empty()
}

// inherit completes a DSA key without parameters with those of the issuer's key.
func (i PublicKeyInfo) inherit(issuer crypto.PublicKey) (crypto.PublicKey, error) {
	above, ok := issuer.(*algorithm.DSAKey)
	if !ok {
		return nil, fmt.Errorf("%w: DSA key without parameters, and the issuer's key has none", ErrUnsupportedKey)
	}
	y := new(big.Int)
	if len(i.Key) > maxDSABytes || !readDSAValue(i.Key, y) {
		return nil, errMalformedDSA
	}
	return &algorithm.DSAKey{P: above.P, Q: above.Q, G: above.G, Y: y}, nil
}

func decodeRSA(der []byte) (crypto.PublicKey, error) {
	s := cryptobyte.String(der)
	var body, modulus, exponent cryptobyte.String
	if !s.ReadASN1(&body, cbasn1.SEQUENCE) || !s.Empty() ||
		!body.ReadASN1(&modulus, cbasn1.INTEGER) || !body.ReadASN1(&exponent, cbasn1.INTEGER) || !body.Empty() {
		return nil, errors.New("certificate: malformed RSA key")
	}
	// Whole generations of identity cards lack the zero octet before a modulus
	// whose first bit is set: both numbers are positive, whatever the sign bit says.
	n, e := new(big.Int).SetBytes(modulus), new(big.Int).SetBytes(exponent)
	if n.Sign() == 0 || e.Sign() == 0 {
		return nil, errors.New("certificate: RSA key with a modulus or exponent of zero")
	}
	if n.BitLen() > maxRSAModulusBits {
		return nil, fmt.Errorf("%w: RSA modulus of %d bits, the limit is %d", ErrUnsupportedKey, n.BitLen(), maxRSAModulusBits)
	}
	if !e.IsInt64() || e.Int64() > math.MaxInt32 { // crypto/rsa does not take it
		return &algorithm.RSAKey{N: n, E: e}, nil
	}
	return &rsa.PublicKey{N: n, E: int(e.Int64())}, nil
}

func decodeECDSA(parameters asn1.RawValue, point []byte, room *ber.Arcs) (crypto.PublicKey, error) {
	s := cryptobyte.String(parameters.FullBytes)
	var id asn1.ObjectIdentifier
	if !room.Read(&s, &id) || !s.Empty() {
		return nil, fmt.Errorf("%w: elliptic curve not given by name", ErrUnsupportedKey)
	}
	var curve elliptic.Curve
	switch {
	case id.Equal(oidP224):
		curve = elliptic.P224()
	case id.Equal(oidP256):
		curve = elliptic.P256()
	case id.Equal(oidP384):
		curve = elliptic.P384()
	case id.Equal(oidP521):
		curve = elliptic.P521()
	default:
		other, ok := algorithm.CurveByOID(id)
		if !ok {
			return nil, fmt.Errorf("%w: elliptic curve %s", ErrUnsupportedKey, id)
		}
		key, err := other.ParsePoint(point)
		if err != nil {
			return nil, errors.New("certificate: malformed elliptic curve point")
		}
		return key, nil
	}
	if len(point) > 0 && point[0] != 4 { // compressed (RFC 5480, 2.2)
		x, y := elliptic.UnmarshalCompressed(curve, point)
		if x == nil {
			return nil, errors.New("certificate: malformed elliptic curve point")
		}
		return &ecdsa.PublicKey{Curve: curve, X: x, Y: y}, nil
	}
	key, err := ecdsa.ParseUncompressedPublicKey(curve, point)
	if err != nil {
		return nil, errors.New("certificate: malformed elliptic curve point")
	}
	return key, nil
}
