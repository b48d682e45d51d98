// Package fetch gets what certificates point to over HTTP: the certificates of
// their issuers (authorityInfoAccess, RFC 5280, 4.2.2.1), CRLs
// (cRLDistributionPoints, 4.2.1.13) and OCSP responses (RFC 6960, appendix A).
//
//	client := &fetch.Client{}
//	answer, err := client.OCSP(ctx, fetch.Query{Certificate: c, Issuer: issuer})
//
// [Source] is what other packages ask for, so a caller can put its own in: a
// directory service, an archive, a service that only registered verifiers may ask.
// An [Answer] lists everything that was tried, and what became of it, also when
// something was found.
//
// A [Finder] puts a Source behind the building of paths.
//
// # What it does not decide
//
// Nothing that comes back is trusted or judged: package certificate/revocation says
// what evidence means, package certificate whether a path holds. The structure is
// read only to tell an answer from an error page and to know how long a copy may be
// kept. HTTP caching headers are not looked at.
//
// # Security
//
// The URLs stand in certificates and are as hostile as these. On its own transport a
// [Client] connects to public addresses only: loopback, private, link-local,
// multicast, shared, reserved and translated ones are refused in the URL, in a
// redirect, and in what the resolver answers; the connection goes to the very
// address that was checked. [Client.AllowPrivate] lifts that. Proxies named in the
// environment are not used. A Transport of the caller's is the caller's
// responsibility: only scheme, literal addresses and names are checked then.
//
// Size, time, redirects, simultaneous requests to one host and URLs of one
// certificate are limited (limits.go). No request is repeated. Errors name URLs
// without their query and without user information.
package fetch
