package algorithm

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestIdentifierRoundTrip(t *testing.T) {
	hashes := []Hash{MD5, SHA1, SHA224, SHA256, SHA384, SHA512,
		SHA3_224, SHA3_256, SHA3_384, SHA3_512, SHA512_224, SHA512_256, RIPEMD160}
	list := []Signature{{Scheme: RSA}, {Scheme: Ed25519}, {Scheme: Ed448}, {Scheme: ECDSA, Hash: SHAKE256}, NewPSS(SHAKE256)}
	for _, h := range hashes {
		require.True(t, h.Available(), "%v", h)
		oid, ok := HashOID(h)
		require.True(t, ok)
		back, ok := HashByOID(oid)
		require.True(t, ok)
		require.Equal(t, h, back)
		list = append(list, Signature{Scheme: RSA, Hash: h}, NewPSS(h))
		if h != MD5 && h != SHA512_224 && h != SHA512_256 {
			list = append(list, Signature{Scheme: ECDSA, Hash: h})
			if h != RIPEMD160 {
				list = append(list, Signature{Scheme: DSA, Hash: h})
			}
			list = append(list, Signature{Scheme: PlainECDSA, Hash: h})
		}
	}
	for _, s := range list {
		id, err := s.Identifier()
		require.NoError(t, err, s)
		der, err := asn1.Marshal(id)
		require.NoError(t, err, s)
		var read pkix.AlgorithmIdentifier
		rest, err := asn1.Unmarshal(der, &read)
		require.NoError(t, err, s)
		require.Empty(t, rest)
		back, err := ParseSignature(read)
		require.NoError(t, err, s)
		require.Equal(t, s, back)
	}
}

func TestIdentifierDER(t *testing.T) {
	tests := []struct {
		s    Signature
		want string
	}{
		{Signature{Scheme: RSA}, "300d06092a864886f70d0101010500"},
		{Signature{Scheme: RSA, Hash: SHA256}, "300d06092a864886f70d01010b0500"},
		{Signature{Scheme: ECDSA, Hash: SHA384}, "300a06082a8648ce3d040303"},
		{Signature{Scheme: Ed25519}, "300506032b6570"},
		{NewPSS(SHA256), "304106092a864886f70d01010a3034a00f300d06096086480165030402010500" +
			"a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120"},
		{NewPSS(SHA1), "300d06092a864886f70d01010a3000"},
		{NewPSS(SHAKE256), "300a06082b0601050507061f"},
		{Signature{Scheme: ECDSA, Hash: SHAKE256}, "300a06082b06010505070621"},
		{Signature{Scheme: DSA, Hash: SHA256}, "300b0609608648016503040302"},
		{Signature{Scheme: PlainECDSA, Hash: SHA256}, "300c060a04007f00070101040103"},
		{Signature{Scheme: Ed448}, "300506032b6571"},
	}
	for _, tt := range tests {
		id, err := tt.s.Identifier()
		require.NoError(t, err)
		der, err := asn1.Marshal(id)
		require.NoError(t, err)
		require.Equal(t, tt.want, hexString(der), tt.s.String())
	}
}

func hexString(b []byte) string {
	const digits = "0123456789abcdef"
	var out []byte
	for _, c := range b {
		out = append(out, digits[c>>4], digits[c&15])
	}
	return string(out)
}

