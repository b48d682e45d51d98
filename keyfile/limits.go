package keyfile

// Limits on what a file may ask for; each is far above what programs write.
const (
	// maxPEMBlocks bounds how many PEM blocks of a key file are looked at.
	maxPEMBlocks = 4096
	// maxIterations bounds how often a password is hashed to make one key.
	maxIterations = 10_000_000
	// maxWork bounds how often it is hashed for all keys of a PKCS#12 file together.
	maxWork = 2 * maxIterations
	// maxScryptBlocks bounds the memory of scrypt, in blocks of 128 bytes (N times r),
	// and maxScryptLanes how often it is filled (p).
	maxScryptBlocks = 1 << 21
	maxScryptLanes  = 16
	// maxPKCS12Bytes bounds the size of a PKCS#12 file, and maxPKCS12Depth how deep it
	// is searched for the work that it asks for.
	maxPKCS12Bytes = 16 << 20
	maxPKCS12Depth = 32
	// maxPKCS12Parts is how many parts of a file are decrypted: as many as the library reads.
	maxPKCS12Parts = 2
	// maxNamed bounds how many certificates an error names.
	maxNamed = 3
)
