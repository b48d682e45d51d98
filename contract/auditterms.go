package contract

// Words of a record in Japanese, as the clerk of an office has them. In English, and where a word is
// missing, it is what the record says.

var eventWords = map[EventType]string{
	Created: "作成", Sent: "送付", Viewed: "閲覧", Consented: "同意", Authenticated: "認証", Signed: "署名", Declined: "辞退",
	Reassigned: "担当者変更", Expired: "期限切れ", Withdrawn: "撤回", Concluded: "締結", Downloaded: "ダウンロード", Renewed: "保護の延長",
}

var causeWords = map[Cause]string{
	CauseUploaded: "アップロード", CausePrepared: "署名準備", CauseSigned: "署名", CauseConcluded: "締結", CauseRenewed: "保護の延長",
}

var phaseWords = map[Phase]string{
	Drafted: "作成中", Signing: "署名中", Complete: "全員署名済み", Archived: "締結済み", Ended: "終了",
}

var methodWords = map[Method]string{Party: "実印タイプ", Witness: "契約印タイプ", JPKI: "マイナンバーカード"}

var regimeWords = map[Regime]string{MIC: "総務大臣認定", JADAC: "日本データ通信協会認定"}

// identification is the Type of an Authentication.
type identification string

var identificationWords = map[identification]string{
	"email": "電子メール", "sms": "SMS", "phone": "電話", "totp": "ワンタイムパスワード", "password": "パスワード",
	"certificate": "電子証明書", "jpki": "マイナンバーカード",
}

// term is another word of a report.
type term string

var termWords = map[term]string{
	"recordId": "締結証明書ID", "document": "文書番号", "issuer": "発行者", "documents": "文書の一覧", "participants": "署名者の一覧",
	"a picture": "画像", "a dark area": "濃い色の領域", "an annotation": "注釈", "annotations": "注釈",
	"the record": "証跡データ", "the manifest": "マニフェスト", "identifications": "認証", "events": "イベント", "consents": "同意書", "signatures": "署名",
}

func (t EventType) word(l Language) string      { return wordOf(eventWords, t, l) }
func (c Cause) word(l Language) string          { return wordOf(causeWords, c, l) }
func (p Phase) word(l Language) string          { return wordOf(phaseWords, p, l) }
func (m Method) word(l Language) string         { return wordOf(methodWords, m, l) }
func (r Regime) word(l Language) string         { return wordOf(regimeWords, r, l) }
func (i identification) word(l Language) string { return wordOf(identificationWords, i, l) }
func (t term) word(l Language) string           { return wordOf(termWords, t, l) }

func wordOf[T ~string](words map[T]string, t T, l Language) string {
	if w := words[t]; l == Japanese && w != "" {
		return w
	}
	return string(t)
}
