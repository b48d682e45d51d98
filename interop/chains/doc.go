// Package chains holds certification paths and their revocation against openssl, as
// judge (verify, ocsp) and as responder, on matrices of generated chains. It holds
// tests alone.
package chains
