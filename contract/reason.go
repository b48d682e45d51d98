package contract

import (
	"errors"
	"fmt"
	"strings"
)

// reason is what is wrong, as a text with arguments, which people read in their language.
type reason struct {
	format    string
	arguments []any
}

func because(format string, arguments ...any) *reason { return &reason{format, arguments} }

// Error is the text in English.
func (r *reason) Error() string { return fmt.Errorf(r.format, r.arguments...).Error() }

// Unwrap returns the error that the text holds, if it holds one.
func (r *reason) Unwrap() error { return errors.Unwrap(fmt.Errorf(r.format, r.arguments...)) }

// word is the text in a language.
func (r *reason) word(l Language) string {
	text, ok := reasonTexts[r.format]
	if l != Japanese || !ok {
		return r.Error()
	}
	arguments := make([]any, len(r.arguments))
	for i, v := range r.arguments {
		arguments[i] = v
		if w, ok := argument(v).(worded); ok {
			arguments[i] = w.word(l)
		}
	}
	return fmt.Sprintf(text, arguments...)
}

// worded is an argument of a text that has a word in each language. String is that of JSON.
type worded interface{ word(l Language) string }

// argument is an argument of a text: of an error, the reason that it gives.
func argument(v any) any {
	err, ok := v.(error)
	if !ok {
		return v
	}
	var r *reason
	if errors.As(err, &r) {
		return r
	}
	return strings.TrimPrefix(err.Error(), "contract: ")
}

