package content

import "strings"

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

// Limits of pictures.
const (
	MaxLevels = maxLevels
	MaxNodes  = maxNodes
	MaxCodes  = maxCodes
)

// Decoded is what two-byte codes stand for by a CMap.
func Decoded(cmap, codes string) string {
	c := &cmapReader{texts: make(map[uint16]string), left: maxCodes}
	c.read([]byte(cmap))
	var b strings.Builder
	(&decoder{wide: true, texts: c.texts}).decode(&b, []byte(codes))
	return b.String()
}
