package verify

import (
	"crypto"
	"crypto/sha512"
	"encoding/hex"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/digest"
)

// computeDigests computes the digests of all signatures in one read of the
// file, and looks in the same read for signature dictionaries outside the form.
func (f *file) computeDigests() error {
	n := len(f.candidates)
	requests, asking := make([]digest.Request, 0, n), make([]*candidate, 0, n)
	content := make([]crypto.Hash, 0, n) // 0 for the digest of the signature itself
	for _, c := range f.candidates {
		if !c.isRanged || c.hash == 0 {
			continue
		}
		requests = append(requests, digest.Request{Hash: c.hash, Ranges: c.ranges})
		asking, content = append(asking, c), append(content, 0)
		for _, h := range c.contentHashes() {
			requests = append(requests, digest.Request{Hash: cms.Hash(h), Ranges: c.ranges})
			asking, content = append(asking, c), append(content, h)
		}
	}
	f.unreachable = &unreachable{file: f.pdf, known: f.knownDictionaries()}
	scan := &scan{found: f.unreachable.token, escapes: len(f.candidates) == 0}
	results, err := digest.Pass(f.ctx, f.reader, f.size, requests, scan.block)
	if err != nil {
		return err
	}
	for i, c := range asking {
		sum := results[i].Sum
		if content[i] != 0 {
			if c.contentDigests == nil {
				c.contentDigests = make(map[crypto.Hash][]byte)
			}
			c.contentDigests[content[i]] = sum
			continue
		}
		if c.digest = sum; results[i].Err != nil {
			c.add("crypto.not-computed", c.at(), results[i].Err)
		}
	}
	return nil
}

// headLength is how much of the signed bytes is looked at to tell whether they
// are signed attributes in disguise.
const headLength = 64

// isAttributes tells whether the signed bytes themselves can be read as signed
// attributes (RFC 5652, 11: attribute stripping). A PDF header need not stand
// at the first byte, so this is no idle question.
func (f *file) isAttributes(c *candidate) bool {
	var head []byte
	for i := 0; i < 4; i += 2 {
		part := make([]byte, min(headLength-int64(len(head)), c.ranges[i+1]))
		n, _ := f.reader.ReadAt(part, c.ranges[i])
		head = append(head, part[:n]...)
	}
	return cms.IsAttributeSet(head, c.ranges[1]+c.ranges[3])
}

// hexadecimal writes a digest.
func hexadecimal(digest []byte) string {
	var text [2 * sha512.Size]byte
	return string(hex.AppendEncode(text[:0], digest))
}
