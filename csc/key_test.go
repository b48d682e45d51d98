package csc_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/csc"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
)

func approve(pin, otp string) func(context.Context, *csc.Approval) (*csc.Grant, error) {
	return func(context.Context, *csc.Approval) (*csc.Grant, error) {
		return &csc.Grant{Factors: map[string]string{"PIN": pin, "OTP": otp}}, nil
	}
}

func digest(text string) []byte {
	d := sha256.Sum256([]byte(text))
	return d[:]
}

func open(t testing.TB, data []byte) *pades.Document {
	t.Helper()
	d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), &pades.OpenOptions{Now: testpki.Now})
	require.NoError(t, err)
	return d
}

func contract(pages int) []byte { return testpdf.Contract(pages, testpdf.Table).Bytes() }

// judge asks verify.
func judge(ctx context.Context, d *pades.Document) error {
	pki, err := testpki.New(nil)
	if err != nil {
		return err
	}
	report, err := verify.Reader(ctx, d, d.Size(), &verify.Options{Trust: pki.Pool(), At: testpki.Now()})
	if err == nil && (!report.Passed() || len(report.Signatures) != 1) {
		err = errors.New("not one signature that passed")
	}
	return err
}

func passes(t testing.TB, d *pades.Document) {
	t.Helper()
	require.NoError(t, judge(t.Context(), d))
}

// TestSign: a document is signed with a key of the service, in both versions and with every kind of key.
func TestSign(t *testing.T) {
	for _, version := range []string{"v1", "v2"} {
		for kind, algorithms := range map[testpki.KeyType][]cms.Algorithm{
			testpki.RSA2048: {{}, {Scheme: cms.RSA, Hash: crypto.SHA512}, {Scheme: cms.RSAPSS, Hash: crypto.SHA256}},
			testpki.P256:    {{}},
			testpki.P384:    {{}},
		} {
			for _, a := range algorithms {
				t.Run(fmt.Sprint(version, kind, a), func(t *testing.T) {
					f := newFake(t, kind)
					f.versions = []string{version}
					c := f.client()
					key := f.key(t, c)
					d := open(t, contract(1))
					require.NoError(t, d.Sign(t.Context(), &pades.Signer{Key: key, Chain: key.Credential.Chain, Algorithm: a}, nil))
					passes(t, d)
					require.Len(t, f.calls("credentials/authorize"), 1)
					require.Len(t, f.calls("signatures/signHash"), 1)
					require.Equal(t, int64(1), c.Counts().Digests)
					require.Equal(t, int64(1), c.Counts().Signatures)
				})
			}
		}
	}
}

// TestRequests: what is sent is what each version of the API asks for.
func TestRequests(t *testing.T) {
	for version, want := range map[string][]string{
		"v1": {"credentialID", "numSignatures", "hash", "PIN", "OTP", "clientData", "description"},
		"v2": {"credentialID", "numSignatures", "hashes", "hashAlgorithmOID", "authData", "clientData", "description"},
	} {
		f := newFake(t, testpki.RSA2048)
		f.versions = []string{version}
		c := f.client()
		c.ClientData = "case 7"
		key := f.key(t, c)
		key.Description = "three contracts"
		list := [][]byte{digest("1"), digest("2"), digest("3")}
		signatures, err := key.SignDigests(t.Context(), list, crypto.SHA256)
		require.NoError(t, err)
		require.Len(t, signatures, 3)
		for i, s := range signatures {
			require.NoError(t, rsa.VerifyPKCS1v15(key.Public().(*rsa.PublicKey), crypto.SHA256, list[i], s))
		}
		calls := f.calls("credentials/authorize")
		require.Len(t, calls, 1)
		require.Len(t, calls[0].body, len(want), version)
		for _, name := range want {
			require.Contains(t, calls[0].body, name, version)
		}
		require.EqualValues(t, 3, calls[0].body["numSignatures"])
		require.Equal(t, "three contracts", calls[0].body["description"])
		signed := f.calls("signatures/signHash")
		require.Len(t, signed, 1)
		require.Equal(t, digests(version, calls[0].body), digests(version, signed[0].body))
		require.Equal(t, "1.2.840.113549.1.1.1", signed[0].body["signAlgo"])
		if version == "v1" {
			require.Equal(t, "2.16.840.1.101.3.4.2.1", signed[0].body["hashAlgo"])
		} else {
			require.Equal(t, "2.16.840.1.101.3.4.2.1", signed[0].body["hashAlgorithmOID"])
			require.Equal(t, "S", signed[0].body["operationMode"])
		}
		count := map[string]int64{"v1": 5, "v2": 4}[version] // version 2 is asked for first
		require.Equal(t, csc.Counts{Calls: count, Authorizations: 1, SignCalls: 1, Digests: 3, Signatures: 3}, c.Counts())
	}
}

