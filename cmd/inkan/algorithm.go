package main

import (
	"crypto"
	"strings"

	"github.com/inkan-go/inkan/cms"
)

// algorithmName is the name of a signature algorithm in flags and for signer commands:
// RSA-SHA256, RSA-PSS-SHA256, ECDSA-SHA384, Ed25519, ML-DSA-65. Names of SHA-3 are as RSA-SHA3-256.
func algorithmName(a cms.Algorithm) string {
	if a.Scheme != cms.RSA && a.Scheme != cms.RSAPSS && a.Scheme != cms.ECDSA {
		return a.Scheme.String() // which fixes the hash function
	}
	return a.Scheme.String() + "-" + strings.Replace(a.Hash.String(), "SHA-", "SHA", 1)
}

// algorithmNamed finds the algorithm of that name, in capitals or not.
func algorithmNamed(name string) (cms.Algorithm, bool) {
	for _, scheme := range []cms.Scheme{cms.RSA, cms.RSAPSS, cms.ECDSA, cms.Ed25519, cms.MLDSA44, cms.MLDSA65, cms.MLDSA87} {
		for hash := crypto.MD4; hash <= crypto.BLAKE2b_512; hash++ {
			a := cms.Algorithm{Scheme: scheme, Hash: hash}
			if scheme.SignsMessage() && hash != crypto.SHA512 {
				continue // the name does not say the hash function
			}
			if a.Validate() == nil && strings.EqualFold(algorithmName(a), name) {
				return a, true
			}
		}
	}
	return cms.Algorithm{}, false
}
