// Package testpki is a throw-away public key infrastructure: a root, an
// intermediate authority and certificates of every key type and shape that tests,
// the generator of testdata and the demonstration need.
//
// With nil options keys, names and times are fixed and every certificate issued
// with an RSA PKCS#1 v1.5, ECDSA or Ed25519 key has the same bytes in every run.
// The fixed private keys are part of the source, so nothing issued under them
// deserves trust. [FreshKeys] makes keys that nobody else has.
//
// [Template] builds any certificate, well-formed or not.
package testpki
