package keyfile_test

import (
	"bytes"
	"encoding/asn1"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/keyfile"
)

func TestEncryptedKeys(t *testing.T) {
	_, id := identity(t, testpki.P256)
	require.NotEmpty(t, encryptedKeys)
	for name, text := range encryptedKeys {
		t.Run(name, func(t *testing.T) {
			data := []byte(text)
			key, err := keyfile.ParseEncryptedKey(data, encryptedPassword)
			require.NoError(t, err)
			require.Equal(t, id.Key, key)
			if b, _ := pem.Decode(data); b.Type == "ENCRYPTED PRIVATE KEY" {
				key, err = keyfile.ParseEncryptedKey(b.Bytes, encryptedPassword)
				require.NoError(t, err, "in DER")
				require.Equal(t, id.Key, key)
				_, err = keyfile.ParseKey(b.Bytes)
				require.ErrorIs(t, err, keyfile.ErrEncrypted)
			}
			_, err = keyfile.ParseKey(data)
			require.ErrorIs(t, err, keyfile.ErrEncrypted)
			_, _, err = keyfile.Load(data, id.PEM())
			require.ErrorIs(t, err, keyfile.ErrEncrypted)
			for _, wrong := range []string{"", "Hanko", encryptedPassword + " ", encryptedPassword + "\n"} {
				_, err = keyfile.ParseEncryptedKey(data, wrong)
				require.ErrorIs(t, err, keyfile.ErrPassword, "%q", wrong)
			}
		})
	}
	_, err := keyfile.ParseEncryptedKey([]byte(rc4Key), encryptedPassword)
	require.ErrorIs(t, err, keyfile.ErrUnsupported)
	require.ErrorContains(t, err, "1.2.840.113549.1.12.1.1; convert the key with openssl pkcs8")

	plain, err := id.KeyPEM()
	require.NoError(t, err)
	key, err := keyfile.ParseEncryptedKey(plain, "not needed")
	require.NoError(t, err)
	require.Equal(t, id.Key, key)
}

// TestWrongPasswords: a wrong password is called that, also where the padding fits by chance.
func TestWrongPasswords(t *testing.T) {
	chance := 0
	for _, name := range []string{"DES with MD5", "PEM of old"} {
		for i := range 600 {
			_, err := keyfile.ParseEncryptedKey([]byte(encryptedKeys[name]), string(rune('A'+i)))
			require.ErrorIs(t, err, keyfile.ErrPassword)
			chance++
		}
	}
	require.Equal(t, 1200, chance, "one in 256 has padding that fits")
}

// TestDamagedEncryption changes and cuts every byte: an error, or a key that may be another
// one, since none of these schemes protects what it encrypts. The certificate tells.
func TestDamagedEncryption(t *testing.T) {
	_, id := identity(t, testpki.P256)
	others := 0
	for _, name := range []string{"AES-256, HMAC-SHA-256", "DES with SHA-1"} {
		b, _ := pem.Decode([]byte(encryptedKeys[name]))
		for i := range b.Bytes {
			for _, bit := range []byte{0x01, 0x80} {
				changed := bytes.Clone(b.Bytes)
				changed[i] ^= bit
				if key, err := keyfile.ParseEncryptedKey(changed, encryptedPassword); err == nil {
					if _, err := keyfile.Chain(key.Public(), id.Chain); err != nil {
						require.ErrorIs(t, err, keyfile.ErrMismatch)
						others++
					}
				}
			}
			_, err := keyfile.ParseEncryptedKey(b.Bytes[:i], encryptedPassword)
			require.Error(t, err)
		}
	}
	require.Positive(t, others)
}

// Structures of RFC 8018 that openssl does not write.
type (
	identifier struct {
		Algorithm  asn1.ObjectIdentifier
		Parameters any
	}
	iterated struct {
		Salt       []byte
		Iterations int
	}
	scrypted struct {
		Salt               []byte
		Cost, Block, Lanes int
	}
	pbes2 struct{ Derivation, Encryption identifier }
)

// sealed is an EncryptedPrivateKeyInfo of zeros.
func sealed(t testing.TB, scheme identifier) []byte {
	der, err := asn1.Marshal(struct {
		Scheme identifier
		Data   []byte
	}{scheme, make([]byte, 16)})
	require.NoError(t, err)
	return der
}

