package interop_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
	"github.com/inkan-go/inkan/verify/report"
)

// concluded runs a contract of two documents and three parties in a folder, and issues its
// certificate.
func concluded(t *testing.T, s *services, language contract.Language) contract.Folder {
	t.Helper()
	signer := func(name string) *pades.Signer {
		id, err := s.pki.Issue(&testpki.Request{Subject: testpki.Person(name)})
		require.NoError(t, err)
		return &pades.Signer{Key: id.Key, Chain: id.Chain}
	}
	folder := contract.Folder(t.TempDir())
	for n, form := range []testpdf.Form{testpdf.Table, testpdf.Stream} {
		require.NoError(t, os.WriteFile(folder.DocumentName(n+1), testpdf.Contract(2, form).Bytes(), 0o600))
	}
	o := s.options(pades.BLTA)
	p := &contract.Platform{Name: "Inkan Sign", Signer: signer("Inkan Sign"), TSA: o.TSA, Revocation: o.Revocation, Trust: o.Trust, Now: s.now}
	step := func(err error) {
		t.Helper()
		require.NoError(t, err)
	}
	c, err := p.Create(t.Context(), &contract.Draft{
		Documents: []contract.DocumentDraft{{Title: "工事請負契約書", ManagementNo: "R8-015", Creator: "東神楽町", CreatorContact: "keiyaku@town.example"}, {Title: "仕様書"}},
		Participants: []contract.ParticipantDraft{
			{ID: "town", Order: 1, Name: "山田太郎", Org: "東神楽町", Method: contract.Witness, Contact: "keiyaku@town.example", ContactKind: "email"},
			{ID: "clerk", Order: 2, Name: "髙﨑次郎", Org: "ABC株式会社", Method: contract.Witness, Contact: "0166-00-0000", ContactKind: "phone"},
			{ID: "chief", Order: 3, Name: "岡島花子", Org: "ABC株式会社", Method: contract.Party},
		},
	}, folder)
	step(err)
	step(p.Prepare(t.Context(), c, folder, nil))
	for _, who := range []string{"town", "clerk"} {
		step(p.Note(t.Context(), c, folder, &contract.Note{Type: contract.Authenticated, Actor: who, Auth: &contract.Authentication{Type: "email", Result: "success"}}))
		step(p.Sign(t.Context(), c, folder, &contract.SignRequest{Participant: who, Reason: "承認"}))
	}
	step(p.Sign(t.Context(), c, folder, &contract.SignRequest{Participant: "chief", Signer: signer("岡島花子"), Level: pades.BT}))
	step(p.Conclude(t.Context(), c, folder))
	fonts, err := appearance.FindFonts(context.Background(), c.CertificateText(&contract.CertificateOptions{Language: language}), nil)
	require.NoError(t, err)
	options := &contract.CertificateOptions{Language: language}
	for _, f := range fonts {
		data, index := f.Data()
		options.Fonts = append(options.Fonts, report.Font{Data: data, Index: index})
	}
	_, err = p.Issue(t.Context(), c, folder, options)
	step(err)
	return folder
}

// TestContract: every signature and time stamp of the documents and of the completion
// certificate is valid for EU DSS, pyHanko and pdfsig; the certificate follows PDF/A-3, and
// its text and the IDs of the documents can be extracted.
func TestContract(t *testing.T) {
	s := newServices(t)
	judges := adesPeers(t)
	for _, language := range []contract.Language{contract.Japanese, contract.English} {
		folder := concluded(t, s, language)
		c, err := folder.Load()
		require.NoError(t, err)
		for n := range 3 {
			file := folder.DocumentName(n)
			for _, judge := range judges {
				answer := judge.do(t, s.judgeTask(file, "", pades.BLTA))
				require.Empty(t, answer.Error, judge.name)
				require.NotEmpty(t, answer.Signatures, judge.name)
				for _, sig := range answer.Signatures {
					assert.True(t, sig.Intact, "%s, document %d: %+v", judge.name, n, sig)
					assert.Contains(t, sig.Indication, "PASSED", "%s, document %d: %+v", judge.name, n, sig)
				}
			}
			qpdfCheck(t, file)
			for _, sig := range pdfsig(t, file) {
				if !strings.HasPrefix(sig.field, "Timestamp") { // which it does not judge
					assert.Equal(t, "Signature is Valid.", sig.validation, sig.field)
				}
			}
			said, err := exec.Command(peertest.Program(t, "pdftotext"), file, "-").Output()
			require.NoError(t, err)
			text := string(said)
			if n > 0 {
				assert.Equal(t, 2, strings.Count(text, c.Record.Documents[n-1].ID.String()), "on every page")
				continue
			}
			for _, part := range []string{c.Record.ID.String(), "工事請負契約書", "髙﨑次郎", "0166-00-0000", "岡島花子"} {
				assert.Contains(t, text, part)
			}
			veraPDF(t, "3a", file)
		}
	}
}
