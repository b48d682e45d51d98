package tsa

import "time"

// Limits on what a token, a query or a response may hold.
const (
	maxExtensions  = 64 // extensions of one TSTInfo or TimeStampReq
	maxTimeLength  = 64 // characters of genTime
	maxNumberBytes = 64 // serial number and nonce; RFC 3161, 2.4.2 asks to take up to 20
	maxTexts       = 16 // texts of one response
)

// Limits on what one answer may cost, and what the zero value of a field in [Client]
// means.
const (
	maxReplyBytes  = 256 << 10 // one response
	maxHeaderBytes = 64 << 10  // header of an HTTP response

	defaultTimeout = 30 * time.Second // one exchange
	defaultMaxSkew = 5 * time.Minute  // between the clocks of client and server

	connectTimeout = 10 * time.Second // one connection, and its TLS handshake
	// A connection that the server closes while a request goes out leaves it open whether
	// a stamp was made, so idle ones are dropped before servers usually do.
	idleTimeout = 2 * time.Second
	defaultRest = 30 * time.Second // how long a server that did not answer is asked last

	nonceBytes = 8
)

// Limits of a [Responder].
const (
	maxQueryBytes = 16 << 10             // one request
	maxAccuracy   = 365 * 24 * time.Hour // accuracy written into a token

	serialBytes = 20  // of a random serial number; RFC 3161, 2.4.2 has readers take 160 bits
	infoRoom    = 256 // bytes that most TSTInfo fit into
)
