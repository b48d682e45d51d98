package contract_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/verify"
)

// seeds are a whole contract: its state, disclosure, evidence, certificate and document.
type seeds struct {
	state, disclosure, record, bundle, certificate, document []byte
	options                                                  verify.Options
}

func newSeeds(f *testing.F) *seeds {
	f.Helper()
	d := newDesk(f)
	c := d.run(f)
	record := evidence(f, &c.Record)
	list, err := json.Marshal(bundle(contract.MIC, "2024-01-01", "2030-01-01", d.stamper(f)))
	require.NoError(f, err)
	s := &seeds{
		d.store.state, d.store.disclosure, record.Data, list,
		d.forged(f, d.Platform.Signer, "Certification", record), d.store.documents[0], *d.pki.Options(),
	}
	s.options.Source = nil
	for _, seed := range [][]byte{s.state, s.disclosure, s.record, s.bundle, s.certificate, s.document} {
		require.NotEmpty(f, seed)
	}
	return s
}

// FuzzRead: what is read says what was written: it is the same when it is written and read again.
func FuzzRead(f *testing.F) {
	s := newSeeds(f)
	f.Add(s.state, s.disclosure)
	f.Add(bytes.Replace(s.state, []byte(`"v":1`), []byte(`"V":1`), 1), s.disclosure)
	f.Add(bytes.Replace(s.state, []byte(`"n":1`), []byte(`"n":9007199254740993`), 1), s.disclosure)
	f.Fuzz(func(t *testing.T, state, disclosure []byte) {
		c, err := contract.Read(bytes.NewReader(state), bytes.NewReader(disclosure))
		if err != nil {
			return
		}
		require.NoError(t, c.Record.Check())
		again, err := json.Marshal(c)
		require.NoError(t, err)
		_, err = contract.Read(bytes.NewReader(again), bytes.NewReader(disclosure))
		require.NoError(t, err)
		_ = c.Phase()
		_ = c.Record.SearchRows()
	})
}

// FuzzReadRecord: a record that is read has one canonical form, which reads as the same.
func FuzzReadRecord(f *testing.F) {
	s := newSeeds(f)
	f.Add(s.record)
	f.Add(bytes.Replace(s.record, []byte("JPY"), []byte(`JP\u0059`), 1))
	f.Add([]byte(`{"v":1,"recordId":"01000000000000000000000000000000"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := contract.ReadRecord(bytes.NewReader(data))
		if err != nil {
			return
		}
		first, err := r.Canonical()
		require.NoError(t, err)
		again, err := contract.ReadRecord(bytes.NewReader(first))
		require.NoError(t, err)
		second, err := again.Canonical()
		require.NoError(t, err)
		require.Equal(t, first, second)
	})
}

// FuzzReadBundle: a list that is read names whole services only.
func FuzzReadBundle(f *testing.F) {
	s := newSeeds(f)
	f.Add(s.bundle)
	f.Add([]byte(`{"v":1,"listVersion":"1","services":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := contract.ReadBundle(bytes.NewReader(data))
		if err != nil {
			return
		}
		for _, v := range b.Services {
			require.NotEmpty(t, v.Certificates)
			require.NotEmpty(t, v.Regime)
		}
	})
}

// FuzzReadDisclosure: every value of a disclosure that is read is the one that was committed to.
func FuzzReadDisclosure(f *testing.F) {
	s := newSeeds(f)
	f.Add(s.disclosure)
	f.Add(bytes.Replace(s.disclosure, []byte("suzuki"), []byte("Suzuki"), 1))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := contract.ReadDisclosure(bytes.NewReader(data))
		if err != nil {
			return
		}
		for _, v := range d.Values {
			value, known := d.Value(v.Commitment)
			require.True(t, known)
			require.NotEmpty(t, v.Commitment.String())
			_ = value
		}
	})
}

// FuzzAudit: no change of a byte leaves an audit content, and none makes it panic. A document may
// end in bytes of anybody, behind what the evidence knows.
func FuzzAudit(f *testing.F) {
	s := newSeeds(f)
	f.Add(uint32(100), byte(1), uint32(0), byte(0), []byte(nil))
	f.Add(uint32(0), byte(0), uint32(200), byte(7), []byte(nil))
	f.Add(uint32(3), byte(0), uint32(3), byte(0), []byte("\n% more"))
	record, err := contract.ReadRecord(bytes.NewReader(s.record))
	require.NoError(f, err)
	revisions := record.Documents[0].Revisions
	covered := revisions[len(revisions)-1].Length
	f.Fuzz(func(t *testing.T, at uint32, flip byte, in uint32, other byte, tail []byte) {
		certificate, document := bytes.Clone(s.certificate), append(bytes.Clone(s.document), tail...)
		certificate[int(at)%len(certificate)] ^= flip
		document[int(in)%len(document)] ^= other
		report, err := contract.Audit(t.Context(), &contract.AuditInput{
			Certificate: pdfFile("certificate.pdf", certificate), Documents: []contract.File{pdfFile("contract.pdf", document)}, Verify: s.options,
		})
		if err != nil {
			return // it is no PDF any more
		}
		if other != 0 && int64(in)%int64(len(document)) < covered {
			require.NotEqual(t, contract.Proven, report.Result)
		}
		var out bytes.Buffer
		require.NoError(t, report.WriteText(&out, nil))
		require.NoError(t, report.WriteHTML(&out, nil))
		require.NoError(t, report.WriteJSON(&out))
	})
}
