package csc

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"maps"
	"slices"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/algorithm"
)

// Object identifiers of kinds of keys, which services take for every hash function.
const (
	oidRSAEncryption = "1.2.840.113549.1.1.1"
	oidECPublicKey   = "1.2.840.10045.2.1"
)

type signAnswer struct {
	Signatures []text `json:"signatures"`
	ResponseID text   `json:"responseID"`
}

// SignHash has digests signed under an authorization (signatures/signHash; 1.0.4, 11.9). It sends one request, once. Every
// signature that comes back is verified; ECDSA is in DER.
//
// Where some do not hold, those that do are returned, the others are nil, and the error joins a *[SignatureError] for
// each. After any other error nothing is returned; without cms.ErrNotSigned in it the key may have been used.
func (c *Client) SignHash(ctx context.Context, a *Authorization, alg cms.Algorithm, digests [][]byte) ([][]byte, error) {
	list, err := c.signHash(ctx, a, alg, digests)
	return list, told(err)
}

func (c *Client) signHash(ctx context.Context, a *Authorization, alg cms.Algorithm, digests [][]byte) ([][]byte, error) {
	if a == nil {
		return nil, failf(ErrAuthorization, "no authorization given")
	}
	k := a.Credential
	if err := k.usable(len(digests)); err != nil {
		return nil, err
	}
	if err := a.expired(c.now()); err != nil {
		return nil, err
	}
	request := map[string]any{"credentialID": k.ID}
	c.common(request)
	if a.sad != "" {
		request["SAD"] = a.sad
	}
	if err := k.name(request, alg); err != nil {
		return nil, err
	}
	if err := bind(request, k.version, alg.Hash, digests); err != nil {
		return nil, err
	}
	if k.version == V2 {
		request["operationMode"] = "S"
	}
	c.state.signCalls.Add(1)
	c.state.digests.Add(int64(len(digests)))
	var answer signAnswer
	if err := c.call(ctx, k.version, methodSignHash, request, &answer, a.hide()); err != nil {
		if errors.Is(err, ErrNotSent) {
			c.state.signCalls.Add(-1)
			c.state.digests.Add(-int64(len(digests)))
		}
		return nil, err
	}
	if len(answer.Signatures) != len(digests) {
		return nil, failf(errOutcome, "%w: %d signatures for %d digests", ErrResponse, len(answer.Signatures), len(digests))
	}
	return c.verify(k, alg, digests, answer.Signatures)
}

// verify decodes signatures and checks each.
func (c *Client) verify(k *Credential, alg cms.Algorithm, digests [][]byte, list []text) ([][]byte, error) {
	out := make([][]byte, len(list))
	var faults []error
	for i, t := range list {
		signature, err := decode(t)
		if err != nil {
			err = failf(ErrSignature, "it is not Base64")
		} else {
			err = k.check(alg, digests[i], signature)
		}
		if err != nil {
			faults = append(faults, &SignatureError{Index: i, Err: err})
			continue
		}
		out[i] = signature
		c.state.signatures.Add(1)
	}
	return out, errors.Join(faults...)
}

// check verifies a signature over a digest under the certificate of the credential.
func (k *Credential) check(alg cms.Algorithm, digest, signature []byte) error {
	pub := k.Certificate.PublicKey
	switch key := pub.(type) {
	case *rsa.PublicKey:
		if len(signature) != key.Size() {
			return failf(ErrSignature, "%w: %d bytes, the key makes %d", ErrSignatureLength, len(signature), key.Size())
		}
	case *ecdsa.PublicKey:
		// A SEQUENCE of two INTEGERs: at least two octets each, at most one more than the order has, with their heads.
		size := (key.Curve.Params().BitSize + 7) / 8
		if most := 2*(size+3) + 3; len(signature) < 8 || len(signature) > most {
			return failf(ErrSignature, "%w: %d bytes, the key makes up to %d", ErrSignatureLength, len(signature), most)
		}
	}
	if err := algorithm.VerifyDigest(pub, full(alg), digest, signature); err != nil {
		return failf(ErrSignature, "%w", err)
	}
	return nil
}

// full returns an algorithm with its parameters.
func full(a cms.Algorithm) algorithm.Signature {
	if a.Scheme == cms.RSAPSS {
		return algorithm.NewPSS(cms.Hash(a.Hash))
	}
	return algorithm.Signature{Scheme: a.Scheme, Hash: cms.Hash(a.Hash)}
}

// name adds to a request how to sign, in words that the credential offers.
func (k *Credential) name(request map[string]any, alg cms.Algorithm) error {
	if err := alg.CheckKey(k.Certificate.PublicKey); err != nil {
		return failf(ErrCredential, "%w", err)
	}
	if alg.Scheme != cms.RSA && alg.Scheme != cms.RSAPSS && alg.Scheme != cms.ECDSA {
		return failf(ErrCredential, "the API signs digests, which %s does not", alg)
	}
	id, err := full(alg).Identifier()
	if err != nil {
		return failf(ErrCredential, "%w", err)
	}
	choices := []string{dotted(id.Algorithm)}
	switch alg.Scheme {
	case cms.RSA:
		choices = append(choices, oidRSAEncryption)
	case cms.RSAPSS:
		request["signAlgoParams"] = base64.StdEncoding.EncodeToString(id.Parameters.FullBytes)
	case cms.ECDSA:
		choices = append(choices, oidECPublicKey)
	}
	oid, ok := algorithm.HashOID(cms.Hash(alg.Hash))
	if !ok {
		return failf(ErrCredential, "%s has no identifier", alg)
	}
	if k.version == V1 {
		request["hashAlgo"] = dotted(oid)
	} else {
		request["hashAlgorithmOID"] = dotted(oid)
	}
	if len(k.Algorithms) == 0 {
		request["signAlgo"] = choices[0]
		return nil
	}
	for _, choice := range choices {
		if slices.Contains(k.Algorithms, choice) {
			request["signAlgo"] = choice
			return nil
		}
	}
	return failf(ErrCredential, "%q does not sign with %s", k.ID, alg)
}

// algorithmOf returns the algorithm that options of crypto.Signer ask for.
func algorithmOf(pub crypto.PublicKey, opts crypto.SignerOpts) (cms.Algorithm, error) {
	usual, err := cms.AlgorithmFor(pub)
	if err != nil {
		return usual, failf(ErrCredential, "%w", err)
	}
	if opts == nil || opts.HashFunc() == 0 {
		return usual, failf(ErrCredential, "the API signs digests, and no hash function is named")
	}
	a := cms.Algorithm{Scheme: usual.Scheme, Hash: opts.HashFunc()}
	if pss, ok := opts.(*rsa.PSSOptions); ok {
		a.Scheme = cms.RSAPSS
		if pss.SaltLength != rsa.PSSSaltLengthEqualsHash && pss.SaltLength != a.Hash.Size() {
			return a, failf(ErrCredential, "RSA-PSS with a salt of another length than the digest")
		}
	}
	return a, nil
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// first returns the first text that is not empty.
func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
