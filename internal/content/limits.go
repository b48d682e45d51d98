package content

const (
	// maxBytes is how many bytes of content one page or form is read.
	maxBytes = 16 << 20
	// maxOperators is how many operators of it, those of inner forms counted.
	maxOperators = 200_000
	// maxForms is how deep forms are followed into each other.
	maxForms = 8
	// maxAreas is how many areas are kept; what follows enlarges the last one.
	maxAreas = 20_000
	// maxText is how many bytes of shown text are kept.
	maxText = 64 << 10
	// maxOperands is how many operands of one operator are kept.
	maxOperands = 4096
	// maxStates is how deep graphics states may be saved.
	maxStates = 512
	// maxCodes is how many codes of fonts are read for one page, by their ToUnicode.
	maxCodes = 1 << 18
	// maxNodes and maxLevels bound the page tree.
	maxNodes  = 100_000
	maxLevels = 64
)
