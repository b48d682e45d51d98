//go:build !go1.27

package verify_test

// hasMLDSA tells whether this Go has ML-DSA.
const hasMLDSA = false
