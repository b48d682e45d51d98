package tsa

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/ber"
)

// usualArcs is the room for the object identifiers of most values of TSTInfo.
const usualArcs = 24

// parseInfo reads a TSTInfo (RFC 3161, 2.4.2). Where it came with lengths that are
// not DER, its DER is read; what was signed stays as it was.
func (t *Token) parseInfo(content []byte) error {
	ok, err := ber.HasDERLengths(content)
	if err == nil && !ok {
		content, err = ber.ToDER(content)
	}
	if err != nil {
		return fail(cms.ErrMalformed, "TSTInfo: %v", err)
	}
	input := cryptobyte.String(content)
	var info cryptobyte.String
	if !input.ReadASN1(&info, cbasn1.SEQUENCE) || !input.Empty() {
		return fail(cms.ErrMalformed, "the content is no TSTInfo")
	}
	arcs := make(ber.Arcs, 0, usualArcs)
	version := 0
	if !info.ReadASN1Integer(&version) || version != 1 {
		return fail(cms.ErrMalformed, "the version of the TSTInfo is not 1")
	}
	if !arcs.Read(&info, &t.Policy) {
		return fail(cms.ErrMalformed, "policy of the TSTInfo")
	}
	if t.HashAlgorithm, t.Imprint, ok = readImprint(&info, &arcs); !ok {
		return fail(cms.ErrMalformed, "messageImprint of the TSTInfo")
	}
	if t.SerialNumber = readNumber(&info, cbasn1.INTEGER); t.SerialNumber == nil {
		return fail(cms.ErrMalformed, "serialNumber of the TSTInfo")
	}
	if !t.parseTime(&info) {
		return fail(cms.ErrMalformed, "genTime of the TSTInfo")
	}
	return t.parseOptional(&info)
}

// readImprint reads a MessageImprint. Digest algorithms have no parameters or NULL
// (RFC 5754, 2).
func readImprint(s *cryptobyte.String, arcs *ber.Arcs) (id pkix.AlgorithmIdentifier, imprint []byte, ok bool) {
	var body, identifier, digest cryptobyte.String
	if !s.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadASN1(&identifier, cbasn1.SEQUENCE) ||
		!body.ReadASN1(&digest, cbasn1.OCTET_STRING) || !body.Empty() ||
		!arcs.Read(&identifier, &id.Algorithm) {
		return id, nil, false
	}
	if !identifier.Empty() {
		id.Parameters = asn1.RawValue{Tag: asn1.TagNull, FullBytes: identifier}
		ok = len(identifier) == 2 && identifier[0] == asn1.TagNull && identifier[1] == 0
		return id, digest, ok
	}
	return id, digest, true
}

// parseTime reads genTime: GeneralizedTime in UTC with seconds and, if there are
// any, fractions of a second.
func (t *Token) parseTime(info *cryptobyte.String) bool {
	var text cryptobyte.String
	if !info.ReadASN1(&text, cbasn1.GeneralizedTime) || len(text) > maxTimeLength {
		return false
	}
	var err error
	t.Time, err = time.Parse("20060102150405Z", string(text))
	return err == nil
}

// parseOptional reads what may follow genTime.
func (t *Token) parseOptional(info *cryptobyte.String) error {
	if info.PeekASN1Tag(cbasn1.SEQUENCE) {
		if !t.parseAccuracy(info) {
			return fail(cms.ErrMalformed, "accuracy of the TSTInfo")
		}
	}
	if info.PeekASN1Tag(cbasn1.BOOLEAN) && !info.ReadASN1Boolean(&t.Ordering) {
		return fail(cms.ErrMalformed, "ordering of the TSTInfo")
	}
	if info.PeekASN1Tag(cbasn1.INTEGER) {
		if t.Nonce = readNumber(info, cbasn1.INTEGER); t.Nonce == nil {
			return fail(cms.ErrMalformed, "nonce of the TSTInfo")
		}
	}
	var name, extensions cryptobyte.String
	var hasExtensions bool
	if !info.ReadOptionalASN1(&name, &t.hasTSA, cbasn1.Tag(0).ContextSpecific().Constructed()) ||
		!info.ReadOptionalASN1(&extensions, &hasExtensions, cbasn1.Tag(1).ContextSpecific().Constructed()) || !info.Empty() {
		return fail(cms.ErrMalformed, "end of the TSTInfo")
	}
	if t.hasTSA && !t.parseTSA(name) {
		return fail(cms.ErrMalformed, "tsa of the TSTInfo")
	}
	if hasExtensions {
		var ok bool
		if t.Extensions, ok = readExtensions(extensions); !ok {
			return fail(cms.ErrMalformed, "extensions of the TSTInfo")
		}
	}
	return nil
}

// parseAccuracy reads seconds, millis and micros.
func (t *Token) parseAccuracy(info *cryptobyte.String) bool {
	var body cryptobyte.String
	if !info.ReadASN1(&body, cbasn1.SEQUENCE) {
		return false
	}
	for _, part := range []struct {
		tag  cbasn1.Tag
		unit time.Duration
		max  int64
	}{
		{cbasn1.INTEGER, time.Second, 1 << 31},
		{cbasn1.Tag(0).ContextSpecific(), time.Millisecond, 999},
		{cbasn1.Tag(1).ContextSpecific(), time.Microsecond, 999},
	} {
		if !body.PeekASN1Tag(part.tag) {
			continue
		}
		n := readNumber(&body, part.tag)
		if n == nil || n.Sign() < 0 || !n.IsInt64() || n.Int64() > part.max {
			return false
		}
		t.Accuracy += time.Duration(n.Int64()) * part.unit
	}
	t.HasAccuracy = true
	return body.Empty()
}

// parseTSA keeps a directory name; other forms of name are read over.
func (t *Token) parseTSA(explicit cryptobyte.String) bool {
	var name cryptobyte.String
	var tag cbasn1.Tag
	if !explicit.ReadAnyASN1(&name, &tag) || !explicit.Empty() {
		return false
	}
	if tag != cbasn1.Tag(4).ContextSpecific().Constructed() {
		return true
	}
	var err error
	t.TSA, err = certificate.ParseName(name)
	return err == nil
}

// readExtensions reads the members of an Extensions.
func readExtensions(list cryptobyte.String) (all []pkix.Extension, ok bool) {
	for !list.Empty() {
		var body, value cryptobyte.String
		var e pkix.Extension
		if !list.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadASN1ObjectIdentifier(&e.Id) {
			return nil, false
		}
		if body.PeekASN1Tag(cbasn1.BOOLEAN) && !body.ReadASN1Boolean(&e.Critical) {
			return nil, false
		}
		if !body.ReadASN1(&value, cbasn1.OCTET_STRING) || !body.Empty() || len(all) == maxExtensions {
			return nil, false
		}
		e.Value = value
		all = append(all, e)
	}
	return all, true
}

// readNumber returns nil for anything but an integer of bearable length.
func readNumber(s *cryptobyte.String, tag cbasn1.Tag) *big.Int {
	var content cryptobyte.String
	if !s.ReadASN1(&content, tag) || len(content) == 0 || len(content) > maxNumberBytes {
		return nil
	}
	n := new(big.Int).SetBytes(content)
	if content[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), 8*uint(len(content))))
	}
	return n
}
