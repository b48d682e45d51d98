package algorithm

// Limits on what stands in certificates and signatures of strangers.
const (
	// maxRSABits bounds the modulus, and with it the time of one verification (about 5 ms at the limit).
	maxRSABits = 16384
	// maxSaltLength bounds the salt of RSA-PSS in bytes; a salt longer than the modulus never verifies.
	maxSaltLength = maxRSABits / 8
)
