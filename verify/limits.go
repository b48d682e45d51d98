package verify

import "time"

const (
	// maxSignatures is how many signatures of one file are judged. More are
	// reported as one finding, and the file is not intact.
	maxSignatures = 4096
	// maxSharedValues is how many bytes longer than the file its signature values may be
	// together. Those of honest files do not overlap.
	maxSharedValues = 1 << 20
	// maxFormWork is how many objects are visited while the forms of all
	// revisions are read; sound files need revisions × fields.
	maxFormWork = 300_000
	// maxUnreachable is how many signature dictionaries outside the form are
	// reported.
	maxUnreachable = 100
	// maxTimestamps is how many time stamps of one signature value are verified.
	maxTimestamps = 16
	// maxEvidence is how many bytes of validation data in a file are read, and how many
	// are searched to name the level of signatures and to find the certificates of
	// time-stamping authorities.
	maxEvidence = 64 << 20
	// maxStoreWork is how many steps it may take to read what the security stores of all
	// revisions list; those after it are left out.
	maxStoreWork = 8 << 20
	// maxLockLevels is how many ancestors of a field are looked for in a lock, when several
	// locks are told as one.
	maxLockLevels = 64
	// maxPaintedPages is how many pages are looked at to tell what additions cover.
	maxPaintedPages = 64
	// maxInspectedFields is how many fields are inspected, maxInspectedDepth how
	// deep, and maxFieldHints how many hints about them a report holds.
	maxInspectedFields = 500
	maxInspectedDepth  = 16
	maxFieldHints      = 20
	// maxAdditions is how many additions all signatures of a report list together.
	maxAdditions = 20_000
	// maxChangeFindings is how many findings about later revisions one signature gets.
	maxChangeFindings = 16
	// maxProven is how many bytes of revocation values are noted as proven again and
	// again by further time stamps.
	maxProven = 512 << 20
	// maxPathWork is how many certificates and pieces of evidence are looked through
	// for the paths of all signatures of a file together.
	maxPathWork = 1 << 22
	// maxPathSignatures is how many signatures of certificates are verified for the paths
	// of all signatures of a file together; slow keys count more.
	maxPathSignatures = 1 << 14
	// maxSlides is how many times are tried for one certificate in past validation.
	maxSlides = 64
	// maxFetches is for how many certificates a source is asked, at most concurrentFetches
	// at once.
	maxFetches        = 64
	concurrentFetches = 4
	// maxFetchFindings is how many places that did not answer a report names.
	maxFetchFindings = 16
)

// skew is how far clocks may go wrong: a time stamp from beyond that is none.
const skew = 5 * time.Minute
