package report

import (
	"fmt"

	"github.com/inkan-go/inkan/verify"
)

var inJapanese = words{
	tag: "ja", timeLayout: "2006/01/02 15:04:05 (MST)", spreadsheetLayout: "2006/01/02 15:04:05", wide: true,
	findings: japaneseFindings, renewals: japaneseRenewals, details: japaneseDetails, phrases: japanesePhrases, rules: japaneseRules,
	labels: labels{
		Signer: "署名者", Signature: "署名値", Document: "文書", Permits: "許可された変更", Locks: "ロック対象", Name: "名前", Reason: "署名の理由",
		Location: "場所", Contact: "連絡先", Claimed: "署名日時(申告)", Proven: "証明済み日時", Level: "レベル", Stamped: "タイムスタンプ", Later: "署名後", Todo: "対処",
		Title: "電子署名検証報告書", Unreadable: "読み取れません", Encrypted: "このファイルは暗号化されています。", Repaired: "このファイルは一部しか読み取れないか、修復して読み取りました。",
		File: "ファイル", Judged: "検証日時", Policy: "検証ポリシー", Indication: "判定", Protect: "延長の期限", Keep: "保存期限", Kept: "期限まで証明可能",
		Chain: "証明書", Timeline: "ファイルの履歴",
		Anchor: "トラストアンカー", Original: "最初に作成された内容", Allowed: "(許可された変更)", NotAllowed: "(許可されていない変更)",
		Fingerprint: "SHA-256", Serial: "シリアル番号", Issuer: "発行者", Digest: "文書のハッシュ値", Range: "ByteRange",
		ValidationData: "検証情報の追加", Unexplained: "署名を伴わない変更", Before: "最初の署名より前の変更", OnlyClaimed: "(申告)",
		NoCertificate: "署名者の証明書がないため検証できません", AllFields: "すべてのフィールド", Content: "ページの内容に重なっています", Overlay: "署名の表示に重なっています", Unsigned: "どの署名にも保護されていません",
		StampImprint: "タイムスタンプ対象のハッシュ値", StampSerial: "シリアル番号", StampPolicy: "ポリシー", StampAuthority: "時刻認証局",
		StampExpires: "証明書の有効期限", StampAccredited: "認定", And: "、", Then: "。",
	},
	kinds: map[verify.Kind]string{
		verify.KindApproval: "署名", verify.KindCertification: "証明用署名", verify.KindTimestamp: "文書タイムスタンプ",
	},
	indications: map[verify.Indication]string{
		verify.TotalFailed: "無効", verify.Indeterminate: "確認できません", verify.NoSignature: "署名なし", verify.TotalPassed: "有効",
	},
	reasons: map[verify.SubIndication]string{
		verify.FormatFailure:                 "この署名を信頼しないでください。署名時のファイルを入手するか、署名し直してもらってください。",
		verify.HashFailure:                   "この署名を信頼しないでください。署名対象が改ざんされています。署名時のファイルを入手してください。",
		verify.SigCryptoFailure:              "この署名を信頼しないでください。この署名者の鍵による署名ではありません。署名時のファイルを入手してください。",
		verify.SigConstraintsFailure:         "検証ポリシーの要求を満たしていません。詳しくは警告をご覧ください。別のポリシーで検証するか、署名し直してもらってください。",
		verify.ChainConstraintsFailure:       "証明書の用途が適切ではありません。別の証明書による署名を署名者に依頼してください。",
		verify.ChainGeneralFailure:           "証明書を検証できませんでした。詳しくは警告をご覧ください。失効情報がない場合は、失効情報を追加するか、オンラインでの取得を許可してください。それ以外の場合は、別の証明書による署名を署名者に依頼してください。",
		verify.CryptoConstraintsFailure:      "使われた暗号アルゴリズムに対応していないか、安全ではありません。現在安全とされるアルゴリズムで署名し直してもらってください。",
		verify.CryptoConstraintsFailureNoPOE: "使われた暗号アルゴリズムは現在では安全ではありません。当時のタイムスタンプがあれば有効性を証明できます。ない場合は署名し直してもらってください。",
		verify.NoSigningCertificateFound:     "署名者の証明書を入手して追加してください。",
		verify.NoCertificateChainFound:       "証明書の発行者を信頼できるか確認してください。信頼できる場合は、その認証局の証明書をトラストアンカーに指定し、不足する中間証明書を追加してください。",
		verify.NoCertificateChainFoundNoPOE:  "発行者はすでに信頼の対象から外れています。当時のタイムスタンプがある場合に限り、有効性を証明できます。",
		verify.OutOfBoundsNoPOE:              "検証時点で証明書の有効期間外であり、有効期間内に署名されたことを証明するものがありません。検証時点を確認するか、タイムスタンプのあるファイルを入手してください。",
		verify.OutOfBoundsNotRevoked:         "証明書の有効期限が切れており、有効期間内に署名されたことを証明するものがありません。タイムスタンプのあるファイルを入手してください。",
		verify.NotYetValid:                   "この署名を信頼しないでください。証明書の有効期間が始まる前に署名されています。",
		verify.TryLater:                      "失効情報が古くなっています。オンラインでの取得を許可するか、新しい失効情報が発行されてから再度検証してください。",
		verify.Revoked:                       "この署名を信頼しないでください。署名の前に証明書が失効しています。",
		verify.Expired:                       "この署名を信頼しないでください。署名の前に証明書の有効期限が切れています。",
		verify.RevokedNoPOE:                  "証明書は失効しており、失効前に署名されたことを証明するものがありません。署名者に確認してください。",
		verify.RevokedCANoPOE:                "認証局の証明書が失効しており、失効前に署名されたことを証明するものがありません。署名者に確認してください。",
		verify.RevocationOutOfBoundsNoPOE:    "失効情報の発行者の証明書は有効期限が切れています。オンラインでの新しい失効情報の取得を許可してください。",
		verify.NoPOE:                         "検証に必要な情報が当時存在したことを証明するものがありません。有効期間内にタイムスタンプが更新されたファイルを入手してください。",
		verify.TimestampOrderFailure:         "タイムスタンプの時刻が互いに矛盾しています。タイムスタンプを付与した事業者に確認してください。",
		verify.SignaturePolicyNotAvailable:   "署名が指定している署名ポリシーを入手して、再度検証してください。",
		verify.PolicyProcessingError:         "署名が指定している署名ポリシーは別の版であるか、読み取れません。正しい版を入手してください。",
	},
	cryptos: map[verify.Crypto]string{
		verify.CryptoInvalid: "検証に失敗しました", verify.CryptoUnsupported: "このソフトウェアでは検証できません", verify.CryptoValid: "検証に成功しました",
	},
	structures: map[verify.Structure]string{
		verify.StructureViolated: "署名の構造が不正です",
		verify.StructureRepaired: "署名後の部分は修復しなければ読み取れません",
		verify.StructureSound:    "構造は正常です",
	},
	changes: map[verify.Changes]string{
		verify.ChangesUnknown:    "署名後の変更を判定できません",
		verify.ChangesOther:      "署名後に内容が変更されています",
		verify.ChangesAnnotation: "署名後に注釈が変更されています",
		verify.ChangesForm:       "署名後に署名の追加または入力が行われています",
		verify.ChangesLTV:        "署名後に検証情報が追加されています",
		verify.ChangesNone:       "署名後の変更はありません",
	},
	revocations: map[verify.Revocation]string{
		verify.RevocationUnknown: "失効状態は不明", verify.RevocationRevoked: "失効", verify.RevocationNotChecked: "失効状態は未確認",
		verify.RevocationNotNeeded: "失効確認は不要", verify.RevocationGood: "失効していない",
	},
	severities:  map[verify.Severity]string{verify.SeverityError: "エラー", verify.SeverityWarning: "警告", verify.SeverityInfo: "情報"},
	permissions: map[int]string{1: "変更不可", 2: "フォームの入力と署名", 3: "フォームの入力、署名、注釈"},
	stamps:      map[string]string{"signature": "署名タイムスタンプ", "content": "コンテンツタイムスタンプ", "document": "文書タイムスタンプ"},
	additions: map[string]string{
		"signature": "署名", "timestamp": "文書タイムスタンプ", "value": "フォームの入力", "field": "未署名の署名フィールド",
		"annotation": "注釈の追加", "annotation-change": "注釈の変更", "annotation-removal": "注釈の削除",
	},
	sources: map[string]string{"dss": "ファイル内(DSS)", "cms": "署名内", "given": "指定されたもの", "cache": "以前に取得したもの", "url": "オンラインで取得"},
	columns: []string{
		"ファイル名", "検証結果", "検証日時", "署名フィールド", "種別", "署名の検証結果", "理由", "署名者", "署名日時(申告)", "証明された日時", "レベル",
		"タイムスタンプの種別", "タイムスタンプ時刻", "タイムスタンプの検証結果", "TSA証明書", "TSA証明書のSHA-256", "TSA証明書の有効期限",
		"シリアル番号", "ポリシー", "ハッシュアルゴリズム", "ハッシュ値(Base64)", "認定", "証明可能期限", "エラー",
	},
	summary: func(s Summary) string {
		return fmt.Sprintf("%d件のファイル: 有効%d件、確認できない%d件、無効%d件、署名なし%d件、読み取れない%d件",
			s.Files, s.Passed, s.Indeterminate, s.Failed, s.Unsigned, s.Unreadable)
	},
	verdict: func(r *verify.Report, failed int) string {
		n := len(r.Signatures)
		switch {
		case r.Indication == verify.NoSignature:
			return "署名はありません。"
		case n == 0:
			return "署名と思われるものがありますが、署名フィールドから参照されていません。"
		case r.Passed() && r.Indication == verify.TotalPassed:
			return "署名済みであり、すべての署名が有効です。"
		case r.Indication == verify.TotalFailed:
			text := plural(n, "署名は無効です。", fmt.Sprintf("%d個の署名のうち%d個が無効です。", n, failed))
			if r.Intact {
				text = "改ざんは検出されませんでしたが、" + text
			}
			return text
		case r.Intact:
			return "改ざんは検出されませんでしたが、有効性を確認できない署名があります。"
		}
		return "有効性を確認できない署名があります。"
	},
	coverage: func(s *verify.Signature) string {
		switch {
		case s.Revisions == 0:
			return "コンテンツ全体が署名の対象です"
		case s.Coverage == verify.CoverageFile:
			return "ファイル全体が署名の対象です"
		case s.Coverage == verify.CoverageRevision:
			return fmt.Sprintf("全%d版のうち第%d版までが署名の対象です", s.Revisions, s.Revision)
		}
		return "版の区切りと一致しない部分だけが署名の対象です"
	},
	made: func(s *verify.Signature) string {
		text := s.Algorithm
		if s.KeyBits > 0 {
			text += fmt.Sprintf("(%dビット)", s.KeyBits)
		}
		return text + "、" + s.Digest
	},
	place: func(f verify.Finding) []string {
		var parts []string
		if f.Object != "" {
			parts = append(parts, "オブジェクト "+f.Object)
		}
		if f.Revision > 0 {
			parts = append(parts, fmt.Sprintf("第%d版", f.Revision))
		}
		if f.Offset >= 0 {
			parts = append(parts, fmt.Sprintf("%dバイト目", f.Offset))
		}
		return parts
	},
	addition: func(w *words, a verify.Addition) string {
		text := w.additions[a.Kind]
		if a.Field != "" {
			text += "「" + a.Field + "」"
		} else if a.Subtype != "" {
			text += "(" + a.Subtype + ")"
		}
		if a.Page > 0 {
			text += fmt.Sprintf("、%dページ", a.Page)
		}
		return text
	},
	stamp: func(w *words, t verify.Timestamp, time string) string {
		valid := "無効"
		switch {
		case t.Valid && t.Indication == verify.TotalPassed:
			valid = "有効"
		case t.Valid:
			valid = fmt.Sprintf("改ざんなし、ただし時刻の証明にはなりません(%s)", t.SubIndication)
		}
		text := fmt.Sprintf("%s、%s、%s", time, w.stamps[t.Kind], valid)
		if t.TSA != "" {
			text += "、時刻認証局 " + t.TSA
		}
		return text
	},
	signer: func(s *verify.Signature, anchor string) string {
		switch {
		case s.Signer == nil:
			return "不明"
		case anchor == "":
			return s.Signer.Subject + "(信頼できる認証局まで確認できません)"
		}
		return s.Signer.Subject + "(トラストアンカー: " + anchor + ")"
	},
	more: func(n int) string { return fmt.Sprintf("ほかに%d件あります", n) },
	judged: func(r *verify.Report, time string) string {
		return fmt.Sprintf("%s、検証日時 %s、検証ポリシー %s", r.Indication, time, r.Policy)
	},
	protect: func(time, why string) string {
		return fmt.Sprintf("%sまでに保護を延長してください。%s", time, why)
	},
	heading: func(w *words, n int, s *verify.Signature) string {
		text := fmt.Sprintf("%s%d", w.kinds[s.Kind], n)
		switch {
		case s.Field != "":
			text += "、フィールド「" + s.Field + "」"
		case s.Revisions > 0:
			text += "、署名フィールドなし"
		}
		return text
	},
	revision: func(n int) string { return fmt.Sprintf("第%d版", n) },
	asOf:     func(time string) string { return time + "時点" },
	allBut:   func(fields string) string { return "次を除くすべてのフィールド: " + fields },
}

// japaneseRenewals are the reasons of a next action.
var japaneseRenewals = map[string]string{
	"renewal.signer":         "署名者の証明書({1})の有効期限が切れるためです。",
	"renewal.time-stamp":     "時刻認証局の証明書({1})の有効期限が切れるためです。",
	"renewal.authority":      "認証局の証明書({1})の有効期限が切れるためです。",
	"renewal.path-algorithm": "{2}の証明書に使われている{1}が安全とされるのはこの日までです。",
	"renewal.algorithm":      "{2}の署名に使われている{1}が安全とされるのはこの日までです。",
}
