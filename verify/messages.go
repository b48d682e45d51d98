package verify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inkan-go/inkan/internal/changes"
	"github.com/inkan-go/inkan/internal/pdf"
)

// message is what is the same in all findings of one code: how grave it is, the
// rule behind it, and the text with its verbs.
type message struct {
	severity Severity
	clause   string
	text     string
}

const (
	clauseByteRange  = "ISO 32000-2, 12.8.1"
	clauseDictionary = "ISO 32000-2, 12.8.1, Table 255"
	clauseField      = "ISO 32000-2, 12.7.5.5"
	clauseUpdate     = "ISO 32000-2, 7.5.6"
	clausePAdES      = "EN 319 142-1, 6.3"
	clauseCMS        = "RFC 5652, 5"
	clauseBlocks     = "EN 319 102-1, 5.2"
)

// messages holds the text of every code. It is never written to.
var messages = map[string]message{
	// The structure of one signature: attacks on the ByteRange and the dictionary.
	"byte-range.missing":        {SeverityError, clauseByteRange, "The signature dictionary has no ByteRange, so nothing says what is signed."},
	"byte-range.form":           {SeverityError, clauseByteRange, "The ByteRange is not an array of exactly four integers."},
	"byte-range.negative":       {SeverityError, clauseByteRange, "The ByteRange %v holds a negative number."},
	"byte-range.start":          {SeverityError, clauseByteRange, "The ByteRange %v does not start at the first byte of the file."},
	"byte-range.order":          {SeverityError, clauseByteRange, "The two ranges of the ByteRange %v overlap or are out of order."},
	"byte-range.end":            {SeverityError, clauseByteRange, "The ByteRange %v reaches beyond the end of the file at %d."},
	"byte-range.gap":            {SeverityError, clauseByteRange, "The bytes left out by the ByteRange, %d to %d, are not exactly the Contents string, which stands at %d to %d."},
	"byte-range.revision":       {SeverityError, clauseUpdate, "The ByteRange ends at %d, where no revision of the file ends."},
	"byte-range.indirect":       {SeverityError, clauseByteRange, "The ByteRange is an indirect object, so the signed dictionary does not hold it."},
	"byte-range.shared":         {SeverityError, clauseByteRange, "Another signature has the same ByteRange or leaves out the same bytes."},
	"byte-range.crossing":       {SeverityError, clauseUpdate, "The ByteRange crosses that of another signature: signatures must lie one around the other."},
	"contents.missing":          {SeverityError, clauseDictionary, "The signature dictionary has no Contents, so there is no signature value."},
	"contents.form":             {SeverityError, clauseDictionary, "The Contents of the signature dictionary is not a string."},
	"contents.literal":          {SeverityError, clauseDictionary, "The Contents is not a hexadecimal string <...>."},
	"contents.indirect":         {SeverityError, clauseDictionary, "The Contents is an indirect object, so the gap of the ByteRange does not hold it."},
	"contents.characters":       {SeverityError, clauseDictionary, "The Contents string holds other characters than hexadecimal digits."},
	"contents.empty":            {SeverityError, clauseDictionary, "The Contents is empty or holds only zeros: there is no signature value."},
	"contents.trailing":         {SeverityWarning, clauseDictionary, "The Contents holds %d bytes after the signature value that are not zero."},
	"contents.in-object-stream": {SeverityError, "ISO 32000-2, 7.5.7", "The signature dictionary lies in an object stream, where a ByteRange cannot leave its Contents out."},
	"dictionary.unreadable":     {SeverityError, clauseDictionary, "The signature dictionary cannot be read: %s."},
	"dictionary.duplicate-key":  {SeverityError, "ISO 32000-2, 7.3.7", "The signature dictionary holds the key %s more than once."},
	"dictionary.type":           {SeverityError, clauseDictionary, "The Type %q of the signature dictionary does not go with its SubFilter %q."},
	"dictionary.filter":         {SeverityWarning, clauseDictionary, "The signature dictionary has no Filter."},
	"dictionary.place":          {SeverityError, clauseByteRange, "The signature dictionary, at %d to %d, does not enclose the bytes that the ByteRange leaves out."},
	"dictionary.replaced":       {SeverityError, clauseUpdate, "A later revision replaced the signature dictionary by another one; what the signed revision says is reported."},
	"dictionary.not-in-revision": {SeverityError, clauseUpdate,
		"The revision that the ByteRange closes does not hold this signature in this field."},
	"dictionary.gone":     {SeverityError, clauseUpdate, "A later revision removed this signature from the form."},
	"dictionary.shared":   {SeverityWarning, clauseField, "The signature dictionary is the value of %d more fields, such as %q: one signature is shown as several."},
	"dictionary.no-field": {SeverityError, clauseField, "The signature dictionary belongs to no signature field."},
	"sub-filter.unknown":  {SeverityError, clauseDictionary, "The SubFilter %q is not supported."},
	// The file around the signatures.
	"file.damage":            {SeverityError, clauseUpdate, "From offset %d on the file cannot be read without repair: %s."},
	"file.repaired":          {SeverityError, clauseUpdate, "No cross-reference section describes the revision that holds the signature: it was found by scanning the file."},
	"file.rebuilt":           {SeverityWarning, clauseUpdate, "The oldest cross-reference sections cannot be read; what they should list was found by scanning the file."},
	"file.ambiguous":         {SeverityError, clauseUpdate, "After the signed revision the file is not written as it must be, and other readers may see other content: %s."},
	"file.trailing":          {SeverityError, clauseUpdate, "Bytes stand behind the end of the last revision, at %d, that nothing explains."},
	"file.unreachable":       {SeverityWarning, clauseField, "A signature dictionary stands here that no signature field of any revision refers to."},
	"file.form":              {SeverityWarning, clauseField, "The form cannot be followed everywhere: %s."},
	"file.too-much":          {SeverityError, clauseUpdate, "The file holds more than is looked at: %s. Not everything in it was judged."},
	"encryption.mixed":       {SeverityWarning, "ISO 32000-2, 7.6.6", "Only a part of the file is encrypted: %s. A reader can be made to send away what it decrypted."},
	"encryption.permissions": {SeverityWarning, "ISO 32000-2, 7.6.4.4.12", "The access permissions were altered: /P is not what its encrypted copy says."},
	"encryption.mac":         {SeverityInfo, "ISO/TS 32004", "The file carries an integrity code, which was not verified."},
	"retention.short": {SeverityWarning, "EN 319 142-1, 5.4.3",
		"The proof ends at %s, but the file is to be kept until %s: it must be renewed by %s at the latest."},
	"file.only-timestamp": {SeverityWarning, "ISO 32000-2, 12.8.5", "Nobody signed the file: it holds document time stamps only."},
	// Later revisions.
	"changes.unknown":         {SeverityWarning, clauseUpdate, "Revision %d holds what cannot be judged: %s."},
	"changes.other":           {SeverityError, clauseUpdate, "Revision %d changes what must not change after a signature: %s."},
	"changes.more":            {SeverityInfo, clauseUpdate, "More was found in later revisions than is listed here."},
	"changes.covers":          {SeverityWarning, "ISO 32000-2, 12.8.2.2", "Revision %d shows something over what was certified: %s."},
	"changes.hidden":          {SeverityWarning, "ISO 32000-2, 12.5.3", "Revision %d adds what readers do not list or show: %s."},
	"changes.validation-data": {SeverityInfo, "EN 319 142-1, 5.4.2.2", "Revision %d dropped or replaced validation data of an earlier one."},
	"changes.forbidden":       {SeverityError, "ISO 32000-2, 12.8.2", "Revision %d changes what the signature does not permit: %s."},
	// What the signed revision holds besides what it shows.
	"hygiene.unused":  {SeverityInfo, "ISO 32000-2, 7.5.8", "The signed revision holds %d objects that nothing leads to (%s): a later change could show them."},
	"hygiene.hidden":  {SeverityWarning, "ISO 32000-2, 7.5.4", "At %d the signed revision holds what looks like an object and is not in use: a later change could show it."},
	"hygiene.active":  {SeverityWarning, "ISO 32000-2, 12.6.4", "The signed revision holds an action of the type %s. What it does is not part of what a reader sees."},
	"hygiene.opening": {SeverityWarning, "ISO 32000-2, 12.6.3", "The document starts an action of the type %s by itself when it is opened."},
	"hygiene.value":   {SeverityWarning, "ISO 32000-2, 12.7.4.3", "The field %q shows another text than its value."},
	"hygiene.over":    {SeverityInfo, "ISO 32000-2, 12.5.5", "The field %q stands over text of its page."},
	"hygiene.cut":     {SeverityInfo, "ISO 32000-2, 7.5", "The signed revision is too large to be inspected as a whole."},
	// The signature value.
	"crypto.not-computed":              {SeverityError, clauseByteRange, "The digest could not be computed: %s."},
	"cms.unreadable":                   {SeverityError, clauseCMS, "The signature value cannot be read: %s."},
	"cms.signers":                      {SeverityError, clausePAdES, "The signature value has %d signers instead of one."},
	"cms.content":                      {SeverityError, clausePAdES, "The signature value holds content of its own, where it must be detached."},
	"cms.digest":                       {SeverityError, clauseCMS, "The signed bytes are not those that were signed: their digest differs."},
	"cms.signature":                    {SeverityError, clauseCMS, "The signature does not verify under the key of the signer's certificate: %s."},
	"cms.constraint":                   {SeverityError, clauseCMS, "The signature value breaks a rule: %s."},
	"cms.unsupported":                  {SeverityError, clauseCMS, "The signature value cannot be judged: %s."},
	"cms.no-certificate":               {SeverityError, clausePAdES, "The certificate of the signer is not in the file."},
	"cms.attribute-confusion":          {SeverityError, "RFC 5652, 11", "The signature has no signed attributes, and the signed bytes themselves can be read as such: they may have been stripped."},
	"cms.warning":                      {SeverityWarning, clauseCMS, "%s"},
	"time-stamp.unreadable":            {SeverityError, "RFC 3161, 2.4.2", "The time-stamp token cannot be read: %s."},
	"signature-time-stamp.unreadable":  {SeverityWarning, "EN 319 122-1, 5.3", "A time stamp over the signature cannot be read: %s."},
	"signature-time-stamp.imprint":     {SeverityWarning, "EN 319 122-1, 5.3", "A time stamp over the signature was made for another one: its imprint differs."},
	"content-time-stamp.unreadable":    {SeverityWarning, "EN 319 122-1, 5.2.8", "A time stamp over the content cannot be read: %s."},
	"content-time-stamp.imprint":       {SeverityWarning, "EN 319 122-1, 5.2.8", "A time stamp over the content was made for another one: its imprint differs."},
	"time-stamp.invalid":               {SeverityWarning, "EN 319 102-1, 5.4", "A %s time stamp does not verify: %s."},
	"time-stamp.unproven":              {SeverityWarning, "EN 319 102-1, 5.4", "The %s time stamp of %s proves nothing: %s / %s. %s"},
	"time-stamp.future":                {SeverityWarning, "EN 319 102-1, 5.4", "The time stamp says %s, which is still to come."},
	"time-stamp.order":                 {SeverityWarning, "EN 319 102-1, 5.5.4", "The %s time stamp of %s is covered by the %s time stamp of %s, which says that it is older."},
	"time-stamp.delay":                 {SeverityWarning, "EN 319 102-1, 5.5.4", "The signature is proven to exist at %s, too long after the claimed %s."},
	"signing.revoked":                  {SeverityError, "EN 319 102-1, 5.3.4", "It was signed after %s, when the certificate had been revoked at %s."},
	"signing.expired":                  {SeverityError, "EN 319 102-1, 5.3.4", "It was signed after %s, when the certificate had expired at %s."},
	"signing.not-yet-valid":            {SeverityError, "EN 319 102-1, 5.5.4", "The signature existed at %s, before its certificate became valid at %s."},
	"past.proven":                      {SeverityInfo, "EN 319 102-1, 5.6.3", "The signature was judged for %s, for which it is proven to exist. Without that proof it would be %s."},
	"past.too-late":                    {SeverityWarning, "EN 319 102-1, 5.6.2.4", "The signature is proven to exist at %s, but what validates it is good only until %s."},
	"past.no-proof":                    {SeverityWarning, "EN 319 102-1, 5.6.2.2", "What validates %s is not proven to have existed in time: %s."},
	"policy.missing":                   {SeverityWarning, "EN 319 102-1, 5.2.4", "The signature names no signature policy, and one is demanded."},
	"policy.unreadable":                {SeverityWarning, "EN 319 102-1, 5.2.4", "The signature policy that the signature names cannot be read: %s."},
	"policy.unknown":                   {SeverityWarning, "EN 319 102-1, 5.2.4", "The signature policy %s is not known."},
	"policy.ignored":                   {SeverityInfo, "EN 319 102-1, 5.2.4", "The signature follows the signature policy %s, which is not known and was not applied."},
	"policy.digest":                    {SeverityWarning, "EN 319 102-1, 5.2.4", "The signature policy %s is known in another version: the digest in the signature differs."},
	"policy.level":                     {SeverityWarning, "EN 319 102-1, 5.1.4", "By the time stamps that pass, the signature is of the level %s, and at least %s is demanded."},
	"policy.long-term":                 {SeverityWarning, "EN 319 102-1, 5.1.4", "The document holds what is to prove the signature later (%s), and none of the time stamps over it is proven."},
	"policy.time-stamp":                {SeverityWarning, "EN 319 102-1, 5.1.4", "No time stamp proves when the signature existed, and one is demanded."},
	"path.on-hold":                     {SeverityWarning, clauseBlocks + ".6", "A certificate is on hold, which may be lifted: %s."},
	"path.revocation-unknown":          {SeverityWarning, clauseBlocks + ".6", "No evidence tells whether a certificate was revoked: %s."},
	"path.revocation-expired":          {SeverityWarning, clauseBlocks + ".6", "Evidence of revocation was signed with a key whose certificate has expired since, and nothing proves that it is older: %s."},
	"path.revoked-later":               {SeverityInfo, clauseBlocks + ".6", "The certificate of %s was revoked at %s, after the time that counts."},
	"path.revocation-early":            {SeverityWarning, clauseBlocks + ".5", "The evidence of revocation was issued at %s, too early for a signature that is proven to exist at %s."},
	"path.limit":                       {SeverityWarning, clauseBlocks + ".6", "The file holds so many signatures and certificates that no path was sought for this one."},
	"path.sunset":                      {SeverityWarning, clauseBlocks + ".6", "The anchor %s was trusted only until %s."},
	"path.key-usage":                   {SeverityWarning, clauseBlocks + ".6", "The key usage of %s is not the one that is demanded."},
	"fetch.failed":                     {SeverityInfo, "RFC 5280, 4.2.2.1", "A place that certificates name did not answer usefully: %s."},
	"fetch.too-much":                   {SeverityWarning, "RFC 5280, 4.2.2.1", "The file has more certificates of signers than are asked about: evidence was fetched for %d."},
	"acceptance.signing-time":          {SeverityWarning, clausePAdES, "The signed attribute signing-time is there, which PAdES forbids: the time belongs into M."},
	"acceptance.no-certificate":        {SeverityWarning, clausePAdES, "The signed attribute signing-certificate-v2, which PAdES asks for, is missing."},
	"acceptance.weak":                  {SeverityWarning, "ETSI TS 119 312", "%s is too weak: it was considered secure until %s."},
	"acceptance.weak-path":             {SeverityWarning, "ETSI TS 119 312", "%s, on which the certificate of %s rests, is too weak: it was considered secure until %s."},
	"acceptance.weak-evidence":         {SeverityWarning, "ETSI TS 119 312", "%s, by which evidence about %s was signed, is too weak: it was considered secure until %s."},
	"acceptance.reason":                {SeverityWarning, clausePAdES, "The dictionary holds a Reason beside a commitment type or signature policy; they exclude each other."},
	"path.none":                        {SeverityWarning, clauseBlocks + ".6", "No path leads from the signer's certificate to a trusted anchor: %s."},
	"path.failed":                      {SeverityWarning, clauseBlocks + ".6", "The path to the trusted anchor is not valid: %s."},
	"path.revocation-unchecked":        {SeverityWarning, clauseBlocks + ".6", "There is no evidence whether a certificate was revoked: %s."},
	"certificate.unreadable":           {SeverityWarning, clauseCMS, "A certificate in the signature value cannot be read: %s."},
	"dictionary.cert-entry":            {SeverityWarning, clausePAdES, "The dictionary holds a Cert entry, which is not used with CAdES signatures."},
	"certification.not-in-permissions": {SeverityWarning, "ISO 32000-2, 12.8.6", "The catalog's Perms do not name this certification signature, so that readers may take it for an approval."},
	"certification.no-transform":       {SeverityWarning, "ISO 32000-2, 12.8.6", "The catalog's Perms name this signature as the certification, but it has no DocMDP transform."},
	"certification.not-first":          {SeverityError, "ISO 32000-2, 12.8.2.2", "A certification signature must be the first signature of a file."},
	"certification.several":            {SeverityError, "ISO 32000-2, 12.8.2.2", "The file holds more than one certification signature."},
}

