package changes

const (
	// maxDepth is the deepest nesting of direct objects that is compared or
	// searched: deeper than internal/pdf reads.
	maxDepth = 512
	// maxObjects is how many objects of one file are searched for references,
	// and maxReferences how many references they may hold.
	maxObjects    = 2_000_000
	maxReferences = 8_000_000
	// maxInspected is how many objects of a file are inspected for what is odd
	// about them, where no later revision asks for them anyway.
	maxInspected = 100_000
	// maxActions is how many actions are kept, and maxNamed how many objects of
	// one sort are named.
	maxActions = 1000
	maxNamed   = 20
	// maxDoubts is how many objects of a file may be unreadable.
	maxDoubts = 1000
	// maxWork is how many references are followed to explain one file; two items of a list
	// that are compared count as one.
	maxWork = 10_000_000
	// maxMetadata is the largest metadata stream, in bytes, that is read.
	maxMetadata = 4 << 20
	// maxCompared is how many bytes of streams are compared in one revision.
	maxCompared = 256 << 20
	// maxFindings is how many unexplained changes of one revision are named.
	maxFindings = 64
	// maxHops is how many references in a row are followed to a value.
	maxHops = 16
	// maxTree is how deep trees of pages, fields and structure are climbed.
	maxTree = 256
	// maxTreeEntries is how many entries of a number tree are compared, and how many places
	// in the page tree are remembered.
	maxTreeEntries = 500_000
	// maxFields is how many fields are looked at to tell whether all show their values.
	maxFields = 20_000
	// maxScanned is how many bytes of one revision are searched for what looks
	// like an object.
	maxScanned = 1 << 30
	// maxGap is how many bytes of a revision that belong to no object are looked at.
	maxGap = 1 << 20
)
