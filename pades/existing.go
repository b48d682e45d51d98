package pades

import (
	"bytes"
	"cmp"
	"context"
	"crypto"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/digest"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/tsa"
)

// existing is a signature or a document time stamp that the document holds.
type existing struct {
	field     string
	dict      *sigdict.Signature
	timestamp bool  // a document time stamp
	start     int64 // of the gap
	end       int64 // of what it covers
	hash      cms.Hash

	data   *cms.SignedData
	signer *certificate.Certificate // nil where it was not found
	token  *tsa.Token               // of a document time stamp
	// stamps are the time stamps inside a signature: over its value, and those over
	// the content, which prove nothing about when it was made.
	stamps, content []*stamp
	fault           error // why it proves nothing
	// held tells of a document time stamp that it holds, as far as was gathered, and of a
	// signature that one of stamps does.
	held bool
	own  bool // a time stamp that this call made
	// whole tells that the signer and all that made stamps were identified.
	whole bool
}

// same is the signature again, in a form that was read later: no byte of it changes. Nil where more
// may be found out about it than then.
func (e *existing) same(dict *sigdict.Signature) *existing {
	if e == nil || !e.whole || e.dict.Contents.End != dict.Contents.End {
		return nil
	}
	again := *e
	again.dict, again.held, again.own = dict, false, false
	return &again
}

// tokens returns all time stamps inside a signature.
func (e *existing) tokens() []*stamp { return slices.Concat(e.stamps, e.content) }

// readExisting reads all signatures and document time stamps, in the order in which
// they were made. What is wrong with one is noted in it. Those that were read before, by where
// they start, are not read again.
func readExisting(form *sigdict.Form, before map[int64]*existing, certificates *certificate.Parser) ([]*existing, error) {
	var list []*existing
	known := make(map[int64]bool)
	for _, f := range form.Fields {
		s := f.Signature
		if s == nil || known[s.Contents.Start] {
			continue // an empty field, or a signature that hangs on two
		}
		known[s.Contents.Start] = true
		if len(list) == maxExisting {
			return nil, failf(ErrOptions, "the document has more than %d signatures, too many to gather evidence for", maxExisting)
		}
		e := before[s.Contents.Start].same(s)
		if e == nil {
			e = &existing{field: f.Name, dict: s, timestamp: s.IsTimestamp(), start: s.Contents.Start}
			e.fault = e.read(certificates)
		}
		list = append(list, e)
	}
	slices.SortStableFunc(list, func(a, b *existing) int { return cmp.Compare(a.end, b.end) })
	return list, nil
}

// read takes the dictionary apart.
func (e *existing) read(parser *certificate.Parser) error {
	r, ok := e.dict.ByteRange.Four()
	switch {
	case len(e.dict.Damage) > 0:
		return errors.New(e.dict.Damage[0].Text)
	case !ok || r[0] != 0 || r[1] != e.dict.Contents.Start || r[2] != e.dict.Contents.End || r[3] < 0 || r[3] > math.MaxInt64-r[2]:
		return errors.New("its ByteRange does not lie around its Contents")
	}
	e.end = r[2] + r[3]
	if e.timestamp {
		return e.readToken(parser)
	}
	var err error
	if e.dict.SubFilter == sigdict.SubFilterX509RSASHA1 {
		var certificates []*certificate.Certificate
		for _, der := range e.dict.Certificates {
			if c, err := parser.Parse(der); err == nil {
				certificates = append(certificates, c)
			}
		}
		e.data, _, err = cms.ParsePKCS1(e.dict.Contents.Value, certificates...)
	} else {
		e.data, _, err = cms.ParseWith(parser, e.dict.Contents.Value)
	}
	if err != nil {
		return err
	}
	if len(e.data.SignerInfos) != 1 {
		return fmt.Errorf("it has %d signers, not one", len(e.data.SignerInfos))
	}
	si := e.data.SignerInfos[0]
	e.stamps = readStamps(parser, si.UnsignedAttributes.All(cms.OIDSignatureTimeStamp))
	e.content = readStamps(parser, si.SignedAttributes.All(cms.OIDContentTimeStamp))
	if e.dict.SubFilter == sigdict.SubFilterPKCS7SHA1 {
		e.hash = cms.Hash(crypto.SHA1)
		return nil
	}
	e.hash, err = si.DigestHash()
	return err
}

