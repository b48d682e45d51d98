package interop_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/inkan-go/inkan/internal/font"
	"github.com/inkan-go/inkan/internal/icc"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/internal/picture"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/internal/typeset"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verify/report"
	"github.com/stretchr/testify/require"
)

// vera is veraPDF, which serves all tests of a run.
var vera struct {
	once sync.Once
	peer *adesPeer
}

// veraPDF demands that veraPDF finds nothing wrong with a file of a flavour, as 3b or
// ua1, and that it looked at something.
func veraPDF(t *testing.T, flavour, file string) {
	t.Helper()
	checks, broken := veraAnswer(t, flavour, file)
	require.Empty(t, broken, "%s is no PDF/A-%s", file, flavour)
	require.Greater(t, checks, 100)
}

func veraAnswer(t *testing.T, flavour, file string) (checks int, broken string) {
	t.Helper()
	vera.once.Do(func() { vera.peer = startVera(t) })
	if vera.peer == nil {
		peertest.Missing(t, "veraPDF")
	}
	late := time.AfterFunc(2*time.Minute, func() { _ = vera.peer.cmd.Process.Kill() }) // the scan below ends then
	defer late.Stop()
	_, err := fmt.Fprintf(vera.peer.in, "%s %s\n", flavour, file)
	require.NoError(t, err)
	require.True(t, vera.peer.answers.Scan(), "veraPDF ended: %s", vera.peer.stderr)
	number, broken, ok := strings.Cut(vera.peer.answers.Text(), "\t")
	require.True(t, ok)
	_, err = fmt.Sscan(number, &checks)
	require.NoError(t, err)
	return checks, strings.ReplaceAll(broken, "\t", "\n")
}

// startVera builds the program on veraPDF, where that was not done since its sources
// changed, and starts it.
func startVera(t *testing.T) *adesPeer {
	t.Helper()
	return startPeer(t, "veraPDF", exec.Command(peertest.Program(t, "java"), "-Xmx1g", "-Djava.awt.headless=true",
		"-cp", classpath(t, "verapdf", "veraPDF"), "inkan.interop.verapdf.Runner"))
}

// archival is a document of ours that follows a part of PDF/A.
func archival(t *testing.T, part int) []byte {
	t.Helper()
	d := typeset.New(&typeset.Options{Title: "Contract", Author: "A", Subject: "S", Keywords: "K", Part: part, Time: time.Now()})
	d.Heading(1, "Contract")
	d.Paragraph("Both parties agree to what follows.", nil)
	d.Table(&typeset.Table{Columns: []float64{1, 2}, Header: typeset.Cells("What", "How much"), Rows: [][]typeset.Cell{typeset.Cells("Apples", "3")}})
	if part == 3 {
		d.Attach(&typeset.File{Name: "data.json", Type: "application/json", Relationship: "Data", Modified: time.Now(), Data: []byte("{}")})
	}
	var b bytes.Buffer
	require.NoError(t, d.Write(&b))
	return b.Bytes()
}

// seen is a visible signature of text, a picture with transparency, and a seal.
func seen(t *testing.T) pades.Appearance {
	t.Helper()
	i, err := appearance.ParseImage(photograph(t))
	require.NoError(t, err)
	return &appearance.Frame{Border: 1, Content: &appearance.Row{Items: []appearance.Element{
		i, &appearance.Seal{Name: "Ann Lee"}, &appearance.QRCode{Text: "https://example.com/"}, &appearance.Text{Color: color.RGBA{200, 0, 0, 255}},
	}}}
}

// photograph is a PNG with transparency.
func photograph(t *testing.T) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 20, 20))
	for i := range 400 {
		m.Set(i%20, i/20, color.NRGBA{uint8(i), 0, 128, uint8(i / 2)})
	}
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, m))
	return b.Bytes()
}

