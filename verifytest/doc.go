// Package verifytest helps Go programs that sign PDF files, or judge signed ones, to
// test that: with a public key infrastructure that is made for one test and thrown
// away, and with assertions on reports of package verify that print what was found.
//
//	pki := verifytest.NewPKI(t)
//	signed := pki.Sign(t, contract, &pades.SignOptions{Level: pades.BLTA})
//	report := pki.Verify(t, signed)
//	verifytest.Passed(t, report)
//	verifytest.Level(t, report, "PAdES-B-LTA")
//
// Everything happens in the process of the test and on the loopback interface.
//
// # What it does not decide
//
// The assertions look at a report that package verify made; they judge nothing.
//
// # Security
//
// The keys are made anew for every PKI, live in memory and are worth nothing. Never
// trust the anchors of such an infrastructure outside a test.
package verifytest
