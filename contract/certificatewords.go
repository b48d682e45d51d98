package contract

import (
	"strings"
	"time"
)

// Language is that of a certificate or an audit.
type Language string

// The languages.
const (
	Japanese Language = "ja"
	English  Language = "en"
)

// certificateWords are the texts of a completion certificate.
type certificateWords struct {
	title, intro, tie                               string
	documents, documentName, managementNo, creator  string
	creatorContact, documentID, id, signers         string
	when, how, address, who                         string
	party, witness, jpki                            string
	company, name, email, phone, withheld, none, qr string
	concluded, evidence, colon                      string
}

func (l Language) certificateWords() *certificateWords {
	if l == English {
		return &certificateWords{
			title:     "Certificate of Contract Conclusion",
			intro:     "This certifies that the following contract was concluded by electronic signatures and protected by time stamps.",
			tie:       "The ID printed at the lower left of every page of a document is its document ID above; a contract of one document has the ID of this certificate.",
			documents: "Document", documentName: "Name of document", managementNo: "Control number",
			creator: "Created by", creatorContact: "E-mail address of the creator", documentID: "Document ID",
			id: "Conclusion certificate ID", signers: "Signers",
			when: "Date and time", how: "Method of signing", address: "IP address", who: "Signer",
			party: "Signer's own certificate", witness: "Platform's certificate", jpki: "Individual Number Card",
			company: "Company", name: "Name", email: "E-mail address", phone: "Telephone number",
			withheld: "(withheld)", none: "–",
			qr:        "QR code with the conclusion certificate ID and the head of the chain of events",
			concluded: "Concluded", evidence: "The evidence (evidence.json) is attached to this document.", colon: ": ",
		}
	}
	return &certificateWords{
		title:     "契約締結証明書",
		intro:     "本書は、下記の契約が電子署名により締結され、タイムスタンプにより保護されたことを証明するものです。",
		tie:       "各文書の全ページの左下に印字されたIDは、上記の文書IDと一致します。文書が一つの契約では、文書IDは締結証明書IDと同じです。",
		documents: "文書", documentName: "文書名", managementNo: "管理番号",
		creator: "文書作成者", creatorContact: "文書作成者メールアドレス", documentID: "文書ID",
		id: "締結証明書ID", signers: "署名者",
		when: "操作日時", how: "署名方法", address: "IPアドレス", who: "署名者情報",
		party: "実印タイプ", witness: "契約印タイプ", jpki: "実印タイプ（マイナンバーカード）",
		company: "会社名", name: "氏名", email: "メールアドレス", phone: "電話番号",
		withheld: "（非開示）", none: "－",
		qr:        "締結証明書IDとイベントの連鎖の末尾のハッシュ値を収めたQRコード",
		concluded: "締結日時", evidence: "証跡データ（evidence.json）は本書に添付されています。", colon: "：",
	}
}

func (w *certificateWords) method(m Method) string {
	switch m {
	case Witness:
		return w.witness
	case JPKI:
		return w.jpki
	}
	return w.party
}

// moment writes a time as the certificate has it: 2020/07/31 20:09(JST).
func moment(t Time, zone *time.Location) string {
	return t.In(zone).Format("2006/01/02 15:04(MST)")
}

// labelled joins lines "label: value" of the values that there are.
func labelled(separator string, pairs ...[2]string) string {
	var lines []string
	for _, p := range pairs {
		if p[1] != "" {
			lines = append(lines, p[0]+separator+p[1])
		}
	}
	return strings.Join(lines, "\n")
}
