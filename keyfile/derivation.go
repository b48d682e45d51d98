package keyfile

import (
	"crypto/md5" //nolint:gosec // keys were encrypted with it
	"crypto/pbkdf2"
	"crypto/sha1" //nolint:gosec // keys are encrypted with it
	"crypto/sha256"
	"crypto/sha512"
	"encoding/asn1"
	"fmt"
	"hash"
	"unicode/utf16"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
	"golang.org/x/crypto/scrypt"
)

// pbes2 is the scheme of today (RFC 8018, 6.2): a key derivation and a cipher that are
// chosen apart.
func pbes2(parameters cryptobyte.String, password string) (c blockCipher, key, vector []byte, err error) {
	var sequence, derivation, encryption, iv cryptobyte.String
	var how, with asn1.ObjectIdentifier
	if !parameters.ReadASN1(&sequence, cbasn1.SEQUENCE) || !parameters.Empty() ||
		!readAlgorithm(&sequence, &how, &derivation) || !readAlgorithm(&sequence, &with, &encryption) {
		return c, nil, nil, errDamaged
	}
	if c, err = blockCipherFor(with); err != nil {
		return c, nil, nil, err
	}
	if !encryption.ReadASN1(&iv, cbasn1.OCTET_STRING) {
		return c, nil, nil, errDamaged
	}
	switch how.String() {
	case "1.2.840.113549.1.5.12":
		key, err = derivePBKDF2(derivation, password, c.keySize)
	case "1.3.6.1.4.1.11591.4.11":
		key, err = deriveScrypt(derivation, password, c.keySize)
	default:
		err = fmt.Errorf("%w: key derivation %v; PBKDF2 and scrypt are", ErrUnsupported, how)
	}
	return c, key, iv, err
}

// derivePBKDF2 reads PBKDF2-params (RFC 8018, A.2).
func derivePBKDF2(parameters cryptobyte.String, password string, size int) ([]byte, error) {
	var sequence, salt, prf cryptobyte.String
	var iterations int
	if !parameters.ReadASN1(&sequence, cbasn1.SEQUENCE) || !sequence.ReadASN1(&salt, cbasn1.OCTET_STRING) || !sequence.ReadASN1Integer(&iterations) {
		return nil, errDamaged
	}
	if err := checkIterations(iterations); err != nil {
		return nil, err
	}
	if sequence.PeekASN1Tag(cbasn1.INTEGER) {
		if length := 0; !sequence.ReadASN1Integer(&length) || length != size {
			return nil, errDamaged
		}
	}
	function := sha1.New
	if !sequence.Empty() {
		var id asn1.ObjectIdentifier
		if !readAlgorithm(&sequence, &id, &prf) {
			return nil, errDamaged
		}
		switch id.String() {
		case "1.2.840.113549.2.7":
		case "1.2.840.113549.2.8":
			function = sha256.New224
		case "1.2.840.113549.2.9":
			function = sha256.New
		case "1.2.840.113549.2.10":
			function = sha512.New384
		case "1.2.840.113549.2.11":
			function = sha512.New
		default:
			return nil, fmt.Errorf("%w: PBKDF2 with %v; HMAC with SHA-1 or SHA-2 is", ErrUnsupported, id)
		}
	}
	key, err := pbkdf2.Key(function, password, salt, iterations, size)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	return key, nil
}

// deriveScrypt reads scrypt-params (RFC 7914, 7.1).
func deriveScrypt(parameters cryptobyte.String, password string, size int) ([]byte, error) {
	var sequence, salt cryptobyte.String
	var cost, block, lanes int
	if !parameters.ReadASN1(&sequence, cbasn1.SEQUENCE) || !sequence.ReadASN1(&salt, cbasn1.OCTET_STRING) ||
		!sequence.ReadASN1Integer(&cost) || !sequence.ReadASN1Integer(&block) || !sequence.ReadASN1Integer(&lanes) {
		return nil, errDamaged
	}
	if err := checkScrypt(cost, block, lanes); err != nil {
		return nil, err
	}
	key, err := scrypt.Key([]byte(password), salt, cost, block, lanes, size)
	if err != nil {
		return nil, errDamaged
	}
	return key, nil
}

func checkScrypt(cost, block, lanes int) error {
	switch {
	case cost < 2 || block < 1 || lanes < 1:
		return errDamaged
	case cost > maxScryptBlocks/block || lanes > maxScryptLanes:
		return fmt.Errorf("keyfile: scrypt with cost %d and block size %d, %d times, asks for more than %d blocks, or more than %d times",
			cost, block, lanes, maxScryptBlocks, maxScryptLanes)
	}
	return nil
}

