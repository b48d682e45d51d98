package report

import (
	"fmt"
	"regexp"
	"time"

	"github.com/inkan-go/inkan/verify"
)

// words are the words of one language, by the values that they stand for. They are
// never written to.
type words struct {
	tag        string
	timeLayout string
	// spreadsheetLayout is that of times in CSV, whose zone stands in the name of the column.
	spreadsheetLayout string
	wide              bool // characters are as wide as two columns of a terminal
	labels            labels
	// findings and renewals are texts by code, with {1} for the first argument; nil
	// takes the text that the report brings.
	findings, renewals map[string]string
	details            map[string]string // by the codes of details
	// phrases are words of this language for those that verify puts into arguments.
	phrases map[string]string
	// rules are for phrases with numbers and names in them.
	rules func() []rule

	kinds       map[verify.Kind]string
	indications map[verify.Indication]string
	reasons     map[verify.SubIndication]string // why, and what to do
	cryptos     map[verify.Crypto]string
	structures  map[verify.Structure]string
	changes     map[verify.Changes]string
	revocations map[verify.Revocation]string
	severities  map[verify.Severity]string
	permissions map[int]string
	stamps      map[string]string
	additions   map[string]string
	sources     map[string]string
	columns     []string // of CSV

	summary  func(Summary) string
	verdict  func(r *verify.Report, failed int) string
	coverage func(s *verify.Signature) string
	made     func(s *verify.Signature) string
	place    func(f verify.Finding) []string
	addition func(w *words, a verify.Addition) string
	stamp    func(w *words, t verify.Timestamp, time string) string
	signer   func(s *verify.Signature, anchor string) string
	more     func(n int) string
	judged   func(r *verify.Report, time string) string
	protect  func(time, why string) string
	heading  func(w *words, n int, s *verify.Signature) string
	revision func(n int) string
	asOf     func(time string) string
	allBut   func(fields string) string
}

// labels name what is shown.
type labels struct {
	Signer, Signature, Document, Permits, Locks, Name, Reason, Location, Contact, Claimed, Proven, Level, Stamped, Later, Todo string

	Title, Unreadable, Encrypted, Repaired, File, Judged, Policy, Indication, Protect                                        string
	Chain, Timeline, Anchor, Original, Allowed, NotAllowed                                                                   string
	Fingerprint, Serial, Issuer, Digest, Range, ValidationData, Unexplained, Before, OnlyClaimed, Content, Overlay, Unsigned string
	StampImprint, StampSerial, StampPolicy, StampAuthority, StampExpires, StampAccredited, And, Then                         string
	Keep, Kept, NoCertificate, AllFields                                                                                     string
}