// TestBatch: many documents are prepared, their digests signed under one authorization, and each completed.
func TestBatch(t *testing.T) {
	f := newFake(t, testpki.P256)
	c := f.client()
	key := f.key(t, c)
	signer := &pades.Signer{Chain: key.Credential.Chain}
	const n = 8
	var documents []*pades.Document
	var prepared []*pades.Prepared
	var list [][]byte
	for i := range n {
		d := open(t, contract(1+i%3))
		p, err := d.Prepare(t.Context(), signer, nil)
		require.NoError(t, err)
		documents, prepared, list = append(documents, d), append(prepared, p), append(list, p.SignatureDigest())
	}
	signatures, err := key.SignDigests(t.Context(), list, crypto.SHA256)
	require.NoError(t, err)
	for i, d := range documents {
		require.NoError(t, d.Complete(t.Context(), prepared[i], signatures[i], nil))
		passes(t, d)
	}
	require.Len(t, f.calls("credentials/authorize"), 1)
	require.Len(t, f.calls("signatures/signHash"), 1)

	_, err = key.SignDigests(t.Context(), append(list, digest("one more")), crypto.SHA256)
	require.ErrorIs(t, err, csc.ErrCredential)
	require.Len(t, f.calls("credentials/authorize"), 1)
}

// TestSignatureOrder: one wrong signature of several is told, and the others are returned.
func TestSignatureOrder(t *testing.T) {
	f := newFake(t, testpki.RSA2048)
	f.sign = func(_, signatures [][]byte) [][]byte {
		signatures[1], signatures[3] = signatures[3], signatures[1]
		return signatures
	}
	key := f.key(t, f.client())
	list := [][]byte{digest("1"), digest("2"), digest("3"), digest("4"), digest("5")}
	signatures, err := key.SignDigests(t.Context(), list, crypto.SHA256)
	require.ErrorIs(t, err, csc.ErrSignature)
	var one *csc.SignatureError
	require.ErrorAs(t, err, &one)
	require.Equal(t, 1, one.Index)
	require.Len(t, signatures, 5)
	for i, s := range signatures {
		require.Equal(t, i == 1 || i == 3, s == nil, i)
	}
	require.Equal(t, int64(3), key.Client.Counts().Signatures)
}

// TestApproval: the owner sees what is signed, and a refusal reaches the service as nothing.
func TestApproval(t *testing.T) {
	f := newFake(t, testpki.RSA2048)
	key := f.key(t, f.client())
	var seen *csc.Approval
	key.Approve = func(_ context.Context, p *csc.Approval) (*csc.Grant, error) {
		seen = p
		return nil, context.Canceled
	}
	_, err := key.Sign(nil, digest("1"), crypto.SHA256)
	require.ErrorIs(t, err, csc.ErrAuthorization)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, [][]byte{digest("1")}, seen.Digests)
	require.Equal(t, crypto.SHA256, seen.Hash)
	require.Equal(t, 1, seen.Signatures)
	require.Empty(t, f.calls("credentials/authorize"))
}

// TestGrants: an authorization got elsewhere, and one that the access token carries.
func TestGrants(t *testing.T) {
	for name, grant := range map[string]*csc.Grant{"SAD": {SAD: "token"}, "access token": {InToken: true}} {
		f := newFake(t, testpki.RSA2048)
		f.mode, f.factors = "oauth2code", false
		f.sads["<nil>"] = grantOf(digest("1"))
		key := f.key(t, f.client())
		key.Approve = func(context.Context, *csc.Approval) (*csc.Grant, error) { return grant, nil }
		_, err := key.Sign(nil, digest("1"), crypto.SHA256)
		require.NoError(t, err, name)
		require.Empty(t, f.calls("credentials/authorize"))
		_, sent := f.calls("signatures/signHash")[0].body["SAD"]
		require.Equal(t, name == "SAD", sent)
	}
}

// TestOptions: what the API cannot do is refused before anybody is asked.
func TestOptions(t *testing.T) {
	f := newFake(t, testpki.RSA2048)
	key := f.key(t, f.client())
	key.Approve = func(context.Context, *csc.Approval) (*csc.Grant, error) {
		t.Error("the owner was asked")
		return nil, nil
	}
	for name, opts := range map[string]crypto.SignerOpts{
		"nothing":         nil,
		"no hash":         crypto.Hash(0),
		"SHA-1":           crypto.SHA1,
		"another length":  crypto.SHA384,
		"salt of 20":      &rsa.PSSOptions{SaltLength: 20, Hash: crypto.SHA256},
		"salt of its own": &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthAuto, Hash: crypto.SHA256},
	} {
		_, err := key.Sign(nil, digest("1"), opts)
		require.ErrorIs(t, err, csc.ErrCredential, name)
	}
	_, err := (&csc.Key{}).Sign(nil, digest("1"), crypto.SHA256)
	require.ErrorIs(t, err, csc.ErrCredential)
	require.Nil(t, (&csc.Key{}).Public())
	_, err = (&csc.Key{Credential: key.Credential}).Sign(nil, digest("1"), crypto.SHA256)
	require.ErrorIs(t, err, csc.ErrCredential)
	require.Zero(t, key.Client.Counts().Authorizations)
}