func TestParseSignatureRefuses(t *testing.T) {
	sha256, _ := HashOID(SHA256)
	octets := asn1.RawValue{Tag: asn1.TagOctetString, FullBytes: []byte{4, 1, 0}, Bytes: []byte{0}}
	pss := func(der ...byte) asn1.RawValue {
		return asn1.RawValue{Tag: asn1.TagSequence, IsCompound: true, FullBytes: der, Bytes: der}
	}
	plainSHA256 := asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 1, 1, 4, 1, 3}
	curve := asn1.RawValue{Tag: asn1.TagOID, FullBytes: []byte{6, 1, 42}, Bytes: []byte{42}}
	shakeOID, _ := HashOID(SHAKE256)
	shake, err := asn1.Marshal(pkix.AlgorithmIdentifier{Algorithm: shakeOID})
	require.NoError(t, err)
	require.Len(t, shake, 13)
	tests := []struct {
		name string
		id   pkix.AlgorithmIdentifier
		want error
	}{
		{"hash function", pkix.AlgorithmIdentifier{Algorithm: sha256}, ErrMalformed},
		{"a kind of key with octets", pkix.AlgorithmIdentifier{Algorithm: oidECPublicKey, Parameters: octets}, ErrMalformed},
		{"unknown", pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 3}}, ErrUnsupported},
		{"empty", pkix.AlgorithmIdentifier{}, ErrUnsupported},
		{"RSA with parameters", pkix.AlgorithmIdentifier{Algorithm: signatureTable[0].oid, Parameters: octets}, ErrMalformed},
		{"Ed25519 with parameters", pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 3, 101, 112}, Parameters: octets}, ErrMalformed},
		{"Ed448 with parameters", pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 3, 101, 113}, Parameters: octets}, ErrMalformed},
		{"DSA with parameters", pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 2}, Parameters: octets}, ErrMalformed},
		{"plain ECDSA with octets", pkix.AlgorithmIdentifier{Algorithm: plainSHA256, Parameters: octets}, ErrMalformed},
		{"ECDSA with a curve", pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}, Parameters: curve}, ErrMalformed},
		{"PSS-SHAKE256 with NULL", pkix.AlgorithmIdentifier{Algorithm: oidPSSSHAKE256, Parameters: null()}, ErrMalformed},
		{"PSS with SHAKE256 as hash", pkix.AlgorithmIdentifier{Algorithm: oidRSAPSS, Parameters: pss(append([]byte{0x30, 15, 0xa0, 13}, shake...)...)}, ErrUnsupported},
		{"PSS without parameters", pkix.AlgorithmIdentifier{Algorithm: oidRSAPSS}, ErrMalformed},
		{"PSS with NULL", pkix.AlgorithmIdentifier{Algorithm: oidRSAPSS, Parameters: null()}, ErrMalformed},
		{"PSS trailer 2", pkix.AlgorithmIdentifier{Algorithm: oidRSAPSS, Parameters: pss(0x30, 5, 0xa3, 3, 2, 1, 2)}, ErrMalformed},
		{"PSS negative salt", pkix.AlgorithmIdentifier{Algorithm: oidRSAPSS, Parameters: pss(0x30, 5, 0xa2, 3, 2, 1, 0xff)}, ErrMalformed},
		{"PSS salt at the limit and one over", pkix.AlgorithmIdentifier{Algorithm: oidRSAPSS, Parameters: pss(0x30, 6, 0xa2, 4, 2, 2, 0x08, 0x01)}, ErrMalformed},
		{"PSS trailing field", pkix.AlgorithmIdentifier{Algorithm: oidRSAPSS, Parameters: pss(0x30, 2, 5, 0)}, ErrMalformed},
		{"PSS hash unknown", pkix.AlgorithmIdentifier{Algorithm: oidRSAPSS, Parameters: pss(0x30, 8, 0xa0, 6, 0x30, 4, 6, 2, 0x2a, 3)}, ErrUnsupported},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParseSignature(tt.id)
			require.ErrorIs(t, err, tt.want)
		})
	}
	_, err = ParseSignature(pkix.AlgorithmIdentifier{Algorithm: plainSHA256, Parameters: curve})
	require.NoError(t, err, "some signers name the curve")
	for _, p := range []asn1.RawValue{{}, null(), curve} {
		got, err := ParseSignature(pkix.AlgorithmIdentifier{Algorithm: oidECPublicKey, Parameters: p})
		require.NoError(t, err)
		require.Equal(t, Signature{Scheme: ECDSA}, got, "the hash function is told elsewhere")
	}
	_, err = ParseSignature(pkix.AlgorithmIdentifier{Algorithm: oidRSAPSS, Parameters: pss(0x30, 6, 0xa2, 4, 2, 2, 0x08, 0x00)})
	require.NoError(t, err, "salt of %d bytes", maxSaltLength)
	for _, tolerated := range []asn1.ObjectIdentifier{{1, 3, 101, 112}, {1, 2, 840, 10045, 4, 3, 2}, {1, 2, 840, 10045, 4}} {
		_, err := ParseSignature(pkix.AlgorithmIdentifier{Algorithm: tolerated, Parameters: null()})
		require.NoError(t, err)
	}
}

