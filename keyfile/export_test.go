package keyfile

import (
	"crypto/cipher"

	"golang.org/x/crypto/cryptobyte"
)

// The limits, for the tests that stand at them.
const (
	MaxPEMBlocks    = maxPEMBlocks
	MaxIterations   = maxIterations
	MaxScryptBlocks = maxScryptBlocks
	MaxScryptLanes  = maxScryptLanes
	MaxPKCS12Bytes  = maxPKCS12Bytes
	MaxPKCS12Depth  = maxPKCS12Depth
	MaxPKCS12Parts  = maxPKCS12Parts
	MaxWork         = maxWork
	MaxNamed        = maxNamed
)

// What is refused before any work is done.
var (
	CheckIterations = checkIterations
	CheckScrypt     = checkScrypt
	CheckWork       = checkWork
	DecryptedParts  = decryptedParts
)

// What encrypts as PKCS#12 does.
var (
	SecretOf = secretOf
	NewRC2   = newRC2
)

// CipherPKCS12 is the cipher, with key, of an AlgorithmIdentifier.
func CipherPKCS12(algorithm, secret []byte) (block cipher.Block, vector []byte, err error) {
	e := &encryptedInfo{}
	input := cryptobyte.String(algorithm)
	if !readAlgorithm(&input, &e.scheme, &e.parameters) {
		return nil, nil, errDamaged
	}
	c, key, vector, err := e.pbePKCS12(secret)
	if err != nil {
		return nil, nil, err
	}
	block, err = c.create(key)
	return block, vector, err
}
