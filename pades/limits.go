package pades

// Limits of the package. What is read from a PDF has its limits in internal/pdf.
const (
	// maxContentsSize bounds SignOptions.ContentsSize and so the /Contents that
	// a prepared signature may ask for.
	maxContentsSize = 4 << 20
	// maxPages bounds how many page-tree nodes are visited to find a page.
	maxPages = 1 << 20
	// maxSharingPages bounds how many pages are asked whether they share their
	// annotations with the one that gets another.
	maxSharingPages = 10_000
	// maxWidgets bounds in how many places one signature is shown.
	maxWidgets = 5000
	// maxStampedPages bounds how many pages a document has that is stamped.
	maxStampedPages = 20_000
	// maxContentStreams bounds how many streams of content the stamped pages have in all.
	maxContentStreams = 1 << 20
	// maxContentBytes bounds the content of a page that is stamped, and what is mended in
	// that of all pages.
	maxContentBytes = 32 << 20
	// maxPageDepth bounds the depth of the page tree.
	maxPageDepth = 256
	// maxFieldDepth bounds the depth of the field tree.
	maxFieldDepth = 64
	// maxPrepared bounds the serialised form of a prepared signature.
	maxPrepared = 64 << 20
	// maxAttributes bounds how many further signed attributes a prepared signature has.
	maxAttributes = 64
	// maxChain bounds how many certificates a signature carries.
	maxChain = 64
	// maxWorkers bounds how many documents a Batch works on at a time.
	maxWorkers = 1024
	// maxExisting bounds how many signatures and document time stamps Extend looks at.
	maxExisting = 4096
	// maxStored bounds how many values of security stores are read, over all
	// revisions, and maxListed how many entries that list them are looked at.
	maxStored = 16384
	maxListed = 1 << 20
	// maxProofs bounds how often a value is noted to be older than was known.
	maxProofs = 1 << 17
	// maxQuestions bounds how many questions one call puts to a Source, whose answers
	// may take their time.
	maxQuestions = 1024
	// maxLocked bounds how many fields a lock names, and maxSeeds how many items a seed
	// value lists.
	maxLocked = 10_000
	maxSeeds  = 1000
	// maxHops bounds how many references in a row are followed to a value.
	maxHops = 16
	// maxReach is how far behind the end of a file the ByteRange of an earlier
	// signature may begin again without that what is added could lie within it.
	maxReach = 1 << 30
	// maxRecord bounds the record of an append: see recordSuffix.
	maxRecord = 1 << 10
)
