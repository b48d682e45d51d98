package vectors

import (
	"regexp"
	"strings"

	"github.com/inkan-go/inkan/verify"
)

// changeTwins names, by the beginning of the name of a change that is not always
// allowed, an honest one that looks like it. The first that fits counts.
var changeTwins = []struct{ prefix, twin string }{
	{"dss-", "dss"}, {"time-stamp-", "time-stamp"}, {"fill-", "fill"}, {"text-field-", "approval"}, {"unsigned-", "approval-visible"},
	{"old-value", "approval-visible"}, {"annotation-launch", "annotation-Link"}, {"annotation-javascript", "annotation-Link"},
	{"annotation-", "annotation-Text"}, {"free-", "rewritten"}, {"reordered-", "annotation-Text"}, {"optional-", "rewritten"},
	{"content", "rewritten"}, {"font", "rewritten"}, {"page-", "annotation-Text"}, {"open-", "dss"}, {"javascript-", "dss"},
	{"embedded-", "dss"}, {"permissions-", "dss"},
	{"disguised-graphics-", "annotation-edited"}, {"disguised-integer", "rewritten"}, {"disguised-letters", "fill"}, {"disguised-script", "annotation-3D"},
}

// Twin returns the name of an honest change that looks like this one; "" where
// this one is honest itself.
func (c *Change) Twin() string {
	if c.Allowed == always || c.Allowed == filled {
		return ""
	}
	for _, t := range changeTwins {
		if strings.HasPrefix(c.Name, t.prefix) && c.Name != t.twin {
			return t.twin
		}
	}
	return ""
}

// vectorTwins names, by a pattern of the file of an attack, the file of an honest
// document made in the same way.
var vectorTwins = []struct {
	file *regexp.Regexp
	twin string
}{
	{regexp.MustCompile(`^(usf)-.*-(\w+)\.pdf$`), "signed-once-$2.pdf"},
	{regexp.MustCompile(`^(isa)-.*-(\w+)\.pdf$`), "reader-update-$2.pdf"},
	{regexp.MustCompile(`^(spoof)-.*-(\w+)\.pdf$`), "signed-three-times-$2.pdf"},
	{regexp.MustCompile(`^(swa)-.*-(stream|hybrid)\.pdf$`), "signed-once-$2.pdf"},
	{regexp.MustCompile(`^(swa)-.*$`), "signed-once-table.pdf"},
	{regexp.MustCompile(`^(coverage)-.*$`), "coverage-eol-added.pdf"},
	{regexp.MustCompile(`^(cms)-.*$`), "cms-plain.pdf"},
	{regexp.MustCompile(`^(reader)-linearized-length-(\w+)\.pdf$`), "reader-linearized-$2.pdf"},
	{regexp.MustCompile(`^(reader)-.*-(\w+)\.pdf$`), "reader-update-$2.pdf"},
	{regexp.MustCompile(`^(encrypted)-(r\d)-.*-(\w+)\.pdf$`), "encrypted-$2-signed-once-$3.pdf"},
	{regexp.MustCompile(`^(proof)-older-than-another\.pdf$`), "proof-older-than-another-near.pdf"},
	{regexp.MustCompile(`^(proof)-after-compromise\.pdf$`), "proof-before-compromise.pdf"},
	{regexp.MustCompile(`^(proof)-.*$`), "proof-renewed.pdf"},
	{regexp.MustCompile(`^(pdfex)-\w+-(r\d)-(\w+)\.pdf$`), "encrypted-$2-signed-once-$3.pdf"},
}

// Twin returns the name of the file of an honest document that looks like this
// one, and the class of the attack; "" where this is no attack.
func (v *Vector) Twin() (file, class string) {
	if v.Expect.Unreadable || v.Expect.Indication == verify.TotalPassed || v.Expect.Indication == verify.NoSignature {
		return "", ""
	}
	for _, t := range vectorTwins {
		if m := t.file.FindStringSubmatch(v.File); m != nil {
			return t.file.ReplaceAllString(v.File, t.twin), m[1]
		}
	}
	return "", ""
}
