package pdf

// All limits of the package. Each bounds what a hostile file can make the
// reader do; honest files stay far below.
const (
	// maxDepth is how deep arrays and dictionaries may nest.
	maxDepth = 500
	// maxItems is how many values one object may hold, at all depths together.
	maxItems = 1 << 20
	// maxObjectBytes is how long an object may be in the file, stream data not counted.
	maxObjectBytes = 64 << 20
	// maxObjectNumber is the highest object number that is read.
	maxObjectNumber = 1<<31 - 1
	// maxSections is how long a chain of cross-reference sections may be.
	maxSections = 1 << 14
	// maxEntries is how many cross-reference entries a file may have, besides
	// one for every entryBytes bytes of its size.
	maxEntries = 1 << 20
	entryBytes = 8
	// maxIndirections is how often a reference may lead to another reference.
	maxIndirections = 32
	// maxNesting is how many other objects may be needed to read one: an object
	// stream, its length, the object stream that holds the length, and so on.
	maxNesting = 8
	// maxFilters is how many filters a stream may have.
	maxFilters = 8
	// maxStreamBytes is how long the decoded data of one stream may be, and
	// maxDecodedBytes that of all object and cross-reference streams together.
	maxStreamBytes  = 128 << 20
	maxDecodedBytes = 512 << 20
	// decodingBytes and decodingFactor bound how many bytes filters take and give
	// in all: decodingBytes + decodingFactor * file size. A stream that is decoded
	// again counts again, and so does one that turns out to be damaged.
	decodingBytes  = 640 << 20
	decodingFactor = 16
	// maxCacheBytes is up to how many bytes (roughly) parsed objects and
	// decoded object streams are kept.
	maxCacheBytes = 8 << 20
	// workBytes and workFactor bound how many bytes are parsed in all:
	// workBytes + workFactor * (file size + decoded object streams). Objects of
	// honest files do not overlap, so that they need at most their size.
	workBytes  = 16 << 20
	workFactor = 4
	// maxEncryptions is how many encryption dictionaries are opened: one for
	// every chain of sections that is tried. Checking a password is slow.
	maxEncryptions = 16
	// maxSkimDepth is how deep values may nest to be skimmed over, and
	// maxSkimWindow about how long an object may be.
	maxSkimDepth  = 64
	maxSkimWindow = 64 * firstWindow
	// maxAnomalies is how many anomalies are kept, of those that are formal and of
	// those that are ambiguous; of more ambiguous ones the last of every revision.
	maxAnomalies = 1000
	// headerBytes is where the header must begin at the latest.
	headerBytes = 1024
	// maxLinearization is how many bytes are searched for the end of a
	// linearization parameter dictionary, comments before it among them.
	maxLinearization = 1 << 20
	// maxCandidates is how many earlier "startxref" are tried when the last
	// one does not lead to a sound chain.
	maxCandidates = 256
	// maxTrailers is how many of the trailers that a scan finds are kept, the last ones.
	maxTrailers = 64
	// maxRebuilds is for how many sections it is tried to rebuild what lies below.
	maxRebuilds = 4
	// startxrefTail is how near to its end most readers look for startxref before
	// they repair a file.
	startxrefTail = 1024
	// maxTrailerGap is how many bytes may stand between the end of a
	// cross-reference section and the "startxref" that names it.
	maxTrailerGap = 4096
)

// Sizes of the windows that are read from the file; the first ones are read
// with the byte before them, which makes a round number.
const (
	firstWindow  = 2<<10 - 1
	windowGrowth = 4
	tailWindow   = 2<<10 - 1
	scanWindow   = 256 << 10
)
