package testpki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	_ "embed" // the fixed RSA keys
	"encoding/pem"
	"fmt"
)

// KeyType is a type of key with its size.
type KeyType int

// The key types. The zero value is RSA2048.
const (
	RSA2048 KeyType = iota
	RSA1024         // weak on purpose
	RSA3072
	RSA4096
	P256
	P384
	P521
	Ed25519
)

// String returns for example "RSA-2048".
func (t KeyType) String() string {
	names := [...]string{"RSA-2048", "RSA-1024", "RSA-3072", "RSA-4096", "P-256", "P-384", "P-521", "Ed25519"}
	if t < 0 || int(t) >= len(names) {
		return fmt.Sprintf("KeyType(%d)", int(t))
	}
	return names[t]
}

// KeyTypes returns all key types.
func KeyTypes() []KeyType {
	return []KeyType{RSA2048, RSA1024, RSA3072, RSA4096, P256, P384, P521, Ed25519}
}

// Role is who holds a key. Fixed keys of different roles differ.
type Role string

// The roles.
const (
	RootRole         Role = "root"
	IntermediateRole Role = "intermediate"
	SignerRole       Role = "signer"
	TimeStamperRole  Role = "timestamper"
	OtherRole        Role = "other" // somebody whom nobody trusts
)

// KeySource gives the key for a role.
type KeySource func(Role, KeyType) (crypto.Signer, error)

// The fixed RSA keys. Each is a variable of its own, so that a program which
// makes fresh keys does not carry them.
var (
	//go:embed keys/rsa2048-root.pem
	rsa2048Root string
	//go:embed keys/rsa2048-intermediate.pem
	rsa2048Intermediate string
	//go:embed keys/rsa2048-signer.pem
	rsa2048Signer string
	//go:embed keys/rsa2048-timestamper.pem
	rsa2048TimeStamper string
	//go:embed keys/rsa2048-other.pem
	rsa2048Other string
	//go:embed keys/rsa1024-signer.pem
	rsa1024Signer string
	//go:embed keys/rsa3072-signer.pem
	rsa3072Signer string
	//go:embed keys/rsa4096-signer.pem
	rsa4096Signer string
)

// FixedKeys returns keys that are the same in every run. RSA keys of sizes other
// than 2048 bits exist for the signer alone.
func FixedKeys(role Role, t KeyType) (crypto.Signer, error) {
	seed := sha512.Sum512([]byte("inkan test key, " + string(role) + ", " + t.String()))
	switch t {
	case P256:
		return curveKey(elliptic.P256(), seed[:32])
	case P384:
		return curveKey(elliptic.P384(), seed[:48])
	case P521:
		return curveKey(elliptic.P521(), append(make([]byte, 2), seed[:]...))
	case Ed25519:
		return ed25519.NewKeyFromSeed(seed[:ed25519.SeedSize]), nil
	}
	text := map[string]string{
		"RSA-2048 root":         rsa2048Root,
		"RSA-2048 intermediate": rsa2048Intermediate,
		"RSA-2048 signer":       rsa2048Signer,
		"RSA-2048 timestamper":  rsa2048TimeStamper,
		"RSA-2048 other":        rsa2048Other,
		"RSA-1024 signer":       rsa1024Signer,
		"RSA-3072 signer":       rsa3072Signer,
		"RSA-4096 signer":       rsa4096Signer,
	}[t.String()+" "+string(role)]
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, fmt.Errorf("testpki: there is no fixed %v key for the role %s", t, role)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("testpki: fixed key: %w", err)
	}
	return key.(*rsa.PrivateKey), nil
}

func curveKey(curve elliptic.Curve, secret []byte) (crypto.Signer, error) {
	key, err := ecdsa.ParseRawPrivateKey(curve, secret)
	if err != nil {
		return nil, fmt.Errorf("testpki: fixed key: %w", err)
	}
	return key, nil
}

// FreshKeys makes a new key each time it is called.
func FreshKeys(_ Role, t KeyType) (crypto.Signer, error) {
	switch t {
	case RSA1024:
		return rsa.GenerateKey(rand.Reader, 1024)
	case RSA2048:
		return rsa.GenerateKey(rand.Reader, 2048)
	case RSA3072:
		return rsa.GenerateKey(rand.Reader, 3072)
	case RSA4096:
		return rsa.GenerateKey(rand.Reader, 4096)
	case P256:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case P384:
		return ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case P521:
		return ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	case Ed25519:
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return key, err
	}
	return nil, fmt.Errorf("testpki: %v is not a key type", t)
}

// keyID returns the key identifier of RFC 7093, 2 (1): the leftmost 160 bits of SHA-256.
func keyID(key []byte) []byte {
	sum := sha256.Sum256(key)
	return sum[:20]
}
