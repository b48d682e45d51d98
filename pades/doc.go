// Package pades signs PDF documents with PAdES signatures (ETSI EN 319 142-1,
// ISO 32000-2, 12.8).
//
// A [Document] is the untouched original and a tail in memory. Each signature
// adds one incremental update to the tail; no byte of the original is copied,
// changed or searched, and a call that fails leaves the Document as it was:
//
//	doc, err := pades.Open("contract.pdf", nil)
//	...
//	defer doc.Close()
//	err = doc.Sign(ctx, &pades.Signer{Key: key, Chain: chain}, nil)
//	...
//	err = doc.WriteFile("contract-signed.pdf")
//
// Where the key is elsewhere, [Document.Prepare] gives what it has to sign, and
// [Document.Complete] or [Document.CompleteCMS] takes the signature, in another
// process if need be.
//
// The package does not judge: it neither validates earlier signatures nor the
// signer's certificate chain. Package verify does.
package pades
