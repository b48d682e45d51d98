package csc

import "time"

// Limits on what one answer may hold.
const (
	maxReplyBytes   = 4 << 20  // one answer
	maxHeaderBytes  = 64 << 10 // header of one answer
	maxPages        = 100      // pages of credentials/list
	maxCredentials  = 10_000   // of all pages
	maxIDBytes      = 4096     // identifier of a credential, and each other name
	maxNames        = 256      // methods, algorithms and modes, in each list
	maxFactors      = 16       // authentication objects of a credential
	maxCertificates = 16       // chain of a credential
	maxSADBytes     = 64 << 10 // signature activation data
)

// Limits on what is asked for.
const (
	maxDigests = 10_000 // of one call, whatever the credential allows
)

// What the zero value of a field in [Client] means, and what time answers may speak of.
const (
	defaultTimeout = 2 * time.Minute // one call, during which a person may have to agree
	connectTimeout = 10 * time.Second
	idleTimeout    = 2 * time.Second // below that of servers: a connection closed under a request leaves its fate open
	defaultSADLife = time.Hour       // where the service does not say it (1.0.4, 11.6)
	maxWait        = 24 * time.Hour  // Retry-After
	maxSADLife     = 366 * 24 * time.Hour
)
