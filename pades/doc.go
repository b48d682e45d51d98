// Package pades signs PDF documents with PAdES signatures (ETSI EN 319 142-1,
// ISO 32000-2, 12.8) and keeps signatures provable.
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
// The levels above B-B take services with them: a time-stamping authority, and a source
// of certificates and revocation data. [Document.Extend] raises or renews what is signed
// already, whoever did it, and [Document.Timestamp] stamps a document:
//
//	err = doc.Sign(ctx, signer, &pades.SignOptions{Level: pades.BLTA, TSA: authority, Revocation: source})
//	...
//	err = doc.Extend(ctx, &pades.ExtendOptions{Level: pades.BLTA, TSA: authority, Revocation: source}) // years later
//
// A document is prepared for several signers with [Document.AddFields], and protected
// between them: what a field asks for ([SeedValues]) and locks ([Lock]) is obeyed, as is
// what earlier signatures permit, before a key is used.
//
// The package does not judge. Extend verifies the mathematics of what it extends, and
// builds paths, to know what proves what and what is missing; whether somebody is
// trusted, or a signature valid, package verify says.
package pades
