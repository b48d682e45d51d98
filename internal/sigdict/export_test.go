package sigdict

// The limits, for tests that stand at them.
const (
	MaxDepth        = maxDepth
	MaxFields       = maxFields
	MaxReferences   = maxReferences
	MaxLockedFields = maxLockedFields
	MaxStoreItems   = maxStoreItems
	MaxHops         = maxHops
	MaxCertificates = maxCertificates
	MaxWork         = maxWork
)