func (e *existing) readToken(parser *certificate.Parser) error {
	token, _, err := tsa.ParseTokenWith(parser, e.dict.Contents.Value)
	if err != nil {
		return err
	}
	e.token, e.data, e.hash = token, token.SignedData, cms.Hash(token.Hash)
	return nil
}

// readStamps parses time stamps; what is none is passed over.
func readStamps(parser *certificate.Parser, values [][]byte) []*stamp {
	var list []*stamp
	for _, der := range values {
		if token, _, err := tsa.ParseTokenWith(parser, der); err == nil {
			list = append(list, &stamp{token: token})
		}
	}
	return list
}

// identify finds who signed, among the certificates that came with the signature and
// those at hand, and leaves out time stamps that do not verify: they prove nothing. That
// of those over the content is not asked, for nothing is concluded from them.
func (e *existing) identify(atHand []*certificate.Certificate) {
	if e.fault != nil || e.whole {
		return
	}
	if e.timestamp {
		e.signer, e.fault = e.token.Certificate(atHand...)
		e.whole = e.fault == nil
		return
	}
	si := e.data.SignerInfos[0]
	if e.signer, e.fault = e.data.SignerCertificate(si, atHand...); e.fault != nil {
		return
	}
	found := len(e.stamps) + len(e.content)
	defer func() { e.whole = len(e.stamps)+len(e.content) == found }()
	e.stamps = slices.DeleteFunc(e.stamps, func(s *stamp) bool {
		if !s.token.Hash.Available() {
			return true
		}
		h := s.token.Hash.New()
		h.Write(si.Signature)
		v, _ := s.token.Verify(h.Sum(nil), atHand...)
		s.signer = v.Certificate
		return !v.ImprintValid || !v.SignatureValid
	})
	e.content = slices.DeleteFunc(e.content, func(s *stamp) bool {
		var err error
		s.signer, err = s.token.Certificate(atHand...)
		return err != nil
	})
}

// largestToken returns the length of the longest time-stamp token in it.
func (e *existing) largestToken() int {
	n := 0
	if e.token != nil {
		n = len(e.token.Raw)
	}
	for _, s := range e.tokens() {
		n = max(n, len(s.token.Raw))
	}
	return n
}

// verifyExisting verifies what the signatures and time stamps are made over, all in
// one pass over the document. The hash of the document itself is taken along, for the
// time stamp that follows.
func (d *Document) verifyExisting(ctx context.Context, list []*existing, next crypto.Hash) error {
	var requests []digest.Request
	var asked []*existing
	for _, e := range list {
		if e.fault != nil || !e.hash.Available() || e.end > d.Size() {
			if e.fault == nil {
				e.fault = errors.New("its digest cannot be made")
			}
			continue
		}
		requests = append(requests, digest.Request{Hash: e.hash, Ranges: [4]int64{0, e.start, e.dict.Contents.End, e.end - e.dict.Contents.End}})
		asked = append(asked, e)
	}
	state, err := d.state(next)
	if err != nil {
		return err
	}
	results, err := digest.Pass(ctx, d, d.Size(), requests, func(offset int64, block []byte) {
		if offset == state.Size() && offset < d.size {
			_, _ = state.Write(block[:min(int64(len(block)), d.size-offset)]) // it never fails
		}
	})
	if err != nil {
		return fmt.Errorf("pades: %w", err)
	}
	for i, e := range asked {
		if e.fault = results[i].Err; e.fault == nil {
			e.fault = e.verify(results[i].Sum)
		}
	}
	return nil
}

// verify tells why the mathematics do not hold. Rules beyond them are for a verifier.
func (e *existing) verify(sum []byte) error {
	if e.timestamp {
		v, err := e.token.Verify(sum, e.signer)
		if v.ImprintValid && v.SignatureValid {
			return nil
		}
		return err
	}
	si := e.data.SignerInfos[0]
	if e.dict.SubFilter == sigdict.SubFilterPKCS7SHA1 { // its content is the digest (ISO 32000-1, 12.8.3.3.1)
		if !bytes.Equal(sum, e.data.Content) {
			return cms.ErrDigest
		}
		hash, err := si.DigestHash()
		if err != nil {
			return err
		}
		if sum, err = e.data.ContentDigest(hash); err != nil {
			return err
		}
	}
	_, err := si.Verify(e.signer, sum)
	if errors.Is(err, cms.ErrConstraint) {
		return nil // digest and signature are right
	}
	return err
}
