package algorithm

import (
	"bytes"
	"crypto/x509/pkix"
	"encoding/asn1"
)

// SameIdentifier compares two AlgorithmIdentifiers; NULL parameters are the same as none (RFC 5754, 2).
func SameIdentifier(a, b pkix.AlgorithmIdentifier) bool {
	parameters := func(id pkix.AlgorithmIdentifier) []byte {
		if p := id.Parameters.FullBytes; !bytes.Equal(p, asn1.NullBytes) {
			return p
		}
		return nil
	}
	return a.Algorithm.Equal(b.Algorithm) && bytes.Equal(parameters(a), parameters(b))
}
