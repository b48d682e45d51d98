package algorithm

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// p256 is P-256 as a Curve, so that this arithmetic can be held against the library's.
func p256() *Curve {
	p := elliptic.P256().Params()
	return &Curve{Name: "P-256", P: p.P, A: new(big.Int).Sub(p.P, big.NewInt(3)), B: p.B, X: p.Gx, Y: p.Gy, N: p.N}
}

func curves(t testing.TB) []*Curve {
	list := []*Curve{p256()}
	for i := range curveTable {
		c, ok := CurveByOID(curveTable[i].oid)
		require.True(t, ok)
		list = append(list, c)
	}
	return list
}

func curveNamed(t testing.TB, name string) *Curve {
	list := curves(t)
	i := slices.IndexFunc(list, func(c *Curve) bool { return c.Name == name })
	require.GreaterOrEqual(t, i, 0, name)
	return list[i]
}

// TestCurveParameters: what RFC 5639 §2.2 demands of the curves, so that no digit can be wrong.
func TestCurveParameters(t *testing.T) {
	bits := map[string]int{"P-256": 256, "brainpoolP256r1": 256, "brainpoolP384r1": 384, "brainpoolP512r1": 512, "secp256k1": 256, "P-192": 192}
	for _, c := range curves(t) {
		require.Equal(t, bits[c.Name], c.Bits())
		require.True(t, c.P.ProbablyPrime(32) && c.N.ProbablyPrime(32), c.Name)
		require.True(t, c.contains(c.X, c.Y), "%s: base point", c.Name)
		// 4a³ + 27b² is not 0.
		d := c.mul(big.NewInt(4), c.mul(c.A, c.mul(c.A, c.A)))
		d.Add(d, c.mul(big.NewInt(27), c.mul(c.B, c.B)))
		require.NotZero(t, d.Mod(d, c.P).Sign())
		// The order of the base point is n, and by Hasse's bound no multiple of n but n itself is that of the group.
		_, finite := c.combine(c.N, new(big.Int), affine(c.X, c.Y))
		require.False(t, finite, "%s: n·G", c.Name)
		x, finite := c.combine(new(big.Int).Sub(c.N, big.NewInt(1)), new(big.Int), affine(c.X, c.Y))
		require.True(t, finite)
		require.Equal(t, c.X, x, "(n-1)·G is -G")
		trace := new(big.Int).Sub(new(big.Int).Add(c.P, big.NewInt(1)), c.N)
		bound := new(big.Int).Lsh(c.P, 2)
		require.Negative(t, trace.Mul(trace, trace).Cmp(bound))
	}
	_, ok := CurveByOID(asn1.ObjectIdentifier{1, 3, 132, 0, 31})
	require.False(t, ok)
}

// TestCurveArithmetic: the special cases of addition, and sums of multiples of the base point.
func TestCurveArithmetic(t *testing.T) {
	for _, c := range curves(t) {
		g, infinity := affine(c.X, c.Y), point{big.NewInt(1), big.NewInt(1), new(big.Int)}
		minus := affine(c.X, new(big.Int).Sub(c.P, c.Y))
		require.Zero(t, c.add(g, minus).z.Sign())
		require.Zero(t, c.add(infinity, infinity).z.Sign())
		require.Zero(t, c.double(infinity).z.Sign())
		require.Equal(t, g, c.add(g, infinity))
		require.Equal(t, g, c.add(infinity, g))
		require.Equal(t, c.double(g), c.add(g, g))
		zero := new(big.Int)
		for range 5 {
			u, err := rand.Int(rand.Reader, c.N)
			require.NoError(t, err)
			v, err := rand.Int(rand.Reader, c.N)
			require.NoError(t, err)
			sum := new(big.Int).Add(u, new(big.Int).Mul(v, big.NewInt(2)))
			want, ok1 := c.combine(sum.Mod(sum, c.N), zero, g)
			got, ok2 := c.combine(u, v, c.double(g))
			require.True(t, ok1 && ok2)
			require.Equal(t, want, got)
			if c.Name == "P-256" {
				x, _ := elliptic.P256().ScalarBaseMult(sum.Bytes()) //nolint:staticcheck // an independent computation
				require.Equal(t, x, got)
			}
		}
	}
}

func TestParsePoint(t *testing.T) {
	for _, v := range curveVectors {
		c := curveNamed(t, v.curve)
		whole := unhex(t, v.point)
		size := (len(whole) - 1) / 2
		key, err := c.ParsePoint(whole)
		require.NoError(t, err)
		for _, first := range []byte{2, 3} {
			k, err := c.ParsePoint(append([]byte{first}, whole[1:1+size]...))
			require.NoError(t, err)
			require.Equal(t, key.X, k.X)
			require.Equal(t, first == 2|whole[len(whole)-1]&1, key.Y.Cmp(k.Y) == 0)
		}
		changed := func(f func(b []byte)) []byte {
			b := slices.Clone(whole)
			f(b)
			return b
		}
		over := new(big.Int).Add(key.X, c.P) // the same coordinate, not reduced
		for name, b := range map[string][]byte{
			"empty":         nil,
			"infinity":      {0},
			"too short":     whole[:2*size],
			"too long":      append(slices.Clone(whole), 0),
			"hybrid":        changed(func(b []byte) { b[0] = 6 }),
			"not on curve":  changed(func(b []byte) { b[2*size] ^= 1 }),
			"zeros":         changed(func(b []byte) { clear(b[1:]) }),
			"x over p":      changed(func(b []byte) { copy(b[1:1+size], slices.Repeat([]byte{0xff}, size)) }),
			"x of no point": append([]byte{2}, noPoint(c).FillBytes(make([]byte, size))...),
			"compressed, p": append([]byte{2}, c.P.FillBytes(make([]byte, size))...),
		} {
			_, err := c.ParsePoint(b)
			require.ErrorIs(t, err, ErrMalformed, name)
		}
		if over.BitLen() <= 8*size {
			_, err := c.ParsePoint(changed(func(b []byte) { over.FillBytes(b[1 : 1+size]) }))
			require.ErrorIs(t, err, ErrMalformed)
		}
	}
}

// noPoint returns the least x that no point has.
func noPoint(c *Curve) *big.Int {
	x := big.NewInt(1)
	for new(big.Int).ModSqrt(c.polynomial(x), c.P) != nil {
		x.Add(x, big.NewInt(1))
	}
	return x
}

// TestECKeyAgreesWithLibrary verifies what crypto/ecdsa signs, as the library does.
func TestECKeyAgreesWithLibrary(t *testing.T) {
	priv, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	public, err := priv.PublicKey.Bytes()
	require.NoError(t, err)
	key, err := p256().ParsePoint(public)
	require.NoError(t, err)
	for i := range 20 {
		digest := make([]byte, []int{20, 32, 64}[i%3])
		_, _ = rand.Read(digest)
		sig, err := ecdsa.SignASN1(rand.Reader, priv, digest)
		require.NoError(t, err)
		require.True(t, key.verify(digest, sig))
		digest[0] ^= 1
		require.False(t, key.verify(digest, sig))
	}
}
