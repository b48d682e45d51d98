package main

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// contractLine is one line of text on the page of the demonstration: its
// baseline in points from the left and bottom edge, its font and its size.
type contractLine struct {
	x, y float64
	font string // F1 regular, F2 bold
	size float64
	text string
}

// contractLines is the text of the demonstration contract, made on that day.
func contractLines(day time.Time) []contractLine {
	lines := []contractLine{
		{72, 742, "F2", 20, "Service Contract"},
		{72, 718, "F1", 11, "No. 2041-07, made on " + day.Format("2 January 2006")},
	}
	y := 678.0
	for _, clause := range []string{
		"Between the Town of Sakae (the Client)",
		"and Misaki Tuning Works (the Contractor).",
		"",
		"1.  The Contractor tunes the Client's three grand pianos once a quarter,",
		"     on a day that both agree upon two weeks ahead.",
		"2.  The Client pays 84,000 yen for each visit within 30 days of the invoice.",
		"3.  Replaced strings and felt are charged at cost and listed in the invoice.",
		"4.  The contract runs for one year and ends by itself.",
		"5.  Either party may end it with two months' notice in writing.",
	} {
		lines = append(lines, contractLine{72, y, "F1", 11, clause})
		y -= 20
	}
	return append(lines,
		contractLine{72, 400, "F1", 9, "For the Client"},
		contractLine{320, 400, "F1", 9, "For the Contractor"},
		contractLine{72, 60, "F1", 8, "A demonstration made by inkan. It binds nobody."})
}

// contractContent draws the lines and two rules to sign upon (ISO 32000-2, 9.4 and 8.5).
func contractContent(lines []contractLine) []byte {
	escape := strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`)
	var b bytes.Buffer
	for _, l := range lines {
		fmt.Fprintf(&b, "BT /%s %g Tf %g %g Td (%s) Tj ET\n", l.font, l.size, l.x, l.y, escape.Replace(l.text))
	}
	b.WriteString("0.5 w 72 414 m 275 414 l S\n320 414 m 523 414 l S\n")
	return b.Bytes()
}

// contractPDF returns a contract of one page as a PDF 1.7 file with a
// cross-reference table (ISO 32000-2, 7.5).
func contractPDF(day time.Time) []byte {
	content := contractContent(contractLines(day))
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R/Lang(en)>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R/F2 6 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
		fmt.Sprintf("<</Title(Service Contract)/Producer(inkan)/CreationDate(D:%sZ)>>", day.UTC().Format("20060102150405")),
	}
	b := bytes.NewBufferString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	table := bytes.NewBufferString(fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(objects)+1))
	for i, body := range objects {
		fmt.Fprintf(table, "%010d 00000 n \n", b.Len())
		fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\n", i+1, body)
	}
	start := b.Len()
	b.Write(table.Bytes())
	fmt.Fprintf(b, "trailer\n<</Size %d/Root 1 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, len(objects), start)
	return b.Bytes()
}
