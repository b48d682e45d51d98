// Package vectors makes the test vectors of the project: signed, attacked and
// broken PDF files, each with the verdict that it must get. Every expectation
// is written by hand from the definition of the case; none is recorded from
// what the code answers.
//
// The files stand in testdata at the root of the project, listed in
// vectors.json; "make golden" writes them again. Clock, keys and names are
// fixed, so every run makes the same bytes.
package vectors

import (
	"github.com/inkan-go/inkan/verify"
)

// Vector is one file and what must be said of it.
type Vector struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
	// Source tells how the file was made.
	Source string `json:"source"`
	// Passwords open the file, those of a user and of the owner; none where it is in clear.
	Passwords []string `json:"passwords,omitempty"`
	// Conditions are those of the judgement; nil are the fixed root and the fixed
	// time. Several vectors may share a file under different conditions.
	Conditions *Conditions `json:"conditions,omitempty"`
	// Clause is the rule that decides what is expected, where the vector stands for
	// one.
	Clause string `json:"clause,omitempty"`
	// NearMiss names the sub-indications of which the vector falls short by what its
	// source tells: it passes.
	NearMiss []verify.SubIndication `json:"near_miss,omitempty"`
	Expect   Expect                 `json:"expect"`

	build func(m *Maker) ([]byte, error)
}

// Expect is the verdict that a vector must get from a verifier that trusts the
// anchors of the conditions, at their time.
type Expect struct {
	Unreadable bool              `json:"unreadable,omitempty"` // no verdict: the file cannot be read
	Indication verify.Indication `json:"indication"`
	Intact     bool              `json:"intact"`
	Signatures []Signature       `json:"signatures"`
	// Findings are codes that must occur, on the file or on any signature.
	Findings []string `json:"findings,omitempty"`
}

// Signature is what must be said of one signature.
type Signature struct {
	Crypto        verify.Crypto        `json:"crypto"`
	Structure     verify.Structure     `json:"structure"`
	Coverage      verify.Coverage      `json:"coverage"`
	Changes       verify.Changes       `json:"changes"`
	Indication    verify.Indication    `json:"indication"`
	SubIndication verify.SubIndication `json:"sub_indication"`
	// BestTime is since when the signature is proven to exist, in RFC 3339; it is
	// told of signatures under conditions. "" means that nothing proves it.
	BestTime string `json:"best_time,omitempty"`
	// Timestamps are told under conditions, and where there are any.
	Timestamps []Timestamp `json:"timestamps,omitempty"`
	// Any lists the axes on which the definition of the case leaves the answer
	// open: "crypto", "structure", "coverage", "changes".
	Any []string `json:"any,omitempty"`
}

// Timestamp is what must be said of one time stamp.
type Timestamp struct {
	Kind          string               `json:"kind"` // content, signature or document
	Indication    verify.Indication    `json:"indication"`
	SubIndication verify.SubIndication `json:"sub_indication"`
}

// Build makes the bytes of the vector.
func (v *Vector) Build(m *Maker) ([]byte, error) { return v.build(m) }
