package contract

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/pades/appearance"
	"github.com/inkan-go/inkan/verify/report"
)

// crowd is a contract of as many parties, some with long names, in two documents.
func crowd(t testing.TB, parties int) *Contract {
	c := &Contract{Disclosure: &Disclosure{Version: Version, Record: ID{1}}}
	r := &c.Record
	r.Version, r.ID, r.Issuer = Version, ID{1}, "Inkan Sign"
	r.Documents = []Document{document(1), document(2)}
	r.Documents[0].Title = "東神楽町防災行政無線デジタル化更新工事に係る請負契約書（設計変更第三回、令和八年度繰越明許費分を含む）"
	r.Documents[1].Title = "仕様書"
	var err error
	r.Documents[0].Contact, err = c.Disclosure.commit(nil, "keiyaku-tantou-kakari.zaisei-ka.soumu-bu@town.higashikagura.lg.example")
	require.NoError(t, err)
	for i := range parties {
		p := Participant{ID: fmt.Sprintf("p%d", i), Order: i, Name: fmt.Sprintf("山田太郎%d", i), Org: "ABC株式会社", Method: Witness, ContactKind: "email"}
		switch i % 4 {
		case 1:
			p.Org = "独立行政法人北海道東神楽地域総合開発整備促進機構中央管理事務所第二契約課"
			p.Name = fmt.Sprintf("髙﨑𠮷之介アレクサンドリーナ・フォン・ホーエンツォレルン%d", i)
		case 2:
			p.Method, p.Subject = Party, []string{fmt.Sprintf("CN=岡島花子%d", i), "O=合同会社エックスワイゼット", "L=上川郡東神楽町", "ST=北海道", "C=JP"}
		}
		p.Contact, err = c.Disclosure.commit(nil, fmt.Sprintf("a.very.long.address.of.number.%d@contracts.department.example.co.jp", i))
		require.NoError(t, err)
		r.Participants = append(r.Participants, p)
	}
	at := time.Date(2026, 11, 20, 1, 2, 3, 0, time.UTC)
	r.ChainHead = r.origin()
	for i := range parties {
		require.NoError(t, r.append(Event{Time: At(at.Add(time.Duration(i) * time.Minute)), TimeSource: ServerTime, Actor: fmt.Sprintf("p%d", i), Type: Signed, IP: "2001:db8:85a3:8d3:1319:8a2e:370:7348"}))
	}
	require.NoError(t, r.append(Event{Time: At(at.Add(time.Hour)), TimeSource: ServerTime, Type: Concluded}))
	return c
}

// requireSays has the audit compare a page with its record.
func requireSays(t testing.TB, c *Contract, page []byte, l Language) {
	file, err := pdf.Open(bytes.NewReader(page), int64(len(page)), nil)
	require.NoError(t, err)
	s := &certificateSheet{view: file.Latest()}
	require.NoError(t, s.read())
	for _, d := range []*Disclosure{c.Disclosure, nil} {
		want, w := expect(&c.Record, d, l, japan)
		require.Nil(t, s.compare(want))
		_, more := s.foreign(want, func(n int) string {
			f := c.footer(w, n, len(s.pages))
			return f.Left + f.Right
		})
		require.Empty(t, more)
	}
}

// TestCertificateCompared: whatever names there are, a page is found to say what its record does: in
// rows longer than a page, from right to left, with marks on letters.
func TestCertificateCompared(t *testing.T) {
	for _, name := range []string{
		"Jose\u0301 A\u030angstro\u0308m", "Ωμέγα Жанна", strings.Repeat("a very long name, ", 300), "x", "two\nlines", "tab\u00a0nbsp", "—", "",
		"שלום אבג", "مرحبا", "fi ffl", "a\u200bb",
	} {
		c := crowd(t, 3)
		r := &c.Record
		r.Documents[0].Title, r.Documents[1].Title = "A", "B"
		for i := range r.Participants {
			r.Participants[i].Name, r.Participants[i].Org = "A B", "C"
			if r.Participants[i].Method == Party {
				r.Participants[i].Subject = []string{"CN=A"}
			}
		}
		r.Participants[0].Name, r.Documents[1].Title = name, name
		o := (&CertificateOptions{Language: English, Fonts: AnyFonts(t)}).withDefaults()
		page, err := c.page(&o)
		require.NoError(t, err)
		requireSays(t, c, page, English)
	}
}

// TestCertificatePages: the certificate of 1, 3 and 40 parties has everybody on it, in both
// languages, as text that can be taken out, and is the same each time it is written. With
// INKAN_LOOK it is left in that folder, to be looked at.
func TestCertificatePages(t *testing.T) {
	reader := peertest.Program(t, "pdftotext")
	look := os.Getenv("INKAN_LOOK")
	if look == "" {
		look = t.TempDir()
	}
	for _, parties := range []int{1, 3, 40} {
		for _, language := range []Language{Japanese, English} {
			c := crowd(t, parties)
			o := (&CertificateOptions{Language: language}).withDefaults()
			fonts, err := appearance.FindFonts(t.Context(), c.CertificateText(&o), nil)
			if err != nil {
				peertest.Missing(t, "a Japanese font")
			}
			for _, f := range fonts {
				data, index := f.Data()
				o.Fonts = append(o.Fonts, report.Font{Data: data, Index: index})
			}
			page, err := c.page(&o)
			require.NoError(t, err)
			again, err := c.page(&o)
			require.NoError(t, err)
			require.Equal(t, sum(page), sum(again))
			requireSays(t, c, page, language)
			name := filepath.Join(look, fmt.Sprintf("certificate-%d-%s.pdf", parties, language))
			require.NoError(t, os.WriteFile(name, page, 0o600))
			out, err := exec.CommandContext(t.Context(), reader, name, "-").Output()
			require.NoError(t, err)
			text := strings.Join(strings.Fields(string(out)), "")
			for i := range c.Record.Participants {
				p := &c.Record.Participants[i]
				want := append([]string{p.Name}, p.Subject...)
				if p.Method == Party {
					want = p.Subject
				}
				for _, w := range want {
					require.Contains(t, text, w)
				}
			}
			for _, d := range c.Record.Documents {
				require.Contains(t, text, d.Title)
				require.Contains(t, text, d.ID.String())
			}
		}
	}
}