var inEnglish = words{
	tag: "en", timeLayout: "2006-01-02T15:04:05Z07:00", spreadsheetLayout: time.DateTime,
	labels: labels{
		Signer: "signer", Signature: "signature", Document: "document", Permits: "permits", Locks: "locks", Name: "name", Reason: "reason",
		Location: "location", Contact: "contact", Claimed: "claimed", Proven: "proven", Level: "level", Stamped: "stamped", Later: "later", Todo: "to do",
		Title: "Validation report", Unreadable: "not readable", Encrypted: "the file is encrypted", Repaired: "the file could be read only in part, or by repair",
		File: "File", Judged: "Judged at", Policy: "Policy", Indication: "Verdict", Protect: "Protect again before", Keep: "Keep until", Kept: "provable until then",
		Chain: "Certificates", Timeline: "What happened to the file",
		Anchor: "trusted", Original: "the file as it was first written", Allowed: ", allowed", NotAllowed: ", not allowed",
		Fingerprint: "SHA-256", Serial: "serial number", Issuer: "issuer", Digest: "document digest", Range: "ByteRange",
		ValidationData: "validation data", Unexplained: "changes without a signature", Before: "changes before anybody signed", OnlyClaimed: ", as claimed",
		NoCertificate: "cannot be verified without the certificate of the signer", AllFields: "all fields", Content: "over the content of the page", Overlay: "over a signature", Unsigned: "covered by no signature",
		StampImprint: "stamped digest", StampSerial: "serial number", StampPolicy: "policy", StampAuthority: "authority",
		StampExpires: "certificate expires", StampAccredited: "accredited", And: ", ", Then: "; ",
	},
	kinds: map[verify.Kind]string{
		verify.KindApproval:      "Signature",
		verify.KindCertification: "Certification",
		verify.KindTimestamp:     "Document time stamp",
	},
	indications: map[verify.Indication]string{
		verify.TotalFailed: "invalid", verify.Indeterminate: "not confirmed", verify.NoSignature: "no signature", verify.TotalPassed: "valid",
	},
	reasons: map[verify.SubIndication]string{
		verify.FormatFailure:                 "Do not rely on it. Ask for the file as it was signed, or have it signed again.",
		verify.HashFailure:                   "Do not rely on it: what was signed has been altered. Ask for the file as it was signed.",
		verify.SigCryptoFailure:              "Do not rely on it: the signature is not one of this signer. Ask for the file as it was signed.",
		verify.SigConstraintsFailure:         "It does not meet what the policy demands; the findings say what. Judge by another policy, or have it signed again.",
		verify.ChainConstraintsFailure:       "The certificates may not be used like this. Ask the signer for a signature by another certificate.",
		verify.ChainGeneralFailure:           "The certificates could not be validated; the findings say why. Where evidence of revocation is missing, add it or allow asking for it online; else ask the signer for a signature by another certificate.",
		verify.CryptoConstraintsFailure:      "What it was made with is not supported or too weak. Have it signed again by today's algorithms.",
		verify.CryptoConstraintsFailureNoPOE: "What it was made with is too weak today. An older time stamp would prove that it was strong enough then; else have it signed again.",
		verify.NoSigningCertificateFound:     "Ask the signer for the certificate and add it.",
		verify.NoCertificateChainFound:       "Find out whether you trust who issued the certificate. If so, name that issuer as trusted; add missing intermediate certificates.",
		verify.NoCertificateChainFoundNoPOE:  "The issuer is not trusted any more. Only an older time stamp would prove that it was at the time.",
		verify.OutOfBoundsNoPOE:              "The certificate is not valid at this time, and nothing proves that it was when it signed. Judge for the right time, or ask for a file with a time stamp.",
		verify.OutOfBoundsNotRevoked:         "The certificate has expired, and nothing proves that it signed before. Ask for a file with a time stamp.",
		verify.NotYetValid:                   "Do not rely on it: it was signed before the certificate became valid.",
		verify.TryLater:                      "Evidence of revocation is out of date. Allow asking for it online, or judge again when newer evidence is out.",
		verify.Revoked:                       "Do not rely on it: the certificate had been revoked before it signed.",
		verify.Expired:                       "Do not rely on it: the certificate had expired before it signed.",
		verify.RevokedNoPOE:                  "The certificate has been revoked, and nothing proves that it signed before. Ask the signer.",
		verify.RevokedCANoPOE:                "A certificate of an authority has been revoked, and nothing proves that the signature is older. Ask the signer.",
		verify.RevocationOutOfBoundsNoPOE:    "Who signed the evidence of revocation has a certificate that has expired since. Allow asking online for newer evidence.",
		verify.NoPOE:                         "Nothing proves that what validates it existed in time. Ask for a file that was time-stamped again before its proofs ended.",
		verify.TimestampOrderFailure:         "Its time stamps contradict each other. Ask who time-stamped the file.",
		verify.SignaturePolicyNotAvailable:   "Get the signature policy that it names, and judge again with it.",
		verify.PolicyProcessingError:         "The signature policy that it names is another version, or cannot be read. Get the right one.",
	},
	cryptos: map[verify.Crypto]string{
		verify.CryptoInvalid:     "does not verify",
		verify.CryptoUnsupported: "cannot be verified by this version",
		verify.CryptoValid:       "verifies",
	},
	structures: map[verify.Structure]string{
		verify.StructureViolated: "the signature does not stand in the file as it must",
		verify.StructureRepaired: "what follows the signature can be read only by repair",
		verify.StructureSound:    "sound",
	},
	changes: map[verify.Changes]string{
		verify.ChangesUnknown:    "later changes could not be judged",
		verify.ChangesOther:      "content was changed later",
		verify.ChangesAnnotation: "annotations were changed later",
		verify.ChangesForm:       "signed or filled in later",
		verify.ChangesLTV:        "validation data were added later",
		verify.ChangesNone:       "nothing was changed later",
	},
	revocations: map[verify.Revocation]string{
		verify.RevocationUnknown: "revocation not known", verify.RevocationRevoked: "revoked", verify.RevocationNotChecked: "revocation not checked",
		verify.RevocationNotNeeded: "revocation need not be checked", verify.RevocationGood: "not revoked",
	},
	severities:  map[verify.Severity]string{verify.SeverityError: "error", verify.SeverityWarning: "warning", verify.SeverityInfo: "info"},
	permissions: map[int]string{1: "no changes", 2: "filling in and signing", 3: "filling in, signing and annotations"},
	stamps:      map[string]string{"signature": "signature time stamp", "content": "content time stamp", "document": "document time stamp"},
	additions: map[string]string{
		"signature": "signature", "timestamp": "document time stamp", "value": "a value filled in", "field": "a signature field that nobody signed",
		"annotation": "an annotation", "annotation-change": "a changed annotation", "annotation-removal": "a removed annotation",
	},
	sources: map[string]string{"dss": "in the file", "cms": "in the signature", "given": "given", "cache": "fetched before", "url": "fetched"},
	columns: []string{
		"File", "Status", "Verified at", "Field", "Kind", "Signature", "Reason", "Signer", "Claimed time", "Proven time", "Level",
		"Time stamp", "Stamped at", "Time stamp status", "TSA certificate", "TSA certificate SHA-256", "TSA certificate valid until",
		"Serial number", "Policy", "Hash algorithm", "Hash (Base64)", "Accredited", "Provable until", "Error",
	},
	summary: func(s Summary) string {
		return fmt.Sprintf("%d %s: %d valid, %d not confirmed, %d invalid, %d without a signature, %d not readable",
			s.Files, plural(s.Files, "file", "files"), s.Passed, s.Indeterminate, s.Failed, s.Unsigned, s.Unreadable)
	},
	verdict: func(r *verify.Report, failed int) string {
		n := len(r.Signatures)
		switch {
		case r.Indication == verify.NoSignature:
			return "No signature."
		case n == 0:
			return "No signature that can be reached, but something that looks like one."
		case r.Passed() && r.Indication == verify.TotalPassed:
			return "Signed and all signatures are valid."
		case r.Indication == verify.TotalFailed && r.Intact:
			return plural(n, "The signature is unbroken, but it is invalid.",
				fmt.Sprintf("All %d signatures are unbroken, but %d of them %s invalid.", n, failed, plural(failed, "is", "are")))
		case r.Indication == verify.TotalFailed:
			return plural(n, "The signature is invalid.", fmt.Sprintf("%d of %d signatures %s invalid.", failed, n, plural(failed, "is", "are")))
		case r.Intact:
			return plural(n, "The signature is unbroken, but not everything could be confirmed.",
				fmt.Sprintf("All %d signatures are unbroken, but not everything could be confirmed.", n))
		}
		return plural(n, "The signature could not be confirmed.", fmt.Sprintf("Not all %d signatures could be confirmed.", n))
	},
	coverage: func(s *verify.Signature) string {
		switch {
		case s.Revisions == 0:
			return "covers the content"
		case s.Coverage == verify.CoverageFile:
			return "covers the whole file"
		case s.Coverage == verify.CoverageRevision:
			return fmt.Sprintf("covers revision %d of %d", s.Revision, s.Revisions)
		}
		return "covers a part of the file that is no revision"
	},
	made: func(s *verify.Signature) string {
		text := s.Algorithm + " with " + s.Digest
		if s.KeyBits > 0 {
			text += fmt.Sprintf(", %d bits", s.KeyBits)
		}
		return text
	},
	place: func(f verify.Finding) []string {
		var parts []string
		if f.Object != "" {
			parts = append(parts, "object "+f.Object)
		}
		if f.Revision > 0 {
			parts = append(parts, fmt.Sprintf("revision %d", f.Revision))
		}
		if f.Offset >= 0 {
			parts = append(parts, fmt.Sprintf("byte %d", f.Offset))
		}
		return parts
	},
	addition: func(w *words, a verify.Addition) string {
		text := w.additions[a.Kind]
		if a.Field != "" {
			text += fmt.Sprintf(" %q", a.Field)
		} else if a.Subtype != "" {
			text += " " + a.Subtype
		}
		if a.Page > 0 {
			text += fmt.Sprintf(" on page %d", a.Page)
		}
		return text
	},
	stamp: func(w *words, t verify.Timestamp, time string) string {
		valid := "not valid"
		switch {
		case t.Valid && t.Indication == verify.TotalPassed:
			valid = "valid"
		case t.Valid:
			valid = fmt.Sprintf("valid, but proves nothing (%s)", t.SubIndication)
		}
		text := fmt.Sprintf("%s, %s, %s", time, w.stamps[t.Kind], valid)
		if t.TSA != "" {
			text += ", by " + t.TSA
		}
		return text
	},
	signer: func(s *verify.Signature, anchor string) string {
		switch {
		case s.Signer == nil:
			return "not known"
		case anchor == "":
			return s.Signer.Subject + "; not traced to anyone trusted"
		case s.Indication != verify.TotalPassed:
			return s.Signer.Subject + "; its path leads to " + anchor
		}
		return s.Signer.Subject + "; trusted by way of " + anchor
	},
	more: func(n int) string {
		return fmt.Sprintf("%d more %s not shown", n, plural(n, "is", "are"))
	},
	judged: func(r *verify.Report, time string) string {
		return fmt.Sprintf("%s, judged at %s, policy %s", r.Indication, time, r.Policy)
	},
	protect: func(time, why string) string { return fmt.Sprintf("protect again before %s: %s", time, why) },
	heading: func(w *words, n int, s *verify.Signature) string {
		text := fmt.Sprintf("%s %d", w.kinds[s.Kind], n)
		switch {
		case s.Field != "":
			text += fmt.Sprintf(", field %q", s.Field)
		case s.Revisions > 0:
			text += ", without a field"
		}
		return text
	},
	revision: func(n int) string { return fmt.Sprintf("Revision %d", n) },
	asOf:     func(time string) string { return "as of " + time },
	allBut:   func(fields string) string { return "all fields except " + fields },
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// rule replaces a phrase by one of another language, with {1} where what the first group
// matched belongs.
type rule struct {
	pattern *regexp.Regexp
	text    string
}
