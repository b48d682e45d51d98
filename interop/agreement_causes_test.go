package interop_test

// Classes of causes.
const (
	reader  = "reader"  // what the validator can read, or how
	policy  = "policy"  // what its policy demands or only warns of, or is not told
	reading = "reading" // how the standard is read
	naming  = "name"    // the same is found, and called otherwise, or something else is said first
)

// What verify says in many rows.
const (
	formatFailure = "TOTAL_FAILED / FORMAT_FAILURE"
	doubtful      = "INDETERMINATE / SIG_CONSTRAINTS_FAILURE"
	totalPassed   = "TOTAL_PASSED"
	anyFailure    = "(TOTAL_FAILED|INDETERMINATE) / .*"
)

// The judges, as patterns.
const (
	euDSS  = "EU DSS"
	hankos = "pyHanko"
)

// vectorCauses are those of the disagreements on our vectors; the first that fits
// counts.
var vectorCauses = []cause{
	// What is wrong with the file.
	{"", anyFailure, "not seen", "^verdict-policy-processing", "", reader, "EN 319 102-1, 5.2.4",
		"it does not read a CMS object with a malformed signature policy identifier"},
	{hankos, ".*", "not seen", "^encrypted-r5", "", reader, "ISO 32000-2, 7.6.4", "it takes revision 5 of the security handler for 6"},
	{hankos, totalPassed, "not seen", "^encrypted-.*no-password", "", reader, "ISO 32000-2, 7.6.4", "it is not told to try the empty password"},
	{"", ".*", "not seen", "^(layout-header-moved|cms-content-is-attributes)", "", reader, "ISO 32000-2, 7.5.2", "it reads no file whose header is not at byte 0"},
	{"", formatFailure, "not seen", "", "", reader, "ISO 32000-2, 12.8.1",
		"it does not list a signature whose dictionary is damaged, or refuses the file: nobody is told that there is one"},
	{"", doubtful, "not seen", "^isa-", "", reader, "ISO 32000-2, 7.5.6", "it refuses the file for what was appended"},
	{"", formatFailure, "TOTAL_FAILED / HASH_FAILURE", "", "", naming, "EN 319 102-1, 5.2.2, 5.2.7", "the damage is met when the digest is computed; format checking comes before"},
	{"", formatFailure, "(TOTAL_FAILED / SIG_CRYPTO_FAILURE|INDETERMINATE / GENERIC)", "^cms-", "", naming, "RFC 5652, 5.3; RFC 8933",
		"rules of the CMS are broken; a value made by a rule that is broken does not verify"},
	{hankos, "TOTAL_FAILED / SIG_CRYPTO_FAILURE", "TOTAL_FAILED / HASH_FAILURE", "^cms-stripped", "", naming, "RFC 5652, 5.4", "without signed attributes the digest is what was signed"},
	{euDSS, formatFailure, totalPassed, "^cms-two-signers", "", reading, "EN 319 142-1, 6.3", "only one SignerInfo is permitted; it judges the first"},
	{euDSS, formatFailure + "|" + doubtful, totalPassed, "^(isa|spoof|pdfex|reader|encrypted-.*-isa|coverage-bytes-added)", "", policy, "ISO 32000-2, 12.8.2.2",
		"its default policy warns of later changes and of bytes that need repair, and fails nothing for them"},
	{hankos, formatFailure + "|" + doubtful, totalPassed + ", changed", "", "", naming, "ISO 32000-2, 12.8.2.2",
		"it says so beside the indication, which is about the signed revision alone"},
	{hankos, formatFailure, totalPassed, "^swa-literal-in-place", "", reader, "ISO 32000-2, 12.8.1", "a literal string in the gap decodes to the same value; Contents must be a hexadecimal string"},
	{hankos, formatFailure + "|" + doubtful, totalPassed, "^(isa|reader|coverage-bytes-added)", "", reader, "ISO 32000-2, 7.5.6",
		"it reads the file as it was signed, or ignores what is appended, which other readers show"},
	// Algorithms and attributes.
	{"", doubtful, totalPassed, "^cms-no-signing-certificate", "", policy, "EN 319 142-1, 6.3", "it does without the attribute that binds the certificate of the signer"},
	{euDSS, totalPassed, "TOTAL_FAILED / SIG_CRYPTO_FAILURE", "^cms-unsorted", "", reading, "RFC 5652, 5.4", "it sorts the signed attributes before it hashes them; we hash them as received, and say so"},
	{euDSS, totalPassed, doubtful, "^cms-no-attributes", "", policy, "RFC 5652, 5.3", "it demands signed attributes where adbe.pkcs7.detached can do without"},
	{euDSS, totalPassed, "INDETERMINATE / CRYPTO_CONSTRAINTS_FAILURE_NO_POE", "^algorithm-ed25519", "", policy, "ETSI TS 119 312", "its policy does not list EdDSA"},
	{hankos, totalPassed, "TOTAL_FAILED / SIG_CRYPTO_FAILURE", "^algorithm-rsa-sha3", "", reader, "RFC 9688, 3.1", "it does not know the identifiers"},
	{"", "INDETERMINATE / CRYPTO_CONSTRAINTS_FAILURE(_NO_POE)?", totalPassed, "^verdict-crypto", "", policy, "ETSI TS 119 312",
		"the end of RSA-2048 lies behind the day of its policy, so that it only warns, or it has no such policy"},
	{"", formatFailure, "INDETERMINATE / (OUT_OF_BOUNDS_NOT_REVOKED|TRY_LATER)", "^proof-", "", naming, "EN 319 102-1, 5.2.2",
		"an update whose time stamp does not hold is one that nothing explains; it leaves later changes aside"},
	{hankos, "not seen", formatFailure, "^proof-not-a-stamp", "", reader, "ISO 32000-2, 12.8.5", "it goes by the Type of the dictionary alone, and calls the token a malformed signature"},
	{hankos, "INDETERMINATE / .*", "TOTAL_FAILED / HASH_FAILURE", "^proof-of-another", "", reading, "EN 319 102-1, 5.5.4",
		"an attached time stamp over something else fails the signature; we leave it aside, and say so"},
	// Time, evidence and trust.
	{"", "INDETERMINATE / (NO_CERTIFICATE_CHAIN_FOUND_NO_POE|SIGNATURE_POLICY_NOT_AVAILABLE)", totalPassed, "^verdict-", "", policy, "EN 319 102-1, 5.2.4, 5.2.6",
		"our policy demands it, of which it is not told"},
	{hankos, "INDETERMINATE / POLICY_PROCESSING_ERROR", totalPassed, "", "", policy, "EN 319 102-1, 5.2.4", "it does not look at the identifier of the signature policy"},
	{"", "INDETERMINATE / CHAIN_CONSTRAINTS_FAILURE", totalPassed, "^verdict-", "", policy, "RFC 5280, 4.2.1.3",
		"its policy asks nothing of keyUsage, or warns; a key that is not for signatures signs nothing"},
	{euDSS, "INDETERMINATE / CERTIFICATE_CHAIN_GENERAL_FAILURE", "INDETERMINATE / NO_CERTIFICATE_CHAIN_FOUND", "", "", naming, "RFC 5280, 6.1.3 a 1",
		"where an issuer did not sign the certificate it sees no path, and we one that does not hold"},
	{euDSS, "INDETERMINATE / (TRY_LATER|NO_POE)", totalPassed, "^(verdict|proof)-", "", policy, "EN 319 102-1, 5.2.5, 5.6.2.2", "its default policy does not ask that evidence is fresh by its nextUpdate"},
	{euDSS, "INDETERMINATE / OUT_OF_BOUNDS_NO_POE", "INDETERMINATE / OUT_OF_BOUNDS_NOT_REVOKED", "^(verdict|proof)-", "", policy, "EN 319 102-1, 5.2.5, 5.2.6",
		"evidence that is not fresh any more tells it that the certificate was not revoked"},
	{euDSS, "TOTAL_FAILED / REVOKED", "INDETERMINATE / REVOKED_NO_POE", "^verdict-", "", reading, "EN 319 102-1, 5.3.4", "a content time stamp does not prove to it that the signing came after the revocation"},
	{"", "INDETERMINATE / REVOKED_CA_NO_POE", totalPassed, "^verdict-", "", reading, "EN 319 102-1, 5.6.2.2",
		"a time stamp over the signature is enough for it; but who holds the key of a revoked authority can make evidence of the past"},
	{"", "INDETERMINATE / TIMESTAMP_ORDER_FAILURE", totalPassed, "", "", policy, "EN 319 102-1, 5.5.4", "it does not compare, or only warns"},
	{hankos, "TOTAL_FAILED / NOT_YET_VALID", totalPassed, "", "", reading, "EN 319 102-1, 5.5.4", "it does not compare the proven time with the beginning of the certificate"},
	{hankos, "TOTAL_FAILED / EXPIRED", "INDETERMINATE / EXPIRED", "", "", naming, "EN 319 102-1, 5.3.4", "older editions have it as INDETERMINATE"},
	{hankos, totalPassed, "INDETERMINATE / EXPIRED", "^verdict-expired-near", "", reading, "RFC 5280, 4.1.2.5", "the last second of a certificate counts as after it"},
	{hankos, "INDETERMINATE / OUT_OF_BOUNDS_NOT_REVOKED", "INDETERMINATE / OUT_OF_BOUNDS_NO_POE", "", "", naming, "EN 319 102-1, 5.2.6", "older editions have no such name"},
	{hankos, "INDETERMINATE / OUT_OF_BOUNDS_NO_POE", "INDETERMINATE / TRY_LATER", "", "", naming, "EN 319 102-1, 5.2.6", "certificate and evidence are both out of date"},
	{hankos, "INDETERMINATE / REVOCATION_OUT_OF_BOUNDS_NO_POE", "INDETERMINATE / CERTIFICATE_CHAIN_GENERAL_FAILURE", "", "", naming, "EN 319 102-1, 5.2.6", "older editions have no such name"},
	{hankos, totalPassed + "|.*TIMESTAMP_ORDER_FAILURE", "INDETERMINATE / (TRY_LATER|NO_POE)", "^(verdict|proof)-", "", reading, "EN 319 102-1, 5.6.2.2",
		"it moves the control time to the issuance of evidence about the authority, as `Policy.SlideToIssuance` does; evidence about the signer is later"},
	{hankos, "INDETERMINATE / NO_POE", "INDETERMINATE / TRY_LATER", "^(verdict|proof)-", "", naming, "EN 319 102-1, 5.6.2.4", "it says what holds at the present, we what a proof is missing for"},
}

