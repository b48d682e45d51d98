package tsa

import (
	"fmt"
	"math/bits"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/ber"
)

// Status is the PKIStatus of a response (RFC 3161, 2.4.2), one higher than its number.
type Status int

// The statuses. StatusUnknown is the zero value and stands for all numbers that
// RFC 3161 does not have.
const (
	StatusUnknown Status = iota
	Granted
	GrantedWithMods
	Rejection
	Waiting
	RevocationWarning
	RevocationNotification
)

// String returns the name in RFC 3161.
func (s Status) String() string {
	names := [...]string{"unknown status", "granted", "grantedWithMods", "rejection", "waiting", "revocationWarning", "revocationNotification"}
	if s < 0 || int(s) >= len(names) {
		return names[0]
	}
	return names[s]
}

// granted tells whether the status promises a token.
func (s Status) granted() bool { return s == Granted || s == GrantedWithMods }

// Failure is the PKIFailureInfo of a response (RFC 3161, 2.4.2): a set of bits.
type Failure uint32

// The reasons for refusing a request.
const (
	BadAlgorithm               Failure = 1 << 0  // badAlg: the hash function is not supported
	BadRequest                 Failure = 1 << 2  // badRequest: not permitted or supported
	BadDataFormat              Failure = 1 << 5  // badDataFormat: not a request
	TimeNotAvailable           Failure = 1 << 14 // timeNotAvailable
	UnacceptedPolicy           Failure = 1 << 15 // unacceptedPolicy
	UnacceptedExtension        Failure = 1 << 16 // unacceptedExtension
	AdditionalInfoNotAvailable Failure = 1 << 17 // addInfoNotAvailable
	SystemFailure              Failure = 1 << 25 // systemFailure
)

// String returns the names in RFC 3161, joined by commas; a bit without a name by its
// number.
func (f Failure) String() string {
	names := map[Failure]string{
		BadAlgorithm: "badAlg", BadRequest: "badRequest", BadDataFormat: "badDataFormat", TimeNotAvailable: "timeNotAvailable",
		UnacceptedPolicy: "unacceptedPolicy", UnacceptedExtension: "unacceptedExtension",
		AdditionalInfoNotAvailable: "addInfoNotAvailable", SystemFailure: "systemFailure",
	}
	var list []string
	for rest := f; rest != 0; rest &= rest - 1 {
		bit := rest & -rest
		name, ok := names[bit]
		if !ok {
			name = fmt.Sprintf("bit %d", bits.TrailingZeros32(uint32(bit)))
		}
		list = append(list, name)
	}
	return strings.Join(list, ", ")
}

// Reply is a TimeStampResp (RFC 3161, 2.4.2) as it came: nothing in it is checked
// against a request.
type Reply struct {
	Status  Status
	Text    []string // statusString
	Failure Failure  // failInfo
	Token   *Token   // nil when there is none
}

// ParseReply reads a TimeStampResp in DER or BER, which must be all of b. Errors wrap
// cms.ErrMalformed or cms.ErrLimit.
func ParseReply(b []byte) (*Reply, error) {
	whole, rest, err := ber.Read(b)
	if err != nil {
		return nil, fail(cms.ErrMalformed, "response: %v", err)
	}
	if !whole.IsSequence() || len(rest) > 0 {
		return nil, fail(cms.ErrMalformed, "not a TimeStampResp")
	}
	members := whole.Elements()
	info, err := members.Expect(ber.Universal, ber.TagSequence)
	if err != nil {
		return nil, fail(cms.ErrMalformed, "status of the response: %v", err)
	}
	reply := &Reply{}
	if err := reply.parseStatus(info); err != nil {
		return nil, err
	}
	if members.Empty() {
		return reply, nil
	}
	token, err := members.Next()
	if err != nil || !members.Empty() {
		return nil, fail(cms.ErrMalformed, "something beside status and token in the response")
	}
	if reply.Token, _, err = ParseToken(token.Raw); err != nil { // of one element nothing is left over
		return nil, err
	}
	return reply, nil
}

// parseStatus reads a PKIStatusInfo.
func (r *Reply) parseStatus(info ber.Element) error {
	members := info.Elements()
	e, err := members.Expect(ber.Universal, ber.TagInteger)
	if err != nil {
		return fail(cms.ErrMalformed, "status of the response: %v", err)
	}
	if n, err := e.Int(); err == nil && n >= 0 && n <= int(RevocationNotification)-int(Granted) {
		r.Status = Granted + Status(n)
	}
	texts, present, err := members.Optional(ber.Universal, ber.TagSequence)
	if err != nil {
		return fail(cms.ErrMalformed, "statusString of the response: %v", err)
	}
	if present {
		if err := r.parseText(texts); err != nil {
			return err
		}
	}
	failure, present, err := members.Optional(ber.Universal, ber.TagBitString)
	if err != nil || !members.Empty() {
		return fail(cms.ErrMalformed, "failInfo of the response")
	}
	if present && !r.parseFailure(failure) {
		return fail(cms.ErrMalformed, "failInfo of the response")
	}
	return nil
}

// parseText reads a PKIFreeText.
func (r *Reply) parseText(texts ber.Element) error {
	for list := texts.Elements(); !list.Empty(); {
		e, err := list.Expect(ber.Universal, ber.TagUTF8String)
		if err != nil {
			return fail(cms.ErrMalformed, "statusString of the response: %v", err)
		}
		text, err := e.OctetString()
		if err != nil {
			return fail(cms.ErrMalformed, "statusString of the response: %v", err)
		}
		if len(r.Text) == maxTexts {
			return fail(cms.ErrLimit, "more than %d texts in the response", maxTexts)
		}
		r.Text = append(r.Text, strings.ToValidUTF8(string(text), "\uFFFD"))
	}
	return nil
}

// parseFailure reads a PKIFailureInfo; bits beyond the 32nd have no meaning.
func (r *Reply) parseFailure(e ber.Element) bool {
	if e.Constructed || len(e.Content) == 0 || e.Content[0] > 7 {
		return false
	}
	for i, octet := range e.Content[1:] {
		if i == 4 {
			break
		}
		r.Failure |= Failure(bits.Reverse8(octet)) << (8 * i)
	}
	return true
}

// marshal returns the DER of a TimeStampResp. token is nil for a refusal.
func (r *Reply) marshal(token []byte) ([]byte, error) {
	b := cryptobyte.NewBuilder(make([]byte, 0, len(token)+64))
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1Int64(int64(r.Status - Granted))
			if len(r.Text) > 0 {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					for _, text := range r.Text {
						b.AddASN1(cbasn1.UTF8String, func(b *cryptobyte.Builder) { b.AddBytes([]byte(text)) })
					}
				})
			}
			if r.Failure != 0 {
				b.AddASN1(cbasn1.BIT_STRING, func(b *cryptobyte.Builder) { b.AddBytes(r.Failure.bitString()) })
			}
		})
		b.AddBytes(token)
	})
	return b.Bytes()
}

// bitString returns the content of a BIT STRING with named bits: no zeros at the end
// (X.690, 11.2.2).
func (f Failure) bitString() []byte {
	length := bits.Len32(uint32(f))
	out := make([]byte, 1+(length+7)/8)
	out[0] = byte((8 - length%8) % 8)
	for i := range out[1:] {
		out[1+i] = bits.Reverse8(byte(f >> (8 * i)))
	}
	return out
}
