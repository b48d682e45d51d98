// Package interop lets other programs judge what inkan signs, and inkan judge
// what they sign: EU DSS, pyHanko, qpdf, poppler's pdfsig and openssl. It holds
// tests alone. A judge that is not installed skips its tests, except with
// REQUIRE_PEERS=1 in the environment.
package interop
