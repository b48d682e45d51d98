package cms

import "github.com/inkan-go/inkan/internal/ber"

// AddUnsigned returns a copy of a SignedData's ContentInfo in which the only signer has further unsigned attributes; all
// other bytes of the SignerInfo stay as they were received. It is how a time stamp gets into a signature made before.
func (sd *SignedData) AddUnsigned(attributes ...Attribute) ([]byte, error) {
	if len(sd.SignerInfos) != 1 {
		return nil, fail(ErrMalformed, "%d signers instead of one", len(sd.SignerInfos))
	}
	signer, err := sd.SignerInfos[0].withUnsigned(attributes)
	if err != nil {
		return nil, err
	}
	info, _, err := ber.Read(sd.Raw)
	if err != nil {
		return nil, malformed("ContentInfo", err)
	}
	outer := info.Elements()
	id, _ := outer.Next()
	explicit, _ := outer.Next()
	inner := explicit.Elements()
	body, err := inner.Next()
	if err != nil {
		return nil, malformed("SignedData", err)
	}
	children, err := body.Children()
	if err != nil {
		return nil, malformed("SignedData", err)
	}
	e := newEncoder(len(sd.Raw) + len(signer))
	whole := e.begin(tagSequence)
	e.raw(id.Raw)
	wrapped := e.begin(tagContext)
	signedData := e.begin(tagSequence)
	for _, child := range children[:len(children)-1] {
		e.raw(child.Raw)
	}
	signers := e.begin(tagSet)
	e.raw(signer)
	e.end(signers)
	e.end(signedData)
	e.end(wrapped)
	e.end(whole)
	return e.bytes()
}

// withUnsigned returns the SignerInfo with more unsigned attributes.
func (si *SignerInfo) withUnsigned(attributes []Attribute) ([]byte, error) {
	info, _, err := ber.Read(si.Raw)
	if err != nil {
		return nil, malformed("SignerInfo", err)
	}
	e := newEncoder(len(si.Raw) + 1024)
	sequence := e.begin(tagSequence)
	for r := info.Elements(); !r.Empty(); {
		child, err := r.Next()
		if err != nil {
			return nil, malformed("SignerInfo", err)
		}
		if !child.Is(ber.ContextSpecific, 1) {
			e.raw(child.Raw)
		}
	}
	if err := e.unsigned(si.UnsignedAttributes, attributes); err != nil {
		return nil, err
	}
	e.end(sequence)
	return e.bytes()
}

// unsigned writes UnsignedAttributes, where there are any: old ones as they were received, and new ones.
func (e *encoder) unsigned(old, added []Attribute) error {
	if len(old)+len(added) == 0 {
		return nil
	}
	list := make([][]byte, 0, len(old)+len(added))
	for i := range old {
		list = append(list, old[i].Raw)
	}
	for i := range added {
		der, err := added[i].marshal()
		if err != nil {
			return err
		}
		list = append(list, der)
	}
	e.set(tagContext+1, list)
	return nil
}