// TestPDFA: a file that follows PDF/A follows it after signatures, visible and not,
// at B-B and at B-LTA, in each part and in the forms that the part knows.
func TestPDFA(t *testing.T) {
	s := newServices(t)
	id := s.signer(t, testpki.RSA2048)
	for part := 1; part <= 3; part++ {
		inputs := map[string][]byte{"ours": archival(t, part)} // from part 2 on with object streams
		if part > 1 {
			inputs["table"] = rewritten(t, archival(t, part), "--object-streams=disable")
		}
		for form, data := range inputs {
			for _, flavour := range []string{"b", "a"} {
				veraPDF(t, fmt.Sprint(part)+flavour, write(t, "input.pdf", data))
			}
			for _, level := range []pades.Level{pades.BB, pades.BLTA} {
				for name, a := range map[string]pades.Appearance{"invisible": nil, "visible": seen(t)} {
					t.Run(fmt.Sprintf("%d %s %v %s", part, form, level, name), func(t *testing.T) {
						signed := s.update(t, data, "", func(d *pades.Document) error {
							o := s.options(level)
							o.Reason, o.Name = "agreed", "Ann Lee"
							if o.Appearance = a; a != nil {
								o.Page, o.Rect = 1, pades.Rect{X: 60, Y: 60, Width: 300, Height: 60}
							}
							return d.Sign(t.Context(), &pades.Signer{Key: id.Key, Chain: id.Chain}, o)
						})
						file := write(t, "signed.pdf", signed)
						veraPDF(t, fmt.Sprint(part)+"b", file)
						veraPDF(t, fmt.Sprint(part)+"a", file)
						veraPDF(t, "ua1", file)
						qpdfCheck(t, file)
					})
				}
			}
		}
	}
}

// rewritten lets qpdf write a file anew.
func rewritten(t *testing.T, data []byte, option string) []byte {
	t.Helper()
	in, out := write(t, "in.pdf", data), filepath.Join(t.TempDir(), "out.pdf")
	message, err := exec.Command(peertest.Program(t, "qpdf"), option, "--newline-before-endstream", in, out).CombinedOutput()
	require.NoError(t, err, "%s", message)
	again, err := os.ReadFile(out)
	require.NoError(t, err)
	return again
}

// TestPDFAFaults: veraPDF does find what is wrong.
func TestPDFAFaults(t *testing.T) {
	for want, change := range map[string][2]string{
		"6.7.11-": {"<pdfaid:part>1<", "<pdfaid:part>2<"},
		"6.2.3.3": {"/OutputIntents[", "/OutputIntentz["},
	} {
		data := bytes.Replace(archival(t, 1), []byte(change[0]), []byte(change[1]), 1)
		_, broken := veraAnswer(t, "1b", write(t, "faulty.pdf", data))
		require.Contains(t, broken, want)
	}
}

// TestWholeFiles: a document with all that we can put in one follows PDF/A-3 at level
// A and PDF/UA-1, in Latin and in Japanese.
func TestWholeFiles(t *testing.T) {
	gothic, err := font.Parse(peertest.File(t, peertest.Gothic), 0)
	require.NoError(t, err)
	photo, err := picture.ParseImage(photograph(t))
	require.NoError(t, err)
	for language, fonts := range map[string][]*font.Font{"en": nil, "ja": {gothic}} {
		text := "Both parties agree."
		if language == "ja" {
			text = "甲と乙は、次のとおり契約を締結する。"
		}
		d := typeset.New(&typeset.Options{
			Title: text, Language: language, Time: time.Now(), Fonts: fonts,
			Header: func(int, int) typeset.Running { return typeset.Running{Middle: text} },
			Footer: func(page, pages int) typeset.Running {
				return typeset.Running{Right: fmt.Sprintf("%d / %d", page, pages)}
			},
		})
		for level := 1; level <= 6; level++ {
			d.Heading(level, text)
			d.Paragraph(strings.Repeat(text, 40), &typeset.Style{Background: color.RGBA{240, 240, 255, 255}, Bar: color.RGBA{200, 0, 0, 255}, Align: typeset.Align(level % 3)})
		}
		rows := make([][]typeset.Cell, 80)
		for i := range rows {
			rows[i] = []typeset.Cell{{Text: text}, {Text: strings.Repeat(text, 3), Note: text}, {}}
		}
		d.QRCode("https://example.com/", 80, typeset.End, "The address of the document")
		d.Image(photo, 200, typeset.Middle, "A photo")
		d.Begin()
		d.Table(&typeset.Table{Columns: []float64{1, 2, 1}, Header: typeset.Cells(text, text, text), RowHeaders: true, Rows: rows})
		d.End()
		d.Attach(&typeset.File{Name: text + ".json", Type: "application/json", Relationship: "Data", Modified: time.Now(), Data: []byte("{}")})
		var b bytes.Buffer
		require.NoError(t, d.Write(&b))
		file := write(t, "whole.pdf", b.Bytes())
		veraPDF(t, "3a", file)
		veraPDF(t, "ua1", file)
		qpdfCheck(t, file)
	}
}

