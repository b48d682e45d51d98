package algorithm

import (
	"encoding/asn1"
	"fmt"
	"math/big"
)

// Curve is an elliptic curve y² = x³ + ax + b over a prime field with a group of prime order: one that crypto/elliptic
// does not have. The arithmetic is for verifying only: it takes time that depends on its input, all of which is public.
type Curve struct {
	Name    string
	P, A, B *big.Int // the field and the coefficients
	X, Y    *big.Int // the base point
	N       *big.Int // its order
}

// curveTable: RFC 5639 §3.4, §3.6, §3.7; SEC 2 §2.4.1; FIPS 186-4 §D.1.2.1, whose P-192 old cards sign with.
var curveTable = []struct {
	oid              asn1.ObjectIdentifier
	name             string
	p, a, b, x, y, n string
}{
	{
		oid: asn1.ObjectIdentifier{1, 3, 36, 3, 3, 2, 8, 1, 1, 7}, name: "brainpoolP256r1",
		p: "a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377",
		a: "7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9",
		b: "26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6",
		x: "8bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262",
		y: "547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997",
		n: "a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7",
	},
	{
		oid: asn1.ObjectIdentifier{1, 3, 36, 3, 3, 2, 8, 1, 1, 11}, name: "brainpoolP384r1",
		p: "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53",
		a: "7bc382c63d8c150c3c72080ace05afa0c2bea28e4fb22787139165efba91f90f8aa5814a503ad4eb04a8c7dd22ce2826",
		b: "04a8c7dd22ce28268b39b55416f0447c2fb77de107dcd2a62e880ea53eeb62d57cb4390295dbc9943ab78696fa504c11",
		x: "1d1c64f068cf45ffa2a63a81b7c13f6b8847a3e77ef14fe3db7fcafe0cbd10e8e826e03436d646aaef87b2e247d4af1e",
		y: "8abe1d7520f9c2a45cb1eb8e95cfd55262b70b29feec5864e19c054ff99129280e4646217791811142820341263c5315",
		n: "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565",
	},
	{
		oid: asn1.ObjectIdentifier{1, 3, 36, 3, 3, 2, 8, 1, 1, 13}, name: "brainpoolP512r1",
		p: "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca703308717d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3",
		a: "7830a3318b603b89e2327145ac234cc594cbdd8d3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94ca",
		b: "3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94cadc083e67984050b75ebae5dd2809bd638016f723",
		x: "81aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098eff3b1f78e2d0d48d50d1687b93b97d5f7c6d5047406a5e688b352209bcb9f822",
		y: "7dde385d566332ecc0eabfa9cf7822fdf209f70024a57b1aa000c55b881f8111b2dcde494a5f485e5bca4bd88a2763aed1ca2b2fa8f0540678cd1e0f3ad80892",
		n: "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069",
	},
	{
		oid: asn1.ObjectIdentifier{1, 3, 132, 0, 10}, name: "secp256k1",
		p: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
		a: "0",
		b: "7",
		x: "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
		y: "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
		n: "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
	},
	{
		oid: asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 1}, name: "P-192",
		p: "fffffffffffffffffffffffffffffffeffffffffffffffff",
		a: "fffffffffffffffffffffffffffffffefffffffffffffffc",
		b: "64210519e59c80e70fa7e9ab72243049feb8deecc146b9b1",
		x: "188da80eb03090f67cbf20eb43a18800f4ff0afd82ff1012",
		y: "07192b95ffc8da78631011ed6b24cdd573f977a11e794811",
		n: "ffffffffffffffffffffffff99def836146bc9b1b4d22831",
	},
}

// CurveByOID returns the curve that oid names; false when it is none of those here.
func CurveByOID(oid asn1.ObjectIdentifier) (*Curve, bool) {
	number := func(hex string) *big.Int {
		v, _ := new(big.Int).SetString(hex, 16)
		return v
	}
	for i := range curveTable {
		if e := &curveTable[i]; oid.Equal(e.oid) {
			return &Curve{Name: e.name, P: number(e.p), A: number(e.a), B: number(e.b), X: number(e.x), Y: number(e.y), N: number(e.n)}, true
		}
	}
	return nil, false
}

// Bits returns the size of the field in bits.
func (c *Curve) Bits() int { return c.P.BitLen() }

