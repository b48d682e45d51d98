// Package interop lets other programs judge what inkan signs, and inkan judge
// what they sign: qpdf, poppler's pdfsig, openssl and pyHanko. It holds tests
// alone. A judge that is not installed skips its tests, except with
// REQUIRE_PEERS=1 in the environment.
package interop
