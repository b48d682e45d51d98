package changes

const (
	// maxDepth is the deepest nesting of direct objects that is compared or searched.
	maxDepth = 128
	// maxObjects is how many objects of one file are searched for references.
	maxObjects = 2_000_000
	// maxClosure is how many new objects one addition may bring along.
	maxClosure = 50_000
	// maxMetadata is the largest metadata stream, in bytes, that is read.
	maxMetadata = 4 << 20
	// maxStoreBytes is how many bytes of streams are compared in one revision.
	maxStoreBytes = 32 << 20
)
