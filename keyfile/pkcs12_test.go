package keyfile_test

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	pkcs12 "software.sslmate.com/src/go-pkcs12"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/ber"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/keyfile"
)

// raw are certificates as the library wants them, which looks at Raw alone.
func raw(chain []*certificate.Certificate) (leaf *x509.Certificate, others []*x509.Certificate) {
	for _, c := range chain {
		others = append(others, &x509.Certificate{Raw: c.Raw})
	}
	return others[0], others[1:]
}

func TestPKCS12(t *testing.T) {
	encoders := map[string]*pkcs12.Encoder{
		"today": pkcs12.Modern2026, "AES": pkcs12.Modern2023, "Triple DES": pkcs12.LegacyDES, "RC2": pkcs12.LegacyRC2,
	}
	for name, encoder := range encoders {
		for _, kind := range testpki.KeyTypes() {
			t.Run(name+"/"+kind.String(), func(t *testing.T) {
				_, id := identity(t, kind)
				leaf, others := raw(id.Chain)
				der, err := encoder.Encode(id.Key, leaf, others, encryptedPassword)
				require.NoError(t, err)
				for _, data := range [][]byte{der, block("PKCS12", der)} {
					key, chain, err := keyfile.ParsePKCS12(data, encryptedPassword)
					require.NoError(t, err)
					require.Equal(t, id.Key, key)
					require.Equal(t, id.Chain, chain)
				}
				for _, wrong := range []string{"", "印鑑"} {
					_, _, err = keyfile.ParsePKCS12(der, wrong)
					require.ErrorIs(t, err, keyfile.ErrPassword)
				}
				_, err = keyfile.ParseKey(der)
				require.ErrorIs(t, err, keyfile.ErrNoKey)
				require.ErrorContains(t, err, "PKCS #12")
			})
		}
	}
	_, id := identity(t, testpki.P256)
	leaf, others := raw(id.Chain)
	der, err := pkcs12.Passwordless.Encode(id.Key, leaf, others, "")
	require.NoError(t, err)
	key, _, err := keyfile.ParsePKCS12(der, "")
	require.NoError(t, err)
	require.Equal(t, id.Key, key)
	_, _, err = keyfile.ParsePKCS12(der, "not needed, and not confirmed by anything")
	require.ErrorIs(t, err, keyfile.ErrPassword)
}

func TestPKCS12Refusals(t *testing.T) {
	_, id := identity(t, testpki.P256)
	_, other := identity(t, testpki.RSA2048)
	_, strangers := raw(other.Chain)
	der, err := pkcs12.Modern.Encode(id.Key, strangers[0], nil, "x")
	require.NoError(t, err)
	_, _, err = keyfile.ParsePKCS12(der, "x")
	require.ErrorIs(t, err, keyfile.ErrMismatch)
	require.ErrorContains(t, err, "a key for ECDSA on P-256")
	require.ErrorContains(t, err, "RSA of 2048 bits")

	for _, data := range [][]byte{nil, []byte("text"), id.PEM(), id.Certificate.Raw, make([]byte, keyfile.MaxPKCS12Bytes+1)} {
		_, _, err = keyfile.ParsePKCS12(data, "x")
		require.Error(t, err)
		require.NotErrorIs(t, err, keyfile.ErrPassword)
	}
	data := make([]byte, keyfile.MaxPKCS12Bytes)
	_, _, err = keyfile.ParsePKCS12(data, "x")
	require.ErrorContains(t, err, "no PKCS #12")

	trust, err := pkcs12.Modern.EncodeTrustStore([]*x509.Certificate{{Raw: id.Certificate.Raw}}, "x")
	require.NoError(t, err)
	_, _, err = keyfile.ParsePKCS12(trust, "x")
	require.ErrorIs(t, err, keyfile.ErrNoKey)
	for i := range der {
		_, _, err = keyfile.ParsePKCS12(der[:i], "x")
		require.Error(t, err)
	}
}

// TestPKCS12Keys: one key, not none and not two.
func TestPKCS12Keys(t *testing.T) {
	_, id := identity(t, testpki.P256)
	key, err := x509.MarshalPKCS8PrivateKey(id.Key)
	require.NoError(t, err)
	type wrapped struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue
	}
	explicit := func(der []byte) asn1.RawValue {
		return asn1.RawValue{Class: asn1.ClassContextSpecific, IsCompound: true, Bytes: der}
	}
	marshal := func(v any) []byte {
		der, err := asn1.Marshal(v)
		require.NoError(t, err)
		return der
	}
	data := asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	bag := func(kind int, der []byte) wrapped {
		return wrapped{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, kind}, explicit(der)}
	}
	certificate := bag(3, marshal(wrapped{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 22, 1}, explicit(marshal(id.Certificate.Raw))}))
	for keys, want := range []error{keyfile.ErrNoKey, nil, keyfile.ErrSeveralKeys} {
		bags := []wrapped{certificate}
		for range keys {
			bags = append(bags, bag(1, key))
		}
		safe := marshal([]wrapped{{data, explicit(marshal(marshal(bags)))}})
		file := marshal(struct {
			Version int
			Safe    wrapped
		}{3, wrapped{data, explicit(marshal(safe))}})
		_, _, err := keyfile.ParsePKCS12(file, "")
		require.ErrorIs(t, err, want, "%d keys", keys)
	}
}

