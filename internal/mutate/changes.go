package mutate

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
)

// What the changes look for. They are never written to.
var (
	numbers    = regexp.MustCompile(`\b(\d+)\b`)
	references = regexp.MustCompile(`\b\d+ \d+ R\b`)
	names      = regexp.MustCompile(`/[A-Za-z0-9.]+`)
	objects    = regexp.MustCompile(`(?s)\b\d+ \d+ obj\b.*?endobj\n?`)
	entries    = regexp.MustCompile(`\b\d{10} \d{5} [nf] ?\r?\n?`)
	streams    = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\n?endstream`)
	keyNumbers = regexp.MustCompile(`(?:/Length|/Size|/Prev|/XRefStm|/N|/First|/Index ?\[|/W ?\[|/Columns|/Predictor|/Count|/ByteRange ?\[0 \d+|/ByteRange ?\[|startxref\n)\s*(-?\d+)`)
	keywords   = regexp.MustCompile(`\b(obj|endobj|stream|endstream|xref|trailer|startxref|R|n|f|true|null)\b|%%EOF|%PDF-`)
)

func (m *Mutator) number(data []byte) []byte { return m.substitute(data, numbers, 1, m.odd) }

// keyNumber changes a number that the structure of the file hangs on.
func (m *Mutator) keyNumber(data []byte) []byte { return m.substitute(data, keyNumbers, 1, m.odd) }

// reference makes a reference lead somewhere else, as likely as not in a circle.
func (m *Mutator) reference(data []byte) []byte {
	return m.substitute(data, references, 0, func([]byte) []byte {
		if other := m.pick(data, references, 0); other != nil && m.random.IntN(2) == 0 {
			return data[other[0]:other[1]]
		}
		return fmt.Appendf(nil, "%d 0 R", m.random.IntN(40))
	})
}

// name puts another name of the file in place of one.
func (m *Mutator) name(data []byte) []byte {
	return m.substitute(data, names, 0, func(old []byte) []byte {
		if m.random.IntN(4) == 0 {
			return append(bytes.Clone(old), "#0"...)
		}
		other := m.pick(data, names, 0)
		return data[other[0]:other[1]]
	})
}

// entry changes one line of a cross-reference table, or puts another there.
func (m *Mutator) entry(data []byte) []byte {
	return m.substitute(data, entries, 0, func(old []byte) []byte {
		switch m.random.IntN(5) {
		case 0:
			other := m.pick(data, entries, 0)
			return data[other[0]:other[1]]
		case 1:
			return nil
		case 2:
			return append(bytes.Clone(old), old...)
		case 3:
			return fmt.Appendf(nil, "%010d %05d %c \n", m.random.IntN(len(data)+1), m.random.IntN(3), "nf"[m.random.IntN(2)])
		}
		return bytes.ReplaceAll(old, []byte("n"), []byte("f"))
	})
}

// object removes, doubles, moves or renumbers an object.
func (m *Mutator) object(data []byte) []byte {
	at := m.pick(data, objects, 0)
	if at == nil {
		return data
	}
	whole := bytes.Clone(data[at[0]:at[1]])
	switch m.random.IntN(4) {
	case 0:
		return replace(data, at[0], at[1], nil)
	case 1:
		return append(bytes.Clone(data), whole...)
	case 2:
		out := replace(data, at[0], at[1], nil)
		to := m.random.IntN(len(out) + 1)
		return replace(out, to, to, whole)
	}
	return replace(data, at[0], at[1], numbers.ReplaceAll(whole, fmt.Appendf(nil, "%d", m.random.IntN(30))))
}

// dictionary puts one dictionary of the file in the place of another.
func (m *Mutator) dictionary(data []byte) []byte {
	one, other := m.brackets(data), m.brackets(data)
	if one == nil || other == nil {
		return data
	}
	return replace(data, one[0], one[1], bytes.Clone(data[other[0]:other[1]]))
}

// brackets returns the place of a random dictionary.
func (m *Mutator) brackets(data []byte) []int {
	from := m.random.IntN(len(data) + 1)
	start := bytes.Index(data[from:], []byte("<<"))
	if start < 0 {
		return nil
	}
	start += from
	depth := 0
	for i := start; i+1 < len(data); i++ {
		switch string(data[i : i+2]) {
		case "<<":
			depth++
			i++
		case ">>":
			depth--
			i++
		}
		if depth == 0 {
			return []int{start, i + 1}
		}
	}
	return nil
}

// inStream changes the data of a compressed stream, and its /Length where the
// dictionary holds it before.
func (m *Mutator) inStream(data []byte) []byte {
	at := m.pick(data, streams, 1)
	if at == nil {
		return data
	}
	r, err := zlib.NewReader(bytes.NewReader(data[at[0]:at[1]]))
	if err != nil {
		return data
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxGrowth))
	if err != nil && len(plain) == 0 {
		return data
	}
	switch m.random.IntN(4) {
	case 0:
		plain = m.number(plain)
	case 1:
		plain = m.bytes(plain)
	case 2:
		plain = m.remove(plain)
	default:
		plain = m.repeat(plain)
	}
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write(plain) // a bytes.Buffer does not fail
	_ = w.Close()
	old, now := fmt.Appendf(nil, "/Length %d", at[1]-at[0]), fmt.Appendf(nil, "/Length %d", b.Len())
	head := data[:at[0]]
	if i := bytes.LastIndex(head, old); i >= 0 && len(head)-i < 200 {
		head = replace(head, i, i+len(old), now)
	}
	return append(append(bytes.Clone(head), b.Bytes()...), data[at[1]:]...)
}

// bytes turns up to eight bytes.
func (m *Mutator) bytes(data []byte) []byte {
	out := bytes.Clone(data)
	for range 1 + m.random.IntN(8) {
		if len(out) > 0 {
			out[m.random.IntN(len(out))] ^= byte(1 << m.random.IntN(8))
		}
	}
	return out
}

// bracket puts in what opens or closes something, once or many times.
func (m *Mutator) bracket(data []byte) []byte {
	all := []string{"<<", ">>", "[", "]", "(", ")", "<", ">", "%", "{", "/", "\\", "1 0 obj ", "stream\n", "endobj ", "1 0 R ", "<</A ", "\x00"}
	text := []byte(all[m.random.IntN(len(all))])
	if m.random.IntN(8) == 0 {
		text = bytes.Repeat(text, 1+m.random.IntN(20_000))
	}
	at := m.random.IntN(len(data) + 1)
	return replace(data, at, at, text)
}

// remove leaves out a range.
func (m *Mutator) remove(data []byte) []byte {
	from, to := m.span(data)
	return replace(data, from, to, nil)
}

// cut leaves out the end.
func (m *Mutator) cut(data []byte) []byte { return bytes.Clone(data[:m.random.IntN(len(data)+1)]) }

// repeat puts a range in twice or more.
func (m *Mutator) repeat(data []byte) []byte {
	from, to := m.span(data)
	return replace(data, to, to, bytes.Repeat(data[from:to], 1+m.random.IntN(3)))
}

// splice puts a range of another file somewhere, or its end behind a beginning.
func (m *Mutator) splice(data []byte) []byte {
	other := m.file()
	if m.random.IntN(2) == 0 {
		return append(bytes.Clone(data[:m.random.IntN(len(data)+1)]), other[m.random.IntN(len(other)+1):]...)
	}
	from, to := m.span(other)
	at := m.random.IntN(len(data) + 1)
	return replace(data, at, at, other[from:to])
}

// keyword removes a keyword or puts another in its place.
func (m *Mutator) keyword(data []byte) []byte {
	return m.substitute(data, keywords, 0, func([]byte) []byte {
		if m.random.IntN(3) == 0 {
			return nil
		}
		other := m.pick(data, keywords, 0)
		return bytes.Clone(data[other[0]:other[1]])
	})
}

// span returns a random range, most often a short one.
func (m *Mutator) span(data []byte) (from, to int) {
	from = m.random.IntN(len(data) + 1)
	room := len(data) - from
	if m.random.IntN(4) > 0 {
		room = min(room, 200)
	}
	return from, from + m.random.IntN(room+1)
}
