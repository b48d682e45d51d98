package pades_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

// attachments are files of several kinds.
func attachments() []pades.Attachment {
	return []pades.Attachment{
		{Name: "manifest.json", Data: []byte(`{"record": 1}`), MIMEType: "application/json", Relationship: pades.RelationData},
		{Name: "同意書.pdf", Data: bytes.Repeat([]byte("consent "), 1000), MIMEType: "application/pdf", Description: "電子契約同意書", Relationship: pades.RelationSupplement,
			Created: at(9), Modified: at(10)},
		{Name: "a (draft).txt"},
	}
}

// sound is what reading gives back of them, in the order of their names.
func sound() []pades.Attachment {
	list := attachments()
	list[2].MIMEType = "application/octet-stream"
	list[2].Data = []byte{}
	list[0].Modified, list[2].Modified = testpki.Now(), testpki.Now()
	return []pades.Attachment{list[2], list[0], list[1]}
}

func requireAttachments(t testing.TB, want []pades.Attachment, d *pades.Document) {
	t.Helper()
	got, err := d.Attachments()
	require.NoError(t, err)
	require.Len(t, got, len(want))
	for i := range want {
		for _, at := range []*time.Time{&want[i].Created, &want[i].Modified, &got[i].Created, &got[i].Modified} {
			*at = at.UTC()
		}
		require.Equal(t, want[i].Name, got[i].Name)
		require.True(t, bytes.Equal(want[i].Data, got[i].Data), want[i].Name)
		got[i].Data = want[i].Data
		require.Equal(t, want[i], got[i])
	}
}

// TestAttach: what is attached is read back, in files of every form and encryption.
func TestAttach(t *testing.T) {
	for _, form := range testpdf.Forms {
		data := amended(t, testpdf.Contract(1, form).Bytes(), &pades.Amendment{Attachments: attachments()})
		requireAttachments(t, sound(), document(t, data))
		v := open(t, data).Latest()
		catalog, err := v.Catalog()
		require.NoError(t, err)
		associated, err := v.Array(catalog.Dict().Get("AF"))
		require.NoError(t, err)
		require.Len(t, associated.Items, 3)
	}
	for revision := 2; revision <= 6; revision++ {
		for _, form := range testpdf.Forms {
			data := testpdf.Contract(1, form).Encrypted(testpdf.Encryption{Revision: revision, Permissions: -4}).Bytes()
			changed := amended(t, data, &pades.Amendment{Attachments: attachments(), Metadata: &pades.Metadata{Title: "T", Language: "ja"}, Stamps: []pades.Stamp{{Appearance: &drawing{}, Rect: small}}})
			requireAttachments(t, sound(), document(t, changed))
			require.NotContains(t, string(changed[len(data):]), "manifest.json")
			require.NotContains(t, string(changed[len(data):]), "consent ")
			v := open(t, changed).Latest()
			title, err := v.Dict(v.Trailer().Get("Info"))
			require.NoError(t, err)
			text, err := v.Text(title.Get("Title"))
			require.NoError(t, err)
			require.Equal(t, "T", text)
		}
	}
}

// TestAttachToExisting: what is attached stays, in whatever form it is listed.
func TestAttachToExisting(t *testing.T) {
	for _, entries := range []string{
		"/Names<</Dests 61 0 R/EmbeddedFiles<</Names[(b.txt) 60 0 R]>>>>/AF[60 0 R]",
		"/Names 62 0 R/AF 63 0 R",
	} {
		f := testpdf.Contract(1, testpdf.Table)
		f.Objects[0].Body = strings.Replace(f.Objects[0].Body, "<<", "<<"+entries, 1)
		f.Objects = append(f.Objects, plain(60, "<</Type/Filespec/F(b.txt)/EF<</F 64 0 R>>>>"), plain(61, "<<>>"),
			plain(62, "<</Dests 61 0 R/EmbeddedFiles 65 0 R>>"), plain(63, "[60 0 R]"),
			testpdf.Object{Number: 64, Body: "<</Type/EmbeddedFile>>", Data: []byte("b")}, plain(65, "<</Kids[66 0 R]>>"),
			plain(66, "<</Limits[(b.txt)(b.txt)]/Names[(b.txt) 60 0 R]>>"))
		for _, encrypted := range []bool{false, true} {
			file := f
			if encrypted {
				file = f.Encrypted(testpdf.Encryption{Revision: 6, Permissions: -4})
			}
			data := amended(t, file.Bytes(), &pades.Amendment{Attachments: []pades.Attachment{{Name: "a.txt"}, {Name: "c.txt"}}})
			got, err := document(t, data).Attachments()
			require.NoError(t, err)
			require.Len(t, got, 3)
			require.Equal(t, "b.txt", got[1].Name)
			require.Equal(t, "b", string(got[1].Data))
			v := open(t, data).Latest()
			catalog, err := v.Catalog()
			require.NoError(t, err)
			associated, err := v.Array(catalog.Dict().Get("AF"))
			require.NoError(t, err)
			require.Len(t, associated.Items, 3)
			require.Equal(t, pdf.Reference{Number: 60}, associated.Items[0])
			names, err := v.Dict(catalog.Dict().Get("Names"))
			require.NoError(t, err)
			require.Equal(t, pdf.Reference{Number: 61}, names.Get("Dests"))
		}
	}
}

