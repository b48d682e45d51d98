package contract_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/pades"
)

// TestAuditNamesake: where nobody signed by the platform's key, a certificate of the platform's name
// is not the platform's yet; somebody who works there, or a namesake, may have another.
func TestAuditNamesake(t *testing.T) {
	d := newDesk(t)
	draft := d.draft()
	for i := range draft.Participants {
		draft.Participants[i].Method = contract.Party
	}
	c := d.begun(t, draft)
	for i, name := range []string{"town", "abc", "chief"} {
		d.sign(t, c, &contract.SignRequest{Participant: name, Signer: d.pki.NewSigner(t, draft.Participants[i].Name), Level: pades.BT})
	}
	require.NoError(t, d.Conclude(t.Context(), c, d.store))
	namesake := d.pki.NewSigner(t, "Inkan Sign")
	for name, tt := range map[string]struct {
		known []contract.Digest
		want  contract.Grade
		code  string
	}{
		"by name alone": {nil, contract.Unverifiable, "certificate.issuer-alone"},
		"pinned":        {[]contract.Digest{namesake.Chain[0].Fingerprint()}, contract.Proven, "certificate.issuer"},
		"another":       {[]contract.Digest{d.Platform.Signer.Chain[0].Fingerprint()}, contract.Refuted, "certificate.issuer-other"},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := contract.Audit(t.Context(), &contract.AuditInput{
				Certificate: pdfFile("certificate.pdf", d.forged(t, namesake, "Certification", evidence(t, &c.Record))),
				Documents:   []contract.File{pdfFile("contract.pdf", d.store.documents[0])},
				Verify:      *d.pki.Options(), Platform: tt.known,
			})
			require.NoError(t, err)
			require.Equal(t, tt.want, report.Result, report.Claims)
			require.Contains(t, codes(report, tt.want), tt.code)
		})
	}
}

// TestAuditColleague: a certificate of the company in somebody else's name does not prove who signed.
func TestAuditColleague(t *testing.T) {
	d := newDesk(t)
	d.party = d.pki.NewSigner(t, "田中次郎")
	draft := d.draft()
	draft.Participants[2].Org = "株式会社印鑑" // which is in every certificate of the tests
	c := d.signedBy(t, draft)
	report := d.audit(t, d.forged(t, d.Platform.Signer, "Certification", evidence(t, &c.Record)), nil, d.store.documents[0])
	require.NotContains(t, codes(report, contract.Proven), "participant.certificate")
	require.Contains(t, codes(report, contract.Asserted), "participant.certificate-unnamed")
}

// TestAuditSecondKey: with the platform's key on one signature and a namesake's on another, the
// second is not the platform's by its name.
func TestAuditSecondKey(t *testing.T) {
	d := newDesk(t)
	c := d.begun(t, d.draft())
	d.identify(t, c, "town", "keiyaku@town.example")
	d.sign(t, c, &contract.SignRequest{Participant: "town"})
	d.identify(t, c, "abc", "suzuki@abc.example")
	platform := d.Platform.Signer
	d.Platform.Signer = d.pki.NewSigner(t, "Inkan Sign")
	d.sign(t, c, &contract.SignRequest{Participant: "abc"})
	d.Platform.Signer = platform
	d.sign(t, c, &contract.SignRequest{Participant: "chief", Signer: d.party, Level: pades.BT})
	require.NoError(t, d.Conclude(t.Context(), c, d.store))
	report := d.audit(t, d.forged(t, platform, "Certification", evidence(t, &c.Record)), nil, d.store.documents[0])
	require.Equal(t, contract.Unverifiable, report.Result, report.Claims)
	require.Contains(t, codes(report, contract.Unverifiable), "participant.platform-unknown")
}

func TestNames(t *testing.T) {
	for _, tt := range []struct {
		subject, name string
		person        bool
	}{
		{"CN=岡島花子,O=ABC", "岡島 花子", true},
		{"CN=岡島花子,O=ABC", "ABC", false},
		{"O=ABC,C=JP", "ABC", true},
		{`CN=x\,O=ABC`, "ABC", false},
		{`CN=x\,CN=ABC`, "ABC", false},
		{`CN=x\2CO=ABC`, "ABC", false},
		{"CN=", " ", false},
		{"", "", false},
	} {
		require.Equal(t, tt.person, contract.IsPerson(tt.subject, tt.name), tt)
	}
	require.Equal(t, []string{`CN=x\,O=a`, `OU=b+UID=c`, `O=d\\`, "C=JP"}, contract.Relatives(`CN=x\,O=a,OU=b+UID=c,O=d\\,C=JP`))
}
