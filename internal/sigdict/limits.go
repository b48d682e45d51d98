package sigdict

// Limits on what one form may make the reader do. Real forms stay far below.
const (
	// maxDepth is the deepest nesting of form fields.
	maxDepth = 64
	// maxFields is the number of nodes of the field tree that are visited.
	maxFields = 100_000
	// maxHops is how many references in a row are followed to a value.
	maxHops = 16
	// maxReferences is the number of signature references in one dictionary.
	maxReferences = 32
	// maxCertificates is the number of certificates in one dictionary.
	maxCertificates = 128
	// maxLockedFields is the number of names in one lock.
	maxLockedFields = 10_000
	// maxStoreItems is the number of items of one array of the security store.
	maxStoreItems = 10_000
	// maxWork bounds what objects that many others refer to cost when they are read
	// again for each: it counts steps, and what is kept, in about 16 bytes.
	maxWork = 4 << 20
)
