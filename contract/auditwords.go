package contract

import (
	"fmt"
	"strings"
	"time"

	"github.com/inkan-go/inkan/verify"
)

// claimTexts are the texts of claims by their codes: English, Japanese. The verbs are the
// arguments in their order.
var claimTexts = map[string][2]string{
	"certificate.uncertified":         {"the completion certificate is not certified: anybody may have written it", "契約締結証明書に証明用署名がありません。誰でも作成できる文書です。"},
	"certificate.signature":           {"the signature of the completion certificate is %s", "契約締結証明書の署名は%s。"},
	"certificate.permission":          {"the completion certificate permits changes (DocMDP %s, not 1)", "契約締結証明書が変更を許可しています（DocMDP %s。1であるべきです）。"},
	"certificate.purpose":             {"the signature %q certifies no completion certificate, but a document of somebody else", "署名「%s」は契約締結証明書のためのものではなく、他者の文書に対するものです。"},
	"certificate.page":                {"the page shows what the evidence says, and nothing else", "契約締結証明書の紙面は、証跡データの内容と完全に一致します。"},
	"certificate.page-told":           {"that the page shows what the evidence says is said by the platform; it was not compared", "契約締結証明書の紙面が証跡データどおりであることは、プラットフォームの署名によります（照合は行っていません）。"},
	"certificate.page-changed":        {"the page was changed after it was written from the evidence, and before it was signed: what it shows is not what the evidence says", "契約締結証明書の紙面は、証跡データから作成された後、署名される前に変更されています。"},
	"certificate.page-text":           {"every text on the page is what the evidence says, by the word of its fonts, and nothing else is painted there", "契約締結証明書の紙面の文字は、埋め込みフォントの文字情報によれば、すべて証跡データと一致し、ほかの記載はありません。"},
	"certificate.page-text-withheld":  {"every text on the page is what the evidence says, by the word of its fonts and apart from addresses, which are withheld, and nothing else is painted there", "契約締結証明書の紙面の文字は、埋め込みフォントの文字情報によれば、開示されていない宛先を除いてすべて証跡データと一致し、ほかの記載はありません。"},
	"certificate.page-differs":        {"the page differs from the evidence at %q: it shows %q, the evidence says %q", "契約締結証明書の紙面が証跡データと異なります（%s）。紙面は「%s」、証跡データは「%s」です。"},
	"certificate.page-more":           {"page %s of the certificate shows something that the evidence does not say: %s", "契約締結証明書の%sページに、証跡データにない記載があります：%s"},
	"certificate.page-unread":         {"the pages of the certificate cannot be read: %s", "契約締結証明書の紙面を読み取れません：%s"},
	"certificate.page-zone":           {"the times on the page are in the zone %s: say which one that is to compare them", "契約締結証明書の紙面の日時は%sで記載されています。照合するには時間帯を指定してください。"},
	"certificate.issuer":              {"the completion certificate was issued by %s, with the certificate %s", "契約締結証明書は%sが証明書「%s」で発行したものです。"},
	"certificate.issuer-other":        {"the completion certificate names %s, but it was signed with another certificate than the platform's: %s", "契約締結証明書の発行者は%sとされていますが、プラットフォームのものではない証明書「%s」で署名されています。"},
	"certificate.issuer-unnamed":      {"the completion certificate names %s as its issuer, but its certificate does not: %s", "契約締結証明書の発行者は%sとされていますが、署名の証明書にその名前がありません：%s"},
	"certificate.issuer-key":          {"the completion certificate of %s was signed with another certificate than the one that signed for witnesses: %s; say which are the platform's", "%sの契約締結証明書は、契約印タイプの署名とは別の証明書「%s」で署名されています。プラットフォームの証明書を指定してください。"},
	"certificate.issuer-alone":        {"the certificate that issued for %s has that name, and nothing else shows that it is the platform's, since nobody signed by its key: %s; say which are the platform's", "契約締結証明書の署名の証明書には%sの名義がありますが、契約印タイプの署名がないため、プラットフォームの証明書であることを確認できません：%s。プラットフォームの証明書を指定してください。"},
	"certificate.issuer-unknown":      {"who issued the completion certificate cannot be told; it names %s", "契約締結証明書の発行者を確認できません（記載：%s）。"},
	"record.missing":                  {"the completion certificate holds no evidence: %s", "契約締結証明書に証跡データがありません：%s"},
	"record.wrong":                    {"the evidence contradicts itself: %s", "証跡データに矛盾があります：%s"},
	"record.chain":                    {"the chain of all %s events is whole", "%s件のイベントの連鎖に欠落や改変はありません。"},
	"record.chain-broken":             {"the chain of events is broken at event %s: %s", "イベントの連鎖が%s番で途切れています：%s"},
	"record.told":                     {"control numbers, creators, the deal, consents and retention are told by the platform", "管理番号、文書作成者、取引情報、同意書、保存期限は、プラットフォームの記録によります。"},
	"document.missing":                {"the document %q (%s) was not given", "文書「%s」（%s）が提示されていません。"},
	"document.foreign":                {"%s is no document of the contract %s", "%sは契約%sの文書ではありません。"},
	"document.unreadable":             {"%s cannot be read: %s", "%sを読み取れません：%s"},
	"document.revisions":              {"%q is the document of the evidence in all %s revisions", "「%s」は証跡データの%s個のリビジョンすべてと一致します。"},
	"document.short":                  {"%s is cut off: revision %s is missing, there are %s bytes of %s", "%sは途中で切れています。リビジョン%sがありません（%sバイト／%sバイト）。"},
	"document.altered":                {"%s was altered: revision %s (%s) is another", "%sは改変されています。リビジョン%s（%s）が一致しません。"},
	"document.signature":              {"the signature %s is %s", "%sは%s。"},
	"document.level":                  {"the signature %s is of the level %s by the evidence, and of %s in the file", "%sのレベルは、証跡データでは%sですが、ファイルでは%sです。"},
	"document.removed":                {"%s lacks the signature %q of the evidence", "%sに、証跡データにある署名「%s」がありません。"},
	"document.exchanged":              {"in %s the signature %q is another than that of the evidence", "%sの署名「%s」は証跡データのものではありません。"},
	"document.extra":                  {"%s holds the signature %q, which the evidence does not know", "%sに、証跡データにない署名「%s」があります。"},
	"document.renewed":                {"%s time stamps were added later, which is how protection is renewed", "後から%s個のタイムスタンプが追加されています（保護の延長）。"},
	"document.changed":                {"%s was changed after it was concluded: more than time stamps and what validates them was added", "%sは締結後に変更されています。タイムスタンプと検証情報以外のものが追加されています。"},
	"document.between":                {"%s was changed between its signatures, by revision %s of the file: who had signed before did not see that", "%sは署名と署名の間に変更されています（ファイルのリビジョン%s）。先に署名した者はこの変更を見ていません。"},
	"document.between-unread":         {"%s has more additions than are listed: whether one came between its signatures cannot be told", "%sの追加内容は一覧の上限を超えており、署名と署名の間に変更があったか判定できません。"},
	"document.prepared":               {"%s was signed as a document of the contract %s (%q), and did not come with signatures", "%sは契約%s（%s）の文書として署名されたものであり、署名済みで持ち込まれた文書ではありません。"},
	"document.came-signed":            {"the document came with signatures: that it belongs to this contract is said by the platform", "この文書は署名済みで持ち込まれました。本契約の文書であることはプラットフォームの記録によります。"},
	"document.manifest":               {"every signature covers that this is a document of the contract %s", "すべての署名が、本文書が契約%sの文書であることを対象に含みます。"},
	"document.id":                     {"the ID %s stands lower left on each of the %s pages, by the word of its font", "埋め込みフォントの文字情報によれば、文書ID %sが全%sページの左下に印字されています。"},
	"document.id-missing":             {"%s: on page %s the ID %s does not stand lower left", "%sの%sページの左下に、文書ID %sの印字がありません。"},
	"document.id-other":               {"%s: page %s shows the ID %s, not %s", "%sの%sページに印字されたIDは%sで、文書ID %sではありません。"},
	"document.id-unread":              {"%s: whether the ID %s stands on its pages cannot be read: %s", "%sのページに文書ID %sの印字があるか読み取れません：%s"},
	"document.manifest-missing":       {"%s lacks the manifest that its signatures should cover: %s", "%sに、署名の対象となるべきマニフェストがありません：%s"},
	"document.manifest-differs":       {"what the signatures of %s cover differs from the evidence: %s", "%sの署名の対象が証跡データと異なります：%s"},
	"stamp.accredited":                {"the time stamp in %q of %s by %s is accredited: %s", "「%s」のタイムスタンプ（%s、%s）は認定タイムスタンプです：%s"},
	"stamp.not-accredited":            {"the time stamp in %q of %s by %s is not in the list of accredited services", "「%s」のタイムスタンプ（%s、%s）は認定事業者の一覧にありません。"},
	"stamp.other":                     {"the time stamp of the signature %q is not the one of %s that the evidence says", "署名「%s」のタイムスタンプは、証跡データのもの（%s）ではありません。"},
	"stamp.unlisted":                  {"whether the time stamp in %q of %s by %s is accredited: no list of accredited services was given", "「%s」のタイムスタンプ（%s、%s）が認定タイムスタンプかどうか：認定事業者の一覧が提示されていません。"},
	"participant.in-order":            {"the participants signed in the order that was set", "署名者は定められた順に署名しました。"},
	"participant.order":               {"%s signed before %s, whose turn it was", "%sが、先に署名すべき%sより前に署名しています。"},
	"participant.unsigned":            {"%s has not signed", "%sは署名していません。"},
	"participant.certificate":         {"%s signed with a certificate of their own: %s", "%sは本人の証明書で署名しました：%s"},
	"participant.no-certificate":      {"the certificate that %s signed with cannot be read", "%sの署名の証明書を読み取れません。"},
	"participant.other-certificate":   {"the signature of %s was made with another certificate than the evidence says: %s", "%sの署名は、証跡データと異なる証明書によるものです：%s"},
	"participant.witnessed":           {"%s signed by the word of %s, whose key made the signature", "%sの署名であることは、署名鍵を用いた%sの記録によります。"},
	"participant.other-platform":      {"the signature for %s was made with another key than the platform's: %s", "%sの署名は、プラットフォームのものではない鍵によるものです：%s"},
	"participant.platform-unknown":    {"the signature for %s was made with another certificate of %s than the completion certificate; say which are the platform's", "%sの署名は、契約締結証明書とは別の%sの証明書によるものです。プラットフォームの証明書を指定してください。"},
	"participant.not-own":             {"%s is said to have signed with a certificate of their own; it is the platform's: %s", "%sは本人の証明書で署名したとされていますが、プラットフォームの証明書です：%s"},
	"participant.certificate-unnamed": {"a certificate of their own signed for %s, says the platform; the certificate names %s", "%sは本人の証明書で署名したと記録されていますが、証明書の名義は「%s」です。"},
	"participant.other-name":          {"the signature of %s names %s", "%sの署名に記載された名前は「%s」です。"},
	"participant.identified":          {"%s was identified by %s at %s", "%sは%sにより本人確認されました（%s）。"},
	"participant.consent":             {"%s was reached at the address that %s consented to on %s", "%sの宛先は、%sが%sの同意書で届け出たものです。"},
	"participant.other-address":       {"%s was reached at another address than the one that %s consented to", "%sの宛先は、%sが同意書で届け出たものではありません。"},
	"participant.contact":             {"%s was reached at %s", "%sの宛先は%sです。"},
	"participant.contact-withheld":    {"where %s was reached is withheld", "%sの宛先は開示されていません。"},
	"event.told":                      {"%s events, with their times and addresses, are told by the platform", "%s件のイベントの日時とIPアドレスは、プラットフォームの記録によります。"},
	"event.document":                  {"event %s (%s) speaks of a document %s that no revision is", "イベント%s（%s）の文書%sは、どのリビジョンとも一致しません。"},
	"event.signature":                 {"event %s says that %s signed; no revision shows it", "イベント%sに%sの署名とありますが、対応するリビジョンがありません。"},
	"event.late":                      {"event %s (%s) is said to be of %s, after the time stamp of %s over it", "イベント%s（%s）の日時%sは、それを対象とするタイムスタンプ（%s）より後です。"},
	"event.early":                     {"event %s (%s) is said to be of %s, before the time stamp of %s that the document had then", "イベント%s（%s）の日時%sは、その時点の文書に含まれるタイムスタンプ（%s）より前です。"},
	"event.stamp":                     {"event %s (%s) is said to have its time, %s, from a time stamp; no document holds one of that time", "イベント%s（%s）の日時%sはタイムスタンプによるとされていますが、その時刻のタイムスタンプが文書にありません。"},
	"event.unconcluded":               {"the contract is not concluded; by its events it is %s", "契約は締結されていません（イベントによる状態：%s）。"},
	"disclosure.missing":              {"no disclosure was given: addresses cannot be compared", "開示ファイルがないため、宛先を照合できません。"},
	"disclosure.other":                {"the disclosure is not that of the contract %s, or was altered", "開示ファイルが契約%sのものではないか、改変されています。"},
}