func TestVerifyMessage(t *testing.T) {
	rsaPriv, err := rsa.GenerateKey(rand.Reader, 1024)
	require.NoError(t, err)
	_, edPriv, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	message := []byte("the message")
	type key struct {
		s    Signature
		priv crypto.Signer
		opts crypto.SignerOpts
	}
	keys := []key{{Signature{Scheme: Ed25519}, edPriv, crypto.Hash(0)}}
	for _, h := range []Hash{SHA1, SHA256, SHA384, SHA3_256} {
		keys = append(keys, key{Signature{Scheme: RSA, Hash: h}, rsaPriv, h.Crypto()})
		keys = append(keys, key{NewPSS(h), rsaPriv, &rsa.PSSOptions{SaltLength: h.Size(), Hash: h.Crypto()}})
		for _, c := range []elliptic.Curve{elliptic.P224(), elliptic.P256(), elliptic.P384(), elliptic.P521()} {
			priv, err := ecdsa.GenerateKey(c, rand.Reader)
			require.NoError(t, err)
			keys = append(keys, key{Signature{Scheme: ECDSA, Hash: h}, priv, h.Crypto()})
		}
	}
	for _, k := range keys {
		sig, err := crypto.SignMessage(k.priv, rand.Reader, message, k.opts)
		require.NoError(t, err)
		require.NoError(t, VerifyMessage(k.priv.Public(), k.s, message, sig), k.s.String())
		require.ErrorIs(t, VerifyMessage(k.priv.Public(), k.s, []byte("another"), sig), ErrSignature)
		bad := append([]byte(nil), sig...)
		bad[len(bad)-1] ^= 1
		require.ErrorIs(t, VerifyMessage(k.priv.Public(), k.s, message, bad), ErrSignature)
		require.ErrorIs(t, VerifyMessage(k.priv.Public(), k.s, message, nil), ErrSignature)
		require.ErrorIs(t, VerifyMessage(nil, k.s, message, sig), ErrKeyMismatch)
		require.ErrorIs(t, VerifyMessage(struct{}{}, k.s, message, sig), ErrKeyMismatch)
	}
	require.ErrorIs(t, VerifyMessage(edPriv.Public(), Signature{}, message, nil), ErrUnsupported)
	require.ErrorIs(t, VerifyDigest(edPriv.Public(), Signature{Scheme: Ed25519}, message, nil), ErrUnsupported)
	require.ErrorIs(t, VerifyDigest(rsaPriv.Public(), Signature{Scheme: RSA, Hash: SHA256}, message, nil), ErrSignature)
}

// TestPSSParametersAreExact: a salt length or mask hash other than the stated one never verifies, with the library's
// decoding and with our own.
func TestPSSParametersAreExact(t *testing.T) {
	for _, bits := range []int{1024, 1025, 1031} {
		priv, err := rsa.GenerateKey(rand.Reader, bits)
		require.NoError(t, err)
		digest := make([]byte, 32)
		for _, salt := range []int{0, 1, 20, 32} {
			s := NewPSS(SHA256)
			s.PSS.SaltLength = salt
			em, err := pssEncode(priv, digest, s)
			require.NoError(t, err)
			require.NoError(t, VerifyDigest(&priv.PublicKey, s, digest, em), "%d bits, salt %d", bits, salt)
			for _, other := range []int{0, 1, 20, 32, 33} {
				o := NewPSS(SHA256)
				o.PSS.SaltLength = other
				if other != salt {
					require.ErrorIs(t, VerifyDigest(&priv.PublicKey, o, digest, em), ErrSignature, "%d as %d", salt, other)
				}
			}
			m := NewPSS(SHA256)
			m.PSS.SaltLength, m.PSS.MGFHash = salt, SHA1
			require.ErrorIs(t, VerifyDigest(&priv.PublicKey, m, digest, em), ErrSignature)
			mixed, err := pssEncode(priv, digest, m)
			require.NoError(t, err)
			require.NoError(t, VerifyDigest(&priv.PublicKey, m, digest, mixed))
			require.ErrorIs(t, VerifyDigest(&priv.PublicKey, s, digest, mixed), ErrSignature)
		}
	}
}

