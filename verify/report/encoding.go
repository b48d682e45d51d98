package report

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/unicode/norm"
)

// Writer returns what takes UTF-8 and writes it in the encoding. A character that Shift_JIS lacks
// becomes [U+20BB7]. What is written must end with the end of a line.
func (e Encoding) Writer(w io.Writer) io.Writer {
	switch e {
	case UTF8BOM:
		return &marked{out: w}
	case ShiftJIS:
		return &shiftJIS{out: w, encoder: japanese.ShiftJIS.NewEncoder()}
	}
	return w
}

// marked writes a byte order mark before all else.
type marked struct {
	out   io.Writer
	begun bool
}

func (w *marked) Write(b []byte) (int, error) {
	if !w.begun {
		if _, err := io.WriteString(w.out, "\uFEFF"); err != nil {
			return 0, err
		}
		w.begun = true
	}
	return w.out.Write(b)
}

// shiftJIS encodes what is written to it.
type shiftJIS struct {
	out     io.Writer
	encoder *encoding.Encoder
	rest    []byte // what more may belong to
}

func (w *shiftJIS) Write(b []byte) (int, error) {
	text := append(w.rest, b...)
	end := len(text) - unfinished(text)
	w.rest = append([]byte(nil), text[end:]...)
	var out []byte
	for _, r := range composed(string(text[:end])) {
		if same, ok := shiftJISForms[r]; ok {
			r = same
		}
		encoded, err := w.encoder.Bytes([]byte(string(r)))
		if err != nil {
			encoded = fmt.Appendf(nil, "[U+%04X]", r)
		}
		out = append(out, encoded...)
	}
	if _, err := w.out.Write(out); err != nil {
		return 0, err
	}
	return len(b), nil
}

// shiftJISForms are characters that Windows writes as others that look the same.
var shiftJISForms = map[rune]rune{'\u301C': '\uFF5E', '\u2212': '\uFF0D', '\u2014': '\u2015', '\u2016': '\u2225', '\u00A2': '\uFFE0', '\u00A3': '\uFFE1', '\u00AC': '\uFFE2', '\u00A5': '\\'}

// Voiced and semi-voiced sound marks that combine with the kana before them.
const soundMarks = "\u3099\u309A"

// composed joins kana and the marks that follow them, as in the names of files that macOS
// wrote. Nothing else is normalized: that would turn characters of Shift_JIS into others.
func composed(s string) string {
	if !strings.ContainsAny(s, soundMarks) {
		return s
	}
	var b strings.Builder
	last := 0 // where the character before begins
	for i, r := range s {
		if strings.ContainsRune(soundMarks, r) {
			end := i + utf8.RuneLen(r)
			b.WriteString(norm.NFC.String(s[last:end]))
			last = end
			continue
		}
		b.WriteString(s[last:i])
		last = i
	}
	b.WriteString(s[last:])
	return b.String()
}

// unfinished is how many bytes at the end wait for more: the beginning of a character, and
// kana before it that a mark may follow.
func unfinished(b []byte) int {
	whole := len(b)
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if last := b[len(b)-n:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				whole -= n
			}
			break
		}
	}
	if r, size := utf8.DecodeLastRune(b[:whole]); unicode.In(r, unicode.Hiragana, unicode.Katakana) {
		whole -= size
	}
	return len(b) - whole
}
