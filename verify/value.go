package verify

import (
	"bytes"
	"crypto"
	"errors"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// readValue parses the signature value of a candidate: the CMS SignedData, or
// the time-stamp token, in its Contents. What cannot be read is a finding and
// leaves the crypto invalid.
func (f *file) readValue(c *candidate) {
	s := c.signed()
	c.result.SubFilter = s.SubFilter
	switch s.SubFilter {
	case sigdict.SubFilterPKCS7Detached, sigdict.SubFilterCAdES, sigdict.SubFilterPKCS7SHA1, sigdict.SubFilterX509RSASHA1, sigdict.SubFilterRFC3161:
	default:
		if s.Dict != nil {
			c.unsupported = true
			c.add("sub-filter.unknown", c.at(), s.SubFilter)
		}
		return
	}
	if !s.Contents.String || s.Contents.Zero() {
		return
	}
	var data *cms.SignedData
	var rest []byte
	err := cms.ErrLimit
	if f.values += int64(len(s.Contents.Value)); f.values <= f.size+maxSharedValues {
		data, rest, err = f.parseContents(s)
	}
	if err != nil {
		code := "cms.unreadable"
		if s.SubFilter == sigdict.SubFilterRFC3161 {
			code = "time-stamp.unreadable"
		}
		c.add(code, c.at(), err)
		return
	}
	if n := nonZero(rest); n > 0 {
		c.add("contents.trailing", c.at(), n)
	}
	c.cms = data
	if s.SubFilter == sigdict.SubFilterRFC3161 {
		c.readToken()
	} else {
		c.readSigner()
	}
	if c.signer == nil {
		return
	}
	for _, choice := range data.Certificates {
		if choice.Err != nil {
			c.add("certificate.unreadable", c.at(), choice.Err)
		}
	}
	if c.isTimestamp() {
		c.cert, err = data.SignerCertificate(c.signer, f.authorities(c.token)...)
	} else {
		c.cert, err = data.SignerCertificate(c.signer, f.options.Certificates...)
		f.readContentTimestamps(c)
	}
	if err != nil && !errors.Is(err, cms.ErrNoCertificate) {
		c.add("cms.constraint", c.at(), err)
	}
}

// nonZero returns how many bytes there are up to the last one that is not zero.
func nonZero(b []byte) int {
	var zeros [64]byte // values are padded with them by the thousand
	for bytes.HasSuffix(b, zeros[:]) {
		b = b[:len(b)-len(zeros)]
	}
	for i := len(b); i > 0; i-- {
		if b[i-1] != 0 {
			return i
		}
	}
	return 0
}

// readSigner looks at the only signer that a PDF signature may have.
func (c *candidate) readSigner() {
	if n := len(c.cms.SignerInfos); n != 1 {
		c.broken = true
		c.add("cms.signers", c.at(), n)
		if n == 0 {
			return
		}
	}
	if c.cms.HasContent && c.signed().SubFilter != sigdict.SubFilterPKCS7SHA1 {
		c.broken = true
		c.add("cms.content", c.at())
	}
	c.signer = c.cms.SignerInfos[0]
	hash, err := c.signer.DigestHash()
	if err != nil {
		c.unsupported = errors.Is(err, cms.ErrUnsupported)
		c.add("cms.unsupported", c.at(), err)
		return
	}
	c.hash = hash
	if c.signed().SubFilter == sigdict.SubFilterPKCS7SHA1 {
		c.hash = cms.Hash(crypto.SHA1)
	}
}
