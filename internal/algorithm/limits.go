package algorithm

// Limits on what stands in certificates and signatures of strangers.
const (
	// maxRSABits bounds the modulus, and with it the time of one verification (about 5 ms at the limit).
	maxRSABits = 16384
	// maxRSAExponentBits bounds the public exponent of keys that crypto/rsa does not take (FIPS 186-5 §5.1 has this
	// limit), and maxRSAExponentModulus the modulus beside one that crypto/rsa does not take: together up to 2 ms.
	maxRSAExponentBits    = 256
	maxRSAExponentModulus = 4096
	// maxDSABits and maxDSAOrderBits bound p and q of DSA; FIPS 186-4 §4.2 goes to 3072 and 256. With them one
	// verification takes a few milliseconds. A shorter q than minDSAOrderBits has never been allowed.
	maxDSABits      = 4096
	maxDSAOrderBits = 256
	minDSAOrderBits = 160
	// maxSaltLength bounds the salt of RSA-PSS in bytes; a salt longer than the modulus never verifies.
	maxSaltLength = maxRSABits / 8
)
