package pades

import (
	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
)

// Parts of the room that is reserved in /Contents, in bytes.
const (
	// headerRoom is for the CMS structure and the attributes that every
	// signature has: some 400 bytes with SHA-512, and as much again to spare.
	headerRoom = 1 << 10
	// curveRoom is for an ECDSA signature (P-521: 139 bytes) or Ed25519 (64).
	curveRoom = 160
	// unknownRoom is for an outside signer whose key and certificates are not known.
	unknownRoom = 16 << 10
	// attributeRoom is for each commitment and for the policy.
	attributeRoom = 256
)

// contentsSize is the room in bytes for the CMS object.
func (o *SignOptions) contentsSize(chain []*certificate.Certificate) int {
	if o.ContentsSize > 0 {
		return o.ContentsSize
	}
	size := headerRoom + attributeRoom*len(o.Commitments)
	if o.Policy != nil {
		size += attributeRoom
	}
	if len(chain) == 0 {
		return size + unknownRoom
	}
	for _, c := range chain {
		size += len(c.Raw)
	}
	// The issuer is named twice more: by the signer's identifier and by the
	// signing-certificate attribute.
	return size + 2*len(chain[0].RawIssuer) + signatureSize(chain[0])
}

// signatureSize is the greatest length of a signature made with the
// certificate's key.
func signatureSize(c *certificate.Certificate) int {
	// An RSA key is longer than its signatures, an ML-DSA key shorter.
	return max(len(c.PublicKeyInfo.Key), curveRoom, algorithm.MLDSASignatureSize(c.PublicKey))
}
