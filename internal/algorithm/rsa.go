package algorithm

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha3"
	"fmt"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// RSAKey is an RSA public key that crypto/rsa does not take, for verifying only: its exponent has more than 31 bits.
// It is never changed.
type RSAKey struct{ N, E *big.Int }

// minLibraryBits is the shortest modulus that crypto/rsa verifies with, maxLibraryExponent its largest exponent.
const (
	minLibraryBits     = 1024
	maxLibraryExponent = 1<<31 - 1
)

// verifyRSA verifies with crypto/rsa where it can: it refuses short moduli and large exponents, takes one hash function
// for both uses of RSA-PSS, and reads a salt length of 0 as "any". Signatures of those kinds are decoded here.
func verifyRSA(pub crypto.PublicKey, s Signature, digest, sig []byte) error {
	key, library, err := rsaKey(pub)
	if err != nil {
		return err
	}
	if s.Scheme == RSAPSS && (s.PSS == nil || !s.PSS.MGFHash.Available()) {
		return fmt.Errorf("algorithm: RSA-PSS without known parameters: %w", ErrUnsupported)
	}
	if s.Scheme == RSA && s.Hash.Crypto() == 0 { // crypto/rsa would take 0 for a digest without a name
		return fmt.Errorf("algorithm: %s is %w", s, ErrUnsupported)
	}
	ok := false
	switch {
	case s.Scheme == RSA && library != nil && s.Hash != RIPEMD160: // of which crypto/rsa has another identifier
		ok = rsa.VerifyPKCS1v15(library, s.Hash.Crypto(), digest, sig) == nil
	case s.Scheme == RSAPSS && library != nil && s.PSS.MGFHash == s.Hash && s.Hash != SHAKE256 && s.PSS.SaltLength > 0:
		ok = rsa.VerifyPSS(library, s.Hash.Crypto(), digest, sig, &rsa.PSSOptions{SaltLength: s.PSS.SaltLength}) == nil
	default:
		em, err := key.open(sig)
		switch {
		case err != nil:
		case s.Scheme == RSA:
			ok = pkcs1Consistent(em, s.Hash, digest)
		default:
			ok = pssConsistent(em, key.N.BitLen()-1, digest, s)
		}
	}
	if !ok {
		return fmt.Errorf("algorithm: %s: %w", s, ErrSignature)
	}
	return nil
}

// rsaKey refuses keys that are impossible or would take unbounded time. library is nil when crypto/rsa does not take the key.
func rsaKey(pub crypto.PublicKey) (key *RSAKey, library *rsa.PublicKey, err error) {
	switch k := pub.(type) {
	case *rsa.PublicKey:
		if k != nil && k.N != nil {
			key, library = &RSAKey{N: k.N, E: big.NewInt(int64(k.E))}, k
		}
	case *RSAKey:
		key = k
	}
	if key == nil || key.N == nil || key.E == nil {
		return nil, nil, fmt.Errorf("algorithm: RSA with a %T: %w", pub, ErrKeyMismatch)
	}
	n, e := key.N.BitLen(), key.E.BitLen()
	if n > maxRSABits || e > maxRSAExponentBits {
		return nil, nil, fmt.Errorf("algorithm: RSA key with modulus of %d and exponent of %d bits, more than %d and %d: %w",
			n, e, maxRSABits, maxRSAExponentBits, ErrUnsupported)
	}
	if key.E.Cmp(big.NewInt(maxLibraryExponent)) > 0 && n > maxRSAExponentModulus {
		return nil, nil, fmt.Errorf("algorithm: RSA key with an exponent of %d bits, and a modulus of %d, more than %d: %w",
			e, n, maxRSAExponentModulus, ErrUnsupported)
	}
	if key.N.Sign() <= 0 || key.N.Bit(0) == 0 || key.E.Sign() <= 0 || key.E.Bit(0) == 0 || key.E.BitLen() == 1 {
		return nil, nil, fmt.Errorf("algorithm: RSA key with an impossible modulus or exponent: %w", ErrMalformed)
	}
	if library != nil && (key.N.BitLen() < minLibraryBits || int64(library.E) > maxLibraryExponent) {
		library = nil
	}
	return key, library, nil
}