// pssEncode is EMSA-PSS-ENCODE and RSASP1 (RFC 8017 §9.1.1, §5.2.1) for tests: crypto/rsa cannot make these variants.
func pssEncode(priv *rsa.PrivateKey, digest []byte, s Signature) ([]byte, error) {
	emBits := priv.N.BitLen() - 1
	emLen, hLen := (emBits+7)/8, s.Hash.Size()
	salt := make([]byte, s.PSS.SaltLength)
	_, _ = rand.Read(salt)
	w := s.Hash.New()
	w.Write(make([]byte, 8))
	w.Write(digest)
	w.Write(salt)
	h := w.Sum(nil)
	em := make([]byte, emLen)
	db := em[:emLen-hLen-1]
	db[len(db)-len(salt)-1] = 1
	copy(db[len(db)-len(salt):], salt)
	xorMask(db, s.PSS.MGFHash, h)
	db[0] &= 0xff >> (8*emLen - emBits)
	copy(em[len(db):], h)
	em[emLen-1] = 0xbc
	v := new(big.Int).SetBytes(em)
	v.Exp(v, priv.D, priv.N)
	return v.FillBytes(make([]byte, priv.Size())), nil
}

// TestRSAOutsideTheLibrary verifies with keys that crypto/rsa refuses: short ones and such with a large exponent.
func TestRSAOutsideTheLibrary(t *testing.T) {
	large, err := rsa.GenerateKey(rand.Reader, 1024)
	require.NoError(t, err)
	phi := new(big.Int).Mul(new(big.Int).Sub(large.Primes[0], big.NewInt(1)), new(big.Int).Sub(large.Primes[1], big.NewInt(1)))
	e := big.NewInt(0x875d8fa3)
	d := new(big.Int).ModInverse(e, phi)
	for d == nil {
		e.Add(e, big.NewInt(2))
		d = new(big.Int).ModInverse(e, phi)
	}
	p, _ := rand.Prime(rand.Reader, 300)
	q, _ := rand.Prime(rand.Reader, 301)
	short := &rsa.PublicKey{N: new(big.Int).Mul(p, q), E: 65537}
	shortD := new(big.Int).ModInverse(big.NewInt(65537), new(big.Int).Mul(new(big.Int).Sub(p, big.NewInt(1)), new(big.Int).Sub(q, big.NewInt(1))))
	require.NotNil(t, shortD)
	for _, k := range []struct {
		pub  crypto.PublicKey
		n, d *big.Int
	}{{&RSAKey{N: large.N, E: e}, large.N, d}, {short, short.N, shortD}} {
		digest := make([]byte, 32)
		s := Signature{Scheme: RSA, Hash: SHA256}
		info := append([]byte{0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20}, digest...)
		size := (k.n.BitLen() + 7) / 8
		em := make([]byte, size)
		em[1] = 1
		for i := 2; i < size-len(info)-1; i++ {
			em[i] = 0xff
		}
		copy(em[size-len(info):], info)
		sig := raise(em, k.d, k.n)
		require.NoError(t, VerifyDigest(k.pub, s, digest, sig))
		for i := range em[2:] { // no byte of the encoding may differ
			em[2+i] ^= 1
			require.ErrorIs(t, VerifyDigest(k.pub, s, digest, raise(em, k.d, k.n)), ErrSignature)
			em[2+i] ^= 1
		}
		digest[0] = 1
		require.ErrorIs(t, VerifyDigest(k.pub, s, digest, sig), ErrSignature)
		require.ErrorIs(t, VerifyDigest(k.pub, s, digest, sig[1:]), ErrSignature)
		require.ErrorIs(t, VerifyDigest(k.pub, s, digest, k.n.FillBytes(make([]byte, size))), ErrSignature)
		require.NotZero(t, KeyBits(k.pub))
		require.NotEmpty(t, Weak(s, k.pub))
	}
}

func raise(em []byte, d, n *big.Int) []byte {
	v := new(big.Int).SetBytes(em)
	return v.Exp(v, d, n).FillBytes(make([]byte, len(em)))
}

