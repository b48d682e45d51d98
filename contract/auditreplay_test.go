package contract_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/contract"
)

// TestAuditReplay: what somebody signed as a document of one contract is not passed off as a document
// of another that came with signatures.
func TestAuditReplay(t *testing.T) {
	d := newDesk(t)
	c := d.run(t)
	for _, same := range []bool{false, true} {
		r := d.copyOf(t, &c.Record)
		if !same {
			r.ID[0] ^= 0xff
		}
		doc := &r.Documents[0]
		doc.ID, doc.Title, doc.Foreign = r.ID, "別の契約", true
		doc.Revisions = doc.Revisions[3:] // as if what the first two signed had been uploaded
		for i := range doc.Revisions {
			doc.Revisions[i].Number = i + 1
		}
		doc.Revisions[0].Cause, doc.Revisions[0].Participant = contract.CauseUploaded, ""
		doc.Digests = contract.Digests{Uploaded: doc.Revisions[0].SHA256}
		r.Participants, r.Consents = r.Participants[2:], nil
		for i := range r.Signatures {
			if s := &r.Signatures[i]; s.Revision <= 4 {
				s.Revision, s.Participant = 1, ""
			} else {
				s.Revision -= 3
			}
		}
		created, signed, concluded := r.Events[0], r.Events[5], r.Events[6]
		created.Documents[0].SHA256, created.Time = doc.Digests.Uploaded, signed.Time
		r.Events = []contract.Event{created, signed, concluded}
		contract.Rechain(r)
		require.NoError(t, r.Check())
		report, err := contract.Audit(t.Context(), &contract.AuditInput{
			Certificate: pdfFile("certificate.pdf", d.forged(t, d.Platform.Signer, "Certification", evidence(t, r))),
			Documents:   []contract.File{pdfFile("contract.pdf", d.store.documents[0])},
			Verify:      *d.pki.Options(), Platform: []contract.Digest{d.Platform.Signer.Chain[0].Fingerprint()},
		})
		require.NoError(t, err)
		require.Equal(t, []string{"document.prepared"}, codes(report, contract.Refuted), report.Claims)
	}
}

// TestCreateOverContract: a concluded contract can become a document of another one, by participants
// with other fields.
func TestCreateOverContract(t *testing.T) {
	d := newDesk(t)
	d.run(t)
	first := bytes.Clone(d.store.documents[0])
	draft := d.draft()
	_, err := d.Create(t.Context(), draft, d.store)
	require.ErrorIs(t, err, contract.ErrOptions)
	require.Equal(t, first, d.store.documents[0])
	for i := range draft.Participants {
		draft.Participants[i].ID += "2"
	}
	c := d.begun(t, draft)
	for i, who := range []string{"town2", "abc2"} {
		d.identify(t, c, who, []string{"keiyaku@town.example", "suzuki@abc.example"}[i])
		d.sign(t, c, &contract.SignRequest{Participant: who})
	}
	d.sign(t, c, &contract.SignRequest{Participant: "chief2", Signer: d.party})
	require.NoError(t, d.Conclude(t.Context(), c, d.store))
	report := d.audit(t, d.forged(t, d.Platform.Signer, "Certification", evidence(t, &c.Record)), nil, d.store.documents[0])
	require.Equal(t, contract.Proven, report.Result, report.Claims)
	require.Contains(t, codes(report, contract.Asserted), "document.came-signed")
}