// verdict is an argument: what package verify says of a signature.
type verdict struct{ *verify.Signature }

// String is the verdict for JSON.
func (v verdict) String() string {
	return strings.TrimSpace(v.Indication.String() + " " + string(v.SubIndication))
}

// word is the verdict in a language.
func (v verdict) word(l Language) string {
	texts := [...][2]string{verify.TotalPassed: {"valid", "有効です"}, verify.TotalFailed: {"invalid", "無効です"}, verify.Indeterminate: {"not to be judged", "判定できません"}}
	text := texts[verify.TotalFailed]
	if int(v.Indication) < len(texts) && texts[v.Indication][0] != "" {
		text = texts[v.Indication]
	}
	word := text[0]
	if l == Japanese {
		word = text[1]
	}
	if v.SubIndication != "" {
		if l == Japanese {
			return word + "（" + string(v.SubIndication) + "）"
		}
		word += " (" + string(v.SubIndication) + ")"
	}
	return word
}

// signatureName is an argument: a signature, by its field and whose it is.
type signatureName struct {
	field, who string
	stamp      bool // a time stamp of the document
}

func (a *auditor) signatureName(s *Signature) signatureName {
	n := signatureName{field: s.Field, stamp: s.Participant == "" && s.Stamp != nil}
	if p := a.record.Participant(s.Participant); p != nil {
		n.who = p.Name
	}
	return n
}

// String is the name for JSON.
func (n signatureName) String() string { return n.field }

// word is the name in a language.
func (n signatureName) word(l Language) string {
	switch {
	case l != Japanese && n.who != "":
		return fmt.Sprintf("%q of %s", n.field, n.who)
	case l != Japanese:
		return fmt.Sprintf("%q", n.field)
	case n.who != "":
		return n.who + "の署名（" + n.field + "）"
	case n.stamp:
		return "文書タイムスタンプ「" + n.field + "」"
	}
	return "署名「" + n.field + "」"
}

// claimText is the text of a claim.
func (l Language) claimText(c *Claim, zone *time.Location) string {
	texts, ok := claimTexts[c.Code]
	if !ok {
		return c.Code
	}
	text := texts[0]
	if l == Japanese {
		text = texts[1]
	}
	if l == English && len(c.values) < len(c.Arguments) {
		return c.Text // it was read as JSON
	}
	arguments := make([]any, len(c.Arguments))
	for i, v := range c.Arguments {
		arguments[i] = v
	}
	for i, v := range c.values {
		switch v := v.(type) {
		case worded:
			arguments[i] = v.word(l)
		case Time:
			arguments[i] = moment(v, zone)
		}
	}
	return fmt.Sprintf(text, arguments...)
}
