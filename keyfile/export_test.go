package keyfile

// MaxPEMBlocks is the limit, for the test that stands at it.
const MaxPEMBlocks = maxPEMBlocks