// place says where a finding lies.
type place struct {
	object   pdf.Reference
	revision int
	offset   int64
}

// nowhere is the place of findings about the whole file.
var nowhere = place{offset: -1}

// newFinding makes a finding from its code; the arguments fill the text.
func newFinding(code string, at place, args ...any) Finding {
	m, ok := messages[code]
	if !ok {
		m.text = code
	}
	f := Finding{Code: code, Severity: m.severity, Clause: m.clause, Text: m.text, Revision: at.revision, Offset: at.offset}
	if len(args) > 0 {
		args = slices.Clone(args)
		for i, a := range args {
			if err, ok := a.(error); ok {
				args[i] = plain(err)
			}
		}
		f.Text = fmt.Sprintf(m.text, args...)
		f.Arguments, f.Details = takeApart(args)
	}
	if !at.object.IsZero() {
		f.Object = at.object.String()
	}
	return f
}

// plain is the text of an error without the names of our packages, which mean nothing to
// readers of reports.
func plain(err error) string {
	text := err.Error()
	for _, name := range []string{"cms", "tsa", "certificate", "revocation", "fetch", "algorithm", "pdf", "ber"} {
		text = strings.TrimPrefix(text, name+": ")
		text = strings.ReplaceAll(text, ": "+name+": ", ": ")
	}
	return text
}

// coded is an anomaly as an argument: its text, for which its code stands.
type coded struct{ pdf.Anomaly }

// String returns the text alone.
func (c coded) String() string { return c.Text }

// takeApart turns what fills a text into data.
func takeApart(args []any) (arguments []string, details []Detail) {
	arguments = make([]string, len(args))
	for i, a := range args {
		arguments[i] = fmt.Sprint(a)
		switch m := a.(type) {
		case coded:
			details = append(details, Detail{Argument: i + 1, Code: string(m.Code)})
		case changes.Message:
			if m.IsZero() {
				continue
			}
			d := Detail{Argument: i + 1, Code: m.Pattern}
			if len(m.Arguments) > 0 {
				d.Arguments, d.Details = takeApart(m.Arguments)
			}
			details = append(details, d)
		}
	}
	return arguments, details
}
