package algorithm

import (
	"bytes"
	"crypto"
	"crypto/sha3"
	"fmt"
	"math/big"
	"slices"
)

// Ed448Key is a public key of Ed448 as it is encoded (RFC 8032 §5.2.2), for verifying only. It is never changed.
type Ed448Key []byte

// Ed448KeySize is the length of an Ed448Key in bytes; a signature has twice as many.
const Ed448KeySize = 57

// verifyEd448 is RFC 8032 §5.2.7 without a context. It is the stricter of the two ways of verifying: the cofactor is not
// multiplied with, and R is compared as it is encoded. Public keys of small order, with which anyone can sign, are
// refused as malformed.
func verifyEd448(pub crypto.PublicKey, message, sig []byte) error {
	key, ok := pub.(Ed448Key)
	if !ok || len(key) != Ed448KeySize {
		return fmt.Errorf("algorithm: Ed448 with a %T: %w", pub, ErrKeyMismatch)
	}
	e := newEdwards448()
	a, ok := e.decode(key)
	if !ok || e.isIdentity(e.double(e.double(a))) {
		return fmt.Errorf("algorithm: Ed448 key that is no point of the curve, or one of small order: %w", ErrMalformed)
	}
	if !e.verify(key, a, message, sig) {
		return fmt.Errorf("algorithm: Ed448: %w", ErrSignature)
	}
	return nil
}

func (e *edwards448) verify(key Ed448Key, a edwardsPoint, message, sig []byte) bool {
	if len(sig) != 2*Ed448KeySize {
		return false
	}
	r, s := sig[:Ed448KeySize], littleEndian(sig[Ed448KeySize:])
	if s.Cmp(e.order) >= 0 {
		return false
	}
	h := sha3.NewSHAKE256()
	for _, part := range [][]byte{[]byte("SigEd448\x00\x00"), r, key, message} { // dom4(0, ""), R, A, M
		_, _ = h.Write(part)
	}
	sum := make([]byte, 2*Ed448KeySize)
	_, _ = h.Read(sum)
	k := littleEndian(sum)
	k.Mod(k, e.order)
	a.x = new(big.Int).Sub(e.p, a.x) // [S]B - [k]A must be R
	return bytes.Equal(e.encode(e.combine(s, e.base, k, a)), r)
}

// edwards448 is the curve x² + y² = 1 + dx²y² of RFC 7748 §4.2. The arithmetic takes time that depends on its input, all
// of which is public. It holds no state beyond its constants.
type edwards448 struct {
	p, d, order *big.Int
	base        edwardsPoint
}

// edwardsPoint is a point in projective coordinates, x/z and y/z. Points are never changed.
type edwardsPoint struct{ x, y, z *big.Int }

func newEdwards448() *edwards448 {
	number := func(decimal string) *big.Int {
		v, _ := new(big.Int).SetString(decimal, 10)
		return v
	}
	one := big.NewInt(1)
	power := func(n uint) *big.Int { return new(big.Int).Lsh(one, n) }
	p := power(448)
	p.Sub(p, power(224)).Sub(p, one)
	order := power(446)
	return &edwards448{
		p: p, d: new(big.Int).Sub(p, big.NewInt(39081)),
		order: order.Sub(order, number("13818066809895115352007386748515426880336692474882178609894547503885")),
		base: edwardsPoint{
			number("224580040295924300187604334099896036246789641632564134246125461686950415467406032909029192869357953282578032075146446173674602635247710"),
			number("298819210078481492676017930443930673437544040154080242095928241372331506189835876003536878655418784733982303233503462500531545062832660"),
			one,
		},
	}
}

func (e *edwards448) mul(a, b *big.Int) *big.Int {
	v := new(big.Int).Mul(a, b)
	return v.Mod(v, e.p)
}

// add is RFC 8032 §5.2.4; it holds for all points.
func (e *edwards448) add(p, q edwardsPoint) edwardsPoint {
	a := e.mul(p.z, q.z)
	b := e.mul(a, a)
	c, d := e.mul(p.x, q.x), e.mul(p.y, q.y)
	m := e.mul(e.d, e.mul(c, d))
	f, g := new(big.Int).Sub(b, m), new(big.Int).Add(b, m)
	h := e.mul(new(big.Int).Add(p.x, p.y), new(big.Int).Add(q.x, q.y))
	h.Sub(h, c).Sub(h, d)
	return edwardsPoint{e.mul(e.mul(a, f), h), e.mul(e.mul(a, g), d.Sub(d, c)), e.mul(f, g)}
}

// double is RFC 8032 §5.2.4.
func (e *edwards448) double(p edwardsPoint) edwardsPoint {
	b := new(big.Int).Add(p.x, p.y)
	b = e.mul(b, b)
	c, d, h := e.mul(p.x, p.x), e.mul(p.y, p.y), e.mul(p.z, p.z)
	sum := new(big.Int).Add(c, d)
	j := new(big.Int).Sub(sum, h.Lsh(h, 1))
	return edwardsPoint{e.mul(b.Sub(b, sum), j), e.mul(sum, c.Sub(c, d)), e.mul(sum, j)}
}

// combine returns u·p + v·q.
func (e *edwards448) combine(u *big.Int, p edwardsPoint, v *big.Int, q edwardsPoint) edwardsPoint {
	both := e.add(p, q)
	sum := edwardsPoint{new(big.Int), big.NewInt(1), big.NewInt(1)}
	for i := max(u.BitLen(), v.BitLen()) - 1; i >= 0; i-- {
		sum = e.double(sum)
		switch {
		case u.Bit(i) == 1 && v.Bit(i) == 1:
			sum = e.add(sum, both)
		case u.Bit(i) == 1:
			sum = e.add(sum, p)
		case v.Bit(i) == 1:
			sum = e.add(sum, q)
		}
	}
	return sum
}

func (e *edwards448) isIdentity(p edwardsPoint) bool { return p.x.Sign() == 0 && p.y.Cmp(p.z) == 0 }

// encode is RFC 8032 §5.2.2.
func (e *edwards448) encode(p edwardsPoint) []byte {
	inverse := new(big.Int).ModInverse(p.z, e.p)
	x, y := e.mul(p.x, inverse), e.mul(p.y, inverse)
	b := y.FillBytes(make([]byte, Ed448KeySize))
	slices.Reverse(b)
	b[Ed448KeySize-1] |= byte(x.Bit(0) << 7)
	return b
}

// decode is RFC 8032 §5.2.3: encodings other than that of encode are refused.
func (e *edwards448) decode(b []byte) (edwardsPoint, bool) {
	b = bytes.Clone(b)
	sign := uint(b[Ed448KeySize-1] >> 7)
	b[Ed448KeySize-1] &= 0x7f
	one := big.NewInt(1)
	y := littleEndian(b)
	if y.Cmp(e.p) >= 0 {
		return edwardsPoint{}, false
	}
	yy := e.mul(y, y)
	v := e.mul(e.d, yy)
	v.ModInverse(v.Sub(v, one), e.p) // never 0: d is no square
	x := new(big.Int).ModSqrt(e.mul(yy.Sub(yy, one).Mod(yy, e.p), v), e.p)
	if x == nil || x.Sign() == 0 && sign == 1 {
		return edwardsPoint{}, false
	}
	if x.Bit(0) != sign {
		x.Sub(e.p, x)
	}
	return edwardsPoint{x, y, one}, true
}

// littleEndian returns the number whose first byte is the least.
func littleEndian(b []byte) *big.Int {
	b = bytes.Clone(b)
	slices.Reverse(b)
	return new(big.Int).SetBytes(b)
}
