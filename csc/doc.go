// Package csc signs with keys that a remote signing service keeps: it is a client of the API of the Cloud Signature
// Consortium, version 2 with a fall-back to version 1.0.4.
//
// A [Client] lists credentials and reads them, with their certificates; a [Key] is a credential's key as a
// crypto.Signer and cms.ContextSigner, for pades.Signer. Many signatures under one authorization come from
// [Key.SignDigests], when all digests are known (pades.Document.Prepare, then Complete), or from a [Session],
// which a pades.Batch can sign with.
//
//	client := &csc.Client{URL: "https://service.example", HTTPClient: oauth2Client}
//	credential, err := client.Credential(ctx, id)
//	key := &csc.Key{Client: client, Credential: credential, Approve: askForPIN}
//	err = doc.Sign(ctx, &pades.Signer{Key: key, Chain: credential.Chain}, nil)
//
// How a program proves to the service who it is (OAuth 2.0, mutual TLS) is the business of the caller's http.Client.
//
// # What it does not decide
//
// It does not judge certificates, and does not decide whether somebody may sign. It verifies that every signature is one
// of the digest that was sent, under the certificate of the credential, and returns no other.
//
// # Security
//
// No request is repeated: after a signatures/signHash without an answer the error lacks cms.ErrNotSigned, and it is
// the caller who decides about another. Redirects are not followed. PINs, one-time passwords and signature activation
// data (SAD) are sent over https or to loopback addresses only, and stand in no error, also where the service repeats
// them. Answers are bounded (limits.go).
package csc
