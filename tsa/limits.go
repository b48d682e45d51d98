package tsa

// Limits on what a token may hold.
const (
	maxExtensions  = 64 // extensions of one TSTInfo
	maxTimeLength  = 64 // characters of genTime
	maxNumberBytes = 64 // serial number and nonce; RFC 3161, 2.4.2 asks to take up to 20
)
