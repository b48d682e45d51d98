package contract

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// small is a record of one document and one participant.
func small() *Record {
	r := &Record{Version: Version, ID: ID{1}, Documents: []Document{{
		Number: 1, ID: ID{1}, Digests: Digests{Uploaded: Digest{1}}, Revisions: []Revision{{Number: 1, Length: 1, SHA256: Digest{1}, Cause: CauseUploaded}},
	}}}
	r.Participants = []Participant{{ID: "p1", Name: "山田太郎", Method: Witness}}
	r.ChainHead = r.origin()
	return r
}

func document(n int) Document {
	id := ID{byte(n), byte(n >> 8), 1}
	return Document{
		Number: n, ID: id, Digests: Digests{Uploaded: sum([]byte(id.String()))},
		Revisions: []Revision{{Number: 1, Length: 1, SHA256: sum([]byte(id.String())), Cause: CauseUploaded}},
	}
}

// TestLimits stands at every limit, and one over it.
func TestLimits(t *testing.T) {
	t.Run("documents", func(t *testing.T) {
		r := small()
		for n := 2; n <= maxDocuments; n++ {
			r.Documents = append(r.Documents, document(n))
		}
		r.Documents[0].ID = ID{2}
		r.ChainHead = r.origin()
		require.NoError(t, r.Check())
		r.Documents = append(r.Documents, document(maxDocuments+1))
		require.ErrorIs(t, r.Check(), ErrLimit)
	})
	t.Run("participants", func(t *testing.T) {
		r := small()
		for n := 2; n <= maxParticipants; n++ {
			r.Participants = append(r.Participants, Participant{ID: fmt.Sprint(n), Name: "n", Method: Party})
		}
		require.NoError(t, r.Check())
		r.Participants = append(r.Participants, Participant{ID: "more", Name: "n", Method: Party})
		require.ErrorIs(t, r.Check(), ErrLimit)
	})
	t.Run("consents", func(t *testing.T) {
		r := small()
		for n := 1; n <= maxConsents; n++ {
			r.Consents = append(r.Consents, Consent{Number: n, Date: "2026-01-01", Contact: Commitment{Digest{1}}})
		}
		require.NoError(t, r.Check())
		r.Consents = append(r.Consents, Consent{Number: maxConsents + 1, Date: "2026-01-01", Contact: Commitment{Digest{1}}})
		require.ErrorIs(t, r.Check(), ErrLimit)
	})
	t.Run("revisions", func(t *testing.T) {
		r := small()
		d := &r.Documents[0]
		for n := 2; n <= maxRevisions; n++ {
			d.Revisions = append(d.Revisions, Revision{Number: n, Length: int64(n), SHA256: Digest{2}, Cause: CauseRenewed})
		}
		require.NoError(t, r.Check())
		d.Revisions = append(d.Revisions, Revision{Number: maxRevisions + 1, Length: maxRevisions + 1, SHA256: Digest{2}, Cause: CauseRenewed})
		require.ErrorIs(t, r.Check(), ErrLimit)
	})
	t.Run("signatures", func(t *testing.T) {
		r := small()
		r.Documents[0].Foreign = true
		for range maxSignatures {
			r.Signatures = append(r.Signatures, Signature{Document: 1, Revision: 1, ByteRange: [4]int64{0, 0, 0, 1}})
		}
		require.NoError(t, r.Check())
		r.Signatures = append(r.Signatures, r.Signatures[0])
		require.ErrorIs(t, r.Check(), ErrLimit)
	})
	t.Run("identifications", func(t *testing.T) {
		r := small()
		r.Participants[0].Auth = make([]Authentication, maxIdentified)
		for i := range r.Participants[0].Auth {
			require.NoError(t, r.append(Event{Type: Authenticated, Actor: "p1", TimeSource: ServerTime, Auth: &r.Participants[0].Auth[i]}))
		}
		require.NoError(t, r.Check())
		r.Participants[0].Auth = make([]Authentication, maxIdentified+1)
		require.ErrorIs(t, r.Check(), ErrLimit)
	})
	t.Run("texts of a record", func(t *testing.T) {
		r := small()
		r.Documents[0].Title = strings.Repeat("x", maxTextBytes)
		require.NoError(t, r.Check())
		r.Documents[0].Title += "x"
		require.ErrorIs(t, r.Check(), ErrLimit)
	})
	t.Run("events", func(t *testing.T) {
		r := small()
		r.Events = make([]Event, maxEvents-1)
		require.NoError(t, r.append(Event{Type: Sent, TimeSource: ServerTime}))
		require.ErrorIs(t, r.append(Event{Type: Sent, TimeSource: ServerTime}), ErrLimit)
		r.Events = make([]Event, maxEvents+1)
		require.ErrorIs(t, r.Check(), ErrLimit)
	})
	t.Run("texts", func(t *testing.T) {
		r := small()
		require.NoError(t, r.append(Event{Type: Sent, TimeSource: ServerTime, Detail: strings.Repeat("x", maxTextBytes)}))
		require.ErrorIs(t, r.append(Event{Type: Sent, TimeSource: ServerTime, Detail: strings.Repeat("x", maxTextBytes+1)}), ErrLimit)
		d := &Disclosure{}
		_, err := d.commit(nil, strings.Repeat("x", maxTextBytes))
		require.NoError(t, err)
		_, err = d.commit(nil, strings.Repeat("x", maxTextBytes+1))
		require.ErrorIs(t, err, ErrLimit)
	})
	t.Run("JSON", func(t *testing.T) {
		data, err := small().Canonical()
		require.NoError(t, err)
		data = append(data, bytes.Repeat([]byte(" "), maxStateBytes-len(data))...)
		_, err = ReadRecord(bytes.NewReader(data))
		require.NoError(t, err)
		_, err = ReadRecord(bytes.NewReader(append(data, ' ')))
		require.ErrorIs(t, err, ErrLimit)
	})
}