var (
	oidPBES2   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}
	oidPBKDF2  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}
	oidScrypt  = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11591, 4, 11}
	oidAES128  = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 2}
	oidMD5DES  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 3}
	oidUnknown = asn1.ObjectIdentifier{1, 2, 3}
)

// TestWorkIsLimited: at the limit and one over.
func TestWorkIsLimited(t *testing.T) {
	aes := identifier{oidAES128, make([]byte, 16)}
	salt := []byte("salt")
	kdf := func(how asn1.ObjectIdentifier, parameters any) []byte {
		return sealed(t, identifier{oidPBES2, pbes2{identifier{how, parameters}, aes}})
	}
	const n = keyfile.MaxIterations
	for name, c := range map[string]struct {
		der  []byte
		text string
	}{
		"PBKDF2 over":         {kdf(oidPBKDF2, iterated{salt, n + 1}), "10000001 times, more than 10000000"},
		"PBES1 over":          {sealed(t, identifier{oidMD5DES, iterated{salt, n + 1}}), "10000001 times"},
		"PBES1 never":         {sealed(t, identifier{oidMD5DES, iterated{salt, 0}}), "damaged"},
		"PBES1 negative":      {sealed(t, identifier{oidMD5DES, iterated{salt, -1}}), "damaged"},
		"no salt":             {sealed(t, identifier{oidMD5DES, iterated{nil, 1}}), "damaged"},
		"scrypt over":         {kdf(oidScrypt, scrypted{salt, 2 * keyfile.MaxScryptBlocks / 8, 8, 1}), "asks for more"},
		"scrypt lanes":        {kdf(oidScrypt, scrypted{salt, 2, 1, keyfile.MaxScryptLanes}), "password is wrong"},
		"scrypt lanes over":   {kdf(oidScrypt, scrypted{salt, 2, 1, keyfile.MaxScryptLanes + 1}), "asks for more"},
		"scrypt odd cost":     {kdf(oidScrypt, scrypted{salt, 3, 1, 1}), "damaged"},
		"scrypt without cost": {kdf(oidScrypt, scrypted{salt, 1, 1, 1}), "damaged"},
		"other derivation":    {kdf(oidUnknown, iterated{salt, 1}), "not supported: key derivation 1.2.3"},
		"other scheme":        {sealed(t, identifier{oidUnknown, iterated{salt, 1}}), "not supported: scheme 1.2.3"},
		"other cipher": {sealed(t, identifier{oidPBES2, pbes2{
			identifier{oidPBKDF2, iterated{salt, 1}}, identifier{oidUnknown, make([]byte, 16)}}}), "not supported: cipher 1.2.3"},
		"short vector": {sealed(t, identifier{oidPBES2, pbes2{
			identifier{oidPBKDF2, iterated{salt, 1}}, identifier{oidAES128, make([]byte, 15)}}}), "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := keyfile.ParseEncryptedKey(c.der, "x")
			require.ErrorContains(t, err, c.text)
		})
	}
	require.NoError(t, keyfile.CheckIterations(n))
	require.Error(t, keyfile.CheckIterations(n+1))
	require.NoError(t, keyfile.CheckScrypt(keyfile.MaxScryptBlocks/8, 8, 1))
	require.Error(t, keyfile.CheckScrypt(keyfile.MaxScryptBlocks/8+1, 8, 1))
}

// openssl runs it.
func openssl(t *testing.T, args ...string) {
	t.Helper()
	out, err := exec.Command(peertest.Program(t, "openssl"), args...).CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// TestOpenSSLEncrypts: keys of every kind in every form that openssl writes.
func TestOpenSSLEncrypts(t *testing.T) {
	for _, kind := range []testpki.KeyType{testpki.RSA2048, testpki.P256, testpki.Ed25519} {
		_, id := identity(t, kind)
		dir := t.TempDir()
		in, out, chain := filepath.Join(dir, "key.pem"), filepath.Join(dir, "out"), filepath.Join(dir, "chain.pem")
		data, err := id.KeyPEM()
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(in, data, 0o600))
		require.NoError(t, os.WriteFile(chain, id.PEM(), 0o600))
		for _, form := range [][]string{
			{"-v2", "aes-256-cbc"}, {"-scrypt"}, {"-v1", "PBE-SHA1-3DES"}, {"-v2", "des3", "-outform", "DER"},
		} {
			openssl(t, append([]string{"pkcs8", "-topk8", "-in", in, "-out", out, "-passout", "pass:" + encryptedPassword}, form...)...)
			data, err := os.ReadFile(out)
			require.NoError(t, err)
			key, err := keyfile.ParseEncryptedKey(data, encryptedPassword)
			require.NoError(t, err, "%v %v", kind, form)
			require.Equal(t, id.Key, key)
		}
		for _, form := range [][]string{
			nil, {"-legacy"}, {"-macalg", "sha512"}, {"-keypbe", "AES-128-CBC", "-certpbe", "NONE"},
			{"-legacy", "-keypbe", "PBE-SHA1-RC2-40", "-certpbe", "PBE-SHA1-RC2-128"}, {"-legacy", "-descert"},
		} {
			openssl(t, append([]string{"pkcs12", "-export", "-inkey", in, "-in", chain, "-out", out, "-passout", "pass:" + encryptedPassword}, form...)...)
			data, err := os.ReadFile(out)
			require.NoError(t, err)
			key, got, err := keyfile.ParsePKCS12(data, encryptedPassword)
			require.NoError(t, err, "%v %v", kind, form)
			require.Equal(t, id.Key, key)
			require.Equal(t, id.Chain, got)
		}
	}
}