func TestRSAKeyLimits(t *testing.T) {
	odd := func(bits int) *big.Int {
		n := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
		return n.SetBit(n, 0, 1)
	}
	key := func(bits, e int) *rsa.PublicKey { return &rsa.PublicKey{N: odd(bits), E: e} }
	s := Signature{Scheme: RSA, Hash: SHA256}
	digest := make([]byte, 32)
	require.ErrorIs(t, VerifyDigest(key(maxRSABits, 3), s, digest, make([]byte, maxRSABits/8)), ErrSignature)
	require.ErrorIs(t, VerifyDigest(key(maxRSABits+1, 3), s, digest, nil), ErrUnsupported)
	require.ErrorIs(t, VerifyDigest(&RSAKey{odd(2048), odd(maxRSAExponentBits)}, s, digest, make([]byte, 256)), ErrSignature)
	require.ErrorIs(t, VerifyDigest(&RSAKey{odd(2048), odd(maxRSAExponentBits + 1)}, s, digest, make([]byte, 256)), ErrUnsupported)
	start := time.Now()
	require.ErrorIs(t, VerifyDigest(&RSAKey{odd(maxRSAExponentModulus), odd(maxRSAExponentBits)}, s, digest, make([]byte, maxRSAExponentModulus/8)), ErrSignature)
	require.Less(t, time.Since(start), time.Second)
	require.ErrorIs(t, VerifyDigest(&RSAKey{odd(maxRSAExponentModulus + 1), odd(maxRSAExponentBits)}, s, digest, nil), ErrUnsupported)
	require.ErrorIs(t, VerifyDigest(key(maxRSAExponentModulus+1, maxLibraryExponent), s, digest, nil), ErrSignature)
	require.ErrorIs(t, VerifyDigest(key(2048, 1), s, digest, nil), ErrMalformed)
	require.ErrorIs(t, VerifyDigest(key(2048, 4), s, digest, nil), ErrMalformed)
	require.ErrorIs(t, VerifyDigest(key(2048, -3), s, digest, nil), ErrMalformed)
	require.ErrorIs(t, VerifyDigest(&rsa.PublicKey{}, s, digest, nil), ErrKeyMismatch)
	require.ErrorIs(t, VerifyDigest(&RSAKey{}, s, digest, nil), ErrKeyMismatch)
}

func TestWeak(t *testing.T) {
	names := func(s Signature, bits int) (list []string) {
		n := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
		for _, w := range Weak(s, &rsa.PublicKey{N: n, E: 65537}) {
			require.False(t, w.Until.IsZero())
			if w.Named {
				list = append(list, w.Name)
			}
		}
		return list
	}
	require.Empty(t, names(Signature{Scheme: RSA, Hash: SHA256}, 2048))
	require.Equal(t, []string{"SHA-1"}, names(Signature{Scheme: RSA, Hash: SHA1}, 2048))
	require.Equal(t, []string{"SHA-224", "RSA with 1024 bits"}, names(Signature{Scheme: RSA, Hash: SHA224}, 1024))
	require.Equal(t, []string{"MD5", "RSA with 1023 bits"}, names(Signature{Scheme: RSA, Hash: MD5}, 1023))
	require.Len(t, Weak(Signature{Scheme: RSA, Hash: SHA256}, &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 4095)}), 1)
	require.Empty(t, Weak(NewPSS(SHA256), &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 4095)}))
	mixed := NewPSS(SHA256)
	mixed.PSS.MGFHash = SHA1
	require.Len(t, Weak(mixed, nil), 1)

	first := readDSA(t, dsaVectors[0].key)
	require.Equal(t, 1024, KeyBits(first))
	require.Len(t, Weak(Signature{Scheme: DSA, Hash: RIPEMD160}, first), 2)
	for bits, want := range map[int]string{1023: "2004", 1024: "2012", 1899: "2012", 1900: "2029", 2999: "2029", 3000: ""} {
		w, weak := WeakKey(DSA, &DSAKey{P: new(big.Int).Lsh(big.NewInt(1), uint(bits-1))})
		require.Equal(t, want != "", weak, bits)
		if weak {
			require.True(t, w.Named)
			require.Equal(t, want, w.Until.Format("2006"))
		}
	}
	for _, key := range []crypto.PublicKey{(*ECKey)(nil), &ECKey{}, (*DSAKey)(nil), &DSAKey{}} {
		require.Zero(t, KeyBits(key))
	}
}

