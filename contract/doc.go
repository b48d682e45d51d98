// Package contract runs a contract from the uploaded documents to the archive: an ID
// on every page, participants who sign in order, evidence of who did what, conclusion
// with an archive time stamp, renewal, the completion certificate (契約締結証明書) and
// the audit of both by anyone.
//
// A Contract is a value that its caller stores, as JSON of the published schema
// docs/schema/contract.json; its PDFs are the caller's files, reached through a Store.
// Every step of a Platform can be repeated after a crash: what it did is found in the
// documents and the state and not done again.
//
// The evidence is a Record: what the documents were (digests of their revisions), who
// took part and how they were identified, and events that are chained by their hashes.
// Personal values are in it only as salted commitments; the values are in a Disclosure,
// which can be withheld or deleted.
//
// # What it does not decide
//
// It does not know whether a person is who a name says: it keeps what the service says
// of an identification, and an audit calls that asserted, never proven. It does not
// decide whether a signature holds: package verify does. It keeps no database, sends no
// mail and asks nobody for consent.
//
// # Security
//
// States, records, manifests and disclosures that are read are hostile input: their
// sizes and counts are limited (limits.go). Identifiers and salts come from crypto/rand
// unless the caller gives another source.
package contract
