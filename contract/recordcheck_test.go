package contract

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// signedOnce is a record of one document that one participant signed, concluded.
func signedOnce() *Record {
	r := small()
	d := &r.Documents[0]
	d.Digests.Prepared = Digest{2}
	d.Revisions = append(d.Revisions,
		Revision{Number: 2, Length: 20, SHA256: Digest{2}, Cause: CausePrepared},
		Revision{Number: 3, Length: 30, SHA256: Digest{3}, Cause: CauseSigned, Participant: "p1"},
		Revision{Number: 4, Length: 50, SHA256: Digest{4}, Cause: CauseConcluded})
	r.Signatures = []Signature{
		{Document: 1, Field: "Signature-p1", Participant: "p1", Revision: 3, ByteRange: [4]int64{0, 22, 25, 5}},
		{Document: 1, Field: "Timestamp1", Revision: 4, ByteRange: [4]int64{0, 31, 35, 5}},
	}
	return r
}

// TestCheck alters one thing after the other that the chain of events does not cover.
func TestCheck(t *testing.T) {
	require.NoError(t, signedOnce().Check())
	for name, alter := range map[string]func(*Record){
		"version":                      func(r *Record) { r.Version = 0 },
		"no ID":                        func(r *Record) { r.ID = ID{} },
		"no documents":                 func(r *Record) { r.Documents = nil },
		"number of a document":         func(r *Record) { r.Documents[0].Number = 2 },
		"no revision":                  func(r *Record) { r.Documents[0].Revisions = nil },
		"number of a revision":         func(r *Record) { r.Documents[0].Revisions[2].Number = 2 },
		"shorter revision":             func(r *Record) { r.Documents[0].Revisions[2].Length = 20 },
		"unknown cause":                func(r *Record) { r.Documents[0].Revisions[3].Cause = "sealed" },
		"cause out of order":           func(r *Record) { r.Documents[0].Revisions[3].Cause = CausePrepared },
		"uploaded twice":               func(r *Record) { r.Documents[0].Revisions[1].Cause = CauseUploaded },
		"uploaded differs":             func(r *Record) { r.Documents[0].Revisions[0].SHA256 = Digest{9} },
		"prepared differs":             func(r *Record) { r.Documents[0].Digests.Prepared = Digest{9} },
		"signed by nobody":             func(r *Record) { r.Documents[0].Revisions[2].Participant = "" },
		"concluded by somebody":        func(r *Record) { r.Documents[0].Revisions[3].Participant = "p1" },
		"signed by somebody else":      func(r *Record) { r.Signatures[0].Participant = "p2" },
		"no signature of a revision":   func(r *Record) { r.Signatures = r.Signatures[1:] },
		"two signatures of a revision": func(r *Record) { r.Signatures = append(r.Signatures, r.Signatures[0]) },
		"another field":                func(r *Record) { r.Signatures[0].Field = "Signature-p2" },
		"another revision":             func(r *Record) { r.Signatures[0].Revision = 2 },
		"a revision that is not there": func(r *Record) { r.Signatures[0].Revision = 5 },
		"another document":             func(r *Record) { r.Signatures[0].Document = 2 },
		"a range that ends too early":  func(r *Record) { r.Signatures[0].ByteRange[3]-- },
		"a range of an earlier one":    func(r *Record) { r.Signatures[1].ByteRange[2] = 20 },
		"a range beyond numbers":       func(r *Record) { r.Signatures[0].ByteRange[2] = math.MaxInt64 },
		"a negative range":             func(r *Record) { r.Signatures[0].ByteRange[2] = -1 },
		"came signed":                  func(r *Record) { r.Documents[0].Foreign = true },
		"day of the deal":              func(r *Record) { r.Deal.Date = "2026-02-30" },
		"amount":                       func(r *Record) { r.Deal.Amount = &Amount{"=1+1", "JPY"} },
		"currency":                     func(r *Record) { r.Deal.Amount = &Amount{"1", "yen"} },
		"retention":                    func(r *Record) { r.Retention.Until = "for ever" },
		"two participants":             func(r *Record) { r.Participants = append(r.Participants, r.Participants[0]) },
		"a participant's order":        func(r *Record) { r.Participants[0].Order = -1 },
		"a participant's contact":      func(r *Record) { r.Participants[0].ContactKind = "fax" },
		"a consent's number":           func(r *Record) { r.Consents = []Consent{{Number: 2}} },
		"a consent's day":              func(r *Record) { r.Consents = []Consent{{Number: 1, Date: "today"}} },
		"a consent's address":          func(r *Record) { r.Consents = []Consent{{Number: 1, Date: "2026-01-01"}} },
		"head of the chain":            func(r *Record) { r.ChainHead = Digest{} },
	} {
		t.Run(name, func(t *testing.T) {
			r := signedOnce()
			alter(r)
			require.ErrorIs(t, r.Check(), ErrRecord)
		})
	}
}
