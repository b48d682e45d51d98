// Package cms makes and reads the Cryptographic Message Syntax's SignedData (RFC 5652) with the attributes that PAdES
// and CAdES use (RFC 5035, EN 319 122-1), and verifies its mathematics.
//
// [Parse] takes DER and BER and keeps the bytes of every part, known or not: what was signed is hashed as it was
// received, never as it might be written again. [SignerInfo.Verify] answers whether the signature value belongs to the
// signed attributes and those to a digest of the content. [Template] builds a SignedData around a signature that a key
// made elsewhere, [Sign] asks a key for it.
//
// It does not decide: whether a certificate is trusted, was valid, or may sign documents; whether an algorithm is
// strong enough at the time that counts; how many signers a PDF may have and whether content may be inside. It says
// what it found, as [Finding]s, and leaves the verdict to its caller.
//
// # Security
//
// A signature without signed attributes is over the content itself, and the signed attributes of another signature
// can be passed off as such content. Callers that verify detached content ask [IsAttributeSet] when
// [Verification.NoSignedAttributes] is set, and refuse if it answers yes. Input is hostile: sizes and counts are bounded (limits.go).
package cms