// readPBE reads the salt and the iterations of the older schemes (RFC 8018, A.3;
// RFC 7292, C).
func readPBE(parameters cryptobyte.String) (salt []byte, iterations int, err error) {
	var sequence, octets cryptobyte.String
	if !parameters.ReadASN1(&sequence, cbasn1.SEQUENCE) || !sequence.ReadASN1(&octets, cbasn1.OCTET_STRING) ||
		!sequence.ReadASN1Integer(&iterations) || !sequence.Empty() || len(octets) == 0 {
		return nil, 0, errDamaged
	}
	return octets, iterations, checkIterations(iterations)
}

func checkIterations(n int) error {
	switch {
	case n < 1:
		return errDamaged
	case n > maxIterations:
		return fmt.Errorf("keyfile: the password is to be hashed %d times, more than %d", n, maxIterations)
	}
	return nil
}

// pbes1 is DES with MD5 or SHA-1 (RFC 8018, 6.1).
func pbes1(scheme asn1.ObjectIdentifier, parameters cryptobyte.String, password string) (c blockCipher, key, vector []byte, err error) {
	salt, iterations, err := readPBE(parameters)
	if err != nil {
		return c, nil, nil, err
	}
	function := md5.New
	if scheme[len(scheme)-1] == 10 {
		function = sha1.New
	}
	h := function()
	sum := append([]byte(password), salt...)
	for range iterations {
		h.Reset()
		h.Write(sum)
		sum = h.Sum(sum[:0])
	}
	return singleDES, sum[:8], sum[8:16], nil
}

// pbePKCS12 is Triple DES with three keys or two, or RC2 with 128 bits or 40 (RFC 7292, C).
func (e *encryptedInfo) pbePKCS12(secret []byte) (c blockCipher, key, vector []byte, err error) {
	salt, iterations, err := readPBE(e.parameters)
	if err != nil {
		return c, nil, nil, err
	}
	size := 0
	switch e.scheme[len(e.scheme)-1] {
	case 3:
		c, size = tripleDES, 24
	case 4:
		c, size = tripleDES, 16
	case 5:
		c, size = blockCipher{16, newRC2}, 16
	case 6:
		c, size = blockCipher{5, newRC2}, 5
	}
	key = derivePKCS12(sha1.New(), 1, salt, secret, iterations, size)
	if size < c.keySize {
		key = append(key, key[:c.keySize-size]...)
	}
	return c, key, derivePKCS12(sha1.New(), 2, salt, secret, iterations, 8), nil
}

// secretOf is a password as PKCS#12 takes it (RFC 7292, B.1).
func secretOf(password string) []byte {
	var secret []byte
	for _, unit := range append(utf16.Encode([]rune(password)), 0) {
		secret = append(secret, byte(unit>>8), byte(unit))
	}
	return secret
}

// derivePKCS12 is the key derivation of PKCS#12 (RFC 7292, B.2), for keys (1), vectors (2) and integrity
// codes (3).
func derivePKCS12(h hash.Hash, purpose byte, salt, secret []byte, iterations, size int) []byte {
	block := h.BlockSize()
	diversifier := repeated([]byte{purpose}, block)
	input := append(repeated(salt, block), repeated(secret, block)...)
	var out []byte
	for {
		sum := iterated(h, iterations, diversifier, input)
		if out = append(out, sum...); len(out) >= size {
			return out[:size]
		}
		addend := repeated(sum, block)[:block]
		for at := 0; at < len(input); at += block {
			carry := 1
			for i := block - 1; i >= 0; i-- {
				carry += int(input[at+i]) + int(addend[i])
				input[at+i] = byte(carry)
				carry >>= 8
			}
		}
	}
}

// iterated hashes the parts, and the digest again and again.
func iterated(h hash.Hash, times int, parts ...[]byte) []byte {
	h.Reset()
	for _, p := range parts {
		h.Write(p)
	}
	sum := h.Sum(nil)
	for range times - 1 {
		h.Reset()
		h.Write(sum)
		sum = h.Sum(sum[:0])
	}
	return sum
}

// repeated repeats b until its length is the next multiple of block.
func repeated(b []byte, block int) []byte {
	out := make([]byte, (len(b)+block-1)/block*block)
	for i := range out {
		out[i] = b[i%len(b)]
	}
	return out
}