// archival is a contract that claims that part of PDF/A.
func archival(part string) []byte {
	f := testpdf.Contract(1, testpdf.Table)
	f.Objects[0].Body = strings.Replace(f.Objects[0].Body, "<<", "<</Metadata 50 0 R", 1)
	f.Objects = append(f.Objects, testpdf.Object{Number: 50, Body: "<</Type/Metadata/Subtype/XML>>", Data: []byte(
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""` +
			` xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="` + part + `" pdfaid:conformance="B"/></rdf:RDF></x:xmpmeta>`)})
	return f.Bytes()
}

func TestAttachRefusals(t *testing.T) {
	ordinary := testpdf.Contract(1, testpdf.Table).Bytes()
	damaged := func(entries string) []byte {
		f := testpdf.Contract(1, testpdf.Table)
		f.Objects[0].Body = strings.Replace(f.Objects[0].Body, "<<", "<<"+entries, 1)
		return f.Bytes()
	}
	for name, c := range map[string]struct {
		data       []byte
		attachment pades.Attachment
		cause      error
		want       string
	}{
		"no name":           {ordinary, pades.Attachment{}, pades.ErrOptions, "no name"},
		"a folder":          {ordinary, pades.Attachment{Name: "../a"}, pades.ErrOptions, "folder"},
		"another folder":    {ordinary, pades.Attachment{Name: `c:\a`}, pades.ErrOptions, "folder"},
		"twice":             {ordinary, pades.Attachment{Name: "first.txt"}, pades.ErrOptions, "attached already"},
		"no type":           {ordinary, pades.Attachment{Name: "a", MIMEType: "text"}, pades.ErrOptions, "no MIME type"},
		"type with space":   {ordinary, pades.Attachment{Name: "a", MIMEType: "text/a b"}, pades.ErrOptions, "no MIME type"},
		"no relationship":   {ordinary, pades.Attachment{Name: "a", Relationship: 99}, pades.ErrOptions, "no relationship"},
		"PDF/A-1":           {archival("1"), pades.Attachment{Name: "a"}, pades.ErrNotPermitted, "PDF/A-1"},
		"PDF/A-2":           {archival("2"), pades.Attachment{Name: "a"}, pades.ErrNotPermitted, "PDFAPart"},
		"PDF/A-4":           {archival("4"), pades.Attachment{Name: "a", Data: ordinary}, pades.ErrNotPermitted, "PDF/A-4"},
		"names no tree":     {damaged("/Names<</EmbeddedFiles 3>>"), pades.Attachment{Name: "a"}, pades.ErrNotPDF, "names of embedded files"},
		"names no names":    {damaged("/Names 3"), pades.Attachment{Name: "a"}, pades.ErrNotPDF, "names of the document"},
		"associated is one": {damaged("/AF<<>>"), pades.Attachment{Name: "a"}, pades.ErrNotPDF, "associated files"},
	} {
		t.Run(name, func(t *testing.T) {
			d := document(t, c.data)
			first := pades.Attachment{Name: "first.txt", Data: archival("1")}
			err := d.Amend(t.Context(), &pades.Amendment{Attachments: []pades.Attachment{first, c.attachment}})
			require.ErrorIs(t, err, c.cause)
			require.ErrorContains(t, err, c.want)
			require.Equal(t, c.data, content(t, d))
		})
	}
	_, err := document(t, damaged("/Names<</EmbeddedFiles<</Names[(a)<</F(a)>>]>>>>")).Attachments()
	require.ErrorIs(t, err, pades.ErrNotPDF)
	_, err = document(t, damaged("/Names 3")).Attachments()
	require.ErrorIs(t, err, pades.ErrNotPDF)
	// PDF/A in PDF/A-2 is allowed; any file after the claim is raised.
	amended(t, archival("2"), &pades.Amendment{Attachments: []pades.Attachment{{Name: "a.pdf", Data: archival("1")}}})
	raised := amended(t, archival("2"), &pades.Amendment{Attachments: attachments(), Metadata: &pades.Metadata{PDFAPart: 3}})
	require.Contains(t, string(raised), "<pdfaid:part>3</pdfaid:part>")
	amended(t, raised, &pades.Amendment{Attachments: []pades.Attachment{{Name: "later"}}})
}

// TestAttachedIsReadByOthers: poppler, qpdf and mupdf find the files and their content.
func TestAttachedIsReadByOthers(t *testing.T) {
	qpdf, detach := peertest.Program(t, "qpdf"), peertest.Program(t, "pdfdetach")
	for _, form := range testpdf.Forms {
		for _, revision := range []int{0, 4, 6} {
			file := testpdf.Contract(1, form)
			if revision > 0 {
				file = file.Encrypted(testpdf.Encryption{Revision: revision, Permissions: -4})
			}
			folder := t.TempDir()
			name := filepath.Join(folder, "attached.pdf")
			write(t, name, amended(t, file.Bytes(), &pades.Amendment{Attachments: attachments()}))
			out, err := run(qpdf, "--check", name)
			require.NoError(t, err, out)
			out, err = run(qpdf, "--list-attachments", "--verbose", name)
			require.NoError(t, err, out)
			for _, want := range []string{"manifest.json", "同意書.pdf", "電子契約同意書", "application/json"} {
				require.Contains(t, out, want)
			}
			out, err = run(detach, "-saveall", "-o", folder, name)
			require.NoError(t, err, out)
			for _, a := range attachments() {
				got, err := os.ReadFile(filepath.Join(folder, a.Name))
				require.NoError(t, err)
				require.Equal(t, len(a.Data), len(got))
				require.True(t, bytes.Equal(a.Data, got))
			}
		}
	}
}
