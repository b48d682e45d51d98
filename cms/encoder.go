package cms

import (
	"encoding/asn1"
	"math/big"

	"golang.org/x/crypto/cryptobyte"

	"github.com/inkan-go/inkan/internal/ber"
)

// Tags of what this package writes (X.690 §8.1.2); what is constructed has bit 6 set.
const (
	tagInteger     = 0x02
	tagOctetString = 0x04
	tagOID         = 0x06
	tagSequence    = 0x30
	tagSet         = 0x31
	tagContext     = 0xa0 // constructed, number 0
)

// encoder writes DER into one buffer. Constructed elements are written between begin and end; the length comes last, so
// that no element needs a buffer of its own.
type encoder struct {
	out []byte
	err error // the first one
}

// newEncoder returns an encoder with room for that many bytes.
func newEncoder(size int) *encoder { return &encoder{out: make([]byte, 0, size)} }

// bytes returns what was written.
func (e *encoder) bytes() ([]byte, error) {
	if e.err != nil {
		return nil, fail(ErrMalformed, "encoding: %w", e.err)
	}
	return e.out, nil
}

// begin writes the tag of an element and returns the place that end wants.
func (e *encoder) begin(tag byte) int {
	e.out = append(e.out, tag, 0)
	return len(e.out)
}

// end writes the length of the element whose content begins at start.
func (e *encoder) end(start int) {
	n := len(e.out) - start
	if n < 0x80 {
		e.out[start-1] = byte(n)
		return
	}
	var octets [9]byte
	length := ber.AppendLength(octets[:0], n)
	e.out = append(e.out, length[1:]...) // room, filled below
	copy(e.out[start-1+len(length):], e.out[start:start+n])
	copy(e.out[start-1:], length)
}

// raw writes encoded elements.
func (e *encoder) raw(elements ...[]byte) {
	for _, b := range elements {
		e.out = append(e.out, b...)
	}
}

// octets writes an OCTET STRING.
func (e *encoder) octets(b []byte) {
	e.out = append(ber.AppendLength(append(e.out, tagOctetString), len(b)), b...)
}

// oid writes an OBJECT IDENTIFIER (X.690 §8.19).
func (e *encoder) oid(id asn1.ObjectIdentifier) {
	if len(id) < 2 || id[0] > 2 || id[0] < 2 && id[1] >= 40 {
		e.fail(fail(ErrMalformed, "%v is no object identifier", id))
		return
	}
	start := e.begin(tagOID)
	e.arc(id[0]*40 + id[1])
	for _, arc := range id[2:] {
		e.arc(arc)
	}
	e.end(start)
}

func (e *encoder) arc(n int) {
	if n < 0 {
		e.fail(fail(ErrMalformed, "an object identifier with a negative arc"))
		return
	}
	shift := 0
	for n>>shift >= 0x80 {
		shift += 7
	}
	for ; shift > 0; shift -= 7 {
		e.out = append(e.out, byte(n>>shift)|0x80)
	}
	e.out = append(e.out, byte(n)&0x7f)
}

// version writes a small INTEGER.
func (e *encoder) version(n byte) { e.out = append(e.out, tagInteger, 1, n) }

// integer writes an INTEGER in its shortest form.
func (e *encoder) integer(n *big.Int) {
	if n.Sign() < 0 {
		e.leaf(func(b *cryptobyte.Builder) { b.AddASN1BigInt(n) })
		return
	}
	size := n.BitLen()/8 + 1 // a bit for the sign
	e.out = ber.AppendLength(append(e.out, tagInteger), size)
	start := len(e.out)
	e.out = append(e.out, make([]byte, size)...)
	n.FillBytes(e.out[start:])
}

// leaf writes what cryptobyte encodes.
func (e *encoder) leaf(write func(*cryptobyte.Builder)) {
	b := cryptobyte.NewBuilder(e.out)
	write(b)
	out, err := b.Bytes()
	if err != nil {
		e.fail(err)
		return
	}
	e.out = out
}

func (e *encoder) fail(err error) {
	if e.err == nil {
		e.err = err
	}
}
