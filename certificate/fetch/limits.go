package fetch

import "time"

// Limits on what one answer may cost. Those with a field in [Client] are what its
// zero value means.
const (
	maxCertificateBytes = 1 << 20  // certificates of an issuer, in any wrapping
	maxOCSPBytes        = 1 << 20  // one OCSP response
	maxCRLBytes         = 64 << 20 // one CRL
	maxRedirects        = 5        // of one request
	maxURLBytes         = 4096     // one URL, also in a redirect
	maxURLs             = 8        // of one kind, of one certificate
	maxHeaderBytes      = 64 << 10 // header of a response
	maxBundle           = 64       // certificates in one answer
	maxAddresses        = 16       // addresses of one host that are tried

	defaultTimeout     = 10 * time.Second // of one URL, with redirects and body
	defaultPerHost     = 4                // simultaneous requests to one host
	defaultMaxAge      = time.Hour        // age of a kept answer
	defaultRefusalTime = 30 * time.Second // how long a failure is remembered
)

// Limits on what is kept.
const (
	defaultMemoryBytes    = 64 << 20
	defaultDirectoryBytes = 512 << 20
	maxMemoryEntries      = 4096
	maxDirectoryEntries   = 16384
	countEvery            = 64 // files put between two counts of a directory
	maxFailures           = 1024
	entryOverhead         = 4096             // bytes that an entry costs beside its answer, with signatures that are remembered
	readCost              = 16               // times the bytes of certificates and OCSP responses: what they are read as
	staleTemporary        = 15 * time.Minute // unfinished files of other processes are left alone for so long
)
