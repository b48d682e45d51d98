package keyfile

// The limits, for the tests that stand at them.
const (
	MaxPEMBlocks    = maxPEMBlocks
	MaxIterations   = maxIterations
	MaxScryptBlocks = maxScryptBlocks
	MaxScryptLanes  = maxScryptLanes
	MaxPKCS12Bytes  = maxPKCS12Bytes
	MaxPKCS12Depth  = maxPKCS12Depth
	MaxPKCS12Parts  = maxPKCS12Parts
	MaxWork         = maxWork
	MaxNamed        = maxNamed
)

// What is refused before any work is done.
var (
	CheckIterations = checkIterations
	CheckScrypt     = checkScrypt
	CheckWork       = checkWork
	DecryptedParts  = decryptedParts
)