// TestOpenSSLConverts: of a file with encryption that is not read, the error says how to convert it, and that works.
func TestOpenSSLConverts(t *testing.T) {
	_, id := identity(t, testpki.P256)
	dir := t.TempDir()
	in, old, plain, converted := filepath.Join(dir, "in.pem"), filepath.Join(dir, "old"), filepath.Join(dir, "all.pem"), filepath.Join(dir, "new")
	key, err := id.KeyPEM()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(in, append(key, id.PEM()...), 0o600))
	const password = "pass:" + encryptedPassword
	for _, form := range [][]string{
		{"-keypbe", "PBE-SHA1-RC4-128"}, {"-certpbe", "PBE-SHA1-RC4-40"}, {"-keypbe", "PBE-SHA1-2DES"}, {"-keypbe", "DES-EDE3-CBC"},
		{"-certpbe", "PBE-SHA1-2DES"}, {"-certpbe", "CAMELLIA-128-CBC"},
	} {
		openssl(t, append([]string{"pkcs12", "-export", "-legacy", "-in", in, "-out", old, "-passout", password}, form...)...)
		data, err := os.ReadFile(old)
		require.NoError(t, err)
		_, _, err = keyfile.ParsePKCS12(data, encryptedPassword)
		require.ErrorIs(t, err, keyfile.ErrUnsupported, "%v", form)
		require.ErrorContains(t, err, "openssl pkcs12 -legacy -in FILE -nodes -out ALL.pem; openssl pkcs12 -export -in ALL.pem -out NEW;")
		openssl(t, "pkcs12", "-legacy", "-in", old, "-nodes", "-out", plain, "-passin", password)
		openssl(t, "pkcs12", "-export", "-in", plain, "-out", converted, "-passout", password)
		data, err = os.ReadFile(converted)
		require.NoError(t, err)
		got, chain, err := keyfile.ParsePKCS12(data, encryptedPassword)
		require.NoError(t, err)
		require.Equal(t, id.Key, got)
		require.Equal(t, id.Chain, chain)
	}
	openssl(t, "pkcs12", "-export", "-nomac", "-in", in, "-out", old, "-passout", password)
	data, err := os.ReadFile(old)
	require.NoError(t, err)
	_, _, err = keyfile.ParsePKCS12(data, encryptedPassword)
	require.ErrorIs(t, err, keyfile.ErrPassword)
	require.ErrorContains(t, err, "no integrity code")
	openssl(t, "pkcs8", "-topk8", "-provider", "legacy", "-provider", "default", "-in", in, "-out", old, "-passout", password, "-v1", "PBE-SHA1-RC4-128")
	data, err = os.ReadFile(old)
	require.NoError(t, err)
	_, err = keyfile.ParseEncryptedKey(data, encryptedPassword)
	require.ErrorIs(t, err, keyfile.ErrUnsupported)
	require.ErrorContains(t, err, "openssl pkcs8 -topk8 -provider legacy -provider default")
	openssl(t, "pkcs8", "-topk8", "-provider", "legacy", "-provider", "default", "-in", old, "-out", converted, "-passin", password, "-passout", password)
	data, err = os.ReadFile(converted)
	require.NoError(t, err)
	read, err := keyfile.ParseEncryptedKey(data, encryptedPassword)
	require.NoError(t, err)
	require.Equal(t, id.Key, read)
}
