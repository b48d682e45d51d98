package pades

import (
	"strconv"
	"time"

	"github.com/inkan-go/inkan/internal/pdf"
)

// rangeDigits is the room for one number of /ByteRange: any int64.
const rangeDigits = 19

// room tells where, in the body of a signature dictionary, the values stand that
// are known only when the update is complete. They count back from its end,
// since encryption changes the length of the strings before them.
type room struct {
	byteRange int // of the first byte behind "[0 "
	contents  int // of "<"
	size      int // bytes of the signature that fit
}

// signatureDictionary writes the signature dictionary (ISO 32000-2, table 255)
// with room for ByteRange and Contents, which stand last. The digits of Contents
// are still to be put in, behind its "<".
func signatureDictionary(o *SignOptions, t *terms, catalog pdf.Reference, at time.Time, size int) ([]byte, room) {
	b := make([]byte, 0, 512)
	b = append(append(b, "<</Type/Sig/Filter/"+signatureFilter+"/SubFilter/"...), t.subFilter...)
	b = append(append(b, "/M("...), pdf.FormatDate(at)...)
	b = append(b, ')')
	for _, e := range []struct {
		key  string
		text string
	}{{"/Name", o.Name}, {"/Reason", o.Reason}, {"/Location", o.Location}, {"/ContactInfo", o.ContactInfo}} {
		if e.text != "" {
			b = append(append(b, e.key...), pdf.EncodeText(e.text)...)
		}
	}
	return roomFor(t.references(b, catalog), size)
}

// timestampDictionary writes the dictionary of a document time stamp (ISO 32000-2,
// 12.8.5) with room as above.
func timestampDictionary(size int) ([]byte, room) {
	return roomFor([]byte("<</Type/DocTimeStamp/Filter/"+signatureFilter+"/SubFilter/ETSI.RFC3161"), size)
}

// roomFor appends ByteRange and Contents to the other entries.
func roomFor(b []byte, size int) ([]byte, room) {
	b = append(b, "/ByteRange[0 "...)
	byteRange := len(b)
	for range 3*rangeDigits + 2 {
		b = append(b, ' ')
	}
	b = append(b, "]/Contents"...)
	contents := len(b)
	b = append(append(b, '<'), contentsEnd...)
	length := len(b) + 2*size
	return b, room{byteRange: length - byteRange, contents: length - contents, size: size}
}

// contentsEnd is what follows the digits of Contents: the end of the string and
// of the dictionary.
const contentsEnd = ">>>"

// gap is the part of the update that the signature does not cover: the Contents
// token with its delimiters, as a range of the update's bytes.
type gap struct{ start, end int }

// place writes ByteRange into the update, whose bytes will lie at the offset
// start of the file and in which the dictionary ends at end, and returns the gap.
func (r room) place(update []byte, start int64, end int) gap {
	g := gap{start: end - r.contents}
	g.end = g.start + 2*r.size + len("<>")
	numbers := appendInt(update[:end-r.byteRange], start+int64(g.start))
	numbers = appendInt(append(numbers, ' '), start+int64(g.end))
	appendInt(append(numbers, ' '), int64(len(update)-g.end))
	return g
}

func appendInt(dst []byte, n int64) []byte { return strconv.AppendInt(dst, n, 10) }