// reasonTexts are the texts of reasons in Japanese, by those in English. What cannot be read of a
// PDF is told in English.
var reasonTexts = map[string]string{
	"it is of version %d; this program reads version %d": "バージョンが%dです。このプログラムが読み取れるのはバージョン%dです",
	"it has no ID":                                      "IDがありません",
	"it has no documents":                               "文書がありません",
	"it has %d %s; at most %d are read":                 "%d件の項目（%s）があり、上限の%d件を超えています",
	"document %d has %d revisions; at most %d are read": "文書%dのリビジョンが%d件あり、上限の%d件を超えています",
	"the text %.20q… is longer than %d bytes":           "文字列%.20q…が%dバイトを超えています",
	"the text %.60q holds a line end, another control character, one that turns the direction of writing, or bytes that are no UTF-8": "文字列%.60qに、改行などの制御文字、書字方向を変える文字、または不正なUTF-8があります",
	"document %d is numbered %d":                                                     "文書%dの番号が%dになっています",
	"document %d has the ID %s of another":                                           "文書%dのID %sが他と重複しています",
	"document %d: %w":                                                                "文書%d：%v",
	"it has no revision":                                                             "リビジョンがありません",
	"revision %d is numbered %d":                                                     "リビジョン%dの番号が%dになっています",
	"revision %d is not longer than the one before":                                  "リビジョン%dが直前のリビジョンより長くありません",
	"revision %d was %q, which cannot be there":                                      "リビジョン%d（%s）はその位置に存在し得ません",
	"revision %d was %q by the participant %q":                                       "リビジョン%d（%s）の署名者「%s」が不整合です",
	"its first revision is not what was uploaded":                                    "最初のリビジョンがアップロードされた文書ではありません",
	"revision %d is not what was prepared":                                           "リビジョン%dが署名準備時の文書ではありません",
	"revision %d was signed, and none was prepared":                                  "リビジョン%dは署名されていますが、署名準備の記録がありません",
	"signature %d is in document %d, of %d":                                          "署名%dの対象が文書%dですが、文書は%d件です",
	"signature %d closes revision %d, which document %d has not":                     "署名%dのリビジョン%dが文書%dにありません",
	"signature %d is of %q, its revision %d of %q":                                   "署名%dの署名者は「%s」、リビジョン%dの署名者は「%s」です",
	"signature %d is of the unknown participant %q":                                  "署名%dの署名者「%s」は登録されていません",
	"signature %d of %q is in the field %q, not %q":                                  "署名%d（%s）のフィールドは「%s」で、「%s」ではありません",
	"revision %d of document %d has two signatures of %q":                            "リビジョン%d（文書%d）に「%s」の署名が二つあります",
	"signature %d covers %v, which does not end with revision %d of document %d":     "署名%dの対象範囲%vの終わりが、リビジョン%d（文書%d）の終わりと一致しません",
	"document %d came with signatures: %t; of those it came with there are some: %t": "文書%dの持ち込み時の署名の有無（%t）と、記録された署名の有無（%t）が一致しません",
	"revision %d of document %d was signed by %q, and has no such signature":         "リビジョン%d（文書%d）は「%s」が署名したとされていますが、その署名がありません",
	"the deal is of %q, which is not a date of the form YYYY-MM-DD":                  "取引年月日「%s」がYYYY-MM-DDの形式ではありません",
	"the amount %q %q is not a decimal number and a currency of three letters":       "取引金額「%s」「%s」が、数値と3文字の通貨コードではありません",
	"it is kept until %q, which is not a date of the form YYYY-MM-DD":                "保存期限「%s」がYYYY-MM-DDの形式ではありません",

	"event %d is of the unknown type %q":                          "イベント%dの種類「%s」は定義されていません",
	"event %d has the unknown source of time %q":                  "イベント%dの日時の根拠「%s」は定義されていません",
	"event %d names the unknown participant %q":                   "イベント%dの操作者「%s」は登録されていません",
	"event %d is %q by nobody who takes part":                     "イベント%d（%s）の操作者が署名者ではありません",
	"event %d names consent %d, of %d":                            "イベント%dが同意書%dを指していますが、同意書は%d件です",
	"event %d tells of an identification without saying of which": "イベント%dに認証の内容がありません",
	"the texts of event %d are longer than %d bytes":              "イベント%dの文字列が%dバイトを超えています",
	"event %d names document %d, of %d":                           "イベント%dが文書%dを指していますが、文書は%d件です",
	"it is numbered %d":                                           "番号が%dになっています",
	"it does not follow the contract: its ID, or the digest of a document as it was uploaded, was altered": "契約のID、またはアップロード時の文書のハッシュ値が改変されています",
	"it does not follow event %d: one was altered, left out or put elsewhere":                              "イベント%dに続いていません。改変、削除または入れ替えがあります",
	"%q at %s was altered: its hash is another":                                                            "「%s」（%s）が改変されています。ハッシュ値が一致しません",
	"it is of %s, before the one it follows (%s)":                                                          "日時%sが、直前のイベント（%s）より前です",
	"the head of the chain is another: events are missing at the end":                                      "連鎖の末尾が一致しません。末尾のイベントが欠けています",

	"participant %d has the ID %q":                                          "署名者%dのID「%s」は使用できません",
	"two participants have the ID %q":                                       "署名者ID「%s」が重複しています",
	"participant %q has no name":                                            "署名者「%s」の氏名がありません",
	"participant %q has the order %d":                                       "署名者「%s」の署名順が%dです",
	"participant %q signs by the unknown method %q":                         "署名者「%s」の署名方法「%s」は定義されていません",
	"participant %q is reached by %q, neither email nor phone":              "署名者「%s」の宛先の種類「%s」が、メールでも電話でもありません",
	"participant %q was identified otherwise than the events tell":          "署名者「%s」の認証の記録が、イベントと一致しません",
	"consent %d is numbered %d":                                             "同意書%dの番号が%dになっています",
	"consent %d takes the place of consent %d, which is not an earlier one": "同意書%dが差し替える同意書%dは、それより前のものではありません",
	"consent %d is of %q, which is not a date of the form YYYY-MM-DD":       "同意書%dの日付「%s」がYYYY-MM-DDの形式ではありません",
	"consent %d names no address":                                           "同意書%dに宛先がありません",

	"it is not in canonical form (RFC 8785), or says what this version does not know": "正規形（RFC 8785）でないか、この版にない項目があります",
	"%s says %s, which this version does not know or which is not as it is written":   "%vの「%s」は、この版にない項目か、正しくない表記です",
	"%s is longer than %d bytes":                                     "%vが%dバイトを超えています",
	"%s cannot be read: %w":                                          "%vを読み取れません：%v",
	"there is no revision %d":                                        "リビジョン%dがありません",
	"%d files %q are attached to revision %d, not one":               "%d個の添付ファイル「%s」がリビジョン%dにあります（1個であるべきです）",
	"its pages have no structure":                                    "紙面の論理構造がありません",
	"the structure of its pages is none of a completion certificate": "紙面の論理構造が契約締結証明書のものではありません",
	"page %d":        "%dページ",
	"participant %q": "署名者「%s」",
}
