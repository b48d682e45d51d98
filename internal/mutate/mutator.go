package mutate

import (
	"bytes"
	"math/rand/v2"
	"regexp"
	"strconv"
)

// Mutator makes mutants of a set of files. It is not safe for concurrent use.
type Mutator struct {
	files  [][]byte
	random *rand.Rand
}

// New returns a mutator of files, of which there must be at least one.
func New(files [][]byte) *Mutator {
	if len(files) == 0 {
		panic("mutate: no files")
	}
	return &Mutator{files: files}
}

// Mutant returns the mutant of a seed: one of the files with one to four
// changes. The files are not changed.
func (m *Mutator) Mutant(seed uint64) []byte {
	m.random = rand.New(rand.NewPCG(seed, 0x5eed))
	return m.mutant(bytes.Clone(m.file()))
}

// Of returns the mutant of a seed of the data given, with the files as material.
// The data is not changed.
func (m *Mutator) Of(data []byte, seed uint64) []byte {
	m.random = rand.New(rand.NewPCG(seed, 0x0f))
	return m.mutant(bytes.Clone(data))
}

func (m *Mutator) mutant(data []byte) []byte {
	for range 1 + m.random.IntN(4) {
		data = m.change(data)
	}
	return data
}

func (m *Mutator) file() []byte { return m.files[m.random.IntN(len(m.files))] }

// maxGrowth is how much longer than all files together a mutant may be.
const maxGrowth = 1 << 20

// change applies one of the changes at random.
func (m *Mutator) change(data []byte) []byte {
	changes := []func([]byte) []byte{
		m.number, m.number, m.keyNumber, m.keyNumber, m.keyNumber, m.reference, m.reference, m.name, m.name,
		m.entry, m.entry, m.object, m.object, m.dictionary, m.inStream, m.inStream,
		m.bytes, m.bracket, m.remove, m.cut, m.repeat, m.splice, m.keyword,
	}
	out := changes[m.random.IntN(len(changes))](data)
	limit := maxGrowth
	for _, f := range m.files {
		limit += len(f)
	}
	if len(out) > limit {
		return data
	}
	return out
}

// replace returns data with the bytes from one place to another replaced.
func replace(data []byte, from, to int, by []byte) []byte {
	out := make([]byte, 0, len(data)-(to-from)+len(by))
	out = append(out, data[:from]...)
	out = append(out, by...)
	return append(out, data[to:]...)
}

// pick returns the place of a group of a random match, nil if there is none.
func (m *Mutator) pick(data []byte, re *regexp.Regexp, group int) []int {
	all := re.FindAllSubmatchIndex(data, -1)
	if len(all) == 0 {
		return nil
	}
	one := all[m.random.IntN(len(all))]
	return one[2*group : 2*group+2]
}

// substitute replaces a group of a random match by what by returns for it.
func (m *Mutator) substitute(data []byte, re *regexp.Regexp, group int, by func(old []byte) []byte) []byte {
	at := m.pick(data, re, group)
	if at == nil || at[0] < 0 {
		return data
	}
	return replace(data, at[0], at[1], by(data[at[0]:at[1]]))
}

// odd returns a number that is likely to be wrong in place of another.
func (m *Mutator) odd(old []byte) []byte {
	n, _ := strconv.ParseInt(string(old), 10, 64)
	switch m.random.IntN(12) {
	case 0:
		return []byte("0")
	case 1:
		return []byte("-1")
	case 2:
		return []byte("2147483648")
	case 3:
		return []byte("9223372036854775807")
	case 4:
		return []byte("99999999999999999999999")
	case 5:
		return strconv.AppendInt(nil, n-1, 10)
	case 6:
		return strconv.AppendInt(nil, n+1, 10)
	case 7:
		return strconv.AppendInt(nil, n*2, 10)
	case 8:
		return []byte("--5.")
	case 9:
		return []byte("null")
	case 10:
		return []byte("[")
	default:
		return strconv.AppendInt(nil, m.random.Int64N(max(1, 2*n+10)), 10)
	}
}