// TestRSAWithRIPEMD160: a signature of OpenSSL. crypto/rsa knows that hash function by an identifier of ISO that nobody uses.
func TestRSAWithRIPEMD160(t *testing.T) {
	n := new(big.Int).SetBytes(unhex(t, "f52afd335d378fcb7a0718cc3b524954975fba92dddf6118e16529201a3e2954983d023456ac999cd033cd8234efb47fcbda0eb23cb6f4"+
		"8801179f9a546052447ae61760d4e8f1544c78a807fbaf11bc68cb396ca9ae343b12457e5afeb67738ca5c1ed489d36484036f65741422"+
		"d75ea80b9f4cb0bdb306d4085e0d748ba3cb"))
	sig := unhex(t, "3c5b00d70d7a0857ea1fc60d67c2f73853f7b828a0dd43d14b39798735d4cf689722038c0aba76fe837b70e9d9c4cd6508fab172d4fdc9"+
		"c9b12e7da74dcdb08eca017d9b6f7ce5d9dfae96b7f31d622bb0cc2d6e8d8768d8ba3748e33c28eca53380bb68c2fd2aae3c6b366bd808"+
		"18079a7b9f9aef1b4947f58ac68ccb36075e")
	algorithm := Signature{Scheme: RSA, Hash: RIPEMD160}
	require.NoError(t, VerifyMessage(&rsa.PublicKey{N: n, E: 65537}, algorithm, []byte(vectorMessage), sig))
	require.ErrorIs(t, VerifyMessage(&rsa.PublicKey{N: n, E: 65537}, algorithm, []byte("another"), sig), ErrSignature)
}

// TestPSSWithSHAKE256: RFC 8702 §3.2.1 by the encoder of these tests, and the same value with MGF1 refused.
func TestPSSWithSHAKE256(t *testing.T) {
	priv, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	s, digest := NewPSS(SHAKE256), SHAKE256.Sum([]byte(vectorMessage))
	em, err := pssEncode(priv, digest, s)
	require.NoError(t, err)
	require.NoError(t, VerifyDigest(&priv.PublicKey, s, digest, em))
	require.ErrorIs(t, VerifyMessage(&priv.PublicKey, s, []byte("another"), em), ErrSignature)
	raw, err := rsa.SignPKCS1v15(nil, priv, 0, digest)
	require.NoError(t, err)
	require.ErrorIs(t, VerifyDigest(&priv.PublicKey, Signature{Scheme: RSA, Hash: SHAKE256}, digest, raw), ErrUnsupported)
	masked := NewPSS(SHAKE256)
	masked.PSS.MGFHash = SHA3_512
	require.ErrorIs(t, VerifyDigest(&priv.PublicKey, masked, digest, em), ErrSignature)
	_, err = masked.Identifier()
	require.ErrorIs(t, err, ErrUnsupported)
}

func TestCheckRestriction(t *testing.T) {
	rsaKey := pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}, Parameters: null()}
	free := pkix.AlgorithmIdentifier{Algorithm: oidRSAPSS}
	demand := func(h, mgf Hash, salt int) pkix.AlgorithmIdentifier {
		id, err := Signature{Scheme: RSAPSS, Hash: h, PSS: &PSSParams{MGFHash: mgf, SaltLength: salt, TrailerField: 1}}.Identifier()
		require.NoError(t, err)
		return id
	}
	made := NewPSS(SHA256)
	for _, tt := range []struct {
		name string
		key  pkix.AlgorithmIdentifier
		made Signature
		want error
	}{
		{"ordinary key, PKCS #1", rsaKey, Signature{Scheme: RSA, Hash: SHA256}, nil},
		{"ordinary key, PSS", rsaKey, made, nil},
		{"restricted, PKCS #1", free, Signature{Scheme: RSA, Hash: SHA256}, ErrKeyMismatch},
		{"restricted without parameters", free, made, nil},
		{"PSS without parameters", free, Signature{Scheme: RSAPSS, Hash: SHA256}, ErrKeyMismatch},
		{"the same", demand(SHA256, SHA256, 32), made, nil},
		{"longer salt than demanded", demand(SHA256, SHA256, 31), made, nil},
		{"shorter salt", demand(SHA256, SHA256, 33), made, ErrKeyMismatch},
		{"other hash", demand(SHA384, SHA256, 32), made, ErrKeyMismatch},
		{"other mask", demand(SHA256, SHA1, 32), made, ErrKeyMismatch},
		{"defaults", demand(SHA1, SHA1, 20), made, ErrKeyMismatch},
		{"NULL", pkix.AlgorithmIdentifier{Algorithm: oidRSAPSS, Parameters: null()}, made, ErrMalformed},
	} {
		err := CheckRestriction(tt.key, tt.made)
		if tt.want == nil {
			require.NoError(t, err, tt.name)
			continue
		}
		require.ErrorIs(t, err, tt.want, tt.name)
	}
}
