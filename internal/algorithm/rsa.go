package algorithm

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"fmt"
	"math/big"
)

// minLibraryBits is the shortest modulus that crypto/rsa verifies with.
const minLibraryBits = 1024

// verifyPKCS1 is RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.2).
func verifyPKCS1(key *rsa.PublicKey, h crypto.Hash, digest, sig []byte) error {
	if key.N.BitLen() < minLibraryBits {
		return fmt.Errorf("algorithm: RSA key of %d bits is %w", key.N.BitLen(), ErrUnsupported)
	}
	if rsa.VerifyPKCS1v15(key, h, digest, sig) != nil {
		return fmt.Errorf("algorithm: RSA with %s: %w", HashName(h), ErrSignature)
	}
	return nil
}

// verifyPSS is RSASSA-PSS (RFC 8017 §8.1.2). crypto/rsa takes one hash function for both uses and reads a salt length
// of 0 as "any"; signatures that say otherwise are decoded here.
func verifyPSS(key *rsa.PublicKey, s Signature, digest, sig []byte) error {
	if s.PSS == nil || !s.PSS.MGFHash.Available() {
		return fmt.Errorf("algorithm: RSA-PSS without known parameters: %w", ErrUnsupported)
	}
	if key.N.BitLen() < minLibraryBits {
		return fmt.Errorf("algorithm: RSA key of %d bits is %w", key.N.BitLen(), ErrUnsupported)
	}
	ok := false
	if s.PSS.MGFHash == s.Hash && s.PSS.SaltLength > 0 {
		ok = rsa.VerifyPSS(key, s.Hash, digest, sig, &rsa.PSSOptions{SaltLength: s.PSS.SaltLength}) == nil
	} else if em, err := publicOperation(key, sig); err == nil {
		ok = pssConsistent(em, key.N.BitLen()-1, digest, s)
	}
	if !ok {
		return fmt.Errorf("algorithm: RSA-PSS with %s: %w", HashName(s.Hash), ErrSignature)
	}
	return nil
}

// publicOperation is RSAVP1 with I2OSP to the length of the modulus (RFC 8017 §5.2.2, §4.1).
func publicOperation(key *rsa.PublicKey, sig []byte) ([]byte, error) {
	if len(sig) != key.Size() {
		return nil, ErrSignature
	}
	v := new(big.Int).SetBytes(sig)
	if v.Cmp(key.N) >= 0 {
		return nil, ErrSignature
	}
	v.Exp(v, big.NewInt(int64(key.E)), key.N)
	return v.FillBytes(make([]byte, key.Size())), nil
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
	xorMGF1(db, s.PSS.MGFHash, h)
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

// xorMGF1 masks out with MGF1(seed) (RFC 8017 §B.2.1).
func xorMGF1(out []byte, hash crypto.Hash, seed []byte) {
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