// ParsePoint reads a public key: a point other than infinity, uncompressed or compressed (RFC 5480 §2.2, SEC 1 §2.3.4).
// Errors wrap ErrMalformed.
func (c *Curve) ParsePoint(b []byte) (*ECKey, error) {
	size := (c.Bits() + 7) / 8
	key := &ECKey{Curve: c}
	switch {
	case len(b) == 1+2*size && b[0] == 4:
		key.X, key.Y = new(big.Int).SetBytes(b[1:1+size]), new(big.Int).SetBytes(b[1+size:])
	case len(b) == 1+size && (b[0] == 2 || b[0] == 3):
		key.X = new(big.Int).SetBytes(b[1:])
		if key.X.Cmp(c.P) < 0 {
			key.Y = new(big.Int).ModSqrt(c.polynomial(key.X), c.P)
		}
		if key.Y != nil && key.Y.Bit(0) != uint(b[0]&1) {
			key.Y.Sub(c.P, key.Y)
		}
	}
	if key.Y == nil || !c.contains(key.X, key.Y) {
		return nil, fmt.Errorf("algorithm: no point of %s: %w", c.Name, ErrMalformed)
	}
	return key, nil
}

// polynomial returns x³ + ax + b.
func (c *Curve) polynomial(x *big.Int) *big.Int {
	v := c.mul(x, x)
	v.Add(v, c.A)
	v = c.mul(v, x)
	v.Add(v, c.B)
	return v.Mod(v, c.P)
}

// contains tells whether x and y are coordinates of a point of the curve.
func (c *Curve) contains(x, y *big.Int) bool {
	if x == nil || y == nil || x.Sign() < 0 || y.Sign() < 0 || x.Cmp(c.P) >= 0 || y.Cmp(c.P) >= 0 {
		return false
	}
	return c.mul(y, y).Cmp(c.polynomial(x)) == 0
}

// point is a point in Jacobian coordinates, x/z² and y/z³; z is 0 at infinity. Points are never changed.
type point struct{ x, y, z *big.Int }

func affine(x, y *big.Int) point { return point{x, y, big.NewInt(1)} }

func (c *Curve) mul(a, b *big.Int) *big.Int {
	v := new(big.Int).Mul(a, b)
	return v.Mod(v, c.P)
}

func (c *Curve) sub(a, b *big.Int) *big.Int {
	v := new(big.Int).Sub(a, b)
	return v.Mod(v, c.P)
}

// double returns 2p.
func (c *Curve) double(p point) point {
	yy, zz := c.mul(p.y, p.y), c.mul(p.z, p.z)
	s := c.mul(p.x, yy)
	s.Lsh(s, 2) // 4xy²
	m := c.mul(p.x, p.x)
	m.Mul(m, big.NewInt(3)).Add(m, c.mul(c.A, c.mul(zz, zz))).Mod(m, c.P) // 3x² + az⁴
	x := c.sub(c.mul(m, m), new(big.Int).Lsh(s, 1))
	y8 := c.mul(yy, yy)
	y8.Lsh(y8, 3)
	y := c.sub(c.mul(m, c.sub(s, x)), y8)
	z := c.mul(p.y, p.z)
	return point{x, y, z.Lsh(z, 1).Mod(z, c.P)}
}

// add returns p + q, whatever the two are.
func (c *Curve) add(p, q point) point {
	switch {
	case p.z.Sign() == 0:
		return q
	case q.z.Sign() == 0:
		return p
	}
	pzz, qzz := c.mul(p.z, p.z), c.mul(q.z, q.z)
	u1, u2 := c.mul(p.x, qzz), c.mul(q.x, pzz)
	s1, s2 := c.mul(p.y, c.mul(qzz, q.z)), c.mul(q.y, c.mul(pzz, p.z))
	h, r := c.sub(u2, u1), c.sub(s2, s1)
	if h.Sign() == 0 {
		if r.Sign() == 0 {
			return c.double(p)
		}
		return point{big.NewInt(1), big.NewInt(1), new(big.Int)}
	}
	hh := c.mul(h, h)
	hhh, v := c.mul(hh, h), c.mul(u1, hh)
	x := c.sub(c.sub(c.mul(r, r), hhh), new(big.Int).Lsh(v, 1))
	y := c.sub(c.mul(r, c.sub(v, x)), c.mul(s1, hhh))
	return point{x, y, c.mul(h, c.mul(p.z, q.z))}
}

// combine returns the x coordinate of u·G + v·Q with the base point G; false when the sum is the point at infinity.
func (c *Curve) combine(u, v *big.Int, q point) (*big.Int, bool) {
	g := affine(c.X, c.Y)
	both := c.add(g, q)
	sum := point{big.NewInt(1), big.NewInt(1), new(big.Int)}
	for i := max(u.BitLen(), v.BitLen()) - 1; i >= 0; i-- {
		sum = c.double(sum)
		switch {
		case u.Bit(i) == 1 && v.Bit(i) == 1:
			sum = c.add(sum, both)
		case u.Bit(i) == 1:
			sum = c.add(sum, g)
		case v.Bit(i) == 1:
			sum = c.add(sum, q)
		}
	}
	if sum.z.Sign() == 0 {
		return nil, false
	}
	inverse := new(big.Int).ModInverse(sum.z, c.P)
	return c.mul(sum.x, c.mul(inverse, inverse)), true
}
