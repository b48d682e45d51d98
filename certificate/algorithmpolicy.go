package certificate

import "github.com/inkan-go/inkan/internal/algorithm"

// AlgorithmPolicy says until when hash functions and keys are acceptable. What it does
// not name is acceptable without end. It is data, and not changed while it is in use:
//
//	Name   string    // where the values come from; reports repeat it
//	Hashes []HashEnd
//	Keys   []KeyEnd  // asked in order; the first that fits counts
type AlgorithmPolicy = algorithm.Policy

// HashEnd is the end of a hash function:
//
//	Hash  cms.Hash
//	Until time.Time // the first day on which it is no longer acceptable
//	Named bool      // always spoken of, whatever the date: no new signature should use it
type HashEnd = algorithm.HashEnd

// KeyEnd is the end of keys below a size, or of a scheme whatever the key:
//
//	Kind   cms.Scheme // RSA, ECDSA or DSA, whatever the scheme that the key is used with
//	Below  int        // the size in bits that a key must reach; 0 fits keys of every size
//	Scheme cms.Scheme // if not zero, the only one that is meant
//	Until  time.Time  // the first day on which it is no longer acceptable
//	Named  bool       // as that of HashEnd
type KeyEnd = algorithm.KeyEnd

// TS119312 returns the policy of ETSI TS 119 312 v1.5.1, as tabulated in October 2024: a
// copy, which may be changed.
func TS119312() *AlgorithmPolicy { return algorithm.TS119312() }