// open is RSAVP1 with I2OSP to the length of the modulus (RFC 8017 §5.2.2, §4.1).
func (key *RSAKey) open(sig []byte) ([]byte, error) {
	size := (key.N.BitLen() + 7) / 8
	if len(sig) != size {
		return nil, ErrSignature
	}
	v := new(big.Int).SetBytes(sig)
	if v.Cmp(key.N) >= 0 {
		return nil, ErrSignature
	}
	v.Exp(v, key.E, key.N)
	return v.FillBytes(make([]byte, size)), nil
}

// HashOfPKCS1 returns the hash function that an RSASSA-PKCS1-v1_5 signature names under the key; whether it holds for a
// digest is for VerifyDigest. Errors are those of VerifyDigest.
func HashOfPKCS1(pub crypto.PublicKey, sig []byte) (Hash, error) {
	key, _, err := rsaKey(pub)
	if err != nil {
		return 0, err
	}
	em, err := key.open(sig)
	if err != nil {
		return 0, fmt.Errorf("algorithm: RSA: %w", err)
	}
	for i := range hashTable {
		h := hashTable[i].hash
		if n := len(em) - h.Size(); h != SHAKE256 && n > 0 && pkcs1Consistent(em, h, em[n:]) {
			return h, nil
		}
	}
	return 0, fmt.Errorf("algorithm: RSA: no known hash function is named: %w", ErrSignature)
}

// pkcs1Consistent compares em with EMSA-PKCS1-v1_5 of the digest (RFC 8017 §9.2), built anew: nothing in em is parsed.
func pkcs1Consistent(em []byte, h Hash, digest []byte) bool {
	oid, known := HashOID(h)
	if !known {
		return false
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		addHash(b, oid)
		b.AddASN1OctetString(digest)
	})
	info, err := b.Bytes()
	padding := len(em) - len(info) - 3
	if err != nil || padding < 8 {
		return false
	}
	want := append([]byte{0, 1}, bytes.Repeat([]byte{0xff}, padding)...)
	return bytes.Equal(em, append(append(want, 0), info...))
}

// pssConsistent is EMSA-PSS-VERIFY (RFC 8017 §9.1.2) with MGF1 of its own hash function.
func pssConsistent(em []byte, emBits int, digest []byte, s Signature) bool {
	emLen := (emBits + 7) / 8
	if len(em) > emLen { // a modulus of 8k+1 bits: the first byte is outside the encoded message
		if em[0] != 0 {
			return false
		}
		em = em[1:]
	}
	hLen, sLen := s.Hash.Size(), s.PSS.SaltLength
	if emLen < hLen+sLen+2 || em[emLen-1] != 0xbc {
		return false
	}
	db, h := em[:emLen-hLen-1], em[emLen-hLen-1:emLen-1]
	unused := 8*emLen - emBits
	if db[0]>>(8-unused) != 0 {
		return false
	}
	xorMask(db, s.PSS.MGFHash, h)
	db[0] &= 0xff >> unused
	padding := len(db) - sLen - 1
	for _, b := range db[:padding] {
		if b != 0 {
			return false
		}
	}
	if db[padding] != 1 {
		return false
	}
	w := s.Hash.New()
	w.Write(make([]byte, 8))
	w.Write(digest)
	w.Write(db[padding+1:])
	return bytes.Equal(w.Sum(nil), h)
}

// xorMask masks out with MGF1(seed) (RFC 8017 §B.2.1), or with the output of SHAKE256 (RFC 8702 §3.2.1).
func xorMask(out []byte, hash Hash, seed []byte) {
	if hash == SHAKE256 {
		for i, b := range sha3.SumSHAKE256(seed, len(out)) {
			out[i] ^= b
		}
		return
	}
	h := hash.New()
	var counter [4]byte
	for n := 0; n < len(out); {
		h.Reset()
		h.Write(seed)
		h.Write(counter[:])
		for _, b := range h.Sum(nil) {
			if n == len(out) {
				return
			}
			out[n] ^= b
			n++
		}
		for i := 3; i >= 0; i-- {
			if counter[i]++; counter[i] != 0 {
				break
			}
		}
	}
}
