package keyfile_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/asn1"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/keyfile"
)

var (
	oidData      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidEncrypted = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 6}
	explicit     = cbasn1.Tag(0).ContextSpecific().Constructed()
)

func built(t testing.TB, add func(b *cryptobyte.Builder)) []byte {
	var b cryptobyte.Builder
	add(&b)
	out, err := b.Bytes()
	require.NoError(t, err)
	return out
}

// pbes2With is an AlgorithmIdentifier of PBES2 with AES-256 and PBKDF2 with HMAC-SHA-256.
func pbes2With(b *cryptobyte.Builder, iterations int64, vector []byte) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13})
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12})
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1OctetString([]byte("saltsalt"))
					b.AddASN1Int64(iterations)
					b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 9})
						b.AddASN1NULL()
					})
				})
			})
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 42})
				b.AddASN1OctetString(vector)
			})
		})
	})
}

// keyBag is SafeContents with one encrypted key, which asks for so many iterations.
func keyBag(t testing.TB, iterations int64) []byte {
	return built(t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 2})
				b.AddASN1(explicit, func(b *cryptobyte.Builder) {
					b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
						pbes2With(b, iterations, make([]byte, 16))
						b.AddASN1OctetString(make([]byte, 32))
					})
				})
			})
		})
	})
}

// encryptedPart is EncryptedData over SafeContents.
func encryptedPart(t testing.TB, content []byte, password string, iterations int) []byte {
	key, err := pbkdf2.Key(sha256.New, password, []byte("saltsalt"), iterations, 32)
	require.NoError(t, err)
	block, err := aes.NewCipher(key)
	require.NoError(t, err)
	padding := 16 - len(content)%16
	data := append(bytes.Clone(content), bytes.Repeat([]byte{byte(padding)}, padding)...)
	vector := make([]byte, 16)
	cipher.NewCBCEncrypter(block, vector).CryptBlocks(data, data)
	return encryptedData(t, func(b *cryptobyte.Builder) { pbes2With(b, int64(iterations), vector) }, data)
}

// encryptedData is what is encrypted by that algorithm.
func encryptedData(t testing.TB, algorithm func(b *cryptobyte.Builder), data []byte) []byte {
	return built(t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(oidEncrypted)
			b.AddASN1(explicit, func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1Int64(0)
					b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddASN1ObjectIdentifier(oidData)
						algorithm(b)
						b.AddASN1(cbasn1.Tag(0).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes(data) })
					})
				})
			})
		})
	})
}

// legacyPart is encryptedPart by a scheme of PKCS#12 (RFC 7292, C), of the number that RC2 and Triple DES have,
// under a secret, which is a password but for one that is nothing at all.
func legacyPart(t testing.TB, content []byte, scheme int, secret []byte) []byte {
	algorithm := built(t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 1, scheme})
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1OctetString([]byte("saltsalt"))
				b.AddASN1Int64(1)
			})
		})
	})
	block, vector, err := keyfile.CipherPKCS12(algorithm, secret)
	require.NoError(t, err)
	padding := 8 - len(content)%8
	data := append(bytes.Clone(content), bytes.Repeat([]byte{byte(padding)}, padding)...)
	cipher.NewCBCEncrypter(block, vector).CryptBlocks(data, data)
	return encryptedData(t, func(b *cryptobyte.Builder) { b.AddBytes(algorithm) }, data)
}

// plainPart is Data over SafeContents.
func plainPart(t testing.TB, content []byte) []byte {
	return built(t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(oidData)
			b.AddASN1(explicit, func(b *cryptobyte.Builder) { b.AddASN1OctetString(content) })
		})
	})
}

// archive is a PKCS#12 file of parts; with pieces above 0 its content is a string in so long pieces.
func archive(t testing.TB, pieces int, parts ...[]byte) []byte {
	content := built(t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(bytes.Join(parts, nil)) })
	})
	return built(t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1Int64(3)
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(oidData)
				b.AddASN1(explicit, func(b *cryptobyte.Builder) {
					if pieces == 0 {
						b.AddASN1OctetString(content)
						return
					}
					b.AddASN1(cbasn1.OCTET_STRING.Constructed(), func(b *cryptobyte.Builder) {
						for len(content) > 0 {
							n := min(pieces, len(content))
							b.AddASN1OctetString(content[:n])
							content = content[n:]
						}
					})
				})
			})
		})
	})
}

// TestPKCS12Bombs: who hands over a file with its password cannot have a key derived for hours: not in
// an encrypted part, not in a string of pieces, not by many keys.
func TestPKCS12Bombs(t *testing.T) {
	const endless = 1<<31 - 1
	many := bytes.Repeat(keyBag(t, keyfile.MaxIterations), 3)
	for name, data := range map[string][]byte{
		"plain":                archive(t, 0, plainPart(t, keyBag(t, endless))),
		"in an encrypted part": archive(t, 0, encryptedPart(t, keyBag(t, endless), "x", 1000)),
		"in pieces":            archive(t, 7, plainPart(t, keyBag(t, endless))),
		"both":                 archive(t, 7, encryptedPart(t, keyBag(t, endless), "x", 1000)),
		"many keys":            archive(t, 0, plainPart(t, many)),
		"many keys inside":     archive(t, 0, encryptedPart(t, many, "x", 1000)),
		"in RC2 of 40 bits":    archive(t, 0, legacyPart(t, keyBag(t, endless), 6, keyfile.SecretOf("x"))),
		"in RC2 of 128 bits":   archive(t, 0, legacyPart(t, keyBag(t, endless), 5, keyfile.SecretOf("x"))),
	} {
		t.Run(name, func(t *testing.T) {
			begun := time.Now()
			_, _, err := keyfile.ParsePKCS12(data, "x")
			require.ErrorContains(t, err, "hashed more than")
			require.Less(t, time.Since(begun), 30*time.Second)
		})
	}
	for name, secret := range map[string][]byte{"an empty password": keyfile.SecretOf(""), "nothing for a password": nil} {
		_, _, err := keyfile.ParsePKCS12(archive(t, 0, legacyPart(t, keyBag(t, endless), 3, secret)), "")
		require.ErrorContains(t, err, "hashed more than", name)
	}
	require.NoError(t, keyfile.CheckWork(keyBag(t, keyfile.MaxIterations), keyBag(t, keyfile.MaxWork-keyfile.MaxIterations)))
	require.Error(t, keyfile.CheckWork(keyBag(t, keyfile.MaxIterations), keyBag(t, keyfile.MaxWork-keyfile.MaxIterations), keyBag(t, 1)))

	part := encryptedPart(t, keyBag(t, 1), "x", 1)
	parts := bytes.Repeat(part, keyfile.MaxPKCS12Parts)
	decrypted, err := keyfile.DecryptedParts(archive(t, 0, parts), "x")
	require.NoError(t, err)
	require.Len(t, decrypted, keyfile.MaxPKCS12Parts)
	decrypted, err = keyfile.DecryptedParts(archive(t, 0, parts, part), "x")
	require.NoError(t, err)
	require.Empty(t, decrypted, "which the library does not read")
}
