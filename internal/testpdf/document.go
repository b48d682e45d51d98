package testpdf

import "fmt"

// Contract returns a contract of that many pages, with a filled text field
// (fully qualified name "party.name"), a check box and document information.
// Object 1 is the catalog, 2 the page tree, 3 the AcroForm, 4 the text field's
// parent, 5 the text field with its widget, 6 its appearance, 7 the font,
// 8 the information dictionary; pages and their contents follow from 10.
func Contract(pages int, form Form) File {
	kids := ""
	f := File{Form: form, Trailer: "/Root 1 0 R/Info 8 0 R/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]"}
	for i := range pages {
		kids += fmt.Sprintf("%d 0 R ", 10+2*i)
	}
	f.Objects = []Object{
		{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R>>"},
		{Number: 2, Body: fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d/MediaBox[0 0 595 842]>>", kids[:len(kids)-1], pages)},
		{Number: 3, Body: "<</Fields[4 0 R]/DR<</Font<</Helv 7 0 R>>>>/DA(/Helv 0 Tf 0 g)>>"},
		{Number: 4, Body: "<</T(party)/Kids[5 0 R]>>"},
		{Number: 5, Body: "<</Type/Annot/Subtype/Widget/FT/Tx/Parent 4 0 R/T(name)/V(Higashikagura Town)/DA(/Helv 11 Tf 0 g)/Rect[72 640 340 660]/F 4/P 10 0 R/AP<</N 6 0 R>>>>"},
		{Number: 6, Body: "<</Type/XObject/Subtype/Form/BBox[0 0 268 20]/Resources<</Font<</Helv 7 0 R>>>>>>",
			Data: []byte("/Tx BMC q BT /Helv 11 Tf 0 g 2 6 Td (Higashikagura Town) Tj ET Q EMC")},
		{Number: 7, Body: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"},
		{Number: 8, Body: "<</Title(Service contract)/Producer(inkan testpdf)>>"},
	}
	for i := range pages {
		annots := ""
		if i == 0 {
			annots = "/Annots[5 0 R]"
		}
		f.Objects = append(f.Objects,
			Object{Number: 10 + 2*i, Body: fmt.Sprintf("<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 7 0 R>>>>/Contents %d 0 R%s>>", 11+2*i, annots)},
			Object{Number: 11 + 2*i, Body: "<<>>", Data: fmt.Appendf(nil, "BT /F1 18 Tf 72 770 Td (Service contract, page %d of %d) Tj ET\nBT /F1 11 Tf 72 700 Td (The contractor is paid 100 yen.) Tj ET", i+1, pages)})
	}
	if form == Hybrid {
		// what readers of tables may ignore: a private catalog entry's target
		f.Objects = append(f.Objects, Object{Number: 9, Body: "<</HybridOnly true/Note(only in the cross-reference stream)>>"})
		f.Objects[0].Body = "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/PieceInfo<</Inkan<</LastModified(D:20260101000000Z)/Private 9 0 R>>>>>>"
	}
	return f
}
