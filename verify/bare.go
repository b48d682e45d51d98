package verify

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// Reasons why there is nothing to judge in a signature outside a PDF.
var (
	errContentMissing = errors.New("the signature does not hold what was signed: its content is needed")
	errContentTwice   = errors.New("the signature holds its content itself, and another one was given")
	errTrailing       = errors.New("bytes stand behind the signature")
)

// CMS judges signatures outside a PDF: those of a SignedData, detached or with its
// content (RFC 5652), or a bare time-stamp token (RFC 3161). signature is in DER or
// BER. content is what was signed or stamped, read once to its end; nil where the
// SignedData holds it. The result is that of [Reader]: every signer is one of the
// Signatures, there are no revisions, and what cannot be read is an *UnreadableError.
//
// Levels are named after what the SignedData holds: "CAdES-B-B", "CAdES-B-T" or
// "CAdES-B-LT" where an attribute binds the signer's certificate, else "CMS-B" and so
// on. Archive time stamps of CAdES are not looked at.
func CMS(ctx context.Context, signature []byte, content io.Reader, o *Options) (*Report, error) {
	if o == nil {
		o = &Options{}
	}
	f := newBare(ctx, o)
	if err := f.judgeBare(signature, content); err != nil {
		return nil, &UnreadableError{Cause: err}
	}
	return f.report, f.report.result()
}

// newBare returns a file without a PDF: nothing in it has revisions or stores.
func newBare(ctx context.Context, o *Options) *file {
	f := &file{ctx: ctx, pdf: &pdf.File{}, options: o, bare: true, unreachable: &unreachable{}}
	f.setTime()
	if f.policy = o.Policy; f.policy == nil {
		f.policy = Default()
	}
	f.report = &Report{Schema: Schema, ValidationTime: f.at, Policy: f.policy.Name}
	return f
}

// judgeBare runs what is run for the signatures of a PDF, from the value on.
func (f *file) judgeBare(signature []byte, content io.Reader) error {
	data, rest, err := cms.ParseWith(&f.certificates, signature)
	switch {
	case err != nil:
		return err
	case len(rest) > 0:
		return errTrailing
	}
	isToken := data.ContentType.Equal(cms.OIDTSTInfo)
	switch {
	case content == nil && (isToken || !data.HasContent):
		return errContentMissing
	case content != nil && data.HasContent && !isToken:
		return errContentTwice
	case content == nil:
		content = bytes.NewReader(data.Content)
	}
	if isToken {
		f.addBare(sigdict.SubFilterRFC3161, signature, data).readToken()
	} else {
		for _, signer := range data.SignerInfos {
			c := f.addBare("", signature, data)
			c.signer = signer
			f.readBareSigner(c)
		}
	}
	for _, c := range f.candidates {
		if c.signer == nil {
			continue
		}
		if c.cert, err = data.SignerCertificate(c.signer, f.options.Certificates...); err != nil && !errors.Is(err, cms.ErrNoCertificate) {
			c.add("cms.constraint", c.at(), err)
		}
	}
	if err := f.digestContent(content); err != nil {
		return err
	}
	for _, c := range f.candidates {
		c.checked = f.checkCrypto(c)
		f.prepare(c)
		f.collectTimestamps(c)
	}
	if err := f.validate(); err != nil {
		return err
	}
	if f.tooMany {
		f.report.Findings = append(f.report.Findings, newFinding("file.too-much", nowhere, "signatures"))
	}
	f.sumUp(f.tooMany)
	return nil
}

// addBare adds a signature whose structure is that of its content alone.
func (f *file) addBare(subFilter string, signature []byte, data *cms.SignedData) *candidate {
	c := &candidate{closes: true, cms: data, found: &sigdict.Signature{
		SubFilter: subFilter, Contents: sigdict.Contents{Present: true, String: true, Value: signature, Start: -1, End: -1},
	}}
	f.addCandidate(c)
	if c.result == nil { // one too many: judged by nobody
		c.result = &Signature{}
	}
	c.result.SubFilter, c.result.Structure, c.result.Coverage = subFilter, StructureSound, CoverageFile
	c.result.Changes, c.result.ChangesAllowed = ChangesNone, true
	if subFilter == sigdict.SubFilterRFC3161 {
		c.result.Kind = KindTimestamp
	}
	return c
}

// readBareSigner reads what a signer says about how and when it signed.
func (f *file) readBareSigner(c *candidate) {
	if t, ok := c.signer.SigningTime(); ok {
		c.result.ClaimedTime = Time{t.UTC()}
	}
	h, err := c.signer.DigestHash()
	if err != nil {
		c.unsupported = errors.Is(err, cms.ErrUnsupported)
		c.add("cms.unsupported", c.at(), err)
		return
	}
	c.hash = h
	f.readContentTimestamps(c)
}

// digestContent reads the content once and computes all digests of it.
func (f *file) digestContent(content io.Reader) error {
	running := make(map[crypto.Hash]hash.Hash)
	need := func(h crypto.Hash) {
		if h.Available() && running[h] == nil {
			running[h] = h.New()
		}
	}
	for _, c := range f.candidates {
		need(crypto.Hash(c.hash))
		for _, h := range c.contentHashes() {
			need(h)
		}
	}
	head := &prefix{}
	writers := []io.Writer{head}
	for _, h := range running {
		writers = append(writers, h)
	}
	size, err := io.Copy(io.MultiWriter(writers...), &interruptible{f.ctx, content})
	if err != nil {
		return fmt.Errorf("reading the content: %w", err)
	}
	f.reader, f.size = bytes.NewReader(head.bytes), size
	for _, c := range f.candidates {
		c.ranges = [4]int64{0, size, size, 0}
		if h := running[crypto.Hash(c.hash)]; h != nil {
			c.digest = h.Sum(nil)
		}
		c.contentDigests = make(map[crypto.Hash][]byte)
		for _, h := range c.contentHashes() {
			c.contentDigests[h] = running[h].Sum(nil)
		}
	}
	return nil
}

// prefix keeps the first bytes of what is written to it.
type prefix struct{ bytes []byte }

func (p *prefix) Write(b []byte) (int, error) {
	p.bytes = append(p.bytes, b[:min(len(b), headLength-len(p.bytes))]...)
	return len(b), nil
}

// interruptible is a reader that ends with its context.
type interruptible struct {
	ctx context.Context
	io.Reader
}

func (r *interruptible) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(b)
}

// bareLevel names what a SignedData outside a PDF holds for a signer.
func bareLevel(c *candidate, proven bool) string {
	family := "CMS-"
	signed := c.signer.SignedAttributes
	if signed.Find(cms.OIDSigningCertificateV2) != nil || signed.Find(cms.OIDSigningCertificate) != nil {
		family = "CAdES-B-"
	}
	switch {
	case !hasTimestamp(c, proven):
		return family + "B"
	case len(c.cms.RevocationValues()) == 0:
		return family + "T"
	}
	return family + "LT"
}