// grayIntent is a document whose output intent is for gray instead of RGB.
func grayIntent(t *testing.T, data []byte) []byte {
	t.Helper()
	f, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	u := pdf.NewUpdate(f.Latest())
	catalog, err := f.Latest().Catalog()
	require.NoError(t, err)
	profile := (&pdf.Adder{To: u}).AddStream([]byte("<</N 1>>"), icc.Gray())
	intents := fmt.Appendf(nil, "[<</S/GTS_PDFA1/OutputConditionIdentifier(Custom)/Info(gray)/DestOutputProfile %s>>]", profile)
	u.Replace(catalog, pdf.Edit(catalog).Set("OutputIntents", intents).Bytes())
	tail, err := u.Build()
	require.NoError(t, err)
	return append(bytes.Clone(data), tail.Bytes...)
}

// TestPDFAThroughLife: a file stays PDF/A when it is stamped, when files are attached,
// fields made and signed, when it is time-stamped and its protection renewed, and where
// its output intent knows no colours but what is drawn has some.
func TestPDFAThroughLife(t *testing.T) {
	s := newServices(t)
	id := s.signer(t, testpki.RSA2048)
	signer := &pades.Signer{Key: id.Key, Chain: id.Chain}
	red := &appearance.Text{Text: "{page} / {pages}", Color: color.RGBA{200, 0, 0, 255}}
	for part := 1; part <= 3; part++ {
		for intent, data := range map[string][]byte{"rgb": archival(t, part), "gray": grayIntent(t, archival(t, part))} {
			t.Run(fmt.Sprint(part, " ", intent), func(t *testing.T) {
				amendment := &pades.Amendment{
					Stamps:   []pades.Stamp{{Appearance: red, Rect: pades.Rect{X: 30, Y: 20, Width: 60, Height: 20}}, {Appearance: seen(t), Rect: pades.Rect{X: 300, Y: 20, Width: 200, Height: 40}}},
					Metadata: &pades.Metadata{Title: "変更後", Language: "ja"},
				}
				if part == 3 {
					amendment.Attachments = []pades.Attachment{{Name: "b.csv", MIMEType: "text/csv", Data: []byte("a,b"), Relationship: pades.RelationData}}
				}
				if intent == "gray" { // the page of the input is in gray but for nothing
					veraPDF(t, fmt.Sprint(part)+"b", write(t, "gray.pdf", data))
				}
				for i, step := range []func(d *pades.Document) error{
					func(d *pades.Document) error { return d.Amend(t.Context(), amendment) },
					func(d *pades.Document) error {
						return d.AddFields([]*pades.NewField{{Name: "a.b", Rect: pades.Rect{X: 50, Y: 100, Width: 150, Height: 40}}, {Name: "a.c"}}, nil)
					},
					func(d *pades.Document) error {
						o := s.options(pades.BB)
						o.Field, o.Appearance, o.Reason, o.Name = "a.b", seen(t), "agreed", "Ann Lee"
						return d.Sign(t.Context(), signer, o)
					},
					func(d *pades.Document) error {
						o := s.options(pades.BLT)
						o.Field = "a.c"
						return d.Sign(t.Context(), signer, o)
					},
					func(d *pades.Document) error {
						return d.Timestamp(t.Context(), &pades.TimestampOptions{TSA: s.client(), Appearance: red, Rect: pades.Rect{X: 50, Y: 200, Width: 100, Height: 30}})
					},
					func(d *pades.Document) error {
						return d.Extend(t.Context(), &pades.ExtendOptions{Level: pades.BLTA, TSA: s.client(), Revocation: s.source(), Trust: s.pki.PKI.Pool()})
					},
				} {
					data = s.update(t, data, "", step)
					file := write(t, fmt.Sprintf("step%d.pdf", i+1), data)
					veraPDF(t, fmt.Sprint(part)+"b", file)
					if i == 5 && intent == "rgb" {
						allPass(t, s, file, 2)
					}
					if i < 4 { // the structure of a signed document is left alone, so new fields stay outside
						veraPDF(t, "ua1", file)
					}
				}
			})
		}
	}
}

