package vectors

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"

	"github.com/inkan-go/inkan/internal/testpdf"
)

// wrappings returns the signature wrapping attacks of attacks.md §3. In each
// the signed bytes and their digest stay as they were: the second signed block
// moves to the end of the file, and the attacker's section stands in the gap,
// just where the signed startxref points.
func wrappings() []damage {
	return []damage{
		{"second-byterange", func(p placed) []byte { return wrap(p, string(p.data[p.from:p.to]), true) }},
		{"wider-gap", func(p placed) []byte { return wrap(p, string(p.data[p.from:p.to]), false) }},
		{"two-contents", func(p placed) []byte {
			return wrap(p, string(p.data[p.from:p.to])+"/Contents<00>", true)
		}},
		{"literal-contents", func(p placed) []byte {
			der, err := hex.DecodeString(string(p.data[p.from+1 : p.to-1]))
			if err != nil {
				panic(err)
			}
			return wrap(p, literal(der), true)
		}},
		{"literal-in-place", literalInPlace},
		{"comment-in-gap", func(p placed) []byte {
			return p.overwrite(p.to-66, p.to, ">%"+string(bytes.Repeat([]byte("0"), 62))+"\n")
		}},
		{"whitespace-in-hex", func(p placed) []byte { return p.overwrite(p.to-5, p.to-1, "  00") }},
	}
}

// wrap keeps [0, from) and moves [to, end) behind the attacker's section.
// contents is written as the value of /Contents.
func wrap(p placed, contents string, secondRange bool) []byte {
	tail := p.data[p.to:p.end]
	section := testpdf.LastStartXRef(p.data)
	out := append(bytes.Clone(p.data[:p.from]), contents...)
	const digitsRoom = "%010d"
	rangeAt := len(out)
	if secondRange {
		out = fmt.Appendf(out, "/ByteRange[0 %d "+digitsRoom+" %d]", p.from, 0, len(tail))
	}
	out = append(out, ">>\nendobj\n"...)
	evilAt := len(out)
	out = fmt.Appendf(out, "11 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n", len(evil[0].Data), evil[0].Data)
	if int64(len(out)) > section {
		panic("vectors: no room in front of the signed startxref")
	}
	for int64(len(out)) < section {
		out = append(out, ' ')
	}
	out = append(out, attackerSection(p, len(out), evilAt)...)
	if secondRange {
		copy(out[rangeAt:], fmt.Sprintf("/ByteRange[0 %d "+digitsRoom, p.from, len(out)))
	}
	return append(out, tail...)
}

var indirect = regexp.MustCompile(`(?:^|\n)(\d+) 0 obj\n`)

// attackerSection writes the cross-reference section that stands at the offset
// at: the replaced page content, the signature dictionary where it was, and the
// objects of the second block where they are now, behind this section.
func attackerSection(p placed, at, evilAt int) []byte {
	tail := p.data[p.to:p.end]
	from, _ := p.dictionary()
	type entry struct {
		number string
		at     int
	}
	build := func(shift int) []byte {
		entries := []entry{{"11", evilAt}, {strconv.Itoa(p.number()), from}}
		for _, m := range indirect.FindAllSubmatchIndex(tail, -1) {
			entries = append(entries, entry{string(tail[m[2]:m[3]]), m[2] + shift})
		}
		out := []byte("xref\n")
		for _, e := range entries {
			out = fmt.Appendf(out, "%s 1\n%010d 00000 n \n", e.number, e.at)
		}
		return fmt.Appendf(out, "trailer\n<</Size %d/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n",
			testpdf.LastSize(p.data), previousSection(p.data), testpdf.LastStartXRef(p.data))
	}
	return build(at + len(build(0)))
}

// previousSection returns the /Prev of the last section of a file.
func previousSection(data []byte) int {
	at := bytes.LastIndex(data, []byte("/Prev "))
	if at < 0 {
		panic("vectors: no /Prev")
	}
	n := 0
	for _, c := range data[at+len("/Prev "):] {
		if c < '0' || c > '9' {
			break
		}
		n = 10*n + int(c-'0')
	}
	return n
}

// literal writes DER as a literal string, about half as long as in hexadecimal.
func literal(der []byte) string {
	out := []byte{'('}
	for _, c := range der {
		switch c {
		case '(', ')', '\\':
			out = append(out, '\\', c)
		case '\r':
			out = append(out, '\\', 'r')
		default:
			out = append(out, c)
		}
	}
	return string(append(out, ')'))
}

// literalInPlace writes /Contents as a literal string in the same gap; the room
// that it saves holds another /Reason and a loosened permission.
func literalInPlace(p placed) []byte {
	der, err := hex.DecodeString(string(p.data[p.from+1 : p.to-1]))
	if err != nil {
		panic(err)
	}
	return p.overwrite(p.from, p.to, literal(der)+"/Reason(Approved without limit)")
}
