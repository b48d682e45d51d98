package content

// Limits that the tests reach.
const (
	MaxBytes     = maxBytes
	MaxOperators = maxOperators
	MaxAreas     = maxAreas
	MaxText      = maxText
	MaxStates    = maxStates
	MaxOperands  = maxOperands
	MaxForms     = maxForms
)