// allPass demands that we, EU DSS and pyHanko call all signatures of a file valid.
func allPass(t *testing.T, s *services, file string, signatures int) {
	t.Helper()
	report, err := verify.File(t.Context(), file, &verify.Options{Trust: s.pki.PKI.Pool()})
	require.NoError(t, err)
	require.True(t, report.Intact)
	for _, judge := range adesPeers(t) {
		answer := judge.do(t, s.judgeTask(file, "", pades.BLTA))
		require.Empty(t, answer.Error, judge.name)
		require.Len(t, answer.Signatures, signatures, judge.name)
		for _, sig := range answer.Signatures {
			require.True(t, sig.Intact, "%s: %+v", judge.name, sig)
			require.Contains(t, sig.Indication, "PASSED", "%s: %+v", judge.name, sig)
		}
	}
}

// TestPDFReports: the report as PDF, of 1, 3 and 20 signatures and of files that fail,
// follows PDF/A-3 at level A and PDF/UA-1 in both languages.
func TestPDFReports(t *testing.T) {
	gothic := peertest.File(t, peertest.Gothic)
	s := newServices(t)
	id := s.signer(t, testpki.P256)
	data := testpdf.Contract(2, testpdf.Table).Bytes()
	reports := map[string][]*verify.Report{}
	judge := func(data []byte) *verify.Report {
		r, _ := verify.File(t.Context(), write(t, "契約書.pdf", data), &verify.Options{Trust: s.pki.PKI.Pool(), Source: s.source()})
		require.NotNil(t, r)
		return r
	}
	for n := 1; n <= 20; n++ {
		data = s.update(t, data, "", func(d *pades.Document) error {
			o := s.options(pades.BB)
			o.Reason, o.Name = "契約の承認", "山田太郎"
			return d.Sign(t.Context(), &pades.Signer{Key: id.Key, Chain: id.Chain}, o)
		})
		if n == 1 || n == 3 || n == 20 {
			reports[fmt.Sprint(n)] = []*verify.Report{judge(data)}
			require.Len(t, reports[fmt.Sprint(n)][0].Signatures, n)
		}
	}
	altered := bytes.Replace(data, []byte("Service"), []byte("Sorvice"), 1)
	unsigned := testpdf.Contract(1, testpdf.Stream).Bytes()
	reports["several"] = []*verify.Report{judge(altered), judge(unsigned), {File: "torn.pdf", Error: "not a PDF file"}, reports["3"][0]}
	for name, list := range reports {
		for _, language := range []report.Language{report.English, report.Japanese} {
			var b bytes.Buffer
			require.NoError(t, report.Write(&b, report.PDF, &report.Options{Language: language, Fonts: []report.Font{{Data: gothic}}}, list...))
			file := write(t, "report.pdf", b.Bytes())
			t.Logf("%s, %v: %d bytes", name, language, b.Len())
			veraPDF(t, "3a", file)
			veraPDF(t, "ua1", file)
			qpdfCheck(t, file)
		}
	}
}