// ofChanges are findings about bytes after the signed revision, ofForm about how the
// signature stands in the file.
const (
	ofChanges = ` (changes\.(other|unknown|forbidden)|file\.[a-z]+) `
	ofForm    = ` (byte-range|contents|dictionary|sub-filter|certification)\.[a-z-]+ `
)

// suiteCauses are those on files of other producers; the first that fits counts.
var suiteCauses = []cause{
	// What is seen at all.
	{"", ".*", "not seen", "", "", reader, "ISO 32000-2, 7.5, 12.8.1", "it does not read the file, or lists no such signature"},
	{hankos, "not seen", formatFailure, "", "", reader, "ISO 32000-2, 12.8.5", "a document time stamp without Type is a signature to it"},
	{"", "not seen", ".*", "", "", reader, "ISO 32000-2, 12.7.5.5", "one signature in several fields is several to it"},
	// What later revisions did, and how the signature stands in the file.
	{euDSS, formatFailure + "|" + doubtful, ".*", "", ofChanges, policy, "ISO 32000-2, 12.8.2.2", "its default policy only warns of later changes and of bytes that need repair; it goes on to the other blocks"},
	{hankos, formatFailure + "|" + doubtful, ".*", "", ofChanges, naming, "ISO 32000-2, 12.8.2.2", "it tells later changes beside the indication, which is about the signed revision alone"},
	{"", formatFailure, "TOTAL_FAILED / .*", "", "", naming, "EN 319 102-1, 5.2.2, 5.2.7", "the damage is met when the value is verified; format checking comes before"},
	{"", formatFailure, ".*", "", ofForm, reading, "ISO 32000-2, 12.8.1", "it accepts a ByteRange, a gap or a dictionary that leaves something unsigned"},
	{"", formatFailure, ".*", "", " cms\\.", reading, "RFC 5652; RFC 8933", "it accepts a CMS object that breaks a rule"},
	{hankos, totalPassed, totalPassed + ", changed", "", "", reading, "ISO 32000-2, 12.8.2.2", "see [changes](changes.md)"},
	// Algorithms.
	{euDSS, ".*", "TOTAL_FAILED / SIG_CRYPTO_FAILURE", "", " cms.attributes-not-der-ordered ", reading, "RFC 5652, 5.4", "it sorts the signed attributes before it hashes them"},
	{"", ".*", "TOTAL_FAILED / SIG_CRYPTO_FAILURE", "", "", reader, "RFC 8702; RFC 8419; RFC 9688", "it does not know the algorithm, or that spelling of its name"},
	{"", totalPassed, "INDETERMINATE / CRYPTO_CONSTRAINTS_FAILURE.*", "", "", policy, "ETSI TS 119 312", "its policy does not list EdDSA"},
	{"", "INDETERMINATE / .*", "INDETERMINATE / CRYPTO_CONSTRAINTS_FAILURE(_NO_POE)?", "", " acceptance\\.weak", naming, "EN 319 102-1, 5.2.6, 5.2.8", "an algorithm is too weak, and something else is wrong as well"},
	{hankos, "INDETERMINATE / .*", "INDETERMINATE / CRYPTO_CONSTRAINTS_FAILURE", "", "", policy, "ETSI TS 119 312", "it refuses SHA-1 in certificates and tokens at every time"},
	// Time, evidence and trust.
	{"", "INDETERMINATE / OUT_OF_BOUNDS_NO_POE", "INDETERMINATE / CERTIFICATE_CHAIN_GENERAL_FAILURE", "", "", naming, "RFC 5280, 6.1.3 a",
		"expired, and no evidence is at hand: the validity period is looked at before revocation"},
	{euDSS, "INDETERMINATE / OUT_OF_BOUNDS_NO_POE", totalPassed, "", " time-stamp.unproven ", reading, "EN 319 102-1, 5.4",
		"it takes a time stamp for valid without fresh evidence about its authority, as `Policy.TimestampsAtTheirTime` does"},
	{hankos, "INDETERMINATE / .*", "INDETERMINATE / (NO_POE|TRY_LATER)", "", " time-stamp.unproven ", naming, "EN 319 102-1, 5.6.2.4", "no time stamp proves when it was signed; it says what past validation came to, we what holds at the present"},
	{hankos, "INDETERMINATE / .*", "INDETERMINATE / (NO_POE|TRY_LATER)", "", "", naming, "EN 319 102-1, 5.2.6", "certificate and evidence are both out of date"},
	{"", "INDETERMINATE / OUT_OF_BOUNDS_NO_POE", "INDETERMINATE / OUT_OF_BOUNDS_NOT_REVOKED", "", "", policy, "EN 319 102-1, 5.2.5, 5.2.6", "evidence that is not fresh any more tells it that the certificate was not revoked"},
	{"", "INDETERMINATE / (TRY_LATER|OUT_OF_BOUNDS_NO_POE)", totalPassed, "", "", policy, "EN 319 102-1, 5.2.5", "its default policy does not ask that evidence is fresh by its nextUpdate"},
	{hankos, totalPassed, "INDETERMINATE / NO_CERTIFICATE_CHAIN_FOUND|INDETERMINATE / CERTIFICATE_CHAIN_GENERAL_FAILURE", "", " time-stamp.unproven ", reading, "EN 319 102-1, 5.5.4",
		"an attached time stamp that proves nothing fails the signature; we leave it aside, and say so"},
	{hankos, "INDETERMINATE / .*", "INDETERMINATE / NO_CERTIFICATE_CHAIN_FOUND", "", " time-stamp.unproven ", reading, "EN 319 102-1, 5.5.4",
		"an attached time stamp that proves nothing fails the signature; we leave it aside, and say so"},
	{euDSS, totalPassed, doubtful, "", "", policy, "EN 319 102-1, 5.2.6",
		"its policy holds the claimed time against the validity period of the signer's own certificate, which is the anchor here: of an anchor no period is asked"},
	{"", totalPassed, "INDETERMINATE / (OUT_OF_BOUNDS_NO_POE|CERTIFICATE_CHAIN_GENERAL_FAILURE)", "", " past.proven ", reading, "EN 319 102-1, 5.6.2.2",
		"evidence in the signed attributes, or made after the time stamp by the same clock, does not prove enough to it"},
	{"", "INDETERMINATE / CHAIN_CONSTRAINTS_FAILURE", totalPassed + "|INDETERMINATE / .*", "", " path.failed ", reading, "RFC 5280, 4.2.1.9, 6.1.1 d",
		"it lets an anchor issue certificates although its own says that it is no authority; whoever names a signer as an anchor does not trust what it might issue"},
	{euDSS, "INDETERMINATE / CERTIFICATE_CHAIN_GENERAL_FAILURE", "INDETERMINATE / NO_CERTIFICATE_CHAIN_FOUND", "", " path.failed ", naming, "RFC 5280, 6.1.3 a 1",
		"where an issuer did not sign the certificate it sees no path, and we one that does not hold"},
	{"", "INDETERMINATE / (TRY_LATER|REVOCATION_OUT_OF_BOUNDS_NO_POE|CERTIFICATE_CHAIN_GENERAL_FAILURE)",
		"INDETERMINATE / (REVOCATION_OUT_OF_BOUNDS_NO_POE|CERTIFICATE_CHAIN_GENERAL_FAILURE)", "", " path.revocation", naming, "EN 319 102-1, 5.2.6",
		"evidence is missing about one certificate and out of date about another; or it was not looked at, since the certificate names no responder"},
	{"", doubtful, "INDETERMINATE / CERTIFICATE_CHAIN_GENERAL_FAILURE", "", "", naming, "EN 319 102-1, 5.2.6, 5.2.8", "evidence is missing, and a rule for signatures is broken as well"},
	{euDSS, "TOTAL_FAILED / SIG_CRYPTO_FAILURE", "INDETERMINATE / NO_CERTIFICATE_CHAIN_FOUND", "", "", naming, "EN 319 102-1, 5.2.6, 5.2.7", "the value does not verify, and there is no path; the worse counts first"},
	{euDSS, "INDETERMINATE / .*", totalPassed, "", " policy.long-term ", policy, "EN 319 102-1, 5.5.4",
		"it goes on without a time stamp that does not pass; our policy does not, where the document holds validation data ([decision 11](decisions/0011-time-stamps-at-long-term-levels.md))"},
}