// TestPKCS12InBER: as Firefox writes it, with indefinite lengths and strings in pieces at
// every level. The integrity code is checked over what was written.
func TestPKCS12InBER(t *testing.T) {
	_, id := identity(t, testpki.P256)
	data := decoded(t, nssFile)
	whole, err := ber.IsDER(data)
	require.NoError(t, err)
	require.False(t, whole, "or the test says nothing")
	key, chain, err := keyfile.ParsePKCS12(data, nssPassword)
	require.NoError(t, err)
	require.Equal(t, id.Key, key)
	require.Equal(t, id.Chain[:2], chain[:2])
	_, _, err = keyfile.ParsePKCS12(data, nssPassword+" ")
	require.ErrorIs(t, err, keyfile.ErrPassword)
	for i := range data {
		_, _, err = keyfile.ParsePKCS12(data[:i], nssPassword)
		require.Error(t, err)
	}
	for i := 300; i < len(data); i += 400 { // its passwords are hashed 600,000 times
		changed := bytes.Clone(data)
		changed[i] ^= 1
		_, _, err = keyfile.ParsePKCS12(changed, nssPassword)
		require.ErrorIs(t, err, keyfile.ErrPassword, "byte %d: the integrity code", i)
	}
}

// decoded decodes base64 in lines.
func decoded(t testing.TB, text string) []byte {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	require.NoError(t, err)
	return data
}

// TestPKCS12OddCertificate: crypto/x509 refuses a negative serial number.
func TestPKCS12OddCertificate(t *testing.T) {
	pki, _ := identity(t, testpki.P256)
	id, err := pki.Issue(&testpki.Request{KeyType: testpki.P256, Change: func(c *testpki.Template) { c.Serial = testpki.Serial(big.NewInt(-5)) }})
	require.NoError(t, err)
	_, err = x509.ParseCertificate(id.Certificate.Raw)
	require.Error(t, err, "or the test says nothing")
	leaf, others := raw(id.Chain)
	der, err := pkcs12.Modern.Encode(id.Key, leaf, others, "x")
	require.NoError(t, err)
	key, chain, err := keyfile.ParsePKCS12(der, "x")
	require.NoError(t, err)
	require.Equal(t, id.Key, key)
	require.Equal(t, id.Chain, chain)
	_, _, err = keyfile.ParsePKCS12(der, "y")
	require.ErrorIs(t, err, keyfile.ErrPassword)
}

// TestPKCS12Work: a file that asks for endless work is refused before any is done.
func TestPKCS12Work(t *testing.T) {
	_, id := identity(t, testpki.P256)
	leaf, others := raw(id.Chain)
	der, err := pkcs12.LegacyDES.WithIterations(2048).Encode(id.Key, leaf, others, "x")
	require.NoError(t, err)
	type mac struct {
		Digest struct {
			Algorithm asn1.RawValue
			Digest    []byte
		}
		Salt       []byte
		Iterations int `asn1:"optional"`
	}
	var file struct {
		Version int
		Safe    asn1.RawValue
		MAC     mac
	}
	_, err = asn1.Unmarshal(der, &file)
	require.NoError(t, err)
	for iterations, text := range map[int]string{keyfile.MaxIterations + 1: "more than 10000000 times", 1<<31 - 1: "more than 10000000 times"} {
		file.MAC.Iterations = iterations
		changed, err := asn1.Marshal(file)
		require.NoError(t, err)
		_, _, err = keyfile.ParsePKCS12(changed, "x")
		require.ErrorContains(t, err, text)
	}
	file.MAC.Iterations = keyfile.MaxIterations
	changed, err := asn1.Marshal(file)
	require.NoError(t, err)
	require.NoError(t, keyfile.CheckWork(changed))

	nested := func(depth int) []byte {
		inner, err := asn1.Marshal(1)
		require.NoError(t, err)
		for range depth {
			inner, err = asn1.Marshal(inner)
			require.NoError(t, err)
		}
		b, err := asn1.Marshal(struct {
			Version int
			Safe    struct{ Content asn1.RawValue }
		}{3, struct{ Content asn1.RawValue }{asn1.RawValue{FullBytes: inner}}})
		require.NoError(t, err)
		return b
	}
	_, _, err = keyfile.ParsePKCS12(nested(keyfile.MaxPKCS12Depth-2), "x")
	require.NotContains(t, err.Error(), "nests deeper")
	_, _, err = keyfile.ParsePKCS12(nested(keyfile.MaxPKCS12Depth-1), "x")
	require.ErrorContains(t, err, "nests deeper")
}

func FuzzKeys(f *testing.F) {
	seeds := 0
	for _, text := range encryptedKeys {
		if b, _ := pem.Decode([]byte(text)); b != nil && b.Headers["DEK-Info"] == "" {
			f.Add(b.Bytes)
			seeds++
		}
	}
	pki, err := testpki.New(nil)
	require.NoError(f, err)
	id, err := pki.Issue(&testpki.Request{KeyType: testpki.Ed25519})
	require.NoError(f, err)
	leaf, others := raw(id.Chain)
	for _, e := range []*pkcs12.Encoder{pkcs12.Modern2023.WithIterations(1), pkcs12.LegacyDES.WithIterations(1), pkcs12.LegacyRC2.WithIterations(1)} {
		der, err := e.Encode(id.Key, leaf, others, encryptedPassword)
		require.NoError(f, err)
		f.Add(der)
		seeds++
	}
	require.Greater(f, seeds, 10)
	f.Fuzz(func(t *testing.T, data []byte) {
		if key, err := keyfile.ParseEncryptedKey(data, encryptedPassword); err == nil {
			require.NotNil(t, key.Public())
		}
		if key, chain, err := keyfile.ParsePKCS12(data, encryptedPassword); err == nil {
			require.NotEmpty(t, chain)
			require.NotNil(t, key)
		}
	})
}
